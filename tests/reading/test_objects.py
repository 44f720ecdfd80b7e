"""Which thing on the paper is the digit."""

import numpy as np
import pytest

from lenet98.errors import PatternError
from lenet98.reading.objects import main_object


def things(*boxes, side=200):
    """Bars of ink, each as (top, bottom, left, right)."""
    body = np.zeros((side, side), bool)
    for top, bottom, left, right in boxes:
        body[top:bottom, left:right] = True
    return body


def ring(body, middle, radius, pen=4):
    rows, columns = np.mgrid[: len(body), : len(body)]
    return body | (abs(np.hypot(rows - middle[0], columns - middle[1]) - radius) < pen / 2)


def found(body):
    return main_object(body, 200 * body.astype(np.float32), body)


DIGIT = (60, 140, 90, 105)


@pytest.mark.parametrize(
    "other",
    [
        (0, 200, 0, 10),
        (0, 90, 185, 200),
        (160, 166, 60, 140),
        (2, 8, 150, 180),
        (190, 192, 10, 12),
    ],
    ids=["bar at the edge", "cut neighbour", "underline", "bar of state", "dust"],
)
def test_what_is_not_the_digit_is_left_out(other):
    one = found(things(DIGIT, other))
    assert one.digits == 1
    assert one.extent == 80
    np.testing.assert_array_equal(one.digit, things(DIGIT))


def test_what_encloses_the_digit_is_left_out():
    for around in (ring(things(DIGIT), (100, 97), 60), things(DIGIT, *_box(40, 160))):
        np.testing.assert_array_equal(found(around).digit, things(DIGIT))


def _box(low, high):
    return (
        (low, low + 4, low, high),
        (high - 4, high, low, high),
        (low, high, low, low + 4),
        (low, high, high - 4, high),
    )


def test_a_crumb_inside_a_zero_does_not_make_it_a_ring():
    zero = ring(things((95, 105, 95, 105)), (100, 100), 60, pen=12)
    assert found(zero).extent > 110


def test_what_touches_the_edge_is_the_digit_if_there_is_no_other():
    one = found(things((0, 200, 90, 110), (100, 103, 150, 153)))
    assert one.extent == 200


def test_the_tip_of_what_touches_the_edge_is_left_out():
    body, finger = things(DIGIT, (20, 40, 120, 140)), things((0, 40, 120, 140))
    one = main_object(body, 200 * body.astype(np.float32), body | finger)
    np.testing.assert_array_equal(one.digit, things(DIGIT))


def test_what_is_much_fainter_is_left_out():
    relief = 200 * things(DIGIT).astype(np.float32) + 60 * things((20, 50, 60, 100))
    one = main_object(relief > 40, relief, relief > 40)
    np.testing.assert_array_equal(one.digit, things(DIGIT))


def test_a_pattern_of_many_things_is_refused():
    many = [(top, top + 20, left, left + 20) for top in range(5, 180, 40) for left in (5, 80, 150)]
    with pytest.raises(PatternError, match="found 15 things"):
        found(things(*many))


def test_a_loose_piece_belongs_to_the_digit():
    body, bar = (70, 160, 80, 100), (58, 66, 85, 130)
    np.testing.assert_array_equal(found(things(body, bar)).digit, things(body, bar))


@pytest.mark.parametrize(
    ("boxes", "digits"),
    [
        ([(60, 140, 40, 60), (60, 140, 120, 140)], 2),
        ([(60, 140, 40, 50), (70, 140, 90, 100), (60, 130, 140, 150)], 3),
        ([(20, 80, 90, 110), (110, 170, 90, 110)], 2),
        ([(20, 80, 90, 110), (84, 144, 90, 110)], 1),
        ([(60, 140, 40, 60), (120, 140, 120, 140)], 1),
    ],
    ids=["two", "three", "one above the other", "broken", "one and a mark"],
)
def test_things_as_high_as_digits_are_counted(boxes, digits):
    assert found(things(*boxes)).digits == digits
