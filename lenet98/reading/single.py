"""The ink of one digit, told from the paper and from what else is on it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lenet98.data.sizes import LARGEST_GREY
from lenet98.errors import PatternError
from lenet98.reading.ink import LEAST_STEP, OUTLIERS, least_of_ink
from lenet98.reading.objects import Found, main_object, paper_around
from lenet98.reading.paper import relief_of, smoothed
from lenet98.reading.ruling import without_ruling
from lenet98.reading.windows import Image, widened

_EDGE_DEVIATIONS = 4
"""Of the noise: what is fainter beside ink is grain, and no soft edge."""

_CUT = 0.75
"""What a thing cut by the edge of the image counts, times a whole one."""

_PLAIN = 0.85
_ALL_PLAIN = 0.95
_SHEET = 0.7
"""Part of the image: what is larger is a sheet, if what lies within has plain paper around it."""

_LEAST_WITHIN = 0.25
_CLOSE = 4
"""Pixels: within them soft edges meet."""


class _Seen(NamedTuple):
    """What stands out where the ink is taken for dark, or, in the negative, for light."""

    grey: Image
    relief: Image
    noise: float
    widest: Image

    @property
    def contrast(self) -> float:
        outliers = int(OUTLIERS * self.relief.size)
        return float(np.partition(self.relief, -1 - outliers, axis=None)[-1 - outliers])


class _Reading(NamedTuple):
    """The digit on it, and which part of what lies around that is paper."""

    found: Found
    relief: Image
    contrast: float
    noise: float
    around: float

    @property
    def likelihood(self) -> float:
        """Return how far it stands out, times its size, less where it is no whole thing."""
        full = float((self.relief[self.found.digit] > 0.5 * self.contrast).mean())
        whole = _CUT if self._touches_edge else 1.0
        return full * whole * self.around * self.contrast * self.found.extent

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
        If noise would hide the ink, or there are several digits.

    Notes
    -----
    Ink may be lighter or darker than the paper: what is larger, stands out more and has its paper
    around it is the ink. It stands out by a fifth of the greatest contrast and by five deviations
    of the noise; its soft edges are kept, dust is not.
    """
    soft, noise = smoothed(grey)
    seen = [_Seen(towards, *relief_of(towards, noise)) for towards in (soft, -soft)]
    readings, refusals = [], []
    for one in sorted(seen, key=lambda one: -one.contrast):
        try:
            readings.append(_read(one))
        except PatternError as refusal:
            refusals.append(refusal)
    if not readings:
        raise refusals[0]
    best, *rest = sorted(readings, key=lambda reading: -reading.likelihood)
    best = next((other for other in rest if _lies_free_within(other, best)), best)
    if best.found.digits > 1:
        raise PatternError(
            f"expected one digit, found {best.found.digits} objects as high as digits. "
            "Read them as a string (--string; lenet98.reading.line), or cut the image."
        )
    edged = widened(best.found.digit) & (
        best.relief > max(_EDGE_DEVIATIONS * best.noise, LEAST_STEP)
    )
    scaled = np.where(edged, best.relief * (LARGEST_GREY / best.contrast), 0)
    return np.minimum(scaled, LARGEST_GREY).astype(np.float32)


def _read(seen: _Seen) -> _Reading:
    grey, relief, noise, widest = seen
    contrast = seen.contrast
    least = least_of_ink(relief, contrast, noise)
    body = relief > least
    found = main_object(without_ruling(body, relief), relief, widest > least)
    around = paper_around(found, grey, relief, contrast)
    return _Reading(found, relief, contrast, noise, around)


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
