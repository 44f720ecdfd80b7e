"""What is asked of a trained network besides its errors on the test set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from lenet98.data.digits import Digits
from lenet98.reproduction import digit_strings, invariance, printed

if TYPE_CHECKING:
    from lenet98.network.network import Network

Measure = Callable[["Network", Digits, np.random.Generator], dict[str, Any]]

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "printed": printed.measure,
        "invariance": invariance.measure,
        "strings": digit_strings.measure,
    }
)
"""Each returns plain values, ready for JSON."""


def measure(names: Iterable[str], network: Network, digits: Digits, seed: int) -> dict[str, Any]:
    """Return by name what measures find in a network.

    Parameters
    ----------
    names : iterable of str
        Of `MEASURES`.
    network : Network
    digits : Digits
    seed : int
        Of what the measures draw.
    """
    return {name: MEASURES[name](network, digits, np.random.default_rng(seed)) for name in names}
