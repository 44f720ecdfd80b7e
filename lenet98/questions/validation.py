"""Which recipe errs least with distortions, chosen on patterns held out of the training set."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np

from lenet98.data.digits import Digits
from lenet98.network.choices import InitialWeights
from lenet98.questions.findings import WHOLE_PASSES, Histories
from lenet98.questions.study import Bench, study
from lenet98.questions.trainings import Trainings
from lenet98.questions.wording import label, mean_and_range
from lenet98.reproduction.machines import Machines
from lenet98.reproduction.side_by_side import Tell
from lenet98.training.recipe import ETA, LATER_ETA, TrainingConfig

HELD_OUT = 10_000
"""The last so many training patterns; the test set has no part in the choice."""

J = 4.0
"""More than the default's 2, for all of them."""

STARTS = (
    InitialWeights(1.5, 1 / 2, 0.35),
    InitialWeights(3.0, 1 / 2, 0.25),
    InitialWeights(4.0, 2 / 3, 0.25),
)
"""The default's, and two wider ones."""

STRENGTHS = (1.0, 0.5)
"""The ranges of distortion that Fig. 7 shows, and half of them."""

ETAS = (ETA, LATER_ETA)

FINALISTS, FINALIST_SEEDS = 2, 5


def candidates() -> list[TrainingConfig]:
    """Return the recipes among which the least error is looked for."""
    recipe = TrainingConfig(distorted=True, j=J)
    return [
        replace(recipe, initial=start, strength=strength, eta=eta)
        for start, strength, eta in product(STARTS, STRENGTHS, ETAS)
    ]


@study("validation", "which recipe errs least on held-out patterns", "12 minutes")
def validation(bench: Bench) -> str:
    """Choose the recipe of least error on patterns held out of the training set."""
    digits = bench.mnist("chooses among recipes for MNIST, so it needs MNIST")
    return validation_table(validate(digits, bench.cells, bench.machines, bench.tell))


def validate(
    digits: Digits, folder: Path, machines: Machines, tell: Tell
) -> dict[TrainingConfig, list[float]]:
    """Train every candidate without the held-out patterns, and the nearest few with more seeds.

    Parameters
    ----------
    digits : Digits
    folder, machines, tell
        As in `lenet98.questions.trainings.Trainings`.

    Returns
    -------
    dict of TrainingConfig to list of float
        Percent misclassified of the held-out patterns, of each seed; the least mean first, and
        those with more seeds before the others.
    """
    trainings = Trainings(held_out(digits), folder, machines, tell)
    found = trainings.histories(candidates(), WHOLE_PASSES, seeds=1)
    finalists = sorted(found, key=lambda recipe: np.mean(errors(found[recipe])))[:FINALISTS]
    found |= trainings.histories(finalists, WHOLE_PASSES, FINALIST_SEEDS)
    order = sorted(found, key=lambda r: (-len(found[r]), np.mean(errors(found[r]))))
    return {recipe: errors(found[recipe]) for recipe in order}


def held_out(digits: Digits) -> Digits:
    """Return the set with the patterns held out in the place of the test patterns."""
    return without_last(digits, HELD_OUT)


def without_last(digits: Digits, patterns: int) -> Digits:
    """Return the set with so many last training patterns in the place of the test patterns."""
    return Digits(
        digits.train_images[:-patterns],
        digits.train_labels[:-patterns],
        digits.train_images[-patterns:],
        digits.train_labels[-patterns:],
    )


def errors(histories: Histories) -> list[float]:
    """Return the error of the last pass, in percent; infinite where training diverged."""
    return [
        history[-1].test_error if len(history) == WHOLE_PASSES else float("inf")
        for history in histories
    ]


def validation_table(found: dict[TrainingConfig, list[float]]) -> str:
    """Return the errors on the held-out patterns as a table in Markdown."""
    lines = [
        "| recipe | seeds | error on the held-out patterns, with distortions, % |",
        "|---|---|---|",
    ]
    for recipe, values in found.items():
        lines.append(f"| {label(recipe)} | {len(values)} | {mean_and_range(values)} |")
    return "\n".join(lines) + "\n"
