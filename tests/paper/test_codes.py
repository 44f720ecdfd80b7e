"""The codes agree with a second reading of Fig. 3, and with what the paper shows of them."""

from pathlib import Path

import numpy as np
import pytest

from lenet98.paper.codes import FIRST, bitmaps, digit_codes, place_codes


def second_reading():
    """Codes by their number in ASCII, read out of Fig. 3 by another hand."""
    text = Path(__file__).with_name("fig3_codes.txt").read_text(encoding="utf-8")
    for block in text.split("\n= ")[1:]:
        title, *rows = block.split("\n")
        pixels = [[1 if pixel == "#" else -1 for pixel in row] for row in rows if row]
        yield int(title.split()[0]), np.array(pixels)


SECOND = dict(second_reading())


def test_there_are_96_bitmaps_of_7_by_12():
    assert bitmaps().shape == (96, 12, 7)
    assert set(np.unique(bitmaps())) == {-1, 1}
    assert (bitmaps()[0] == -1).all()  # the space


def test_every_pixel_is_the_same_in_a_second_reading():
    assert list(SECOND) == list(range(32, 128))
    for code, (number, again) in zip(bitmaps(), SECOND.items(), strict=True):
        assert (code == again).all(), f"{chr(number)!r} of Fig. 3"


def test_the_ten_digits_are_cut_out_of_the_set():
    again = [SECOND[ord(digit)].ravel() for digit in "0123456789"]
    np.testing.assert_array_equal(digit_codes(), again)


# Two bitmaps of Fig. 3, as a reader sees them.
DRAWN = {
    "A": """
        .#####.
        .#...#.
        ##...##
        ##...##
        #######
        ##...##
        ##...##
        ##...##
        ##...##
        ##...##
        .......
        .......
    """,
    "6": """
        ..####.
        .##....
        ##.....
        ##.....
        ######.
        ###..##
        ##...##
        ##...##
        ###..##
        .#####.
        .......
        .......
    """,
}


@pytest.mark.parametrize("character", DRAWN)
def test_a_bitmap_reads_as_drawn(character):
    drawn = [[1 if pixel == "#" else -1 for pixel in row] for row in DRAWN[character].split()]
    np.testing.assert_array_equal(bitmaps()[ord(character) - FIRST], drawn)


def test_hamming_distances_between_digits_are_those_of_the_paper():
    codes = digit_codes().astype(int)
    distances = (84 - codes @ codes.T) // 2
    pairs = distances[np.triu_indices(10, 1)]
    assert pairs.min() == distances[6, 8] == 12
    assert pairs.max() == 50
    assert round(pairs.mean(), 1) == 31.1
    assert (abs(codes.sum(axis=0)) == 10).sum() == 14  # pixels the same for all ten


def test_the_code_of_space_follows_the_digits_and_is_all_white():
    codes = digit_codes(blank=True)
    np.testing.assert_array_equal(codes[:10], digit_codes())
    assert (codes[10] == -1).all()
    assert codes.shape == (11, 84)


def test_place_codes_have_one_unit_up():
    codes = place_codes(10)
    assert (codes.sum(axis=1) == 1 - 9).all()
    assert (codes.argmax(axis=1) == np.arange(10)).all()
