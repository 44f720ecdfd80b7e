"""Training runs, side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import as_completed
from dataclasses import replace
from typing import NamedTuple, Protocol

from lenet98.data.digits import Digits
from lenet98.network.network import Network
from lenet98.reproduction.judge import judge
from lenet98.reproduction.machines import Machines
from lenet98.reproduction.measures import measure
from lenet98.reproduction.named_runs import WHOLE, NamedRun, in_order, measures_of
from lenet98.reproduction.results import RunResult
from lenet98.reproduction.side_by_side import GoOn
from lenet98.training.checkpoint import Checkpoint, Checkpoints, Run
from lenet98.training.recipe import TrainingConfig
from lenet98.training.record import PassRecord
from lenet98.training.training import Training, TrainingState


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
    digits: Digits,
    runs: Sequence[Run],
    machines: Machines,
    watch: Watch,
    checkpoints: Checkpoints,
) -> dict[str, list[Finished]]:
    """Do the runs, side by side, each from its checkpoint if there is one.

    Parameters
    ----------
    digits : Digits
    runs : sequence of Run
        As `runs_of` returns them.
    machines : Machines
        Those that do them. The results do not depend on it.
    watch : Watch
        Told of each pass as it ends; where machines are not near, as its run ends.
    checkpoints : Checkpoints
        Read first, then written whenever `watch` is told of a pass.

    Returns
    -------
    dict of str to list of Finished
        By name of the named run, one for each seed.

    Raises
    ------
    CheckpointError
        A checkpoint is damaged or belongs to no run.
    ClusterError
        As in `lenet98.reproduction.cluster.Cluster.at_work`.
    DataError
        A checkpoint cannot be written.
    DivergenceError
        One of the runs diverged; the others are stopped.
    """
    begun = checkpoints.read(runs)
    passes = {run: len(checkpoint.state.history) for run, checkpoint in begun.items()}
    shared = machines.share(digits)
    ears = {run: _Ear(run, watch, checkpoints) for run in runs}
    found: dict[Run, Finished] = {}
    with machines.at_work() as submit:
        under_way = {}
        for run in runs:
            if run in begun:
                watch.on_resume(run.name, run.recipe, passes[run])
            told = ears[run] if machines.near else None
            under_way[submit(_finish, shared, run, begun.get(run), told)] = run
        for future in as_completed(under_way):
            run = under_way[future]
            result, state = future.result()
            if not machines.near:
                ears[run].hear_all(result, state, passes.get(run, 0))
            found[run] = Finished(result, _network(run, state))
    finished: dict[str, list[Finished]] = {run.name: [] for run in runs}
    for run in runs:
        finished[run.name].append(found[run])
    return finished


class _Ear:
    """Hears of one run, and tells who watches."""

    def __init__(self, run: Run, watch: Watch, checkpoints: Checkpoints) -> None:
        self._run, self._watch, self._checkpoints = run, watch, checkpoints

    def hear_pass(self, training: Training, seconds: float) -> None:
        """Take the end of a pass, so many seconds after the beginning of the run."""
        self._checkpoints.write(self._run, training.state(), seconds)
        self._watch.on_pass(self._run.name, self._run.recipe, training.history[-1])

    def hear_progress(self, done: int, total: int) -> None:
        """Take the patterns passed, of those in the pass."""
        self._watch.on_progress(self._run.name, self._run.recipe, done, total)

    def hear_all(self, result: RunResult, state: TrainingState, passes: int) -> None:
        """Take the end of a run of which nothing was heard since it had so many passes."""
        self._checkpoints.write(self._run, state, result.seconds)
        for record in result.history[passes:]:
            self._watch.on_pass(self._run.name, self._run.recipe, record)


def _finish(
    shared: Callable[[], Digits],
    run: Run,
    begun: Checkpoint | None,
    told: _Ear | None,
    go_on: GoOn,
) -> tuple[RunResult, TrainingState]:
    """Train to the end, judge and measure."""
    (name, recipe, architecture), digits = run, shared()
    begin = time.perf_counter()
    if begun is None:
        training = Training(digits, recipe, architecture)
    else:
        begin -= begun.seconds
        training = Training.resumed(digits, recipe, begun.state, architecture)

    def on_progress(done: int, total: int) -> None:
        go_on()
        if told:
            told.hear_progress(done, total)

    while len(training.history) < recipe.passes:
        # Fig. 6's training errors are those on the fly; only Fig. 5's run is counted again.
        training.run_pass(on_progress, count_train_error=name == WHOLE.name)
        if told:
            told.hear_pass(training, time.perf_counter() - begin)
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
    return result, training.state()


def _network(run: Run, state: TrainingState) -> Network:
    """Return the network that a run left."""
    network = Network(run.architecture)
    network.parameters[:] = state.parameters
    return network
