"""The ink of one digit on paper with other things."""

import numpy as np
import pytest

from lenet98.errors import PatternError
from lenet98.reading.single import find_digit


def paper(grey=200.0, side=300):
    return np.full((side, side), grey, np.float32)


def seven(image, grey=20.0):
    """A seven, its ink so grey; the image is changed."""
    image[80:100, 110:190] = image[80:220, 170:190] = grey
    return image


DIGIT = seven(paper()) == 20


def found(image):
    return find_digit(image) > 100


def test_a_shadow_narrower_than_the_widest_stroke_is_no_ink():
    light = np.ones((300, 300), np.float32)
    light[150:, 140:240] = 0.45
    np.testing.assert_array_equal(found(seven(paper()) * light), DIGIT)


def test_ink_in_the_shade_is_as_black_as_in_the_light():
    light = np.where(np.arange(300)[:, None] < 150, 1, 0.5).astype(np.float32)
    ink = find_digit(seven(paper()) * light)
    assert ink[200, 180] == pytest.approx(ink[90, 120], rel=0.05)


@pytest.mark.parametrize("grey", [20.0, 250.0])
def test_the_digit_on_a_sheet_is_taken_and_not_the_sheets_edge(grey):
    """A frame stands out to the other side by as much, and is larger."""
    image = paper(135.0)
    image[48:252, 48:252] = 270.0 - grey
    image[52:248, 52:248] = 135.0
    np.testing.assert_array_equal(found(seven(image, grey)), DIGIT)


def test_a_dark_desk_around_a_sheet_is_no_ink():
    image = np.pad(seven(paper()), 40, constant_values=30)
    np.testing.assert_array_equal(found(image), np.pad(DIGIT, 40))


def test_what_the_edge_cuts_counts_less_than_a_whole_digit():
    """To the other side it stands out by as much, and is a little larger."""
    image = seven(paper(135.0))
    image[130:, 30:50] = image[130:150, 30:90] = 250
    np.testing.assert_array_equal(found(image), DIGIT)


def test_several_digits_are_counted_and_strings_pointed_to():
    pair = np.concatenate([seven(paper()), seven(paper())], axis=1)
    with pytest.raises(PatternError, match="found 2 objects .*--string"):
        find_digit(pair)


def test_a_lamp_over_blank_paper_is_no_digit():
    y, x = np.mgrid[-1:1:300j, -1:1:300j].astype(np.float32)
    lamp = 0.45 + 0.55 * np.exp(-(y**2 + x**2) / 0.8)
    with pytest.raises(PatternError, match="soft shades"):
        find_digit(paper() * lamp)
