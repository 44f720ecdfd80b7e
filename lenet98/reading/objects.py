"""Which of the things on the paper is the digit, and how many digits there are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.errors import PatternError
from lenet98.reading.clusters import boxes_around, clusters
from lenet98.reading.windows import Image, Mask

_CELLS_ACROSS = 320
"""Ink within a cell of this grid hangs together."""

_DUST = 0.01
"""Part of the ink of the heaviest thing."""

_FAINT = 0.5
"""Times as black as the heaviest thing, on the average: what is fainter was not written with it."""

_PIECE = 0.1
"""Part of the ink of the heaviest thing: what has that is no dust."""

_MOST_PIECES = 12
"""More are a pattern, and no digit among other things."""

_LEAST_BESIDE_EDGE = 0.15
"""Part of the ink of what touches the edge: if something else has it, that is the digit."""

_LEAST_INSIDE = 0.3
"""Times the height of what encloses it: what is lower is a loose piece of the digit, or dust."""

_DIRECTIONS = 24
_LEAST_DIRECTIONS = 21
"""From the middle of a thing in which something lies that is around it."""

_FLAT = 0.25
"""Times its width: a line under the digit is no higher."""

_INTO_FOOT = 0.05
"""Times the height of the digit: a line under it begins no higher above its foot."""

_NEAR = 0.3
"""Times the digit's height: a loose piece is no further away."""

_DIGIT_HEIGHT = 0.6
"""Times the height of the tallest: what is lower is no digit of its own."""

_SHARED = 0.25
"""Part of the narrower one's columns that two digits beside one another may share."""

_LEAST_GAP = 0.15
"""Times the height of the lower one: two digits above one another are further apart."""

_AROUND = 0.3
"""Times the size of the digit: the paper around it that is looked at."""

Integers = npt.NDArray[np.int64]


class MainObject(NamedTuple):
    """The digit, and what else there is.

    Attributes
    ----------
    digit : ndarray of bool, (height, width)
        Marks its ink, loose pieces among it.
    digits : int
        How many things seem to be digits.
    extent : int
        The longer side of the box around all of them, pixels.
    """

    digit: Mask
    digits: int
    extent: int


class _Things(NamedTuple):
    """Boxes on the image and ink, (things,) each."""

    top: Integers
    bottom: Integers
    left: Integers
    right: Integers
    mass: npt.NDArray[np.float64]

    def only(self, kept: npt.NDArray[np.bool_]) -> _Things:
        top, bottom, left, right = self[:4]
        return _Things(top[kept], bottom[kept], left[kept], right[kept], self.mass[kept])

    @property
    def height(self) -> Integers:
        return self.bottom - self.top

    @property
    def width(self) -> Integers:
        return self.right - self.left


def main_object(body: Mask, relief: Image, wide: Mask) -> MainObject:
    """Find the digit among the things on the paper.

    Parameters
    ----------
    body : ndarray of bool, (height, width)
        Marks the ink; something is marked.
    relief : ndarray of float32, (height, width)
    wide : ndarray of bool, (height, width)
        Marks also what is broader than ink: a finger may touch the edge while its tip, which
        looks like ink, does not.

    Returns
    -------
    MainObject

    Raises
    ------
    PatternError
        If there are too many things.

    Notes
    -----
    The digit is the heaviest thing that neither touches the edge of the image nor encloses another
    nor lies flat under another. What is near it and no digit of its own belongs to it.
    """
    numbers = _in_cells(body)
    mass = np.bincount(numbers.ravel(), (relief * body).ravel())[1:].astype(np.float64)
    things = _Things(*boxes_around(numbers), mass)
    kept = mass >= _DUST * mass.max()
    blackness = mass / np.bincount(numbers.ravel())[1:]
    kept &= blackness >= _FAINT * blackness[mass.argmax()]
    pieces = int((kept & (mass >= _PIECE * mass.max())).sum())
    if pieces > _MOST_PIECES:
        raise PatternError(
            f"expected one digit on plain paper, found {pieces} things of its size. "
            "Cut the image so that it shows the digit."
        )
    kept &= _not_at_edge(things, kept, _at_edge(numbers, body) | _at_edge(numbers, wide))
    kept &= _not_around(things, kept, numbers)
    kept &= _not_under(things, kept)
    main = int(np.argmax(np.where(kept, things.mass, 0)))
    belongs = kept & _near(things, main)
    digits = _digits(things.only(kept))
    marked = np.concatenate([[False], belongs])[numbers] & body
    chosen = things.only(belongs)
    extent = max(chosen.bottom.max() - chosen.top.min(), chosen.right.max() - chosen.left.min())
    return MainObject(marked, digits, int(extent))


