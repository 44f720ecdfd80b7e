"""Pairwise linear units, each telling one class from one other (Sec. III-C.1)."""

from __future__ import annotations

import numpy as np

from lenet98.classifiers.classifier import CLASSES, Classifier, Labels, Scores
from lenet98.classifiers.least_squares import Reals, gram_matrices, in_blocks, solve, with_bias
from lenet98.classifiers.pixels import vectors_of
from lenet98.data.digits import Bytes
from lenet98.network.kernels import A, S

_FIRST, _SECOND = np.triu_indices(CLASSES, 1)
_SIGNS = np.eye(CLASSES)[_FIRST] - np.eye(CLASSES)[_SECOND]
"""Of a unit's output in the score of each class, (45, 10)."""


class Pairwise(Classifier):
    """One linear unit for each two classes; a class's score is the sum of what speaks for it.

    Parameters
    ----------
    deslanted : bool
        Whether images are deslanted, and of 20x20 pixels.

    Attributes
    ----------
    weights_ : ndarray, (pixels + 1, 45)
        The biases are last. Units stand in the order 0/1, 0/2, ..., 8/9.

    Notes
    -----
    Unit i/j is to give +1 for class i and -1 for class j, and is fitted to these two alone.
    The score of class i is the sum of the outputs of all i/x, less that of all y/i.
    The paper does not say how units are fitted, nor whether they are squashed. Here they are
    solved for by least squares, then squashed as in App. A: unsquashed, a third more of held-out
    patterns are misclassified. The text speaks of regular images, but 7.6 % is about the error
    of deslanted ones.
    Source: Sec. III-C.1.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> digits = draw_digits(n_train=300, n_test=5)
    >>> classifier = Pairwise(deslanted=True).fit(digits.train_images, digits.train_labels)
    >>> classifier.decision_function(digits.test_images).shape
    (5, 10)
    """

    def __init__(self, deslanted: bool = False) -> None:
        self.deslanted = deslanted

    def _check(self) -> None:
        """Nothing can be wrong."""

    def _fit(self, images: Bytes, labels: Labels) -> None:
        grams = gram_matrices(with_bias, vectors_of(images, deslanted=self.deslanted), labels)
        sums = grams[:, :, -1]
        pairs = zip(_FIRST, _SECOND, strict=True)
        weights = [solve(grams[i] + grams[j], sums[i] - sums[j]) for i, j in pairs]
        self.weights_ = np.stack(weights, axis=1)

    def _scores(self, images: Bytes) -> Scores:
        return in_blocks(self._sums, vectors_of(images, deslanted=self.deslanted))

    def _sums(self, pixels: Reals) -> Reals:
        return np.asarray(A * np.tanh(S * (with_bias(pixels) @ self.weights_)) @ _SIGNS)

    @property
    def _multiply_accumulates(self) -> int:
        """A weighted sum for each two classes."""
        return int(self.weights_.size)

    @property
    def _variables(self) -> int:
        """The weights and biases."""
        return int(self.weights_.size)
