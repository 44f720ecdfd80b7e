"""The training runs that have a name: the one table of them, and what Fig. 6 has for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from lenet98.data.flanking import Flanking
from lenet98.network.architecture import Architecture
from lenet98.network.choices import InitialWeights
from lenet98.network.tables import lenet5
from lenet98.paper import published
from lenet98.training.recipe import LATER_ETA, TrainingConfig


@dataclass(frozen=True)
class NamedRun:
    """One row of the table.

    Attributes
    ----------
    name : str
        On command lines, in results.json, and of the files that it leaves.
    title : str
        The training patterns, as axes and sentences call them.
    changes : mapping of str to value
        In what its recipe differs from the recipe asked for.
    architecture : callable
        Returns the layer table of the network that it trains.
    shipped : str or None
        Name of the pretrained network that it left, where the package has it.
    measures : tuple of str
        What is asked of its network besides its errors: names in
        `lenet98.reproduction.measures.MEASURES`.
    """

    name: str
    title: str
    changes: Mapping[str, Any] = field(default_factory=dict, hash=False)
    architecture: Callable[[], Architecture] = lenet5
    shipped: str | None = None
    measures: tuple[str, ...] = ()

    def recipe(self, asked: TrainingConfig = TrainingConfig()) -> TrainingConfig:
        """Return its recipe where `asked` is asked for."""
        return replace(asked, **self.changes)


DISTORTED = NamedRun(
    "distorted",
    "60,000 and 540,000 distorted",
    {"distorted": True},
    shipped="distorted",
    measures=("printed", "invariance"),
)
STRINGS = NamedRun(
    "strings",
    "60,000 as strings",
    {
        # What Sec. VII-B leaves open, settled on strings of held-out patterns; see the record.
        "noise": published.NOISE,
        "flanked": Flanking(),
        "j": 10.0,
        "initial": InitialWeights(bound=3.0, coefficient=0.25),
        "eta": LATER_ETA,
    },
    partial(lenet5, blank=True),
    shipped="strings",
    measures=("printed", "strings"),
)
NOISE = NamedRun(
    "noise",
    "60,000 with noise",
    {"noise": published.NOISE},
    shipped="noise",
    measures=("printed", "invariance"),
)
WHOLE = NamedRun("60000", "60,000", shipped="mnist", measures=("printed", "invariance"))
HALF = NamedRun("30000", "30,000", {"patterns": 30_000})
QUARTER = NamedRun("15000", "15,000", {"patterns": 15_000})
NAMED_RUNS = (STRINGS, DISTORTED, NOISE, WHOLE, HALF, QUARTER)
"""The longest first, so that several cores end together. Source: Sec. III-B, III-E, VII, Fig. 6."""


def measures_of(name: str) -> tuple[str, ...]:
    """Return what is asked of the network of a run; nothing of one that is not in the table."""
    return next((run.measures for run in NAMED_RUNS if run.name == name), ())


def in_order(runs: Iterable[NamedRun]) -> list[NamedRun]:
    """Return these runs, each once, the longest first."""
    wanted = set(runs)
    return [run for run in NAMED_RUNS if run in wanted]


def errors_in_fig6(recipe: TrainingConfig) -> published.FinalErrors:
    """Return what Fig. 6 has for the training set of a recipe.

    Raises
    ------
    KeyError
        Fig. 6 has no such set.
    """
    patterns = recipe.patterns or published.PATTERNS
    return published.FIG6["distorted" if recipe.distorted else str(patterns)]
