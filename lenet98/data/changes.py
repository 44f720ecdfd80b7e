"""A digit changed in every way of Sec. III-E at once, by amounts that are set one by one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lenet98.data.digits import Bytes
from lenet98.data.distortions import distort
from lenet98.data.noise import invert
from lenet98.data.patterns import Patterns, grey_levels
from lenet98.data.transformations import placing, thicken


class Change(NamedTuple):
    """What is done to a digit, in this order; without arguments nothing.

    Attributes
    ----------
    squeeze : float
        Widths are multiplied by it.
    scale : float
        Lengths are multiplied by it.
    degrees : float
        To turn right by.
    right, down : float
        Pixels to shift by.
    thicker : float
        Pixels added to a stroke on each side.
    noise : float
        Share of the pixels inverted.
    """

    squeeze: float = 1.0
    scale: float = 1.0
    degrees: float = 0.0
    right: float = 0.0
    down: float = 0.0
    thicker: float = 0.0
    noise: float = 0.0


def changed(image: Bytes, change: Change, rng: np.random.Generator) -> Patterns:
    """Return a changed digit as the network takes it.

    Parameters
    ----------
    image : ndarray of uint8, (28, 28)
        Grey levels.
    change : Change
    rng : numpy.random.Generator
        Chooses the pixels to invert: in the same state, of a greater share the same and more.

    Returns
    -------
    ndarray of float32, (32, 32)
        Grey levels as the network takes them; the frame cuts off the rest.

    Raises
    ------
    PatternError
        As in `lenet98.data.distortions.distort`.

    Notes
    -----
    Source: Sec. III-E.

    Examples
    --------
    >>> one = np.zeros((28, 28), np.uint8)
    >>> one[6:22, 13:15] = 255
    >>> moved = changed(one, Change(right=10, thicker=1), np.random.default_rng(0))
    >>> np.flatnonzero(moved[16] > 0).tolist()
    [24, 25, 26, 27]
    """
    affine_map = placing(
        squeeze=change.squeeze,
        scale=change.scale,
        degrees=change.degrees,
        right=change.right,
        down=change.down,
    )
    (ink,) = distort(image[np.newaxis], affine_map[np.newaxis])
    pattern = grey_levels(thicken(ink, change.thicker)).astype(np.float32)
    return invert(pattern, change.noise, rng)
