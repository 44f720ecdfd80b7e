"""The weights of a unit from what it is shown to answer: f(Xw + b) fitted to drawn states."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_ROUNDS = 30
_HALVINGS = 10
_ENOUGH = 1e-9
"""Part of the squared residual: less than that is no progress."""

_NEARLY_CLIPPED = 0.99
"""Of the amplitude: beyond it a drawn state does not tell its weighted sum."""


class UnitFit(NamedTuple):
    """A unit fitted to its drawn states.

    Attributes
    ----------
    weights : ndarray, (inputs,)
    bias : float
    errors : ndarray, (inputs + 1,)
        Standard errors of the weights and of the bias: the residual through the Jacobian, or the
        rounding of the states where that is more.
    information : ndarray, (inputs + 1, inputs + 1)
        What the states tell of weights and bias, without the damping: the Jacobian's own product.
    scatter : float
        Deviation of a drawn state from the unit's: the standard error of what has information 1.
    residual : float
        Root of the mean square, in states.
    """

    weights: Floats
    bias: float
    errors: Floats
    information: Floats
    scatter: float
    residual: float

    @property
    def combinations(self) -> tuple[Floats, Floats]:
        """Standard errors of orthogonal combinations of them, and these, (inputs + 1, as many).

        A row a combination, of length 1, the least determined first; the error of one that the
        states say nothing of is infinite.
        """
        told, vectors = np.linalg.eigh(self.information)
        with np.errstate(divide="ignore"):
            return self.scatter / np.sqrt(np.maximum(told, 0)), vectors.T

    def __call__(self, inputs: Floats) -> Floats:
        """Return the states for inputs, (..., inputs)."""
        return squashed(inputs @ self.weights + self.bias)


def rms(values: npt.NDArray[np.floating], axis: int | None = None) -> Floats:
    """Return the root mean square, of all values or along an axis."""
    return np.asarray(np.sqrt(np.mean(np.square(values), axis=axis)))


def squashed(sums: Floats) -> Floats:
    """Return f(a) = A tanh(S a). Source: Sec. II-B, eq. 6."""
    from lenet98.network.kernels import A, S

    return np.asarray(A * np.tanh(S * sums))


def fit_unit(inputs: Floats, states: Floats, damping: float, rounding: float = 0.0) -> UnitFit:
    """Fit weights and bias by least squares on the states (Gauss and Newton, with halving).

    Parameters
    ----------
    inputs : ndarray, (n, inputs)
    states : ndarray, (n,)
    damping : float
        Weight of the squared parameters for each of the n; it settles what the inputs leave open.
    rounding : float
        Step to which the states are rounded.

    Returns
    -------
    UnitFit
    """
    from lenet98.network.kernels import A, S

    design = np.column_stack([inputs, np.ones(len(inputs))])
    damp = damping * len(inputs) * np.eye(design.shape[1])
    # A state drawn at an end says no more than that it is nearer to it than half a step.
    clipped = np.abs(states) >= A - rounding / 4

    def missed_and_jacobian(found: Floats) -> tuple[Floats, Floats]:
        answers = squashed(design @ found)
        missed, slopes = states - answers, A * S * (1 - (answers / A) ** 2)
        content = clipped & (np.abs(missed) <= rounding / 2)
        missed[content] = slopes[content] = 0
        return missed, design * slopes[:, None]

    # To begin with, the weighted sums of the states that are not nearly clipped.
    free = np.abs(states) < _NEARLY_CLIPPED * A
    slopes = A * S * (1 - (states[free] / A) ** 2)
    weighted = design[free] * slopes[:, None] ** 2
    sums = np.arctanh(states[free] / A) / S
    found = np.linalg.solve(weighted.T @ design[free] + damp, weighted.T @ sums)
    missed, jacobian = missed_and_jacobian(found)
    for _ in range(_ROUNDS):
        gradient = jacobian.T @ missed - damp @ found
        step = np.linalg.solve(jacobian.T @ jacobian + damp, gradient)
        for size in 0.5 ** np.arange(_HALVINGS):
            after, jacobian_after = missed_and_jacobian(found + size * step)
            if after @ after <= missed @ missed:
                break
        else:
            break
        found, before, missed, jacobian = found + size * step, missed, after, jacobian_after
        if before @ before - missed @ missed < _ENOUGH * (before @ before):
            break
    # Equal inputs are drawn equally: to see them again tells nothing more.
    _, first = np.unique(inputs, axis=0, return_index=True)
    missed, jacobian = missed[first], jacobian[first]
    information = jacobian.T @ jacobian
    spread = np.linalg.inv(information + damp)
    residual = float(rms(states - squashed(design @ found)))
    told = jacobian.any(axis=1)
    scatter = float(np.sqrt(missed @ missed / max(1, told.sum() - len(found))))
    # Rounding is uniform within a step: its deviation is a step over the root of twelve.
    scatter = max(scatter, rounding / np.sqrt(12))
    errors = scatter * np.sqrt(np.diag(spread @ information @ spread))
    return UnitFit(found[:-1], float(found[-1]), errors, information, scatter, residual)
