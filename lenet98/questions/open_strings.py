"""What Sec. VII-B leaves open, settled on strings of patterns held out of the training set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lenet98.data.digits import Digits
from lenet98.network.choices import InitialWeights
from lenet98.network.tables import lenet5
from lenet98.paper import published
from lenet98.questions.study import Bench, study
from lenet98.questions.trainings import Question, Trainings
from lenet98.questions.validation import held_out
from lenet98.questions.wording import mean_and_range
from lenet98.reading.answers import CHARACTERS
from lenet98.reproduction.digit_strings import MANY, errors_of
from lenet98.reproduction.machines import Machines
from lenet98.reproduction.named_runs import STRINGS
from lenet98.reproduction.side_by_side import Tell
from lenet98.training.recipe import ETA, TrainingConfig

if TYPE_CHECKING:
    from lenet98.training.training import Training

LENGTH, GAPS = 4, (0, 4)
"""Of the strings that are read: four digits, and gaps of 0 to 4 pixels."""

SEED = 7
"""Of those strings, the same for every network."""


class Answer(NamedTuple):
    """Another answer to one of the questions.

    Attributes
    ----------
    name : str
    recipe : TrainingConfig
    blank : bool
        Whether the blank is a class of its own, on the code of SPACE, instead of the rubbish
        class.
    """

    name: str
    recipe: TrainingConfig
    blank: bool = True


def answers() -> list[Answer]:
    """Return the recipe of the named run, and those that differ from it in one answer."""
    recipe = STRINGS.recipe()
    flanked = recipe.flanked
    assert flanked is not None  # it is what the run is about

    def flanking(**changes: Any) -> TrainingConfig:
        return replace(recipe, flanked=replace(flanked, **changes))

    return [
        Answer("as the named run", recipe),
        Answer("the blank is the rubbish class", recipe, blank=False),
        Answer("no blanks", flanking(blanks=0.0)),
        Answer("half blanks", flanking(blanks=0.5)),
        Answer("blank gaps up to 12 pixels", flanking(widest_blank=12)),
        Answer("middles not shifted", flanking(shift=0)),
        Answer("blanks in the middle of their gap", flanking(apart=10)),
        Answer("neighbours always there", flanking(alone=0.0)),
        Answer("rates of Sec. III-B", replace(recipe, eta=ETA)),
        Answer("j 4", replace(recipe, j=4.0)),
        Answer("the default's start", replace(recipe, initial=InitialWeights())),
        Answer(
            "start of 2/√F with random biases",
            replace(recipe, initial=InitialWeights(2.0, 1 / 2, 0.25, random_biases=True)),
        ),
    ]


@study("open-strings", "what Sec. VII-B leaves open, on held-out strings", "15 minutes")
def open_strings(bench: Bench) -> str:
    """Train with each answer and read strings of the patterns held out."""
    digits = bench.mnist("reads strings of MNIST, so it needs MNIST")
    return answers_table(try_answers(digits, bench.cells, bench.machines, bench.tell))


def try_answers(
    digits: Digits, folder: Path, machines: Machines, tell: Tell, seeds: int = 2
) -> dict[str, list[dict[str, float] | None]]:
    """Return by name of the answer what each seed misreads of the held-out strings.

    Parameters
    ----------
    digits : Digits
    folder, machines, tell
        As in `lenet98.questions.trainings.Trainings`.
    seeds : int
    """
    held = held_out(digits)
    found: dict[str, list[dict[str, float] | None]] = {}
    for blank in (True, False):
        some = [answer for answer in answers() if answer.blank is blank]
        trainings = Trainings(held, folder, machines, tell, lenet5(blank=blank))
        recipes = [answer.recipe for answer in some]
        errors = trainings.after_training(Question("misread", misread), recipes, seeds)
        found |= {answer.name: errors[answer.recipe] for answer in some}
    return {answer.name: found[answer.name] for answer in answers()}


def misread(training: Training) -> dict[str, float]:
    """Return what a trained network misreads, in percent.

    Parameters
    ----------
    training : Training
        After its last pass.

    Returns
    -------
    dict
        ``"clean"`` and ``"noisy"``: of strings, without inverted pixels and with a tenth of them.
        ``"alone"``: of characters alone.
    """
    from lenet98.data.noise import invert
    from lenet98.data.patterns import grey_levels
    from lenet98.data.strings import draw_strings
    from lenet98.reading.strings import read_strings
    from lenet98.training.training import error_percent

    digits, rng = training.digits, np.random.default_rng(SEED)
    strings = draw_strings(digits.test_images, digits.test_labels, LENGTH, GAPS, MANY, rng)
    clean = grey_levels(strings.images)
    noisy = invert(clean, published.NOISE, rng)
    rubbish = training.recipe.j / training.recipe.scale
    found = {}
    for name, patterns in (("clean", clean), ("noisy", noisy)):
        readings = read_strings(patterns, training.network, rubbish=rubbish)
        found[name], _ = errors_of([one.text for one in readings], strings.texts)
    penalties = training.test_penalties()[:, :CHARACTERS]
    return found | {"alone": error_percent(penalties, digits.test_labels)}


def answers_table(found: Mapping[str, list[dict[str, float] | None]]) -> str:
    """Return what each answer misreads as a table in Markdown."""
    lines = [
        f"| answer | seeds | strings of {LENGTH} misread, % | with a tenth of the pixels "
        "inverted, % | characters alone, % |",
        "|---|---|---|---|---|",
    ]
    for name, seeds in found.items():
        left = [one for one in seeds if one is not None]
        errors = [
            mean_and_range([one[kind] for one in left]) if left else "diverged"
            for kind in ("clean", "noisy", "alone")
        ]
        lines.append(f"| {name} | {len(left)} | {' | '.join(errors)} |")
    return "\n".join(lines) + "\n"
