"""Paper to draw on."""

import numpy as np
import pytest

from lenet98.data.normalisation import normalise
from lenet98.plots.live.paper import PEN, SIDE, Paper
from lenet98.reading.several import find_line


def drawn(*strokes):
    paper = Paper()
    for first, *others in strokes:
        paper.begin(first)
        for point in others:
            paper.draw_to(point)
    return paper


SEVEN = [(40, 40), (140, 40), (80, 160)]
BAR = [(70, 100), (120, 100)]


def test_a_stroke_is_as_broad_as_the_pen_and_as_long_as_it_was_drawn():
    ink = drawn([(50, 98), (150, 98)]).ink
    assert (ink[:, 100] / 255).sum() == pytest.approx(2 * PEN, rel=1e-6)
    # Round ends: the pen reaches beyond both.
    assert (ink[97:99].mean(axis=0) / 255).sum() == pytest.approx(100 + 2 * PEN, abs=0.5)


def test_a_point_leaves_a_dot():
    ink = drawn([(98, 98)]).ink
    assert (ink / 255).sum() == pytest.approx(np.pi * PEN**2, rel=0.01)


def test_what_is_drawn_beside_the_paper_leaves_no_ink_and_stops_nothing():
    paper = drawn([(-500, -500), (-400, 3 * SIDE)])
    assert not paper.ink.any()
    assert (paper.pattern() == 0).all()
    paper.draw_to((98, 98))
    assert paper.ink[98, 98] == 255


def test_undo_takes_the_last_stroke_back_and_leaves_the_others_as_they_were():
    paper, before = drawn(SEVEN, BAR), drawn(SEVEN)
    assert not np.array_equal(paper.ink, before.ink)
    paper.undo()
    np.testing.assert_array_equal(paper.ink, before.ink)
    assert paper.strokes == [SEVEN]
    paper.undo()
    paper.undo()
    assert not paper.ink.any()
    assert paper.strokes == []


def test_clear_leaves_empty_paper():
    paper = drawn(SEVEN)
    paper.clear()
    assert not paper.ink.any()
    assert not paper.pattern().any()


def test_the_pattern_is_that_of_a_picture_of_the_paper():
    paper = drawn(SEVEN, BAR)
    picture = np.pad(255 - paper.ink, 40, constant_values=255)
    np.testing.assert_array_equal(paper.pattern(), normalise(find_line(picture)))


def test_where_one_draws_is_of_no_matter():
    moved = drawn([(x + 20, y + 25) for x, y in SEVEN])
    np.testing.assert_array_equal(moved.pattern(), drawn(SEVEN).pattern())
    assert moved.pattern().max() == 255


@pytest.mark.parametrize("end", [(195, 100), (100, 195), (195, 195), (101, 101)])
def test_whatever_is_drawn_has_full_ink(end):
    assert drawn([(0, 0), end]).pattern().max() == 255
