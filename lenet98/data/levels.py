"""Which grey levels an array holds: ink, the network's own, or others, with what mends them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.data.sizes import LARGEST_GREY

LEAST_INK = 16
"""The blackest pixel of real numbers that are ink: digits normalised by mean and deviation stay
below, as long as they cover more than three pixels."""

BEYOND = 0.15
"""How far arithmetic may carry the network's own grey levels beyond their ends."""

MNIST_MEAN, MNIST_DEVIATION = 0.1307, 0.3081
"""Of all pixels of MNIST between 0 and 1: what everybody normalises by."""

_ROUNDED = 0.5
_SAME = 0.01

_BRIGHT_CORNERS = 3
"""Of the four: a digit that leaves its frame may touch two."""

_BRIGHT_FRAME = 0.75
"""Share of the outermost pixels; of a half of them, inverted by chance, the least not reached."""

_BY_INK = f"{LARGEST_GREY} * {{}}"


class Levels(NamedTuple):
    """The least and the greatest grey level of an array; NaN where one of them is.

    Attributes
    ----------
    least, greatest : float
    """

    least: float
    greatest: float


def levels_of(array: npt.NDArray[Any]) -> Levels:
    """Return the least and the greatest grey level; 0 where there are no pixels."""
    if not array.size:
        return Levels(0.0, 0.0)
    # Half the work, where an image alone is answered in microseconds.
    least = 0.0 if array.dtype.kind == "u" else float(np.minimum.reduce(array, axis=None))
    return Levels(least, float(np.maximum.reduce(array, axis=None)))


def real_are_ink(levels: Levels) -> bool:
    """Whether real numbers can only be ink, from 0 to 255."""
    return levels.least > -_ROUNDED and levels.greatest >= LEAST_INK


def mend_of_ink(levels: Levels) -> str | None:
    """Return what makes 0 to 255 of the grey levels of ink, with ``{}`` in the array's place.

    None where nothing need be done.
    """
    if levels.greatest == 1 and levels.least >= 0:
        return _BY_INK
    if levels.least <= -_ROUNDED or levels.greatest >= LARGEST_GREY + _ROUNDED:
        return f"{{}} scaled to 0 for the background and {LARGEST_GREY} for ink"
    return None


def mend_of_real(levels: Levels, background: float, foreground: float) -> str | None:
    """Return what makes 0 to 255 of real grey levels, with ``{}`` in the array's place.

    None where they are the network's own, from `background` to `foreground`.
    """
    least, greatest = levels
    within = background - BEYOND <= least and greatest <= foreground + BEYOND
    # The network's background is below 0; a single grey level may be anything.
    if within and (least < background / 2 or least == greatest):
        return None
    normalised = (np.array([0, 1]) - MNIST_MEAN) / MNIST_DEVIATION
    if least >= 0 and greatest <= 1:
        return _BY_INK
    if abs(least + 1) < _SAME and greatest <= 1 + _SAME:
        return f"{LARGEST_GREY / 2} * ({{}} + 1)"
    if abs(least - normalised[0]) < _SAME and greatest <= normalised[1] + _SAME:
        return f"{LARGEST_GREY} * ({MNIST_DEVIATION} * {{}} + {MNIST_MEAN})"
    return f"{{}} scaled to 0 for the background and {LARGEST_GREY} for ink"


def first_inverted(images: npt.NDArray[Any], middle: float, share: float = 0.0) -> int | None:
    """Return the index of the first image that has ink all round, or None.

    Parameters
    ----------
    images : ndarray, (n, height, width)
    middle : float
        The grey level above which a pixel is ink.
    share : float
        Of the images, those that must have ink all round for one to count.
    """
    height, width = images.shape[1:]
    corners = images[:, :: height - 1, :: width - 1]
    if np.maximum.reduce(corners, axis=None) <= middle:
        return None
    suspects = np.flatnonzero((corners > middle).sum(axis=(1, 2)) >= _BRIGHT_CORNERS)
    frame = np.ones((height, width), np.bool_)
    frame[1:-1, 1:-1] = False
    inked = suspects[(images[suspects][:, frame] > middle).mean(axis=1) > _BRIGHT_FRAME]
    return int(inked[0]) if len(inked) > share * len(images) else None
