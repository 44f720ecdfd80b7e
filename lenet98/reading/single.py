"""The ink of one digit, told from the paper and from what else is on it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lenet98.errors import PatternError
from lenet98.reading.ink import Seen, seen_both_ways
from lenet98.reading.objects import MainObject, main_object, paper_around
from lenet98.reading.ruling import without_ruling
from lenet98.reading.windows import Image, widened

_CUT = 0.75
"""What a thing cut by the edge of the image counts, times a whole one."""

_PLAIN = 0.85
_ALL_PLAIN = 0.95
_SHEET = 0.7
"""Part of the image: what is larger is a sheet, if what lies within has plain paper around it."""

_LEAST_WITHIN = 0.25
_CLOSE = 4
"""Pixels: within them soft edges meet."""


class _Reading(NamedTuple):
    """The digit on it, and which part of what lies around that is paper."""

    seen: Seen
    found: MainObject
    around: float

    @property
    def likelihood(self) -> float:
        """Return how far it stands out, times its size, less where it is no whole thing."""
        contrast = self.seen.contrast
        full = float((self.seen.relief[self.found.digit] > 0.5 * contrast).mean())
        whole = _CUT if self._touches_edge else 1.0
        return full * whole * self.around * contrast * self.found.extent

    @property
    def _touches_edge(self) -> bool:
        digit = self.found.digit
        return bool(digit[[0, -1]].any() or digit[:, [0, -1]].any())


def find_digit(grey: Image) -> Image:
    """Tell the ink of one digit from all else.

    Parameters
    ----------
    grey : ndarray of float32, shape (height, width)
        Grey levels from 0, black, to 255, white; at least 5x5 pixels.

    Returns
    -------
    ndarray of float32, shape (height, width)
        Grey levels as `normalise` takes them: 0 for the paper, up to 255 for ink. A clean image
        whose paper and blackest ink are pure comes back as it is, apart from inversion.

    Raises
    ------
    NoInkError
        If nothing stands out from the paper.
    PatternError
        If noise would hide the ink, or there are shades alone, or several digits.

    Notes
    -----
    Ink may be lighter or darker than the paper: what is larger, stands out more and has its paper
    around it is the ink. It stands out by a fifth of the greatest contrast and by five deviations
    of the noise; its soft edges are kept, dust is not.
    """
    best, *rest = sorted(seen_both_ways(grey, _read), key=lambda reading: -reading.likelihood)
    best = next((other for other in rest if _lies_free_within(other, best)), best)
    if best.found.digits > 1:
        raise PatternError(
            f"expected one digit, found {best.found.digits} objects as high as digits. "
            "Read them as a string (--string; lenet98.reading.line), or cut the image."
        )
    return best.seen.cut_out(best.found.digit)


def _read(seen: Seen) -> _Reading:
    least = seen.least_of_ink()
    body = without_ruling(seen.relief > least, seen.relief)
    found = main_object(body, seen.relief, seen.widest > least)
    seen.demand_strokes(found.digit)
    return _Reading(seen, found, paper_around(found, seen.grey, seen.relief, seen.contrast))


def _lies_free_within(inner: _Reading, outer: _Reading) -> bool:
    """Whether what one takes for the digit lies on plain paper within what the other does.

    So does a digit on a sheet whose edge stands out from a desk; the eye of a zero does not.
    """
    if inner.around < _PLAIN or inner.found.extent < _LEAST_WITHIN * outer.found.extent:
        return False
    for axis in (0, 1):
        places = np.flatnonzero(outer.found.digit.any(axis=axis))
        within = np.flatnonzero(inner.found.digit.any(axis=axis))
        if within[0] <= places[0] or within[-1] >= places[-1]:
            return False
    rows, columns = (np.flatnonzero(outer.found.digit.any(axis=axis)) for axis in (1, 0))
    area = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
    if inner.around >= _ALL_PLAIN and area >= _SHEET * outer.found.digit.size:
        return True
    near = inner.found.digit
    for _ in range(_CLOSE):
        near = widened(near)
    return not (near & outer.found.digit).any()
