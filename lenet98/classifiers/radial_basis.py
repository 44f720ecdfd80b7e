"""Gaussian units round the centres of clusters, and a linear layer (Sec. III-C.4)."""

from __future__ import annotations

import numpy as np

from lenet98.classifiers.classifier import CLASSES, Classifier, Labels, Scores
from lenet98.classifiers.k_means import k_means, squared_distances
from lenet98.classifiers.least_squares import (
    Reals,
    gram_matrices,
    in_blocks,
    solve_for_classes,
    with_bias,
)
from lenet98.classifiers.pixels import vectors_of
from lenet98.data.digits import Bytes
from lenet98.data.sizes import LARGEST_GREY
from lenet98.errors import PatternError, require_whole

_SWEEPS = 12
"""Of K-means, at most. Ours."""

_NEAREST = 2
"""Other centres whose mean squared distance, over all centres, is a Gaussian's variance. Ours."""

_LEAST_VARIANCE = 1 / LARGEST_GREY**2
"""A grey level squared, for centres that coincide."""


class RadialBasis(Classifier):
    """Gaussian units, a group for each class, under a linear layer.

    Parameters
    ----------
    units : int
        Shared evenly among the classes, 10 or more.
    seed : int
        Of the patterns that K-means begins with.

    Attributes
    ----------
    centres_ : ndarray, (units, 784)
        Group by group.
    variance_ : float
        Of every unit's Gaussian.
    weights_ : ndarray, (units + 1, 10)
        The biases are last.

    Notes
    -----
    The centres of a group are those of K-means on the patterns of its class alone. All units are
    as wide: Fig. 12 counts no variable for a width of each. The width, the sweeps of K-means and
    the ridge of the least squares, of targets +1 and -1, are ours and not tuned; the paper is
    silent.
    Source: Sec. III-C.4.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> digits = draw_digits(n_train=300, n_test=5)
    >>> classifier = RadialBasis(units=30).fit(digits.train_images, digits.train_labels)
    >>> classifier.centres_.shape
    (30, 784)
    """

    def __init__(self, units: int = 1000, seed: int = 1998) -> None:
        self.units = units
        self.seed = seed

    def _check(self) -> None:
        require_whole("units", self.units, CLASSES)
        require_whole("seed", self.seed, 0)

    def _fit(self, images: Bytes, labels: Labels) -> None:
        groups = self._groups(labels)
        vectors = vectors_of(images, deslanted=False)
        rng = np.random.default_rng(self.seed)
        self.centres_ = np.concatenate(
            [
                k_means(vectors[labels == digit].astype(np.float64), units, _SWEEPS, rng)
                for digit, units in groups.items()
            ]
        )
        self.variance_ = _variance(self.centres_)
        self.weights_ = solve_for_classes(gram_matrices(self._outputs, vectors, labels))

    def _groups(self, labels: Labels) -> dict[int, int]:
        """Return the units of each class that there is, and refuse more than its patterns."""
        found, counts = np.unique(labels, return_counts=True)
        groups = {}
        for k, (digit, count) in enumerate(zip(found.tolist(), counts.tolist(), strict=True)):
            groups[digit] = (self.units + k) // len(found)
            if count < groups[digit]:
                raise PatternError(
                    f"expected at least {groups[digit]} patterns of class {digit}, one for each "
                    f"of its units; found {count}. Give more, or fewer units."
                )
        return groups

    def _scores(self, images: Bytes) -> Scores:
        vectors = vectors_of(images, deslanted=False)
        return in_blocks(lambda pixels: self._outputs(pixels) @ self.weights_, vectors)

    def _outputs(self, pixels: Reals) -> Reals:
        squares = squared_distances(pixels, self.centres_)
        return with_bias(np.exp(squares / (-2 * self.variance_)))

    @property
    def _multiply_accumulates(self) -> int:
        """A distance to each centre, and the weighted sums."""
        return int(self.centres_.size + self.weights_.size)

    @property
    def _variables(self) -> int:
        """The centres, the one variance, the weights and biases."""
        return int(self.centres_.size + 1 + self.weights_.size)


def _variance(centres: Reals) -> float:
    squares = squared_distances(centres, centres)
    np.fill_diagonal(squares, np.inf)
    nearest = np.partition(squares, _NEAREST - 1, axis=1)[:, :_NEAREST]
    return max(float(nearest.mean()), _LEAST_VARIANCE)
