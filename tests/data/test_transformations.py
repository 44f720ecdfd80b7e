"""Maps that scale, shift and turn by a given amount."""

import numpy as np
import pytest

from lenet98.data.distortions import affine_maps, distort
from lenet98.data.patterns import BACKGROUND, as_patterns
from lenet98.data.transformations import (
    placing,
    rotation,
    scaling,
    thicken,
    transform,
    vertical_shift,
)

IDENTITY = affine_maps(scale=1, squeeze=0, shear=0, shift_x=0, shift_y=0)[0]


@pytest.fixture
def images():
    return np.random.default_rng(8).integers(256, size=(20, 28, 28), dtype=np.uint8)


def greys(image, affine_map):
    return distort(image[np.newaxis], affine_map[np.newaxis])[0]


def framed(image):
    return np.pad(image, 2).astype(np.float32)


@pytest.mark.parametrize("neutral", [scaling(1), vertical_shift(0), rotation(0)])
def test_what_changes_nothing_leaves_the_patterns_as_the_network_takes_them(images, neutral):
    patterns = transform(images, neutral)
    assert patterns.dtype == np.float32
    np.testing.assert_array_equal(patterns, as_patterns(images, 32, np.float32))


def test_a_shift_by_whole_pixels_moves_exactly_and_is_cut_off_by_the_frame(images):
    patterns = as_patterns(images, 32, np.float32)
    background = np.float32(BACKGROUND)
    down, up = (transform(images, vertical_shift(pixels)) for pixels in (5, -5))
    np.testing.assert_array_equal(down[:, 5:], patterns[:, :-5])
    np.testing.assert_array_equal(up[:, :-5], patterns[:, 5:])
    assert (down[:, :5] == background).all()
    assert (up[:, -5:] == background).all()


@pytest.mark.parametrize(("degrees", "quarters_left"), [(90, -1), (-90, 1), (180, 2)])
def test_a_quarter_turn_is_to_the_right(images, degrees, quarters_left):
    turned = greys(images[0], rotation(degrees))
    # The coordinates are 31 at most in float32, the grey levels 255 apart at most.
    expected = np.rot90(framed(images[0]), quarters_left)
    np.testing.assert_allclose(turned, expected, atol=255 * 31 * 2.0**-22)


def test_a_small_turn_is_in_the_sense_of_a_large_one():
    image = np.zeros((28, 28), np.uint8)
    image[2, 13:15] = 255  # above the centre
    columns = np.arange(32) - 15.5
    for degrees, side in ((20, 1), (-20, -1)):
        turned = greys(image, rotation(degrees))
        radius = 15.5 - 4
        mean = (turned.sum(axis=0) @ columns) / turned.sum()
        # Interpolation keeps the centre of mass but for what rounds to a tenth of a pixel.
        assert mean == pytest.approx(side * radius * np.sin(np.radians(20)), abs=0.1)


@pytest.mark.parametrize(("factor", "edge"), [(2, (4, 28)), (0.5, (13, 19))])
def test_a_square_about_the_centre_is_scaled_about_it(factor, edge):
    image = np.zeros((28, 28), np.uint8)
    image[8:20, 8:20] = 255  # 12 pixels wide
    scaled = greys(image, scaling(factor))
    begin, end = edge
    expected = np.zeros((32, 32), bool)
    expected[begin:end, begin:end] = True
    np.testing.assert_array_equal(scaled > 127, expected)


def test_what_grows_beyond_the_frame_is_cut_off():
    image = np.full((28, 28), 255, np.uint8)
    assert (greys(image, scaling(2)) == 255).all()


def test_maps_are_of_the_form_that_distorting_takes():
    for neutral in (scaling(1), vertical_shift(0), rotation(0)):
        assert neutral.dtype == np.float32
        np.testing.assert_array_equal(neutral, IDENTITY)


def test_a_shift_to_the_right_and_down_moves_both_ways(images):
    moved = greys(images[0], placing(right=3, down=-2))
    np.testing.assert_array_equal(moved[:-2, 3:], framed(images[0])[2:, :-3])


def test_to_squeeze_leaves_the_height():
    image = np.zeros((28, 28), np.uint8)
    image[8:20, 8:20] = 255
    rows, columns = np.nonzero(greys(image, placing(squeeze=0.5)) > 127)
    assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == (12, 6)


def test_what_is_squeezed_is_turned_after_that_and_shifted_last():
    image = np.zeros((28, 28), np.uint8)
    image[8:20, 8:20] = 255
    rows, columns = np.nonzero(greys(image, placing(squeeze=0.5, degrees=90, right=4)) > 127)
    assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == (6, 12)
    assert (rows.mean(), columns.mean()) == (15.5, 19.5)


def widths(ink):
    """Ink in each row, in pixels."""
    return ink.sum(axis=1) / 255


def test_a_stroke_grows_by_what_is_added_on_each_side():
    stroke = np.zeros((20, 20), np.float32)
    stroke[:, 8:11] = 255
    for pixels in (0.25, 0.5, 1.0, 1.75, 2.0):
        np.testing.assert_allclose(widths(thicken(stroke, pixels)), 3 + 2 * pixels, rtol=1e-6)
    np.testing.assert_allclose(widths(thicken(stroke, -0.5)), 2, rtol=1e-6)
    np.testing.assert_allclose(widths(thicken(stroke, -1)), 1, rtol=1e-6)
    np.testing.assert_array_equal(thicken(stroke, -2), 0)


def test_a_pen_is_round():
    point = np.zeros((9, 9), np.float32)
    point[4, 4] = 255
    thick = thicken(point, 2)
    assert thick[4, 6] == thick[6, 4] == 255
    assert thick[6, 6] == pytest.approx(255 * (3 - np.hypot(2, 2)), rel=1e-6)
    assert thick[4, 7] == 0


def test_nothing_added_is_nothing_changed(images):
    np.testing.assert_array_equal(thicken(images[0], 0), images[0])
