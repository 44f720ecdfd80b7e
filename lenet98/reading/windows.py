"""Means, greatest and least values in square windows around every pixel."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


def mean_around(image: Image, side: int) -> Image:
    """Average over square windows; beyond the edge the image goes on as it ends.

    Parameters
    ----------
    image : ndarray of float32, (height, width)
    side : int
        Pixels, odd; of 1 the image comes back as it is.

    Returns
    -------
    ndarray of float32, (height, width)
    """
    for axis in (0, 1):
        if side > 1:
            image = np.moveaxis(_mean_down(np.moveaxis(image, axis, 0), side), 0, axis)
    return image


def _mean_down(image: Image, side: int) -> Image:
    padded = np.pad(image, ((side // 2 + 1, side // 2), (0, 0)), "edge")
    padded[0] = 0
    total = padded.cumsum(axis=0, dtype=np.float64)
    means: Image = ((total[side:] - total[:-side]) / side).astype(np.float32)
    return means


def closed(image: Image, side: int) -> Image:
    """Fill what is darker than its surroundings and narrower than a square window.

    Beyond the edge the image goes on as it ends, so that a dark bar there is no narrow thing.

    Parameters
    ----------
    image : ndarray of float32, (height, width)
    side : int
        Pixels.

    Returns
    -------
    ndarray of float32, (height, width)
        Nowhere below the image.
    """
    for axis in (0, 1):
        image = np.moveaxis(_greatest_down(np.moveaxis(image, axis, 0), side), 0, axis)
    image = -image
    for axis in (0, 1):
        image = np.moveaxis(_greatest_among_down(np.moveaxis(image, axis, 0), side), 0, axis)
    return -image


def _greatest_down(image: Image, side: int) -> Image:
    """Return the greatest of every `side` rows, also of those partly beyond the edges."""
    return _greatest_among_down(np.pad(image, ((side - 1, side - 1), (0, 0)), "edge"), side)


def _greatest_among_down(image: Image, side: int) -> Image:
    """Return the greatest of every `side` rows: fewer rows by that, less one."""
    greatest, reach = image, 1
    while reach < side:
        step = min(reach, side - reach)
        greatest = np.maximum(greatest[:-step], greatest[step:])
        reach += step
    return greatest


def widened(mask: Mask) -> Mask:
    """Add the eight neighbours of every marked pixel.

    Parameters
    ----------
    mask : ndarray of bool, (height, width)

    Returns
    -------
    ndarray of bool, (height, width)
    """
    padded = np.pad(mask, 1)
    rows = padded[:-2] | padded[1:-1] | padded[2:]
    wide: Mask = rows[:, :-2] | rows[:, 1:-1] | rows[:, 2:]
    return wide
