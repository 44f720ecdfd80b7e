"""Linear units that are solved for: least squares, from sums over the patterns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from lenet98.classifiers.classifier import CLASSES, Labels
from lenet98.classifiers.pixels import Vectors

Reals = npt.NDArray[np.float64]
Function = Callable[[Reals], Reals]
"""From the pixels of some patterns, (n, pixels), to what is wanted of each, (n, m)."""

RIDGE = 1.0
"""What a unit's squared weights add to its squared errors on all patterns. Ours, not tuned."""

_A_BLOCK = 4096
"""Patterns whose inputs are in memory at a time."""


def with_bias(inputs: Reals) -> Reals:
    """Return inputs, (n, m), with a 1 after each: (n, m + 1)."""
    return np.hstack([inputs, np.ones((len(inputs), 1))])


def in_blocks(function: Function, vectors: Vectors) -> Reals:
    """Return what a function makes of all patterns, (n, m), some at a time."""
    begins = range(0, len(vectors), _A_BLOCK)
    return np.concatenate([function(_block(vectors, begin)) for begin in begins])


def gram_matrix(inputs: Function, vectors: Vectors) -> Reals:
    """Return the sum of x x' over the patterns, x being the inputs made of one.

    Parameters
    ----------
    inputs : callable
        The last of the m it makes is 1.
    vectors : ndarray of float32, (patterns, pixels)
        May be none.

    Returns
    -------
    ndarray, (m, m)
        Its last column is the sum of x.
    """
    size = inputs(np.zeros((1, vectors.shape[1]))).shape[1]
    total = np.zeros((size, size))
    for begin in range(0, len(vectors), _A_BLOCK):
        some = inputs(_block(vectors, begin))
        total += some.T @ some
    return total


def gram_matrices(inputs: Function, vectors: Vectors, labels: Labels) -> Reals:
    """Return the `gram_matrix` of each class, (10, m, m).

    Parameters
    ----------
    inputs : callable
    vectors : ndarray of float32, (patterns, pixels)
        As for `gram_matrix`.
    labels : ndarray of int64, (patterns,)
    """
    return np.stack([gram_matrix(inputs, vectors[labels == digit]) for digit in range(CLASSES)])


def solve(gram: Reals, moments: Reals) -> Reals:
    """Return the weights that make the squared errors and `RIDGE` times their squares least.

    Parameters
    ----------
    gram : ndarray, (m, m)
        The sum of x x' over the patterns.
    moments : ndarray, (m, units)
        The sum of x times each unit's target.

    Returns
    -------
    ndarray, (m, units)
    """
    return np.asarray(np.linalg.solve(gram + RIDGE * np.eye(len(gram)), moments))


def solve_for_classes(grams: Reals) -> Reals:
    """Return the weights of ten units, whose target is +1 for one class and -1 for the others.

    Parameters
    ----------
    grams : ndarray, (10, m, m)
        As `gram_matrices` gives them.

    Returns
    -------
    ndarray, (m, 10)
    """
    sums = grams[:, :, -1].T
    return solve(grams.sum(axis=0), 2 * sums - sums.sum(axis=1, keepdims=True))


def _block(vectors: Vectors, begin: int) -> Reals:
    return vectors[begin : begin + _A_BLOCK].astype(np.float64)
