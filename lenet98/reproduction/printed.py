"""The paper's own pictures, Figs. 13, 25 and 26, as a network reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lenet98.data.digits import Digits
from lenet98.paper.figures import fig13, fig25_and_26
from lenet98.reproduction.comparison import Comparison, Quantity
from lenet98.reproduction.named_runs import NAMED_RUNS, STRINGS
from lenet98.reproduction.results import Results

if TYPE_CHECKING:  # what computes is imported where it does, so that to read results loads no numba
    from lenet98.network.network import Network

PATTERNS_TOLERANCE = 0.5
STRINGS_TOLERANCE = 1.0
"""Of so few pictures, one or the other hangs on the seed."""


def measure(network: Network, digits: Digits, rng: np.random.Generator) -> dict[str, Any]:
    """Read the paper's pictures.

    Parameters
    ----------
    network : Network
    digits, rng
        Not needed, for the pictures come with the package.

    Returns
    -------
    dict
        ``"fig13"``: the nine answers. ``"fig25 and 26"``: the five texts.
    """
    from lenet98.data.printed import fig13_patterns, fig25_and_26_patterns
    from lenet98.reading.answers import CHARACTERS
    from lenet98.reading.strings import read_strings

    strings = read_strings(fig25_and_26_patterns(), network)
    return {
        "fig13": network.penalties(fig13_patterns())[:, :CHARACTERS].argmin(axis=1).tolist(),
        "fig25 and 26": [reading.text for reading in strings],
    }


def patterns_read(results: Results) -> Iterator[Comparison]:
    """Judge how many inputs of Fig. 13 the network of each run reads."""
    printed = fig13().labels
    for run in NAMED_RUNS:
        if measured := results.measured(run, "printed"):
            quantity = Quantity(
                f"Fig. 13's inputs read, {run.title}",
                len(printed),
                "patterns",
                "Fig. 13",
                "near",
                PATTERNS_TOLERANCE,
            )
            yield quantity.judge([_alike(one["fig13"], printed) for one in measured])


def strings_read(results: Results) -> Iterator[Comparison]:
    """Judge how many strings of Figs. 25 and 26 the network of strings reads."""
    printed = fig25_and_26().answers
    if measured := results.measured(STRINGS, "printed"):
        quantity = Quantity(
            "strings of Figs. 25 and 26 read",
            len(printed),
            "strings",
            "Figs. 25, 26",
            "near",
            STRINGS_TOLERANCE,
        )
        yield quantity.judge([_alike(one["fig25 and 26"], printed) for one in measured])


def _alike(here: Sequence[object], printed: Sequence[object]) -> int:
    return sum(one == other for one, other in zip(here, printed, strict=True))
