import json
from dataclasses import asdict, replace
from types import SimpleNamespace

import numpy as np
import pytest
from pickled import Pickled

from lenet98 import LeNet5, TrainingConfig
from lenet98.data.noise import invert
from lenet98.data.patterns import grey_levels
from lenet98.data.strings import draw_strings
from lenet98.errors import DataError
from lenet98.network.choices import InitialWeights
from lenet98.network.tables import lenet5
from lenet98.questions import open_strings
from lenet98.questions.open_strings import answers, answers_table, misread, try_answers
from lenet98.questions.study import Bench
from lenet98.questions.trainings import Question, Trainings
from lenet98.reading.strings import read_strings
from lenet98.reproduction.data_sets import DataSet
from lenet98.reproduction.digit_strings import errors_of
from lenet98.reproduction.machines import OneMachine
from lenet98.reproduction.named_runs import STRINGS
from lenet98.training.recipe import ETA


@pytest.fixture
def few(digits, monkeypatch):
    """Twenty patterns, half of them held out, and three strings of those."""
    monkeypatch.setattr("lenet98.questions.validation.HELD_OUT", 10)
    monkeypatch.setattr(open_strings, "MANY", 3)
    return digits._replace(
        train_images=digits.train_images[:20], train_labels=digits.train_labels[:20]
    )


def differences(recipe, other):
    """Return what another recipe has otherwise."""
    here, there = asdict(recipe), asdict(other)
    here |= here.pop("flanked")
    there |= there.pop("flanked")
    return {name: value for name, value in there.items() if value != here[name]}


def test_every_answer_differs_from_the_named_run_in_one():
    first, rubbish, *others = answers()
    assert first == (first.name, STRINGS.recipe(), True)
    assert rubbish == (rubbish.name, STRINGS.recipe(), False)
    assert all(answer.blank for answer in others)
    assert {answer.name: differences(first.recipe, answer.recipe) for answer in others} == {
        "no blanks": {"blanks": 0},
        "half blanks": {"blanks": 0.5},
        "blank gaps up to 12 pixels": {"widest_blank": 12},
        "middles not shifted": {"shift": 0},
        "blanks in the middle of their gap": {"apart": 10},
        "neighbours always there": {"alone": 0},
        "rates of Sec. III-B": {"eta": ETA},
        "j 4": {"j": 4},
        "the default's start": {"initial": asdict(InitialWeights())},
        "start of 2/√F with random biases": {
            "initial": asdict(InitialWeights(2.0, 1 / 2, 0.25, random_biases=True))
        },
    }


def test_every_answer_is_trained_from_every_seed_without_the_held_out_patterns(few, tmp_path):
    told = []
    found = try_answers(few, tmp_path / "cells", Pickled(1), told.append, seeds=1)
    assert [*found] == [answer.name for answer in answers()]
    assert len(told) == len(found) == 12
    for (one,) in found.values():
        assert one.keys() == {"clean", "noisy", "alone"}
        assert all(0 <= error <= 100 for error in one.values())
    # Trained by hand, on what is not held out.
    own = few._replace(
        train_images=few.train_images[:10],
        train_labels=few.train_labels[:10],
        test_images=few.train_images[10:],
        test_labels=few.train_labels[10:],
    )
    for name, blank in (("as the named run", True), ("the blank is the rubbish class", False)):
        trainings = Trainings(own, tmp_path / "own", OneMachine(1), str, lenet5(blank=blank))
        recipe = STRINGS.recipe()
        assert (
            found[name]
            == trainings.after_training(Question("misread", misread), [recipe], 1)[recipe]
        )
    keys = [json.loads(path.read_text())["key"] for path in (tmp_path / "cells").iterdir()]
    assert {(key[0], key[-1]["seed"], key[-1]["passes"]) for key in keys} == {("misread", 1, 20)}


