"""How the weights of a model start: uniform within a bound that their fan-in gives."""

from __future__ import annotations

import math
from typing import Literal

from lenet98.errors import require
from lenet98.network.choices import InitialWeights

Start = Literal["glorot", "he"] | InitialWeights
"""Glorot and Bengio (2010), He et al. (2015), or as App. A and what the paper leaves open."""


def check_start(start: Start) -> None:
    """Refuse what is none.

    Raises
    ------
    ConfigurationError
    """
    known = start in ("glorot", "he") or isinstance(start, InitialWeights)
    require("start", start, known, "'glorot', 'he' or InitialWeights")


def bound_of(start: Start, fan_in: int, fan_out: int, height: int) -> float:
    """Return the bound of the weights of a unit.

    Parameters
    ----------
    start : Start
    fan_in, fan_out : int
        Units below that it sees, and units above, as a kernel counts them, that see one below.
    height : int
        Of the maps of its layer.

    Examples
    --------
    >>> round(bound_of("he", 150, 400, 10), 2), round(bound_of("glorot", 200, 400, 10), 2)
    (0.2, 0.1)
    """
    if start == "glorot":
        return math.sqrt(6 / (fan_in + fan_out))
    if start == "he":
        return math.sqrt(6 / fan_in)
    assert isinstance(start, InitialWeights)
    return float(start.bound_of(height) / fan_in**start.power)
