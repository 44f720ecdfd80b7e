"""A pattern from an image file of anybody's own digit."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lenet98.data.digits import Bytes
from lenet98.data.normalisation import BOX_SIZE, normalise
from lenet98.data.sizes import LARGEST_GREY
from lenet98.errors import PatternError
from lenet98.reading.colours import grey_of
from lenet98.reading.pens import broadened
from lenet98.reading.pictures import read_pixels
from lenet98.reading.single import find_digit

LEAST_BLACK = 20
"""Grey levels that the blackest pixel must keep when the image shrinks to a pattern."""

_WORKING_SIDE = 1000
"""Pixels to which the longer side of a larger image is brought."""


def read_pattern(path: str | Path) -> Bytes:
    """Read an image of one digit as a pattern that a network takes.

    Parameters
    ----------
    path : str or Path
        A PNG, or whatever else Pillow knows: grey or colour, with or without alpha, of any bit
        depth and size from 5x5 to 25 million pixels; turned upright where it says how. Ink may be
        dark or light. What touches the edge of the image or encloses the digit, and lines printed
        on the paper, are left out.

    Returns
    -------
    ndarray of uint8, shape (28, 28)
        Grey levels, 0 for the background up to 255 for the blackest ink, size-normalised and
        centred by mass.

    Raises
    ------
    DataError
        If the file cannot be read, is no image, is damaged, or is too large or too small.
    PatternError
        If the image is blank, or shows shades alone, or several digits.

    Notes
    -----
    Source: Sec. III-A.
    """
    path = Path(path)
    pixels = read_pixels(path)
    height, width = pixels.shape[:2]
    factor = min(-(-max(height, width) // _WORKING_SIDE), height, width)
    try:
        return blackened(normalise(broadened(find_digit(grey_of(pixels, factor)))))
    except PatternError as error:
        raise PatternError(f"{path}: {error}") from error


def blackened(pattern: Bytes) -> Bytes:
    """Stretch the grey levels up to full ink, where shrinking made the strokes of a thin pen grey.

    The patterns of MNIST were written with a broad one, and hardly any of them lacks full ink.

    Parameters
    ----------
    pattern : ndarray of uint8, any shape

    Returns
    -------
    ndarray of uint8
        Of the same shape.

    Raises
    ------
    PatternError
        If hardly anything is left to stretch.
    """
    blackest = pattern.max()
    if blackest < LEAST_BLACK:
        raise PatternError(
            f"expected strokes that show where a digit is {BOX_SIZE} pixels high, found them too "
            "thin. Use a broader pen, and cut away what is no digit."
        )
    stretched: Bytes = np.rint(pattern * (LARGEST_GREY / blackest)).astype(np.uint8)
    return stretched
