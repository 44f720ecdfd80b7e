"""The output and the loss: softmax with cross-entropy, or the paper's RBF units."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.data.arrays import as_array
from lenet98.errors import require
from lenet98.modern.kernels import carry_penalties, find_penalties, judge_penalties
from lenet98.modern.row import Array, Block, Row, Weights
from lenet98.modern.shape import Shape
from lenet98.network.choices import Loss, check_loss
from lenet98.paper.codes import digit_codes
from lenet98.training.recipe import TrainingConfig


class Judged(NamedTuple):
    """What a loss says of some patterns.

    Attributes
    ----------
    losses : ndarray, (lanes,)
    deltas : ndarray, (inputs, lanes)
        Derivatives of each pattern's loss for what is below.
    scores : ndarray, (classes, lanes)
        As of `Output.scores`.
    """

    losses: Array
    deltas: Array
    scores: Array


class Output(Row):
    """The last row of a table: scores for each class, and the loss that is trained by."""

    @abstractmethod
    def scores(self, x: Array) -> Array:
        """Return the score of each class, (classes, lanes), the greater the likelier.

        Parameters
        ----------
        x : ndarray, (inputs, lanes)
        """

    @abstractmethod
    def judge(self, x: Array, labels: npt.NDArray[np.int64]) -> Judged:
        """Return the loss of each pattern, and its derivatives.

        Parameters
        ----------
        x : ndarray, (inputs, lanes)
        labels : ndarray of int64, (lanes,)
        """

    @abstractmethod
    def curvature(self, x: Array) -> Array:
        """Return the second derivative of the loss for each input alone, (inputs, lanes).

        Parameters
        ----------
        x : ndarray, (inputs, lanes)
        """

    def block(self, below: Shape, lanes: int, dtype: npt.DTypeLike) -> Block:
        """Return what passes its inputs on: the loss is asked of them."""
        return _Passing()


class _Passing(Block):
    def forward(self, x: Array, own: Weights, *, training: bool) -> Array:
        return x

    def back(self, deltas: Array, own: Weights, gradient: Weights, *, wanted: bool) -> Array:
        return deltas

    def back_squared(self, deltas: Array, squares: Weights, curvature: Weights) -> Array:
        return deltas


@dataclass(frozen=True)
class Softmax(Output):
    """Probabilities of the classes, and the cross-entropy.

    Examples
    --------
    >>> print(Softmax().above(Shape(10, 1, 1)))
    10
    """

    def __str__(self) -> str:
        return "softmax"

    def above(self, below: Shape) -> Shape:
        """Return the shape that it gives, a value for each that is below."""
        return below.flat()

    def scores(self, x: Array) -> Array:
        """Return the logarithms of the probabilities, (classes, lanes).

        Parameters
        ----------
        x : ndarray, (classes, lanes)
        """
        return np.asarray(x - _log_of_sum(x))

    def judge(self, x: Array, labels: npt.NDArray[np.int64]) -> Judged:
        """Return E = -log p_D, and p - 1 for the desired class, p for all others.

        Parameters
        ----------
        x : ndarray, (classes, lanes)
        labels : ndarray of int64, (lanes,)
        """
        scores = self.scores(x)
        deltas, lanes = np.exp(scores), np.arange(labels.size)
        deltas[labels, lanes] -= 1
        return Judged(-scores[labels, lanes], deltas, scores)

    def curvature(self, x: Array) -> Array:
        """Return p (1 - p), (classes, lanes).

        Parameters
        ----------
        x : ndarray, (classes, lanes)
        """
        probabilities = np.exp(self.scores(x))
        return np.asarray(probabilities * (1 - probabilities))


@dataclass(frozen=True, eq=False)
class Rbf(Output):
    """Distances from fixed centres, and the loss of eq. 8 or eq. 9.

    Source: Sec. II-B, eq. 7; Sec. II-C.

    Attributes
    ----------
    centres : ndarray, (classes, inputs)
        The codes of Fig. 3 by default.
    loss : {"mse", "map"}
        Eq. 8 or eq. 9.
    j : float
        Of eq. 9, the penalty of an imaginary rubbish class.
    scale : float
        Of the penalties within the loss.

    Examples
    --------
    >>> print(Rbf().above(Shape(84, 1, 1)))
    10
    """

    centres: npt.NDArray[Any] = field(default_factory=digit_codes)
    loss: Loss = "map"
    j: float = TrainingConfig.j
    scale: float = TrainingConfig.scale

    def __post_init__(self) -> None:
        object.__setattr__(self, "centres", as_array(self.centres, "centres"))

    def __str__(self) -> str:
        return f"RBF, eq. {8 if self.loss == 'mse' else 9}"

    def above(self, below: Shape) -> Shape:
        """Return the shape that it gives, a penalty for each class."""
        check_loss(self.loss, self.j, self.scale)
        centres = self.centres
        shape, expected = centres.shape, f"(classes, {below.units}), as many as units below"
        require("shape of the centres", shape, shape[1:] == (below.units,), expected)
        finite = centres.dtype.kind in "iuf" and bool(np.isfinite(centres).all())
        require("type of the centres", centres.dtype, finite, "finite numbers")
        return Shape(len(centres), 1, 1)

    def connections(self, below: Shape) -> int:
        """Return one for each class and unit below."""
        return int(self.centres.size)

    def _penalties(self, x: Array, centres: Array) -> Array:
        penalties = np.empty((len(centres), x.shape[1]), x.dtype)
        find_penalties(x, centres, penalties)
        return penalties

    def scores(self, x: Array) -> Array:
        """Return the penalties of eq. 7, negated, (classes, lanes).

        Parameters
        ----------
        x : ndarray, (inputs, lanes)
        """
        return -self._penalties(x, self.centres.astype(x.dtype))

    def judge(self, x: Array, labels: npt.NDArray[np.int64]) -> Judged:
        """Return y_D, with eq. 9 and the logarithm of the sum of all e^-y_i, and its derivatives.

        Parameters
        ----------
        x : ndarray, (inputs, lanes)
        labels : ndarray of int64, (lanes,)
        """
        centres = self.centres.astype(x.dtype)
        penalties = self._penalties(x, centres)
        # Taken here, for NumPy refuses a label that is no class.
        losses = penalties[labels, np.arange(labels.size)]
        shares, deltas, competitive = np.empty_like(penalties), np.empty_like(x), self.loss == "map"
        judge_penalties(penalties, labels, self.scale, self.j, competitive, losses, shares)
        carry_penalties(shares, x, centres, deltas)
        return Judged(losses, deltas, -penalties)

    def curvature(self, x: Array) -> Array:
        """Return that of eq. 8, whatever is trained, as in the authors' later code.

        Parameters
        ----------
        x : ndarray, (inputs, lanes)
        """
        return np.full_like(x, 2 * self.scale)


def _log_of_sum(x: Array) -> Array:
    """Return log sum e^x over the classes, of what may be large, (lanes,)."""
    greatest = x.max(axis=0)
    return np.asarray(greatest + np.log(np.exp(x - greatest).sum(axis=0)))
