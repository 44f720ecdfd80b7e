import json
from dataclasses import replace

import numpy as np
import pytest
from records import a_history, a_result, results_of

from lenet98 import LeNet5
from lenet98.data.normalisation import BOX_SIZE
from lenet98.data.strokes import draw_digits
from lenet98.paper import published
from lenet98.reproduction.invariance import (
    HEIGHT,
    INVERTED,
    ROTATION,
    SCALE,
    SHIFT,
    WAYS,
    claims,
    measure,
)
from lenet98.reproduction.named_runs import DISTORTED, NOISE, WHOLE
from lenet98.reproduction.results import read_results, write_results

NEUTRAL = {SCALE.name: 1, SHIFT.name: 0, ROTATION.name: 0, INVERTED.name: 0}


@pytest.fixture(scope="module")
def few():
    return draw_digits(n_train=1, n_test=200)


@pytest.fixture(scope="module")
def network():
    return LeNet5.pretrained("mnist")


@pytest.fixture(scope="module")
def measured(few, network):
    return measure(network, few, np.random.default_rng(1))


def made_up(error):
    """Errors that grow along each way from a given one."""
    return {
        way.name: [[value, error + index] for index, value in enumerate(way.values)] for way in WAYS
    }


def a_measured_result(error, seed=1):
    return replace(a_result(a_history(), seed), measured={"invariance": made_up(error)})


def test_every_value_of_every_way_is_measured_in_plain_values(measured):
    assert {name: [value for value, _ in pairs] for name, pairs in measured.items()} == {
        way.name: list(way.values) for way in WAYS
    }
    assert json.loads(json.dumps(measured)) == measured
    assert all(0 <= error <= 100 for pairs in measured.values() for _, error in pairs)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_a_character_left_as_it_is_has_the_error_of_the_test_set(few, network, measured, way):
    wrong = int((network.classify(few.test_images) != few.test_labels).sum())
    assert 0 < wrong < 40  # of 200, or there would be nothing to compare
    assert dict(measured[way.name])[NEUTRAL[way.name]] == 100 * wrong / 200


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_far_from_the_training_set_more_is_misclassified(measured, way):
    errors = dict(measured[way.name])
    least, greatest = way.values[0], way.values[-1]
    for end in {least, greatest} - {NEUTRAL[way.name]}:
        # A quarter of the patterns more: far beyond what a chance of 200 would give.
        assert errors[end] > errors[NEUTRAL[way.name]] + 25


def test_values_are_in_order_and_those_of_scale_as_far_down_as_up():
    for way in WAYS:
        assert list(way.values) == sorted(set(way.values))
    assert SCALE.values[0] * SCALE.values[-1] == 1


def test_noise_is_of_the_generator(few, network, measured):
    (again, other) = (measure(network, few, np.random.default_rng(seed)) for seed in (1, 2))
    assert again == measured
    differing = {name for name in measured if other[name] != measured[name]}
    assert differing == {INVERTED.name}


def test_claims_are_of_the_paper_and_at_values_that_are_measured():
    assert HEIGHT == BOX_SIZE
    ends = {way.name: [claim.value for claim in way.claims] for way in WAYS}
    assert ends == {
        SCALE.name: [0.5, 2],
        SHIFT.name: [-10, 10],
        ROTATION.name: [-30, 30],
        INVERTED.name: [published.NOISE],
    }
    for way in WAYS:
        assert {claim.value for claim in way.claims} < set(way.values)


def test_the_rows_are_the_errors_of_the_noise_net_at_the_ends_of_the_claims():
    runs = {NOISE: [a_measured_result(3.0), a_measured_result(5.0, seed=2)]}
    runs[WHOLE] = [a_measured_result(50.0)]
    rows = {row.quantity: row for row in claims(results_of(runs))}
    assert len(rows) == 7
    # The second value of the scale is a half: 4 of the one seed and 6 of the other.
    half = rows["test error, half the size, trained with noise"]
    assert (half.here, half.least, half.greatest) == (5.0, 4.0, 6.0)
    up, down = (
        rows[f"test error, {to} half the height, trained with noise"] for to in ("up", "down")
    )
    assert (up.least, down.least) == (3 + 1, 3 + 9)
    assert {row.verdict for row in rows.values()} == {"claimed"}
    assert {row.paper for row in rows.values()} == {None}
    assert {row.source for row in rows.values()} == {"Sec. III-E"}


def test_what_was_not_measured_is_left_out():
    runs = {NOISE: [a_result(a_history())], WHOLE: [a_measured_result(1.0)]}
    assert list(claims(results_of(runs))) == list(claims(results_of({}))) == []
    assert (
        results_of(runs).measured(NOISE, "invariance")
        == results_of(runs).measured(DISTORTED, "invariance")
        == []
    )
    assert results_of(runs).measured(WHOLE, "invariance") == [made_up(1.0)]


def test_what_was_measured_survives_a_file(tmp_path, measured):
    left = replace(a_result(a_history()), measured={"invariance": measured})
    results = results_of({NOISE: [left]})
    write_results(tmp_path / "results.json", results, claims(results))
    assert read_results(tmp_path / "results.json") == results
