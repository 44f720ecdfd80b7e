"""What keys and buttons do."""

import numpy as np
import pytest

from lenet98.data.changes import Change, changed
from lenet98.network.network import LeNet5
from lenet98.plots.live.desk import SEED, Desk, actions, told

NETWORKS = {"plain": LeNet5(seed=1), "noise": LeNet5(seed=2)}


@pytest.fixture
def desk():
    desk = Desk(NETWORKS, "plain")
    desk.paper.begin((40, 40))
    desk.paper.draw_to((120, 150))
    return desk


def press(desk, *keys):
    by_key = {action.key: action for action in actions(desk.networks)}
    for key in keys:
        by_key[key].do(desk)


def test_the_chosen_network_answers_to_the_changed_digit(desk):
    desk.change = Change(degrees=30, noise=0.1)
    pattern = changed(desk.paper.pattern(), desk.change, np.random.default_rng(SEED))
    for name, network in NETWORKS.items():
        desk.chosen = name
        for layer, states in network.states(pattern).items():
            np.testing.assert_array_equal(desk.response()[layer], states)


def test_noise_stands_still(desk):
    press(desk, "n", "n")
    np.testing.assert_array_equal(desk.response()["input"], desk.response()["input"])


@pytest.mark.parametrize(
    ("keys", "change"),
    [
        (["n", "n", "m"], Change(noise=0.05)),
        (["m"], Change()),
        (["n"] * 20, Change(noise=0.5)),
        (["left", "left", "up"], Change(right=-2, down=-1)),
        (["right", "down", "down"], Change(right=1, down=2)),
        (["right"] * 40, Change(right=16)),
        (["+", "+"], Change(scale=1.2)),
        (["-"] * 40, Change(scale=0.3)),
        (["-", "-", "-", "+", "+", "+"], Change()),
        (["t", "t", "r"], Change(degrees=5)),
        (["r", "n", "+", "left", "0"], Change()),
    ],
)
def test_each_key_alters_one_amount_by_a_step_and_up_to_a_limit(desk, keys, change):
    press(desk, *keys)
    assert desk.change == change
    assert desk.paper.strokes


def test_the_numbers_choose_among_the_networks(desk):
    press(desk, "2")
    assert desk.chosen == "noise"
    press(desk, "1")
    assert desk.chosen == "plain"


def test_clear_and_undo_are_of_the_paper_and_leave_the_change(desk):
    desk.paper.begin((10, 10))
    press(desk, "t", "u")
    assert len(desk.paper.strokes) == 1
    press(desk, "c")
    assert desk.paper.strokes == []
    assert desk.change.degrees == 5


def test_every_key_and_every_label_is_there_once():
    all_of_them = actions(dict.fromkeys("abc", NETWORKS["plain"]))
    assert len(all_of_them) == 16
    for names in zip(*all_of_them, strict=True):
        some = [name for name in names if name]
        assert len(set(some)) == len(some)


def test_what_is_done_to_the_digit_is_told():
    assert told(Change()) == "as drawn"
    change = Change(scale=1.2, degrees=-5.0, right=-2.0, down=3.0, noise=0.1)
    assert told(change) == "× 1.2,  −5°,  ← 2,  ↓ 3,  10% inverted"
    assert told(Change(right=4, down=-1, degrees=10)) == "+10°,  → 4,  ↑ 1"
