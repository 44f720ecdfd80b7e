"""The experiments: what each shows, and the training runs it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from lenet98.training.recipe import TrainingConfig


@dataclass(frozen=True)
class Experiment:
    """One figure of the paper, or of its kind.

    Attributes
    ----------
    shows : str
    runs : tuple of str
        Names of the training runs it needs.
    on_request : bool
        Whether it is left out unless asked for by name.
    """

    shows: str
    runs: tuple[str, ...] = ()
    on_request: bool = False


OPEN_QUESTIONS = "open-questions"
VALIDATION = "validation"
"""These have runs of their own, in the hundreds and in the tens."""

EXPERIMENTS: Mapping[str, Experiment] = MappingProxyType(
    {
        "fig2": Experiment("the architecture"),
        "table1": Experiment("which S2 map feeds which C3 map"),
        "fig3": Experiment("the 96 output codes"),
        "fig4": Experiment("size-normalised test patterns"),
        "fig5": Experiment("errors against passes", ("60000",)),
        "fig6": Experiment(
            "errors against training patterns", ("15000", "30000", "60000", "distorted")
        ),
        "fig7": Experiment("distorted training patterns"),
        "fig8": Experiment("every misclassified test pattern", ("distorted",)),
        "fig13": Experiment("the states of all layers", ("distorted",)),
        "learned": Experiment("the kernels of C1 and C3", ("60000",)),
        "f6_codes": Experiment("F6 beside the codes it should match", ("60000",)),
        "rejection": Experiment("error against patterns rejected", ("distorted",)),
        "cost": Experiment("multiply-accumulates and memory"),
        OPEN_QUESTIONS: Experiment("which recipes explain Fig. 5", on_request=True),
        VALIDATION: Experiment("which recipe errs least on held-out patterns", on_request=True),
    }
)

# The longest first, so that two cores end together. Sec. III-B, Fig. 6.
_RUNS: Mapping[str, dict[str, Any]] = MappingProxyType(
    {
        "distorted": {"distorted": True},
        "60000": {},
        "30000": {"patterns": 30_000},
        "15000": {"patterns": 15_000},
    }
)


def runs_for(names: Iterable[str]) -> list[str]:
    """Return the runs that these experiments need, the longest first."""
    needed = {run for name in names for run in EXPERIMENTS[name].runs}
    return [run for run in _RUNS if run in needed]


def configuration_of(run: str, recipe: TrainingConfig) -> TrainingConfig:
    """Return the recipe with the training set of that run."""
    return replace(recipe, **_RUNS[run])
