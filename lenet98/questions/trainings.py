"""Trainings of a study, some recipes with some seeds each, as cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lenet98.data.digits import Digits
from lenet98.errors import DivergenceError
from lenet98.network.architecture import Architecture
from lenet98.network.tables import lenet5
from lenet98.questions.cells import Cell, Files, Found, found_by
from lenet98.questions.findings import Extremes, Histories
from lenet98.questions.wording import label
from lenet98.reproduction.machines import Machines
from lenet98.reproduction.quantities import curvature_behind
from lenet98.reproduction.side_by_side import GoOn, Tell
from lenet98.storage.provenance import bit_makers
from lenet98.training.recipe import TrainingConfig
from lenet98.training.record import history_from, plain_history

if TYPE_CHECKING:
    from lenet98.training.training import Training


def _nothing(_: Training) -> None:
    """Do nothing."""


def _no_files(_: Training) -> Files:
    return ()


class Question(NamedTuple):
    """What is asked of a network that is trained; all of it functions of modules, or made of such.

    Attributes
    ----------
    name : str
        Stands for it among the cells.
    ask : callable
        Takes the `Training` after its last pass, returns plain values.
    begin : callable
        Takes it before its first pass, such as to set some of its parameters.
    after_pass : callable
        Takes it after every pass.
    leave : callable
        Takes it after its last pass, returns name and content of each file to leave.
    """

    name: str
    ask: Callable[[Training], Any]
    begin: Callable[[Training], None] = _nothing
    after_pass: Callable[[Training], None] = _nothing
    leave: Callable[[Training], Files] = _no_files


class Trainings:
    """Networks trained side by side, what is asked of each kept once it is found.

    Parameters
    ----------
    digits : Digits
    folder : Path
        Where finished cells are kept.
    machines : Machines
        Those that train.
    tell : callable
        Called with a line of text for each finished run.
    architecture : Architecture, optional
        The layer table of the networks; by default that of LeNet-5.
    """

    def __init__(
        self,
        digits: Digits,
        folder: Path,
        machines: Machines,
        tell: Tell,
        architecture: Architecture | None = None,
    ) -> None:
        self._digits = digits
        self._architecture = architecture or lenet5()
        self._made_of = [digits.fingerprint, self._architecture.fingerprint, bit_makers()]
        self._folder = folder
        self._machines = machines
        self._tell = tell

    def curvatures(
        self, recipes: Sequence[TrainingConfig], seeds: int
    ) -> dict[TrainingConfig, list[Extremes]]:
        """Return the least and greatest curvature h of the first pass, for each seed."""
        seeded = {recipe: _seeded(recipe, seeds) for recipe in recipes}
        some = [one for some in seeded.values() for one in some]
        found = self._all(_run_curvature.__name__, _run_curvature, some)
        return {
            recipe: [(least, greatest) for least, greatest in (found[one] for one in some)]
            for recipe, some in seeded.items()
        }

    def histories(
        self, recipes: Sequence[TrainingConfig], passes: int, seeds: int
    ) -> dict[TrainingConfig, Histories]:
        """Return the history of each seed of each recipe; shorter where training diverged."""
        seeded = {recipe: _seeded(replace(recipe, passes=passes), seeds) for recipe in recipes}
        some = [one for some in seeded.values() for one in some]
        found = self._all(_run_passes.__name__, _run_passes, some)
        return {
            recipe: [history_from(found[one]) for one in some] for recipe, some in seeded.items()
        }

    def after_training(
        self, question: Question, recipes: Sequence[TrainingConfig], seeds: int
    ) -> dict[TrainingConfig, list[Any]]:
        """Return what is asked after all passes of each seed of each recipe.

        Parameters
        ----------
        question : Question
        recipes : sequence of TrainingConfig
        seeds : int

        Returns
        -------
        dict of TrainingConfig to list
            None where training diverged.
        """
        seeded = {recipe: _seeded(recipe, seeds) for recipe in recipes}
        some = [one for some in seeded.values() for one in some]
        found = self._all(question.name, _train_and_ask, some, question)
        return {recipe: [found[one] for one in some] for recipe, some in seeded.items()}

    def _all(
        self,
        name: str,
        compute: Callable[..., Found],
        recipes: Sequence[TrainingConfig],
        *arguments: Any,
    ) -> dict[TrainingConfig, Any]:
        cells = [
            Cell(
                [name, *self._made_of, recipe.as_dict()],
                compute,
                self._digits,
                (self._architecture, recipe, *arguments),
            )
            for recipe in recipes
        ]
        found = found_by(cells, self._folder, self._machines, self._tell)
        return dict(zip(recipes, found, strict=True))


# What trains is imported where it does: to list the studies, no kernels are needed.


def _run_curvature(
    digits: Digits, architecture: Architecture, recipe: TrainingConfig, go_on: GoOn
) -> Found:
    from lenet98.network.network import Network
    from lenet98.training.training import effective_rates

    go_on()
    network = Network(architecture, recipe.seed, initial=recipe.initial)
    rng = np.random.default_rng(recipe.seed)
    patterns = len(digits.train_labels)
    size = min(recipe.curvature_patterns, patterns)
    images = digits.train_images[rng.choice(patterns, size, replace=False)]
    eta = recipe.eta_of(1)
    rates = effective_rates(network, images, eta, recipe)
    return Found([curvature_behind(rate, eta, recipe.mu) for rate in (rates.greatest, rates.least)])


def _run_passes(
    digits: Digits, architecture: Architecture, recipe: TrainingConfig, go_on: GoOn
) -> Found:
    training = _trained(digits, architecture, recipe, Question("", _nothing), go_on)
    return Found(plain_history(training.history), _line(training))


def _train_and_ask(
    digits: Digits,
    architecture: Architecture,
    recipe: TrainingConfig,
    question: Question,
    go_on: GoOn,
) -> Found:
    training = _trained(digits, architecture, recipe, question, go_on)
    if len(training.history) < recipe.passes:
        return Found(None, _line(training))
    return Found(question.ask(training), _line(training), question.leave(training))


def _trained(
    digits: Digits,
    architecture: Architecture,
    recipe: TrainingConfig,
    question: Question,
    go_on: GoOn,
) -> Training:
    """Train for all passes of a recipe, or until it diverges: an answer of its own."""
    from lenet98.training.training import Training

    training = Training(digits, recipe, architecture)
    question.begin(training)
    with suppress(DivergenceError):
        while len(training.history) < recipe.passes:
            training.run_pass(lambda *_: go_on(), count_train_error=False)
            question.after_pass(training)
    return training


def _line(training: Training) -> str:
    """Tell what training led to."""
    recipe, end = training.recipe, "diverged"
    if len(training.history) == recipe.passes:
        last = training.history[-1]
        end = f"test {last.test_error:.2f} %, training {last.train_error_on_the_fly:.2f} %"
    return f"{label(recipe)}: {recipe.passes} passes, seed {recipe.seed}: {end}"


def _seeded(recipe: TrainingConfig, seeds: int) -> list[TrainingConfig]:
    return [replace(recipe, seed=1 + s) for s in range(seeds)]
