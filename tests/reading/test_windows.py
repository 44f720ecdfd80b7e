"""Windows around every pixel, beside their definitions."""

import numpy as np
import pytest

from lenet98.reading.windows import closed, mean_around, widened

IMAGE = np.random.default_rng(0).integers(0, 256, (13, 17)).astype(np.float32)


@pytest.mark.parametrize("side", [1, 3, 5])
def test_a_mean_is_that_of_the_window(side):
    padded = np.pad(IMAGE, side // 2, "edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side))
    np.testing.assert_allclose(mean_around(IMAGE, side), windows.mean(axis=(2, 3)), rtol=1e-5)


@pytest.mark.parametrize("side", [1, 2, 3, 6])
def test_closed_is_the_least_of_the_greatest(side):
    padded = np.pad(IMAGE, side - 1, "edge")
    greatest = np.lib.stride_tricks.sliding_window_view(padded, (side, side)).max(axis=(2, 3))
    least = np.lib.stride_tricks.sliding_window_view(greatest, (side, side)).min(axis=(2, 3))
    np.testing.assert_array_equal(closed(IMAGE, side), least)


def test_closing_fills_a_stroke_and_leaves_a_bar_at_the_edge():
    image = np.full((30, 30), 200, np.float32)
    image[:, :4] = 0
    image[5:25, 14:17] = 0
    filled = closed(image, 6)
    assert (filled[:, :4] == 0).all()
    assert (filled[:, 4:] == 200).all()


def test_a_pixel_widened_has_its_eight_neighbours():
    mask = np.zeros((5, 6), bool)
    mask[0, 2] = True
    assert np.argwhere(widened(mask)).tolist() == [[i, j] for i in (0, 1) for j in (1, 2, 3)]
