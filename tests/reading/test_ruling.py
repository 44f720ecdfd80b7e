"""Lines printed on paper."""

import numpy as np

from lenet98.reading.ruling import without_ruling

SIDE = 400


def paper(*, level=(), upright=(), slope=0.0):
    body = np.zeros((SIDE, SIDE), bool)
    columns = np.arange(SIDE)
    for row in level:
        body[np.rint(row + slope * columns).astype(int), columns] = True
        body[np.rint(row + slope * columns).astype(int) + 1, columns] = True
    for column in upright:
        body[:, column : column + 2] = True
    return body


def digit():
    """A seven: its bar as broad as its stem."""
    body = np.zeros((SIDE, SIDE), bool)
    body[100:115, 120:260] = body[100:300, 240:255] = True
    return body


def left(body):
    return without_ruling(body, np.where(body, 200, 0).astype(np.float32))


def test_level_and_upright_lines_go_and_the_digit_stays():
    lines = paper(level=range(30, 390, 60), upright=range(20, 390, 50))
    kept = left(digit() | lines)
    assert kept[digit()].all()
    assert (kept & ~digit()).sum() < 0.03 * lines.sum()


def test_lines_that_slope_a_little_go_too():
    lines = paper(level=range(30, 380, 60), slope=0.02)
    kept = left(digit() | lines)
    assert (kept & ~digit()).sum() < 0.05 * lines.sum()


def test_hatching_is_no_line():
    both = digit() | paper(level=range(310, 370, 6))
    np.testing.assert_array_equal(left(both), both)


def test_a_dash_in_the_gap_of_a_line_is_ink():
    line, dash = paper(level=[340]), np.zeros((SIDE, SIDE), bool)
    line[:, 140:260] = False
    dash[340:342, 190:210] = True
    kept = left(digit() | line | dash)
    assert kept[dash].all()
    assert not kept[line].any()


def test_strokes_are_no_lines():
    thin = np.zeros((SIDE, SIDE), bool)
    thin[100:103, 120:260] = thin[100:300, 257:260] = True
    np.testing.assert_array_equal(left(thin), thin)


def test_the_bar_of_a_seven_cut_close_is_no_line():
    close = np.zeros((SIDE, SIDE), bool)
    close[:4] = close[:, -4:] = True
    np.testing.assert_array_equal(left(close), close)


def test_in_a_tiny_image_nothing_is_a_line():
    tiny = np.zeros((12, 12), bool)
    tiny[1, 1:11] = tiny[1:11, 10] = True
    np.testing.assert_array_equal(left(tiny), tiny)
