from dataclasses import replace
from pathlib import Path

import pytest
from records import a_history

from lenet98 import TrainingConfig, lenet1
from lenet98.errors import DataError
from lenet98.network.choices import InitialWeights
from lenet98.paper import published
from lenet98.plots.curves import open_questions
from lenet98.questions.cells import Cells
from lenet98.questions.findings import (
    Exploration,
    Finding,
    distance,
    findings_tables,
    label,
    read_exploration,
    smaller_sets_table,
    starts_table,
    table,
    write_exploration,
)
from lenet98.questions.grid import Extent, explore
from lenet98.questions.study import Bench
from lenet98.questions.validation import held_out, validate, validation, validation_table
from lenet98.reproduction.data_sets import DataSet
from lenet98.reproduction.quantities import TEST_ERROR, TRAIN_ERROR

TINY = Extent(early=2, losses=1, whole=3, survivors=1, seeds=2, seeds_around=1, seeds_of_starts=1)


@pytest.fixture(scope="module")
def few(digits):
    """So few patterns that hundreds of passes take seconds."""
    return digits._replace(
        train_images=digits.train_images[:20],
        train_labels=digits.train_labels[:20],
        test_images=digits.test_images[:20],
        test_labels=digits.test_labels[:20],
    )


def test_a_finding_is_judged_by_the_four_demands():
    agreeing = Finding(TrainingConfig(), published.FIRST_PASS_RATES, [a_history(0.0)])
    assert agreeing.failed_demands() == []
    assert distance(agreeing.histories) == 0
    for other, failed in (
        (replace(agreeing, rates=(1e-5, 0.016)), ["rates"]),
        (replace(agreeing, rates=(7e-5, 0.04)), ["rates"]),
        (
            replace(agreeing, histories=[a_history(0.5)]),
            ["test error", "training error", "training curve"],
        ),
    ):
        assert other.failed_demands() == failed


def test_a_run_that_diverged_is_infinitely_far_and_fails_everything():
    for history in (a_history()[:7], []):
        assert distance([history]) == float("inf")
        finding = Finding(TrainingConfig(), published.FIRST_PASS_RATES, [history])
        assert len(finding.failed_demands()) == 5


def test_labels_tell_recipes_apart():
    recipe = TrainingConfig()
    others = [
        replace(recipe, loss="mse"),
        replace(recipe, j=7.0),
        replace(recipe, scale=1.0),
        replace(recipe, subsampling="sum"),
        replace(recipe, subsampling="average"),
        replace(recipe, reshuffle=True),
        replace(recipe, fresh_curvature=False),
        replace(recipe, initial=InitialWeights(bound=9.0)),
        replace(recipe, initial=InitialWeights(power=1.0)),
        replace(recipe, initial=InitialWeights(coefficient=9.0)),
        replace(recipe, initial=InitialWeights(random_biases=True)),
        replace(recipe, initial=InitialWeights(random_biases=False)),
    ]
    distinct = set(others) | {recipe}
    assert len({label(other) for other in distinct}) == len(distinct)


def test_findings_survive_a_file_and_fill_the_tables(tmp_path):
    recipe = TrainingConfig()
    smaller = replace(recipe, patterns=15_000)
    exploration = Exploration(
        [Finding(recipe, (7e-5, 0.016), [a_history(), a_history(0.1)])],
        [Finding(smaller, (7e-5, 0.016), [a_history()])],
        [Finding(recipe, (7e-5, 0.016), [a_history()], [a_history(-0.15), a_history(-0.11)])],
    )
    write_exploration(tmp_path / "found.json", exploration)
    assert read_exploration(tmp_path / "found.json") == exploration
    assert "| 2 | 7.0e-05 to 1.6e-02 | 1.01 (0.96 to 1.06) |" in table(exploration)
    assert "| 15,000 | 20 | 0.96 | 1.68 | 0.36 | 0.05 |" in smaller_sets_table(exploration)
    assert "| 0.96 | 0.36 | 0.83 (0.81 to 0.85) | nothing |" in starts_table(exploration)
    (tmp_path / "found.json").write_text("{}")
    with pytest.raises(DataError, match="found.json"):
        read_exploration(tmp_path / "found.json")
    with pytest.raises(DataError, match="cannot read"):
        read_exploration(tmp_path / "absent.json")


