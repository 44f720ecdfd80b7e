"""The paper's numbers agree with one another and with the layer table."""

import pytest

from lenet98.data.mnist import MNIST
from lenet98.network.tables import lenet5
from lenet98.paper import published
from lenet98.training.recipe import ETA


def test_layer_counts_add_up_to_the_totals_of_the_paper():
    assert (
        sum(c.parameters for c in published.LAYER_COUNTS if c.name != "OUTPUT")
        == published.TRAINABLE
    )
    assert sum(c.connections for c in published.LAYER_COUNTS) == published.CONNECTIONS
    assert (published.TRAINABLE, published.CONNECTIONS) == (60_000, 340_908)


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
    assert published.FIG8_ERRORS[0] == (247, 4, 6)


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
