"""Convolution and full connection: the layers whose units weigh what they see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral

import numpy as np
import numpy.typing as npt

from lenet98.errors import is_finite, require, require_whole
from lenet98.modern.initial import Start, bound_of
from lenet98.modern.kernels import add_sums
from lenet98.modern.row import Array, Block, Row, Weights
from lenet98.modern.shape import Shape
from lenet98.modern.windows import Padding, margins, places, windows_over
from lenet98.network.architecture import Pair
from lenet98.network.choices import InitialWeights


@dataclass(frozen=True)
class Convolution(Row):
    """Maps, each of whose units weighs the same square field of maps below.

    Attributes
    ----------
    maps : int
    field : int
        Side of the field.
    stride : int
        By which the field moves.
    padding : {"valid", "same"} or int
        Zeros all round the maps below.
    pairs : sequence of (int, int), optional
        Which map below feeds which map, as in Table I; by default all feed all.
    l2 : float
        The loss grows by half of this times the sum of the squares of the weights.

    Examples
    --------
    >>> Convolution(6, field=5).above(Shape(1, 32, 32))
    Shape(maps=6, height=28, width=28)
    """

    maps: int
    field: int
    stride: int = 1
    padding: Padding = "valid"
    pairs: Sequence[Pair] | None = None
    l2: float = 0.0

    def __str__(self) -> str:
        moved = "" if self.stride == 1 else f", stride {self.stride}"
        padded = "" if self.padding in ("valid", 0) else f", padding {self.padding}"
        some = "" if self.pairs is None else f", {len(self.pairs)} pairs"
        return f"convolution {self.field}x{self.field}{moved}{padded}{some}"

    def above(self, below: Shape) -> Shape:
        """Return the shape that it gives."""
        require_whole("maps", self.maps, 1)
        require_whole("field", self.field, 1)
        require("l2", self.l2, is_finite(self.l2) and self.l2 >= 0, "0 or more")
        zeros = sum(margins(self.padding, self.field))
        sides = (places(side + zeros, self.field, self.stride) for side in below[1:])
        if self.pairs is not None:
            self._check_pairs(self.pairs, below)
        return Shape(self.maps, *sides)

    def _check_pairs(self, pairs: Sequence[Pair], below: Shape) -> None:
        sizes = (below.maps, self.maps)
        known = all(
            isinstance(pair, tuple)
            and len(pair) == 2
            and all(isinstance(k, Integral) for k in pair)
            and all(0 <= k < n for k, n in zip(pair, sizes, strict=True))
            for pair in pairs
        )
        each = known and {t for _, t in pairs} == set(range(self.maps))
        each = each and len(set(pairs)) == len(pairs)
        expected = (
            f"(from, to), each once and some to each map, of {below.maps} maps below and "
            f"{self.maps} maps"
        )
        require("pairs", pairs, each, expected)

    def mask(self, below: Shape) -> npt.NDArray[np.bool_]:
        """Return whether a map below feeds a map, (maps, maps below)."""
        if self.pairs is None:
            return np.ones((self.maps, below.maps), np.bool_)
        mask = np.zeros((self.maps, below.maps), np.bool_)
        sources, targets = zip(*self.pairs, strict=True)
        mask[list(targets), list(sources)] = True
        return mask

    def weight_shape(self, below: Shape) -> tuple[int, ...]:
        """Return (pairs, field, field), in the order of the maps, then of those below."""
        return (int(self.mask(below).sum()), self.field, self.field)

    def biases(self, below: Shape) -> int:
        """Return one for each map."""
        return self.maps

    def connections(self, below: Shape) -> int:
        """Return the uses of weights and biases; those of zeros all round are counted."""
        _, height, width = self.above(below)
        return height * width * (int(np.prod(self.weight_shape(below))) + self.maps)

    def start(self, below: Shape, start: Start, rng: np.random.Generator, weights: Weights) -> None:
        """Draw the weights; the biases are 0, unless the start says otherwise."""
        mask, area, height = self.mask(below), self.field**2, self.above(below).height
        fan_out = self.maps * area
        bounds = np.array([bound_of(start, int(row.sum()) * area, fan_out, height) for row in mask])
        kernels = weights.weights.reshape(-1, area)  # a view
        kernels[:] = bounds.repeat(mask.sum(axis=1))[:, None] * rng.uniform(-1, 1, kernels.shape)
        weights.biases[:] = 0
        if isinstance(start, InitialWeights) and start.random_biases:
            weights.biases[:] = bounds * rng.uniform(-1, 1, bounds.shape)

    @property
    def decay(self) -> float:
        """What the penalty adds to the gradient of each weight, as a share of the weight."""
        return self.l2

    def block(self, below: Shape, lanes: int, dtype: npt.DTypeLike) -> Block:
        """Return what computes it."""
        return _Convolving(self, below, lanes, dtype)


@dataclass(frozen=True)
class Full(Row):
    """Units that each weigh all that is below: a convolution of single values, in one place.

    Attributes
    ----------
    units : int
    l2 : float
        As of `Convolution`.

    Examples
    --------
    >>> Full(120).above(Shape(16, 5, 5))
    Shape(maps=120, height=1, width=1)
    """

    units: int
    l2: float = 0.0

    def __str__(self) -> str:
        return "full"

    def _convolution(self) -> Convolution:
        return Convolution(self.units, field=1, l2=self.l2)

    def above(self, below: Shape) -> Shape:
        """Return the shape that it gives."""
        require_whole("units", self.units, 1)
        return self._convolution().above(below.flat())

    def weight_shape(self, below: Shape) -> tuple[int, ...]:
        """Return (units, units below)."""
        return (self.units, below.units)

    def biases(self, below: Shape) -> int:
        """Return one for each unit."""
        return self.units

    def connections(self, below: Shape) -> int:
        """Return as many as parameters: each is used once."""
        return self.units * (below.units + 1)

    def start(self, below: Shape, start: Start, rng: np.random.Generator, weights: Weights) -> None:
        """Draw the weights as those of a convolution."""
        self._convolution().start(below.flat(), start, rng, weights)

    @property
    def decay(self) -> float:
        """What the penalty adds to the gradient of each weight, as a share of the weight."""
        return self._convolution().decay

    def block(self, below: Shape, lanes: int, dtype: npt.DTypeLike) -> Block:
        """Return what computes it."""
        return _Full(self._convolution().block(below.flat(), lanes, dtype), below)


class _Convolving(Block):
    def __init__(self, row: Convolution, below: Shape, lanes: int, dtype: npt.DTypeLike) -> None:
        before, after = margins(row.padding, row.field)
        zeros = before + after
        padded = Shape(below.maps, below.height + zeros, below.width + zeros)
        self._inside = np.s_[:, before : before + below.height, before : before + below.width]
        self._padded = np.zeros((*padded, lanes), dtype) if zeros else None
        self._windows = windows_over(padded, row.maps, row.field, row.stride, lanes, dtype)
        self._out = np.empty((*self._windows.above, lanes), dtype)
        self._below_deltas = np.empty((*padded, lanes), dtype)
        self._pairs = None if row.pairs is None else np.flatnonzero(row.mask(below))
        self._kernels = np.zeros((row.maps * below.maps, row.field**2), dtype)
        self._x: Array = self._out  # until there is one

    def _complete(self, weights: Array) -> Array:
        """Return the weights as (maps, inputs), zeros where a map feeds none."""
        maps = self._windows.above.maps
        if self._pairs is None:
            return weights.reshape(maps, -1)
        self._kernels[self._pairs] = weights.reshape(len(weights), -1)
        return self._kernels.reshape(maps, -1)

    def _add_gradient(self, deltas: Array, x: Array, gradient: Weights) -> None:
        if self._pairs is None:
            self._windows.add_gradient(deltas, x, gradient.weights.reshape(len(deltas), -1))
        else:
            whole = np.zeros_like(self._kernels)
            self._windows.add_gradient(deltas, x, whole.reshape(len(deltas), -1))
            gradient.weights.reshape(-1, whole.shape[1])[:] += whole[self._pairs]
        add_sums(deltas.reshape(len(deltas), -1), gradient.biases)

    def _carry(self, deltas: Array, weights: Array) -> Array:
        self._below_deltas[:] = 0
        self._windows.add_back(self._complete(weights), deltas, self._below_deltas)
        return np.ascontiguousarray(self._below_deltas[self._inside])

    def forward(self, x: Array, own: Weights, *, training: bool) -> Array:
        self._x = x
        if self._padded is not None:
            self._padded[self._inside] = x
            self._x = self._padded
        self._out[:] = own.biases[:, None, None, None]
        self._windows.add_forward(self._complete(own.weights), self._x, self._out)
        return self._out

    def back(self, deltas: Array, own: Weights, gradient: Weights, *, wanted: bool) -> Array:
        self._add_gradient(deltas, self._x, gradient)
        return self._carry(deltas, own.weights) if wanted else deltas

    def back_squared(self, deltas: Array, squares: Weights, curvature: Weights) -> Array:
        self._add_gradient(deltas, self._x**2, curvature)
        return self._carry(deltas, squares.weights)


class _Full(Block):
    """The block of a convolution of single values, in whose shape all that is below is put."""

    def __init__(self, block: Block, below: Shape) -> None:
        self._block, self._below = block, below

    def forward(self, x: Array, own: Weights, *, training: bool) -> Array:
        flat = x.reshape(self._below.units, 1, 1, -1)
        return self._block.forward(flat, own, training=training)

    def back(self, deltas: Array, own: Weights, gradient: Weights, *, wanted: bool) -> Array:
        back = self._block.back(deltas, own, gradient, wanted=wanted)
        return back.reshape(*self._below, -1) if wanted else back

    def back_squared(self, deltas: Array, squares: Weights, curvature: Weights) -> Array:
        back = self._block.back_squared(deltas, squares, curvature)
        return back.reshape(*self._below, -1)
