from dataclasses import replace

import numba
import numpy as np
import pytest
from records import a_history, a_result, results_of

from lenet98 import LeNet5, TrainingConfig
from lenet98.errors import DataError, WeightsError
from lenet98.reproduction import data_sets
from lenet98.reproduction.comparison import Quantity
from lenet98.reproduction.data_sets import DataSet, quick_part
from lenet98.reproduction.machines import OneMachine
from lenet98.reproduction.named_runs import DISTORTED, HALF, WHOLE
from lenet98.reproduction.reproduction import Folder, reopen, reproduce
from lenet98.reproduction.results import read_results, write_results
from lenet98.reproduction.runs import runs_of

RECIPE = TrainingConfig(passes=2, curvature_patterns=20)


class Listener:
    """Remembers the passes it is told of."""

    def __init__(self):
        self.passes = []

    def on_resume(self, run, config, passes):
        raise AssertionError

    def on_pass(self, run, config, record):
        self.passes.append((run, config.seed, record))

    def on_progress(self, run, config, done, total):
        pass


@pytest.fixture(scope="module")
def few(digits):
    return digits._replace(
        train_images=digits.train_images[:100], train_labels=digits.train_labels[:100]
    )


@pytest.fixture
def folder(tmp_path):
    folder = Folder(tmp_path)
    folder.make(folder.weights, folder.checkpoints)
    return folder


def results_on(digits, name="mnist"):
    results = results_of({WHOLE: [a_result(a_history())]}, data=name)
    return replace(results, fingerprint=digits.fingerprint)


def test_every_named_run_is_done_once_for_every_seed():
    runs = runs_of([WHOLE, DISTORTED], replace(RECIPE, seed=7), seeds=2)
    assert [(run.name, run.recipe.seed) for run in runs] == [
        *(("distorted", 7), ("60000", 7)),
        *(("distorted", 8), ("60000", 8)),
    ]
    assert [run.recipe.distorted for run in runs] == [True, False] * 2


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="trains, which takes compilation")
def test_runs_are_written_down_and_handed_on_before_their_checkpoints_go(few, folder):
    count = Quantity("patterns", 100, "", "Fig. 0", "same")
    seen = []

    def use(reproduction):
        seen.append(reproduction)
        assert folder.unfinished
        assert read_results(folder.results) == reproduction.results
        with pytest.raises(DataError, match="go on with --resume"):
            folder.refuse_unfinished()

    listener = Listener()
    runs = runs_of([WHOLE, HALF], RECIPE, seeds=2)
    data = DataSet("strokes", few)
    asked = runs, data, RECIPE, folder, OneMachine(2), listener
    made = reproduce(*asked, lambda _: [count.judge([100])], use)
    assert seen == [made]
    folder.refuse_unfinished()
    assert not folder.checkpoints.exists()
    assert '"quantity": "patterns"' in folder.results.read_text()
    assert sorted(made.results.runs) == ["30000", "60000"]
    assert [result.seed for result in made.results.seeds(WHOLE)] == [1998, 1999]
    assert made.results.provenance["resumed"] is False
    assert len(listener.passes) == 8
    for run, _, record in listener.passes:
        assert (record.train_error is not None) is (run == WHOLE.name)
    for run in (WHOLE, HALF):
        network = LeNet5.load(folder.weights_of(run.name))
        np.testing.assert_array_equal(network.parameters, made.network(run).parameters)
    first = made.results.seeds(WHOLE)[0]
    wrong = made.network(WHOLE).classify(few.test_images) != few.test_labels
    assert [k for k, _, _ in first.misclassified] == np.flatnonzero(wrong).tolist()
    assert first.rejection[0] == (0.0, first.history[-1].test_error)


