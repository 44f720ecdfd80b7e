"""The ink of a line of digits, told from the paper."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lenet98.reading.clusters import boxes_around, clusters
from lenet98.reading.ink import Seen, seen_both_ways
from lenet98.reading.windows import Image, Mask

_LEAST_CLUSTER = 0.01
"""Part of the ink of the greatest: what has less is dust."""

_CELLS_ACROSS = 128
"""Ink within a cell of this grid hangs together."""


class _Line(NamedTuple):
    """What is taken for the ink of the line, and how high its highest part is, pixels."""

    seen: Seen
    ink: Mask
    highest: int

    @property
    def likelihood(self) -> float:
        """Return how far it stands out, times its size, less where it is soft as a lamp's light."""
        return self.seen.contrast * self.highest * self.seen.core(self.ink)


def find_line(grey: Image) -> Image:
    """Tell the ink of several digits side by side from the paper.

    Parameters
    ----------
    grey : ndarray of float32, shape (height, width)
        Grey levels from 0, black, to 255, white; at least 5x5 pixels.

    Returns
    -------
    ndarray of float32, shape (height, width)
        Grey levels of ink: 0 for the paper, up to 255. A clean image whose paper and blackest ink
        are pure comes back as it is, apart from inversion.

    Raises
    ------
    NoInkError
        If nothing stands out from the paper.
    PatternError
        If noise would hide the ink, or there are shades alone.

    Notes
    -----
    Ink may be lighter or darker than the paper; light may fall unevenly. Ink stands out by a fifth
    of the greatest contrast and by five deviations of the noise; its soft edges are kept, dust is
    not.
    """
    lines = seen_both_ways(grey, _line)
    best = max(lines, key=lambda line: line.likelihood)
    return best.seen.cut_out(best.ink)


def _line(seen: Seen) -> _Line:
    ink = _without_dust(seen.relief > seen.least_of_ink(), seen.relief)
    seen.demand_strokes(ink)
    box = boxes_around(clusters(ink))
    return _Line(seen, ink, int((box.bottom - box.top).max()))


def _without_dust(body: Mask, relief: Image) -> Mask:
    """Leave out the clusters with less than a hundredth of the ink of the greatest.

    A cluster wider than high counts as so many digits, which may touch; one may stand alone.
    """
    cell = int(-(-np.sqrt(body.size) // _CELLS_ACROSS))
    padding = [(0, -side % cell) for side in body.shape]
    blocks = [part for side in body.shape for part in (-(-side // cell), cell)]
    ink = np.pad(np.where(body, relief, 0), padding).reshape(blocks).sum(axis=(1, 3))
    numbers = clusters(ink > 0)
    mass = np.bincount(numbers.ravel(), ink.ravel())
    of_one = mass.copy()
    box = boxes_around(numbers)
    of_one[1:] *= np.minimum(1, (box.bottom - box.top) / (box.right - box.left))
    kept = (mass >= _LEAST_CLUSTER * of_one.max())[numbers]
    spread = kept.repeat(cell, axis=0).repeat(cell, axis=1)
    clean: Mask = body & spread[: body.shape[0], : body.shape[1]]
    return clean
