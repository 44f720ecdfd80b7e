"""What training presents: the original patterns, or ten times as many with distortions."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import Bytes
from lenet98.data.distortions import FRAME_SIZE, distort, draw_affine_maps
from lenet98.data.patterns import BACKGROUND, Patterns, as_patterns, grey_levels

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
    height : int
        Pixels of the network's square frame. The maps are those of Fig. 7's frame of 32x32; a
        smaller or larger one is cut from its middle, or set around it.

    Notes
    -----
    Source: Sec. III-B, Fig. 7.
    """

    def __init__(
        self, images: Bytes, labels: Bytes, rng: np.random.Generator, height: int = FRAME_SIZE
    ) -> None:
        self.labels = np.tile(labels, 1 + DISTORTED_COPIES)
        self._images = images
        self._height = height
        self._maps = draw_affine_maps(DISTORTED_COPIES * len(images), rng)

    def patterns(self, indices: Indices) -> Patterns:
        """Return the patterns of these indices, float32 (len(indices), height, height)."""
        patterns = np.full((len(indices), self._height, self._height), BACKGROUND, np.float32)
        originals = indices < len(self._images)
        own = self._images[indices[originals]]
        patterns[originals] = as_patterns(own, self._height, np.float32)
        others = indices[~originals] - len(self._images)
        ink = distort(self._images[others % len(self._images)], self._maps[others])
        shared = min(self._height, FRAME_SIZE)
        here, there = (self._height - shared) // 2, (FRAME_SIZE - shared) // 2
        middle = ink[:, there : there + shared, there : there + shared]
        inside = slice(here, here + shared)
        patterns[~originals, inside, inside] = grey_levels(middle)
        return patterns
