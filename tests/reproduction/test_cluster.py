"""Cells computed by the workers of a real scheduler, which come and go."""

import importlib.util
import json
import sys
import threading
from dataclasses import asdict
from pathlib import Path

import pytest

pytest.importorskip("distributed")

from distributed import Client
from loopback import (
    Loopback,
    Traced,
    Unreadable,
    biases,
    cell,
    end_the_worker,
    fail,
    penalties,
    to_eighths,
    traced,
    until,
)

from lenet98 import TrainingConfig
from lenet98.classifiers import NearestNeighbours, RadialBasis
from lenet98.errors import ClusterError
from lenet98.questions.cells import Cell, found_by
from lenet98.questions.fitting import fit_rows
from lenet98.questions.trainings import Question, Trainings
from lenet98.reproduction import cluster, data_sets
from lenet98.reproduction.compared import Row
from lenet98.reproduction.data_sets import MNIST, DataSet
from lenet98.reproduction.machines import OneMachine, machines_at
from lenet98.reproduction.named_runs import DISTORTED, WHOLE
from lenet98.reproduction.results import RunResult
from lenet98.reproduction.runs import run_all, runs_of
from lenet98.training.checkpoint import Checkpoints

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def loopback(tmp_path_factory):
    made = Loopback(tmp_path_factory.mktemp("loopback"), workers=2)
    yield made
    made.end()


@pytest.fixture
def machines(loopback):
    with machines_at(loopback.address) as made:
        until(lambda: made.cores() == 2)
        yield made


@pytest.fixture
def traces(tmp_path):
    made = tmp_path / "traces"
    made.mkdir()
    return made


@pytest.fixture
def few(digits):
    return digits._replace(
        train_images=digits.train_images[:40],
        train_labels=digits.train_labels[:40],
        test_images=digits.test_images[:20],
        test_labels=digits.test_labels[:20],
    )


class Sweep(threading.Thread):
    """A sweep that goes on beside the test; `found` has what it found, or its error."""

    def __init__(self, cells, folder, machines):
        super().__init__()
        self._task = (cells, folder, machines)
        self.told = []
        self.start()

    def run(self):
        try:
            self.found = found_by(*self._task, self.told.append)
        except Exception as error:
            self.found = error

    def end(self):
        self.join(60)
        return self.found


def kept(folder):
    """What lies in a folder of cells, but for seconds, which no two machines share."""
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    for name in [name for name in files if name.endswith(".json")]:
        files[name] = json.loads(files[name], object_hook=without_seconds)
    return files


