"""Polynomial kernels of images of unit length, by products of matrices."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lenet98.classifiers.pixels import Vectors, vectors_of
from lenet98.classifiers.soft_margin import Kernels, Reals
from lenet98.data.digits import Bytes

_A_BLOCK = 256
"""Patterns whose kernels with all others are in memory at a time."""


class Sloping(NamedTuple):
    """Kernels of some vectors with others.

    Attributes
    ----------
    kernels, slopes : ndarray of float32, (some, others)
        The slopes are derivatives by the products of the two vectors.
    """

    kernels: Kernels
    slopes: Kernels


class Polynomial(NamedTuple):
    """The kernel ((x.y + offset) / (1 + offset))^degree: 1 of a unit vector with itself.

    Attributes
    ----------
    degree : int
    offset : float
        The greater, the more the lower powers of x.y count; at 0 they do not.
    """

    degree: int
    offset: float

    def between(self, some: Vectors, others: Vectors) -> Kernels:
        """Return the kernels of some vectors with others, (some, others)."""
        return _power(self._bases(some, others), self.degree)

    def with_slopes(self, some: Vectors, others: Vectors) -> Sloping:
        """Return the kernels as `between` does, and how they grow with the products."""
        bases = self._bases(some, others)
        slopes = _power(bases.copy(), self.degree - 1)
        kernels = bases * slopes
        slopes *= np.float32(self.degree / (1 + self.offset))
        return Sloping(kernels, slopes)

    def sums(self, some: Vectors, others: Vectors, weights: Reals) -> Reals:
        """Return the sums of kernels with others, weighted.

        Parameters
        ----------
        some : ndarray of float32, (n, pixels)
        others : ndarray of float32, (m, pixels)
        weights : ndarray, (m, machines)

        Returns
        -------
        ndarray, (n, machines)
        """
        found = np.empty((len(some), weights.shape[1]))
        single = weights.astype(np.float32)
        for begin in range(0, len(some), _A_BLOCK):
            block = slice(begin, begin + _A_BLOCK)
            found[block] = self.between(some[block], others) @ single
        return found

    def _bases(self, some: Vectors, others: Vectors) -> Kernels:
        products: Kernels = some @ others.T
        if self.offset:
            products += np.float32(self.offset)
            products /= np.float32(1 + self.offset)
        return products


def unit_vectors(images: Bytes, *, deslanted: bool) -> Vectors:
    """Return images as vectors of unit length, (n, 784) or (n, 400); a blank one stays 0."""
    vectors = vectors_of(images, deslanted=deslanted)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    np.divide(vectors, lengths, out=vectors, where=lengths > 0)
    return vectors


def _power(base: Kernels, degree: int) -> Kernels:
    """Return a power, by squares; the base is overwritten."""
    power = np.ones_like(base)
    while degree:
        if degree % 2:
            power *= base
        degree //= 2
        if degree:
            base *= base
    return power
