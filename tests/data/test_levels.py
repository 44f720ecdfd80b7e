"""The grey levels of all that is right pass, to the last pattern."""

import os

import numpy as np
import pytest

from lenet98.data.distortions import distort, draw_affine_maps
from lenet98.data.flanking import Flanking
from lenet98.data.levels import (
    Levels,
    first_inverted,
    levels_of,
    mend_of_ink,
    mend_of_real,
    real_are_ink,
)
from lenet98.data.mnist import load_mnist
from lenet98.data.noise import invert
from lenet98.data.patterns import as_images, as_patterns, grey_levels
from lenet98.data.printed import fig13_patterns, fig25_and_26_patterns
from lenet98.data.strings import draw_strings, extents, flank
from lenet98.data.transformations import rotation, scaling, transform, vertical_shift
from lenet98.errors import PatternError

EVERY = 5
"""Of many images, those that a few slow ways are tried on."""


def all_ways(images, labels):
    """Patterns of everything that the house makes of images."""
    rng = np.random.default_rng(0)
    framed = as_patterns(images, 32, np.float32)
    yield images
    yield framed
    yield grey_levels(distort(images, draw_affine_maps(len(images), rng)))
    for share in (0.1, 0.3, 0.5):
        yield invert(framed, share, rng)
    some = images[::EVERY]
    for change in (scaling(0.4), scaling(1.6), scaling(2.5), vertical_shift(14), rotation(60)):
        yield transform(some, change)
    yield grey_levels(flank(images, extents(images), np.arange(len(images)), Flanking(), rng)[0])
    strings = draw_strings(images, labels, 5, (-1, 3), len(some), rng)
    yield grey_levels(strings.images)
    yield invert(grey_levels(strings.images), 0.1, rng)
    # A little beyond by arithmetic, and in the coarsest type.
    yield framed * 1.05
    yield framed.astype(np.float16)
    yield framed + rng.normal(0, 0.01, framed.shape)


def test_all_that_the_house_makes_passes_as_sets_and_alone(digits):
    for patterns in all_ways(digits.test_images, digits.test_labels):
        as_images(patterns, 32)
    enlarged = transform(digits.test_images, scaling(2.0))
    for patterns in (digits.test_images, invert(enlarged, 0.1, np.random.default_rng(0))):
        for one in patterns:
            as_images(one, 32)


def test_the_papers_own_pictures_pass():
    for patterns in (fig13_patterns(), fig25_and_26_patterns()):
        as_images(patterns, 32)
        for one in patterns:
            as_images(one, 32)


@pytest.mark.skipif("LENET98_DATA" not in os.environ, reason="names no folder with MNIST")
def test_all_that_is_made_of_mnist_passes_and_its_inverse_does_not():
    digits = load_mnist()
    for patterns in all_ways(digits.test_images, digits.test_labels):
        as_images(patterns, 32)
    for images in (digits.train_images, digits.test_images):
        found = [first_inverted(255 - image[None], 127.5) for image in images[::EVERY]]
        assert found == [0] * len(found)
        assert images[::EVERY].max(axis=(1, 2)).min() > 1


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_each_inverted_image_is_found_by_its_index(digits, kept):
    images = digits.test_images[:3].copy()
    images[kept] = 255 - images[kept]
    assert first_inverted(images, 127.5) == kept


def test_of_patterns_a_share_must_be_inverted(digits):
    patterns = as_patterns(digits.test_images[:8], 32, np.float32)
    patterns[:2] = 1.075 - patterns[:2]
    as_images(patterns, 32)  # a quarter may be enlarged
    patterns[2] = 1.075 - patterns[2]
    with pytest.raises(PatternError, match="image 0: inverted"):
        as_images(patterns, 32)


def test_ink_at_the_frame_alone_is_no_paper():
    image = np.zeros((1, 28, 28), np.uint8)
    image[:, :, 0] = image[:, 0] = 255  # three corners, half of the frame
    assert first_inverted(image, 127.5) is None
    image[:, 1:27, 27] = 255  # three corners, three quarters of the frame
    assert first_inverted(image, 127.5) is None
    image[:, 27, 27] = 255
    assert first_inverted(image, 127.5) == 0
    image[:, 27] = 255
    image[:, 0, 0] = image[:, 0, 27] = 0  # two corners
    assert first_inverted(image, 127.5) is None


def test_the_ends_of_what_is_the_networks_own():
    for levels, own in [
        ((-0.1, 1.175), True),
        ((-0.24, 1.32), True),
        ((-0.26, 1.175), False),
        ((-0.1, 1.33), False),
        ((-0.06, 1.0), True),
        ((-0.04, 1.0), False),
        ((0.0, 0.0), True),
        ((1.0, 1.0), True),
    ]:
        assert (mend_of_real(Levels(*levels), -0.1, 1.175) is None) is own, levels


@pytest.mark.parametrize(
    ("levels", "ink"),
    [
        ((0.0, 16.0), True),
        ((0.0, 15.99), False),
        ((-0.49, 255.0), True),
        ((-0.51, 255.0), False),
        ((0.0, 1.0), False),
    ],
)
def test_real_numbers_are_ink_from_sixteen_on(levels, ink):
    assert real_are_ink(Levels(*levels)) is ink


@pytest.mark.parametrize("covered", [3, 4])
def test_what_is_normalised_by_itself_is_no_ink_unless_it_covers_three_pixels(covered):
    image = np.zeros(28 * 28)
    image[:covered] = 1
    assert real_are_ink(levels_of((image - image.mean()) / image.std())) is (covered == 3)


@pytest.mark.parametrize(
    ("levels", "mend"),
    [
        ((-0.995, 1.005), "127.5 * ({} + 1)"),
        ((-1.005, 0.9), "127.5 * ({} + 1)"),
        ((-0.42, 2.83), "255 * (0.3081 * {} + 0.1307)"),
        ((-0.43, 2.0), "255 * (0.3081 * {} + 0.1307)"),
        ((-0.985, 1.0), "{} scaled to 0 for the background and 255 for ink"),
        ((-0.40, 2.8), "{} scaled to 0 for the background and 255 for ink"),
    ],
)
def test_levels_a_hundredth_off_are_mended_by_their_own_arithmetic(levels, mend):
    assert mend_of_real(Levels(*levels), -0.1, 1.175) == mend


def test_no_pixels_have_no_levels():
    assert levels_of(np.zeros((0, 28, 28))) == Levels(0, 0)
    assert mend_of_ink(Levels(0, 0)) is None
