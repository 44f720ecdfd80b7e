import numpy as np
import pytest

from lenet98.classifiers.soft_margin import improve, optimality

TOLERANCE = 1e-6
"""Of the conditions; errors of float32 kernels are below it, for the same kernels are judged."""


def solve(kernels, signs, c):
    weights = np.zeros(len(signs))
    errors = -signs
    improve(kernels.astype(np.float32), weights, errors, signs, c, TOLERANCE)
    return weights, errors


def clouds(n=60, apart=1.0):
    rng = np.random.default_rng(1)
    signs = np.where(np.arange(n) % 3 == 0, 1.0, -1.0)
    points = rng.normal(size=(n, 4)).astype(np.float32)
    points[:, 0] += apart * signs.astype(np.float32)
    return (1 + points @ points.T) ** 2, signs


def dual(kernels, signs, weights):
    return np.abs(weights).sum() - weights @ kernels.astype(np.float64) @ weights / 2


def primal(kernels, signs, weights, threshold, c):
    sums = kernels.astype(np.float64) @ weights
    slack = np.maximum(0, 1 - signs * (sums - threshold))
    return weights @ sums / 2 + c * slack.sum()


@pytest.mark.parametrize("c", [0.1, 0.5, 10.0])
def test_two_points_have_the_weights_of_the_closed_form(c):
    kernels, signs = np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([1.0, -1.0])
    weights, errors = solve(kernels, signs, c)
    # 2 over the squared distance of the points, which is 2 + 1 - 2 x 0.5.
    multiplier = min(c, 1.0)
    np.testing.assert_allclose(weights, [multiplier, -multiplier], rtol=1e-6)
    np.testing.assert_allclose(errors, kernels @ weights - signs, atol=1e-6)
    threshold = optimality(weights, errors, signs, c).threshold
    # Halfway between the two sums.
    assert threshold == pytest.approx((kernels @ weights).mean(), abs=1e-6)


@pytest.mark.parametrize("c", [0.01, 1.0, 100.0])
@pytest.mark.parametrize("apart", [0.5, 3.0])
def test_conditions_are_met_and_the_duality_gap_is_closed(c, apart):
    kernels, signs = clouds(apart=apart)
    weights, errors = solve(kernels, signs, c)
    assert weights.any()
    multipliers = weights * signs
    assert ((multipliers >= 0) & (multipliers <= c)).all()
    assert weights.sum() == pytest.approx(0, abs=1e-9 * np.abs(weights).sum())
    threshold = optimality(weights, errors, signs, c).threshold
    margins = signs * (kernels.astype(np.float64) @ weights - threshold)
    near = 1e-4  # the tolerance, and sums whose terms are up to 100 and are rounded
    assert (margins[multipliers == 0] >= 1 - near).all()
    assert (margins[multipliers == c] <= 1 + near).all()
    free = (multipliers > 0) & (multipliers < c)
    np.testing.assert_allclose(margins[free], 1, atol=near)
    best = dual(kernels, signs, weights)
    gap = primal(kernels, signs, weights, threshold, c) - best
    # Each pattern adds no more than the price, by the tolerance.
    assert -1e-9 * best <= gap <= TOLERANCE * c * len(signs)


def test_the_optimum_is_that_of_another_method():
    kernels, signs = clouds(24)
    c = 0.5
    weights, _ = solve(kernels, signs, c)
    # Projected gradient: onto the box and the plane of no sum, the shift by bisection.
    low, high = np.where(signs > 0, 0, -c), np.where(signs > 0, c, 0)

    def onto(point):
        least, most = -10.0, 10.0
        for _ in range(40):
            shift = (least + most) / 2
            if np.clip(point - shift, low, high).sum() > 0:
                least = shift
            else:
                most = shift
        return np.clip(point - shift, low, high)

    length = 1 / np.linalg.eigvalsh(kernels).max()
    other = np.zeros(24)
    for _ in range(3000):
        other = onto(other + length * (signs - kernels @ other))
    np.testing.assert_allclose(
        dual(kernels, signs, weights), dual(kernels, signs, other), rtol=1e-6
    )
    np.testing.assert_allclose(kernels @ weights, kernels @ other, atol=1e-2)


def test_weights_that_stay_out_are_kept_in_the_errors():
    kernels, signs = clouds(40)
    weights, errors = solve(kernels, signs, 1.0)
    some = np.arange(40) % 2 == 0
    # Half of the optimum is an optimum given the other half.
    own, own_errors = weights[some].copy(), errors[some].copy()
    improve(kernels[np.ix_(some, some)], own, own_errors, signs[some], 1.0, 1e-3)
    assert (own == weights[some]).all()


def test_twins_of_different_classes_are_bounded_by_the_price():
    kernels, signs = np.ones((2, 2)), np.array([1.0, -1.0])
    weights, _ = solve(kernels, signs, 7.0)
    assert weights.tolist() == [7.0, -7.0]


def test_one_class_alone_needs_no_weights():
    kernels, signs = np.eye(3), -np.ones(3)
    weights, errors = solve(kernels, signs, 1.0)
    assert not weights.any()
    found = optimality(weights, errors, signs, 1.0)
    assert found.violation == -np.inf
    assert found.threshold == 1
