"""Patterns of lines of digits read from image files, good and bad."""

import numpy as np
import pytest
from images import enlarged, grey_png, on_paper, png

from lenet98.data.flanking import MARGIN, SLOT
from lenet98.data.patterns import BACKGROUND, grey_levels
from lenet98.data.sizes import FRAME_SIZE
from lenet98.data.strings import extents, set_in_row
from lenet98.data.strokes import draw_digits
from lenet98.errors import DataError, PatternError
from lenet98.reading import line
from lenet98.reading.line import read_line
from lenet98.reading.several import find_line

DIGITS = draw_digits(n_train=60, n_test=1).train_images
INK = extents(DIGITS)
HIGH = np.flatnonzero((DIGITS.max(axis=2) > 0).sum(axis=1) == 20)  # and not wider than that
BLANK = np.full((FRAME_SIZE, FRAME_SIZE), BACKGROUND, np.float32)


def row_of(chosen, gap=3):
    """Digits side by side, with no margin, uint8 (32, width)."""
    chosen = np.asarray(chosen)
    widths = INK[chosen, 1] - INK[chosen, 0]
    begins = np.concatenate([[0], (widths + gap).cumsum()])
    return set_in_row(DIGITS, INK, chosen[None], begins[None, :-1], int(begins[-1]) - gap)[0]


ROW = row_of(HIGH[:5])


