import numpy as np
import pytest

from lenet98 import LeNet5
from lenet98.paper.codes import digit_codes
from lenet98.paper.figures import fig13, fig25_and_26
from lenet98.questions.network_1998 import F6_END, distance, hold, set_recovered, shown
from lenet98.questions.recovery import LAYERS, printed_drawings, recover


@pytest.fixture(scope="module")
def known():
    return shown()


@pytest.fixture(scope="module")
def recovered():
    return recover(printed_drawings())


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


@pytest.mark.parametrize("blank", [False, True])
def test_a_network_answers_as_the_recovered_layers_do(recovered, known, blank):
    network = LeNet5(seed=1, blank=blank)
    before = network.view("C5").weights.copy()
    set_recovered(network, recovered)
    states, expected = network.states(known[0].pattern), recovered.states(known[0].pattern)
    for name in LAYERS:
        np.testing.assert_allclose(states[name], expected[name], atol=1e-3)
    np.testing.assert_array_equal(network.view("C5").weights, before)


def test_holding_brings_states_to_those_shown_and_changes_nothing_below(recovered, known):
    network = LeNet5(seed=1)
    set_recovered(network, recovered)
    below = network.view("S4").weights.copy()
    first = distance(network, known)
    hold(network, known)
    held = distance(network, known)
    assert held[0] < 0.1 < 1 < first[0]
    assert held[1] < 0.2 < 0.5 < first[1]
    np.testing.assert_array_equal(network.view("S4").weights, below)
    # What is answered as shown stays as it is.
    parameters = network.parameters.copy()
    hold(network, known)
    assert np.abs(network.parameters - parameters).max() < 0.1 * np.abs(parameters).max()