def without_seconds(value):
    if isinstance(value, RunResult):
        return without_seconds(asdict(value))
    if isinstance(value, list):
        return [without_seconds(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: without_seconds(one) for name, one in value.items() if "seconds" not in name}


def test_networks_and_classifiers_are_bit_for_bit_those_of_one_machine(few, machines, tmp_path):
    recipes = [TrainingConfig(passes=2), TrainingConfig(passes=2, loss="mse", distorted=True)]
    classifiers = [
        Row("K-NN Euclidean", NearestNeighbours(), "", 1),
        Row("1000 RBF + linear", RadialBasis(units=10), "", 2, seeds=2),
    ]
    question = Question("penalties", penalties, after_pass=to_eighths, leave=biases)
    asked = {}
    for name, some in (("here", OneMachine(2)), ("there", machines)):
        trainings = Trainings(few, tmp_path / name, some, str)
        trainings.curvatures(recipes, 1)
        trainings.histories(recipes, 2, 2)
        asked[name] = trainings.after_training(question, recipes, 1)
        fit_rows(classifiers, few, tmp_path / name, some, str)
    here, there = kept(tmp_path / "here"), kept(tmp_path / "there")
    assert len(here) == 2 + 2 * 2 + (2 + 2) + 3
    assert there == here
    assert asked["there"] == asked["here"]


@pytest.fixture
def reproduce(few, monkeypatch):
    """The program, on few digits, which are not computed with here."""
    monkeypatch.setattr(data_sets, "load", lambda *_, **__: DataSet(MNIST, few))
    monkeypatch.setattr(OneMachine, "at_work", None)
    spec = importlib.util.spec_from_file_location("reproduce", ROOT / "reproduce.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "reproduce", module)
    spec.loader.exec_module(module)
    return module


def test_a_study_is_computed_at_the_scheduler_that_is_given(
    loopback, reproduce, tmp_path, monkeypatch, capsys
):
    asked = [
        Row("[deslant] K-NN Euclidean", NearestNeighbours(deslanted=True), "", 1),
        Row("1000 RBF + linear", RadialBasis(units=10), "", 2),
    ]
    monkeypatch.setattr("lenet98.plots.comparison.rows", lambda: asked)
    command = ["--only", "fig9", "--full", "--out", str(tmp_path)]
    assert reproduce.main([*command, "--scheduler", loopback.address]) == 0
    said = capsys.readouterr().out
    assert f"{loopback.address}: 2 cores of its workers" in said
    assert "[deslant] K-NN Euclidean: " in said
    assert len([*(tmp_path / "fig9").iterdir()]) == 2
    assert (tmp_path / "fig9.md").exists()


def test_runs_are_done_at_the_scheduler_that_is_given(loopback, reproduce, tmp_path, capsys):
    command = ["--only", "fig5", "--passes", "2", "--seeds", "2", "--out", str(tmp_path)]
    assert reproduce.main([*command, "--scheduler", loopback.address]) == 0
    said = capsys.readouterr().out
    assert f"{loopback.address}: 2 cores of its workers" in said
    for seed in (1998, 1999):
        of_seed = [line.split() for line in said.splitlines() if f"60000      {seed}" in line]
        assert [words[2] for words in of_seed] == ["1", "2"]
    assert (tmp_path / "fig5.png").exists()
    assert (tmp_path / "weights" / "60000.npz").exists()
    assert not (tmp_path / "checkpoints").exists()


def test_a_worker_that_dies_loses_nothing_but_its_cell_which_is_computed_again(
    loopback, machines, tmp_path, traces
):
    data = Traced(traces, 7)
    cells = [cell(traces, name, data, go=name in "cde") for name in "abcde"]
    sweep = Sweep(cells, tmp_path / "cells", machines)
    (dying,) = until(lambda: traced(traces, "a"))
    (living,) = until(lambda: traced(traces, "b"))
    loopback.kill_worker(dying)
    (traces / "go-b").touch()
    until(lambda: len(traced(traces, "a")) == 2)
    late = loopback.add_worker()
    until(lambda: late in traced(traces, "data"))
    (traces / "go-a").touch()
    assert sweep.end() == [[name, 7] for name in "abcde"]
    first, second = traced(traces, "a")
    assert first == dying != second
    assert [len(traced(traces, name)) for name in "bcde"] == [1] * 4
    assert sorted(traced(traces, "data")) == sorted([dying, living, late])  # each once
    assert {line.split(";")[0] for line in sweep.told} == set("abcde")
    assert len([*(tmp_path / "cells").iterdir()]) == 5 * 2
    assert (tmp_path / "cells" / "a.txt").read_bytes() == b"a"


def test_data_are_sent_once_to_a_worker_for_all_sweeps(machines, tmp_path, traces):
    data = Traced(traces, 7)
    for names in ("abcd", "efgh"):
        cells = [cell(traces, name, data) for name in names]
        assert found_by(cells, tmp_path, machines, str) == [[name, 7] for name in names]
    pids = {pid for name in "abcdefgh" for pid in traced(traces, name)}
    assert len(pids) == 2
    assert sorted(traced(traces, "data")) == sorted(pids)


def test_what_a_worker_cannot_read_is_told_in_a_line(machines, tmp_path, traces):
    with pytest.raises(ClusterError, match="expected lenet98 where the scheduler") as told:
        found_by([cell(traces, "a", Unreadable())], tmp_path, machines, str)
    assert "no number" in str(told.value)
    assert "\n" not in str(told.value)
    assert {path.name for path in tmp_path.iterdir()} == {"traces"}


def test_a_worker_of_other_versions_is_refused(machines, tmp_path, traces, monkeypatch):
    own = cluster.bit_makers() | {"numba": "1"}
    monkeypatch.setattr(cluster, "bit_makers", lambda: own)
    with pytest.raises(ClusterError, match=r"computes with .*; expected .*numba 1"):
        found_by([cell(traces, "a")], tmp_path / "cells", machines, str)
    assert not [*(tmp_path / "cells").iterdir()]


class Watch:
    """Notes the passes it is told of, and interrupts after some."""

    def __init__(self, most=99):
        self.most, self.resumed, self.passes = most, 0, []

    def on_resume(self, run, recipe, passes):
        self.resumed += passes

    def on_pass(self, run, recipe, record):
        self.passes.append((run, recipe.seed, record.number))
        if len(self.passes) == self.most:
            raise KeyboardInterrupt

    def on_progress(self, run, recipe, done, total):
        pass


def left(checkpoints, runs, finished):
    """What runs left, but for seconds: results, networks and generators."""
    states = {(run.name, run.recipe.seed): one.state for run, one in checkpoints.read(runs).items()}
    found = {}
    for name, some in finished.items():
        for one in some:
            state = states[name, one.result.seed]
            bits = one.network.parameters.tobytes()
            assert bits == state.parameters.tobytes()
            assert one.result.history == state.history
            found[name, one.result.seed] = bits, state.generator, without_seconds(one.result)
    return found


def test_seeds_are_trained_there_bit_for_bit_from_where_they_were_here(few, machines, tmp_path):
    runs = runs_of([WHOLE, DISTORTED], TrainingConfig(passes=3), seeds=2)

    def run_on(some, watch, folder):
        (tmp_path / folder).mkdir(exist_ok=True)
        checkpoints = Checkpoints(tmp_path / folder, few)
        return left(checkpoints, runs, run_all(few, runs, some, watch, checkpoints))

    here, there, begun = Watch(), Watch(), Watch(most=4)
    whole = run_on(OneMachine(2), here, "here")
    assert run_on(machines, there, "there") == whole
    assert sorted(there.passes) == sorted(here.passes)
    assert len(here.passes) == 4 * 3
    with pytest.raises(KeyboardInterrupt):
        run_on(OneMachine(1), begun, "begun")
    kept = Checkpoints(tmp_path / "begun", few)
    before = {run: one.state.history for run, one in kept.read(runs).items()}
    rest = Watch()
    assert run_on(machines, rest, "begun") == whole
    after = {run: one.state.history for run, one in kept.read(runs).items()}
    # With the seconds of then: nothing was trained anew.
    assert all(after[run][: len(history)] == history for run, history in before.items())
    assert rest.resumed == 4
    assert sorted(rest.passes) == sorted(set(here.passes) - set(begun.passes))


def test_workers_forget_data_at_the_end(loopback, traces):
    def held(dask_worker):
        return [name for name in dask_worker.plugins if name.startswith("lenet98")]

    with Client(loopback.address) as client:
        with machines_at(loopback.address) as machines:
            machines.share(Traced(traces, 7))
            assert all(map(len, client.run(held).values()))
        assert [*client.run(held).values()] == [[], []]


def test_two_sweeps_into_one_folder_compute_each_cell_once(loopback, machines, tmp_path, traces):
    cells = [cell(traces, name, go=name not in "ad") for name in "abcd"]
    with machines_at(loopback.address) as others:
        sweeps = [
            Sweep(cells, tmp_path / "cells", machines),
            Sweep(cells[::-1], tmp_path / "cells", others),
            Sweep(cells, tmp_path / "cells", OneMachine(1)),
        ]
        until(lambda: len(traced(traces, "a") + traced(traces, "d")) == 2)
        for name in "ad":
            (traces / f"go-{name}").touch()
        found = [one.end() for one in sweeps]
    expected = [[name, None] for name in "abcd"]
    assert found == [expected, expected[::-1], expected]
    assert [len(traced(traces, name)) for name in "abcd"] == [1] * 4
    assert not [*(tmp_path / "cells").glob(".*")]


def test_when_one_fails_the_others_stop_and_what_was_finished_stands(machines, tmp_path, traces):
    cells = [
        cell(traces, "a"),
        Cell(["fails"], fail, None, (traces, "b")),
        cell(traces, "b", go=False),
    ]
    with pytest.raises(ValueError, match="of the cell"):
        found_by(cells, tmp_path / "cells", machines, str)
    until(lambda: traced(traces, "stopped b"))
    assert {path.name for path in (tmp_path / "cells").glob("*.txt")} == {"a.txt"}
    # Its worker is free again, and so is the cell.
    (traces / "go-b").touch()
    assert found_by(cells[::2], tmp_path / "cells", machines, str) == [["a", None], ["b", None]]
    assert [len(traced(traces, name)) for name in "ab"] == [1, 2]


def test_a_cell_that_ends_its_workers_is_given_up_with_a_line(tmp_path):
    own = Loopback(tmp_path, workers=2)
    try:
        with machines_at(own.address) as machines:
            cells = [Cell(["ends"], end_the_worker)]
            with pytest.raises(ClusterError, match="the same computation ended 2 workers") as told:
                found_by(cells, tmp_path / "cells", machines, str)
        assert "\n" not in str(told.value)
    finally:
        own.end()


def test_a_scheduler_that_goes_or_never_was_is_told(tmp_path, traces, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    own = Loopback(tmp_path, workers=1)
    try:
        with machines_at(own.address) as machines:
            sweep = Sweep([cell(traces, "a", go=False)], tmp_path / "cells", machines)
            until(lambda: traced(traces, "a"))
            own.kill_scheduler()
            found = sweep.end()
            assert isinstance(found, ClusterError)
            assert "the scheduler has gone" in str(found)
            with pytest.raises(ClusterError, match="the scheduler has gone"):
                machines.cores()
        with (
            pytest.raises(ClusterError, match=rf"{own.address}: .* found none") as told,
            machines_at(own.address),
        ):
            pass
        assert "\n" not in str(told.value)
    finally:
        own.end()
    with pytest.raises(ClusterError, match="expected a Dask scheduler"), machines_at("nowhere://"):
        pass
