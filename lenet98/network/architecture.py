"""A network as a table of rows (Sec. II-B, Fig. 2): every count, shape and buffer size follows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from lenet98.errors import ConfigurationError, PatternError, require, require_whole
from lenet98.notebook import html_table

Kind = Literal["convolution", "subsampling", "full", "rbf"]
Pair = tuple[int, int]

LARGEST_FIELD = 7
"""Of a convolution that does not cover all rows below: the kernels' memory has room for no more."""

SUBSAMPLING_FIELD = 2
"""Sec. II-B: a unit sees two by two."""


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
        Side of the square receptive field, in units of the layer below: 1 to 7 in a convolution,
        2 in a subsampling layer, all rows below in a full layer.
    pairs : sequence of (int, int), optional
        Which map below feeds which map; by default all feed all, and in a subsampling layer
        each map has its own.
    centres : ndarray, optional
        Centres of the RBF units, (maps, maps below).

    Examples
    --------
    >>> from lenet98 import Row
    >>> Row("C1", "convolution", maps=6, field=5).maps
    6
    """

    name: str
    kind: Kind
    maps: int
    field: int = 1
    pairs: Sequence[Pair] | None = None
    centres: npt.NDArray[Any] | None = None


@dataclass(frozen=True)
class Layer:
    """A row of the table placed on the layer below it, with its sizes and counts.

    Attributes
    ----------
    name, kind, maps, field, pairs, centres
        As in `Row`, with `pairs` written out in the order of the to maps.
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
    centres: npt.NDArray[Any] | None
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
        return self.field**2 * self._sources[target]

    @cached_property
    def _sources(self) -> list[int]:
        return _by_to_map(self.pairs, self.maps)


@dataclass(frozen=True, eq=False, repr=False)
class Architecture:
    """A network as its table states it, for input of one size; equal when the tables are.

    Attributes
    ----------
    name : str
    rows : tuple of Row
        The table.
    height, width : int
        Size of the input, in pixels.
    layers : tuple of Layer
        The rows with their sizes for that input.

    Examples
    --------
    >>> from lenet98 import lenet5
    >>> [layer.maps for layer in lenet5().layers]
    [6, 6, 16, 16, 120, 84, 10]
    >>> lenet5().trainable, lenet5().connections
    (60000, 340908)
    """

    name: str
    rows: tuple[Row, ...]
    height: int
    width: int
    layers: tuple[Layer, ...]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the table, the width of the input aside, as 64 hexadecimal digits."""
        table = [
            (layer.name, layer.kind, layer.maps, layer.field, layer.pairs) for layer in self.layers
        ]
        digest = hashlib.sha256(repr((self.name, self.height, table)).encode())
        digest.update(self.centres.astype(np.float64).tobytes())
        return digest.hexdigest()

    def __repr__(self) -> str:
        size = f"{self.height}x{self.width} pixels"
        return f"<{self.name}: {size}, {self.trainable:,} trainable parameters>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Architecture) and (self.fingerprint, self.width) == (
            other.fingerprint,
            other.width,
        )

    def __hash__(self) -> int:
        return hash((self.fingerprint, self.width))

    @property
    def trainable(self) -> int:
        """Trainable parameters of all layers."""
        return sum(layer.trainable for layer in self.layers)

    @property
    def connections(self) -> int:
        """Connections of all layers."""
        return sum(layer.connections for layer in self.layers)

    @property
    def centres(self) -> npt.NDArray[Any]:
        """Centres of the RBF units, (classes, inputs)."""
        return np.asarray(self.layers[-1].centres)

    def _repr_html_(self) -> str:
        rows = [
            (
                layer.name,
                layer.kind,
                f"{layer.maps} @ {layer.height}x{layer.width}",
                f"{layer.parameters:,}" + ("" if layer.trainable else " fixed"),
                f"{layer.connections:,}",
            )
            for layer in self.layers
        ]
        caption = f"{self.name}: {self.trainable:,} trainable parameters"
        return html_table(
            caption, ("layer", "kind", "maps @ size", "parameters", "connections"), rows
        )

    def layer(self, name: str) -> Layer:
        """Return the layer of that name.

        Raises
        ------
        KeyError
            There is no such layer.

        Examples
        --------
        >>> from lenet98 import lenet5
        >>> lenet5().layer("C3").parameters
        1516
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

        Examples
        --------
        >>> from lenet98 import lenet5
        >>> lenet5().widened(64).layer("F6").width
        9
        """
        if width == self.width:
            return self
        try:
            return build(self.name, self.rows, self.height, width)
        except ConfigurationError as error:
            raise PatternError(
                f"expected patterns at least as wide as one field of {self.name}'s output, "
                f"found {width} pixels ({error})"
            ) from error


def build(name: str, rows: Sequence[Row], height: int, width: int) -> Architecture:
    """Place the rows of a table on an input of `height` x `width` pixels, one above the other.

    Parameters
    ----------
    name : str
        Such as ``"LeNet-5"``; files of weights carry it.
    rows : sequence of Row
        From the input up. The last, and only the last, is an RBF layer.
    height, width : int
        Of the input, in pixels.

    Raises
    ------
    ConfigurationError
        The table is none that the kernels compute, or the input is too small for it.

    Examples
    --------
    >>> from lenet98.paper.codes import place_codes
    >>> units = Row("F1", "full", maps=10, field=28)
    >>> output = Row("OUTPUT", "rbf", maps=10, centres=place_codes(10))
    >>> build("28x28-10", [units, output], height=28, width=28).trainable
    7850
    """
    require_whole(f"{name}: height", height, 1)
    require_whole(f"{name}: width", width, 1)
    _check_order(name, rows)
    table: list[Row] = []
    layers: list[Layer] = []
    maps_below, rows_below, columns_below = 1, int(height), int(width)
    for given in rows:
        of = f"{name}, layer {given.name}: "
        _check_sizes(of, given, rows_below, columns_below)
        pairs = _pairs(of, given, maps_below)
        if given.kind == "rbf":
            _check_centres(of, given, maps_below)
        row = _own(given, pairs)
        if row.kind == "subsampling":
            rows_here, columns_here = rows_below // row.field, columns_below // row.field
        else:
            rows_here, columns_here = rows_below - row.field + 1, columns_below - row.field + 1
        layer = Layer(
            name=row.name,
            kind=row.kind,
            maps=row.maps,
            field=row.field,
            pairs=pairs,
            centres=row.centres,
            maps_below=maps_below,
            height=rows_here,
            width=columns_here,
        )
        require(
            f"{of}field",
            row.field,
            row.kind != "convolution" or row.field <= LARGEST_FIELD or _sees_all(layer, rows_below),
            f"1 to {LARGEST_FIELD}, or all rows and all maps below",
        )
        table.append(row)
        layers.append(layer)
        maps_below, rows_below, columns_below = row.maps, rows_here, columns_here
    return Architecture(name, tuple(table), int(height), int(width), tuple(layers))


def _own(row: Row, pairs: tuple[Pair, ...]) -> Row:
    """Return a row that passed the checks, of Python's own numbers, which nobody else changes."""
    kept = None if row.pairs is None else pairs
    centres = None if row.centres is None else np.array(row.centres)
    if centres is not None:
        centres.flags.writeable = False
    return replace(row, maps=int(row.maps), field=int(row.field), pairs=kept, centres=centres)


