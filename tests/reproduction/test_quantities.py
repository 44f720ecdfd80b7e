from dataclasses import replace

import pytest
from records import a_history, a_result, results_of

from lenet98.paper import published
from lenet98.reproduction.named_runs import DISTORTED, HALF, NAMED_RUNS, WHOLE, errors_in_fig6
from lenet98.reproduction.quantities import (
    GREATEST_CURVATURE,
    LEAST_CURVATURE,
    MISCLASSIFIED,
    SECONDS,
    TEST_CURVE,
    TEST_ERROR,
    TEST_ERROR_DISTORTED,
    TRAIN_CURVE,
    TRAIN_ERROR,
    comparable,
    costs,
    distance_to_fig5,
    distortions,
    fewer_patterns,
    layer_counts,
    passes_over_the_whole_set,
)

ALL = (layer_counts, costs, passes_over_the_whole_set, fewer_patterns, distortions)


def rows_of(runs):
    results = results_of(runs)
    return {row.quantity: row for rows in ALL for row in rows(results)}


def verdicts(runs):
    return {quantity: row.verdict for quantity, row in rows_of(runs).items()}


def test_the_papers_own_numbers_agree_with_the_paper():
    runs = {run: [a_result(a_history())] for run in NAMED_RUNS}
    for run, (left,) in runs.items():
        test, train = errors_in_fig6(run.recipe())
        last = left.history[-1]
        left.history[-1] = replace(last, test_error=test, train_error_on_the_fly=train or 1.0)
    found = verdicts(runs)
    differing = {quantity for quantity, verdict in found.items() if verdict == "differs"}
    assert differing == {"multiply-accumulates"}  # Fig. 11 counts otherwise
    assert found["20 passes, on one processor core"] == "better"
    assert found["trainable parameters"] == "exact"
    assert len(found) == 16 + 2 + 7 + 4 + 3


@pytest.mark.parametrize(("shift", "verdict"), [(0.3, "differs"), (0.05, "agrees")])
def test_errors_away_from_the_papers_are_told(shift, verdict):
    found = verdicts({WHOLE: [a_result(a_history(shift))]})
    assert found["test error after 20 passes"] == verdict
    assert found["training error on the fly, pass 20"] == verdict
    assert found["mean distance to Fig. 5's training curve, passes 2 to 20"] == verdict


def test_less_test_error_than_the_papers_is_better_and_less_training_error_differs():
    found = verdicts({WHOLE: [a_result(a_history(-0.3))]})
    assert found["test error after 20 passes"] == "better"
    assert found["training error on the fly, pass 20"] == "differs"
    assert found["mean distance to Fig. 5's test curve, passes 2 to 20"] == "differs"


def test_curvature_of_the_first_pass_beyond_a_factor_of_two_differs():
    history = a_history()
    found = verdicts({WHOLE: [a_result([history[0], *a_history(rates=(3e-5, 0.024))[1:]])]})
    assert found["greatest curvature h, pass 1"] == "agrees"
    assert found["least curvature h, pass 1"] == "agrees"
    found = verdicts({WHOLE: [a_result([*a_history(rates=(3e-5, 0.024))[:1], *history[1:]])]})
    assert found["greatest curvature h, pass 1"] == "differs"
    assert found["least curvature h, pass 1"] == "differs"


@pytest.mark.parametrize(
    ("quantity", "farthest"),
    [
        (TEST_ERROR, 1.05),
        (TRAIN_ERROR, 0.44),
        (TEST_CURVE, 0.15),
        (TRAIN_CURVE, 0.15),
        (LEAST_CURVATURE, 0.0225),  # h of 0.01125: 5e-4 / (0.02 + h) = 0.016
        (GREATEST_CURVATURE, 2 * (5e-4 / 7e-5 - 0.02)),
        (TEST_ERROR_DISTORTED, 0.9),
        (MISCLASSIFIED, 92),
        (SECONDS, 3 * 86_400),
    ],
)
def test_the_farthest_that_still_agrees(quantity, farthest):
    assert quantity.judge([farthest]).verdict == "agrees"
    assert quantity.judge([farthest * 1.01]).verdict == "differs"


def test_the_smaller_sets_may_be_farther_off_than_the_whole():
    last = a_history()[-1]
    for change, verdict in ((0.0, "agrees"), (0.01, "differs")):
        records = [replace(last, test_error=1.34 + change, train_error_on_the_fly=0.39 + change)]
        found = verdicts({HALF: [a_result(records)]})
        assert found["test error, 30,000 patterns"] == verdict
        assert found["training error on the fly, 30,000 patterns"] == verdict


def test_seeds_are_averaged_and_their_range_kept():
    runs = {WHOLE: [a_result(a_history(-0.05)), a_result(a_history(0.07), seed=2)]}
    row = rows_of(runs)["test error after 20 passes"]
    assert (row.least, row.greatest) == pytest.approx((0.91, 1.03))
    assert row.here == pytest.approx(0.97)


def test_over_ten_times_what_chance_gives_is_more_than_chance():
    # 82 of 10,000, 82 times: 0.67 would be the same by chance.
    ours = [error.pattern for error in published.FIG8_ERRORS]
    for same, verdict in ((6, "differs"), (7, "agrees")):
        errors = [(k, 1, 7) for k in [*ours[:same], *range(10_000, 10_082 - same)]]
        row = rows_of({DISTORTED: [a_result(a_history(), errors=errors)]})
        assert row["of Fig. 8's 82, misclassified here too"].verdict == verdict


def test_errors_by_chance_do_not_count_as_the_same_errors():
    strangers = [(k, 1, 7) for k in range(82)]
    found = verdicts({DISTORTED: [a_result(a_history(), errors=strangers)]})
    assert found["of Fig. 8's 82, misclassified here too"] == "differs"


@pytest.mark.parametrize("other", [{"data": "strokes"}, {"data": "mnist-quick"}, {"passes": 3}])
def test_only_twenty_passes_over_mnist_stand_beside_the_paper(other):
    assert comparable(results_of({}))
    assert not comparable(results_of({}, **other))


def test_counts_are_the_same_whatever_was_trained():
    found = [row for rows in (layer_counts, costs) for row in rows(results_of({}))]
    assert {row.source for row in found} == {"Sec. II-B", "Fig. 11", "Fig. 12"}
    assert all(row.least == row.here == row.greatest for row in found)


def test_distance_is_the_mean_over_passes_2_to_20():
    history = a_history(0.1)
    history[0] = replace(history[0], test_error=50.0)
    assert distance_to_fig5(history) == pytest.approx((0.1, 0.1))
    second = replace(history[1], test_error=history[1].test_error + 1.9)
    last = replace(history[19], train_error_on_the_fly=history[19].train_error_on_the_fly + 1.9)
    moved = [history[0], second, *history[2:19], last, history[19]]
    assert distance_to_fig5(moved) == pytest.approx((0.2, 0.2))
    assert distance_to_fig5(history[:3]) == pytest.approx((0.1, 0.1))


def test_fig6_is_found_by_the_training_set():
    assert {errors_in_fig6(run.recipe()) for run in NAMED_RUNS} == set(published.FIG6.values())
    assert errors_in_fig6(replace(WHOLE.recipe(), patterns=60_000)).test == 0.94
    with pytest.raises(KeyError):
        errors_in_fig6(replace(WHOLE.recipe(), patterns=100))
