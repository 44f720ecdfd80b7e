"""A picture from an image file, as maps: one of grey levels, or red, green and blue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lenet98.data.sizes import LARGEST_GREY
from lenet98.reading.pictures import read_pixels


def read_picture(path: Path, height: int, width: int) -> npt.NDArray[np.float32]:
    """Read an image file as maps.

    Parameters
    ----------
    path : Path
        As `lenet98.reading.pictures.read_pixels` takes it.
    height, width : int
        At the most: a larger picture is made smaller, as it is in shape.

    Returns
    -------
    ndarray, (1 or 3, height, width)
        Grey levels, or red, green and blue where they differ; 0 is black, 1 is white. What is
        clear is white.

    Raises
    ------
    DataError
        If the file cannot be read, is no image, is damaged, or is too large or too small.
    """
    pixels = read_pixels(path)
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    smaller = min(1.0, height / pixels.shape[0], width / pixels.shape[1])
    down, across = (_averages(side, max(1, int(side * smaller))) for side in pixels.shape[:2])
    levels = np.array([down @ _one(pixels, k) @ across.T for k in range(pixels.shape[2])])
    colours = levels[:3]
    if len(levels) == 4:
        colours = colours * levels[3] + 1 - levels[3]
    alike = bool((colours == colours[0]).all())
    return np.ascontiguousarray(colours[:1] if alike else colours)


def _one(pixels: npt.NDArray[Any], k: int) -> npt.NDArray[np.float32]:
    return np.asarray(pixels[..., k] / np.float32(LARGEST_GREY), np.float32)


def _averages(side: int, fewer: int) -> npt.NDArray[np.float32]:
    """Return the matrix, (fewer, side), of averages of the pixels that each new one covers."""
    edges = np.linspace(0, side, fewer + 1)
    pixels = np.arange(side)
    covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return np.asarray(covered.clip(0) * (fewer / side), np.float32)
