"""Digits set upright: rows shifted until the principal axis is vertical (Sec. III-A)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import Bytes
from lenet98.data.labelled import as_bytes
from lenet98.data.normalisation import BOX_SIZE
from lenet98.data.sizes import IMAGE_SIZE, LARGEST_GREY
from lenet98.storage.cache import cached_njit

FOREGROUND_FROM = 0.5
"""Part of full ink from which on a pixel counts as foreground: 1, and below it 0. Ours."""

_MARGIN = (IMAGE_SIZE - BOX_SIZE) // 2


def deslant(images: npt.ArrayLike) -> Bytes:
    """Deslant images and cut out their middle.

    Parameters
    ----------
    images : array_like, (n, 28, 28)
        Grey levels of ink, 0 to 255.

    Returns
    -------
    ndarray of uint8, (n, 20, 20)
        Grey levels.

    Raises
    ------
    PatternError
        They are not such images.

    Notes
    -----
    The slope is that of the regression of columns on rows, cov(x, y) / var(y) of the foreground,
    so that after the shift the principal axis is vertical. A row between two pixels is
    interpolated. The paper gives neither the threshold nor the interpolation.
    Source: Sec. III-A.

    Examples
    --------
    >>> slanted = np.zeros((1, 28, 28), np.uint8)
    >>> slanted[0, np.arange(8, 20), np.arange(19, 7, -1)] = 255
    >>> int(deslant(slanted)[0].any(axis=0).sum())
    2
    """
    checked = as_bytes(images)
    upright = np.empty((len(checked), BOX_SIZE, BOX_SIZE), np.uint8)
    _deslant_all(checked, FOREGROUND_FROM * LARGEST_GREY, _MARGIN, upright)
    return upright


@cached_njit(nogil=True)
def _deslant_all(images: Bytes, foreground: float, margin: int, upright: Bytes) -> None:
    for index in range(len(images)):
        image = images[index]
        count, sum_x, sum_y = 0, 0.0, 0.0
        for y in range(image.shape[0]):
            for x in range(image.shape[1]):
                if image[y, x] >= foreground:
                    count += 1
                    sum_x += x
                    sum_y += y
        mean_x, mean_y = sum_x / max(count, 1), sum_y / max(count, 1)
        covariance, variance = 0.0, 0.0
        for y in range(image.shape[0]):
            for x in range(image.shape[1]):
                if image[y, x] >= foreground:
                    covariance += (x - mean_x) * (y - mean_y)
                    variance += (y - mean_y) ** 2
        slope = covariance / variance if variance > 0 else 0.0
        for row in range(upright.shape[1]):
            y = row + margin
            shift = slope * (y - mean_y)
            whole = int(np.floor(shift))
            part = shift - whole
            for column in range(upright.shape[2]):
                x = column + margin + whole
                left = image[y, x] if 0 <= x < image.shape[1] else 0
                right = image[y, x + 1] if 0 <= x + 1 < image.shape[1] else 0
                upright[index, row, column] = np.uint8((1 - part) * left + part * right + 0.5)
