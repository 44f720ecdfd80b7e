"""What training presents: the original patterns, or ten times as many with distortions."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import Bytes
from lenet98.data.distortions import FRAME_SIZE, distort, draw_affine_maps
from lenet98.data.patterns import Patterns, as_patterns, grey_levels

DISTORTED_COPIES = 9
"""540,000 distorted patterns beside 60,000 originals. Source: Sec. III-B."""

Indices = npt.NDArray[np.int64]


class Presentations(Protocol):
    """A set of labelled patterns, made as they are asked for.

    Attributes
    ----------
    labels : ndarray of uint8, (n,)
        One for each pattern of the set.
    """

    labels: npt.NDArray[np.uint8]

    def patterns(self, indices: Indices) -> Bytes | Patterns:
        """Return the patterns of these indices, in a form that a network takes."""


class Originals:
    """The training patterns as they are.

    Parameters
    ----------
    images : ndarray of uint8, (n, 28, 28)
    labels : ndarray of uint8, (n,)
    """

    def __init__(self, images: Bytes, labels: Bytes) -> None:
        self.labels = labels
        self._images = images

    def patterns(self, indices: Indices) -> Bytes:
        """Return the patterns of these indices, uint8 (len(indices), 28, 28)."""
        return self._images[indices]


class WithDistortions:
    """The training patterns and nine distorted copies of each, made on the fly.

    Parameters
    ----------
    images : ndarray of uint8, (n, 28, 28)
    labels : ndarray of uint8, (n,)
    rng : numpy.random.Generator
        Draws the planar affine map of every distorted pattern, once.

    Notes
    -----
    Source: Sec. III-B, Fig. 7.
    """

    def __init__(self, images: Bytes, labels: Bytes, rng: np.random.Generator) -> None:
        self.labels = np.tile(labels, 1 + DISTORTED_COPIES)
        self._images = images
        self._maps = draw_affine_maps(DISTORTED_COPIES * len(images), rng)

    def patterns(self, indices: Indices) -> Patterns:
        """Return the patterns of these indices, float32 (len(indices), 32, 32), grey levels."""
        patterns = np.empty((len(indices), FRAME_SIZE, FRAME_SIZE), np.float32)
        originals = indices < len(self._images)
        patterns[originals] = as_patterns(self._images[indices[originals]], FRAME_SIZE, np.float32)
        others = indices[~originals] - len(self._images)
        ink = distort(self._images[others % len(self._images)], self._maps[others])
        patterns[~originals] = grey_levels(ink)
        return patterns
