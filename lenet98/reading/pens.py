"""How broad the pen was, and ink as a broader one would have left it."""

from __future__ import annotations

import numpy as np

from lenet98.data.normalisation import BOX_SIZE
from lenet98.reading.windows import Image, widened

# Of 50 digits of pens of 0.3 to 0.9 pixels, 46 were read right as they are, and all if broadened to
# anything from 1.2 to 2 pixels; the median of the least penalties fell from 1.8 to 0.3.

THINNEST_PEN = 1.2
"""Pixels where a digit is 20 high: MNIST was written with pens of 1.4 to 3."""

BROADENED = 1.6
"""Pixels: what a thinner pen is made to be."""


def broadened(ink: Image) -> Image:
    """Make the strokes of a thin pen as broad as those that a network has learned.

    Parameters
    ----------
    ink : ndarray of float32, (height, width)
        Grey levels, 0 for the paper; some above 0.

    Returns
    -------
    ndarray of float32
        Of broader ink on a larger paper; that of a broad pen as it is.
    """
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    pixel = (max(np.ptp(rows), np.ptp(columns)) + 1) / BOX_SIZE
    pen = _pen_width(ink)
    if pen >= THINNEST_PEN * pixel:
        return ink
    rounds = round((BROADENED * pixel - pen) / 2)
    broad = np.pad(ink, rounds)
    for number in range(rounds):
        broad = _greatest_near(broad, corners=number % 2 == 0)
    return broad


def _pen_width(ink: Image) -> float:
    """Return twice the ink over the length of its edge, pixels."""
    body = np.pad(ink > ink.max() / 2, 1)
    edge = body & widened(~body)
    return float(2 * body.sum() / edge.sum())


def _greatest_near(ink: Image, *, corners: bool) -> Image:
    """Return the greatest of every pixel and its eight neighbours, or four: in turn an octagon."""
    padded = np.pad(ink, 1)
    level = np.maximum(padded[:, :-2], np.maximum(padded[:, 1:-1], padded[:, 2:]))
    if corners:
        return np.maximum(level[:-2], np.maximum(level[1:-1], level[2:]))
    upright = np.maximum(padded[:-2, 1:-1], padded[2:, 1:-1])
    return np.maximum(level[1:-1], upright)
