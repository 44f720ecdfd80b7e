"""Digits reduced to 16x16 pixels, as some early experiments of the paper had them (Sec. III-A)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import Bytes
from lenet98.data.labelled import as_bytes
from lenet98.data.normalisation import BOX_SIZE, resized
from lenet98.data.sizes import IMAGE_SIZE

Numbers = npt.NDArray[np.int64]

REDUCED_SIZE = 16


def reduce(images: npt.ArrayLike) -> Bytes:
    """Reduce images to 16x16 pixels by area averages.

    Parameters
    ----------
    images : array_like, (n, 28, 28)
        Grey levels of ink, 0 to 255.

    Returns
    -------
    ndarray of uint8, (n, 16, 16)
        Grey levels.

    Raises
    ------
    PatternError
        They are not such images.

    Notes
    -----
    What becomes 16x16 is a box of 20x20 that is moved from the middle of the image by as few
    pixels as it takes to hold all ink: three digits in four, centred by mass, have some outside
    the middle. Ink that is larger than the box gets a larger one. The paper says only that the
    images are down-sampled; the box and the averages are ours.
    Source: Sec. III-A.

    Examples
    --------
    >>> corner = np.zeros((1, 28, 28), np.uint8)
    >>> corner[0, :5, :5] = 255
    >>> reduce(corner)[0, :5, :5]
    array([[255, 255, 255, 255,   0],
           [255, 255, 255, 255,   0],
           [255, 255, 255, 255,   0],
           [255, 255, 255, 255,   0],
           [  0,   0,   0,   0,   0]], dtype=uint8)
    """
    checked = as_bytes(images)
    tops, bottoms = _bounds(checked.max(axis=2))
    lefts, rights = _bounds(checked.max(axis=1))
    sides = np.maximum(BOX_SIZE, np.maximum(bottoms - tops, rights - lefts))
    rows, columns = _begins(tops, bottoms, sides), _begins(lefts, rights, sides)
    reduced = np.empty((len(checked), REDUCED_SIZE, REDUCED_SIZE), np.uint8)
    for n, (row, column, side) in enumerate(zip(rows, columns, sides, strict=True)):
        box = checked[n, row : row + side, column : column + side].astype(np.float32)
        reduced[n] = resized(box, REDUCED_SIZE, REDUCED_SIZE)
    return reduced


def _bounds(darkest: Bytes) -> tuple[Numbers, Numbers]:
    """Return the first row of each image that has ink, and the one after the last."""
    inked = darkest > 0
    return inked.argmax(axis=1), IMAGE_SIZE - inked[:, ::-1].argmax(axis=1)


def _begins(firsts: Numbers, ends: Numbers, sides: Numbers) -> Numbers:
    """Return where boxes begin that hold the ink and are nearest to the middle."""
    return np.clip((IMAGE_SIZE - sides) // 2, ends - sides, firsts)
