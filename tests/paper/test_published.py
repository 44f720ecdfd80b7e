"""The paper's numbers agree with a second reading, with one another and with the layer table."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from lenet98.data.mnist import MNIST
from lenet98.network.tables import lenet5
from lenet98.paper import published
from lenet98.training.recipe import ETA

# Read out of the paper by another hand.
SECOND = json.loads(Path(__file__).with_name("published.json").read_text(encoding="utf-8"))


def thousands(table):
    return {name: 1000 * count for name, count in table.items()}


# Every number of published.py again; what the second reading lacks is spelt with its place.
AGAIN = {
    "TEST_ERROR": SECOND["headline"]["test_error"],
    "TRAIN_ERROR": SECOND["headline"]["train_error_after_19_passes"],
    "TEST_ERROR_DISTORTED": SECOND["headline"]["test_error_with_distortions"],
    "UNCERTAINTY": SECOND["headline"]["uncertainty"],
    "PATTERNS": 60_000,  # Sec. III-A
    "FIRST_PASS_RATES": SECOND["training"]["effective_rate_first_pass"],
    "DAYS_1998": [2, 3],  # p. 2293
    "LAYER_COUNTS": SECOND["layers"],
    "TRAINABLE": 60_000,  # Sec. II-B, p. 2286
    "CONNECTIONS": 340_908,  # Sec. II-B, p. 2286, in the preprint
    "FIG5_TEST": SECOND["fig5"]["test"],
    "FIG5_TRAIN": SECOND["fig5"]["train"],
    "FIG6": {
        "15000": SECOND["fig6"]["15000"],
        "30000": SECOND["fig6"]["30000"],
        "60000": SECOND["fig6"]["60000"],
        "distorted": SECOND["fig6"]["600000 (with distortions)"],
    },
    "FIG7_TRAIN_INDICES": SECOND["fig7"]["base_training_indices"],
    "FIG8_ERRORS": SECOND["fig8"]["errors"],
    "FIG9_TEST_ERROR": SECOND["fig9_test_error"],
    "FIG10_ERROR": 0.5,  # Fig. 10
    "FIG10_REJECTION": SECOND["fig10_rejection_for_half_percent_error"],
    "FIG11_MULTIPLY_ACCUMULATES": thousands(SECOND["fig11_multiply_accumulates_thousands"]),
    "FIG12_MEMORY": thousands(SECOND["fig12_memory_thousand_variables"]),
    "INVARIANT_SCALE": 2,  # Sec. III-E
    "INVARIANT_SHIFT": 1 / 2,  # Sec. III-E
    "INVARIANT_ROTATION": 30,  # Sec. III-E
    "NOISE": 0.1,  # Sec. III-E, VII-B
    "STRING_GAPS": (-1, 4),  # Sec. VII-B
}


def as_lists(value):
    """Tuples and tables as lists, in their order."""
    if isinstance(value, Mapping):
        return [[name, as_lists(entry)] for name, entry in value.items()]
    return [as_lists(entry) for entry in value] if isinstance(value, tuple | list) else value


@pytest.mark.parametrize("name", AGAIN)
def test_a_number_is_the_same_in_a_second_reading(name):
    assert as_lists(getattr(published, name)) == as_lists(AGAIN[name])


def test_no_number_is_left_out_of_the_second_reading():
    assert [name for name in vars(published) if name.isupper() and name[0] != "_"] == list(AGAIN)


def test_layer_counts_add_up_to_the_totals_of_the_paper():
    assert (
        sum(c.parameters for c in published.LAYER_COUNTS if c.name != "OUTPUT")
        == published.TRAINABLE
    )
    assert sum(c.connections for c in published.LAYER_COUNTS) == published.CONNECTIONS


def test_layer_table_counts_what_the_paper_counts():
    counted = [(layer.name, layer.parameters, layer.connections) for layer in lenet5().layers]
    assert counted == [tuple(count) for count in published.LAYER_COUNTS]


def test_fig5_has_21_points_that_fall_where_eta_falls():
    assert len(published.FIG5_TEST) == len(published.FIG5_TRAIN) == 21
    falls = [n for n in range(1, len(ETA)) if ETA[n] < ETA[n - 1]]
    assert falls == [2, 5, 8, 12]
    test = published.FIG5_TEST
    # Between pass 2 and pass 9 the test error falls by more than 0.06 only where eta falls.
    large = [n for n in range(2, 9) if test[n - 1] - test[n] > 0.06]
    assert large == falls[:3]


def test_figures_and_text_agree_within_the_precision_of_reading():
    assert published.FIG5_TEST[-1] == pytest.approx(published.TEST_ERROR, abs=0.02)
    assert published.FIG5_TRAIN[18] == pytest.approx(published.TRAIN_ERROR, abs=0.04 + 1e-9)
    assert published.FIG6["60000"].test == pytest.approx(published.TEST_ERROR, abs=0.015)
    assert published.FIG6["60000"].train == published.TRAIN_ERROR
    assert published.FIG9_TEST_ERROR["LeNet-5"] == published.TEST_ERROR
    assert published.FIG9_TEST_ERROR["[dist] LeNet-5"] == published.TEST_ERROR_DISTORTED
    assert published.FIG12_MEMORY["LeNet-5"] == published.TRAINABLE


def test_more_patterns_leave_fewer_errors():
    errors = [published.FIG6[name].test for name in ("15000", "30000", "60000", "distorted")]
    assert errors == sorted(errors, reverse=True)
    assert published.FIG6["distorted"].train is None


def test_fig8_lists_82_different_test_patterns_in_order():
    patterns = [error.pattern for error in published.FIG8_ERRORS]
    assert len(patterns) == 82
    assert patterns == sorted(set(patterns))
    assert 0 <= patterns[0] < patterns[-1] < MNIST.test_labels.shape[0]
    assert all(0 <= e.true <= 9 and 0 <= e.answer <= 9 for e in published.FIG8_ERRORS)
    assert all(e.true != e.answer for e in published.FIG8_ERRORS)
    # 0.82 % of 10,000: the point of Fig. 6.
    percent = 100 * len(patterns) / MNIST.test_labels.shape[0]
    assert percent == pytest.approx(published.FIG6["distorted"].test)


def test_fig7_distorts_ten_different_patterns():
    assert len(set(published.FIG7_TRAIN_INDICES)) == 10


def test_figs_11_and_12_list_the_same_classifiers_but_for_one_degree():
    differing = [
        (a, b)
        for a, b in zip(published.FIG11_MULTIPLY_ACCUMULATES, published.FIG12_MEMORY, strict=True)
        if a != b
    ]
    assert differing == [("[dist] V-SVM poly 9", "[dist] V-SVM poly 5")]


def test_rejection_is_given_for_classifiers_of_fig9():
    assert set(published.FIG10_REJECTION) <= set(published.FIG9_TEST_ERROR)


@pytest.mark.parametrize("name", ["FIG6", "FIG9_TEST_ERROR", "FIG10_REJECTION", "FIG12_MEMORY"])
def test_tables_cannot_be_changed(name):
    with pytest.raises(TypeError):
        getattr(published, name)["new"] = 1
