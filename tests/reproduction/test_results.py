import json
from dataclasses import replace

import numpy as np
import pytest

from lenet98 import TrainingConfig
from lenet98.errors import ConfigurationError, DataError
from lenet98.paper import published
from lenet98.reproduction.comparison import compare, distance_to_fig5
from lenet98.reproduction.results import Results, RunResult, read_results, write_results
from lenet98.training.recipe import ETA, configuration_from
from lenet98.training.record import PassRecord


def a_history(shift=0.0, rates=published.FIRST_PASS_RATES):
    """The paper's own curves, moved up by some percent points."""
    return [
        PassRecord(k + 1, eta, *rates, 1.0, train + shift, None, test + shift, 5.0)
        for k, (eta, test, train) in enumerate(
            zip(ETA, published.FIG5_TEST, published.FIG5_TRAIN, strict=False)
        )
    ]


def a_result(history, seed=1, errors=published.FIG8_ERRORS):
    return RunResult(seed, history, 86.4, [tuple(e) for e in errors], [(0.0, 1.0), (0.1, 0.9)])


def results_of(runs, data="mnist", **recipe):
    return Results(data, "0" * 64, TrainingConfig(**recipe).as_dict(), {}, runs)


def verdicts(results):
    return {row.quantity: row.verdict for row in compare(results)}


def test_the_papers_own_numbers_agree_with_the_paper():
    names = ("15000", "30000", "60000", "distorted")
    runs = {name: [a_result(a_history())] for name in names}
    for name, (test, train) in published.FIG6.items():
        last = runs[name][0].history[-1]
        runs[name][0].history[-1] = replace(
            last, test_error=test, train_error_on_the_fly=train or 1.0
        )
    found = verdicts(results_of(runs))
    differing = {quantity for quantity, verdict in found.items() if verdict == "differs"}
    assert differing == {"multiply-accumulates"}  # Fig. 11 counts otherwise
    assert found["20 passes, on one processor core"] == "better"
    assert found["trainable parameters"] == "exact"


@pytest.mark.parametrize(("shift", "verdict"), [(0.3, "differs"), (0.05, "agrees")])
def test_errors_away_from_the_papers_are_told(shift, verdict):
    found = verdicts(results_of({"60000": [a_result(a_history(shift))]}))
    assert found["test error after 20 passes"] == verdict
    assert found["training error on the fly, pass 20"] == verdict
    assert found["mean distance to Fig. 5's training curve, passes 2 to 20"] == verdict


def test_less_error_than_the_papers_is_better():
    found = verdicts(results_of({"60000": [a_result(a_history(-0.3))]}))
    assert found["test error after 20 passes"] == "better"


def test_the_last_bit_of_a_mean_does_not_decide():
    errors = (1.05, 1.13, 1.12, 0.87, 1.08)
    assert np.mean(errors) - 0.95 > 0.1  # 1.05 - 0.95, in floats
    seeds = [a_result(a_history(error - 0.96), seed=k) for k, error in enumerate(errors)]
    assert verdicts(results_of({"60000": seeds}))["test error after 20 passes"] == "agrees"


def test_rates_beyond_a_factor_of_two_differ():
    found = verdicts(results_of({"60000": [a_result(a_history(rates=(3e-5, 0.033)))]}))
    assert found["least effective rate, pass 1"] == "differs"
    assert found["greatest effective rate, pass 1"] == "differs"


def test_seeds_are_averaged_and_their_range_kept():
    runs = {"60000": [a_result(a_history(-0.05)), a_result(a_history(0.07), seed=2)]}
    row = next(r for r in compare(results_of(runs)) if r.quantity.startswith("test error after"))
    assert (row.least, row.greatest) == pytest.approx((0.91, 1.03))
    assert row.here == pytest.approx(0.97)


def test_errors_by_chance_do_not_count_as_the_same_errors():
    strangers = [(k, 1, 7) for k in range(82)]
    found = verdicts(results_of({"distorted": [a_result(a_history(), errors=strangers)]}))
    assert found["of Fig. 8's 82, misclassified here too"] == "differs"


@pytest.mark.parametrize("other", [{"data": "strokes"}, {"data": "mnist-quick"}, {"passes": 3}])
def test_only_twenty_passes_over_mnist_stand_beside_the_paper(other):
    found = compare(results_of({"60000": [a_result(a_history())]}, **other))
    assert {row.source for row in found} == {"Sec. II-B", "Fig. 11", "Fig. 12"}
    assert all(row.least == row.here == row.greatest for row in found)


def test_distance_is_the_mean_over_passes_2_to_20():
    history = a_history(0.1)
    history[0] = replace(history[0], test_error=50.0)
    assert distance_to_fig5(history) == pytest.approx((0.1, 0.1))


def test_results_survive_a_file(tmp_path):
    results = results_of({"60000": [a_result(a_history())]})
    results.comparison.extend(compare(results))
    write_results(tmp_path / "results.json", results)
    assert read_results(tmp_path / "results.json") == results


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
    write_results(path, results_of({"60000": [a_result(a_history())]}))
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


def test_a_recipe_survives_json():
    recipe = TrainingConfig(passes=3, loss="mse", distorted=True)
    assert configuration_from(json.loads(json.dumps(recipe.as_dict()))) == recipe
    with pytest.raises(ConfigurationError, match="recipe"):
        configuration_from({"passes": 3})
