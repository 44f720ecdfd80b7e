"""The rungs of the ladder: their cells, their learning rates, and what is written of them."""

from dataclasses import replace

import numpy as np
import pytest
from climbed import a_climbed
from pickled import Pickled

from lenet98 import draw_digits
from lenet98.modern import perceptron, train
from lenet98.questions import climbing
from lenet98.questions.cells import Found
from lenet98.questions.climbing import (
    NOTHING_READ,
    SYSTEMS,
    Climbed,
    climb,
    train_and_judge,
    train_systems,
)
from lenet98.questions.ladder_tables import (
    alone_table,
    apart,
    climbing_table,
    ladder_tables,
    says_of_each,
    says_of_the_way,
    systems_table,
)
from lenet98.reproduction.ladder import PAPER, TODAY, Rung, alone, ladder, steps
from lenet98.reproduction.machines import OneMachine

DIGITS = draw_digits(n_train=240, n_test=40)

SHORT = replace(TODAY, passes=2)


def go_on():
    pass


def test_rungs_are_trained_once_and_kept(tmp_path):
    told = []
    rungs = [Rung("one", SHORT), Rung("the same", SHORT), Rung("two", replace(SHORT, l2=0.1))]
    found = climb(rungs, DIGITS, (1, 2), tmp_path, Pickled(2), told.append)
    assert {name: len(seeds) for name, seeds in found.items()} == {
        "one": 2,
        "the same": 2,
        "two": 2,
    }
    assert found["one"] == found["the same"]
    assert found["one"] != found["two"]
    assert found["one"][0].test_errors != found["one"][1].test_errors
    assert len(told) == 4
    assert any(line.startswith("one: 2 passes, rate 0.001, seed 1: ") for line in told)
    assert climb(rungs, DIGITS, (1, 2), tmp_path, OneMachine(1), told.append) == found
    assert len(told) == 4


def test_a_cell_is_what_was_trained_by_hand(tmp_path):
    (one,) = climb([Rung("one", SHORT)], DIGITS, (5,), tmp_path, OneMachine(1), str)["one"]
    again = Climbed(**train_and_judge(DIGITS, "one", SHORT, 0.001, 5, go_on).values)
    assert replace(again, seconds=one.seconds) == one
    assert (one.parameters, len(one.test_errors)) == (61_706, 2)
    assert one.test_error == one.test_errors[-1]
    assert 0 < one.train_error < 100
    assert one.seconds > 0


def test_the_rate_is_chosen_on_patterns_held_out(tmp_path, monkeypatch):
    asked = []

    def pretend(digits, name, choices, rate, seed, go_on):
        asked.append((choices.passes, rate, seed, len(digits.train_labels)))
        held = len(digits.train_labels) < len(DIGITS.train_labels)
        if held:
            np.testing.assert_array_equal(digits.test_labels, DIGITS.train_labels[200:])
        return Found(vars(a_climbed(abs(rate - 0.1) + (0 if held else 50), rate=rate)))

    monkeypatch.setattr(climbing, "train_and_judge", pretend)
    choices = replace(TODAY, rates="sgd", passes=7)
    (one,) = climb([Rung("one", choices)], DIGITS, (4,), tmp_path, OneMachine(1), str)["one"]
    assert one.rate == 0.1
    assert asked[:-1] == [(5, rate, 4, 200) for rate in (0.01, 0.03, 0.1, 0.3, 1.0)]
    assert asked[-1] == (7, 0.1, 4, 240)


def test_what_diverges_reads_nothing():
    wild = replace(TODAY, rates="sgd", passes=3)
    one = Climbed(**train_and_judge(DIGITS, "wild", wild, 1e30, 1, go_on).values)
    assert one.test_error == one.train_error == NOTHING_READ == 100
    assert len(one.test_errors) == 1


def test_systems_are_trained_by_their_own_recipes(tmp_path, monkeypatch):
    monkeypatch.setattr(climbing, "SYSTEMS", {"perceptron": 50})
    told = []
    (one,) = train_systems(DIGITS, (3,), tmp_path, Pickled(1), told.append)["perceptron"]
    by_hand = train(perceptron(), DIGITS, seed=3)
    assert one.test_errors == [record.test_error for record in by_hand.history]
    wrong = by_hand.classify(DIGITS.train_images) != DIGITS.train_labels
    assert one.train_error == pytest.approx(100 * wrong.mean())
    assert one.train_error != one.test_error
    assert (one.parameters, one.rate) == (101_770, 0.001)
    assert told[0].startswith(f"perceptron, seed 3: {one.test_error:.2f} %; ")
    assert train_systems(DIGITS, (3,), tmp_path, OneMachine(1), told.append)["perceptron"] == [one]
    assert len(told) == 1
    fewer = replace(perceptron(), recipe=replace(perceptron().recipe, passes=1))
    monkeypatch.setattr("lenet98.reproduction.between.perceptron", lambda: fewer)
    (one,) = train_systems(DIGITS, (3,), tmp_path, OneMachine(1), told.append)["perceptron"]
    assert len(one.test_errors) == 1


