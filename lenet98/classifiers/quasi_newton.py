"""A function's minimum by its gradients, whose changes show the curvature (limited-memory BFGS)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]

_REMEMBERED = 10
"""Changes from which the curvature is estimated."""

_SUFFICIENT = 1e-4
"""Part of the fall that the gradient foretells, with less of which a change is halved."""

_SHORTEST = 1e-4
"""Part of a change at which halving it is given up: what is left to be gained is rounding."""


class Height(NamedTuple):
    """What a function is at a point.

    Attributes
    ----------
    value : float
    gradient : ndarray
        Of the shape of the point.
    """

    value: float
    gradient: Reals


def minimise(function: Callable[[Reals], Height], point: Reals, first: float, rounds: int) -> Reals:
    """Go down a function.

    Parameters
    ----------
    function : callable
        Of a point; returns its `Height`.
    point : ndarray
        Where to begin.
    first : float
        Length of the first change, when nothing is known of the curvature yet.
    rounds : int
        Changes at most.

    Returns
    -------
    ndarray
        The lowest point found; not above the first.

    Notes
    -----
    Source: Nocedal and Wright, Numerical Optimization, algorithm 7.4, with halving.
    """
    pairs: deque[tuple[Reals, Reals]] = deque(maxlen=_REMEMBERED)
    here = function(point)
    for _ in range(rounds):
        if not here.gradient.any():
            break
        change = _towards_minimum(here.gradient, pairs, first)
        slope = np.vdot(here.gradient, change)
        part = 1.0
        there = function(point + change)
        while there.value > here.value + _SUFFICIENT * part * slope:
            part /= 2
            if part < _SHORTEST:
                return point
            there = function(point + part * change)
        bend = there.gradient - here.gradient
        if np.vdot(part * change, bend) > 0:
            pairs.append((part * change, bend))
        point, here = point + part * change, there
    return point


def _towards_minimum(gradient: Reals, pairs: deque[tuple[Reals, Reals]], first: float) -> Reals:
    """Return minus the gradient, over the curvature that the pairs of changes show."""
    if not pairs:
        return np.asarray(-first / np.linalg.norm(gradient) * gradient)
    direction = -gradient
    parts = []
    for change, bend in reversed(pairs):
        part = np.vdot(change, direction) / np.vdot(change, bend)
        direction -= part * bend
        parts.append(part)
    change, bend = pairs[-1]
    direction *= np.vdot(change, bend) / np.vdot(bend, bend)
    for (change, bend), part in zip(pairs, reversed(parts), strict=True):
        direction += (part - np.vdot(bend, direction) / np.vdot(change, bend)) * change
    return direction
