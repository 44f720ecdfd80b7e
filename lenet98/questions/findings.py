"""What the open questions were answered: each recipe's distance to Fig. 5, and its table."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any

import numpy as np

from lenet98.reproduction.named_runs import errors_in_fig6
from lenet98.reproduction.quantities import (
    GREATEST_RATE,
    LEAST_RATE,
    TEST_ERROR,
    TRAIN_CURVE,
    TRAIN_ERROR,
    distance_to_fig5,
)
from lenet98.storage.files import read_json, write_whole
from lenet98.training.recipe import TrainingConfig, recipe_from
from lenet98.training.record import PassRecord, history_from, plain_history

EARLY_PASSES, WHOLE_PASSES = 3, 20

_DEMANDS = ("test error", "training error", "training curve", "rates")

Extremes = tuple[float, float]
"""Least and greatest effective rate of the first pass."""

Histories = list[list[PassRecord]]


@dataclass(frozen=True)
class Finding:
    """What one recipe did.

    Attributes
    ----------
    recipe : TrainingConfig
        Seed and passes aside.
    rates : tuple of float
        The least and the greatest of the first pass.
    histories : list of list of PassRecord
        One history a seed, of three or twenty passes; shorter where training diverged.
    distorted : list of list of PassRecord
        The same of training with distortions; empty where it was not asked for.
    """

    recipe: TrainingConfig
    rates: Extremes
    histories: Histories
    distorted: Histories = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether every seed got its twenty passes."""
        return all(len(history) == WHOLE_PASSES for history in self.histories)

    def last(self, error: str) -> list[float]:
        """Return an error of the last pass, in percent, of each seed."""
        return [getattr(history[-1], error) for history in self.histories]

    def failed_demands(self) -> list[str]:
        """Return which of the demands on a recipe of twenty passes do not hold."""
        if not self.whole:
            return ["convergence", *_DEMANDS]
        judged = (
            TEST_ERROR.judge(self.last("test_error")),
            TRAIN_ERROR.judge(self.last("train_error_on_the_fly")),
            TRAIN_CURVE.judge([distance_to_fig5(history)[1] for history in self.histories]),
        )
        holds = (*(row.verdict == "agrees" for row in judged), rates_agree(self.rates))
        return [name for name, held in zip(_DEMANDS, holds, strict=True) if not held]


@dataclass(frozen=True)
class Exploration:
    """What a run of the grid found.

    Attributes
    ----------
    findings : list of Finding
        The recipes that got passes: the longest runs first, and of those the nearest to Fig. 5.
    smaller_sets : list of Finding
        The nearest recipe on fewer patterns. Source: Fig. 6.
    starts : list of Finding
        Other starts, with and without distortions.
    """

    findings: list[Finding]
    smaller_sets: list[Finding]
    starts: list[Finding]


def rates_agree(rates: Extremes) -> bool:
    """Return whether both extremes of the effective rates are the paper's, as far as judged."""
    judged = zip((LEAST_RATE, GREATEST_RATE), rates, strict=True)
    return all(quantity.judge([rate]).verdict == "agrees" for quantity, rate in judged)


def distance(histories: Histories) -> float:
    """Return the mean distance to Fig. 5's two curves, percent points, over passes and seeds.

    Infinite where training diverged.
    """
    if any(len(history) not in (EARLY_PASSES, WHOLE_PASSES) for history in histories):
        return inf
    return float(np.mean([distance_to_fig5(history) for history in histories]))


def label(recipe: TrainingConfig) -> str:
    """Name a recipe by its answers to the open questions."""
    return "; ".join(_answers(recipe))


def short_label(recipe: TrainingConfig, other: TrainingConfig) -> str:
    """Name a recipe by its loss and the answers in which it differs from another."""
    loss, *rest = _answers(recipe)
    return "; ".join([loss, *(answer for answer in rest if answer not in _answers(other))])


def _answers(recipe: TrainingConfig) -> list[str]:
    initial = recipe.initial
    fan_in = {1 / 2: "√F", 2 / 3: "F^⅔", 1.0: "F"}[initial.power]
    answers = [
        f"eq. 9, j {recipe.j:g}" if recipe.loss == "map" else "eq. 8",
        f"scale {recipe.scale:g}",
        f"±{initial.bound:g}/{fan_in}",
        f"{recipe.subsampling}, coefficient {initial.coefficient:g}",
        "random biases" if initial.random_biases else "zero biases",
    ]
    if recipe.reshuffle:
        answers.append("reshuffled")
    if not recipe.fresh_curvature:
        answers.append("the same 500")
    return answers


def hypotheses(exploration: Exploration) -> dict[str, Histories]:
    """Return what to draw: the recipes with most seeds, and the nearest with the other loss."""
    whole = [finding for finding in exploration.findings if finding.whole]
    most = max(len(finding.histories) for finding in whole)
    best = whole[0].recipe
    shown = [finding for finding in whole if len(finding.histories) == most]
    shown += [finding for finding in whole if finding.recipe.loss != best.loss][:1]
    return {short_label(finding.recipe, best): finding.histories for finding in shown}