def test_the_best_recipe_is_chosen_without_the_test_set(few, tmp_path, monkeypatch):
    monkeypatch.setattr("lenet98.questions.validation.HELD_OUT", 10)
    monkeypatch.setattr("lenet98.questions.validation.JS", (4.0,))
    monkeypatch.setattr("lenet98.questions.validation.FINALISTS", 1)
    split = held_out(few)
    assert (split.train_images == few.train_images[:-10]).all()
    assert (split.test_labels == few.train_labels[-10:]).all()
    blind = few._replace(test_labels=9 - few.test_labels)
    found = validate(few, tmp_path / "one", 2, str)
    assert found == validate(blind, tmp_path / "two", 2, str)
    assert [len(values) for values in found.values()] == [3, 1, 1, 1]
    assert validation_table(found).count("\n") == 6


def test_stages_prune_and_finished_cells_are_not_run_again(few, tmp_path, monkeypatch):
    monkeypatch.setattr("lenet98.questions.grid.BOUNDS", (1.2, 2.0))
    monkeypatch.setattr("lenet98.questions.grid.JS", (1.0, 4.0))
    monkeypatch.setattr("lenet98.questions.grid.COEFFICIENTS", (0.25,))
    monkeypatch.setattr("lenet98.questions.grid.SCALES", (0.5,))
    told = []
    found = explore(few, tmp_path / "cells", TINY, 2, told.append)
    tried = [path for path in (tmp_path / "cells").iterdir() if "_run_rates" in path.read_text()]
    assert len(tried) >= 2 * 2 * 2 * 2  # powers, bounds, biases, sum or average
    whole = [f for f in found.findings if f.whole]
    # One survivor with two seeds; the others, and each other answer around it, with one.
    assert sorted((len(f.histories) for f in whole), reverse=True)[:2] == [2, 1]
    assert [f.recipe.passes for f in found.smaller_sets] == [20, 80, 20, 40]
    assert all(len(f.distorted[0]) == 20 and not f.recipe.distorted for f in found.starts)
    assert found.starts
    assert any("recipes have the paper's rates" in line for line in told)
    again = []
    assert explore(few, tmp_path / "cells", TINY, 1, again.append) == found
    assert len(again) == 1  # the count of recipes; no run


def test_cells_of_other_data_recipes_tables_or_versions_are_not_taken_for_these(
    few, tmp_path, monkeypatch
):
    told, known = [], TrainingConfig()

    def runs_for(digits=few, recipe=known, architecture=None):
        before = len(told)
        Cells(digits, tmp_path, 1, told.append, architecture).histories([recipe], 1, seeds=1)
        return len(told) - before

    assert [runs_for(), runs_for()] == [1, 0]
    other = few._replace(train_labels=few.train_labels[::-1].copy())
    assert [runs_for(other), runs_for(other)] == [1, 0]
    assert runs_for(recipe=replace(known, j=3.0)) == 1
    assert runs_for(architecture=lenet1()) == 1
    monkeypatch.setattr("lenet98.storage.provenance.VERSION", "0.0.7")
    assert runs_for() == 1


def test_what_the_record_found_is_read_and_judged_as_its_tables_say():
    record = Path(__file__).parents[2] / "figures"
    exploration = read_exploration(record / "open-questions.json")
    assert findings_tables(exploration) == (record / "open-questions.md").read_text("utf-8")


def test_a_demand_is_met_by_the_verdict_of_the_same_number_in_the_table():
    better = Finding(TrainingConfig(), published.FIRST_PASS_RATES, [a_history(-0.12)])
    assert better.failed_demands() == ["test error", "training error"]
    assert TEST_ERROR.judge(better.last("test_error")).verdict == "better"
    assert TRAIN_ERROR.judge(better.last("train_error_on_the_fly")).verdict == "differs"


def a_bench(few, folder, name, **changes):
    return Bench(name, folder, load=lambda: DataSet("strokes", few), tell=str, **changes)


def test_a_study_of_other_data_than_mnist_is_refused(few, tmp_path):
    for study, said in ((open_questions, "they need MNIST"), (validation, "it needs MNIST")):
        with pytest.raises(DataError, match=f"{study.name} .*{said}"):
            study(a_bench(few, tmp_path, study.name))


def test_open_questions_are_drawn_again_from_what_was_found(few, tmp_path):
    record = Path(__file__).parents[2] / "figures"
    (tmp_path / "open-questions.json").write_bytes((record / "open-questions.json").read_bytes())
    tables = open_questions(a_bench(few, tmp_path, "open-questions", again=True))
    assert tables == (tmp_path / "open-questions.md").read_text("utf-8")
    assert (tmp_path / "open-questions.png").read_bytes()[:4] == b"\x89PNG"
