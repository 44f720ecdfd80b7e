"""K-nearest neighbours by Euclidean distance (Sec. III-C.3)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.classifiers.classifier import CLASSES, Classifier, Labels, Scores
from lenet98.classifiers.pixels import pixels_of
from lenet98.data.digits import Bytes
from lenet98.errors import PatternError, require_whole
from lenet98.storage.cache import cached_njit

_A_BLOCK = 256
"""Patterns whose distances to all training patterns are in memory at a time."""

_CLOSENESS = 0.5
"""Of a vote at most, so that votes come first and the nearest decides a tie."""


class Neighbours(NamedTuple):
    """The nearest training patterns of each of some patterns, the nearest first.

    Attributes
    ----------
    indices : ndarray of int64, (n, k)
        Of two as near, the first comes first.
    squares : ndarray of int64, (n, k)
        Squared distances, in squares of grey levels.
    """

    indices: npt.NDArray[np.int64]
    squares: npt.NDArray[np.int64]


class NearestNeighbours(Classifier):
    """The class that most of the nearest training patterns have; a tie is the nearest's.

    Parameters
    ----------
    k : int
        Neighbours that vote; the paper does not say how many.
    deslanted : bool
        Whether images are deslanted, and of 20x20 pixels.

    Notes
    -----
    A score is the number of votes, and up to a half more the nearer the class is.
    Source: Sec. III-C.3.
    """

    def __init__(self, k: int = 3, deslanted: bool = False) -> None:
        self.k = k
        self.deslanted = deslanted

    def _check(self) -> None:
        require_whole("k", self.k, 1)

    def _fit(self, images: Bytes, labels: Labels) -> None:
        if self.k > len(images):
            raise PatternError(
                f"expected at least k = {self.k} patterns; found {len(images)}. "
                "Give more, or a smaller k."
            )
        self.pixels_, self.labels_ = pixels_of(images, deslanted=self.deslanted), labels

    def _scores(self, images: Bytes) -> Scores:
        pixels = pixels_of(images, deslanted=self.deslanted)
        indices, squares = nearest(self.pixels_, pixels, self.k)
        votes = self.labels_[indices]
        distances = np.sqrt(squares)
        scores = np.zeros((len(images), CLASSES))
        for k in reversed(range(self.k)):
            rows = np.arange(len(images))
            scores[rows, votes[:, k]] = np.floor(scores[rows, votes[:, k]]) + 1
            closeness = np.ones(len(images))
            np.divide(distances[:, 0], distances[:, k], out=closeness, where=distances[:, k] > 0)
            scores[rows, votes[:, k]] += _CLOSENESS * closeness
        return scores

    @property
    def multiply_accumulates(self) -> int:
        """A distance to each training pattern."""
        return int(self.pixels_.size)

    @property
    def variables(self) -> int:
        """The training patterns."""
        return int(self.pixels_.size)


def nearest(known: Bytes, pixels: Bytes, k: int) -> Neighbours:
    """Return the k nearest of the known patterns to each of some others.

    Parameters
    ----------
    known : ndarray of uint8, (patterns, pixels)
    pixels : ndarray of uint8, (n, pixels)
    k : int
        At most as many as the known patterns.

    Returns
    -------
    Neighbours
        Exactly: reals only choose what whole numbers are compared of.
    """
    reals = known.astype(np.float32)
    halves = np.einsum("np,np->n", reals, reals, dtype=np.float64) / 2
    longest = math.sqrt(2 * halves.max(initial=0))
    indices = np.empty((len(pixels), k), np.int64)
    squares = np.empty((len(pixels), k), np.int64)
    for begin in range(0, len(pixels), _A_BLOCK):
        block = slice(begin, begin + _A_BLOCK)
        some = pixels[block].astype(np.float32)
        # Half the squared distance, less what is the same for all.
        halved = halves.astype(np.float32) - some @ reals.T
        lengths = np.sqrt(np.einsum("np,np->n", some, some, dtype=np.float64))
        doubt = _rounding(pixels.shape[1]) * longest * (lengths + longest)
        _choose(known, pixels[block], halved, doubt, indices[block], squares[block])
    return Neighbours(indices, squares)


def _rounding(terms: int) -> float:
    """Return the most by which a sum of so many products may be wrong, times their lengths."""
    return terms * float(np.finfo(np.float32).eps)


@cached_njit(nogil=True)
def _choose(
    known: Bytes,
    pixels: Bytes,
    halved: npt.NDArray[np.float32],
    doubt: npt.NDArray[np.float64],
    indices: npt.NDArray[np.int64],
    squares: npt.NDArray[np.int64],
) -> None:
    """Find the k least, by whole numbers among all that rounding may have put among them."""
    k = indices.shape[1]
    least = np.empty(k, np.float32)
    for n in range(len(pixels)):
        least[:] = np.inf
        for index in range(len(known)):
            value = halved[n, index]
            if value < least[k - 1]:
                place = k - 1
                while place > 0 and value < least[place - 1]:
                    least[place] = least[place - 1]
                    place -= 1
                least[place] = value
        limit = least[k - 1] + 2 * doubt[n]
        squares[n] = np.iinfo(np.int64).max
        for index in range(len(known)):
            if halved[n, index] <= limit:
                square = 0
                for pixel in range(known.shape[1]):
                    difference = np.int64(known[index, pixel]) - np.int64(pixels[n, pixel])
                    square += difference * difference
                if square < squares[n, k - 1]:
                    place = k - 1
                    while place > 0 and square < squares[n, place - 1]:
                        squares[n, place] = squares[n, place - 1]
                        indices[n, place] = indices[n, place - 1]
                        place -= 1
                    squares[n, place], indices[n, place] = square, index
