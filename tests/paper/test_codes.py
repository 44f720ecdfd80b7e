import numpy as np

from lenet98.paper.codes import FIRST, bitmaps, digit_codes, place_codes

# Fig. 3's bitmap of 6, row by row.
SIX = """
    ..####.
    .##....
    ##.....
    ##.....
    ######.
    ###..##
    ##...##
"""


def test_there_are_96_bitmaps_of_7_by_12():
    assert bitmaps().shape == (96, 12, 7)
    assert set(np.unique(bitmaps())) == {-1, 1}
    assert (bitmaps()[0] == -1).all()  # the space


def test_a_bitmap_reads_as_drawn():
    drawn = np.array([[1 if p == "#" else -1 for p in row] for row in SIX.split()])
    np.testing.assert_array_equal(bitmaps()[ord("6") - FIRST][: len(drawn)], drawn)


def test_hamming_distances_between_digits_are_those_of_the_paper():
    codes = digit_codes().astype(int)
    distances = (84 - codes @ codes.T) // 2
    pairs = distances[np.triu_indices(10, 1)]
    assert pairs.min() == distances[6, 8] == 12
    assert pairs.max() == 50
    assert round(pairs.mean(), 1) == 31.1
    assert (abs(codes.sum(axis=0)) == 10).sum() == 14  # pixels the same for all ten


def test_place_codes_have_one_unit_up():
    codes = place_codes(10)
    assert (codes.sum(axis=1) == 1 - 9).all()
    assert (codes.argmax(axis=1) == np.arange(10)).all()
