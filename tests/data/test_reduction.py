import numpy as np
import pytest

from lenet98 import draw_digits
from lenet98.data.reduction import reduce
from lenet98.errors import PatternError

DIGITS = draw_digits(n_train=1, n_test=40).test_images


def averaged(box):
    """Cut each pixel into 16x16 equal parts and average what falls into each of 16x16 places."""
    side = len(box)
    parts = box.astype(float).repeat(16, axis=0).repeat(16, axis=1)
    return parts.reshape(16, side, 16, side).mean(axis=(1, 3))


def test_what_lies_in_the_middle_is_averaged_in_place():
    images = np.zeros_like(DIGITS)
    images[:, 4:24, 4:24] = DIGITS[:, 4:24, 4:24]
    for image, reduced in zip(images, reduce(images), strict=True):
        # Half a grey level, by rounding.
        assert abs(averaged(image[4:24, 4:24]) - reduced).max() <= 0.501


@pytest.mark.parametrize(("down", "right"), [(-4, 0), (4, 3), (-1, -2), (2, -4)])
def test_a_digit_off_the_middle_keeps_all_of_its_ink(down, right):
    square = np.zeros((1, 28, 28), np.uint8)
    square[0, 4:24, 4:24] = DIGITS[0, 4:24, 4:24]
    # Ink in each corner of the box leaves it one place.
    square[0, 4:24:19, 4:24:19] = 200
    moved = np.roll(square, (down, right), axis=(1, 2))
    np.testing.assert_array_equal(reduce(moved), reduce(square))


def test_the_box_is_moved_no_further_than_the_ink_takes():
    images = np.zeros((2, 28, 28), np.uint8)
    images[:, 10:15, 10:15] = 255
    images[1, 26, 10] = 100
    still, moved = reduce(images)
    box = images[1, 7:27, 4:24]
    np.testing.assert_allclose(averaged(images[0, 4:24, 4:24]), still, atol=0.501)
    np.testing.assert_allclose(averaged(box), moved, atol=0.501)


def test_ink_larger_than_the_box_is_reduced_more():
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 2:25, 9] = image[0, 2, 9:14] = 255
    for larger in (image, image.swapaxes(1, 2)):
        (reduced,) = reduce(larger)
        np.testing.assert_allclose(averaged(larger[0, 2:25, 2:25]), reduced, atol=0.501)
    assert reduce(np.full((1, 28, 28), 77)).tolist() == np.full((1, 16, 16), 77).tolist()


def test_a_blank_image_stays_blank():
    assert not reduce(np.zeros((1, 28, 28), np.uint8)).any()


def test_other_images_are_refused():
    with pytest.raises(PatternError, match=r"uint8 \(n, 28, 28\)"):
        reduce(np.zeros((1, 20, 20), np.uint8))
