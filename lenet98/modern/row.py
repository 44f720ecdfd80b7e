"""What a row of a model's table can be asked, and the block that computes it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.modern.initial import Start
from lenet98.modern.shape import Shape

Array = npt.NDArray[Any]


class Weights(NamedTuple):
    """The parameters of one layer, as shaped views of a flat vector.

    Attributes
    ----------
    weights : ndarray
        Of the shape that the row says.
    biases : ndarray, (biases,)
    """

    weights: Array
    biases: Array


@dataclass(frozen=True)
class Row(ABC):
    """One line of a model's table: all that is told of a layer.

    A row of its own kind says what it gives above what is below, and makes the block that computes
    it; one with parameters also says how many and how they start.
    """

    @abstractmethod
    def __str__(self) -> str:
        """Return what the summary calls it."""

    @abstractmethod
    def above(self, below: Shape) -> Shape:
        """Return the shape that it gives; refuse what it cannot stand on."""

    @abstractmethod
    def block(self, below: Shape, lanes: int, dtype: npt.DTypeLike) -> Block:
        """Return what computes it, for so many patterns at a time."""

    def weight_shape(self, below: Shape) -> tuple[int, ...]:
        """Return the shape of its weights; none here."""
        return (0,)

    def biases(self, below: Shape) -> int:
        """Return how many biases it has; none here."""
        return 0

    def connections(self, below: Shape) -> int:
        """Return the uses of a weight or a bias over all of its units; none here."""
        return 0

    def start(self, below: Shape, start: Start, rng: np.random.Generator, weights: Weights) -> None:
        """Set its parameters as they are before training; those of most rows are none."""
        weights.weights[:] = weights.biases[:] = 0

    @property
    def decay(self) -> float:
        """What is added to the gradient of each weight, as a share of the weight."""
        return 0.0


class Block(ABC):
    """What computes a row: forward, and back from what it gave.

    All that passes is (maps, height, width, lanes), a pattern in each lane. What a block returns
    is its own to write over, by the next pass or by the block above.
    """

    @abstractmethod
    def forward(self, x: Array, own: Weights, *, training: bool) -> Array:
        """Return what the layer gives for what is below.

        Parameters
        ----------
        x : ndarray, (maps below, height, width, lanes)
        own : Weights
            Its parameters.
        training : bool
            Whether to drop what dropout drops.
        """

    @abstractmethod
    def back(self, deltas: Array, own: Weights, gradient: Weights, *, wanted: bool) -> Array:
        """Add to the gradient, and return the derivatives for what is below.

        Parameters
        ----------
        deltas : ndarray, (maps, height, width, lanes)
            Of the loss, for what `forward` gave.
        own, gradient : Weights
            Its parameters, and where their derivatives are added to.
        wanted : bool
            Whether there is something below that has use for derivatives; otherwise what is
            returned means nothing.
        """

    @abstractmethod
    def back_squared(self, deltas: Array, squares: Weights, curvature: Weights) -> Array:
        """Add to the curvature, and return the second derivatives for what is below.

        As `back`, with squares of weights, inputs and slopes (App. C, eq. 25 and 27).

        Parameters
        ----------
        deltas : ndarray, (maps, height, width, lanes)
            Second derivatives of the loss, for what `forward` gave.
        squares, curvature : Weights
            The squares of its parameters, and where their second derivatives are added to.
        """

    def draw(self, rng: np.random.Generator) -> None:  # noqa: B027
        """Draw what is random in the next pass forward; nothing here."""