def framed(row):
    """What a row is to become: margins, a whole slot, grey levels."""
    least = row.shape[1] + 2 * MARGIN
    width = FRAME_SIZE + max(0, -(-(least - FRAME_SIZE) // SLOT)) * SLOT
    return grey_levels(np.pad(row, ((0, 0), (MARGIN, width - row.shape[1] - MARGIN))))


def bars(*rows, height=200, width=400):
    """Black bars on a clear field, each as (top, bottom, left, right)."""
    field = np.zeros((height, width), np.uint8)
    for top, bottom, left, right in rows:
        field[top:bottom, left:right] = 255
    return field


def likeness(pattern, row):
    """Normalised correlation with a row, the best over shifts of up to a pixel; 1 for the same.

    A line that is up to a twentieth too wide or too narrow is stretched, for it is read as well.
    """
    line, wanted = cut(pattern - BACKGROUND), cut(row.astype(float))
    assert abs(line.shape[1] / wanted.shape[1] - 1) < 0.05
    places = np.linspace(0, line.shape[1] - 1, wanted.shape[1])
    line = np.array([np.interp(places, np.arange(line.shape[1]), greys) for greys in line])
    norm = np.sqrt((line**2).sum() * (wanted**2).sum())
    shifts = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    return max((line * np.roll(wanted, shift, (0, 1))).sum() for shift in shifts) / norm


def cut(line):
    """Cut away the columns before and behind the ink."""
    columns = np.flatnonzero((line > 0.1 * line.max()).any(axis=0))
    return line[:, columns[0] : columns[-1] + 1]


def extent(pattern):
    """Height and width in pixels of the ink of a pattern."""
    rows, columns = np.nonzero(pattern > BACKGROUND + 0.1)
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


@pytest.fixture
def read(tmp_path):
    """Write an image, grey as (height, width) or as the bytes of a file, and read its line."""

    def _read(image):
        path = tmp_path / "number.png"
        path.write_bytes(image if isinstance(image, bytes) else grey_png(image))
        return read_line(path)

    return _read


def sloping(ink, slope):
    """Move columns down by `slope` rows more for each."""
    fall = np.rint(slope * np.arange(ink.shape[1])).astype(int)
    moved = np.zeros((ink.shape[0] + int(np.ptp(fall)), ink.shape[1]), np.uint8)
    for x, shift in enumerate(fall - fall.min()):
        moved[shift : shift + len(ink), x] = ink[:, x]
    return moved


# The pattern of a line.


@pytest.mark.parametrize("write", [lambda d: d, lambda d: 255 - d], ids=["light", "dark"])
@pytest.mark.parametrize("margin", [2, 100])
def test_a_row_read_again_is_the_same_at_the_height_of_mnist(read, write, margin):
    pattern = read(write(np.pad(ROW, margin)))
    wanted = framed(ROW)
    assert pattern.dtype == np.float32
    fits = [np.array_equal(pattern, np.roll(wanted, shift, axis=0)) for shift in (-1, 0, 1)]
    assert fits.count(True) == 1
    mass = (pattern - BACKGROUND).sum(axis=1, dtype=float)
    assert abs(mass @ (np.arange(FRAME_SIZE) + 0.5) / mass.sum() - 16.5) <= 0.51


@pytest.mark.parametrize("times", [2, 3, 8])
@pytest.mark.parametrize("light", [False, True])
def test_enlarged_and_off_centre(read, times, light):
    ink = enlarged(ROW, times, 32 * times + 300, ROW.shape[1] * times + 500, 20, 400)
    assert likeness(read(ink if light else 255 - ink), ROW) > 0.97


@pytest.mark.parametrize("noise", [0, 5, 12])
def test_on_grey_paper_in_uneven_light_with_noise(read, noise):
    ink = enlarged(ROW, 6, 400, ROW.shape[1] * 6 + 200, 100, 60)
    assert likeness(read(on_paper(ink, noise=noise)), ROW) > 0.95
    assert likeness(read(on_paper(ink, noise=noise, paper=50, pen=220)), ROW) > 0.95


def test_in_an_image_that_is_large(read, monkeypatch):
    sizes = []

    def find_and_note(grey, **options):
        sizes.append(grey.size)
        return find_line(grey, **options)

    monkeypatch.setattr("lenet98.reading.line.find_line", find_and_note)
    many = row_of(np.resize(HIGH, 60))
    ink = enlarged(many, 7, 1000, many.shape[1] * 7 + 400, 500, 90)
    assert ink.size > 6 * line._WORKING_PIXELS
    assert likeness(read(255 - ink), many) > 0.9
    assert 500_000 < sizes[0] <= 1_000_000


def test_colours_and_alpha(read):
    ink = enlarged(ROW, 4)[..., None]
    colours = ((1 - ink / 255) * (250, 240, 180) + ink / 255 * (30, 40, 160)).astype(np.uint8)
    height, width = ink.shape[:2]
    rgb = png(width, height, 8, 2, [row.tobytes() for row in colours])
    assert likeness(read(rgb), ROW) > 0.97
    clear = np.concatenate([np.zeros((height, width, 3), np.uint8), ink], axis=2)
    rgba = png(width, height, 8, 6, [row.tobytes() for row in clear])
    np.testing.assert_array_equal(read(rgba), read(255 - ink[..., 0]))


def test_one_digit_is_a_line_too(read):
    one = row_of(HIGH[:1])
    pattern = read(255 - np.pad(enlarged(one, 5), 30))
    assert likeness(pattern, one) > 0.97
    assert (pattern.shape[1] - FRAME_SIZE) % SLOT == 0


def test_margins_stand_before_and_behind(read):
    pattern = read(255 - bars((50, 150, 20, 380)))
    inked = np.flatnonzero((pattern > BACKGROUND).any(axis=0))
    assert inked[0] == MARGIN
    assert MARGIN <= pattern.shape[1] - 1 - inked[-1] < MARGIN + SLOT
    assert pattern.shape[1] % SLOT == 0


def test_a_line_of_ones_keeps_its_shape(read):
    pattern = read(255 - bars(*((50, 150, left, left + 15) for left in (40, 100, 160))))
    assert extent(pattern) == (20, 27)


def test_the_tallest_digit_sets_the_height(read):
    """A digit half as high, on the same ground line, stays half as high."""
    pattern = read(255 - bars((50, 150, 40, 90), (100, 150, 120, 150), (50, 150, 180, 230)))
    assert extent(pattern) == (20, 38)
    small = pattern[:, MARGIN + 15 : MARGIN + 23]
    assert extent(small)[0] == 10


def test_a_thin_pen_writes_full_ink(read):
    image = 255 - bars((50, 150, 40, 42), (50, 150, 100, 102))
    assert read(image).max() == pytest.approx(1.175)


@pytest.mark.parametrize("slope", [0.15, -0.15])
def test_a_line_that_slopes_is_set_level(read, slope):
    many = row_of(np.resize(HIGH, 9))
    pattern = read(255 - np.pad(sloping(enlarged(many, 4), slope), 40))
    assert likeness(pattern, many) > 0.85
    assert extent(pattern)[0] <= 26


def test_one_slanting_stroke_is_no_slope(read):
    """Nor are two digits of different heights."""
    slanting = sloping(bars((20, 30, 10, 90), height=50, width=100), 1.0)
    pattern = read(255 - np.pad(slanting, 30))
    assert extent(pattern)[0] == 20
    low_and_high = read(255 - bars((50, 150, 40, 100), (110, 150, 120, 160)))
    rows = np.flatnonzero((low_and_high > 0).any(axis=1))
    feet = [
        np.flatnonzero((low_and_high[:, part] > 0).any(axis=1))[-1]
        for part in (slice(MARGIN, MARGIN + 10), slice(MARGIN + 17, MARGIN + 24))
    ]
    assert feet[0] == feet[1] == rows[-1]


def test_digits_that_step_up_and_down_fit_into_the_frame(read):
    pattern = read(255 - bars((20, 70, 40, 70), (60, 120, 90, 120), (20, 70, 140, 170)))
    assert extent(pattern)[0] == 28


def test_digits_that_touch_do_not_set_the_height(read):
    """For they need not stand level."""
    pattern = read(255 - bars((20, 120, 20, 300), (32, 112, 320, 360)))
    single = pattern[:, MARGIN + 73 :]
    assert extent(single)[0] == 20


def test_loose_pieces_tell_no_slope(read):
    digits = [(50, 150, left, left + 30) for left in (40, 90, 140)]
    level = read(255 - bars(*digits))
    loose = read(255 - bars(*digits, (50, 60, 20, 30), (140, 150, 180, 190)))
    assert extent(level)[0] == extent(loose)[0] == 20


@pytest.mark.parametrize("noise", [5, 12])
def test_noise_at_the_edges_of_small_digits_makes_them_no_higher(read, noise):
    pattern = read(on_paper(np.pad(ROW, 20), noise=noise))
    assert abs(extent(pattern)[1] / ROW.shape[1] - 1) < 0.04


# Dust, and pieces of digits.


def test_a_digit_that_stands_alone_is_no_dust(read):
    """A one beside many digits that touch, with half a hundredth of their ink."""
    pattern = read(255 - bars((60, 120, 20, 2000), (50, 160, 2050, 2055), width=2100))
    assert extent(pattern) == (20, 370)


def test_dust_near_a_long_line_is_taken_away(read):
    digits = [(60, 120, left, left + 20) for left in range(50, 3900, 40)]
    dusty = bars(*digits, (35, 38, 300, 303), height=150, width=4000)
    assert extent(read(255 - dusty)) == (20, 1287)


def test_dust_does_not_move_the_line(read):
    ink = enlarged(ROW, 6, 500, ROW.shape[1] * 6 + 200, 250, 60)
    clean = read(255 - ink)
    ink[20:26, 30:36] = ink[480:484, 300:304] = 255
    np.testing.assert_array_equal(read(255 - ink), clean)


def test_a_five_in_two_pieces_is_one_line_of_full_height(read):
    bar, body = (40, 52, 60, 120), (62, 160, 50, 110)
    pattern = read(255 - bars(bar, body))
    assert extent(pattern)[0] == 20


def test_a_digit_of_dots_is_one_line_of_full_height(read):
    """A zero: five dots at each side, and one above and below."""
    dots = [(k, k + 14, left, left + 14) for k in range(40, 140, 20) for left in (50, 100)]
    dots += [(k, k + 14, left, left + 14) for k in (20, 140) for left in (66, 84)]
    pattern = read(255 - bars(*dots))
    assert 19 <= extent(pattern)[0] <= 21


def test_a_five_in_three_pieces_is_one_line_of_full_height(read):
    pieces = (40, 52, 50, 120), (62, 70, 55, 65), (62, 160, 90, 115)
    assert extent(read(255 - bars(*pieces)))[0] == 20


def test_a_ring_of_round_dots_is_one_line(read):
    """Its upper and lower bows are filled no more than writing is."""
    rows, columns = np.mgrid[:200, :200]
    turn = np.arange(12) * np.pi / 6
    y, x = (np.asarray(100 + 60 * f(turn))[:, None, None] for f in (np.sin, np.cos))
    ring = (np.hypot(rows - y, columns - x) < 7).any(axis=0)
    assert 19 <= extent(read(np.where(ring, 0, 255).astype(np.uint8)))[0] <= 21


def test_digits_of_dots_side_by_side_are_one_line(read):
    dots = [(k, k + 14, left, left + 14) for k in range(40, 160, 20) for left in (50, 120, 190)]
    assert 19 <= extent(read(255 - bars(*dots)))[0] <= 21


# Blank paper.


@pytest.mark.parametrize(
    "image",
    [
        np.full((40, 40), 255, np.uint8),
        np.zeros((40, 300), np.uint8),
        on_paper(np.zeros((300, 500)), noise=5),
        on_paper(np.zeros((300, 500)), noise=12, seed=4),
        on_paper(np.zeros((300, 500)), noise=5, paper=60),
        255 - np.pad(np.full((180, 580), 255, np.uint8), 20),
    ],
    ids=["white", "black", "paper", "grainy", "dark paper", "framed"],
)
def test_blank_paper_is_a_pattern_of_background(read, image):
    np.testing.assert_array_equal(read(image), BLANK)


# What no line can be read from.


LINES = [(20 + 60 * k, 60 + 60 * k, 30, 300) for k in range(3)]
HOLLOW = enlarged(DIGITS[HIGH[0]], 4)
PAGE = np.concatenate([np.concatenate([HOLLOW] * 3, axis=1)] * 7)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (bars(*LINES[:2]), "found 2 lines. Cut the image into one for each"),
        (bars(*LINES), "found 3 lines"),
        (bars(LINES[0], (80, 120, 100, 130)), "found 2 lines"),
        (bars((20, 60, 30, 40), (20, 60, 80, 90), (75, 115, 30, 40)), "found 2 lines"),
        (PAGE, "found 7 lines"),
        (bars((90, 94, 10, 14), (90, 94, 20, 24)), "at least 5 pixels high, found 4"),
        (bars((90, 96, 10, 1990), width=2000), "at most 4,096 pixels wide .* found 6,600"),
        (bars((10, 390, 50, 51), (10, 390, 90, 91), height=400), "too thin"),
    ],
    ids=["two", "three", "long and short", "ones", "page", "specks", "long", "thin"],
)
def test_what_is_no_line_is_refused(read, image, message):
    with pytest.raises(PatternError, match=message) as refusal:
        read(255 - np.pad(image, 20))
    assert "number.png: expected " in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_narrower_than_a_digit_is_refused(read):
    with pytest.raises(DataError, match="expected 5x5 to .* found 4x28"):
        read(np.zeros((28, 4), np.uint8))


def test_the_longest_line_is_read(read):
    image = np.pad(bars((10, 30, 10, 10 + line.MOST_COLUMNS), height=60, width=4200), 20)
    assert read(255 - image).shape[1] == line.MOST_COLUMNS + 2 * MARGIN
