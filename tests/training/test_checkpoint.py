"""Runs interrupted at any moment go on bit for bit, and nothing of them is lost."""

import errno
import importlib.metadata
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numba
import numpy as np
import pytest
from runs_to_kill import RUNS, NoWatch, draw_few

import lenet98
from lenet98 import TrainingConfig, lenet1, lenet4, lenet5
from lenet98.data.digits import Digits
from lenet98.data.flanking import Flanking
from lenet98.errors import CheckpointError, DataError, DivergenceError
from lenet98.network.choices import InitialWeights
from lenet98.reproduction.machines import OneMachine
from lenet98.reproduction.named_runs import WHOLE
from lenet98.reproduction.runs import run_all, runs_of
from lenet98.training.checkpoint import (
    Checkpoint,
    Checkpoints,
    Run,
    find_checkpoints,
    read_checkpoint,
    write_checkpoint,
)
from lenet98.training.training import Training

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="trains, which takes compilation")

RECIPE = TrainingConfig(passes=4, seed=5, curvature_patterns=50)
ALL = {"distorted": True, "reshuffle": True}
PATTERNS = 100
PRESENTED = 10 * PATTERNS  # with distorted copies


@pytest.fixture(scope="module")
def few():
    return draw_few()


@pytest.fixture(scope="module", autouse=True)
def unmeasured():
    """Leave out what is measured of a network at its end, for nothing here asks for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lenet98.reproduction.runs.measures_of", lambda _: ())
        yield


def bits(training):
    state = training.state()
    order = None if state.order is None else state.order.tobytes()
    return state.parameters.tobytes(), json.dumps(state.generator), order


def without_seconds(history):
    return [replace(record, seconds=0.0) for record in history]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"distorted": True},
        {"noise": 0.1},
        {"flanked": Flanking(blanks=0.3, alone=0.2), "noise": 0.1},
        {"reshuffle": True},
        {"fresh_curvature": False},
        ALL,
    ],
    ids=lambda changes: "-".join(changes) or "paper",
)
def test_a_resumed_run_goes_on_bit_for_bit(few, tmp_path, changes):
    config = replace(RECIPE, **changes)
    whole = Training(few, config)
    states = []
    for _ in range(config.passes):
        whole.run_pass()
        states.append(whole.state())
    for passes in range(1, config.passes):
        path = tmp_path / f"{passes}.npz"
        run = Run("60000", config)
        write_checkpoint(path, Checkpoint(run, few.fingerprint, {}, states[passes - 1], 1.5))
        checkpoint = read_checkpoint(path, PRESENTED)
        assert (checkpoint.run, checkpoint.seconds) == (run, 1.5)
        resumed = Training.resumed(few, config, checkpoint.state)
        assert resumed.history == whole.history[:passes]
        while len(resumed.history) < config.passes:
            resumed.run_pass()
        assert bits(resumed) == bits(whole)
        assert without_seconds(resumed.history) == without_seconds(whole.history)


def test_a_network_of_another_table_goes_on_bit_for_bit_and_for_no_other(few, tmp_path):
    (tmp_path / "whole").mkdir()
    (tmp_path / "half").mkdir()
    runs = [Run("small", replace(RECIPE, distorted=True), lenet1())]
    whole = run_all(few, runs, OneMachine(1), NoWatch(), Checkpoints(tmp_path / "whole", few))
    half = [Run("small", replace(runs[0].recipe, passes=2), lenet1())]
    run_all(few, half, OneMachine(1), NoWatch(), Checkpoints(tmp_path / "half", few))
    (path,) = find_checkpoints(tmp_path / "half")
    state = read_checkpoint(path, PRESENTED, [lenet5(), lenet1()]).state
    resumed = Training.resumed(few, runs[0].recipe, state, lenet1())
    while len(resumed.history) < RECIPE.passes:
        resumed.run_pass()
    network = whole["small"][0].network
    assert resumed.network.parameters.tobytes() == network.parameters.tobytes()
    with pytest.raises(CheckpointError, match="of LeNet-5; found one of LeNet-1, or of another"):
        Checkpoints(tmp_path / "half", few).read([Run("small", half[0].recipe)])


def test_of_two_tables_of_one_name_a_checkpoint_goes_to_its_own(few, tmp_path):
    runs = [Run("a", RECIPE, lenet4(complete=True)), Run("b", RECIPE, lenet4())]
    checkpoints = Checkpoints(tmp_path, few)
    for run in runs:
        checkpoints.write(run, Training(few, run.recipe, run.architecture).state(), 1.0)
    assert {run: len(one.state.parameters) for run, one in checkpoints.read(runs).items()} == {
        run: run.architecture.trainable for run in runs
    }
    swapped = [runs[1]._replace(name="a"), runs[0]._replace(name="b")]
    with pytest.raises(CheckpointError, match="network LeNet-4, .* there, LeNet-4, .* here"):
        checkpoints.read(swapped)


def test_a_state_is_a_copy(few):
    training = Training(few, replace(RECIPE, reshuffle=True))
    state = training.state()
    before = state.parameters.copy(), state.order.copy(), json.dumps(state.generator)
    training.run_pass()
    training.run_pass()
    np.testing.assert_array_equal(state.parameters, before[0])
    np.testing.assert_array_equal(state.order, before[1])
    assert json.dumps(state.generator) == before[2]
    assert state.history == []


class Listener(NoWatch):
    def __init__(self):
        self.resumed, self.passes = [], []

    def on_resume(self, run, config, passes):
        self.resumed.append((run, config.seed, passes))

    def on_pass(self, run, config, record):
        self.passes.append((run, config.seed, record.number))


def final(folder):
    """Return the final bits of every run, by name of its checkpoint."""
    states = {
        path.name: read_checkpoint(path, PRESENTED).state for path in find_checkpoints(folder)
    }
    return {
        name: (state.parameters.tobytes(), state.generator, state.order.tobytes())
        for name, state in states.items()
        if len(state.history) == RUNS[0].recipe.passes
    }


@pytest.fixture(scope="module")
def uninterrupted(few, tmp_path_factory):
    folder = tmp_path_factory.mktemp("uninterrupted")
    outcomes = run_all(few, RUNS, OneMachine(1), NoWatch(), Checkpoints(folder, few))
    return folder, outcomes


@pytest.mark.parametrize("cores", [2, 4])
def test_the_bits_do_not_hang_on_the_runs_side_by_side(few, uninterrupted, tmp_path, cores):
    run_all(few, RUNS, OneMachine(cores), NoWatch(), Checkpoints(tmp_path, few))
    assert len(final(tmp_path)) == len(RUNS)
    assert final(tmp_path) == final(uninterrupted[0])


def test_finished_runs_are_not_run_again(few, uninterrupted):
    folder, outcomes = uninterrupted
    listener = Listener()
    again = run_all(few, RUNS, OneMachine(2), listener, Checkpoints(folder, few))
    assert listener.passes == []
    assert sorted(listener.resumed) == sorted((run.name, run.recipe.seed, 15) for run in RUNS)
    for run, some in outcomes.items():
        for one, other in zip(some, again[run], strict=True):
            assert one.result.history == other.result.history
            assert one.result.misclassified == other.result.misclassified
            assert one.result.rejection == other.result.rejection
            assert other.result.seconds >= one.result.seconds * 0.9


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_killed_twenty_times_the_bits_are_the_same(tmp_path, uninterrupted):
    rng = np.random.default_rng(1998)
    moments = rng.permutation(["within a pass"] * 9 + ["while writing"] * 8 + ["between"] * 3)
    script = Path(__file__).with_name("runs_to_kill.py")
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(lenet98.__file__).parents[1])},
    ) as nursery:

        def start():
            nursery.stdin.write(f"{tmp_path}\n")
            nursery.stdin.flush()
            return int(nursery.stdout.readline())

        for moment in moments:
            process = start()
            await_moment(moment, tmp_path, rng)
            os.kill(process, signal.SIGKILL)
            assert int(nursery.stdout.readline()) == signal.SIGKILL
        assert final(tmp_path).keys() < final(uninterrupted[0]).keys(), "killed too late to matter"
        start()
        assert int(nursery.stdout.readline()) == 0
        nursery.stdin.close()
    assert final(tmp_path) == final(uninterrupted[0])
    Checkpoints(tmp_path, draw_few()).remove(RUNS)
    assert not tmp_path.exists()  # nor what was half written


def await_moment(moment, folder, rng):
    """Wait for a moment of a process that writes checkpoints into the folder."""
    before = stamps(folder)
    deadline = time.monotonic() + 20
    if moment == "while writing":
        old = half_written(folder)
        while not half_written(folder) - old and time.monotonic() < deadline:
            pass
    else:
        while stamps(folder) == before and time.monotonic() < deadline:
            time.sleep(0.001)
        if moment == "within a pass":
            time.sleep(rng.uniform(0, 0.05))


def stamps(folder):
    return {path.name: path.stat().st_mtime_ns for path in find_checkpoints(folder)}


def half_written(folder):
    return {name for name in os.listdir(folder) if name.startswith(".")}


CONFIG = replace(RECIPE, distorted=True, loss="map", initial=InitialWeights(bound=2.4))


@pytest.fixture
def checkpoint(few):
    training = Training(few, CONFIG)
    training.run_pass()
    return training.state()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"passes": 9}, "passes 4 there, 9 here"),
        ({"seed": 6}, "seed 5 there, 6 here"),
        ({"eta": (1e-4,)}, r"eta \[0.0005, .* there, \[0.0001\] here"),
        ({"loss": "mse"}, "loss map there, mse here"),
        ({"patterns": 60}, "patterns None there, 60 here"),
        ({"initial": InitialWeights(bound=1.0)}, "initial bound 2.4 there, 1.0 here"),
    ],
)
def test_a_checkpoint_of_another_recipe_is_refused(few, tmp_path, checkpoint, changes, said):
    checkpoints = Checkpoints(tmp_path, few)
    checkpoints.write(Run("distorted", CONFIG), checkpoint, 1.0)
    runs = [Run("distorted", replace(CONFIG, **changes))]
    with pytest.raises(CheckpointError, match=rf"distorted-5.npz: expected .*found {said}; give"):
        run_all(few, runs, OneMachine(1), NoWatch(), checkpoints)


def test_a_checkpoint_of_other_data_software_or_run_is_refused(
    few, tmp_path, checkpoint, monkeypatch
):
    run = Run("distorted", CONFIG)
    Checkpoints(tmp_path, few).write(run, checkpoint, 1.0)
    other = few._replace(test_labels=few.test_labels[::-1].copy())
    said = f"data set {few.fingerprint} there, {other.fingerprint} here"
    with pytest.raises(CheckpointError, match=said):
        Checkpoints(tmp_path, other).read([run])
    with pytest.raises(CheckpointError, match="run distorted there, 60000 here"):
        Checkpoints(tmp_path, few).read([Run("60000", CONFIG)])
    with monkeypatch.context() as patch:
        patch.setattr("lenet98.storage.provenance.VERSION", "0.0.7")
        with pytest.raises(CheckpointError, match=r"lenet98 .* there, 0\.0\.7 here"):
            Checkpoints(tmp_path, few).read([run])
    known = importlib.metadata.version
    for name in ("numba", "numpy", "llvmlite"):
        versions = {name: "0.1"}
        monkeypatch.setattr(
            importlib.metadata, "version", lambda of, found=versions: found.get(of) or known(of)
        )
        with pytest.raises(CheckpointError, match=rf"found {name} {known(name)} there, 0\.1 here"):
            Checkpoints(tmp_path, few).read([run])


def test_damaged_checkpoints_are_refused_by_name(few, tmp_path, checkpoint):
    checkpoints = Checkpoints(tmp_path, few)
    run = Run("distorted", CONFIG)
    checkpoints.write(run, checkpoint, 1.0)
    path = tmp_path / "distorted-5.npz"
    whole = path.read_bytes()
    rng = np.random.default_rng(0)
    flips = [bytearray(whole) for _ in range(100)]
    for flip in flips:
        flip[rng.integers(len(whole))] ^= 1 << rng.integers(8)
    cuts = [whole[:size] for size in rng.integers(len(whole), size=100)]
    refused = 0
    for damaged in [b"", b"no archive", *cuts, *flips]:
        path.write_bytes(damaged)
        try:
            found = checkpoints.read([run])[run]
        except CheckpointError as error:
            assert "distorted-5.npz" in str(error)  # noqa: PT017
            refused += 1
        else:  # what was hit says nothing, such as a time of day
            assert found.state.parameters.tobytes() == checkpoint.parameters.tobytes()
            assert found.state.generator == checkpoint.generator
    assert refused > 190


def test_a_checkpoint_changed_behind_its_check_sums_is_refused(few, tmp_path, checkpoint):
    checkpoints = Checkpoints(tmp_path, few)
    run = Run("distorted", CONFIG)
    checkpoints.write(run, checkpoint, 1.0)
    path = tmp_path / "distorted-5.npz"
    with np.load(path) as file:
        arrays = dict(file)
    arrays["parameters"][100] *= 1.5
    np.savez(path, **arrays)
    with pytest.raises(CheckpointError, match=r"distorted-5.npz: expected content with SHA-256"):
        checkpoints.read([run])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 3}, "a later lenet98"),
        ({"format": 1}, "an earlier lenet98"),
        ({"table": "0" * 64}, "found one of LeNet-5, or of another table"),
        ({"format": "1"}, "foreign"),
        ({"passes_done": 2}, "a history of the passes"),
        ({"configuration": replace(CONFIG, passes=1).as_dict(), "passes_done": 2}, "a history of"),
        ({"generator": {"bit_generator": "MT19937"}}, "foreign"),
        ({"history": [{}]}, "foreign"),
        ({"configuration": {"passes": 3}}, "foreign"),
    ],
)
def test_checkpoints_of_another_form_are_refused(few, tmp_path, checkpoint, changes, said):
    from lenet98.storage.archive import read_archive, write_archive

    path = tmp_path / "distorted-5.npz"
    Checkpoints(tmp_path, few).write(Run("distorted", CONFIG), checkpoint, 1.0)
    archive = read_archive(path, {"parameters": 60_000, "order": 10 * PATTERNS})
    del archive.header["sha256"]
    write_archive(path, archive.header | changes, archive.arrays)
    with pytest.raises(CheckpointError, match=rf"distorted-5.npz.*{said}"):
        read_checkpoint(path, PRESENTED)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_on_a_full_disk_the_last_good_checkpoint_stands(
    few, uninterrupted, tmp_path, monkeypatch, step
):
    real, calls, lock = getattr(os, step), [], threading.Lock()

    def fail_at_last(*arguments):
        with lock:
            calls.append(arguments)
            if len(calls) > 9:
                raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(os, step, fail_at_last)
        with pytest.raises(DataError, match=r"\.npz: cannot write it: No space left on device$"):
            run_all(few, RUNS, OneMachine(2), NoWatch(), Checkpoints(tmp_path, few))
    assert not half_written(tmp_path)
    listener = Listener()
    run_all(few, RUNS, OneMachine(2), listener, Checkpoints(tmp_path, few))
    assert sum(passes for *_, passes in listener.resumed) == 9
    assert final(tmp_path) == final(uninterrupted[0])


@pytest.mark.filterwarnings("ignore:overflow")
def test_when_one_run_diverges_the_others_stop(few, tmp_path):
    runs = [
        *runs_of([WHOLE], replace(RECIPE, passes=1000), 1),
        Run("30000", replace(RECIPE, loss="mse", eta=(1e38,))),
    ]
    listener = Listener()
    threads = threading.active_count()
    with pytest.raises(DivergenceError, match=r"pass 1, at pattern \d+"):
        run_all(few, runs, OneMachine(2), listener, Checkpoints(tmp_path, few))
    assert_threads_end(threads)
    assert {run for run, *_ in listener.passes} <= {"60000"}
    assert len(listener.passes) < 1000
    assert not (tmp_path / "30000-5.npz").exists()


@pytest.fixture
def interruptible():
    """Heed SIGINT, which a shell makes its background runs ignore."""
    kept = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, kept)


@pytest.mark.usefixtures("interruptible")
def test_an_interruption_stops_all_runs_soon(few, uninterrupted, tmp_path):
    class Interrupter(Listener):
        def on_pass(self, run, config, record):
            super().on_pass(run, config, record)
            if len(self.passes) == 6:
                self.at = time.monotonic()
                signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    interrupter = Interrupter()
    threads = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        run_all(few, RUNS, OneMachine(2), interrupter, Checkpoints(tmp_path, few))
    assert time.monotonic() - interrupter.at < 2
    assert_threads_end(threads)
    assert len(interrupter.passes) < 15
    run_all(few, RUNS, OneMachine(2), NoWatch(), Checkpoints(tmp_path, few))
    assert final(tmp_path) == final(uninterrupted[0])


def assert_threads_end(before):
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before


def test_removing_leaves_the_checkpoints_of_others(few, tmp_path, checkpoint):
    checkpoints = Checkpoints(tmp_path, few)
    runs = [Run("distorted", replace(CONFIG, seed=seed)) for seed in (5, 6)]
    for run in runs:
        checkpoints.write(run, checkpoint, 1.0)
    (tmp_path / ".distorted-5.npz.123").write_bytes(b"half")
    checkpoints.remove(runs[:1])
    assert os.listdir(tmp_path) == ["distorted-6.npz"]
    checkpoints.remove(runs[1:])
    assert not tmp_path.exists()


def test_without_jobs_no_checkpoint_is_asked_for(tmp_path):
    (tmp_path / "60000-1.npz").write_bytes(b"of others")
    nothing = Digits(*(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint8)) * 2)
    assert Checkpoints(tmp_path, nothing).read([]) == {}