def findings_tables(exploration: Exploration) -> str:
    """Return all that was found as tables in Markdown."""
    tables = (table(exploration), smaller_sets_table(exploration), starts_table(exploration))
    return "\n".join(tables)


def table(exploration: Exploration, least_seeds: int = 1) -> str:
    """Return the findings as a table in Markdown, a recipe of twenty passes a row.

    Recipes with fewer seeds than `least_seeds` are left out.
    """
    lines = [
        "| recipe | seeds | rates of pass 1 | test error, % | training error, % "
        "| mean distance to Fig. 5, test and training | fails |",
        "|---|---|---|---|---|---|---|",
    ]
    for finding in exploration.findings:
        if finding.whole and len(finding.histories) >= least_seeds:
            test, train = np.mean([distance_to_fig5(h) for h in finding.histories], axis=0)
            fails = ", ".join(finding.failed_demands()) or "nothing"
            lines.append(
                f"| {label(finding.recipe)} | {len(finding.histories)} | {_rates(finding)} "
                f"| {_spread(finding, 'test_error')} "
                f"| {_spread(finding, 'train_error_on_the_fly')} "
                f"| {test:.2f}, {train:.2f} | {fails} |"
            )
    return "\n".join(lines) + "\n"


def smaller_sets_table(exploration: Exploration) -> str:
    """Return the runs on fewer patterns beside Fig. 6, as a table in Markdown."""
    lines = [
        "| patterns | passes | test error, % | Fig. 6 | training error, % | Fig. 6 |",
        "|---|---|---|---|---|---|",
    ]
    for finding in exploration.smaller_sets:
        printed = errors_in_fig6(finding.recipe)
        lines.append(
            f"| {finding.recipe.patterns:,} | {finding.recipe.passes} "
            f"| {_spread(finding, 'test_error')} | {printed.test} "
            f"| {_spread(finding, 'train_error_on_the_fly')} | {printed.train} |"
        )
    return "\n".join(lines) + "\n"


def starts_table(exploration: Exploration) -> str:
    """Return what distortions do for each start, as a table in Markdown."""
    lines = [
        "| start | rates of pass 1 | test error, % | training error, % "
        "| test error with distortions, % | fails |",
        "|---|---|---|---|---|---|",
    ]
    for finding in exploration.starts:
        fails = ", ".join(finding.failed_demands()) or "nothing"
        distorted = mean_and_range([history[-1].test_error for history in finding.distorted])
        lines.append(
            f"| {label(finding.recipe)} | {_rates(finding)} | {_spread(finding, 'test_error')} "
            f"| {_spread(finding, 'train_error_on_the_fly')} | {distorted} | {fails} |"
        )
    return "\n".join(lines) + "\n"


def write_exploration(path: Path, exploration: Exploration) -> None:
    """Write the findings to a JSON file.

    Raises
    ------
    DataError
        The file cannot be written.
    """
    content = {
        "findings": [_as_dict(finding) for finding in exploration.findings],
        "smaller_sets": [_as_dict(finding) for finding in exploration.smaller_sets],
        "starts": [_as_dict(finding) for finding in exploration.starts],
    }
    write_whole(path, (json.dumps(content) + "\n").encode())


def read_exploration(path: Path) -> Exploration:
    """Read what `write_exploration` wrote.

    Raises
    ------
    DataError
        The file is missing, or is not what `write_exploration` writes.
    """
    return read_json(path, _exploration, "findings")


def _as_dict(finding: Finding) -> dict[str, Any]:
    return {
        "recipe": finding.recipe.as_dict(),
        "rates": finding.rates,
        "histories": _histories_as_lists(finding.histories),
        "distorted": _histories_as_lists(finding.distorted),
    }


def _histories_as_lists(histories: Histories) -> list[list[dict[str, Any]]]:
    return [plain_history(history) for history in histories]


def _exploration(content: dict[str, Any]) -> Exploration:
    return Exploration(
        findings=[_finding(values) for values in content["findings"]],
        smaller_sets=[_finding(values) for values in content["smaller_sets"]],
        starts=[_finding(values) for values in content["starts"]],
    )


def _finding(values: dict[str, Any]) -> Finding:
    least, greatest = values["rates"]
    return Finding(
        recipe=recipe_from(values["recipe"]),
        rates=(float(least), float(greatest)),
        histories=_histories(values["histories"]),
        distorted=_histories(values["distorted"]),
    )


def _histories(values: list[list[dict[str, Any]]]) -> Histories:
    return [history_from(history) for history in values]


def _rates(finding: Finding) -> str:
    least, greatest = finding.rates
    return f"{least:.1e} to {greatest:.1e}"


def _spread(finding: Finding, error: str) -> str:
    return mean_and_range(finding.last(error))


def mean_and_range(values: list[float]) -> str:
    """Write an error in percent: of one seed, or the mean with the least and the greatest."""
    if len(values) == 1:
        return f"{values[0]:.2f}"
    return f"{np.mean(values):.2f} ({min(values):.2f} to {max(values):.2f})"
