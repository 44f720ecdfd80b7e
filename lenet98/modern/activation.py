"""Activation functions: ReLU, sigmoid, tanh and the paper's squashing function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from lenet98.errors import require
from lenet98.modern.kernels import find_states, multiply_by_polynomial, rectify, stop_where_idle
from lenet98.modern.row import Array, Block, Row, Weights
from lenet98.modern.shape import Shape
from lenet98.network.kernels import A, S

Function = Literal["relu", "sigmoid", "tanh", "squash"]

_STATES = {"sigmoid": (0.5, 0.5, 0.5), "tanh": (1.0, 1.0, 0.0), "squash": (S, A, 0.0)}
"""Factors of a and of its tanh, and what is added: the sigmoid is (1 + tanh(a / 2)) / 2."""

_SLOPES = {"sigmoid": (0.0, 1.0, -1.0), "tanh": (1.0, 0.0, -1.0), "squash": (S * A, 0.0, -S / A)}
"""Of a state x: the constant, and what x and x^2 are multiplied by."""

_NAMES = {"relu": "ReLU", "squash": "squashing function"}


@dataclass(frozen=True)
class Activation(Row):
    """A function of each value by itself.

    Attributes
    ----------
    function : {"relu", "sigmoid", "tanh", "squash"}

    Examples
    --------
    >>> print(Activation("relu"))
    ReLU
    """

    function: Function

    def __str__(self) -> str:
        return _NAMES.get(self.function, self.function)

    def above(self, below: Shape) -> Shape:
        """Return the shape that it gives, that of what is below."""
        known = get_args(Function)
        require("function", self.function, self.function in known, f"one of {', '.join(known)}")
        return below

    def block(self, below: Shape, lanes: int, dtype: npt.DTypeLike) -> Block:
        """Return what computes it."""
        return _Activating(self.function, below, lanes, dtype)


class _Activating(Block):
    def __init__(self, function: Function, below: Shape, lanes: int, dtype: npt.DTypeLike) -> None:
        self._function = function
        self._out = np.empty((*below, lanes), dtype)

    def forward(self, x: Array, own: Weights, *, training: bool) -> Array:
        activate(self._function, x, self._out)
        return self._out

    def back(self, deltas: Array, own: Weights, gradient: Weights, *, wanted: bool) -> Array:
        multiply_by_slopes(self._function, deltas, self._out)
        return deltas

    def back_squared(self, deltas: Array, squares: Weights, curvature: Weights) -> Array:
        for _ in range(2):
            multiply_by_slopes(self._function, deltas, self._out)
        return deltas


def activate(function: Function, a: Array, out: Array) -> None:
    """Set the states that a function makes of weighted sums.

    Parameters
    ----------
    function : {"relu", "sigmoid", "tanh", "squash"}
        max(0, a), 1 / (1 + exp(-a)), tanh a, or A tanh(S a) (eq. 6).
    a, out : ndarray, of one shape
    """
    if function == "relu":
        rectify(a.reshape(-1), out.reshape(-1))
    else:
        find_states(a.reshape(-1), *_STATES[function], out.reshape(-1))


def multiply_by_slopes(function: Function, deltas: Array, states: Array) -> None:
    """Multiply derivatives by the slope of each unit, which its state tells.

    Parameters
    ----------
    function : {"relu", "sigmoid", "tanh", "squash"}
    deltas, states : ndarray, of one shape
    """
    if function == "relu":
        stop_where_idle(deltas.reshape(-1), states.reshape(-1))
    else:
        multiply_by_polynomial(deltas.reshape(-1), states.reshape(-1), *_SLOPES[function])
