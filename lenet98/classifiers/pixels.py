"""Images as rows of pixels: regular ones of 28x28, or deslanted ones of 20x20."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lenet98.data.deslanting import deslant
from lenet98.data.digits import Bytes
from lenet98.data.sizes import LARGEST_GREY

Vectors = npt.NDArray[np.float32]


def pixels_of(images: Bytes, *, deslanted: bool) -> Bytes:
    """Return images as rows of grey levels.

    Parameters
    ----------
    images : ndarray of uint8, (n, 28, 28)
    deslanted : bool
        Whether to deslant them first.

    Returns
    -------
    ndarray of uint8, (n, 784) or (n, 400)
    """
    chosen = deslant(images) if deslanted else images
    return chosen.reshape(len(chosen), -1)


def vectors_of(images: Bytes, *, deslanted: bool) -> Vectors:
    """Return images as `pixels_of` does, but from 0 for the background to 1 for ink.

    Parameters
    ----------
    images : ndarray of uint8, (n, 28, 28)
    deslanted : bool
        Whether to deslant them first.

    Returns
    -------
    ndarray of float32, (n, 784) or (n, 400)
    """
    return np.asarray(pixels_of(images, deslanted=deslanted) / np.float32(LARGEST_GREY), np.float32)
