"""How large a network's parameters are, and how full its layers: beside that of Fig. 13."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lenet98.paper.figures import fig13
from lenet98.questions.recovery import printed_drawings, recover, states_of
from lenet98.questions.unit_fit import rms

if TYPE_CHECKING:
    from lenet98.network.network import Network

SATURATED = 1.5
"""A state beyond this, either way, is saturated: the squashing function ends at 1.7159."""

_SHOWN = ("C1", "C3", "S4", "C5")
"""Layers whose states have a part in it."""

Fingerprint = Mapping[str, float]
"""By what is measured; root mean squares where nothing else is said."""

Array = npt.NDArray[np.floating]

Layers = Mapping[str, tuple[Array, Array]]
"""Weights and biases by name of the layer."""


def fingerprint_of(network: Network) -> dict[str, float]:
    """Return that of a network: of its parameters, and of its states on Fig. 13's inputs.

    Parameters
    ----------
    network : Network
        LeNet-5, with an eleventh class or without.

    Returns
    -------
    dict of str to float
    """
    panels = [one.pattern for one in printed_drawings() if one.complete]
    answered = [network.states(pattern.astype(np.float32)) for pattern in panels]
    layers = {name: network.view(name) for name in ("C1", "S2", "C3", "S4")}
    states = {name: np.stack([one[name] for one in answered]) for name in answered[0]}
    return _fingerprint({name: (view.weights, view.bias) for name, view in layers.items()}, states)


@cache  # for every recipe is set beside it
def fingerprint_of_1998() -> Fingerprint:
    """Return that of the paper's own network: of what was recovered, and of the states drawn."""
    fits = recover(printed_drawings()).fits
    layers = {
        name: (
            np.concatenate([fit.weights.ravel() for fit in some]),
            np.array([fit.bias for fit in some]),
        )
        for name, some in fits.items()
    }
    shown = {name: states_of(fig13().states[name]) for name in _SHOWN}
    return MappingProxyType(_fingerprint(layers, shown))


def factor_apart(one: Fingerprint, other: Fingerprint) -> float:
    """Return the factor by which two fingerprints differ: the root mean square of its logarithm."""
    apart = [np.log(one[name] / other[name]) for name in other]
    return float(np.exp(rms(np.array(apart))))


def mean_of(fingerprints: Iterable[Fingerprint]) -> dict[str, float]:
    """Return the geometric mean of several, such as those of the seeds of a recipe."""
    some = list(fingerprints)
    return {name: float(np.exp(np.mean([np.log(one[name]) for one in some]))) for name in some[0]}


def fingerprint_table(found: Mapping[str, Sequence[Fingerprint]]) -> str:
    """Return fingerprints by name as a table in Markdown, beside that of 1998.

    Of several seeds the geometric mean. The last rows are how far it is from 1998, and how far the
    seeds are from it.
    """
    printed = fingerprint_of_1998()
    means = {name: mean_of(seeds) for name, seeds in found.items()}
    lines = [f"| | 1998 | {' | '.join(found)} |", "|---|--:" + "|--:" * len(found) + "|"]
    for part, value in printed.items():
        values = [f"{one[part]:.2g}" for one in means.values()]
        lines.append(f"| {part} | {value:.2g} | {' | '.join(values)} |")
    apart = [f"{factor_apart(mean, printed):.2f}" for mean in means.values()]
    lines.append(f"| factor apart from 1998 | | {' | '.join(apart)} |")
    spread = [
        f"{np.mean([factor_apart(one, means[name]) for one in seeds]):.2f}"
        for name, seeds in found.items()
    ]
    lines.append(f"| factor of the seeds from their mean | | {' | '.join(spread)} |")
    return "\n".join(lines) + "\n"


def _fingerprint(layers: Layers, states: Mapping[str, Array]) -> dict[str, float]:
    found = {}
    for name, (weights, biases) in layers.items():
        if name.startswith("C"):
            found[f"{name} weights"] = float(rms(weights))
        else:
            found[f"{name} coefficients, mean"] = float(np.mean(weights))
        found[f"{name} biases"] = float(rms(biases))
    for name in ("C1", "C3", "C5"):
        found[f"{name} saturated"] = float(np.mean(np.abs(states[name]) > SATURATED))
    return found | {"S4 states, mean size": float(np.mean(np.abs(states["S4"])))}
