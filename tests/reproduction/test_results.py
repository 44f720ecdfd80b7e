import hashlib
import json
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest
from records import a_history, a_result, results_of

from lenet98 import TrainingConfig
from lenet98.errors import ConfigurationError, DataError
from lenet98.reproduction.named_runs import HALF, NAMED_RUNS, WHOLE
from lenet98.reproduction.quantities import layer_counts
from lenet98.reproduction.results import read_results, write_results
from lenet98.training.recipe import recipe_from


def test_results_survive_a_file(tmp_path):
    results = results_of({WHOLE: [a_result(a_history())]})
    write_results(tmp_path / "results.json", results, [])
    assert read_results(tmp_path / "results.json") == results
    assert results.histories(WHOLE) == [a_history()]
    assert results.histories(HALF) == []


def test_the_comparison_is_written_for_readers_of_the_file_and_never_read_back(tmp_path):
    path = tmp_path / "results.json"
    results = results_of({WHOLE: [a_result(a_history())]})
    rows = list(layer_counts(results))
    write_results(path, results, rows)
    content = json.loads(path.read_text())
    assert [row["quantity"] for row in content["comparison"]] == [row.quantity for row in rows]
    del content["sha256"]
    for comparison in ([{"quantity": "of another time"}], None):
        content["comparison"] = comparison
        if comparison is None:
            del content["comparison"]
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        path.write_text(json.dumps(content | {"sha256": digest}))
        assert read_results(path) == results


def test_what_else_was_measured_survives_and_older_files_have_none(tmp_path):
    path = tmp_path / "results.json"
    left = replace(a_result(a_history()), measured={"errors": [[0.5, 3.0]]})
    results = results_of({WHOLE: [left]})
    write_results(path, results, [])
    assert read_results(path) == results
    content = json.loads(path.read_text())
    del content["sha256"], content["runs"]["60000"][0]["measured"]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    path.write_text(json.dumps(content | {"sha256": digest}))
    assert read_results(path).seeds(WHOLE) == [a_result(a_history())]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content.pop("runs"),
        lambda content: content.update(format=99),
        lambda content: content["runs"]["60000"][0].pop("history"),
        lambda content: content["runs"]["60000"][0]["history"][0].update(accuracy=1),
        lambda content: content.update(runs=[]),
        lambda content: content["comparison"].append({"quantity": "x"}),
    ],
)
def test_results_edited_by_hand_are_refused(tmp_path, spoil):
    path = tmp_path / "results.json"
    write_results(path, results_of({WHOLE: [a_result(a_history())]}), [])
    content = json.loads(path.read_text())
    spoil(content)
    path.write_text(json.dumps(content))
    with pytest.raises(DataError, match="results.json"):
        read_results(path)


def test_results_that_are_no_json_or_not_there_are_refused(tmp_path):
    (tmp_path / "results.json").write_text('{"format": 1, ')
    with pytest.raises(DataError, match="JSON"):
        read_results(tmp_path / "results.json")
    with pytest.raises(DataError, match="run reproduce.py first"):
        read_results(tmp_path / "absent.json")


def test_the_record_is_read():
    results = read_results(Path(__file__).parents[2] / "figures" / "results.json")
    assert results.data == "mnist"
    assert results.runs.keys() == {run.name for run in NAMED_RUNS}
    assert {len(history) for history in results.histories(WHOLE)} == {20}


def test_results_cannot_be_changed():
    for frozen in (results_of({}), a_result(a_history()), a_history()[0]):
        with pytest.raises(FrozenInstanceError):
            frozen.seed = 3


def test_a_recipe_survives_json():
    recipe = TrainingConfig(passes=3, loss="mse", distorted=True)
    assert recipe_from(json.loads(json.dumps(recipe.as_dict()))) == recipe
    with pytest.raises(ConfigurationError, match="recipe"):
        recipe_from({"passes": 3})
