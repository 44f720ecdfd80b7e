import numpy as np
import pytest

from lenet98 import LeNet5, lenet1, lenet4, lenet5
from lenet98.errors import PatternError
from lenet98.network.tables import TABLE_I, pairs_of

from reference import fprop

# Sec. II-B, as the authors' preprint adds up; 840 are the fixed centres.
PARAMETERS = {
    "C1": 156,
    "S2": 12,
    "C3": 1516,
    "S4": 32,
    "C5": 48120,
    "F6": 10164,
    "OUTPUT": 840,
}
CONNECTIONS = {
    "C1": 122304,
    "S2": 5880,
    "C3": 151600,
    "S4": 2000,
    "C5": 48120,
    "F6": 10164,
    "OUTPUT": 840,
}


def test_parameters_are_those_of_the_paper():
    assert {layer.name: layer.parameters for layer in lenet5().layers} == PARAMETERS
    assert lenet5().trainable == 60_000


def test_connections_are_those_of_the_paper():
    assert {layer.name: layer.connections for layer in lenet5().layers} == CONNECTIONS
    assert lenet5().connections == 340_908


def test_parameters_counted_again_in_the_views_of_a_gradient(network, patterns):
    gradient = network.gradient(patterns[0], 3)
    sizes = {}
    for layer in network.architecture.layers:
        weights, bias = network.view(layer.name, of=gradient)
        sizes[layer.name] = weights.size + bias.size
    assert sizes == PARAMETERS


def test_every_trainable_parameter_has_a_gradient_of_its_own(network, patterns):
    gradient = sum(network.gradient(pattern, 3) for pattern in patterns)
    assert np.count_nonzero(gradient) == 60_000


def test_connections_counted_again_as_terms_of_a_naive_forward_pass(network, patterns):
    _, _, terms = fprop(network, patterns[0])
    assert terms == CONNECTIONS


def test_table_i_is_the_papers():
    threes = ["012", "123", "234", "345", "045", "015"]
    fours = ["0123", "1234", "2345", "0345", "0145", "0125", "0134", "1245", "0235"]
    sources = [*threes, *fours, "012345"]
    expected = tuple((int(s), target) for target, maps in enumerate(sources) for s in maps)
    assert pairs_of(TABLE_I) == expected
    assert lenet5().layer("C3").pairs == expected


def test_absent_connections_of_c3_have_no_weight():
    assert LeNet5().view("C3").weights.shape == (60, 5, 5)


def test_sizes_are_those_of_fig_2():
    sizes = [(layer.maps, layer.height, layer.width) for layer in lenet5().layers]
    assert sizes == [
        (6, 28, 28),
        (6, 14, 14),
        (16, 10, 10),
        (16, 5, 5),
        (120, 1, 1),
        (84, 1, 1),
        (10, 1, 1),
    ]


def test_sizes_of_a_wider_input_are_those_of_fig_25():
    sizes = [(layer.height, layer.width) for layer in lenet5(64).layers]
    assert sizes == [(28, 60), (14, 30), (10, 26), (5, 13), (1, 9), (1, 9), (1, 9)]
    assert lenet5(64).trainable == 60_000


def test_lenet1_has_the_counts_of_1990_and_those_of_the_paper():
    # LeCun et al., NIPS 2: 98,442 connections and 2,578 parameters, targets not counted.
    lenet = lenet1()
    assert lenet.trainable == 2578
    assert lenet.connections - lenet.layer("OUTPUT").connections == 98_442
    assert lenet.trainable == pytest.approx(2600, rel=0.02)  # "about 2,600"
    assert lenet.connections == pytest.approx(100_000, rel=0.02)  # "about 100,000"


def test_lenet4_has_about_the_counts_of_the_paper():
    # Two digits are given: 260,000 and 17,000.
    assert lenet4().connections == pytest.approx(260_000, rel=0.02)
    assert lenet4().trainable == pytest.approx(17_000, rel=0.02)
    assert lenet4().layer("S2").pairs == tuple((target // 2, target) for target in range(8))


def test_a_layer_that_is_not_there_is_named():
    with pytest.raises(KeyError, match="C7.*its layers are C1, S2"):
        lenet5().layer("C7")


def test_an_input_too_small_is_refused():
    with pytest.raises(PatternError, match="31"):
        lenet5(31)
