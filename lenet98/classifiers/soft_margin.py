"""One soft-margin machine: the dual by pairs of weights, on a matrix of kernels at hand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.storage.cache import cached_njit

Reals = npt.NDArray[np.float64]
Kernels = npt.NDArray[np.float32]

_LEAST_CURVATURE = 1e-6
"""Of two patterns that are all but the same, whose curvature is rounding alone."""


class Optimality(NamedTuple):
    """How near weights are to the optimum of their machine.

    Attributes
    ----------
    violation : float
        Most by which two patterns violate the conditions of Karush, Kuhn and Tucker, in units of
        the margin; not above 0 at the optimum.
    threshold : float
        What is to be taken off a sum of kernels, so that its sign is the class.
    """

    violation: float
    threshold: float


def optimality(weights: Reals, errors: Reals, signs: Reals, c: float) -> Optimality:
    """Return how near weights are to the optimum.

    Parameters
    ----------
    weights : ndarray, (n,)
        Of the patterns: their multipliers, times their signs.
    errors : ndarray, (n,)
        Of the patterns: the weighted sum of their kernels, less their signs.
    signs : ndarray, (n,)
        1 or -1 each. Where all are alike, no threshold parts them, and the nearest will do.
    c : float
        What no multiplier exceeds.
    """
    grows, falls = may_grow(weights, signs, c), may_fall(weights, signs, c)
    least = errors[grows].min(initial=np.inf)
    most = errors[falls].max(initial=-np.inf)
    free = grows & falls
    if free.any():
        threshold = errors[free].mean()
    else:
        threshold = np.mean([bound for bound in (least, most) if np.isfinite(bound)])
    return Optimality(float(most - least), float(threshold))


def may_grow(weights: Reals, signs: Reals, c: float) -> npt.NDArray[np.bool_]:
    """Return which weights are below their upper bound, (n,)."""
    return weights < np.where(signs > 0, c, 0)


def may_fall(weights: Reals, signs: Reals, c: float) -> npt.NDArray[np.bool_]:
    """Return which weights are above their lower bound, (n,)."""
    return weights > np.where(signs > 0, 0, -c)


@cached_njit(nogil=True)
def improve(
    kernels: Kernels, weights: Reals, errors: Reals, signs: Reals, c: float, tolerance: float
) -> None:
    """Change weights, two at a time, until no two violate the conditions by the tolerance.

    Parameters
    ----------
    kernels : ndarray of float32, (n, n)
        Of every two patterns.
    weights, errors : ndarray, (n,)
        As in `optimality`; overwritten. Of errors, patterns that are not here may be a part.
    signs : ndarray, (n,)
    c, tolerance : float

    Notes
    -----
    The first of two is the worst of those that may grow, the second the one with which most is
    gained to second order (Fan, Chen and Lin, 2005).
    """
    n = len(weights)
    upper, lower = np.empty(n), np.empty(n)
    for k in range(n):
        upper[k] = c if signs[k] > 0 else 0.0
        lower[k] = 0.0 if signs[k] > 0 else -c
    while True:
        first, least = -1, np.inf
        for k in range(n):
            if errors[k] < least and weights[k] < upper[k]:
                first, least = k, errors[k]
        if first < 0:
            return
        row = kernels[first]
        second, most, best, curvature = -1, -np.inf, 0.0, 1.0
        for k in range(n):
            if weights[k] > lower[k]:
                most = max(most, errors[k])
                difference = errors[k] - least
                if difference > 0:
                    bend = max(row[first] + kernels[k, k] - 2 * row[k], _LEAST_CURVATURE)
                    gain = difference * difference / bend
                    if gain > best:
                        second, best, curvature = k, gain, bend
        if second < 0 or most - least < tolerance:
            return
        change = (errors[second] - least) / curvature
        change = min(change, upper[first] - weights[first], weights[second] - lower[second])
        # A bound is met exactly, for whether it is met decides what may be changed.
        if change == upper[first] - weights[first]:
            weights[first] = upper[first]
        else:
            weights[first] += change
        if change == weights[second] - lower[second]:
            weights[second] = lower[second]
        else:
            weights[second] -= change
        other = kernels[second]
        for k in range(n):
            errors[k] += change * row[k] - change * other[k]
