"""What training presents: the original patterns, distorted ones, strings, with noise or without."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import Bytes
from lenet98.data.distortions import distort, draw_affine_maps
from lenet98.data.flanking import Flanking
from lenet98.data.noise import invert
from lenet98.data.patterns import BACKGROUND, Patterns, as_patterns, grey_levels
from lenet98.data.sizes import FRAME_SIZE, LARGEST_LABEL
from lenet98.data.strings import extents, flank

Indices = npt.NDArray[np.int64]


class Presented(NamedTuple):
    """Labelled patterns, as a network takes them.

    Attributes
    ----------
    patterns : ndarray of uint8, (n, 28, 28), or of float32, (n, height, height)
    labels : ndarray of int64, (n,)
        The classes; their number for none of them.
    """

    patterns: Bytes | Patterns
    labels: npt.NDArray[np.int64]


class Presentations(Protocol):
    """A set of labelled patterns, made as they are asked for."""

    def __len__(self) -> int:
        """Return how many there are."""

    def present(self, indices: Indices) -> Presented:
        """Return those of these indices."""


class Originals:
    """The training patterns as they are.

    Parameters
    ----------
    images : ndarray of uint8, (n, 28, 28)
    labels : ndarray of uint8, (n,)
    """

    def __init__(self, images: Bytes, labels: Bytes) -> None:
        self._images, self._labels = images, labels.astype(np.int64)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._labels)

    def present(self, indices: Indices) -> Presented:
        """Return those of these indices, uint8."""
        return Presented(self._images[indices], self._labels[indices])


class WithDistortions:
    """The training patterns and distorted copies of each, made on the fly.

    Parameters
    ----------
    images : ndarray of uint8, (n, 28, 28)
    labels : ndarray of uint8, (n,)
    rng : numpy.random.Generator
        Draws the planar affine map of every distorted pattern, once.
    height : int
        Pixels of the network's square frame. The maps are those of Fig. 7's frame of 32x32; a
        smaller or larger one is cut from its middle, or set around it.
    copies : int
        Distorted patterns for each original.
    strength : float
        Of the distortions, as in `draw_affine_maps`.

    Notes
    -----
    Source: Sec. III-B, Fig. 7.
    """

    def __init__(
        self,
        images: Bytes,
        labels: Bytes,
        rng: np.random.Generator,
        height: int,
        copies: int,
        strength: float,
    ) -> None:
        self._images, self._labels = images, labels.astype(np.int64)
        self._height = height
        self._maps = draw_affine_maps(copies * len(images), rng, strength)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._images) + len(self._maps)

    def present(self, indices: Indices) -> Presented:
        """Return those of these indices, float32."""
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
        return Presented(patterns, self._labels[indices % len(self._images)])


class Flanked:
    """Each training pattern in the middle of a frame, between two others, or none in the middle.

    Parameters
    ----------
    images : ndarray of uint8, (n, 28, 28)
    labels : ndarray of uint8, (n,)
    how : Flanking
    rng : numpy.random.Generator
        Draws the neighbours and the gaps anew whenever a pattern is presented.

    Notes
    -----
    Source: Sec. VII-B. Without a central character the label is 10: the class behind those of
    the digits, or none of the classes where there are no more.
    """

    def __init__(
        self, images: Bytes, labels: Bytes, how: Flanking, rng: np.random.Generator
    ) -> None:
        self._images, self._labels = images, labels.astype(np.int64)
        self._ink, self._how = extents(images), how
        self._rng = rng

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._labels)

    def present(self, indices: Indices) -> Presented:
        """Return those of these indices, float32 (len(indices), 32, 32)."""
        frames, blank = flank(self._images, self._ink, indices, self._how, self._rng)
        labels = np.where(blank, LARGEST_LABEL + 1, self._labels[indices])
        return Presented(grey_levels(frames), labels)


class WithNoise:
    """Other presentations with pixels inverted by chance, drawn anew whenever one is presented.

    Parameters
    ----------
    others : Presentations
    share : float
        Probability that a pixel is inverted.
    height : int
        Pixels of the network's square frame.
    rng : numpy.random.Generator

    Notes
    -----
    Source: Sec. III-E, VII-B.
    """

    def __init__(
        self, others: Presentations, share: float, height: int, rng: np.random.Generator
    ) -> None:
        self._others, self._share, self._height, self._rng = others, share, height, rng

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._others)

    def present(self, indices: Indices) -> Presented:
        """Return those of these indices, float32."""
        patterns, labels = self._others.present(indices)
        framed = as_patterns(patterns, self._height, np.float32)
        return Presented(invert(framed, self._share, self._rng), labels)
