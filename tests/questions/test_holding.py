import numpy as np
import pytest

from lenet98 import LeNet5
from lenet98.data.noise import invert
from lenet98.data.patterns import as_patterns
from lenet98.paper.codes import digit_codes
from lenet98.paper.figures import fig13, fig25_and_26
from lenet98.questions.holding import F6_END, distance, hold
from lenet98.questions.recovery import set_recovered


@pytest.fixture(scope="module")
def others(digits):
    patterns = as_patterns(digits.test_images[:300], 32, np.float32)
    return invert(patterns, 0.1, np.random.default_rng(0))


def as_answered(network, known):
    """What would be shown if the figures were of this network."""
    answered = [network.states(one.pattern) for one in known]
    return [
        one._replace(
            c5=None if one.c5 is None else states["C5"][:, 0].T.astype(float),
            f6=states["F6"][:, 0].T.clip(-F6_END, F6_END).astype(float),
        )
        for one, states in zip(known, answered, strict=True)
    ]


def test_what_is_shown_are_18_states_of_c5_and_54_of_f6(known):
    assert sum(len(one.c5) for one in known if one.c5 is not None) == 18
    assert sum(len(one.f6) for one in known) == 54
    assert {one.f6.shape[1] for one in known} == {84}
    assert [one.pattern.shape[1] for one in known] == [32] * 9 + [64] * 5
    assert max(np.abs(one.f6).max() for one in known) == F6_END


def test_states_of_f6_belong_to_their_patterns(known):
    for one, label in zip(known[:9], fig13().labels, strict=True):
        assert ((digit_codes() - one.f6[0]) ** 2).sum(axis=1).argmin() == label
    for one, winners in zip(known[9:], fig25_and_26().winners, strict=True):
        nearest = ((digit_codes() - one.f6[:, None]) ** 2).sum(axis=2).argmin(axis=1)
        for slot, label in enumerate(winners):
            assert label in (".", str(nearest[slot]))


def test_distances_are_those_of_states_within_the_drawing(recovered, known):
    network = LeNet5(seed=1)
    set_recovered(network, recovered)
    same = as_answered(network, known)
    assert distance(network, same) == (0, 0)
    off = [one._replace(c5=None if one.c5 is None else one.c5 + 0.3, f6=one.f6) for one in same]
    assert distance(network, off) == (pytest.approx(0.3), 0)


def test_holding_brings_states_near_to_those_shown(recovered, known, others):
    network = LeNet5(seed=1)
    set_recovered(network, recovered)
    below = [network.view(name).weights.copy() for name in ("C1", "S2", "C3", "S4")]
    first = distance(network, known)
    hold(network, known, others)
    held = distance(network, known)
    # Ten per cent of what is missing may be left, by the damping.
    assert held[0] < 0.2 * first[0]
    assert held[1] < 0.3 * first[1]
    for name, before in zip(("C1", "S2", "C3", "S4"), below, strict=True):
        np.testing.assert_array_equal(network.view(name).weights, before)


def test_what_other_patterns_are_answered_changes_less_than_by_chance(recovered, known, others):
    network = LeNet5(seed=1)
    set_recovered(network, recovered)

    def answers(parameters, patterns):
        network.parameters[:] = parameters
        return np.stack([network.states(pattern)["C5"].ravel() for pattern in patterns])

    before = network.parameters.copy()
    hold(network, known, others)
    moved = network.parameters - before
    c5 = network.view("C5", of=moved).weights
    shuffled = moved.copy()
    flat = network.view("C5", of=shuffled).weights.reshape(120, -1)
    flat[:] = np.random.default_rng(1).permuted(flat, axis=1)
    assert np.abs(c5).max() > 0
    own, chance = (
        np.abs(answers(before + move, others[:50]) - answers(before, others[:50])).mean()
        for move in (moved, shuffled)
    )
    assert own < 0.7 * chance


def test_states_that_are_beyond_the_drawing_are_left_alone(recovered, known, others):
    network = LeNet5(seed=1)
    set_recovered(network, recovered)
    same = as_answered(network, known)
    before = network.parameters.copy()
    hold(network, same, others)
    assert np.abs(network.parameters - before).max() < 0.01
