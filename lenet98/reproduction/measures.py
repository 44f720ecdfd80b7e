"""What is asked of a trained network besides its errors on the test set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from lenet98.data.digits import Digits
from lenet98.reproduction import digit_strings, printed
from lenet98.reproduction.named_runs import NamedRun

if TYPE_CHECKING:
    from lenet98.network.network import Network

Measure = Callable[["Network", Digits, np.random.Generator], dict[str, Any]]

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {"printed": printed.measure, "strings": digit_strings.measure}
)
"""Each returns plain values, ready for JSON."""


def measure(run: NamedRun, network: Network, digits: Digits, seed: int) -> dict[str, Any]:
    """Return by name what each measure of a named run finds in its network.

    Parameters
    ----------
    run : NamedRun
    network : Network
    digits : Digits
    seed : int
        Of what the measures draw.
    """
    return {
        name: MEASURES[name](network, digits, np.random.default_rng(seed)) for name in run.measures
    }
