import numpy as np
import pytest
from pickled import Pickled

from lenet98 import LeNet5, lenet5
from lenet98.data.digits import Digits
from lenet98.paper.figures import fig13
from lenet98.questions import network_1998
from lenet98.questions.network_1998 import (
    Trained,
    train_ways,
    ways,
    ways_table,
    what_it_is,
)
from lenet98.questions.recovery import GREYS_A_STATE, LAYERS, set_recovered


@pytest.mark.parametrize("blank", [False, True])
def test_a_network_answers_as_the_recovered_layers_do(recovered, known, blank):
    network = LeNet5(seed=1, blank=blank)
    before = network.view("C5").weights.copy()
    set_recovered(network, recovered)
    states, expected = network.states(known[0].pattern), recovered.states(known[0].pattern)
    for name in LAYERS:
        np.testing.assert_allclose(states[name], expected[name], atol=1e-3)
    np.testing.assert_array_equal(network.view("C5").weights, before)


def test_every_way_leaves_the_recovered_layers_as_they_are(digits, recovered, known, tmp_path):
    few = Digits(*(part[:60] for part in digits))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network_1998, "SEEDS", 1)
        found = train_ways(few, tmp_path, Pickled(1), lambda _: None)
    assert [*found] == ["patterns", "noise", "strings", "strings, states held"]
    for name, (left,) in found.items():
        network = LeNet5.load(tmp_path / f"{name}-1.npz")
        states, expected = network.states(known[3].pattern), recovered.states(known[3].pattern)
        for layer in LAYERS:
            np.testing.assert_allclose(states[layer], expected[layer], atol=1e-3)
        assert left == what_it_is(network, few, known)
        assert network.architecture == lenet5(blank="strings" in name)
    recipes = {way.name: way.recipe for way in ways()}
    assert [recipe.noise for recipe in recipes.values()] == [0, 0.1, 0.1, 0.1]
    assert [recipe.flanked is None for recipe in recipes.values()] == [True, True, False, False]
    held, free = found["strings, states held"][0], found["strings"][0]
    assert held.c5 < 0.5 * free.c5
    assert held.f6 < 0.7 * free.f6


def test_what_was_trained_is_told():
    found = {"noise": [Trained(1.25, 9, 3, 1.1, 0.5), Trained(1.35, 8, 2, 1.3, 0.7)]}
    assert "| noise | 2 | 1.30 (1.25 to 1.35) | 8.50 (8.00 to 9.00) |" in ways_table(found)


def test_the_shipped_network_of_1998_answers_as_the_figures_do(known, printed):
    network = LeNet5.pretrained("1998")
    panels = np.stack([one.pattern for one in known[:9]])
    assert network.classify(panels).tolist() == list(fig13().labels)
    missed = []
    for drawing in printed[:9]:
        states = network.states(drawing.pattern.astype(np.float32))
        for name in LAYERS:
            drawn = (drawing.maps[name] - 127.5) / GREYS_A_STATE
            missed.append((GREYS_A_STATE * (states[name] - drawn)).ravel())
    # A shuffled input is tens of greys off.
    assert np.sqrt(np.mean(np.concatenate(missed) ** 2)) < 3
