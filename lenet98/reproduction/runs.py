"""Training runs, side by side."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from lenet98.data.digits import Digits
from lenet98.network.network import Network
from lenet98.reproduction.judge import judge
from lenet98.reproduction.measures import measure
from lenet98.reproduction.named_runs import WHOLE, NamedRun, in_order, measures_of
from lenet98.reproduction.results import RunResult
from lenet98.reproduction.side_by_side import GoOn, side_by_side
from lenet98.training.checkpoint import Checkpoint, Checkpoints, Run
from lenet98.training.recipe import TrainingConfig
from lenet98.training.record import PassRecord
from lenet98.training.training import Training


class Finished(NamedTuple):
    """A finished run.

    Attributes
    ----------
    result : RunResult
    network : Network
        The trained one.
    """

    result: RunResult
    network: Network


class Watch(Protocol):
    """Is told how the runs go on, from several threads; `run` is the name of the named run."""

    def on_resume(self, run: str, recipe: TrainingConfig, passes: int) -> None:
        """Take the passes that a run had finished before."""

    def on_pass(self, run: str, recipe: TrainingConfig, record: PassRecord) -> None:
        """Take the record of a finished pass."""

    def on_progress(self, run: str, recipe: TrainingConfig, done: int, total: int) -> None:
        """Take the patterns passed, of those in the pass."""


def runs_of(named_runs: Iterable[NamedRun], recipe: TrainingConfig, seeds: int) -> list[Run]:
    """Return the runs to do: every named run once for every seed.

    Parameters
    ----------
    named_runs : iterable of NamedRun
    recipe : TrainingConfig
        The one asked for; its seed is the first of the seeds.
    seeds : int

    Returns
    -------
    list of Run
        The longest first.
    """
    return [
        Run(
            named.name,
            replace(named.recipe(recipe), seed=recipe.seed + k),
            named.architecture(),
        )
        for k in range(seeds)
        for named in in_order(named_runs)
    ]


def run_all(
    digits: Digits, runs: Sequence[Run], cores: int, watch: Watch, checkpoints: Checkpoints
) -> dict[str, list[Finished]]:
    """Do the runs, side by side, each from its checkpoint if there is one.

    Parameters
    ----------
    digits : Digits
    runs : sequence of Run
        As `runs_of` returns them.
    cores : int
        Runs that go on at a time. The results do not depend on it.
    watch : Watch
    checkpoints : Checkpoints
        Read first, then written after every pass.

    Returns
    -------
    dict of str to list of Finished
        By name of the named run, one for each seed.

    Raises
    ------
    CheckpointError
        A checkpoint is damaged or belongs to no run.
    DataError
        A checkpoint cannot be written.
    DivergenceError
        One of the runs diverged; the others are stopped.
    """
    begun = checkpoints.read(runs)

    def do(run: Run, go_on: GoOn) -> Finished:
        return _finish(digits, run, begun.get(run), go_on, watch, checkpoints)

    finished: dict[str, list[Finished]] = {run.name: [] for run in runs}
    for run, left in zip(runs, side_by_side(do, runs, cores), strict=True):
        finished[run.name].append(left)
    return finished


def _finish(
    digits: Digits,
    run: Run,
    begun: Checkpoint | None,
    go_on: GoOn,
    watch: Watch,
    checkpoints: Checkpoints,
) -> Finished:
    name, recipe, architecture = run
    begin = time.perf_counter()
    if begun is None:
        training = Training(digits, recipe, architecture)
    else:
        begin -= begun.seconds
        training = Training.resumed(digits, recipe, begun.state, architecture)
        watch.on_resume(name, recipe, len(training.history))

    def on_progress(done: int, total: int) -> None:
        go_on()
        watch.on_progress(name, recipe, done, total)

    while len(training.history) < recipe.passes:
        # Fig. 6's training errors are those on the fly; only Fig. 5's run is counted again.
        record = training.run_pass(on_progress, count_train_error=name == WHOLE.name)
        checkpoints.write(run, training.state(), time.perf_counter() - begin)
        watch.on_pass(name, recipe, record)
    judgement = judge(-training.test_penalties(), digits.test_labels)
    seconds = time.perf_counter() - begin
    measured = measure(measures_of(name), training.network, digits, recipe.seed)
    result = RunResult(
        seed=recipe.seed,
        history=training.history,
        seconds=seconds,
        misclassified=judgement.misclassified,
        rejection=[(float(rejected), float(error)) for rejected, error in judgement.rejection],
        measured=measured,
    )
    return Finished(result, training.network)