def _sees_all(layer: Layer, rows_below: int) -> bool:
    return layer.complete and layer.field == rows_below


def _check_order(name: str, rows: Sequence[Row]) -> None:
    names, kinds = [row.name for row in rows], [row.kind for row in rows]
    require(
        f"{name}: the kinds of its layers",
        kinds,
        len(kinds) > 1 and kinds[-1] == "rbf" and "rbf" not in kinds[:-1],
        "some layers of units, and one RBF layer at the end",
    )
    require(f"{name}: the names of its layers", names, len(set(names)) == len(names), "each once")


def _check_sizes(of: str, row: Row, rows_below: int, columns_below: int) -> None:
    require(f"{of}kind", row.kind, row.kind in get_args(Kind), f"one of {get_args(Kind)}")
    require(f"{of}maps", row.maps, _is_whole(row.maps) and row.maps >= 1, "1 or more")
    require(f"{of}field", row.field, _is_whole(row.field) and row.field >= 1, "1 or more")
    require(
        f"{of}field",
        row.field,
        row.field <= min(rows_below, columns_below),
        f"no more than the maps below, {rows_below} x {columns_below} (height x width): "
        "the input is too small, or the field too large",
    )
    if row.kind == "subsampling":
        require(f"{of}field", row.field, row.field == SUBSAMPLING_FIELD, f"{SUBSAMPLING_FIELD}")
    if row.kind in ("full", "rbf"):
        require(f"{of}field", row.field, row.field == rows_below, f"{rows_below}, all rows below")
        require(f"{of}pairs", row.pairs, row.pairs is None, "none: it sees all maps below")


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _pairs(of: str, row: Row, maps_below: int) -> tuple[Pair, ...]:
    """Return the pairs in the order of the to maps."""
    if row.pairs is None and row.kind != "subsampling":  # all there are: nothing is to be checked
        return tuple((source, target) for target in range(row.maps) for source in range(maps_below))
    if row.pairs is None:
        pairs = tuple((target, target) for target in range(row.maps))
    else:
        pairs = tuple((source, target) for source, target in row.pairs)
    for pair in pairs:
        require(
            f"{of}a pair",
            pair,
            all(map(_is_whole, pair)) and 0 <= pair[0] < maps_below and 0 <= pair[1] < row.maps,
            f"(from, to), of the {maps_below} maps below and its own {row.maps}",
        )
    require(f"{of}number of pairs", len(pairs), len(set(pairs)) == len(pairs), "each pair once")
    sources = _by_to_map(pairs, row.maps)
    require(f"{of}maps below each map", sources, min(sources) >= 1, "at least one")
    if row.kind == "subsampling":
        require(f"{of}maps below each map", sources, max(sources) == 1, "one")
    numbers = [(int(source), int(target)) for source, target in pairs]
    return tuple(sorted(numbers, key=lambda pair: (pair[1], pair[0])))


def _by_to_map(pairs: Sequence[Pair], maps: int) -> list[int]:
    """Count the maps below each map, in one sweep: F6 has ten thousand pairs."""
    counts = Counter(target for _, target in pairs)
    return [counts[map_] for map_ in range(maps)]


def _check_centres(of: str, row: Row, maps_below: int) -> None:
    centres = np.asarray(row.centres)
    require(
        f"{of}shape of the centres",
        centres.shape,
        centres.shape == (row.maps, maps_below),
        f"({row.maps}, {maps_below}), a value for each unit below",
    )
    finite = centres.dtype.kind in "iuf" and bool(np.isfinite(centres).all())
    require(f"{of}type of the centres", centres.dtype, finite, "finite numbers")
