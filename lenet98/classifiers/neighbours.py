"""K-nearest neighbours by Euclidean distance (Sec. III-C.2)."""

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

_PATTERNS, _KNOWN = 1024, 2048
"""How many patterns are multiplied with how many known ones at a time: 8 megabytes of products."""

_RUN = 64
"""Products looked through at a time for whether any is near."""

_CLOSENESS = 0.5
"""Of a vote at most, so that votes come first and the nearest decides a tie."""

Squares = npt.NDArray[np.int64 | np.float64]
"""Squared distances."""


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
        Neighbours that vote: 3 on deslanted images, as the paper has it; of regular ones it does
        not say how many.
    deslanted : bool
        Whether images are deslanted, and of 20x20 pixels.

    Notes
    -----
    A score is the number of votes, and up to a half more the nearer the class is, whether it has a
    vote or none: where all agree, that tells the sure answers from the others.
    Source: Sec. III-C.2.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> digits = draw_digits(n_train=300, n_test=5)
    >>> classifier = NearestNeighbours(k=1).fit(digits.train_images, digits.train_labels)
    >>> classifier.predict(digits.train_images[:5]).tolist() == digits.train_labels[:5].tolist()
    True
    """

    def __init__(self, k: int = 3, deslanted: bool = False) -> None:
        self.k = k
        self.deslanted = deslanted

    def _check(self) -> None:
        require_whole("k", self.k, 1)

    def _fit(self, images: Bytes, labels: Labels) -> None:
        require_enough(self.k, images)
        self.pixels_, self.labels_ = pixels_of(images, deslanted=self.deslanted), labels

    def _scores(self, images: Bytes) -> Scores:
        pixels = pixels_of(images, deslanted=self.deslanted)
        return votes_of_nearest(self.pixels_, self.labels_, pixels, self.k)

    @property
    def _multiply_accumulates(self) -> int:
        """A distance to each training pattern."""
        return int(self.pixels_.size)

    @property
    def _variables(self) -> int:
        """The training patterns."""
        return int(self.pixels_.size)


def require_enough(k: int, images: Bytes) -> None:
    """Refuse fewer patterns than neighbours that are asked for.

    Raises
    ------
    PatternError
    """
    if k > len(images):
        raise PatternError(
            f"expected at least k = {k} patterns; found {len(images)}. Give more, or a smaller k."
        )


def votes_of_nearest(known: Bytes, labels: Labels, pixels: Bytes, k: int) -> Scores:
    """Return the scores of some patterns by their k nearest of the known ones.

    Parameters
    ----------
    known : ndarray of uint8, (patterns, pixels)
    labels : ndarray of int64, (patterns,)
    pixels : ndarray of uint8, (n, pixels)
    k : int
        At most as many as the known patterns.

    Returns
    -------
    ndarray, (n, 10)
    """
    # Those of each class, of which the nearest of all are some: all classes' distances are asked.
    indices, squares = [], []
    of_classes = np.full((len(pixels), CLASSES), np.inf)
    for digit in np.unique(labels):
        own = np.flatnonzero(labels == digit)
        found = nearest(known[own], pixels, min(k, len(own)))
        indices.append(own[found.indices])
        squares.append(found.squares)
        of_classes[:, digit] = found.squares[:, 0]
    candidates, distances = np.hstack(indices), np.hstack(squares)
    order = np.lexsort((candidates, distances))[:, :k]
    return votes_of(labels[np.take_along_axis(candidates, order, axis=1)], of_classes)


def votes_of(labels: Labels, of_classes: Squares) -> Scores:
    """Return the votes for each class, and up to a half more the nearer the class is.

    Parameters
    ----------
    labels : ndarray of int64, (n, k)
        Of the neighbours that vote.
    of_classes : ndarray, (n, 10)
        Squared distance to the nearest of each class; infinite where there is none.

    Returns
    -------
    ndarray, (n, 10)
    """
    distances = np.sqrt(of_classes)
    closeness = np.ones(distances.shape)
    least = distances.min(axis=1, keepdims=True)
    np.divide(least, distances, out=closeness, where=distances > 0)
    votes = (labels[:, :, None] == np.arange(CLASSES)).sum(axis=1)
    return np.asarray(votes + _CLOSENESS * closeness)


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
    squared = _squared_lengths(reals)
    halves = (squared / 2).astype(np.float32)
    longest = math.sqrt(squared.max(initial=0))
    indices = np.empty((len(pixels), k), np.int64)
    squares = np.full((len(pixels), k), np.iinfo(np.int64).max)
    for begin in range(0, len(pixels), _PATTERNS):
        block = slice(begin, begin + _PATTERNS)
        some = pixels[block].astype(np.float32)
        own = _squared_lengths(some)
        doubt = _rounding(known.shape[1]) * longest * (np.sqrt(own) + longest)
        for first in range(0, len(known), _KNOWN):
            part = slice(first, first + _KNOWN)
            products = some @ reals[part].T
            candidates = (known[part], first, halves[part], products)
            _choose(*candidates, pixels[block], own, doubt, indices[block], squares[block])
    return Neighbours(indices, squares)


def _squared_lengths(reals: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Return the sum of squares of each row, a whole number."""
    return np.asarray(np.einsum("np,np->n", reals, reals, dtype=np.float64))


def _rounding(terms: int) -> float:
    """Return the most by which half a distance's square may be wrong, times the lengths.

    Of a sum of so many products; two more are for its halves and for the limit it is held against.
    """
    return (terms + 2) * float(np.finfo(np.float32).eps)


@cached_njit(nogil=True)
def _choose(
    known: Bytes,
    first: int,
    halves: npt.NDArray[np.float32],
    products: npt.NDArray[np.float32],
    pixels: Bytes,
    own: npt.NDArray[np.float64],
    doubt: npt.NDArray[np.float64],
    indices: npt.NDArray[np.int64],
    squares: npt.NDArray[np.int64],
) -> None:
    """Put among the k least those of some more known patterns that are.

    Half the squared distance is a known half, less the product, plus what is the same for all.
    What by that may be among the least, rounding considered, is compared in whole numbers.
    """
    last = indices.shape[1] - 1
    for n in range(len(pixels)):
        limit = np.float32((squares[n, last] - own[n]) / 2 + doubt[n])
        for begin in range(0, len(known), _RUN):
            end = min(begin + _RUN, len(known))
            near = 0
            for index in range(begin, end):  # in vectors, for it has no branch
                near += halves[index] - products[n, index] <= limit
            if near == 0:
                continue
            for index in range(begin, end):
                if halves[index] - products[n, index] <= limit:
                    square = 0
                    for pixel in range(known.shape[1]):
                        difference = np.int32(known[index, pixel]) - np.int32(pixels[n, pixel])
                        square += difference * difference
                    if square < squares[n, last]:
                        place = last
                        while place > 0 and square < squares[n, place - 1]:
                            squares[n, place] = squares[n, place - 1]
                            indices[n, place] = indices[n, place - 1]
                            place -= 1
                        squares[n, place], indices[n, place] = square, first + index
                        limit = np.float32((squares[n, last] - own[n]) / 2 + doubt[n])
