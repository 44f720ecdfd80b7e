"""The classifiers of Fig. 9: the table of rows, their cells, and what is written of them."""

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from fitted import a_fitted
from pickled import Pickled

from lenet98 import classifiers, draw_digits
from lenet98.classifiers import NearestNeighbours, RadialBasis
from lenet98.paper import published
from lenet98.questions import fitting
from lenet98.questions.fitted_tables import costs_printed, fitted_tables, rank_correlation
from lenet98.questions.fitting import fit_and_judge, fit_rows
from lenet98.reproduction.compared import Row, rows
from lenet98.reproduction.machines import OneMachine

DIGITS = draw_digits(n_train=120, n_test=40)


def test_every_row_of_fig9_has_a_classifier_in_its_order():
    assert [row.name for row in rows()] == [*published.FIG9_TEST_ERROR]
    used = {type(row.classifier).__name__ for row in rows()}
    assert used == set(classifiers.__all__)
    assert {row.cost for row in rows()} - {""} == set(published.FIG11_MULTIPLY_ACCUMULATES)


def test_the_names_of_rows_say_what_goes_in():
    for row in rows():
        keywords = row.classifier.get_params()
        marked = re.match(r"\[(\w+)\]", row.name)
        # These two are printed without their mark.
        if row.name not in ("Pairwise", "RS-SVM poly 5"):
            assert keywords.get("deslanted", False) == ("[deslant]" in row.name)
        if "distorted" in keywords:
            assert keywords["distorted"] == (marked is not None and marked[1] == "dist")
        if "hidden" in keywords:
            sizes = "-".join(str(units) for units in keywords["hidden"])
            assert f"-{sizes}-10" in row.name
        if "poly" in row.name:
            assert row.name.endswith(f"poly {keywords['degree']}")


def test_each_seed_is_a_classifier_of_its_own():
    row = Row("1000 RBF + linear", RadialBasis(units=20), "", 1, seeds=3)
    seeds = [one.seed for one in row.seeded()]
    assert seeds == [1998, 1999, 2000]
    assert {one.units for one in row.seeded()} == {20}
    assert len(Row("K-NN Euclidean", NearestNeighbours(), "", 1, seeds=3).seeded()) == 1


def test_rows_are_fitted_once_and_judged_by_their_scores(tmp_path):
    told = []
    asked = [
        Row("K-NN Euclidean", NearestNeighbours(), "", 1),
        Row("1000 RBF + linear", RadialBasis(units=20), "", 2, seeds=2),
    ]
    found = fit_rows(asked, DIGITS, tmp_path, Pickled(2), told.append)
    assert {name: len(seeds) for name, seeds in found.items()} == {
        "K-NN Euclidean": 1,
        "1000 RBF + linear": 2,
    }
    (one,) = found["K-NN Euclidean"]
    by_hand = NearestNeighbours().fit(DIGITS.train_images, DIGITS.train_labels)
    right = by_hand.score(DIGITS.test_images, DIGITS.test_labels)
    assert one.error == pytest.approx(100 * (1 - right))
    assert one.rejection[0] == [0, one.error]
    assert one.variables == by_hand.variables
    assert min(one.fit_seconds, one.pattern_seconds) > 0
    assert len(told) == 3
    assert any(line.startswith(f"K-NN Euclidean: {one.error:.2f} %; ") for line in told)
    assert told[-1].endswith("3 of 3, about 0 minutes left")
    again = fit_rows(asked, DIGITS, tmp_path, OneMachine(1), told.append)
    assert (again, len(told)) == (found, 3)
    other = fit_rows(
        asked[:1],
        DIGITS._replace(test_labels=DIGITS.train_labels[:40]),
        tmp_path,
        OneMachine(1),
        str,
    )
    assert other["K-NN Euclidean"] != found["K-NN Euclidean"]


def test_the_time_to_fit_and_that_to_answer_are_told_apart(monkeypatch):
    clock = [5.0]

    class Slow(NearestNeighbours):
        def fit(self, images, labels):
            clock[0] += 30
            return super().fit(images, labels)

        def decision_function(self, images):
            clock[0] += 8
            return super().decision_function(images)

    monkeypatch.setattr(fitting, "time", SimpleNamespace(thread_time=lambda: clock[0]))
    found = fit_and_judge(DIGITS, Slow(), "slow", lambda: None).values
    assert (found["fit_seconds"], found["pattern_seconds"]) == (30, 8 / 40)


def test_tables_have_every_row_that_is_at_hand():
    at_hand = [row for row in rows() if row.name in ("Linear", "LeNet-4", "[16x16] LeNet-1")]
    found = {
        "Linear": [a_fitted(12.2), a_fitted(12.0)],
        "[16x16] LeNet-1": [a_fitted(2.5)],
        "LeNet-4": [a_fitted(1.0, fit_seconds=7200.0, variables=50_698)],
    }
    text = fitted_tables(at_hand, found)
    assert "Of the 3 classifiers of Fig. 9 fitted here, the test errors of 2 agree within" in text
    assert "rank correlation of the two orders is 1.00" in text
    assert "| Linear | 12.00 % | 12.10 % (12.00 to 12.20) | agrees (within 0.3) | Fig. 9 |" in text
    assert "| [16x16] LeNet-1 | 3.7 | 8.00 |" in text
    assert "| Linear |  | 10.00 (10.00 to 10.00) |" in text
    assert "| LeNet-4 | 260,000 | 340,000 | 17,000 | 50,698 |" in text
    assert "| 1.00 | 2 h | 250 µs | 50.7 kB |" in text
    assert f"- LeNet-4: {at_hand[2].word}.\n" in text


def test_what_is_said_of_several_rows_is_said_once():
    at_hand = [row for row in rows() if "K-NN Euclidean" in row.name]
    assert at_hand[0].word == at_hand[1].word
    text = fitted_tables(at_hand, {row.name: [a_fitted(row.printed)] for row in at_hand})
    assert f"- K-NN Euclidean, [deslant] K-NN Euclidean: {at_hand[0].word}.\n" in text
    assert text.count(at_hand[0].word) == 1


def test_an_error_that_no_rejection_brings_is_said():
    at_hand = [row for row in rows() if row.name in ("Linear", "LeNet-4")]
    beyond = replace(a_fitted(), rejection=[[0.0, 1.0], [10.0, 0.6]])
    text = fitted_tables(at_hand, {"Linear": [a_fitted(12.0)], "LeNet-4": [a_fitted(), beyond]})
    assert "| LeNet-4 | 1.8 | over 10 |" in text


def test_fig12_is_read_by_the_names_of_fig11():
    operations, memory = costs_printed()
    assert [*operations] == [*memory]
    assert memory["[dist] V-SVM poly 9"] == 28_000_000
    assert memory["LeNet-5"] == 60_000


def test_the_rank_correlation_is_that_of_the_ranks():
    assert rank_correlation([1, 2, 3], [10, 20, 30]) == pytest.approx(1)
    assert rank_correlation([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    rng = np.random.default_rng(1)
    some, others = rng.permutation(9), rng.permutation(9)
    # Without ties, one less six times the squares of the differences.
    expected = 1 - 6 * ((some - others) ** 2).sum() / (9 * 80)
    assert rank_correlation(some, others) == pytest.approx(expected)
    assert rank_correlation([1, 1, 2], [5, 5, 9]) == pytest.approx(1)
