"""Machines that each tell one class from the rest, trained together on the same kernels.

Each takes a working set of its own, solves it where all its kernels are at hand, and all add what
changed to the sums of every pattern at once, by products of matrices (Osuna, Freund and Girosi,
1997). The sets are large, so that few rounds are needed and no kernel has to be kept between them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.classifiers.classifier import CLASSES, Labels
from lenet98.classifiers.pixels import Vectors
from lenet98.classifiers.polynomial import Polynomial
from lenet98.classifiers.soft_margin import Reals, improve, may_fall, may_grow, optimality

TOLERANCE = 1e-3
"""Of the margin, by which two patterns may violate the conditions of the optimum. Ours."""

_LARGEST_SET = 12_000
"""Patterns in a working set: their kernels take 0.6 GB."""

_NEAR = 0.1
"""Of the margin: what is so near to violating the conditions comes into the set as well."""

_FIRST = 400
"""Patterns that are enough to begin with."""

_GROWTH = 5
"""How many times as many there are next."""


class Machines(NamedTuple):
    """Machines with vectors in common.

    Attributes
    ----------
    kernel : Polynomial
    vectors : ndarray of float32, (n, pixels)
        Support vectors, or what stands for them.
    weights : ndarray, (n, machines)
        Multipliers times signs; 0 where a vector is none of a machine's.
    thresholds : ndarray, (machines,)
        Taken off the sums.
    """

    kernel: Polynomial
    vectors: Vectors
    weights: Reals
    thresholds: Reals

    def scores(self, vectors: Vectors) -> Reals:
        """Return the scores of some vectors, (n, machines); at the margin they are 1 and -1."""
        return self.kernel.sums(vectors, self.vectors, self.weights) - self.thresholds


class Solution(NamedTuple):
    """The optimum of the machines.

    Attributes
    ----------
    weights : ndarray, (n, machines)
        Of all patterns: multipliers times signs.
    thresholds : ndarray, (machines,)
    """

    weights: Reals
    thresholds: Reals

    def support(self) -> npt.NDArray[np.int64]:
        """Return which patterns are support vectors of any machine."""
        return np.flatnonzero(self.weights.any(axis=1))

    def machines(self, kernel: Polynomial, vectors: Vectors) -> Machines:
        """Return the machines on those vectors that support them."""
        support = self.support()
        return Machines(kernel, vectors[support], self.weights[support], self.thresholds)


def train(kernel: Polynomial, vectors: Vectors, labels: Labels, c: float) -> Solution:
    """Find the optimum of a machine for each class.

    Parameters
    ----------
    kernel : Polynomial
    vectors : ndarray of float32, (n, pixels)
    labels : ndarray, (n,)
    c : float
        What no multiplier exceeds.

    Notes
    -----
    A fifth of the patterns comes first, and of these a fifth: what they leave to be done is
    little, and their own rounds are short.
    """
    signs = np.where(labels[:, None] == np.arange(CLASSES), 1.0, -1.0)
    weights, errors = np.zeros(signs.shape), -signs
    before = 0
    for known in _growing(len(vectors)):
        used = np.flatnonzero(weights.any(axis=1))
        errors[before:known] += kernel.sums(vectors[before:known], vectors[used], weights[used])
        while True:
            old = weights[:known].copy()
            for k in range(CLASSES):
                column = slice(known), k
                _solve_set(kernel, vectors, weights[column], errors[column], signs[column], c)
            changes = weights[:known] - old
            moved = np.flatnonzero(changes.any(axis=1))
            if not len(moved):
                break
            errors[:known] += kernel.sums(vectors[:known], vectors[moved], changes[moved])
        before = known
    thresholds = [
        optimality(weights[:, k], errors[:, k], signs[:, k], c).threshold for k in range(CLASSES)
    ]
    return Solution(weights, np.array(thresholds))


def _growing(patterns: int) -> list[int]:
    """Return how many patterns are known in turn, all of them in the end."""
    counts = [patterns]
    while counts[0] > _FIRST:
        counts.insert(0, counts[0] // _GROWTH)
    return counts


def _solve_set(
    kernel: Polynomial, vectors: Vectors, weights: Reals, errors: Reals, signs: Reals, c: float
) -> None:
    """Bring the weights of one working set to their optimum, unless all are at it."""
    violation, threshold = optimality(weights, errors, signs, c)
    if violation < TOLERANCE:
        return
    grows, falls = may_grow(weights, signs, c), may_fall(weights, signs, c)
    urgency = np.maximum(
        np.where(grows, threshold - errors, -np.inf), np.where(falls, errors - threshold, -np.inf)
    )
    # The two that violate them most are in, or of a full set none might be of any use.
    urgency[np.where(grows, errors, np.inf).argmin()] = np.inf
    urgency[np.where(falls, errors, -np.inf).argmax()] = np.inf
    order = np.argsort(-urgency, kind="stable")[:_LARGEST_SET]
    chosen = np.sort(order[urgency[order] > -_NEAR])
    own = vectors[chosen]
    own_weights, own_errors = weights[chosen], errors[chosen]
    kernels = kernel.between(own, own)
    improve(kernels, own_weights, own_errors, signs[chosen], c, TOLERANCE / 2)
    weights[chosen] = own_weights
