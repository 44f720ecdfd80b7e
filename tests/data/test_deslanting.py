import numpy as np
import pytest

from lenet98 import draw_digits
from lenet98.data.deslanting import deslant
from lenet98.errors import PatternError

MARGIN = 4


def slope_of(image):
    """Regress columns on rows over the foreground, from half of full ink on, in full."""
    rows, columns = np.nonzero(image >= 127.5)
    return np.polyfit(rows, columns, 1)[0], rows.mean()


def test_rows_are_shifted_by_the_slope_and_interpolated():
    images = draw_digits(n_train=1, n_test=20).test_images
    for image, upright in zip(images, deslant(images), strict=True):
        slope, middle = slope_of(image)
        for row in range(20):
            places = np.arange(20) + MARGIN + slope * (row + MARGIN - middle)
            expected = np.interp(places, np.arange(28), image[row + MARGIN], left=0, right=0)
            # A grey level, by rounding; at most the last ink beside the edge fades.
            assert (abs(upright[row] - expected) <= 0.51).all()


def test_what_is_deslanted_stands_upright():
    images = np.zeros((1, 28, 28), np.uint8)
    for row in range(8, 20):
        images[0, row, 22 - row : 25 - row] = 255
    upright = deslant(images)[0]
    assert abs(slope_of(upright)[0]) < 1e-9
    assert slope_of(images[0])[0] == pytest.approx(-1)


def test_blank_and_level_images_stay_as_they_are():
    images = np.zeros((2, 28, 28), np.uint8)
    images[1, 13, 6:22] = 255
    np.testing.assert_array_equal(deslant(images), images[:, 4:24, 4:24])


def test_ink_that_is_shifted_out_is_lost():
    images = np.zeros((1, 28, 28), np.uint8)
    images[0, np.arange(0, 28), np.arange(27, -1, -1)] = 255
    assert (deslant(images)[0].sum(axis=1) > 0).all()


def test_other_images_are_refused():
    with pytest.raises(PatternError, match=r"uint8 \(n, 28, 28\)"):
        deslant(np.zeros((1, 20, 20), np.uint8))
