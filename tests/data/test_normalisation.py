"""Size normalisation and centring."""

import numpy as np
import pytest

from lenet98.data.normalisation import normalise
from lenet98.errors import PatternError


def slow_shrink(ink, height, width):
    """Area averages by repeating every pixel until both sizes divide."""
    fine = np.repeat(np.repeat(ink.astype(float), height, 0), width, 1)
    return fine.reshape(height, ink.shape[0], width, ink.shape[1]).mean(axis=(1, 3))


def centre_of_mass(pattern):
    weights = pattern / pattern.sum(dtype=float)
    return (np.indices(pattern.shape) * weights).sum(axis=(1, 2))


def box_of(pattern):
    rows, columns = np.nonzero(pattern.any(axis=1))[0], np.nonzero(pattern.any(axis=0))[0]
    return pattern[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


@pytest.mark.parametrize("size", [(50, 30), (20, 20), (33, 47), (200, 10), (10, 200), (21, 20)])
def test_shrinking_is_area_averaging(size):
    ink = np.random.default_rng(3).integers(60, 256, size)
    longer = max(size)
    height, width = (max(1, round(20 * side / longer)) for side in size)
    box = box_of(normalise(np.pad(ink, ((3, 9), (8, 1)))))
    assert box.shape == (height, width)
    assert np.abs(box - slow_shrink(ink, height, width)).max() <= 0.51


def test_a_box_of_the_right_size_is_only_moved():
    ink = np.random.default_rng(4).integers(1, 256, (20, 14), dtype=np.uint8)
    np.testing.assert_array_equal(box_of(normalise(ink)), ink)


def test_enlarging_interpolates():
    ramp = np.tile(np.linspace(50, 250, 5), (5, 1))
    box = box_of(normalise(ramp)).astype(float)
    assert box.shape == (20, 20)
    expected = np.interp((np.arange(20) + 0.5) / 4 - 0.5, np.arange(5), ramp[0])
    assert np.abs(box - expected).max() <= 0.51


@pytest.mark.parametrize("size", [(9, 9), (60, 40), (31, 64)])
def test_the_centre_of_mass_comes_within_half_a_pixel_of_the_centre(size):
    y, x = np.indices(size)
    ink = (((y / size[0] - 0.4) ** 2 + (x / size[1] - 0.4) ** 2) < 0.1) * 200
    pattern = normalise(ink)
    assert np.abs(centre_of_mass(pattern) - 13.5).max() <= 0.52


def test_a_lopsided_box_stays_within_the_pattern():
    ink = np.zeros((100, 100))
    ink[0, 0] = 40
    ink[90:, 90:] = 255
    pattern = normalise(ink)
    assert pattern[0, 0] > 0
    assert box_of(pattern).shape == (20, 20)


def test_place_and_surroundings_do_not_matter():
    ink = np.random.default_rng(6).integers(0, 2, (37, 25)) * 255
    for surroundings in (((0, 70), (31, 2)), ((90, 0), (0, 0)), ((0, 0), (90, 0))):
        np.testing.assert_array_equal(normalise(ink), normalise(np.pad(ink, surroundings)))


def test_the_faintest_grey_is_ink():
    ink = np.full((20, 20), 255.0)
    framed = np.pad(ink, 1, constant_values=0.01)
    np.testing.assert_array_equal(normalise(framed), normalise(np.maximum(framed, 0.02)))
    assert not np.array_equal(normalise(framed), normalise(ink))


def test_faint_ink_is_centred_by_its_mass():
    ink = np.zeros((20, 20))
    ink[0, 0] = ink[19, 19] = 1e-6
    ink[12, 12] = 2
    pattern = normalise(ink)
    assert pattern[14, 14] == pattern.sum() == 2


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float64, np.float16])
def test_any_real_type_will_do(dtype):
    ink = np.random.default_rng(7).integers(0, 256, (40, 30))
    np.testing.assert_array_equal(normalise(ink.astype(dtype)), normalise(ink))


@pytest.mark.parametrize(
    ("image", "found"),
    [
        (np.zeros((30, 30)), "blank"),
        (np.zeros((0, 5)), "blank"),
        (np.ones(9), "shape"),
        (np.ones((3, 3, 3)), "shape"),
        (np.full((3, 3), "1"), "<U1"),
        (np.full((3, 3), 1j), "complex"),
        (np.full((3, 3), 256), "256"),
        (np.full((3, 3), -1.0), "-1"),
        (np.array([[np.nan, 1]]), "nan"),
        (np.array([[np.inf, 1]]), "inf"),
        (np.full((3, 3), 1.0), r"none above 1. Give 255 \* image."),
        (np.full((3, 3), 1e-50), "none above 1"),
        ([[1, 2], [3]], "list"),
    ],
)
def test_what_is_no_image_is_refused(image, found):
    with pytest.raises(PatternError, match=found):
        normalise(image)
