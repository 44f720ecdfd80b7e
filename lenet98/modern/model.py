"""A model as a table of rows: every count and shape follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from lenet98.errors import require, require_whole
from lenet98.modern.initial import Start
from lenet98.modern.output import Output
from lenet98.modern.recipe import Recipe
from lenet98.modern.row import Array, Row, Weights
from lenet98.modern.shape import Shape
from lenet98.notebook import html_table


@dataclass(frozen=True)
class Layer:
    """A row of the table placed on what is below it.

    Attributes
    ----------
    row : Row
    below : Shape
    shape : Shape
        Of what it gives.
    at : int
        Where its parameters begin in the flat vector of all.
    """

    row: Row
    below: Shape
    shape: Shape
    at: int

    @property
    def parameters(self) -> int:
        """Trainable parameters."""
        return self._weights + self.row.biases(self.below)

    @property
    def connections(self) -> int:
        """Uses of a weight or a bias over all units."""
        return self.row.connections(self.below)

    @cached_property
    def _weights(self) -> int:
        return int(np.prod(self.row.weight_shape(self.below)))

    def view(self, vector: Array) -> Weights:
        """Return its part of a flat vector of all parameters, shaped.

        Parameters
        ----------
        vector : ndarray, (parameters,)
            The parameters, or a value for each.
        """
        middle = self.at + self._weights
        weights = vector[self.at : middle].reshape(self.row.weight_shape(self.below))
        return Weights(weights, vector[middle : self.at + self.parameters])


@dataclass(frozen=True)
class Model:
    """A model as its table states it; ``str`` of it is the summary.

    Attributes
    ----------
    name : str
    rows : sequence of Row
        From the input up; the last, and only the last, is an `Output`.
    height, width : int
        Of the input, in pixels.
    recipe : Recipe
        How it is trained where nothing else is said.
    maps : int
        Of the input.

    Raises
    ------
    ConfigurationError
        The table is none: a row cannot stand on what is below it.

    Examples
    --------
    >>> from lenet98.modern import Full, Softmax
    >>> print(Model("linear", [Full(10), Softmax()], height=28, width=28))
    linear
    layer    output     parameters
    input    1 @ 28x28           0
    full     10              7,850
    softmax  10                  0
    7,850 parameters, 7,850 connections
    """

    name: str
    rows: Sequence[Row]
    height: int
    width: int
    recipe: Recipe = field(default_factory=Recipe)
    maps: int = 1

    def __post_init__(self) -> None:
        for name in ("height", "width", "maps"):
            require_whole(name, getattr(self, name), 1)
        rows = tuple(self.rows)
        object.__setattr__(self, "rows", rows)
        known = all(isinstance(row, Row) for row in rows)
        require(f"{self.name}: rows", rows, known, "rows, such as Convolution(6, field=5)")
        ends = [isinstance(row, Output) for row in rows]
        kinds = ", ".join(map(str, rows))
        once = sum(ends) == 1 and ends[-1]
        require(f"{self.name}: rows", kinds, once, "one output, such as Softmax(), at the end")
        assert self.layers

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The rows with their sizes."""
        layers: list[Layer] = []
        below, at = self.input, 0
        for row in self.rows:
            layers.append(Layer(row, below, row.above(below), at))
            below, at = layers[-1].shape, at + layers[-1].parameters
        return tuple(layers)

    @property
    def input(self) -> Shape:
        """Shape of the input."""
        return Shape(self.maps, self.height, self.width)

    @property
    def classes(self) -> int:
        """Scores that it gives."""
        return self.layers[-1].shape.units

    @property
    def parameters(self) -> int:
        """Trainable parameters."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def connections(self) -> int:
        """Connections of all layers."""
        return sum(layer.connections for layer in self.layers)

    @property
    def output(self) -> Output:
        """The last row."""
        last = self.rows[-1]
        assert isinstance(last, Output)
        return last

    def start(self, start: Start, rng: np.random.Generator) -> Array:
        """Return parameters as they are before training, in float64, (parameters,).

        Parameters
        ----------
        start : {"glorot", "he"} or InitialWeights
        rng : numpy.random.Generator
        """
        vector = np.zeros(self.parameters)
        for layer in self.layers:
            layer.row.start(layer.below, start, rng, layer.view(vector))
        return vector

    def decay(self) -> Array:
        """Return what L2 adds to the gradient of each parameter, as a share of it."""
        vector = np.zeros(self.parameters)
        for layer in self.layers:
            layer.view(vector).weights[:] = layer.row.decay
        return vector

    def __str__(self) -> str:
        head, rows = self._summary()
        lines = [head, *rows]
        widths = [max(len(line[column]) for line in lines) for column in range(3)]
        text = [
            f"{name:{widths[0]}}  {shape:{widths[1]}}  {many:>{widths[2]}}"
            for name, shape, many in lines
        ]
        return "\n".join([self.name, *text, self._counts()])

    def _repr_html_(self) -> str:
        head, rows = self._summary()
        return html_table(f"{self.name}: {self._counts()}", head, rows)

    def _counts(self) -> str:
        return f"{self.parameters:,} parameters, {self.connections:,} connections"

    def _summary(self) -> tuple[tuple[str, str, str], list[tuple[str, str, str]]]:
        rows = [("input", str(self.input), "0")]
        rows += [(str(x.row), str(x.shape), f"{x.parameters:,}") for x in self.layers]
        return ("layer", "output", "parameters"), rows
