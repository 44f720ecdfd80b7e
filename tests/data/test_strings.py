from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from lenet98.data.flanking import MARGIN, SLOT, Flanking
from lenet98.data.sizes import FRAME_SIZE
from lenet98.data.strings import draw_strings, extents, flank, set_in_row
from lenet98.errors import ConfigurationError
from lenet98.paper.published import STRING_GAPS


def a_bar(width, grey, left=10):
    """A pattern of one upright bar; its grey level tells which it is."""
    image = np.zeros((28, 28), np.uint8)
    image[4:24, left : left + width] = grey
    return image


BARS = np.stack([a_bar(4, 200), a_bar(9, 150, left=3), a_bar(20, 100, left=4)])
INK = extents(BARS)
WIDTHS = (4, 9, 20)


def middle_of(row, grey):
    """The middle of the ink of that grey level, which must lie whole in the row; and its width."""
    columns = np.flatnonzero((row == grey).any(axis=0))
    return (columns[0] + columns[-1] + 1) / 2, len(columns)


def test_extents_are_those_of_the_ink():
    assert INK.tolist() == [[10, 14], [3, 12], [4, 24]]
    assert extents(np.zeros((1, 28, 28), np.uint8)).tolist() == [[14, 14]]
    assert extents(BARS // 150).tolist() == [[10, 14], [3, 12], [14, 14]]  # 1 is the faintest ink


def test_characters_stand_where_their_boxes_begin():
    row = set_in_row(BARS, INK, np.array([[0, 2]]), np.array([[5, 12]]), width=40)[0]
    expected = np.zeros((32, 40), np.uint8)
    expected[6:26, 5:9] = 200
    expected[6:26, 12:32] = 100
    np.testing.assert_array_equal(row, expected)


def test_what_falls_outside_is_cut_and_where_two_meet_the_blacker_stays():
    row = set_in_row(BARS, INK, np.array([[2, 1, 0]]), np.array([[-15, 4, 30]]))[0, 10]
    assert row.tolist() == [100] * 4 + [150] * 9 + [0] * 17 + [200] * 2


def test_no_character_is_set_for_minus_one():
    assert not set_in_row(BARS, INK, np.array([[-1, -1]]), np.array([[0, 9]])).any()


def flanked(many=400, **changes):
    how = replace(Flanking(blanks=0.0, shift=0, alone=0.0), **changes)
    central = np.zeros(many, np.int64)
    return flank(BARS, INK, central, how, np.random.default_rng(1))


def test_a_central_character_stands_in_the_middle_between_two_others():
    frames, blank = flanked()
    assert not blank.any()
    gaps = set()
    for frame in frames:
        row = frame[10]
        assert (row[14:18] == 200).all()
        before, behind = np.flatnonzero(row[:14])[-1], 18 + np.flatnonzero(row[18:])[0]
        gaps.update({14 - 1 - before, behind - 18})
    # Two that overlap by a pixel look as two that touch.
    assert gaps == {0, 1, 2, 3, 4}


def test_the_middle_is_shifted_both_ways_and_no_further():
    frames, _ = flanked(shift=2, alone=1.0)
    shifts = [middle_of(frame, 200)[0] - 16 for frame in frames]
    assert set(shifts) == {-2, -1, 0, 1, 2}


def test_every_neighbour_may_be_left_out():
    for share, expected in ((0.0, 0), (1.0, 800)):
        frames, _ = flanked(alone=share)
        missing = (~(frames[:, 10, :14] > 0).any(axis=1)).sum()
        missing += (~(frames[:, 10, 18:] > 0).any(axis=1)).sum()
        assert missing == expected
    frames, _ = flanked(alone=0.25)
    missing = (~(frames[:, 10, :14] > 0).any(axis=1)).mean()
    assert abs(missing - 0.25) < 4 * np.sqrt(0.25 * 0.75 / 400)


def test_as_many_are_blank_as_asked():
    _, blank = flanked(blanks=0.3)
    assert abs(blank.mean() - 0.3) < 4 * np.sqrt(0.3 * 0.7 / 400)
    assert flanked(blanks=1.0)[1].all()


def test_neighbours_and_gaps_are_drawn_each_by_itself():
    # Ink of the neighbours is blacker than that of the middle, so it shows where two overlap.
    bars = np.stack([a_bar(4, 50), BARS[0], BARS[1]])
    how = Flanking(blanks=0.0, shift=0, alone=0.0)
    central = np.zeros(2000, np.int64)
    frames, _ = flank(bars, extents(bars), central, how, np.random.default_rng(1))
    neighbours, gaps = set(), set()
    for row in frames[:, 10]:
        left, right = (np.flatnonzero(side > 50) for side in (row[:16], row[16:]))
        if left.size and right.size:  # neither of them is the faint one
            neighbours.add((row[left[-1]], row[16 + right[0]]))
            gaps.add((13 - left[-1], right[0] - 2))
    assert neighbours == set(product((200, 150), repeat=2))
    assert gaps == set(product(range(-1, 5), repeat=2))


@pytest.mark.parametrize("apart", [5, 7])
def test_a_blank_is_anywhere_between_its_neighbours_that_is_apart_enough(apart):
    # One bar above the other, so that both are whole where they overlap.
    upper, lower = a_bar(6, 200), a_bar(10, 200)
    upper[14:], lower[:14] = 0, 0
    bars, central = np.stack([upper, lower]), np.zeros(6000, np.int64)
    how = Flanking(blanks=1.0, widest_blank=7, apart=apart, alone=0.0)
    frames, _ = flank(bars, extents(bars), central, how, np.random.default_rng(1))
    begins = {}
    for frame in frames:
        above, below = np.flatnonzero(frame[10]), np.flatnonzero(frame[20])
        if not (above.size and below.size):
            continue
        left, right, widths = (above, below, (6, 10)) if above[0] < below[0] else (
            below, above, (10, 6),
        )  # fmt: skip
        begins.setdefault((*widths, right[0] - left[-1] - 1), set()).add(left[-1] + 1)
    assert begins.keys() == {(a, 16 - a, gap) for a in (6, 10) for gap in range(-1, 8)}
    for (left, right, gap), found in begins.items():
        # Where the gap begins: a neighbour's middle is half of its own width further out.
        least = 16 - gap / 2 - max(0, gap / 2 + right / 2 - apart)
        most = 16 - gap / 2 + max(0, gap / 2 + left / 2 - apart)
        # To a whole pixel.
        assert abs(min(found) - least) <= 0.5
        assert abs(max(found) - most) <= 0.5
        assert sorted(found) == [*range(min(found), max(found) + 1)]


def test_a_seed_repeats_the_frames():
    for one, other in zip(flanked(blanks=0.3, shift=2), flanked(blanks=0.3, shift=2), strict=True):
        np.testing.assert_array_equal(one, other)


PIXELS = ("shift", "apart", "widest_blank")


@pytest.mark.parametrize(
    "wrong",
    [
        {"blanks": -0.1},
        {"blanks": 1.1},
        {"alone": 2},
        {"alone": "half"},
        *({name: value} for name in PIXELS for value in (-2, 2.5, np.inf, 33, 10**30)),
    ],
)
def test_what_makes_no_sense_is_refused(wrong):
    ((name, value),) = wrong.items()
    expected = "a number from 0 to 1"
    if name in PIXELS:
        least = -1 if name == "widest_blank" else 0
        far = isinstance(value, int) and value > 0
        expected = "at most the frame's 32" if far else f"a whole number, {least} or more"
    with pytest.raises(ConfigurationError, match=f"{name} is .*; expected {expected}"):
        Flanking(**wrong)


def test_the_ends_of_the_ranges_are_allowed():
    least = Flanking(blanks=0.0, widest_blank=-1, shift=0, apart=0, alone=0.0)
    assert replace(least, blanks=1.0, alone=1.0).widest_blank == -1
    frames, _ = flanked(blanks=0.5, widest_blank=32, shift=32, apart=32, alone=1.0)
    assert frames.any()


def test_blank_gaps_and_shifts_are_by_default_those_of_strings():
    assert Flanking().widest_blank == STRING_GAPS[1]
    # A character is nowhere further from the nearest slot.
    assert Flanking().shift == SLOT / 2


def test_the_margin_is_the_least_that_has_a_slot_for_the_thinnest_character():
    def distance(margin):
        return abs(margin + 1 / 2 - FRAME_SIZE / 2)

    assert distance(MARGIN) <= SLOT / 2 < distance(MARGIN - 1)


def test_strings_show_their_texts_with_gaps_between():
    labels = np.array([0, 1, 2], np.uint8)
    strings = draw_strings(BARS, labels, 3, (2, 5), 50, np.random.default_rng(3))
    assert strings.images.shape[1] == 32
    assert (strings.images.shape[2] - 32) % 4 == 0
    gaps_seen, ends_at = set(), []
    for image, text in zip(strings.images, strings.texts, strict=True):
        row = image[10]
        ink = row > 0
        edges = np.flatnonzero(np.diff(np.pad(ink.astype(int), 1)))
        begins, ends = edges[::2], edges[1::2]
        assert begins[0] == MARGIN
        ends_at.append(ends[-1])
        greys = [int(row[begin]) for begin in begins]
        assert text == "".join(str((200, 150, 100).index(grey)) for grey in greys)
        gaps_seen.update((begins[1:] - ends[:-1]).tolist())
    assert gaps_seen == {2, 3, 4, 5}
    assert {*"".join(strings.texts)} == {*"012"}
    assert 0 <= strings.images.shape[2] - MARGIN - max(ends_at) < 4


def test_no_string_is_narrower_than_the_frame_of_the_network():
    empty = np.zeros((1, 28, 28), np.uint8)
    strings = draw_strings(empty, np.zeros(1, np.uint8), 1, (0, 0), 2, np.random.default_rng(0))
    assert strings.images.shape == (2, 32, 32)
