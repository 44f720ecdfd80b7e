"""Grey levels from colours and alpha, so that ink stands out from paper."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lenet98.data.sizes import LARGEST_GREY
from lenet98.reading.pictures import Pixels

Image = npt.NDArray[np.float32]

_RED_GREEN_BLUE = np.array([0.299, 0.587, 0.114], np.float32)

_LEAST_OF_COLOUR = 0.35
"""Part of the contrast of the colours that brightness must show to be taken."""

_LEAST_SPREAD = 24.0
"""Grey levels by which colours, or the brightness of what is not clear, must differ to count."""

_OUTLIERS = 0.2
"""Percent of the pixels that may be of any colour."""

_VISIBLE = 64.0
"""Alpha from which on a pixel's colour is seen."""


def grey_of(pixels: Pixels, factor: int) -> Image:
    """Average blocks of pixels to grey levels.

    Parameters
    ----------
    pixels : ndarray, (height, width) or (height, width, 3 or 4)
        As of `read_pixels`.
    factor : int
        Pixels on a side of a block, at most the shorter side of the image; what is left over at
        its right and lower edges is cut off.

    Returns
    -------
    ndarray of float32, (height // factor, width // factor)
        Grey levels from 0, black, to 255, white: the brightness, or where ink and paper are of
        equal brightness the axis of their colours. What is clear is white or, where that hides
        the ink, black.
    """
    rows, columns = pixels.shape[0] // factor, pixels.shape[1] // factor
    blocks = pixels[: rows * factor, : columns * factor].reshape(
        rows, factor, columns, factor, *pixels.shape[2:]
    )
    levels: Image = blocks.mean(axis=(1, 3), dtype=np.float32)
    if levels.ndim == 2:
        return levels
    return _grey(levels[..., :3] if levels.shape[2] == 3 else _opaque(levels))


def _opaque(levels: Image) -> Image:
    """Lay colours with alpha over white, or over black where white hides the ink."""
    colours, alpha = levels[..., :3], levels[..., 3]
    seen = colours[alpha >= _VISIBLE]
    cover = alpha[..., None] / LARGEST_GREY
    if alpha.min() < _VISIBLE and (
        not len(seen) or _spread(seen @ _RED_GREEN_BLUE) < _LEAST_SPREAD
    ):
        # One colour throughout: the alpha is the ink, whatever colour it has.
        return np.asarray(LARGEST_GREY * (1 - np.repeat(cover, 3, axis=2)), np.float32)
    return np.asarray(colours * cover + LARGEST_GREY * (1 - cover), np.float32)


def _grey(colours: Image) -> Image:
    """Return the brightness or, where that hardly differs, the place on the axis of the colours."""
    brightness: Image = colours @ _RED_GREEN_BLUE
    flat = colours.reshape(-1, 3)
    paper = np.median(flat, axis=0)
    away = flat - paper
    distance = np.sqrt((away * away).sum(axis=1))
    far = float(np.percentile(distance, 100 - _OUTLIERS))
    if far < _LEAST_SPREAD or _spread(brightness) >= _LEAST_OF_COLOUR * far:
        return brightness
    ink = away[distance > far / 2]
    axis = ink.mean(axis=0) / max(float(np.linalg.norm(ink.mean(axis=0))), 1e-6)
    along = away @ axis.astype(np.float32)
    # The paper white and the ink dark: which way round is no matter to what follows.
    grey = LARGEST_GREY - np.clip(along * (LARGEST_GREY / far), 0, LARGEST_GREY)
    return np.asarray(grey.reshape(brightness.shape), np.float32)


def _spread(levels: Image) -> float:
    """Return the range of grey levels, but for a few outliers."""
    low, high = np.percentile(levels, (_OUTLIERS, 100 - _OUTLIERS))
    return float(high - low)
