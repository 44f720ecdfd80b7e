"""Digits made by hand, brought to what they are everywhere: bytes, and a label for each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lenet98.data.arrays import as_array, found
from lenet98.data.digits import Bytes, Digits
from lenet98.data.patterns import as_images, as_labels
from lenet98.data.sizes import IMAGE_SIZE, LARGEST_LABEL
from lenet98.errors import PatternError


def as_digits(digits: Digits, height: int = IMAGE_SIZE) -> Digits:
    """Check the four arrays of a set of digits, and return them as bytes.

    Parameters
    ----------
    digits : Digits
        Of whatever NumPy takes as arrays; what is right already is not copied.
    height : int
        Pixels that images may have on a side instead of 28, such as 20 of deslanted ones.

    Returns
    -------
    Digits

    Raises
    ------
    PatternError
        They are no Digits; the images are not ink of 28x28 pixels or of that height, or there are
        none; the labels are not 0 to 9, or not as many.
    """
    if not isinstance(digits, Digits):
        raise PatternError(
            f"expected digits as Digits; found {type(digits).__name__}. "
            f"Give Digits({', '.join(Digits._fields)})."
        )
    train_images = as_bytes(digits.train_images, "train_images", height)
    test_images = as_bytes(digits.test_images, "test_images", height)
    return Digits(
        train_images,
        _as_labels(digits.train_labels, len(train_images), "train_labels"),
        test_images,
        _as_labels(digits.test_labels, len(test_images), "test_labels"),
    )


def as_bytes(images: npt.ArrayLike, name: str = "images", height: int = IMAGE_SIZE) -> Bytes:
    """Check images, and return them as bytes of ink.

    Parameters
    ----------
    images : array_like
        Of 28x28 pixels, or of `height` on a side, as `lenet98.data.patterns.as_images` takes them.
    name : str
        What to call them in a message.
    height : int
        Pixels.

    Returns
    -------
    ndarray of uint8, (n, 28, 28) or (n, height, height)

    Raises
    ------
    PatternError
        They are not ink, of another size, or there are none.
    """
    pixels = as_images(images, height, name=name).pixels
    shown = found(images, as_array(images, name))
    if not len(pixels):
        raise PatternError(f"expected at least one pattern as {name}; found {shown}. Give some.")
    if pixels.dtype != np.uint8 or pixels.shape[1:] not in ((IMAGE_SIZE,) * 2, (height,) * 2):
        raise PatternError(
            f"expected {name} as uint8 {_shapes(height)}, grey levels of ink; "
            f"found {shown}. Give the images that the patterns were made of."
        )
    return np.ascontiguousarray(pixels)


def _shapes(height: int) -> str:
    sizes = sorted({IMAGE_SIZE, height})
    return " or ".join(f"(n, {size}, {size})" for size in sizes)


def _as_labels(labels: npt.ArrayLike, patterns: int, name: str) -> Bytes:
    checked = as_labels(labels, patterns, LARGEST_LABEL + 1, name=name)
    if isinstance(labels, np.ndarray) and labels.dtype == np.uint8 and labels.ndim == 1:
        return labels
    return checked.astype(np.uint8)
