"""Support vector machines on a few vectors that stand for all of theirs (Sec. III-C.11)."""

from __future__ import annotations

import math

import numpy as np

from lenet98.classifiers.classifier import Labels
from lenet98.classifiers.one_against_rest import Machines
from lenet98.classifiers.pixels import Vectors
from lenet98.classifiers.quasi_newton import Height, minimise
from lenet98.classifiers.soft_margin import Reals
from lenet98.classifiers.support_vectors import C, PolynomialSVM
from lenet98.data.digits import Bytes
from lenet98.errors import require_whole

VECTORS = 818
"""As many as take the 650,000 multiply-adds of Fig. 11 on regular images; deslanted, 1585 do."""

ROUNDS = 50
"""Changes of all vectors together; more of them bring next to nothing. Ours."""

_FIRST_CHANGE = 0.1
"""Of the length of a vector, in the first round."""

_RIDGE = 1e-6
"""Added to the kernel of each vector with itself, should two of them be all but one."""


class ReducedSetSVM(PolynomialSVM):
    """`PolynomialSVM`, whose support vectors then give way to fewer that are no patterns.

    Parameters
    ----------
    degree : int
        Of the polynomial.
    vectors : int
        How many there are in the end, for all machines together.
    offset : float
        What is added to products before the power is taken.
    c : float
        What no multiplier exceeds.
    deslanted : bool
        Whether images are deslanted, and of 20x20 pixels.

    Notes
    -----
    The vectors begin as the support vectors of the greatest weights, and go down the gradient of
    the distance between the machines and those on support vectors, as functions (Burges, 1996).
    That the ten machines share them is ours: for so many products, each has ten times as many.
    Source: Sec. III-C.11.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> digits = draw_digits(n_train=200, n_test=100)
    >>> machines = ReducedSetSVM(vectors=40).fit(digits.train_images, digits.train_labels)
    >>> machines.multiply_accumulates  # 784 pixels and ten weights for each vector
    31760
    """

    def __init__(
        self,
        degree: int = 5,
        vectors: int = VECTORS,
        offset: float = 0.0,
        c: float = C,
        deslanted: bool = False,
    ) -> None:
        super().__init__(degree, offset, c, deslanted)
        self.vectors = vectors

    def _check(self) -> None:
        super()._check()
        require_whole("vectors", self.vectors, 1)

    def _fit(self, images: Bytes, labels: Labels) -> None:
        super()._fit(images, labels)
        self.machines_ = reduce(self.machines_, self.vectors)


def reduce(machines: Machines, count: int) -> Machines:
    """Return machines on fewer vectors that score much the same.

    Parameters
    ----------
    machines : Machines
    count : int
        Vectors that they shall have, if they have not fewer.
    """
    if count >= len(machines.vectors):
        return machines
    # An image without ink has no length, and so no direction in which it could go.
    inked = np.flatnonzero(machines.vectors.any(axis=1))
    weights = (machines.weights[inked] ** 2).sum(axis=1)
    greatest = inked[np.argsort(-weights, kind="stable")[:count]]
    start = machines.vectors[greatest].astype(np.float64)
    distance = Distance(machines)
    few = _unit(minimise(distance, start, _FIRST_CHANGE * math.sqrt(len(start)), ROUNDS))
    return machines._replace(vectors=few, weights=distance.weights(few))


class Distance:
    """Squared distance, as functions, of machines to the nearest machines on other vectors.

    Less what does not depend on the vectors. They count by their direction alone.

    Parameters
    ----------
    machines : Machines
    """

    def __init__(self, machines: Machines) -> None:
        self._kernel, self._vectors = machines.kernel, machines.vectors
        self._weights = machines.weights.astype(np.float32)

    def weights(self, vectors: Vectors) -> Reals:
        """Return the weights of the nearest machines on those vectors of unit length."""
        sums = self._kernel.between(vectors, self._vectors) @ self._weights
        return _solve(self._kernel.between(vectors, vectors), sums)

    def __call__(self, directions: Reals) -> Height:
        """Return the distance and its gradient.

        Parameters
        ----------
        directions : ndarray, (n, pixels)
            Vectors of any length but 0.
        """
        vectors = _unit(directions)
        far = self._kernel.with_slopes(vectors, self._vectors)
        near = self._kernel.with_slopes(vectors, vectors)
        sums = far.kernels @ self._weights
        weights = _solve(near.kernels, sums)
        # The weights are the best ones, so that their own change counts for nothing.
        own = weights.astype(np.float32)
        far.slopes[:] *= own @ self._weights.T
        near.slopes[:] *= own @ own.T
        gradient = 2.0 * (near.slopes @ vectors - far.slopes @ self._vectors)
        gradient -= np.einsum("np,np->n", gradient, vectors)[:, None] * vectors
        gradient /= np.linalg.norm(directions, axis=1, keepdims=True)
        return Height(-float(np.vdot(weights, sums)), gradient)


def _solve(kernels: Vectors, sums: Vectors) -> Reals:
    matrix = kernels.astype(np.float64)
    matrix[np.diag_indices(len(matrix))] += _RIDGE
    return np.asarray(np.linalg.solve(matrix, sums), np.float64)


def _unit(vectors: Reals) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / lengths, np.float32)
