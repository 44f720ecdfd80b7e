import numpy as np
import pytest

from lenet98 import draw_digits
from lenet98.classifiers.tangents import TANGENTS, smoothed, tangent_squares
from lenet98.data.reduction import reduce

DIGITS = draw_digits(n_train=1, n_test=30).test_images
INK = smoothed(reduce(DIGITS) / np.float32(255), 0.8)
ALL = np.arange(len(INK))


def tangents_of(image):
    """Derive by central differences of arrays shifted whole."""
    bordered = np.pad(image.astype(float), 1)
    right = (bordered[1:-1, 2:] - bordered[1:-1, :-2]) / 2
    down = (bordered[2:, 1:-1] - bordered[:-2, 1:-1]) / 2
    y, x = np.mgrid[:16, :16] - 7.5
    changes = [
        right,
        down,
        x * right + y * down,
        y * right - x * down,
        x * right - y * down,
        y * right + x * down,
        right**2 + down**2,
    ]
    return np.reshape(changes, (TANGENTS, -1))


def by_least_squares(one, other):
    """Solve for all fourteen amounts at once."""
    matrix = np.concatenate([tangents_of(one), -tangents_of(other)]).T
    difference = (other - one).astype(float).ravel()
    amounts = np.linalg.lstsq(matrix, difference, rcond=None)[0]
    return ((matrix @ amounts - difference) ** 2).sum()


def blob(*, x=0.0, y=0.0, angle=0.0, scale=1.0, ratio=1.6):
    """Draw a smooth oblong: its longer half-axis, its shorter one, turned and shifted."""
    rows, columns = np.mgrid[:16, :16] - 7.5
    right = np.cos(angle) * (columns - x) + np.sin(angle) * (rows - y)
    down = np.cos(angle) * (rows - y) - np.sin(angle) * (columns - x)
    squared = (right / ratio) ** 2 + (down * ratio) ** 2
    return np.exp(-squared / (2 * (2.2 * scale) ** 2)).astype(np.float32)


@pytest.mark.parametrize("n", range(5))
def test_the_distance_is_that_of_a_least_squares_solution(n):
    expected = [by_least_squares(INK[n], other) for other in INK]
    found = tangent_squares(INK[n], INK, ALL)
    # Sums of 256 products of float32, against squares of some tens.
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_the_distance_is_the_same_from_either_side():
    squares = np.array([tangent_squares(image, INK, ALL) for image in INK])
    np.testing.assert_allclose(squares, squares.T, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(squares.diagonal(), 0, atol=1e-4)


def test_the_distance_is_never_above_the_euclidean_one():
    for image in INK:
        euclidean = ((INK - image) ** 2).sum(axis=(1, 2))
        assert (tangent_squares(image, INK, ALL) <= euclidean).all()


def test_what_lies_in_a_plane_has_no_distance_and_never_less():
    amounts = np.random.default_rng(1).uniform(-0.1, 0.1, (len(INK), TANGENTS))
    for image, some in zip(INK, amounts, strict=True):
        moved = (image.ravel() + some @ tangents_of(image)).astype(np.float32)
        (square,) = tangent_squares(image, moved.reshape(1, 16, 16), ALL[:1])
        assert 0 <= square < 1e-4


@pytest.mark.parametrize(
    "change",
    [
        {"x": 0.4},
        {"y": -0.4},
        {"angle": 0.1},
        {"scale": 1.05},
        {"ratio": 1.7},
        {"x": 0.2, "y": 0.2, "angle": -0.05, "scale": 0.97},
    ],
    ids=repr,
)
def test_small_changes_are_hardly_any_distance(change):
    image, changed = blob(), blob(**change)
    square = tangent_squares(image, changed[None], ALL[:1])[0]
    # What is left is of second order in the change, and squared.
    assert square < 0.01 * ((image - changed) ** 2).sum()


def test_thicker_lines_are_hardly_any_distance():
    """The edge of a disk, wherever it is, moves outwards along its gradient."""
    rows, columns = np.mgrid[:16, :16] - 7.5
    away = np.hypot(rows, columns)
    ring, thicker = (
        (1 / (1 + np.exp((abs(away - 4) - half) / 0.5))).astype(np.float32) for half in (1.5, 1.6)
    )
    square = tangent_squares(ring, thicker[None], ALL[:1])[0]
    assert square < 0.05 * ((ring - thicker) ** 2).sum()


def test_an_image_without_tangents_is_at_the_distance_from_the_others_plane():
    blank = np.zeros((1, 16, 16), np.float32)
    for image in INK[:5]:
        expected = by_least_squares(image, blank[0])
        np.testing.assert_allclose(tangent_squares(image, blank, ALL[:1]), expected, rtol=1e-4)
        np.testing.assert_allclose(
            tangent_squares(blank[0], image[None], ALL[:1]), expected, rtol=1e-4
        )
    assert tangent_squares(blank[0], blank, ALL[:1]) == 0


def test_images_are_smoothed_by_a_gaussian():
    point = np.zeros((1, 16, 16), np.float32)
    point[0, 7, 9] = 1
    y, x = np.mgrid[:16, :16]
    expected = np.exp(-((y - 7) ** 2 + (x - 9) ** 2) / (2 * 1.2**2)) / (2 * np.pi * 1.2**2)
    # The sum of a Gaussian at whole places is its integral, nearly.
    np.testing.assert_allclose(smoothed(point, 1.2)[0], expected, atol=1e-6)
