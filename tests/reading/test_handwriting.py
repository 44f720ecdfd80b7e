"""Patterns read from image files, good and bad."""

import os
import struct
import sys
import warnings

import numpy as np
import pytest
from images import enlarged, grey_png, on_paper, png
from matplotlib.image import imsave

from lenet98.data.strokes import draw_digits
from lenet98.errors import DataError, PatternError
from lenet98.reading.handwriting import read_pattern
from lenet98.reading.pictures import MOST_PIXELS
from lenet98.reading.single import find_digit

DIGITS = draw_digits(n_train=30, n_test=1)
ZEROS_TO_NINES = [int(np.flatnonzero(DIGITS.train_labels == k)[0]) for k in range(10)]


@pytest.fixture(params=ZEROS_TO_NINES, ids=lambda i: str(DIGITS.train_labels[i]))
def digit(request):
    return DIGITS.train_images[request.param]


@pytest.fixture
def read(tmp_path):
    """Write an image, grey as (height, width) or as the bytes of a file, and read its pattern."""

    def _read(image, name="digit.png"):
        path = tmp_path / name
        path.write_bytes(image if isinstance(image, bytes) else grey_png(image))
        return read_pattern(path)

    return _read


def likeness(one, other):
    """Greatest normalised correlation over shifts of up to a pixel; 1 for the same pattern."""
    one, other = one.astype(float), other.astype(float)
    norm = np.sqrt((one**2).sum() * (other**2).sum())
    shifts = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    return max((one * np.roll(other, shift, (0, 1))).sum() for shift in shifts) / norm


def placed(digit, times):
    """On a sheet of its own, above the middle and to the right of it."""
    return enlarged(digit, times, 40 * times, 50 * times, 3 * times, 19 * times)


@pytest.mark.parametrize("write", [lambda d: d, lambda d: 255 - d], ids=["light", "dark"])
@pytest.mark.parametrize("margin", [0, 5, 100])
def test_a_pattern_read_again_is_the_same(digit, read, write, margin):
    np.testing.assert_array_equal(read(write(np.pad(digit, margin))), digit)


@pytest.mark.parametrize("place", [{}, {"height": 300, "width": 420, "top": 6, "left": 240}])
def test_enlarged_and_off_centre(digit, read, place):
    for image in (enlarged(digit, 6, **place), 255 - enlarged(digit, 6, **place)):
        assert likeness(read(image), digit) > 0.98


@pytest.mark.parametrize(("noise", "times"), [(0, 6), (5, 6), (12, 10)])
def test_on_grey_paper_in_uneven_light_with_noise(digit, read, noise, times):
    ink = placed(digit, times)
    assert likeness(read(on_paper(ink, noise=noise)), digit) > 0.97
    chalk = on_paper(ink, noise=noise, paper=50, pen=220)
    assert likeness(read(chalk), digit) > 0.97


def test_in_dim_light_dark_paper_is_still_paper(digit, read):
    ink = placed(digit, 6)
    image = on_paper(ink, paper=90, pen=15, shade=15)
    assert likeness(read(image), digit) > 0.97


def test_large(read, monkeypatch):
    sizes = []

    def find_and_note(grey):
        sizes.append(grey.shape)
        return find_digit(grey)

    monkeypatch.setattr("lenet98.reading.handwriting.find_digit", find_and_note)
    digit = DIGITS.train_images[0]
    ink = enlarged(digit, 30, 1500, 2000, 400, 700)
    assert likeness(read(on_paper(ink)), digit) > 0.97
    assert sizes == [(750, 1000)]


def test_small_in_a_large_image(read):
    digit = DIGITS.train_images[0]
    ink = enlarged(digit, 8, 1500, 2000, 1200, 1700)
    assert likeness(read(on_paper(ink)), digit) > 0.97


def test_tiny(read):
    """Of 8x8 pixels: a seven in the type of old screens."""
    rows = ["11111100", "00000100", "00001000", "00010000", "00100000", "00100000", "00100000"]
    seven = np.array([[int(bit) for bit in row] for row in rows], np.uint8) * 255
    pattern = read(np.pad(seven, ((0, 1), (1, 0))))
    rows = np.flatnonzero(pattern.any(axis=1))
    assert np.ptp(rows) == 19
    assert np.ptp(np.flatnonzero(pattern[rows[0]])) == 16
    assert np.ptp(np.flatnonzero(pattern[rows[-1]])) <= 5
    assert pattern.max() == 255


