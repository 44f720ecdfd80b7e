"""A square field that moves over maps: where in memory lies what each of its weights sees."""

from __future__ import annotations

from numbers import Integral
from typing import Literal

import numpy as np
import numpy.typing as npt

from lenet98.errors import require, require_whole
from lenet98.modern.kernels import (
    add_inner_products,
    add_outer_product,
    add_products,
    add_weighted,
    add_weights,
)
from lenet98.modern.shape import Shape

Array = npt.NDArray[np.floating]

Padding = int | Literal["valid", "same"]
"""Zeros all round the maps: none, as many as keep their size at stride 1, or so many."""


def margins(padding: Padding, field: int) -> tuple[int, int]:
    """Return how many zeros stand before and after each row and column.

    With ``same``, they are field - 1, of which an odd one stands after.

    Raises
    ------
    ConfigurationError
        It is no padding.

    Examples
    --------
    >>> margins("same", 5), margins("same", 2), margins("valid", 5), margins(1, 5)
    ((2, 2), (0, 1), (0, 0), (1, 1))
    """
    if padding == "same":
        return (field - 1) // 2, field // 2
    if padding == "valid":
        return 0, 0
    whole = isinstance(padding, Integral) and not isinstance(padding, bool) and padding >= 0
    require("padding", padding, whole, "'valid', 'same', or a whole number, 0 or more")
    return int(padding), int(padding)


def places(side: int, field: int, stride: int, name: str = "field") -> int:
    """Return how many places a field, called by its name, has on a side of maps.

    Raises
    ------
    ConfigurationError
        It has none, or one of the numbers makes no sense.
    """
    require_whole(name, field, 1)
    require_whole("stride", stride, 1)
    require(name, field, field <= side, f"no more than the maps' {side}")
    return (side - field) // stride + 1


LONG = 64
"""Values in a run from which on it is no faster to make them longer."""


class Windows:
    """A field over maps of one shape, for so many patterns side by side.

    `windows_over` chooses between this and what is faster for few patterns.

    Parameters
    ----------
    below : Shape
        Zeros included.
    maps : int
        Above.
    field, stride : int
    lanes : int

    Attributes
    ----------
    above : Shape
    """

    def __init__(self, below: Shape, maps: int, field: int, stride: int, lanes: int) -> None:
        height, width = places(below.height, field, stride), places(below.width, field, stride)
        self.above = Shape(maps, height, width)
        rows, columns = np.arange(field)[:, None], np.arange(field)
        within = (rows * below.width + columns).ravel()
        sources = np.arange(below.maps)[:, None] * below.height * below.width
        self._inputs = ((sources + within) * lanes).ravel()
        self._maps = np.arange(maps) * height * width * lanes
        self._below_moves = stride * below.width * lanes, stride * lanes
        self._moves = width * lanes, lanes
        self._grid = (height, 1, width * lanes) if stride == 1 else (height, width, lanes)
        self._forward = np.arange(maps)
        # By place in the field and then by map, so that neighbours do not overlap.
        self._back = np.arange(self._inputs.size).reshape(below.maps, -1).T.ravel()

    def add_forward(self, weights: Array, x: Array, out: Array) -> None:
        """Add to each map the correlation of what is below with the weights.

        Parameters
        ----------
        weights : ndarray, (maps, maps below x field x field)
        x : ndarray, (maps below, height, width, lanes)
        out : ndarray, (maps, height above, width above, lanes)
        """
        add_weighted(
            weights,
            self._forward,
            x.reshape(-1),
            self._inputs,
            self._below_moves,
            out.reshape(-1),
            self._maps,
            self._moves,
            self._grid,
        )

    def add_back(self, weights: Array, deltas: Array, out: Array) -> None:
        """Add to what is below what the deltas of the maps carry back to it.

        Parameters
        ----------
        weights : ndarray, (maps, maps below x field x field)
        deltas : ndarray, (maps, height above, width above, lanes)
        out : ndarray, (maps below, height, width, lanes)
        """
        add_weighted(
            weights.T,
            self._back,
            deltas.reshape(-1),
            self._maps,
            self._moves,
            out.reshape(-1),
            self._inputs,
            self._below_moves,
            self._grid,
        )

    def add_gradient(self, deltas: Array, x: Array, gradient: Array) -> None:
        """Add to the gradient of each weight.

        Parameters
        ----------
        deltas : ndarray, (maps, height above, width above, lanes)
        x : ndarray, (maps below, height, width, lanes)
        gradient : ndarray, (maps, maps below x field x field)
        """
        add_products(
            deltas.reshape(-1),
            self._maps,
            self._moves,
            x.reshape(-1),
            self._inputs,
            self._below_moves,
            self._grid,
            gradient,
        )


class _Spread(Windows):
    """For rows of few values: the maps are spread as wide as those below, each one long run.

    What stands between the rows is nothing: of deltas it is 0, and of sums it is left out.
    """

    def __init__(
        self, below: Shape, maps: int, field: int, lanes: int, dtype: npt.DTypeLike
    ) -> None:
        super().__init__(below, maps, field, 1, lanes)
        height, width = self.above[1:]
        self._sums = np.empty((maps, height, below.width, lanes), dtype)
        self._deltas = np.zeros_like(self._sums)
        self._inside = np.s_[:, :, :width]
        self._maps = np.arange(maps) * height * below.width * lanes
        self._grid = (1, 1, ((height - 1) * below.width + width) * lanes)

    def add_forward(self, weights: Array, x: Array, out: Array) -> None:
        """Add what `Windows` adds."""
        self._sums[:] = 0
        super().add_forward(weights, x, self._sums)
        out += self._sums[self._inside]

    def add_back(self, weights: Array, deltas: Array, out: Array) -> None:
        """Add what `Windows` adds."""
        self._deltas[self._inside] = deltas
        super().add_back(weights, self._deltas, out)

    def add_gradient(self, deltas: Array, x: Array, gradient: Array) -> None:
        """Add what `Windows` adds."""
        self._deltas[self._inside] = deltas
        super().add_gradient(self._deltas, x, gradient)


class _Whole(Windows):
    """For one pattern and a field as large as the maps: each map is one value."""

    def add_forward(self, weights: Array, x: Array, out: Array) -> None:
        """Add what `Windows` adds."""
        add_inner_products(weights, x.reshape(-1), out.reshape(-1))

    def add_back(self, weights: Array, deltas: Array, out: Array) -> None:
        """Add what `Windows` adds."""
        add_weights(weights, deltas.reshape(-1), out.reshape(-1))

    def add_gradient(self, deltas: Array, x: Array, gradient: Array) -> None:
        """Add what `Windows` adds."""
        add_outer_product(deltas.reshape(-1), x.reshape(-1), gradient)


def windows_over(
    below: Shape, maps: int, field: int, stride: int, lanes: int, dtype: npt.DTypeLike
) -> Windows:
    """Return the fastest windows; parameters are those of `Windows`, and the type of the data."""
    plain = Windows(below, maps, field, stride, lanes)
    _, height, width = plain.above
    if lanes == 1 and field == below.height == below.width:
        return _Whole(below, maps, field, stride, lanes)
    if stride == 1 and height > 1 and width * lanes < LONG:
        return _Spread(below, maps, field, lanes, dtype)
    return plain
