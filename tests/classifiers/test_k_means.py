import numpy as np
import pytest

from lenet98.classifiers.k_means import k_means, squared_distances, sweep

RNG = np.random.default_rng(1)
PATTERNS = RNG.random((90, 5))


def test_squared_distances_are_those_of_the_differences():
    centres = RNG.random((7, 5))
    expected = ((PATTERNS[:, None] - centres) ** 2).sum(axis=2)
    np.testing.assert_allclose(squared_distances(PATTERNS, centres), expected, atol=1e-14)
    assert (squared_distances(PATTERNS, PATTERNS) >= 0).all()


def test_no_sweep_increases_the_sum_of_squares():
    centres = PATTERNS[:8]
    sums = []
    for _ in range(12):
        centres, squares = sweep(PATTERNS, centres)
        sums.append(squares)
    assert sums[0] > sums[-1]
    assert (np.diff(sums) <= 1e-12).all()


def test_a_centre_moves_to_the_mean_of_those_it_is_nearest_to():
    centres = PATTERNS[:8] + 0.01
    nearest = np.array([((pattern - centres) ** 2).sum(axis=1).argmin() for pattern in PATTERNS])
    expected = [PATTERNS[nearest == k].mean(axis=0) for k in range(8)]
    np.testing.assert_allclose(sweep(PATTERNS, centres).centres, expected, rtol=1e-12)


def test_a_centre_without_patterns_gets_the_farthest():
    patterns = np.array([[0.0], [1.0], [2.5], [10.0]])
    centres, squares = sweep(patterns, np.array([[1.0], [50.0], [60.0]]))
    np.testing.assert_allclose(centres, [[1 / 2], [10], [2.5]])
    assert squares == 1


def test_sweeps_go_on_until_nothing_changes_or_they_are_enough():
    last = k_means(PATTERNS, 8, 100, np.random.default_rng(3))
    np.testing.assert_array_equal(sweep(PATTERNS, last).centres, last)
    second = PATTERNS[np.random.default_rng(3).choice(90, 8, replace=False)]
    for _ in range(2):
        second = sweep(PATTERNS, second).centres
    found = k_means(PATTERNS, 8, 2, np.random.default_rng(3))
    np.testing.assert_array_equal(found, second)
    assert not np.allclose(second, last)


@pytest.mark.parametrize("k", [1, 3, 6])
def test_patterns_that_are_alike_have_as_many_centres_as_asked_for(k):
    patterns = np.ones((6, 2))
    centres = k_means(patterns, k, 4, np.random.default_rng(1))
    np.testing.assert_array_equal(centres, np.ones((k, 2)))


def test_clusters_that_lie_apart_are_found():
    patterns = np.repeat([[0.0, 0.0], [9.0, 0.0], [18.0, 0.0]], 20, axis=0)
    patterns += RNG.normal(0, 0.1, patterns.shape)
    found = [k_means(patterns, 3, 12, np.random.default_rng(seed)) for seed in range(9)]
    expected = [patterns[20 * k : 20 * k + 20].mean(axis=0) for k in range(3)]
    assert any(np.allclose(sorted(map(tuple, centres)), expected) for centres in found)
