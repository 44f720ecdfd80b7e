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
    greatest = _among_down(np.maximum, _beyond(image, side), side)
    greatest = _among_down(np.maximum, _beyond(_turned(greatest), side), side)
    least = _among_down(np.minimum, greatest, side)
    return _among_down(np.minimum, _turned(least), side)


def _beyond(image: Image, side: int) -> Image:
    """Let the image go on so far that windows partly beyond its upper and lower edge are in it."""
    return np.pad(image, ((side - 1, side - 1), (0, 0)), "edge")


def _turned(image: Image) -> Image:
    """Exchange rows and columns: whole rows are compared faster than parts of them."""
    return np.ascontiguousarray(image.T)


def _among_down(greater_or_less: np.ufunc, image: Image, side: int) -> Image:
    """Return the greatest or the least of every `side` rows: fewer rows by that, less one."""
    found, reach = image, 1
    while reach < side:
        step = min(reach, side - reach)
        found = greater_or_less(found[:-step], found[step:])
        reach += step
    return found


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