def after_training(digits, blank):
    """What a trained network is asked with; its j is far above what a class says to a blank."""
    network = LeNet5.pretrained("strings" if blank else "distorted")
    return SimpleNamespace(
        digits=digits,
        network=network,
        recipe=TrainingConfig(j=10.0, scale=0.25),
        test_penalties=lambda: network.penalties(digits.test_images),
    )


@pytest.mark.parametrize("blank", [True, False])
def test_strings_are_read_with_and_without_noise_and_characters_alone(digits, monkeypatch, blank):
    monkeypatch.setattr(open_strings, "MANY", 40)
    training = after_training(digits, blank)
    found = misread(training)
    rng = np.random.default_rng(7)
    images, labels = digits.test_images, digits.test_labels
    strings = draw_strings(images, labels, 4, (0, 4), 40, rng)
    patterns = grey_levels(strings.images)
    noisy = invert(patterns, 0.1, rng)
    for name, some in (("clean", patterns), ("noisy", noisy)):
        # Of eq. 9, j is the rubbish class's penalty times the scale.
        readings = read_strings(some, training.network, rubbish=10.0 / 0.25)
        expected, _ = errors_of([one.text for one in readings], strings.texts)
        assert found[name] == expected
    classes = training.network.penalties(images)[:, :10].argmin(axis=1)
    assert found["alone"] == pytest.approx(100 * (classes != labels).mean())
    assert found["alone"] < found["clean"] < found["noisy"]


def test_the_table_has_means_with_ranges_and_what_diverged():
    one = {"clean": 10.0, "noisy": 30.0, "alone": 1.0}
    two = {"clean": 12.0, "noisy": 36.0, "alone": 1.5}
    lines = answers_table({"a": [one, two], "b": [None, two], "c": [None, None]}).splitlines()
    assert lines[0].startswith("| answer | seeds | strings of 4 misread, % | with a tenth")
    assert lines[1:] == [
        "|---|---|---|---|---|",
        "| a | 2 | 11.00 (10.00 to 12.00) | 33.00 (30.00 to 36.00) | 1.25 (1.00 to 1.50) |",
        "| b | 1 | 12.00 | 36.00 | 1.50 |",
        "| c | 0 | diverged | diverged | diverged |",
    ]


@pytest.mark.filterwarnings("ignore:overflow")  # of the rates: eta is that absurd
def test_what_diverged_is_none_and_each_seed_is_trained(few, tmp_path):
    seeds, told = [], []

    def ask(training):
        seeds.append(training.recipe.seed)
        return len(training.history)

    well = TrainingConfig(passes=2)
    absurd = replace(well, eta=(1e38,), loss="mse")
    trainings = Trainings(few, tmp_path, OneMachine(1), told.append)
    found = trainings.after_training(Question("ask", ask), [well, absurd], 2)
    assert found == {well: [2, 2], absurd: [None, None]}
    assert seeds == [1, 2]
    assert trainings.after_training(Question("ask", ask), [well, absurd], 2) == found
    assert len(told) == 4

    def another(training):
        return "another"

    assert trainings.after_training(Question("another", another), [well], 1) == {well: ["another"]}


def test_strings_of_other_data_than_mnist_are_not_asked(few, tmp_path):
    bench = Bench("open-strings", tmp_path, load=lambda: DataSet("strokes", few), tell=str)
    with pytest.raises(DataError, match=r"open-strings .*it needs MNIST"):
        open_strings.open_strings(bench)


def test_the_study_trains_two_seeds_and_writes_the_table(few, tmp_path):
    bench = Bench("open-strings", tmp_path, load=lambda: DataSet("mnist", few), tell=str)
    table = open_strings.open_strings(bench)
    assert [line.split(" | ")[1] for line in table.splitlines()[2:]] == ["2"] * 12
    assert (tmp_path / "open-strings.md").read_text("utf-8") == table
    assert len([*(tmp_path / "open-strings").iterdir()]) == 24
