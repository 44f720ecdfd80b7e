"""Runs of the exploration: each kept on disk once finished, and never run again."""

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
from lenet98.network.network import LeNet5
from lenet98.questions.findings import Histories, Rates, label
from lenet98.reproduction.side_by_side import GoOn, side_by_side
from lenet98.storage.files import write_whole
from lenet98.training.recipe import TrainingConfig
from lenet98.training.record import history_from, plain_history
from lenet98.training.training import Training, effective_rates

Report = Callable[[str], None]
Run = Callable[[TrainingConfig, GoOn], Any]


class Cells:
    """Single runs, side by side, each kept in a file of its own once finished.

    Parameters
    ----------
    digits : Digits
    folder : Path
        Where finished cells are kept; those of other data or recipes may lie there too.
    cores : int
        Cells that run at a time.
    report : callable
        Called with a line of text for each finished run.
    """

    def __init__(self, digits: Digits, folder: Path, cores: int, report: Report) -> None:
        self._digits = digits
        self._fingerprint = digits.fingerprint
        self._folder = folder
        self._cores = cores
        self._report = report
        folder.mkdir(parents=True, exist_ok=True)

    def rates(self, recipes: Sequence[TrainingConfig]) -> dict[TrainingConfig, Rates]:
        """Return the least and greatest effective rate of the first pass of each recipe."""
        found = self._all([(recipe, self._run_rates) for recipe in recipes])
        return {recipe: (least, greatest) for recipe, (least, greatest) in found.items()}

    def histories(
        self, recipes: Sequence[TrainingConfig], passes: int, seeds: int
    ) -> dict[TrainingConfig, Histories]:
        """Return the history of each seed of each recipe; shorter where training diverged."""
        runs = {
            recipe: [replace(recipe, passes=passes, seed=1 + s) for s in range(seeds)]
            for recipe in recipes
        }
        found = self._all([(run, self._run_passes) for some in runs.values() for run in some])
        return {recipe: [history_from(found[run]) for run in some] for recipe, some in runs.items()}

    def _all(self, cells: Sequence[tuple[TrainingConfig, Run]]) -> dict[TrainingConfig, Any]:
        found = side_by_side(self._one, cells, self._cores)
        return dict(zip((config for config, _ in cells), found, strict=True))

    def _one(self, cell: tuple[TrainingConfig, Run], go_on: GoOn) -> Any:
        config, run = cell
        key = json.dumps([run.__name__, self._fingerprint, config.as_dict()], sort_keys=True)
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:20]}.json"
        if not path.exists():
            found = run(config, go_on)
            write_whole(path, json.dumps({"key": json.loads(key), "found": found}).encode())
        return json.loads(path.read_text())["found"]

    def _run_rates(self, config: TrainingConfig, go_on: GoOn) -> list[float]:
        go_on()
        network = LeNet5(config.seed, initial=config.initial)
        rng = np.random.default_rng(config.seed)
        patterns = len(self._digits.train_labels)
        size = min(config.curvature_patterns, patterns)
        images = self._digits.train_images[rng.choice(patterns, size, replace=False)]
        rates = effective_rates(network, images, config.eta_of(1), config)
        return [rates.least, rates.greatest]

    def _run_passes(self, config: TrainingConfig, go_on: GoOn) -> list[dict[str, Any]]:
        training = Training(self._digits, config)
        outcome = "diverged"
        with suppress(DivergenceError):  # an answer of its own: fewer records than passes
            while len(training.history) < config.passes:
                last = training.run_pass(lambda *_: go_on(), count_train_error=False)
            outcome = f"test {last.test_error:.2f} %, training {last.train_error_on_the_fly:.2f} %"
        self._report(f"{label(config)}: {config.passes} passes, seed {config.seed}: {outcome}")
        return plain_history(training.history)
