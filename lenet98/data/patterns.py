"""Images as the network takes them: the 32x32 frame, and grey levels from -0.1 to 1.175."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import IMAGE_SIZE
from lenet98.errors import PatternError

BACKGROUND = -0.1
FOREGROUND = 1.175
"""Grey levels of white and black, so that the mean is about 0 and the variance about 1.

Source: Sec. II-B.
"""

Patterns = npt.NDArray[np.floating]


def grey_levels(ink: npt.NDArray[Any], dtype: npt.DTypeLike = np.float32) -> Patterns:
    """Turn ink, 0 for the background to 255, into the network's grey levels."""
    gain, background = np.array([(FOREGROUND - BACKGROUND) / 255, BACKGROUND], dtype)
    return np.asarray(gain * np.asarray(ink, dtype) + background)


def ink_of(patterns: Patterns) -> npt.NDArray[np.uint8]:
    """Turn the network's grey levels into ink, 0 to 255: what `grey_levels` turned, rounded."""
    ink = (patterns - BACKGROUND) * (255 / (FOREGROUND - BACKGROUND))
    return np.asarray(np.rint(ink).clip(0, 255), np.uint8)


def width_of(images: npt.NDArray[Any], height: int) -> int:
    """Return the width in pixels of the patterns that `as_patterns` makes of images.

    Parameters
    ----------
    images : ndarray
        As in `as_patterns`.
    height : int
        Pixels.

    Raises
    ------
    PatternError
        The array is none that `as_patterns` takes.
    """
    if _is_bytes(images):
        if height < IMAGE_SIZE:
            raise PatternError(
                f"expected patterns as real (n, {height}, width), for images of "
                f"{IMAGE_SIZE}x{IMAGE_SIZE} do not fit into {height} rows; found uint8"
            )
        return height
    if images.dtype.kind != "f" or images.ndim != 3 or images.shape[1] != height:
        raise PatternError(
            f"expected images as uint8 (n, {IMAGE_SIZE}, {IMAGE_SIZE}), or patterns as real "
            f"(n, {height}, width); found {images.dtype} {images.shape}"
        )
    width: int = images.shape[2]
    return width


def _is_bytes(images: npt.NDArray[Any]) -> bool:
    return bool(images.dtype == np.uint8) and images.shape[1:] == (IMAGE_SIZE, IMAGE_SIZE)


def as_patterns(images: npt.ArrayLike, height: int, dtype: npt.DTypeLike) -> Patterns:
    """Return images as patterns of a network whose input has `height` rows.

    Parameters
    ----------
    images : array_like
        Either uint8, (n, 28, 28), as MNIST has them: they are set into the middle of a square
        frame of background and scaled to grey levels. Or real, (n, height, width): patterns
        already framed and scaled, taken as they are.
    height : int
        Pixels.
    dtype : dtype
        Of the result.

    Returns
    -------
    ndarray, (n, height, width)

    Raises
    ------
    PatternError
        The array is neither, or holds a NaN or an infinity.

    Notes
    -----
    Source: Sec. II-B, III-A.
    """
    array = np.asarray(images)
    width = width_of(array, height)
    if _is_bytes(array):
        margin = (height - IMAGE_SIZE) // 2
        inside = slice(margin, margin + IMAGE_SIZE)
        patterns = np.full((len(array), height, width), BACKGROUND, dtype)
        patterns[:, inside, inside] = grey_levels(array, dtype)
        return patterns
    patterns = np.ascontiguousarray(array, dtype)
    if not np.isfinite(patterns).all():
        raise PatternError("expected finite grey levels; found a NaN or an infinity")
    return patterns


def as_labels(labels: npt.ArrayLike, patterns: int, classes: int) -> npt.NDArray[np.int64]:
    """Return labels as integers, one for each pattern.

    Raises
    ------
    PatternError
        The labels are not integers from 0 to `classes` - 1, or not as many as the patterns.
    """
    array = np.asarray(labels)
    if array.dtype.kind not in "iu" or array.shape != (patterns,):
        raise PatternError(
            f"expected {patterns} whole numbers as labels; found {array.dtype} {array.shape}"
        )
    if array.size and not 0 <= array.min() <= array.max() < classes:
        raise PatternError(
            f"expected labels from 0 to {classes - 1}; found {array.min()} to {array.max()}"
        )
    return array.astype(np.int64)
