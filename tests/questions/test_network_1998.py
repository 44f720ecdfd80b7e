import numpy as np
import pytest

from lenet98 import LeNet5, lenet5
from lenet98.data.digits import Digits
from lenet98.paper.codes import digit_codes
from lenet98.paper.figures import fig13, fig25_and_26
from lenet98.questions import network_1998
from lenet98.questions.network_1998 import (
    F6_END,
    Trained,
    distance,
    read_trained,
    set_recovered,
    shown,
    train_ways,
    ways,
    ways_table,
    what_it_is,
    write_trained,
)
from lenet98.questions.recovery import GREYS_A_STATE, LAYERS, printed_drawings, recover


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


def test_distances_are_those_of_states_within_the_drawing(recovered, known):
    network = LeNet5(seed=1)
    set_recovered(network, recovered)
    answered = [network.states(one.pattern) for one in known]
    same = [
        one._replace(
            c5=None if one.c5 is None else states["C5"][:, 0].T.astype(float),
            f6=states["F6"][:, 0].T.clip(-F6_END, F6_END).astype(float),
        )
        for one, states in zip(known, answered, strict=True)
    ]
    assert distance(network, same) == (0, 0)
    off = [one._replace(c5=None if one.c5 is None else one.c5 + 0.3, f6=one.f6) for one in same]
    assert distance(network, off) == (pytest.approx(0.3), 0)


def test_every_way_leaves_the_recovered_layers_as_they_are(digits, recovered, known, tmp_path):
    few = Digits(*(part[:60] for part in digits))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network_1998, "SEEDS", 1)
        found = train_ways(few, tmp_path, 1, lambda _: None)
    assert [*found] == ["patterns", "noise", "strings"]
    for name, (left,) in found.items():
        network = LeNet5.load(tmp_path / f"{name}-1.npz")
        states, expected = network.states(known[3].pattern), recovered.states(known[3].pattern)
        for layer in LAYERS:
            np.testing.assert_allclose(states[layer], expected[layer], atol=1e-3)
        assert left == what_it_is(network, few, known)
        assert network.architecture == lenet5(blank=name == "strings")
    recipes = {way.name: way.recipe for way in ways()}
    assert [recipe.noise for recipe in recipes.values()] == [0, 0.1, 0.1]
    assert [recipe.flanked is None for recipe in recipes.values()] == [True, True, False]


def test_what_was_trained_survives_a_file_and_is_told(tmp_path):
    found = {"noise": [Trained(1.25, 9, 3, 1.1, 0.5), Trained(1.35, 8, 2, 1.3, 0.7)]}
    write_trained(tmp_path / "1998.json", found)
    assert read_trained(tmp_path / "1998.json") == found
    assert "| noise | 2 | 1.30 (1.25 to 1.35) | 8.50 (8.00 to 9.00) |" in ways_table(found)


def test_the_shipped_network_of_1998_answers_as_the_figures_do(known, recovered):
    network = LeNet5.pretrained("1998")
    panels = np.stack([one.pattern for one in known[:9]])
    assert network.classify(panels).tolist() == list(fig13().labels)
    missed = []
    for drawing in printed_drawings()[:9]:
        states = network.states(drawing.pattern.astype(np.float32))
        for name in LAYERS:
            drawn = (drawing.maps[name] - 127.5) / GREYS_A_STATE
            missed.append((GREYS_A_STATE * (states[name] - drawn)).ravel())
    # A shuffled input is tens of greys off.
    assert np.sqrt(np.mean(np.concatenate(missed) ** 2)) < 3
