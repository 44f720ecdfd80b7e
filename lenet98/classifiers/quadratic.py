"""Principal components and a polynomial of the second degree (Sec. III-C.3)."""

from __future__ import annotations

import numpy as np

from lenet98.classifiers.classifier import Classifier, Labels, Scores
from lenet98.classifiers.least_squares import (
    Reals,
    gram_matrices,
    gram_matrix,
    in_blocks,
    solve_for_classes,
    with_bias,
)
from lenet98.classifiers.pixels import Vectors, vectors_of
from lenet98.data.digits import Bytes
from lenet98.errors import require, require_whole

_MOST_COMPONENTS = 100


class Quadratic(Classifier):
    """A linear classifier of all products of two principal components.

    Parameters
    ----------
    components : int
        Principal components, 1 to 100: the sums over the products of more take over 2 GB.

    Attributes
    ----------
    axes_ : ndarray, (784, components)
        Directions of the greatest variance, the greatest first.
    weights_ : ndarray, (products + 1, 10)
        The biases are last.

    Notes
    -----
    Forty components have 820 products, squares among them; a 1 is the 821st input.
    The mean is subtracted where the covariance is found, as in the paper, but not where an image
    is projected, for so fewer held-out patterns are misclassified. That is ours, and so are least
    squares to targets of +1 and -1, of which the paper says nothing.
    Source: Sec. III-C.3.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> digits = draw_digits(n_train=300, n_test=5)
    >>> classifier = Quadratic(components=10).fit(digits.train_images, digits.train_labels)
    >>> classifier.weights_.shape
    (56, 10)
    """

    def __init__(self, components: int = 40) -> None:
        self.components = components

    def _check(self) -> None:
        require_whole("components", self.components, 1)
        few = self.components <= _MOST_COMPONENTS
        require("components", self.components, few, f"at most {_MOST_COMPONENTS}")

    def _fit(self, images: Bytes, labels: Labels) -> None:
        vectors = vectors_of(images, deslanted=False)
        self.axes_ = principal_axes(vectors, self.components)
        self.weights_ = solve_for_classes(gram_matrices(self._products, vectors, labels))

    def _scores(self, images: Bytes) -> Scores:
        vectors = vectors_of(images, deslanted=False)
        return in_blocks(lambda pixels: self._products(pixels) @ self.weights_, vectors)

    def _products(self, pixels: Reals) -> Reals:
        parts = pixels @ self.axes_
        first, second = np.triu_indices(parts.shape[1])
        return with_bias(parts[:, first] * parts[:, second])

    @property
    def _multiply_accumulates(self) -> int:
        """The projections, and the weighted sums of the products."""
        return int(self.axes_.size + self.weights_.size)

    @property
    def _variables(self) -> int:
        """The axes, the weights and biases."""
        return int(self.axes_.size + self.weights_.size)


def principal_axes(vectors: Vectors, count: int) -> Reals:
    """Return the directions of unit length in which vectors vary most, the first the most.

    Parameters
    ----------
    vectors : ndarray of float32, (patterns, pixels)
    count : int
        At most as many as pixels.

    Returns
    -------
    ndarray, (pixels, count)
    """
    gram = gram_matrix(with_bias, vectors) / len(vectors)
    mean = gram[:-1, -1]
    _, axes = np.linalg.eigh(gram[:-1, :-1] - np.outer(mean, mean))
    return np.ascontiguousarray(axes[:, ::-1][:, :count])