def _in_cells(body: Mask) -> Integers:
    """Give each cluster of cells that hold ink a number, pixel by pixel."""
    cell = int(-(-max(body.shape) // _CELLS_ACROSS))
    padded = np.pad(body, [(0, -side % cell) for side in body.shape])
    rows, columns = (side // cell for side in padded.shape)
    inked: Mask = np.asarray(padded.reshape(rows, cell, columns, cell).any(axis=(1, 3)))
    numbers = clusters(inked)
    spread = numbers.repeat(cell, axis=0).repeat(cell, axis=1)
    return np.where(body, spread[: body.shape[0], : body.shape[1]], 0)


def _at_edge(numbers: Integers, mask: Mask) -> npt.NDArray[np.bool_]:
    """Mark the things that lie for the most part in what of a mask touches the edge."""
    parts = _in_cells(mask)
    ends = (parts[0], parts[-1], parts[:, 0], parts[:, -1])
    touching = np.isin(parts, np.setdiff1d(np.concatenate(ends), [0]))
    share = np.bincount(numbers.ravel(), touching.ravel()) / np.bincount(numbers.ravel())
    most: npt.NDArray[np.bool_] = share[1:] > 0.5
    return most


def _not_at_edge(
    things: _Things, kept: npt.NDArray[np.bool_], touching: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Leave out what touches the edge of the image, unless there is hardly anything else."""
    free = kept & ~touching
    if not free.any() or not (kept & touching).any():
        return np.ones_like(kept)
    enough = _LEAST_BESIDE_EDGE * things.mass[kept & touching].max()
    return ~touching if things.mass[free].max() >= enough else np.ones_like(kept)


def _not_around(
    things: _Things, kept: npt.NDArray[np.bool_], numbers: Integers
) -> npt.NDArray[np.bool_]:
    """Leave out boxes and circles: what has another thing inside, high enough for a digit."""
    around = np.zeros_like(kept)
    for k in np.flatnonzero(kept):
        inside = (
            kept
            & (things.top > things.top[k])
            & (things.bottom < things.bottom[k])
            & (things.left > things.left[k])
            & (things.right < things.right[k])
            & (things.height >= _LEAST_INSIDE * things.height[k])
        )
        if inside.any():
            places = np.nonzero(numbers == k + 1)
            around[k] = any(_all_round(places, things, int(one)) for one in np.flatnonzero(inside))
    return ~around


def _all_round(places: tuple[Integers, ...], things: _Things, one: int) -> bool:
    """Whether places lie in nearly every direction from the middle of a thing."""
    y = places[0] - (things.top[one] + things.bottom[one]) / 2
    x = places[1] - (things.left[one] + things.right[one]) / 2
    turns = np.arctan2(y, x) / (2 * np.pi)
    seen = np.unique(np.floor(_DIRECTIONS * turns).astype(np.int64) % _DIRECTIONS)
    return len(seen) >= _LEAST_DIRECTIONS


def _not_under(things: _Things, kept: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Leave out flat things below what stands higher."""
    flat = things.height <= _FLAT * things.width
    if not (kept & ~flat).any():
        return np.ones_like(kept)
    main = int(np.argmax(np.where(kept & ~flat, things.mass, 0)))
    foot = things.bottom[main] - _INTO_FOOT * things.height[main]
    higher: npt.NDArray[np.bool_] = ~(flat & (things.top >= foot))
    return higher


def _near(things: _Things, main: int) -> npt.NDArray[np.bool_]:
    """Mark what is near the main thing or near what is near it, and no digit of its own."""
    near = np.zeros(len(things.mass), np.bool_)
    near[main] = True
    reach = _NEAR * max(things.height[main], things.width[main])
    while True:
        top, bottom = things.top[near].min(), things.bottom[near].max()
        left, right = things.left[near].min(), things.right[near].max()
        apart = np.maximum(
            np.maximum(top - things.bottom, things.top - bottom),
            np.maximum(left - things.right, things.left - right),
        )
        grown = near | (apart <= reach)
        if (grown == near).all():
            return near
        near = grown


def _digits(things: _Things) -> int:
    """Count what is as high as a digit and stands beside, above or below every other."""
    high = things.only(things.height >= _DIGIT_HEIGHT * things.height.max())
    order = np.argsort(-high.mass)
    counted: list[int] = []
    for k in order:
        if all(_apart(high, k, other) for other in counted):
            counted.append(int(k))
    return len(counted)


def _apart(things: _Things, one: int, other: int) -> bool:
    """Whether one stands beside the other, or well above or below it."""
    shared, least = _overlap(things.left, things.right, one, other)
    if shared <= _SHARED * least:
        return True
    shared, least = _overlap(things.top, things.bottom, one, other)
    return shared <= -_LEAST_GAP * least


def _overlap(begin: Integers, end: Integers, one: int, other: int) -> tuple[int, int]:
    """Return how much of two extents is common, and the lesser of both."""
    shared = min(end[one], end[other]) - max(begin[one], begin[other])
    return int(shared), int(min(end[one] - begin[one], end[other] - begin[other]))


def paper_around(found: MainObject, grey: Image, relief: Image, contrast: float) -> float:
    """Return which part of what surrounds the digit is paper as it lies under the digit.

    Parameters
    ----------
    found : MainObject
    grey : ndarray of float32, (height, width)
        The image, its paper light.
    relief : ndarray of float32, (height, width)
    contrast : float
        Of the ink, grey levels.
    """
    rows, columns = (np.flatnonzero(found.digit.any(axis=axis)) for axis in (1, 0))
    reach = max(2, round(_AROUND * found.extent))
    around = np.zeros(grey.shape, np.bool_)
    around[
        max(0, rows[0] - reach) : rows[-1] + reach + 1,
        max(0, columns[0] - reach) : columns[-1] + reach + 1,
    ] = True
    around[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = False
    if not around.any():
        return 1.0
    paper = float(np.median(grey[found.digit] + relief[found.digit]))
    return float((np.abs(grey[around] - paper) < 0.5 * contrast).mean())
