"""Images as the network takes them: the 32x32 frame, and grey levels from -0.1 to 1.175."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.data.arrays import as_array, found, spelled
from lenet98.data.levels import (
    Levels,
    first_inverted,
    levels_of,
    mend_of_ink,
    mend_of_real,
    real_are_ink,
)
from lenet98.data.shapes import stacked
from lenet98.data.sizes import IMAGE_SIZE, LARGEST_GREY
from lenet98.errors import PatternError

BACKGROUND = -0.1
FOREGROUND = 1.175
"""Grey levels of white and black, so that the mean is about 0 and the variance about 1.

Source: Sec. II-B.
"""

_ENLARGED = 0.25
"""Share of patterns of which enlarging may carry ink all round the frame: a hundredth of MNIST's,
2.5 times as large."""

Patterns = npt.NDArray[np.floating]


def grey_levels(ink: npt.NDArray[Any], dtype: npt.DTypeLike = np.float32) -> Patterns:
    """Turn ink, 0 for the background to 255, into the network's grey levels."""
    gain, background = np.array([(FOREGROUND - BACKGROUND) / LARGEST_GREY, BACKGROUND], dtype)
    return np.asarray(gain * np.asarray(ink, dtype) + background)


def ink_of(patterns: Patterns) -> npt.NDArray[np.uint8]:
    """Turn the network's grey levels into ink, 0 to 255: what `grey_levels` turned, rounded."""
    ink = (patterns - BACKGROUND) * (LARGEST_GREY / (FOREGROUND - BACKGROUND))
    return np.asarray(np.rint(ink).clip(0, LARGEST_GREY), np.uint8)


class Images(NamedTuple):
    """Images that passed the check.

    Attributes
    ----------
    pixels : ndarray of uint8, (n, 28, 28) or (n, height, width); or real, (n, height, width)
        Ink, 0 for the background to 255; or the network's own grey levels.
    alone : bool
        Whether they were given as one image, and not as a set of one.
    """

    pixels: npt.NDArray[Any]
    alone: bool

    def width(self, height: int) -> int:
        """Return the width in pixels of the patterns that a frame of `height` rows makes."""
        return height if _is_to_frame(self.pixels) else int(self.pixels.shape[2])


def as_images(
    images: npt.ArrayLike,
    height: int,
    *,
    name: str = "images",
    one: bool = False,
    noisy: bool = False,
) -> Images:
    """Check images for a network whose input has `height` rows: the one check there is.

    Parameters
    ----------
    images : array_like
        What NumPy takes as an array: an array, a list, a tensor, an image. Either ink, 0 for the
        background to 255, real numbers rounded: (n, 28, 28), (n, 784), or framed already,
        (n, height, width). Or real patterns from -0.1 to 1.175, (n, height, width). Also with an
        axis of one grey level a pixel, (n, 1, height, width) or (n, height, width, 1), and one
        image alone, (height, width), (height, width, 1) or (784,).
    height : int
        Pixels.
    name : str
        What to call them in a message.
    one : bool
        Whether only one will do; a set of one does too.
    noisy : bool
        Whether real patterns may have any share of their pixels inverted.

    Returns
    -------
    Images

    Raises
    ------
    PatternError
        They are neither, hold a NaN or an infinity, are in other grey levels, or are inverted,
        with ink all round.

    Notes
    -----
    Source: Sec. II-B, III-A.
    """
    array = as_array(images, name)
    kind = array.dtype.kind
    if kind not in "iufb":
        raise PatternError(_shape_message(images, array, height, name, one))
    levels = levels_of(array)
    if not (math.isfinite(levels.least) and math.isfinite(levels.greatest)):
        raise PatternError(
            f"expected finite grey levels as {name}; found a NaN or an infinity in "
            f"{found(images, array)}. Leave those images out."
        )
    real = kind == "f" and not real_are_ink(levels)
    mend = mend_of_real(levels, BACKGROUND, FOREGROUND) if real else mend_of_ink(levels)
    patterns = real and not mend
    stack = stacked(array, flat=not patterns, one=one)
    if stack is None or not _fits(stack.images, height, patterns, one):
        raise PatternError(_shape_message(images, array, height, name, one))
    if mend:
        raise PatternError(_levels_message(images, array, levels, mend, name))
    pixels = stack.images
    if not patterns and pixels.dtype != np.uint8:
        pixels = np.rint(pixels).astype(np.uint8)
    paper, ink = (BACKGROUND, FOREGROUND) if patterns else (0, LARGEST_GREY)
    if len(pixels) and not (patterns and noisy):
        # Digits enlarged until they leave the frame, as Sec. III-E asks for, have ink there too.
        share = _ENLARGED if patterns else 0.0
        inverted = first_inverted(pixels, (paper + ink) / 2, share)
        if inverted is not None:
            raise PatternError(
                f"expected {name} with ink on paper of {paper}; found {found(images, array)} with "
                f"ink all round image {inverted}: inverted. "
                f"Give {paper + ink:g} - {spelled(images, name)}."
            )
    return Images(pixels, stack.alone)


def _is_to_frame(pixels: npt.NDArray[Any]) -> bool:
    return bool(pixels.dtype == np.uint8) and pixels.shape[1:] == (IMAGE_SIZE, IMAGE_SIZE)


