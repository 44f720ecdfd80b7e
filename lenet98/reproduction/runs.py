"""Training runs, side by side."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from lenet98.data.digits import Digits
from lenet98.network.network import LeNet5
from lenet98.reproduction.experiments import configuration_of
from lenet98.reproduction.judge import judge
from lenet98.reproduction.results import RunResult
from lenet98.reproduction.side_by_side import GoOn, side_by_side
from lenet98.training.checkpoint import Checkpoint, Checkpoints, Job
from lenet98.training.recipe import TrainingConfig
from lenet98.training.record import PassRecord
from lenet98.training.training import Training


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

    def on_resume(self, run: str, config: TrainingConfig, passes: int) -> None:
        """Take the passes that a run had finished before."""

    def on_pass(self, run: str, config: TrainingConfig, record: PassRecord) -> None:
        """Take the record of a finished pass."""

    def on_progress(self, run: str, config: TrainingConfig, done: int, total: int) -> None:
        """Take the patterns passed, of those in the pass."""


def jobs_for(recipe: TrainingConfig, runs: Sequence[str], seeds: int) -> list[Job]:
    """Return the runs, each once for every seed.

    Parameters
    ----------
    recipe : TrainingConfig
        Its seed is the first of the seeds.
    runs : sequence of str
        As `runs_for` returns them.
    seeds : int
    """
    return [
        Job(run, replace(configuration_of(run, recipe), seed=recipe.seed + k))
        for k in range(seeds)
        for run in runs
    ]


def run_all(
    digits: Digits, jobs: Sequence[Job], cores: int, watch: Watch, checkpoints: Checkpoints
) -> dict[str, list[Outcome]]:
    """Do the jobs, side by side, each from its checkpoint if there is one.

    Parameters
    ----------
    digits : Digits
    jobs : sequence of Job
        As `jobs_for` returns them.
    cores : int
        Jobs that go on at a time. The results do not depend on it.
    watch : Watch
    checkpoints : Checkpoints
        Read first, then written after every pass.

    Returns
    -------
    dict of str to list of Outcome
        By name of the run, one for each seed.

    Raises
    ------
    CheckpointError
        A checkpoint is damaged or belongs to no job.
    DataError
        A checkpoint cannot be written.
    DivergenceError
        One of the runs diverged; the others are stopped.
    """
    begun = checkpoints.read(jobs)

    def do(job: Job, go_on: GoOn) -> Outcome:
        return _run(digits, job, begun.get(job), go_on, watch, checkpoints)

    outcomes: dict[str, list[Outcome]] = {job.run: [] for job in jobs}
    for job, outcome in zip(jobs, side_by_side(do, jobs, cores), strict=True):
        outcomes[job.run].append(outcome)
    return outcomes


def _run(
    digits: Digits,
    job: Job,
    begun: Checkpoint | None,
    go_on: GoOn,
    watch: Watch,
    checkpoints: Checkpoints,
) -> Outcome:
    run, config = job
    begin = time.perf_counter()
    if begun is None:
        training = Training(digits, config)
    else:
        begin -= begun.seconds
        training = Training.resumed(digits, config, begun.state)
        watch.on_resume(run, config, len(training.history))

    def on_progress(done: int, total: int) -> None:
        go_on()
        watch.on_progress(run, config, done, total)

    while len(training.history) < config.passes:
        # Fig. 6's training errors are those on the fly; only Fig. 5's run is counted again.
        record = training.run_pass(on_progress, count_train_error=run == "60000")
        checkpoints.write(job, training.state(), time.perf_counter() - begin)
        watch.on_pass(run, config, record)
    network = training.network
    judgement = judge(-network.penalties(digits.test_images), digits.test_labels)
    result = RunResult(
        seed=config.seed,
        history=training.history,
        seconds=time.perf_counter() - begin,
        misclassified=judgement.misclassified,
        rejection=[(float(rejected), float(error)) for rejected, error in judgement.rejection],
    )
    return Outcome(result, network)
