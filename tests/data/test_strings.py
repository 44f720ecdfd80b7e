from dataclasses import replace

import numpy as np
import pytest

from lenet98.data.flanking import MARGIN, Flanking
from lenet98.data.strings import draw_strings, extents, flank, set_in_row
from lenet98.errors import ConfigurationError


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


def test_a_blank_is_apart_from_the_middles_of_its_neighbours():
    wide = BARS[2:]  # all neighbours alike: 20 wide, so their middles are 20 and a gap apart
    central = np.zeros(400, np.int64)
    how = Flanking(blanks=1.0, widest_blank=4, apart=6, alone=0.0)
    frames, _ = flank(wide, extents(wide), central, how, np.random.default_rng(2))
    gap_middles = []
    for frame in frames:
        row = frame[10] > 0
        edges = np.flatnonzero(np.diff(row.astype(int)))
        inner = [edge + 1 for edge in edges]
        # The inner edges of the two neighbours, whose middles are 10 columns away from them.
        if len(inner) == 2:
            left, right = inner
            assert min(16 - (left - 10), right + 10 - 16) >= 6 - 0.5
            gap_middles.append((left + right) / 2)
    assert min(gap_middles) < 14
    assert max(gap_middles) > 18


def test_a_seed_repeats_the_frames():
    for one, other in zip(flanked(blanks=0.3, shift=2), flanked(blanks=0.3, shift=2), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    "wrong",
    [
        {"blanks": -0.1},
        {"blanks": 1.1},
        {"alone": 2},
        {"shift": -1},
        {"apart": -1},
        {"widest_blank": -2},
    ],
)
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ConfigurationError, match=next(iter(wrong))):
        Flanking(**wrong)


def test_strings_show_their_texts_with_gaps_between():
    labels = np.array([0, 1, 2], np.uint8)
    strings = draw_strings(BARS, labels, 3, (2, 5), 50, np.random.default_rng(3))
    assert strings.images.shape[1] == 32
    assert (strings.images.shape[2] - 32) % 4 == 0
    gaps_seen = set()
    for image, text in zip(strings.images, strings.texts, strict=True):
        row = image[10]
        ink = row > 0
        edges = np.flatnonzero(np.diff(np.pad(ink.astype(int), 1)))
        begins, ends = edges[::2], edges[1::2]
        assert begins[0] == MARGIN
        assert len(row) - ends[-1] >= MARGIN
        greys = [int(row[begin]) for begin in begins]
        assert text == "".join(str((200, 150, 100).index(grey)) for grey in greys)
        gaps_seen.update((begins[1:] - ends[:-1]).tolist())
    assert gaps_seen == {2, 3, 4, 5}
