"""Dropout: in training, each unit is silent with some probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lenet98.errors import is_finite, require
from lenet98.modern.row import Array, Block, Row, Weights
from lenet98.modern.shape import Shape


@dataclass(frozen=True)
class Dropout(Row):
    """Units that are silent at random in training; the others are as much louder.

    Source: Srivastava et al. (2014).

    Attributes
    ----------
    rate : float
        The probability to be silent.

    Examples
    --------
    >>> print(Dropout(0.5))
    dropout 0.5
    """

    rate: float

    def __str__(self) -> str:
        return f"dropout {self.rate}"

    def above(self, below: Shape) -> Shape:
        """Return the shape that it gives, that of what is below."""
        some = is_finite(self.rate) and 0 <= self.rate < 1
        require("rate", self.rate, some, "a probability below 1")
        return below

    def block(self, below: Shape, lanes: int, dtype: npt.DTypeLike) -> Block:
        """Return what computes it."""
        return _Dropping(self.rate, below, lanes, dtype)


class _Dropping(Block):
    def __init__(self, rate: float, below: Shape, lanes: int, dtype: npt.DTypeLike) -> None:
        self._rate = rate
        self._factors = np.ones((*below, lanes), dtype)
        self._out = np.empty((*below, lanes), dtype)

    def draw(self, rng: np.random.Generator) -> None:
        kept = rng.random(self._factors.shape, np.float32) >= self._rate
        np.multiply(kept, self._factors.dtype.type(1 / (1 - self._rate)), out=self._factors)

    def forward(self, x: Array, own: Weights, *, training: bool) -> Array:
        if not training:
            return x
        return np.multiply(x, self._factors, out=self._out)

    def back(self, deltas: Array, own: Weights, gradient: Weights, *, wanted: bool) -> Array:
        deltas *= self._factors
        return deltas

    def back_squared(self, deltas: Array, squares: Weights, curvature: Weights) -> Array:
        return deltas  # the curvature is that of the whole network
