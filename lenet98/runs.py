"""Training runs, side by side."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple, Protocol

from lenet98.configuration import TrainingConfig
from lenet98.digits import Digits
from lenet98.experiments import configuration_of
from lenet98.network import LeNet5
from lenet98.rejection import rejection_curve
from lenet98.results import RunResult
from lenet98.training import PassRecord, Training, misclassified


class Outcome(NamedTuple):
    """What a finished run leaves.

    Attributes
    ----------
    result : RunResult
    network : LeNet5
        The trained one.
    """

    result: RunResult
    network: LeNet5


class Watch(Protocol):
    """Is told how the runs go on, from several threads."""

    def on_pass(self, run: str, config: TrainingConfig, record: PassRecord) -> None:
        """Take the record of a finished pass."""

    def on_progress(self, run: str, config: TrainingConfig, done: int, total: int) -> None:
        """Take the patterns passed, of those in the pass."""


def run_all(
    digits: Digits,
    recipe: TrainingConfig,
    runs: Sequence[str],
    seeds: int,
    cores: int,
    watch: Watch,
) -> dict[str, list[Outcome]]:
    """Do the runs, side by side, each once for every seed.

    Parameters
    ----------
    digits : Digits
    recipe : TrainingConfig
        Its seed is the first of the seeds.
    runs : sequence of str
        As `runs_for` returns them.
    seeds : int
    cores : int
        Runs that go on at a time. The results do not depend on it.
    watch : Watch

    Returns
    -------
    dict of str to list of Outcome
        By name of the run, one for each seed.

    Raises
    ------
    DivergenceError
    """
    jobs = [
        (run, replace(configuration_of(run, recipe), seed=recipe.seed + k))
        for k in range(seeds)
        for run in runs
    ]
    with ThreadPoolExecutor(cores) as pool:
        outcomes = list(pool.map(lambda job: _run(digits, job[0], job[1], watch), jobs))
    return {
        run: [outcome for job, outcome in zip(jobs, outcomes, strict=True) if job[0] == run]
        for run in runs
    }


def _run(digits: Digits, run: str, config: TrainingConfig, watch: Watch) -> Outcome:
    begin = time.perf_counter()
    training = Training(digits, config)
    while len(training.history) < config.passes:
        record = training.run_pass(
            lambda done, total: watch.on_progress(run, config, done, total),
            # Fig. 6's training errors are those on the fly; only Fig. 5's run is counted again.
            count_train_error=run == "60000",
        )
        watch.on_pass(run, config, record)
    network = training.network
    penalties = network.penalties(digits.test_images)
    wrong = misclassified(network, digits.test_images, digits.test_labels)
    result = RunResult(
        seed=config.seed,
        history=training.history,
        seconds=time.perf_counter() - begin,
        misclassified=[
            (int(k), int(digits.test_labels[k]), int(penalties[k].argmin())) for k in wrong
        ],
        rejection=[
            (float(rejected), float(error))
            for rejected, error in rejection_curve(penalties, digits.test_labels)
        ],
    )
    return Outcome(result, network)
