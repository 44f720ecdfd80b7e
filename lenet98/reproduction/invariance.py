"""How far characters may be scaled, shifted, turned and covered by noise (Sec. III-E)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lenet98.data.digits import Bytes, Digits
from lenet98.data.patterns import Patterns, as_patterns
from lenet98.data.sizes import FRAME_SIZE
from lenet98.paper import published
from lenet98.reproduction.comparison import Comparison, Quantity
from lenet98.reproduction.named_runs import NOISE
from lenet98.reproduction.results import Results

if TYPE_CHECKING:
    from lenet98.network.network import Network

HEIGHT = 20
"""Pixels, of a size-normalised character. Source: Sec. III-A."""

Errors = dict[str, list[list[float]]]
"""By name of a way: pairs of a value and percent of the test set misclassified."""


class Claim(NamedTuple):
    """A value up to which the paper claims accurate recognition, and the same in words."""

    value: float
    words: str


@dataclass(frozen=True)
class Way:
    """A way to make a character differ from those of the training set.

    Attributes
    ----------
    name : str
        In `Errors`, and on axes.
    unit : str
        Of its values; empty for a factor or a share.
    values : tuple of float
        Those that are measured; one of them leaves the character as it is.
    claims : tuple of Claim
        Each at one of the values.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    claims: tuple[Claim, ...]


_SHIFT = published.INVARIANT_SHIFT * HEIGHT
_ROTATION = published.INVARIANT_ROTATION

SCALE = Way(
    "scale",
    "",
    (0.4, 0.5, 0.63, 0.8, 1.0, 1.25, 1.6, 2.0, 2.5),
    (
        Claim(1 / published.INVARIANT_SCALE, "half the size"),
        Claim(published.INVARIANT_SCALE, "twice the size"),
    ),
)
SHIFT = Way(
    "vertical shift",
    "pixels down",
    (-14.0, -10.0, -7.0, -5.0, -3.0, 0.0, 3.0, 5.0, 7.0, 10.0, 14.0),
    (Claim(-_SHIFT, "up half the height"), Claim(_SHIFT, "down half the height")),
)
ROTATION = Way(
    "rotation",
    "degrees to the right",
    (-60.0, -45.0, -30.0, -20.0, -10.0, 0.0, 10.0, 20.0, 30.0, 45.0, 60.0),
    (Claim(-_ROTATION, "30 degrees left"), Claim(_ROTATION, "30 degrees right")),
)
INVERTED = Way(
    "share of inverted pixels",
    "",
    (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5),
    (Claim(published.NOISE, "a tenth inverted"),),
)
WAYS = (SCALE, SHIFT, ROTATION, INVERTED)
"""Shifts count downwards and rotations to the right."""


def measure(network: Network, digits: Digits, rng: np.random.Generator) -> Errors:
    """Count the errors on the test set at each value of each way.

    Parameters
    ----------
    network : Network
        Of a 32x32 input.
    digits : Digits
    rng : numpy.random.Generator
        Chooses the pixels to invert.

    Returns
    -------
    Errors
        Plain values.

    Notes
    -----
    Source: Sec. III-E. What leaves the 32x32 frame is cut off.
    """
    images, labels = digits.test_images, digits.test_labels

    def error(way: Way, value: float) -> float:
        wrong = network.classify(_patterns(images, way, value, rng)) != labels
        return 100.0 * int(wrong.sum()) / len(labels)

    return {way.name: [[value, error(way, value)] for value in way.values] for way in WAYS}


def _patterns(images: Bytes, way: Way, value: float, rng: np.random.Generator) -> Patterns:
    # Compiled, which those who only read results need not wait for.
    from lenet98.data.noise import invert
    from lenet98.data.transformations import rotation, scaling, transform, vertical_shift

    if way is INVERTED:
        return invert(as_patterns(images, FRAME_SIZE, np.float32), value, rng)
    affine_map = {SCALE: scaling, SHIFT: vertical_shift, ROTATION: rotation}[way](value)
    return transform(images, affine_map)


def claims(results: Results) -> Iterator[Comparison]:
    """Set the errors of the net trained with noise beside each claim made of it."""
    if seeds := results.measured(NOISE, "invariance"):
        for way in WAYS:
            for value, words in way.claims:
                errors = [error for seed in seeds for at, error in seed[way.name] if at == value]
                yield Quantity(
                    f"test error, {words}, trained with noise", None, "%", "Sec. III-E", "claimed"
                ).judge(errors)
