"""Digits made by hand, brought to what they are everywhere: bytes, and a label for each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lenet98.data.arrays import as_array, found
from lenet98.data.digits import IMAGE_SIZE, LARGEST_LABEL, Bytes, Digits
from lenet98.data.patterns import as_images, as_labels
from lenet98.errors import PatternError


def as_digits(digits: Digits) -> Digits:
    """Check the four arrays of a set of digits, and return them as bytes.

    Parameters
    ----------
    digits : Digits
        Of whatever NumPy takes as arrays; what is right already is not copied.

    Returns
    -------
    Digits

    Raises
    ------
    PatternError
        The images are not ink of 28x28 pixels, or there are none; the labels are not 0 to 9, or
        not as many.
    """
    if not isinstance(digits, Digits):
        raise PatternError(
            f"expected digits as Digits; found {type(digits).__name__}. "
            f"Give Digits({', '.join(Digits._fields)})."
        )
    train_images = _as_bytes(digits.train_images, "train_images")
    test_images = _as_bytes(digits.test_images, "test_images")
    return Digits(
        train_images,
        _as_labels(digits.train_labels, len(train_images), "train_labels"),
        test_images,
        _as_labels(digits.test_labels, len(test_images), "test_labels"),
    )


def _as_bytes(images: npt.ArrayLike, name: str) -> Bytes:
    pixels = as_images(images, IMAGE_SIZE, name=name).pixels
    shown = found(images, as_array(images, name))
    if not len(pixels):
        raise PatternError(f"expected at least one pattern as {name}; found {shown}. Give some.")
    if pixels.dtype != np.uint8 or pixels.shape[2] != IMAGE_SIZE:
        raise PatternError(
            f"expected {name} as uint8 (n, {IMAGE_SIZE}, {IMAGE_SIZE}), grey levels of ink; "
            f"found {shown}. Give them as they were before they were framed and scaled."
        )
    return np.ascontiguousarray(pixels)


def _as_labels(labels: npt.ArrayLike, patterns: int, name: str) -> Bytes:
    checked = as_labels(labels, patterns, LARGEST_LABEL + 1, name=name)
    if isinstance(labels, np.ndarray) and labels.dtype == np.uint8 and labels.ndim == 1:
        return labels
    return checked.astype(np.uint8)