def _fits(images: npt.NDArray[Any], height: int, patterns: bool, one: bool) -> bool:
    count, rows, columns = images.shape
    framed = rows == height and columns > 1
    to_frame = not patterns and rows == columns == IMAGE_SIZE and height >= IMAGE_SIZE
    return (framed or to_frame) and (count == 1 or not one)


def _shape_message(
    images: object, array: npt.NDArray[Any], height: int, name: str, one: bool
) -> str:
    n, what = ("", "one image") if one else ("n, ", name)
    expected = f"patterns as real ({n}{height}, width)"
    if height < IMAGE_SIZE:
        expected += f", for images of {IMAGE_SIZE}x{IMAGE_SIZE} do not fit into {height} rows"
    else:
        expected = f"{what} as uint8 ({n}{IMAGE_SIZE}, {IMAGE_SIZE}), or {expected}"
    mend = "Give one of the two."
    if array.ndim > 2 and array.shape[-1] in (3, 4):
        mend = "Make the colours grey."
    elif one and array.ndim > 2:
        mend = "Give one of them."
    return f"expected {expected}; found {found(images, array)}. {mend}"


def _levels_message(
    images: object, array: npt.NDArray[Any], levels: Levels, mend: str, name: str
) -> str:
    return (
        f"expected {name} from 0 for the background to {LARGEST_GREY} for ink, or patterns from "
        f"{BACKGROUND} to {FOREGROUND}; found {found(images, array)} from {levels.least:g} to "
        f"{levels.greatest:g}. Give {mend.format(spelled(images, name))}."
    )


def framed(pixels: npt.NDArray[Any], height: int, dtype: npt.DTypeLike) -> Patterns:
    """Return images that passed the check as patterns of a network.

    Parameters
    ----------
    pixels : ndarray, (n, 28, 28) or (n, height, width)
        As of `Images`. Bytes of 28x28 are set into the middle of a square frame of background;
        bytes are scaled to grey levels; real patterns are taken as they are.
    height : int
        Pixels.
    dtype : dtype
        Of the result.

    Returns
    -------
    ndarray, (n, height, width)

    Notes
    -----
    Source: Sec. II-B, III-A.
    """
    if pixels.dtype != np.uint8:
        return np.ascontiguousarray(pixels, dtype)
    if not _is_to_frame(pixels):
        return grey_levels(pixels, dtype)
    margin = (height - IMAGE_SIZE) // 2
    inside = slice(margin, margin + IMAGE_SIZE)
    patterns = np.full((len(pixels), height, height), BACKGROUND, dtype)
    patterns[:, inside, inside] = grey_levels(pixels, dtype)
    return patterns


def as_patterns(images: npt.ArrayLike, height: int, dtype: npt.DTypeLike) -> Patterns:
    """Return images as patterns of a network whose input has `height` rows.

    Parameters
    ----------
    images : array_like
        As in `as_images`.
    height : int
        Pixels.
    dtype : dtype
        Of the result.

    Returns
    -------
    ndarray, (n, height, width)
        One image alone is a set of one.

    Raises
    ------
    PatternError
        As in `as_images`.
    """
    return framed(as_images(images, height).pixels, height, dtype)


def as_labels(
    labels: npt.ArrayLike, patterns: int, classes: int, *, name: str = "labels"
) -> npt.NDArray[np.int64]:
    """Return labels as integers, one for each pattern.

    Parameters
    ----------
    labels : array_like
        Whole numbers, (n,), or (n, 1): a column has one label a pattern, however it is read. Real
        numbers are none, not even whole ones: a mean, a missing value or a probability made them.
    patterns, classes : int
        How many.
    name : str
        What to call them in a message.

    Raises
    ------
    PatternError
        The labels are not integers from 0 to `classes` - 1, or not as many as the patterns.
    """
    array = as_array(labels, name)
    if array.dtype.kind not in "iu" or array.shape not in ((patterns,), (patterns, 1)):
        mend = "Give one for each."
        if array.dtype.kind not in "iu":
            mend = f"Give {spelled(labels, name)} as whole numbers."
        elif array.shape == (patterns, classes):
            mend = f"Give {spelled(labels, name)}.argmax(1)."
        raise PatternError(
            f"expected {patterns} whole numbers as {name}; found {found(labels, array)}. {mend}"
        )
    if array.size and not 0 <= array.min() <= array.max() < classes:
        raise PatternError(
            f"expected {name} from 0 to {classes - 1}; found {array.min()} to {array.max()}"
        )
    return array.ravel().astype(np.int64)


def as_label(label: npt.ArrayLike, classes: int) -> int:
    """Return the label of one pattern: a whole number, or an array or a tensor of one.

    Raises
    ------
    PatternError
        It is no integer from 0 to `classes` - 1.
    """
    array = as_array(label, "label")
    if array.dtype.kind not in "iu" or array.size != 1 or not 0 <= array.item() < classes:
        shown = repr(label) if array.size == 1 else found(label, array)
        raise PatternError(
            f"expected a whole number from 0 to {classes - 1} as label; found {shown}"
        )
    return int(array.item())