def test_passes_to_an_error():
    one = a_climbed(3.0, 1.5, 1.6, 1.2)
    assert (one.passes_to(1.5), one.passes_to(1.3), one.passes_to(1.0)) == (2, 4, None)


def found_with(**errors):
    """All rungs at an error of 1 %, three seeds each, but for those of the numbers given."""
    rungs = {"up": ladder(), "paper": alone("1998"), "today": alone("today")}
    found = {
        rung.name: [a_climbed(2.0, e) for e in (0.9, 1.0, 1.1)]
        for some in rungs.values()
        for rung in some
    }
    found |= {name: [a_climbed()] for name in SYSTEMS}
    for key, error in errors.items():
        kind, number = key.split("_")
        found[rungs[kind][int(number)].name] = [a_climbed(2.0, error + d) for d in (-0.1, 0, 0.1)]
    return found


def test_ranges_that_share_nothing_are_apart():
    some = [a_climbed(0.9), a_climbed(1.1)]
    assert apart(some, [a_climbed(1.2), a_climbed(1.3)])
    assert apart([a_climbed(1.2), a_climbed(1.3)], some)
    assert not apart(some, [a_climbed(1.0), a_climbed(1.3)])
    assert not apart(some, [a_climbed(1.1)])


def test_the_way_is_told_by_what_is_beyond_the_range_of_seeds():
    text = says_of_the_way(found_with(up_3=2.0))
    up, down = steps()[2], steps()[3]
    assert f"less error with {down.what} ({down.now}), 2.00 to 1.00." in text
    assert f"More with {up.what} ({up.now}), 1.00 to 2.00." in text
    within = text.split("Within it: ")[1]
    assert within.count(";") == len(steps()) - 3


def test_seeds_that_learn_nothing_are_told():
    found = found_with()
    step = steps()[4]
    found[alone("1998")[4].name] = [a_climbed(e) for e in (0.8, 0.9, 90.2)]
    text = says_of_each(found, "1998")
    assert f"{step.what} ({step.now}), of which 1 of 3 seeds learned nothing" in text
    assert text.count("learned nothing") == 1


@pytest.mark.parametrize(("end", "kind"), [("1998", "paper"), ("today", "today")])
def test_each_choice_is_held_against_its_own_end(end, kind):
    step = steps()[4]
    word = step.now if end == "1998" else step.then
    text = says_of_each(found_with(**{f"{kind}_4": 0.5}), end)
    assert f"less error with {step.what} ({word}), 1.00 to 0.50." in text
    assert "More with nothing." in text


def test_the_tables_have_every_rung():
    found = found_with(up_1=1.3, paper_2=3.0, today_2=4.0)
    text = ladder_tables(found)
    step = steps()[0]
    assert (
        f"| 1 | {step.what}: {step.then} → {step.now} | 60,000 | 340,908 | 0.001 "
        "| 1.30 (1.20 to 1.40) | 0.25 (0.25 to 0.25) | 90 | 2 |"
    ) in text
    assert climbing_table(found).count("\n") == 2 + len(ladder())
    assert "| 3.00 (2.90 to 3.10) | 4.00 (3.90 to 4.10) |" in alone_table(found)
    assert text.count("beyond the range of the seeds") == 3


def test_a_first_look_has_no_table_of_single_choices():
    found = {rung.name: [a_climbed(1.6, 1.4)] for rung in ladder()}
    found |= {name: [a_climbed()] for name in SYSTEMS}
    text = ladder_tables(found)
    assert "| 1.40 | 0.25 | 90 | 2 |" in text
    assert "by itself" not in text
    # One seed has no range.
    assert "beyond the range" not in text
    assert "a first look, at one seed and a part of the training patterns" in text
    assert "first look" not in ladder_tables(found_with())


@pytest.mark.parametrize(
    ("seeds", "said"),
    [
        ([a_climbed(1.5, 1.0)], "1"),
        ([a_climbed(1.5), a_climbed(2.0, 1.4)], "1 to 2"),
        ([a_climbed(1.6)], "never"),
        ([a_climbed(1.5), a_climbed(1.6)], "1 or never"),
    ],
)
def test_passes_are_told(seeds, said):
    found = found_with() | {ladder()[-1].name: seeds}
    assert climbing_table(found).endswith(f"| {said} |\n")


def test_the_paper_s_end_is_the_first_rung():
    assert ladder()[0].choices == PAPER


def test_the_end_of_the_ladder_stands_among_the_systems():
    found = found_with(up_15=0.7)
    found["convnet"] = [a_climbed(2.0, 1.0, 0.6, parameters=93_322, seconds=100.0)]
    text = systems_table(found)
    assert "| `lookalike()` | 60,000 | 2 | 0.70 (0.60 to 0.80) | 0.25 (0.25 to 0.25) | 90 |" in text
    assert "| `convnet()` | 93,322 | 3 | 0.60 | 0.25 | 100 |" in text
    assert text in ladder_tables(found)
