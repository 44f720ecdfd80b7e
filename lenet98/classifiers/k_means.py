"""Centres of clusters by K-means."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lenet98.classifiers.least_squares import Reals


class Sweep(NamedTuple):
    """Centres after a sweep.

    Attributes
    ----------
    centres : ndarray, (k, pixels)
        Each the mean of its patterns.
    squares : float
        The sum of squared distances of all patterns, each to the centre it was nearest to before.
    """

    centres: Reals
    squares: float


def k_means(patterns: Reals, k: int, sweeps: int, rng: np.random.Generator) -> Reals:
    """Return centres, (k, pixels), each the mean of some of the patterns.

    Parameters
    ----------
    patterns : ndarray, (n, pixels)
    k : int
        At most as many as the patterns.
    sweeps : int
        At most; sooner where nothing changes.
    rng : numpy.random.Generator
        Draws the patterns that are the first centres.
    """
    centres = patterns[rng.choice(len(patterns), k, replace=False)]
    for _ in range(sweeps):
        before, centres = centres, sweep(patterns, centres).centres
        if (before == centres).all():
            break
    return centres


def sweep(patterns: Reals, centres: Reals) -> Sweep:
    """Give every pattern to its nearest centre, and move every centre to its patterns' mean.

    A centre without a pattern gets the one that is farthest from its own.

    Parameters
    ----------
    patterns : ndarray, (n, pixels)
        At least as many as the centres.
    centres : ndarray, (k, pixels)

    Returns
    -------
    Sweep
    """
    distances = squared_distances(patterns, centres)
    owners, squares = distances.argmin(axis=1), distances.min(axis=1)
    counts = np.bincount(owners, minlength=len(centres))
    for alone in np.flatnonzero(counts == 0):
        farthest = np.where(counts[owners] > 1, squares, -1).argmax()
        counts[owners[farthest]] -= 1
        owners[farthest], counts[alone], squares[farthest] = alone, 1, 0
    begins = np.cumsum(counts) - counts
    sums = np.add.reduceat(patterns[owners.argsort(kind="stable")], begins)
    return Sweep(sums / counts[:, None], float(squares.sum()))


def squared_distances(patterns: Reals, centres: Reals) -> Reals:
    """Return the squared distance of each pattern to each centre, (n, k).

    Parameters
    ----------
    patterns : ndarray, (n, pixels)
    centres : ndarray, (k, pixels)
    """
    own = np.einsum("np,np->n", patterns, patterns)[:, None]
    theirs = np.einsum("kp,kp->k", centres, centres)
    squares = own + theirs - 2 * patterns @ centres.T
    return np.asarray(np.maximum(squares, 0))  # rounding may leave less
