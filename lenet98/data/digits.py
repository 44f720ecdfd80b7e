"""A set of labelled digit patterns, whatever they were made from."""

import hashlib
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.data.sizes import LARGEST_LABEL
from lenet98.errors import DataError

Bytes = npt.NDArray[np.uint8]


class Digits(NamedTuple):
    """Training and test patterns; unpacks into four arrays.

    Attributes
    ----------
    train_images : ndarray of uint8, (n_train, 28, 28)
        Grey levels, 0 for the background, 255 for ink.
    train_labels : ndarray of uint8, (n_train,)
        The digit that each training pattern shows, 0 to 9.
    test_images : ndarray of uint8, (n_test, 28, 28)
        Grey levels as in `train_images`.
    test_labels : ndarray of uint8, (n_test,)
        The digit that each test pattern shows, 0 to 9.

    Notes
    -----
    Source: Sec. III-A.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> train_images, train_labels, *test = draw_digits(n_train=3, n_test=1)
    >>> train_images.shape, train_labels.shape
    ((3, 28, 28), (3,))
    """

    train_images: Bytes
    train_labels: Bytes
    test_images: Bytes
    test_labels: Bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the shapes and the bytes, as 64 hexadecimal digits."""
        digest = hashlib.sha256()
        for array in map(np.asarray, self):
            digest.update(repr(array.shape).encode())
            digest.update(array.tobytes())
        return digest.hexdigest()

    def first(self, patterns: int | None) -> "Digits":
        """Return the set with so many first training patterns alone; None for all.

        Examples
        --------
        >>> from lenet98 import draw_digits
        >>> len(draw_digits(n_train=3, n_test=1).first(2).train_labels)
        2
        """
        return self._replace(
            train_images=self.train_images[:patterns], train_labels=self.train_labels[:patterns]
        )


def check_labelled(images: Bytes, labels: Bytes, source: str) -> None:
    """Refuse labels that are no digits, or that do not belong one to each image.

    Parameters
    ----------
    images : ndarray of uint8, (n, height, width)
        Grey levels.
    labels : ndarray of uint8, (n,)
        One digit for each image.
    source : str
        Where the two came from, for the message.

    Raises
    ------
    DataError
        The lengths differ, or a label is above 9.
    """
    if len(images) != len(labels):
        raise DataError(
            f"{source}: expected one label for each image, "
            f"found {len(images)} images and {len(labels)} labels. Use files of the same set."
        )
    wrong = np.flatnonzero(labels > LARGEST_LABEL)
    if wrong.size:
        raise DataError(
            f"{source}: expected labels 0 to {LARGEST_LABEL}, "
            f"found {labels[wrong[0]]} at pattern {wrong[0]}. Use a set of digits."
        )
