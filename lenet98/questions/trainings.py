"""Trainings of a study, some recipes with some seeds each, as cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lenet98.data.digits import Digits
from lenet98.errors import DivergenceError
from lenet98.network.architecture import Architecture
from lenet98.network.tables import lenet5
from lenet98.questions.cells import Cell, found_by
from lenet98.questions.findings import Extremes, Histories
from lenet98.questions.wording import label
from lenet98.reproduction.quantities import curvature_behind
from lenet98.reproduction.side_by_side import GoOn, Tell
from lenet98.storage.provenance import bit_makers
from lenet98.training.recipe import TrainingConfig
from lenet98.training.record import history_from, plain_history

if TYPE_CHECKING:
    from lenet98.training.training import Training

Compute = Callable[[TrainingConfig, GoOn], Any]
Ask = Callable[["Training"], Any]


class Trainings:
    """Networks trained side by side, what is asked of each kept once it is found.

    Parameters
    ----------
    digits : Digits
    folder : Path
        Where finished cells are kept.
    cores : int
        Networks that are trained at a time.
    tell : callable
        Called with a line of text for each finished run.
    architecture : Architecture, optional
        The layer table of the networks; by default that of LeNet-5.
    """

    def __init__(
        self,
        digits: Digits,
        folder: Path,
        cores: int,
        tell: Tell,
        architecture: Architecture | None = None,
    ) -> None:
        self._digits = digits
        self._architecture = architecture or lenet5()
        self._made_of = [digits.fingerprint, self._architecture.fingerprint, bit_makers()]
        self._folder = folder
        self._cores = cores
        self._tell = tell

    def curvatures(
        self, recipes: Sequence[TrainingConfig], seeds: int
    ) -> dict[TrainingConfig, list[Extremes]]:
        """Return the least and greatest curvature h of the first pass, for each seed."""
        seeded = {recipe: _seeded(recipe, seeds) for recipe in recipes}
        found = self._all([(one, self._run_curvature) for some in seeded.values() for one in some])
        return {
            recipe: [(least, greatest) for least, greatest in (found[one] for one in some)]
            for recipe, some in seeded.items()
        }

    def histories(
        self, recipes: Sequence[TrainingConfig], passes: int, seeds: int
    ) -> dict[TrainingConfig, Histories]:
        """Return the history of each seed of each recipe; shorter where training diverged."""
        seeded = {recipe: _seeded(replace(recipe, passes=passes), seeds) for recipe in recipes}
        found = self._all([(one, self._run_passes) for some in seeded.values() for one in some])
        return {
            recipe: [history_from(found[one]) for one in some] for recipe, some in seeded.items()
        }

    def after_training(
        self,
        ask: Ask,
        recipes: Sequence[TrainingConfig],
        seeds: int,
        begin: Callable[[Training], None] = lambda _: None,
        after_pass: Callable[[Training], None] = lambda _: None,
    ) -> dict[TrainingConfig, list[Any]]:
        """Return what is asked after all passes of each seed of each recipe.

        Parameters
        ----------
        ask : callable
            Takes the `Training`, returns plain values; its name stands for it among the cells.
        recipes : sequence of TrainingConfig
        seeds : int
        begin : callable
            Takes the `Training` before its first pass, such as to set some of its parameters.
        after_pass : callable
            Takes it after every pass.

        Returns
        -------
        dict of TrainingConfig to list
            None where training diverged.
        """

        def train_and_ask(recipe: TrainingConfig, go_on: GoOn) -> Any:
            training = self._trained(recipe, go_on, begin, after_pass)
            return ask(training) if len(training.history) == recipe.passes else None

        train_and_ask.__name__ = ask.__name__
        seeded = {recipe: _seeded(recipe, seeds) for recipe in recipes}
        found = self._all([(one, train_and_ask) for some in seeded.values() for one in some])
        return {recipe: [found[one] for one in some] for recipe, some in seeded.items()}

    def _all(self, cells: Sequence[tuple[TrainingConfig, Compute]]) -> dict[TrainingConfig, Any]:
        found = found_by([self._cell(*one) for one in cells], self._folder, self._cores, self._tell)
        return dict(zip((recipe for recipe, _ in cells), found, strict=True))

    def _cell(self, recipe: TrainingConfig, compute: Compute) -> Cell:
        key = [compute.__name__, *self._made_of, recipe.as_dict()]
        return Cell(key, lambda go_on: compute(recipe, go_on))

    # What trains is imported where it does: to list the studies, no kernels are needed.

    def _run_curvature(self, recipe: TrainingConfig, go_on: GoOn) -> list[float]:
        from lenet98.network.network import Network
        from lenet98.training.training import effective_rates

        go_on()
        network = Network(self._architecture, recipe.seed, initial=recipe.initial)
        rng = np.random.default_rng(recipe.seed)
        patterns = len(self._digits.train_labels)
        size = min(recipe.curvature_patterns, patterns)
        images = self._digits.train_images[rng.choice(patterns, size, replace=False)]
        eta = recipe.eta_of(1)
        rates = effective_rates(network, images, eta, recipe)
        return [curvature_behind(rate, eta, recipe.mu) for rate in (rates.greatest, rates.least)]

    def _run_passes(self, recipe: TrainingConfig, go_on: GoOn) -> list[dict[str, Any]]:
        return plain_history(self._trained(recipe, go_on).history)

    def _trained(
        self,
        recipe: TrainingConfig,
        go_on: GoOn,
        begin: Callable[[Training], None] = lambda _: None,
        after_pass: Callable[[Training], None] = lambda _: None,
    ) -> Training:
        """Train for all passes of a recipe, or until it diverges: an answer of its own."""
        from lenet98.training.training import Training

        training = Training(self._digits, recipe, self._architecture)
        begin(training)
        end = "diverged"
        with suppress(DivergenceError):
            while len(training.history) < recipe.passes:
                last = training.run_pass(lambda *_: go_on(), count_train_error=False)
                after_pass(training)
            end = f"test {last.test_error:.2f} %, training {last.train_error_on_the_fly:.2f} %"
        self._tell(f"{label(recipe)}: {recipe.passes} passes, seed {recipe.seed}: {end}")
        return training


def _seeded(recipe: TrainingConfig, seeds: int) -> list[TrainingConfig]:
    return [replace(recipe, seed=1 + s) for s in range(seeds)]
