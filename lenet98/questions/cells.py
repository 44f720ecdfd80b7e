"""Computations of a study: each kept on disk once finished, and never done again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from lenet98.data.digits import Digits
from lenet98.errors import DivergenceError
from lenet98.network.architecture import Architecture
from lenet98.network.tables import lenet5
from lenet98.questions.findings import Extremes, Histories, label
from lenet98.reproduction.side_by_side import GoOn, Tell, side_by_side
from lenet98.storage.files import write_whole
from lenet98.storage.provenance import bit_makers
from lenet98.training.recipe import TrainingConfig
from lenet98.training.record import history_from, plain_history

Compute = Callable[[TrainingConfig, GoOn], Any]


class Cells:
    """Computations side by side, each kept in a file of its own once finished.

    Parameters
    ----------
    digits : Digits
    folder : Path
        Where finished cells are kept; those of other data, tables, recipes or versions may lie
        there too.
    cores : int
        Cells that are computed at a time.
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
        folder.mkdir(parents=True, exist_ok=True)

    def rates(self, recipes: Sequence[TrainingConfig]) -> dict[TrainingConfig, Extremes]:
        """Return the least and greatest effective rate of the first pass of each recipe."""
        found = self._all([(recipe, self._run_rates) for recipe in recipes])
        return {recipe: (least, greatest) for recipe, (least, greatest) in found.items()}

    def histories(
        self, recipes: Sequence[TrainingConfig], passes: int, seeds: int
    ) -> dict[TrainingConfig, Histories]:
        """Return the history of each seed of each recipe; shorter where training diverged."""
        seeded = {
            recipe: [replace(recipe, passes=passes, seed=1 + s) for s in range(seeds)]
            for recipe in recipes
        }
        found = self._all([(one, self._run_passes) for some in seeded.values() for one in some])
        return {
            recipe: [history_from(found[one]) for one in some] for recipe, some in seeded.items()
        }

    def _all(self, cells: Sequence[tuple[TrainingConfig, Compute]]) -> dict[TrainingConfig, Any]:
        found = side_by_side(self._one, cells, self._cores)
        return dict(zip((recipe for recipe, _ in cells), found, strict=True))

    def _one(self, cell: tuple[TrainingConfig, Compute], go_on: GoOn) -> Any:
        recipe, compute = cell
        key = json.dumps([compute.__name__, *self._made_of, recipe.as_dict()], sort_keys=True)
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:20]}.json"
        if not path.exists():
            found = compute(recipe, go_on)
            write_whole(path, json.dumps({"key": json.loads(key), "found": found}).encode())
        return json.loads(path.read_text())["found"]

    # What trains is imported where it does: to list the studies, no kernels are needed.

    def _run_rates(self, recipe: TrainingConfig, go_on: GoOn) -> list[float]:
        from lenet98.network.network import Network
        from lenet98.training.training import effective_rates

        go_on()
        network = Network(self._architecture, recipe.seed, initial=recipe.initial)
        rng = np.random.default_rng(recipe.seed)
        patterns = len(self._digits.train_labels)
        size = min(recipe.curvature_patterns, patterns)
        images = self._digits.train_images[rng.choice(patterns, size, replace=False)]
        rates = effective_rates(network, images, recipe.eta_of(1), recipe)
        return [rates.least, rates.greatest]

    def _run_passes(self, recipe: TrainingConfig, go_on: GoOn) -> list[dict[str, Any]]:
        from lenet98.training.training import Training

        training = Training(self._digits, recipe, self._architecture)
        end = "diverged"
        with suppress(DivergenceError):  # an answer of its own: fewer records than passes
            while len(training.history) < recipe.passes:
                last = training.run_pass(lambda *_: go_on(), count_train_error=False)
            end = f"test {last.test_error:.2f} %, training {last.train_error_on_the_fly:.2f} %"
        self._tell(f"{label(recipe)}: {recipe.passes} passes, seed {recipe.seed}: {end}")
        return plain_history(training.history)
