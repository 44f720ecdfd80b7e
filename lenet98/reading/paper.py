"""The paper behind the ink, estimated at every pixel from its surroundings."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lenet98.reading.windows import Image, closed, mean_around

LEAST_STEP = 0.5
"""Grey levels: less than two pixels of an image differ by, so what is below is arithmetic."""

_DEVIATION_OF_MEDIAN = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""

_WIDEST_STROKE = 0.35
"""Times the side of a square image as large: a stroke is narrower, a bar or a shadow wider."""

_LEAST_WINDOW = 4
"""Pixels more: in a tiny image strokes are broad."""

_WINDOWS = (0.7, 0.5, 0.35)
"""Times the widest stroke: the smaller the window, the less of a shadow is taken for ink."""

_LEAST_SMALLER = 16
"""Pixels: smaller windows would take the eye of a small zero for ink."""

_WEAK = 0.2
_SHADE = 0.3
"""Part of what stands out weakly that must vanish in a smaller window, or it is edges of ink."""

_STRONG = 0.7
"""Part of the contrast: a shadow is less than that darker than its paper."""

_SAME = 0.6
_LOST = 0.03
"""Part of the ink that may lose more than that in a smaller window."""

_LEAST_SHEET = 0.6
_SHEET_OVER_STROKE = 1.2
"""Times the side of a square image as large, and the widest stroke: what is wider is no digit."""

_SHEET_PART = 0.5
_THICKEST_LINE = 0.02
"""Times the side of a square image as large: lines of the paper divide no sheet."""

_GREATEST_OF_MANY = 5
"""Deviations of the noise by which the greatest of many values may lie above their mean."""

_GRAIN = 0.015
"""Part of the contrast that noise may be; above it the image is smoothed further."""

_SMOOTHING = (1, 3, 5, 7, 9, 11)
"""Sides of the windows of means, pixels."""

_CALM = 3
"""Side of the window of means, pixels, for the paper of an image that is noisy even so."""

_LEAST_SIDES = 40
"""Windows of means that must fit beside one another into the image, or strokes are lost."""

_TILE = 16
_PLAIN_TILES = 35
"""Percent of the tiles that hold no edges, even where the image is cut close."""

_OUTLIERS = 0.1
_GREATEST_GAIN = 3.0
_FULL_LIGHT = 90
"""Percent of the paper that is no lighter than what counts as fully lit."""


class Soft(NamedTuple):
    """An image looked at from so far away that noise and the dots of a screen are grey.

    Attributes
    ----------
    grey : ndarray of float32, (height, width)
        Of a clean image as it was.
    noise : float
        Standard deviation of the noise left.
    calm : ndarray of float32, (height, width)
        Softer still, if it is noisy even so.
    """

    grey: Image
    noise: float
    calm: Image

    def negative(self) -> Soft:
        """Return what is light as dark, and the other way round."""
        return Soft(-self.grey, self.noise, -self.calm)


class Relief(NamedTuple):
    """By how much the image stands out from the paper.

    Attributes
    ----------
    height : ndarray of float32, (height, width)
        Grey levels, as they would be in full light; positive for ink.
    noise : float
        Standard deviation of the paper's grain.
    widest : ndarray of float32, (height, width)
        Of the widest window: what is broader than strokes stands out in whole.
    """

    height: Image
    noise: float
    widest: Image


def smoothed(grey: Image) -> Soft:
    """Take means of windows as small as leave little noise.

    Parameters
    ----------
    grey : ndarray of float32, (height, width)

    Returns
    -------
    Soft
    """
    sides = [side for side in _SMOOTHING if side == 1 or side * _LEAST_SIDES <= min(grey.shape)]
    for side in sides:
        means = mean_around(grey, side)
        noise, grain = _noise(means, 2 * side + 1), _GRAIN * _range(means)
        if noise <= grain:
            break
    if len(sides) == 1:
        # In a small image most tiles hold edges, and dots are no dots.
        deviation = float(np.median(np.abs(means - np.median(means))))
        noise = min(noise, _DEVIATION_OF_MEDIAN * deviation)
    return Soft(means, noise, mean_around(means, _CALM) if noise > grain else means)


def _range(image: Image) -> float:
    low, high = np.percentile(image, (_OUTLIERS, 100 - _OUTLIERS))
    return float(high - low)


def _noise(image: Image, side: int) -> float:
    """Return the deviation from the mean around in tiles without edges."""
    rows, columns = (length // _TILE for length in image.shape)
    if not rows or not columns:
        return 0.0
    rough = (image - mean_around(image, side))[: rows * _TILE, : columns * _TILE]
    tiles = (rough * rough).reshape(rows, _TILE, columns, _TILE).mean(axis=(1, 3))
    return float(np.sqrt(np.percentile(tiles, _PLAIN_TILES)))


def relief_of(soft: Soft) -> Relief:
    """Tell by how much dark ink stands out from the paper around it.

    Parameters
    ----------
    soft : Soft
        The negative, if the ink is light.

    Returns
    -------
    Relief

    Notes
    -----
    The paper is the image with all filled up that is narrower than a window, the smallest one that
    strokes are narrower than. So the edge of a shadow stays, and a bar at the edge of the image is
    paper of another kind. A sheet is no ink, however dark: the image with what is light filled in
    is narrower than most of the image. Ink in the shade is given the contrast of full light, as the
    light multiplies both.
    """
    grey, noise, calm = soft
    side = np.sqrt(grey.size)
    widest = round(_WIDEST_STROKE * side) + _LEAST_WINDOW
    sheet = max(round(_LEAST_SHEET * side), round(_SHEET_OVER_STROKE * widest))
    unruled = closed(grey, max(3, round(_THICKEST_LINE * side)))
    solid = -closed(-unruled, round(_WINDOWS[-1] * widest))
    limit = closed(solid, sheet) - np.minimum(solid, grey)
    smaller = [round(part * widest) for part in _WINDOWS]
    windows = [widest, *(one for one in smaller if one >= _LEAST_SMALLER)]
    papers = (closed(calm, window) for window in windows)
    reliefs = (_lit(_limited(paper - grey, limit), paper, noise) for paper in papers)
    widest_of_all = whole = next(reliefs)
    least = _WEAK * np.percentile(whole, 100 - _OUTLIERS)
    strong = whole > _STRONG / _WEAK * least
    weak = (whole > least) & ~strong
    for height in reliefs if strong.any() and weak.any() else ():
        if (height[strong] < _SAME * whole[strong]).mean() > _LOST:
            break
        if (height[weak] < least).mean() > _SHADE:
            whole = height
    return Relief(whole, noise, widest_of_all)


def _limited(height: Image, limit: Image) -> Image:
    """Lower what stands out of a sheet; a limit little lower than the ink is noise."""
    return np.where(limit < _SHEET_PART * height, limit, height)


def _lit(height: Image, paper: Image, noise: float) -> Image:
    """Return what stands out from the paper by so much as it would in full light."""
    lit = height
    if noise > LEAST_STEP:
        # The greatest of many noisy values lies above their mean.
        lit = lit - np.float32(min(float(np.median(height)), _GREATEST_OF_MANY * noise))
    if paper.min() >= 0:
        full = np.float32(np.percentile(paper, _FULL_LIGHT))
        lit = lit * ((full + 1) / (np.maximum(paper, full / np.float32(_GREATEST_GAIN)) + 1))
    return np.asarray(lit, np.float32)
