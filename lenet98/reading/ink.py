"""What stands out from the paper of a grey image, and whether it is ink."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from lenet98.data.sizes import LARGEST_GREY
from lenet98.errors import NoInkError, PatternError
from lenet98.reading.paper import LEAST_STEP, relief_of, smoothed
from lenet98.reading.windows import Image, Mask, widened

_LEAST_CONTRAST = 20.0
"""Grey levels by which ink must differ from the paper."""

FAINTEST_INK = 0.2
"""Times the blackest: what is fainter can only be the edge of other ink."""

_OUTLIERS = 2e-4
"""Part of the image that may be blacker than what counts as the blackest."""

_NOISE_DEVIATIONS = 5
"""Of the noise, by which ink must stand out."""

_EDGE_DEVIATIONS = 4
"""Of the noise: what is fainter beside ink is grain, and no soft edge."""

_CORE = 0.75
"""Times the blackest: strokes have a core that is as black at least, shades and clouds hardly."""

_LEAST_CORE = 0.2
"""Part of what stands out. Of MNIST's digits enlarged and cut close, 2 in 2,000 have less."""

_ACROSS = 0.73
"""Times the longer side of the image: from there on what has no core is a shade. MNIST's digits,
which may be enlarged softly, take up to 0.72 of their frame."""

_LEAST_ACROSS = 20
"""Pixels: a stroke of what is smaller is no wider than its soft edges."""

_SPECK = 0.2
"""Times the longer side of the image: smaller things stand out of much noise by chance."""

_SPECK_DEVIATIONS = 12
"""Of the noise, by which a small thing must stand out."""

T = TypeVar("T")


@dataclass(frozen=True)
class Seen:
    """What stands out where ink is taken for dark, or, in the negative, for light.

    Attributes
    ----------
    grey : ndarray of float32, (height, width)
        The image, or its negative; paper is light.
    relief : ndarray of float32, (height, width)
        By how many grey levels it stands out from the paper.
    noise : float
        Standard deviation of the paper's, grey levels.
    widest : ndarray of float32, (height, width)
        The relief where also what is broader than strokes stands out in whole.
    """

    grey: Image
    relief: Image
    noise: float
    widest: Image

    @cached_property
    def contrast(self) -> float:
        """Return by how many grey levels the blackest ink stands out."""
        outliers = int(_OUTLIERS * self.relief.size)
        return float(np.partition(self.relief, -1 - outliers, axis=None)[-1 - outliers])

    def least_of_ink(self) -> float:
        """Return by how many grey levels ink stands out from the paper at least.

        Raises
        ------
        NoInkError
            Nothing stands out so far.
        PatternError
            Nothing stands out of noise that is as strong as ink.
        """
        if self.contrast < _LEAST_CONTRAST:
            raise NoInkError(
                f"expected ink that differs from the paper by {_LEAST_CONTRAST:.0f} of "
                f"{LARGEST_GREY} grey levels, found {self.contrast:.0f}. Is the image blank?"
            )
        least = max(FAINTEST_INK * self.contrast, _NOISE_DEVIATIONS * self.noise)
        if self.relief.max() <= least:
            refusal = NoInkError if self.noise < _LEAST_CONTRAST else PatternError
            raise refusal(self._found_noise)
        return least

    def core(self, ink: Mask) -> float:
        """Return which part of the ink marked is about as black as the blackest."""
        return float((self.relief[ink] > _CORE * self.contrast).mean())

    def demand_strokes(self, ink: Mask) -> None:
        """Refuse what stands out but was not written.

        Parameters
        ----------
        ink : ndarray of bool, (height, width)
            Something is marked.

        Raises
        ------
        PatternError
            If it is a shade across the image, or a speck in noise.
        """
        extent = max(int(np.ptp(np.flatnonzero(ink.any(axis=axis)))) + 1 for axis in (0, 1))
        part = extent / max(ink.shape)
        if part >= _ACROSS and extent >= _LEAST_ACROSS and self.core(ink) < _LEAST_CORE:
            raise PatternError(
                "expected strokes, found soft shades all over the image. Is the paper blank? If "
                "not, use a sharper image, or leave more paper around what is written."
            )
        if part < _SPECK and self.contrast < _SPECK_DEVIATIONS * self.noise:
            raise PatternError(self._found_noise)

    def cut_out(self, ink: Mask) -> Image:
        """Return the ink marked and its soft edges.

        Parameters
        ----------
        ink : ndarray of bool, (height, width)
            Something is marked.

        Returns
        -------
        ndarray of float32, (height, width)
            Grey levels as `lenet98.data.normalisation.normalise` takes them: 0 for the paper, up
            to 255 for ink.
        """
        edged = widened(ink) & (self.relief > max(_EDGE_DEVIATIONS * self.noise, LEAST_STEP))
        scaled = np.where(edged, self.relief * (LARGEST_GREY / self.contrast), 0)
        return np.minimum(scaled, LARGEST_GREY).astype(np.float32)

    @property
    def _found_noise(self) -> str:
        return f"expected ink, found noise of {self.noise:.0f} grey levels. Use a clearer image."


def seen_both_ways(grey: Image, find: Callable[[Seen], T]) -> list[T]:
    """Return what is found where ink is taken for dark and where it is taken for light.

    Parameters
    ----------
    grey : ndarray of float32, (height, width)
        Grey levels from 0, black, to 255, white; at least 5x5 pixels.
    find : callable
        Called with what is seen; may raise `PatternError`.

    Returns
    -------
    list
        One or both, that of the greater contrast first.

    Raises
    ------
    PatternError
        Nothing is found either way; as of that of the greater contrast.
    """
    soft = smoothed(grey)
    seen = [Seen(towards.grey, *relief_of(towards)) for towards in (soft, soft.negative())]
    found, refusals = [], []
    for one in sorted(seen, key=lambda one: -one.contrast):
        try:
            found.append(find(one))
        except PatternError as refusal:
            refusals.append(refusal)
    if not found:
        raise refusals[0]
    return found