def test_cut_close_the_frame_shows_ink_too(read):
    zero = DIGITS.train_images[ZEROS_TO_NINES[0]]
    rows, columns = np.nonzero(zero)
    close = zero[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert likeness(read(255 - close), zero) > 0.99


def test_dust_does_not_move_the_digit(digit, read):
    ink = placed(digit, 6)
    clean = read(on_paper(ink))
    ink[228:230, 12:14] = ink[3, 270] = 255
    assert likeness(read(on_paper(ink)), clean) > 0.99


def test_a_faint_stain_is_no_ink(digit, read):
    ink = placed(digit, 6)
    clean = read(255 - ink)
    ink[180:234, 12:72] = 30
    np.testing.assert_array_equal(read(255 - ink), clean)


def test_a_stroke_of_its_own_is_no_dust(read):
    """The bar of a five need not touch it."""
    image = np.zeros((200, 200), np.uint8)
    image[60:180, 60:80] = 255
    image[60:70, 110:140] = 255
    assert read(image)[:, 14:].any()
    assert np.ptp(np.nonzero(read(image))[1]) > 11


def test_soft_edges_stay_grey(read):
    rows, columns = np.mgrid[:200, :200]
    ring = np.hypot(rows - 100, columns - 100) - 60
    pattern = read((255 * np.clip(10 - np.abs(ring) + 0.5, 0, 1)).astype(np.uint8))
    greys = np.count_nonzero((pattern > 0) & (pattern < 255))
    assert greys > 30


def test_a_thin_pen_writes_full_ink(read):
    image = np.full((300, 300), 255, np.uint8)
    image[50:250, 150:154] = 0
    image[50:54, 80:154] = 0
    assert read(image).max() == 255


def test_a_thread_is_read_as_if_written_with_a_pen(read):
    thread = np.full((1000, 1000), 255, np.uint8)
    np.fill_diagonal(thread[100:900, 100:900], 0)
    pattern = read(thread)
    assert pattern.max() == 255
    assert ((pattern > 0).sum(axis=1) <= 6).all()  # a level cut of a slanting stroke
    assert np.count_nonzero(pattern) > 40


def test_grey_rgb_and_rgba_alike(read):
    digit = DIGITS.train_images[0]
    dark = 255 - digit
    rgb = png(28, 28, 8, 2, [np.repeat(row, 3).tobytes() for row in dark])
    white = np.full_like(dark, 255)
    opaque = np.stack([dark, dark, dark, white], axis=-1)
    rgba = png(28, 28, 8, 6, [row.tobytes() for row in opaque])
    grey_alpha = png(28, 28, 8, 4, [row.tobytes() for row in np.stack([dark, white], axis=-1)])
    for image in (rgb, rgba, grey_alpha):
        np.testing.assert_array_equal(read(image), digit)


def test_alpha_lies_over_white(read):
    """Black throughout, the digit in its alpha alone: as drawing programs save it."""
    digit = DIGITS.train_images[0]
    pixels = np.zeros((28, 28, 4), np.uint8)
    pixels[..., 3] = digit
    np.testing.assert_array_equal(read(png(28, 28, 8, 6, [r.tobytes() for r in pixels])), digit)


def test_sixteen_bits(read):
    digit = DIGITS.train_images[0]
    wide = digit.astype(">u2") * 257
    np.testing.assert_array_equal(read(png(28, 28, 16, 0, [r.tobytes() for r in wide])), digit)


def test_one_bit(read):
    digit = np.where(DIGITS.train_images[0] > 127, 255, 0).astype(np.uint8)
    packed = png(28, 28, 1, 0, [np.packbits(row).tobytes() for row in digit > 0])
    np.testing.assert_array_equal(read(packed), read(digit))


def test_coloured_pen_on_coloured_paper(read):
    digit = DIGITS.train_images[0]
    ink = enlarged(digit, 10)[..., None] / 255
    pixels = (1 - ink) * (250, 240, 180) + ink * (30, 40, 160)
    rows = [row.tobytes() for row in pixels.astype(np.uint8)]
    assert likeness(read(png(280, 280, 8, 2, rows)), digit) > 0.98


def test_jpeg_whatever_its_name(tmp_path):
    digit = DIGITS.train_images[0]
    path = tmp_path / "digit.png"
    image = np.repeat(255 - enlarged(digit, 10)[..., None], 3, axis=2)
    imsave(path, image, format="jpg", pil_kwargs={"quality": 50})
    assert path.read_bytes()[:2] == b"\xff\xd8"
    assert likeness(read_pattern(path), digit) > 0.98


def test_faint_ink_is_refused_in_a_jpeg_too(tmp_path):
    path = tmp_path / "digit.jpg"
    imsave(path, np.repeat(255 - enlarged(DIGITS.train_images[0] // 16, 5)[..., None], 3, axis=2))
    with pytest.raises(PatternError, match="by 20 of 255 grey levels, found 1"):
        read_pattern(path)


def test_what_a_decoder_can_mend_is_no_matter(tmp_path):
    """A camera's JPEG whose list of further pictures is damaged: Pillow warns, and reads it."""
    path = tmp_path / "digit.jpg"
    imsave(path, np.repeat(255 - enlarged(DIGITS.train_images[0], 10)[..., None], 3, axis=2))
    whole = path.read_bytes()
    path.write_bytes(whole[:2] + b"\xff\xe2\x00\x0aMPF\0junk" + whole[2:])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert likeness(read_pattern(path), DIGITS.train_images[0]) > 0.98


def test_ink_is_found_alone_without_a_file():
    digit = DIGITS.train_images[0].astype(np.float32)
    np.testing.assert_allclose(find_digit(255 - digit), digit, atol=1e-3)


# What no digit can be read from.


NOISE = np.random.default_rng(0).integers(0, 256, (60, 60)).astype(np.uint8)
FRAMED = np.pad(np.full((90, 90), 255, np.uint8), 5)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.full((40, 40), 255, np.uint8), "blank"),
        (np.zeros((40, 40), np.uint8), "blank"),
        (enlarged(DIGITS.train_images[0] // 16, 5), "by 20 of 255 grey levels, found 15"),
        (NOISE, "noise of"),
        (FRAMED, "blank"),
    ],
    ids=["white", "black", "faint", "noise", "framed"],
)
def test_what_shows_no_digit_is_refused(read, image, message):
    with pytest.raises(PatternError, match=message) as refusal:
        read(image)
    assert "digit.png: expected " in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_blank_paper_is_blank_in_uneven_light_too(read):
    with pytest.raises(PatternError, match="expected ink"):
        read(on_paper(np.zeros((400, 500)), shade=60))


GOOD = grey_png(enlarged(DIGITS.train_images[0], 10))


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG", b"hello, I am a digit\n" * 20, GOOD[:200], GOOD[:40] + b"\xff" * 400],
    ids=["empty", "magic", "text", "truncated", "damaged"],
)
def test_what_is_no_whole_image_is_refused(read, content):
    with pytest.raises(DataError, match="digit.png: expected an image") as refusal:
        read(content)
    assert "\n" not in str(refusal.value)


def test_truncated_jpeg_is_refused(tmp_path):
    path = tmp_path / "digit.jpg"
    imsave(path, on_paper(enlarged(DIGITS.train_images[0], 10)))
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(DataError, match="digit.jpg: expected an image"):
        read_pattern(path)


def test_a_missing_file(tmp_path):
    with pytest.raises(DataError, match="none.png: expected a file, found none"):
        read_pattern(tmp_path / "none.png")


def test_a_folder(tmp_path):
    with pytest.raises(DataError, match="found a folder"):
        read_pattern(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "digit.png")
    with pytest.raises(DataError, match="a device"):
        read_pattern(tmp_path / "digit.png")


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="needs a user with restricted permissions"
)
def test_an_unreadable_file(tmp_path):
    path = tmp_path / "digit.png"
    path.write_bytes(GOOD)
    path.chmod(0)
    with pytest.raises(DataError, match="Check the path and its permissions"):
        read_pattern(path)


def test_a_name_that_no_system_takes():
    with pytest.raises(DataError, match="expected a readable file"):
        read_pattern("digit\0.png")


def test_too_large_is_refused_before_it_is_decoded(read, monkeypatch):
    monkeypatch.setattr("PIL.Image.Image.load", None)
    side = int(MOST_PIXELS**0.5) + 1
    with pytest.raises(DataError, match=f"to 25,000,000 pixels, found {side}x{side}"):
        read(png(side, side, 8, 0, []))


def test_other_formats_are_measured_too(tmp_path, monkeypatch):
    monkeypatch.setattr("lenet98.reading.pictures.MOST_PIXELS", 100)
    path = tmp_path / "digit.jpg"
    imsave(path, DIGITS.train_images[0])
    with pytest.raises(DataError, match="to 100 pixels, found 28x28"):
        read_pattern(path)


def test_an_image_that_swells_when_decoded_is_refused(tmp_path):
    """A BMP whose header alone claims more than Pillow lets pass without a warning."""
    path = tmp_path / "digit.bmp"
    size, rest = (12_000, 9_000), (1, 24, *[0] * 6)
    path.write_bytes(
        struct.pack("<2s3I", b"BM", 54, 0, 54) + struct.pack("<I2i2H6I", 40, *size, *rest)
    )
    with pytest.raises(DataError, match="DecompressionBomb"):
        read_pattern(path)


@pytest.mark.parametrize("shape", [(4, 28), (28, 4), (1, 1), (1, 30000)])
def test_too_small_is_refused(read, shape):
    with pytest.raises(DataError, match="expected 5x5 to"):
        read(np.zeros(shape, np.uint8))


def test_damaged_files_never_end_in_another_error(tmp_path):
    """Bytes changed at random: a pattern, or one clear error, and no warnings."""
    rng = np.random.default_rng(1)
    path = tmp_path / "digit.png"
    small = grey_png(on_paper(np.pad(DIGITS.train_images[0], 3)))
    refused = 0
    for _ in range(300):
        content = bytearray(small)
        for at in rng.integers(8, len(content), rng.integers(1, 4)):
            content[at] = rng.integers(256)
        path.write_bytes(content)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                assert read_pattern(path).shape == (28, 28)
            except (DataError, PatternError):
                refused += 1
    assert refused > 200
