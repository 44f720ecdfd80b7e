"""Affine distortions, beside the maps measured from Fig. 7 and a slow twin of the sampling."""

from pathlib import Path

import numba
import numpy as np
import pytest

from lenet98.data import distortions
from lenet98.data.distortions import affine_maps, affine_resample, distort, draw_affine_maps
from lenet98.errors import ConfigurationError, PatternError

CENTRE = 15.5
IDENTITY = affine_maps(scale=1, squeeze=0, shear=0, shift_x=0, shift_y=0)


@pytest.fixture
def images():
    return np.random.default_rng(8).integers(256, size=(20, 28, 28), dtype=np.uint8)


@pytest.fixture(scope="module")
def fig7():
    """Matrices (100, 2, 2) and translations (100, 2) fitted to the images of Fig. 7."""
    path = Path(__file__).with_name("fig7_affine.csv")
    table = np.genfromtxt(path, delimiter=",", comments="#", skip_header=3)
    return table[:, 2:6].reshape(-1, 2, 2), table[:, 6:8]


@pytest.mark.parametrize("strength", [0.0, -1.0, 10.0, np.nan, "much"])
def test_a_strength_that_leaves_no_pattern_is_refused(strength):
    with pytest.raises(ConfigurationError, match="strength is .*; expected a positive num"):
        draw_affine_maps(1, np.random.default_rng(0), strength)
    assert np.isfinite(draw_affine_maps(9, np.random.default_rng(0), 9.9)).all()


def slow_resample(image, affine_map):
    """Bilinear interpolation, one pixel of the frame after the other."""

    def grey(row, column):
        inside = 0 <= row < 28 and 0 <= column < 28
        return float(image[row, column]) if inside else 0.0

    out = np.empty((32, 32))
    for row in range(32):
        for column in range(32):
            x, y = affine_map.astype(float) @ (column, row, 1)
            left, top = int(np.floor(x)), int(np.floor(y))
            u, v = x - left, y - top
            out[row, column] = (
                (1 - u) * (1 - v) * grey(top, left)
                + u * (1 - v) * grey(top, left + 1)
                + (1 - u) * v * grey(top + 1, left)
                + u * v * grey(top + 1, left + 1)
            )
    return out


def parameters_of(matrix, translation):
    """Invert by hand: forward, out = fixed + scaling (in + shift - fixed), sheared in between."""
    scale = (matrix[:, 0, 0] + matrix[:, 1, 1]) / 2
    squeeze = (matrix[:, 0, 0] - matrix[:, 1, 1]) / (2 * scale)
    shear = matrix[:, 0, 1] / matrix[:, 0, 0]
    shift_y = (translation[:, 1] - (26 - CENTRE) * (1 - matrix[:, 1, 1])) / matrix[:, 1, 1]
    shift_x = translation[:, 0] / matrix[:, 0, 0] - shear * (CENTRE + shift_y - 18)
    return {
        "scale": scale,
        "squeeze": squeeze,
        "shear": shear,
        "shift_x": shift_x,
        "shift_y": shift_y,
    }


def test_the_identity_frames_the_image_exactly(images):
    framed = distort(images, np.repeat(IDENTITY, len(images), axis=0))
    np.testing.assert_array_equal(framed, np.pad(images, ((0, 0), (2, 2), (2, 2))))


def test_whole_pixels_move_exactly(images):
    moved = distort(images[:1], affine_maps(1, 0, 0, shift_x=2, shift_y=-1))[0]
    np.testing.assert_array_equal(moved[1:29, 4:32], images[0])


def test_agrees_with_the_slow_twin(images):
    maps = draw_affine_maps(len(images), np.random.default_rng(9))
    distorted = distort(images, maps)
    for image, affine_map, out in zip(images, maps, distorted, strict=True):
        assert np.abs(out - slow_resample(image, affine_map)).max() < 0.01


def test_agrees_with_the_slow_twin_for_maps_beyond_the_family(images):
    turned = np.array([[[0.3, -1.7, 20], [2.1, 0.4, -9]]], np.float32)
    assert np.abs(distort(images[:1], turned)[0] - slow_resample(images[0], turned[0])).max() < 0.01


def test_maps_that_lead_far_away_give_background(images):
    away = np.repeat(IDENTITY, 2, axis=0)
    away[:, :, 2] = [[1e30, 0], [0, -1e30]]
    assert not distort(images[:2], away).any()