def test_results_of_other_runs_are_not_written_over(folder):
    recipe = replace(RECIPE, seed=1998)
    runs = runs_of([WHOLE, HALF], recipe, seeds=2)
    folder.refuse_to_lose(runs)
    folder.results.write_text("no results")
    folder.refuse_to_lose(runs)
    results = results_of({WHOLE: [a_result(a_history())]})
    write_results(folder.results, results, [])
    seed = results.seeds(WHOLE)[0].seed
    same = runs_of([WHOLE], replace(recipe, seed=seed), seeds=1)
    folder.refuse_to_lose(same)
    folder.refuse_to_lose([])
    for others in (
        runs_of([HALF], same[0].recipe, 1),
        runs_of([WHOLE], replace(recipe, seed=7), 1),
    ):
        with pytest.raises(
            DataError, match=rf"again \(60000 of seed {seed}\); draw from them with"
        ):
            folder.refuse_to_lose(others)


def test_where_nothing_is_run_nothing_was_resumed(few, folder):
    (folder.checkpoints / "of-another.npz").write_bytes(b"")
    asked = [], DataSet("strokes", few), RECIPE, folder, OneMachine(1), Listener()
    made = reproduce(*asked, lambda _: [], lambda _: None)
    assert made.results.provenance["resumed"] is False
    assert folder.unfinished


def left_by(monkeypatch, folder, network, provenance):
    """Let the package ship a network that a run of that provenance left."""
    provenance = {"data": "mnist", "configuration": {}} | provenance
    network.save(folder.path / "mnist.npz", provenance)
    monkeypatch.setattr("lenet98.network.weights._SHIPPED", folder.path)


def test_the_network_that_a_run_left_is_read_when_it_is_asked_for(few, folder):
    found = reopen(results_on(few), folder, lambda name: DataSet(name, few))
    own = LeNet5(seed=3)
    own.save(folder.weights_of(WHOLE.name))
    np.testing.assert_array_equal(found.network(WHOLE).parameters, own.parameters)
    assert found.network(WHOLE) is found.network(WHOLE)


def test_the_shipped_network_stands_for_the_very_run_that_left_it(few, folder, monkeypatch):
    origin, own = {"git": "a1", "date": "1998-11-01"}, LeNet5(seed=3)
    left_by(monkeypatch, folder, own, origin)
    results = replace(results_on(few), provenance=origin)
    found = reopen(results, folder, lambda name: DataSet(name, few))
    np.testing.assert_array_equal(found.network(WHOLE).parameters, own.parameters)


@pytest.mark.parametrize(
    ("run", "name", "origin"),
    [
        (WHOLE, "mnist", {"git": "a1", "date": "1998-11-02"}),
        (WHOLE, "mnist", {"git": "a1"}),
        (WHOLE, "mnist", {}),
        (WHOLE, "strokes", {"git": "a1", "date": "1998-11-01"}),
        (WHOLE, "mnist-quick", {"git": "a1", "date": "1998-11-01"}),
        (HALF, "mnist", {"git": "a1", "date": "1998-11-01"}),
    ],
)
def test_no_shipped_network_stands_for_another_run(few, folder, monkeypatch, run, name, origin):
    left_by(monkeypatch, folder, LeNet5(seed=3), {"git": "a1", "date": "1998-11-01"})
    results = replace(results_on(few, name), provenance=origin)
    found = reopen(results, folder, lambda name: DataSet(name, few))
    with pytest.raises(WeightsError, match=rf"{run.name}\.npz: expected the network that the run"):
        found.network(run)


def test_results_of_a_first_look_are_drawn_from_its_part(few, folder, monkeypatch):
    monkeypatch.setattr(data_sets, "QUICK_PATTERNS", 30)
    part = quick_part(DataSet("mnist", few)).digits
    asked = []

    def load(name):
        asked.append(name)
        return DataSet(name, few)

    found = reopen(results_on(part, "mnist-quick"), folder, load)
    assert len(found.digits.train_labels) == 30
    assert asked == ["mnist"]


def test_results_of_other_data_are_not_drawn(few, folder):
    with pytest.raises(DataError, match="expected the data it was made on"):
        reopen(results_of({}), folder, lambda name: DataSet(name, few))
