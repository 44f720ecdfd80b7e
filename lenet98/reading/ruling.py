"""Lines printed on paper, ruled or squared: found by their length, and taken away."""

from __future__ import annotations

import numpy as np

from lenet98.reading.clusters import boxes_around, clusters
from lenet98.reading.windows import Image, Mask

_THICKEST = 0.012
"""Times the shorter side of the image: a line printed on paper is no thicker."""

_LEAST_THICKNESS = 2
"""Pixels: in a smaller image strokes are as thin as lines."""

_SHORTEST = 0.12
"""Times the length of the image: a piece of a line between two strokes that cross it."""

_LONGEST_GAP = 0.02
_NEAR_EDGE = 0.15
"""Times the length of the image: pieces of a line together reach so near both edges."""

_LEAST_MARGIN = 0.03
"""Times the side of the image: what is left without the lines keeps away from all edges but one."""


def without_ruling(body: Mask, relief: Image) -> Mask:
    """Leave out long thin level and upright lines, but not where a stroke crosses one.

    Parameters
    ----------
    body : ndarray of bool, (height, width)
        Marks the ink.
    relief : ndarray of float32, (height, width)

    Returns
    -------
    ndarray of bool, (height, width)
    """
    lines = _level_lines(body) | _level_lines(body.T).T
    if not lines.any():
        return body
    left = body & ~lines
    if not left.any():
        return body
    # In an image cut close the bar of a seven reaches from edge to edge.
    heavy = left & (relief > 0.5 * relief[left].max())
    touched = 0
    for axis in (0, 1):
        places = np.flatnonzero(heavy.any(axis=1 - axis))
        room = _LEAST_MARGIN * heavy.shape[axis]
        touched += int(places[0] < room) + int(places[-1] >= heavy.shape[axis] - room)
    if touched > 1:
        return body
    kept: Mask = left
    return kept


def _level_lines(body: Mask) -> Mask:
    """Mark thin level lines that together reach most of the way across."""
    height, width = body.shape
    thickest = round(_THICKEST * min(height, width))
    if thickest < _LEAST_THICKNESS:
        return np.zeros_like(body)
    thin = body & (_run_lengths(body) <= thickest)
    # A line that slopes a little steps from row to row; dilated, it is in one piece.
    reach = max(1, thickest // 2)
    band = _spread(thin, reach, axis=0)
    band = _bridged(band, max(3, round(_LONGEST_GAP * width)))
    band = _long_only(band, max(8, round(_SHORTEST * width)))
    if not band.any():
        return np.zeros_like(body)
    numbers = clusters(_bridged(band, round(0.5 * width)))
    box = boxes_around(numbers)
    whole = (box.left <= _NEAR_EDGE * width) & (box.right >= (1 - _NEAR_EDGE) * width)
    whole &= box.bottom - box.top <= 2 * thickest + 2 * reach + 0.08 * height
    kept = np.concatenate([[False], whole])[numbers]
    lines: Mask = thin & kept & _spread(band, 1, axis=0)
    return lines


def _run_lengths(body: Mask) -> Image:
    """Return for every marked pixel how many follow one another above and below it."""
    rows = np.arange(body.shape[0])[:, None]
    above = np.maximum.accumulate(np.where(body, -1, rows), axis=0)
    below = np.minimum.accumulate(np.where(body, len(body), rows)[::-1], axis=0)[::-1]
    return np.asarray(below - above - 1, np.float32)


def _spread(mask: Mask, reach: int, axis: int) -> Mask:
    """Mark what is within so many pixels along an axis."""
    counts = np.moveaxis(mask, axis, 0).astype(np.int32)
    total = np.pad(counts, ((reach + 1, reach), (0, 0))).cumsum(axis=0)
    wide: Mask = np.moveaxis(total[2 * reach + 1 :] > total[: -2 * reach - 1], 0, axis)
    return wide


def _bridged(mask: Mask, gap: int) -> Mask:
    """Close gaps in rows, of at most so many pixels."""
    columns = np.arange(mask.shape[1])
    left = np.maximum.accumulate(np.where(mask, columns, -gap - 2), axis=1)
    right = np.minimum.accumulate(
        np.where(mask, columns, 2 * mask.shape[1] + gap)[:, ::-1], axis=1
    )[:, ::-1]
    bridged: Mask = right - left <= gap + 1
    return bridged | mask


def _long_only(mask: Mask, length: int) -> Mask:
    """Leave runs in rows that are at least so long."""
    long: Mask = mask & (length <= _run_lengths(mask.T).T)
    return long
