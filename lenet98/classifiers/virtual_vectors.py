"""Support vector machines trained again on shifted support vectors (Sec. III-C.11)."""

from __future__ import annotations

import numpy as np

from lenet98.classifiers.classifier import Labels
from lenet98.classifiers.one_against_rest import train
from lenet98.classifiers.polynomial import unit_vectors
from lenet98.classifiers.support_vectors import C, PolynomialSVM
from lenet98.data.digits import Bytes
from lenet98.data.sizes import IMAGE_SIZE

SHIFTS = ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))
"""Pixels down and to the right. Ours: the paper does not say how vectors become virtual."""


class VirtualSVM(PolynomialSVM):
    """`PolynomialSVM` twice: on the patterns, then on its support vectors and their shifts.

    A first machine finds the support vectors; these, and what they are when shifted by a pixel up,
    down, left or right, are what the second one is trained on, and it alone is kept.

    Parameters
    ----------
    degree : int
        Of both polynomials.
    offset : float
        What is added to products before the power is taken.
    c : float
        What no multiplier of either exceeds.
    deslanted : bool
        Whether images are deslanted after they are shifted, and of 20x20 pixels.

    Notes
    -----
    Source: Sec. III-C.11; the degree is 9 in Fig. 9 and 5 in Fig. 12.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> digits = draw_digits(n_train=200, n_test=100)
    >>> machines = VirtualSVM().fit(digits.train_images, digits.train_labels)
    >>> machines.score(digits.test_images, digits.test_labels) > 0.8
    True
    """

    def __init__(
        self, degree: int = 9, offset: float = 1.0, c: float = C, deslanted: bool = False
    ) -> None:
        super().__init__(degree, offset, c, deslanted)

    def _fit(self, images: Bytes, labels: Labels) -> None:
        vectors = unit_vectors(images, deslanted=self.deslanted)
        support = train(self._kernel, vectors, labels, self.c).support()
        super()._fit(shifted(images[support]), np.tile(labels[support], len(SHIFTS)))


def shifted(images: Bytes) -> Bytes:
    """Return images as they are, then all of them by each shift, (5n, 28, 28)."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    return np.concatenate(
        [
            padded[:, 1 - down : 1 - down + IMAGE_SIZE, 1 - right : 1 - right + IMAGE_SIZE]
            for down, right in SHIFTS
        ]
    )