def test_every_map_of_fig_7_is_of_the_family(fig7):
    matrix, translation = fig7
    # 0.015 for one image of a 1, which hardly tells; 0.007 for all the others.
    assert np.sort(np.abs(matrix[:, 1, 0]))[-2:] == pytest.approx([0.0065, 0.0154])
    parameters = parameters_of(matrix, translation)
    # Within 0.002, the rounding of the stated ranges.
    assert parameters["scale"].min() == pytest.approx(distortions.SCALE_RANGE[0], abs=0.002)
    assert parameters["scale"].max() == pytest.approx(distortions.SCALE_RANGE[1], abs=0.002)
    for name, largest in (
        ("squeeze", distortions.LARGEST_SQUEEZE),
        ("shear", distortions.LARGEST_SHEAR),
        ("shift_x", distortions.LARGEST_TRANSLATION),
        ("shift_y", distortions.LARGEST_TRANSLATION),
    ):
        assert 0.95 * largest < np.abs(parameters[name]).max() <= largest


def test_reproduces_every_map_of_fig_7(fig7):
    matrix, translation = fig7
    maps = affine_maps(**parameters_of(matrix, translation))
    without_rotation = matrix * [[1, 1], [0, 1]]
    for (square, shift), affine_map in zip(
        zip(without_rotation, translation, strict=True), maps, strict=True
    ):
        back = np.linalg.inv(square)
        np.testing.assert_allclose(affine_map[:, :2], back, atol=1e-5)
        offset = CENTRE - back @ (CENTRE + shift) - 2
        np.testing.assert_allclose(affine_map[:, 2], offset, atol=1e-5)


@pytest.fixture(scope="module")
def drawn():
    return drawn_at(1.0)


def drawn_at(strength):
    """The parameters of 20,000 maps drawn at random."""
    maps = draw_affine_maps(20_000, np.random.default_rng(10), strength).astype(float)
    assert maps.shape == (20_000, 2, 3)
    forward = np.linalg.inv(maps[:, :, :2])
    translation = np.einsum("nij,nj->ni", forward, CENTRE - 2 - maps[:, :, 2]) - CENTRE
    return parameters_of(forward, translation)


def test_the_scale_is_uniform_in_its_logarithm(drawn):
    # A quarter of the scales in each quarter of the logarithm's range, within five deviations of
    # 20,000 draws; a scale that is itself uniform has 0.20 in the first.
    quarters = 0.72 * (1.30 / 0.72) ** (np.arange(5) / 4)
    quarters[[0, -1]] = 0, np.inf
    shares = np.histogram(drawn["scale"], quarters)[0] / len(drawn["scale"])
    assert shares == pytest.approx(np.full(4, 0.25), abs=0.015)


def test_draws_fill_the_ranges(drawn):
    assert drawn["scale"].min() == pytest.approx(0.72, abs=1e-3)
    assert drawn["scale"].max() == pytest.approx(1.30, abs=1e-3)
    for name, largest in (("squeeze", 0.1), ("shear", 0.14), ("shift_x", 2), ("shift_y", 2)):
        values = drawn[name] / largest
        assert values.min() == pytest.approx(-1, abs=2e-3)
        assert values.max() == pytest.approx(1, abs=2e-3)
        assert values.std() == pytest.approx(1 / np.sqrt(3), abs=0.02)
    correlations = np.corrcoef(list(drawn.values())) - np.eye(5)
    assert np.abs(correlations).max() < 0.03


def test_half_the_strength_is_half_of_every_range(drawn):
    half = drawn_at(0.5)
    np.testing.assert_allclose(np.log(half["scale"]), np.log(drawn["scale"]) / 2, atol=1e-5)
    for name in ("squeeze", "shear", "shift_x", "shift_y"):
        np.testing.assert_allclose(half[name], drawn[name] / 2, atol=2e-5)


def test_the_same_generator_draws_the_same():
    first, second = (draw_affine_maps(5, np.random.default_rng(11)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert first.dtype == np.float32


def test_the_kernel_can_be_called_from_another(images):
    @numba.njit
    def twice(image, affine_map):
        out = np.empty((2, 32, 32), np.float32)
        for index in range(2):
            affine_resample(image, affine_map, out[index])
        return out

    maps = draw_affine_maps(1, np.random.default_rng(12))
    expected = distort(images[:1], maps)[0]
    for image in (images[0], images[0].astype(np.float32)):
        np.testing.assert_array_equal(twice(image, maps[0]), [expected, expected])


def test_what_is_no_pattern_or_map_is_refused(images):
    maps = np.repeat(IDENTITY, len(images), axis=0)
    with pytest.raises(PatternError, match="images"):
        distort(images[:, :20], maps)
    with pytest.raises(PatternError, match="images"):
        distort(images.astype(float), maps)
    with pytest.raises(PatternError, match="maps"):
        distort(images, maps[:3])
    maps[0, 0, 0] = np.nan
    with pytest.raises(PatternError, match="maps"):
        distort(images, maps)
