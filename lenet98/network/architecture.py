"""The layer tables (Sec. II-B, Fig. 2, Table I): every count, shape and buffer size follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from lenet98.errors import PatternError

Kind = Literal["convolution", "subsampling", "full", "rbf"]
Pair = tuple[int, int]


@dataclass(frozen=True)
class Row:
    """One line of a network's table: what the paper states of a layer.

    Attributes
    ----------
    name : str
        The paper's name, such as ``"C3"``.
    kind : {"convolution", "subsampling", "full", "rbf"}
    maps : int
        Feature maps; units in a full layer, classes in an RBF layer.
    field : int
        Side of the square receptive field, in units of the layer below.
    pairs : tuple of (int, int), optional
        Which map below feeds which map; by default all feed all, and in a subsampling layer
        each map has its own.
    centres : ndarray, optional
        Centres of the RBF units, (maps, inputs), each value +1 or -1.
    """

    name: str
    kind: Kind
    maps: int
    field: int = 1
    pairs: tuple[Pair, ...] | None = None
    centres: npt.NDArray[np.int8] | None = None


@dataclass(frozen=True)
class Layer:
    """A row of the table placed on the layer below it, with its sizes and counts.

    Attributes
    ----------
    name, kind, maps, field, pairs, centres
        As in `Row`, with `pairs` written out.
    maps_below : int
        Feature maps of the layer below.
    height, width : int
        Size of each feature map, in units.
    """

    name: str
    kind: Kind
    maps: int
    field: int
    pairs: tuple[Pair, ...]
    centres: npt.NDArray[np.int8] | None
    maps_below: int
    height: int
    width: int

    @property
    def weight_shape(self) -> tuple[int, ...]:
        """Shape of the weights: a kernel a pair, a coefficient a map, or a row a unit."""
        if self.kind == "convolution":
            return (len(self.pairs), self.field, self.field)
        if self.kind == "subsampling":
            return (self.maps,)
        return (self.maps, self.maps_below * self.field**2)

    @property
    def complete(self) -> bool:
        """Whether every map below feeds every map."""
        return len(self.pairs) == self.maps * self.maps_below

    @property
    def weights(self) -> int:
        """Number of weights, biases not counted."""
        return int(np.prod(self.weight_shape))

    @property
    def biases(self) -> int:
        """Number of biases: one a map; RBF units have none."""
        return 0 if self.kind == "rbf" else self.maps

    @property
    def parameters(self) -> int:
        """Free parameters; in an RBF layer, the fixed centres."""
        return self.weights + self.biases

    @property
    def trainable(self) -> int:
        """Parameters that training changes: all but the fixed centres."""
        return 0 if self.kind == "rbf" else self.parameters

    @property
    def connections(self) -> int:
        """Uses of a weight or a bias over all units of the layer."""
        per_position = len(self.pairs) * self.field**2 + self.biases
        return per_position * self.height * self.width

    def fan_in(self, target: int) -> int:
        """Return the inputs of each unit of one map, the bias not counted (F_i of App. A)."""
        return self.field**2 * sum(to == target for _, to in self.pairs)


@dataclass(frozen=True)
class Architecture:
    """A network as its table states it, for input of one size.

    Attributes
    ----------
    name : str
    rows : tuple of Row
        The table.
    height, width : int
        Size of the input, in pixels.
    layers : tuple of Layer
        The rows with their sizes for that input.
    """

    name: str
    rows: tuple[Row, ...]
    height: int
    width: int
    layers: tuple[Layer, ...]

    @property
    def trainable(self) -> int:
        """Trainable parameters of all layers."""
        return sum(layer.trainable for layer in self.layers)

    @property
    def connections(self) -> int:
        """Connections of all layers."""
        return sum(layer.connections for layer in self.layers)

    @property
    def centres(self) -> npt.NDArray[np.int8]:
        """Centres of the RBF units, (classes, inputs), each value +1 or -1."""
        centres = self.layers[-1].centres
        assert centres is not None  # build() sees to it
        return centres

    def layer(self, name: str) -> Layer:
        """Return the layer of that name.

        Raises
        ------
        KeyError
            There is no such layer.
        """
        for layer in self.layers:
            if layer.name == name:
                return layer
        names = ", ".join(layer.name for layer in self.layers)
        raise KeyError(f"{self.name} has no layer {name!r}; its layers are {names}")

    def widened(self, width: int) -> Architecture:
        """Return the same table over input of another width, in pixels (Sec. VII).

        Raises
        ------
        PatternError
            The input is narrower than one receptive field of the output.
        """
        return self if width == self.width else build(self.name, self.rows, self.height, width)


def build(name: str, rows: Sequence[Row], height: int, width: int) -> Architecture:
    """Place the rows of a table on an input of `height` x `width` pixels, one above the other.

    Raises
    ------
    PatternError
        The input is too small for the table.
    """
    layers: list[Layer] = []
    maps_below, rows_below, columns_below = 1, height, width
    for row in rows:
        if row.kind == "subsampling":
            rows_here, columns_here = rows_below // row.field, columns_below // row.field
        else:
            rows_here, columns_here = rows_below - row.field + 1, columns_below - row.field + 1
        if rows_here < 1 or columns_here < 1:
            raise PatternError(
                f"an input of {height} x {width} pixels (height x width) is too small for {name}: "
                f"layer {row.name} has no unit left; give at least what {name} was made for"
            )
        layers.append(
            Layer(
                name=row.name,
                kind=row.kind,
                maps=row.maps,
                field=row.field,
                pairs=row.pairs or _default_pairs(row, maps_below),
                centres=row.centres,
                maps_below=maps_below,
                height=rows_here,
                width=columns_here,
            )
        )
        maps_below, rows_below, columns_below = row.maps, rows_here, columns_here
    return Architecture(name, tuple(rows), height, width, tuple(layers))


def _default_pairs(row: Row, maps_below: int) -> tuple[Pair, ...]:
    if row.kind == "subsampling":
        return tuple((target, target) for target in range(row.maps))
    return tuple((source, target) for target in range(row.maps) for source in range(maps_below))
