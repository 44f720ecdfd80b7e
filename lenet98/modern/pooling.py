"""Pooling: each value above stands for a square of values below."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lenet98.modern.initial import Start
from lenet98.modern.kernels import (
    add_to_greatest,
    add_to_windows,
    add_windows,
    find_greatest,
    multiply_maps,
    multiply_maps_back,
)
from lenet98.modern.row import Array, Block, Row, Weights
from lenet98.modern.shape import Shape
from lenet98.modern.windows import places
from lenet98.network.choices import InitialWeights


@dataclass(frozen=True)
class _Pooling(Row):
    """What all pooling has.

    Attributes
    ----------
    size : int
        Side of the square.
    stride : int or None
        By which it moves; None for its side.
    """

    size: int = 2
    stride: int | None = None

    @property
    def move(self) -> int:
        """The stride, which is the size where none is given."""
        return self.size if self.stride is None else self.stride

    def _described(self, what: str) -> str:
        moved = "" if self.move == self.size else f", stride {self.move}"
        return f"{what} {self.size}x{self.size}{moved}"

    def above(self, below: Shape) -> Shape:
        """Return the shape that it gives; what no whole window reaches is left out."""
        sides = (places(side, self.size, self.move, "size") for side in below[1:])
        return Shape(below.maps, *sides)


@dataclass(frozen=True)
class MaxPooling(_Pooling):
    """The greatest value of each square, of side `size`, moved by `stride` or else by its side.

    Examples
    --------
    >>> MaxPooling(2).above(Shape(6, 28, 28))
    Shape(maps=6, height=14, width=14)
    """

    def __str__(self) -> str:
        return self._described("max-pooling")

    def block(self, below: Shape, lanes: int, dtype: npt.DTypeLike) -> Block:
        """Return what computes it."""
        return _TakingGreatest(self, below, lanes, dtype)


@dataclass(frozen=True)
class AveragePooling(_Pooling):
    """The average of each square, of side `size`, moved by `stride` or else by its side.

    Examples
    --------
    >>> print(AveragePooling(3, stride=2))
    average pooling 3x3, stride 2
    """

    def __str__(self) -> str:
        return self._described("average pooling")

    def block(self, below: Shape, lanes: int, dtype: npt.DTypeLike) -> Block:
        """Return what computes it."""
        return _Averaging(self, below, lanes, dtype)


@dataclass(frozen=True)
class Subsampling(_Pooling):
    """The average of each square, times a trainable coefficient of its map, plus a bias.

    The square is of side `size`, moved by `stride` or else by its side. The paper's coefficient
    multiplies the sum of the square, and is a quarter of this one.
    Source: Sec. II-B.

    Examples
    --------
    >>> Subsampling().weight_shape(Shape(6, 28, 28))
    (6,)
    """

    def __str__(self) -> str:
        return self._described("subsampling")

    def weight_shape(self, below: Shape) -> tuple[int, ...]:
        """Return (maps,)."""
        return (below.maps,)

    def biases(self, below: Shape) -> int:
        """Return one for each map."""
        return below.maps

    def connections(self, below: Shape) -> int:
        """Return the paper's count: one for each value of a unit's square, and its bias."""
        return self.above(below).units * (self.size**2 + 1)

    def start(self, below: Shape, start: Start, rng: np.random.Generator, weights: Weights) -> None:
        """Set the coefficients: to what the start says of those of the sum, or else to 1."""
        area, of_average = self.size**2, 1.0
        weights.biases[:] = 0
        if isinstance(start, InitialWeights):
            of_average = area * start.coefficient
            if start.random_biases:
                bound = start.bound_of(self.above(below).height) / area**start.power
                weights.biases[:] = rng.uniform(-bound, bound, weights.biases.shape)
        weights.weights[:] = of_average

    def block(self, below: Shape, lanes: int, dtype: npt.DTypeLike) -> Block:
        """Return what computes it."""
        return _Subsampling(self, below, lanes, dtype)


class _TakingGreatest(Block):
    def __init__(self, row: _Pooling, below: Shape, lanes: int, dtype: npt.DTypeLike) -> None:
        self._size, self._stride = row.size, row.move
        self._out = np.empty((*row.above(below), lanes), dtype)
        self._winner = np.empty(self._out.shape, np.int32)
        self._below_deltas = np.empty((*below, lanes), dtype)

    def forward(self, x: Array, own: Weights, *, training: bool) -> Array:
        find_greatest(x, self._size, self._stride, self._out, self._winner)
        return self._out

    def back(self, deltas: Array, own: Weights, gradient: Weights, *, wanted: bool) -> Array:
        self._below_deltas[:] = 0
        add_to_greatest(deltas, self._winner, self._size, self._stride, self._below_deltas)
        return self._below_deltas

    def back_squared(self, deltas: Array, squares: Weights, curvature: Weights) -> Array:
        return self.back(deltas, squares, curvature, wanted=True)


class _Averaging(Block):
    def __init__(self, row: _Pooling, below: Shape, lanes: int, dtype: npt.DTypeLike) -> None:
        self._size, self._stride = row.size, row.move
        self._out = np.empty((*row.above(below), lanes), dtype)
        self._below_deltas = np.empty((*below, lanes), dtype)

    def _spread(self, deltas: Array, share: float) -> Array:
        deltas *= share
        self._below_deltas[:] = 0
        add_to_windows(deltas, self._size, self._stride, self._below_deltas)
        return self._below_deltas

    def forward(self, x: Array, own: Weights, *, training: bool) -> Array:
        self._out[:] = 0
        add_windows(x, self._size, self._stride, self._out)
        self._out /= self._size**2
        return self._out

    def back(self, deltas: Array, own: Weights, gradient: Weights, *, wanted: bool) -> Array:
        return self._spread(deltas, 1 / self._size**2)

    def back_squared(self, deltas: Array, squares: Weights, curvature: Weights) -> Array:
        return self._spread(deltas, 1 / self._size**4)


class _Subsampling(Block):
    def __init__(self, row: _Pooling, below: Shape, lanes: int, dtype: npt.DTypeLike) -> None:
        self._averaging = _Averaging(row, below, lanes, dtype)
        self._averages = self._out = np.empty((*row.above(below), lanes), dtype)

    def forward(self, x: Array, own: Weights, *, training: bool) -> Array:
        self._averages = self._averaging.forward(x, own, training=training)
        flat, out = (maps.reshape(len(maps), -1) for maps in (self._averages, self._out))
        multiply_maps(flat, own.weights, own.biases, out)
        return self._out

    def _multiply_back(self, deltas: Array, x: Array, own: Weights, gradient: Weights) -> None:
        flat, below = (maps.reshape(len(maps), -1) for maps in (deltas, x))
        multiply_maps_back(flat, below, own.weights, gradient.weights, gradient.biases)

    def back(self, deltas: Array, own: Weights, gradient: Weights, *, wanted: bool) -> Array:
        self._multiply_back(deltas, self._averages, own, gradient)
        return self._averaging.back(deltas, own, gradient, wanted=wanted)

    def back_squared(self, deltas: Array, squares: Weights, curvature: Weights) -> Array:
        self._multiply_back(deltas, self._averages**2, squares, curvature)
        return self._averaging.back_squared(deltas, squares, curvature)
