from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from lenet98 import LeNet5, Network, Row, build, lenet1, lenet4, lenet5
from lenet98.errors import ConfigurationError, PatternError
from lenet98.network.tables import TABLE_I, multilayer, pairs_of
from lenet98.paper.codes import place_codes

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


def test_complete_lenet4_has_the_links_that_the_connections_ask_for():
    described = lenet4(complete=True)
    assert described.connections == pytest.approx(260_000, rel=0.02)
    assert described.layer("C5").complete
    # Sec. III-C.8 says 17,000, which the 120 units alone exceed.
    assert described.layer("C5").parameters == 120 * (16 * 25 + 1)
    links = described.layer("C3").pairs
    assert len(set(links)) == 48
    assert Counter(target for _, target in links) == dict.fromkeys(range(16), 3)
    assert Counter(source for source, _ in links) == dict.fromkeys(range(8), 6)
    sources = [frozenset(s for s, target in links if target == map_) for map_ in range(16)]
    assert len(set(sources)) == 16


def test_a_layer_that_is_not_there_is_named():
    with pytest.raises(KeyError, match="C7.*its layers are C1, S2"):
        lenet5().layer("C7")


def test_numbers_of_numpy_make_the_same_table():
    given = [
        replace(
            row,
            maps=np.int64(row.maps),
            field=np.int8(row.field),
            pairs=row.pairs and np.array(row.pairs),
        )
        for row in lenet5().rows
    ]
    made = build("LeNet-5", given, np.int64(32), np.int64(32))
    assert made == lenet5()
    assert made.widened(64) == lenet5(64)
    assert repr([*made.rows, *made.layers]) == repr([*lenet5().rows, *lenet5().layers])


def test_a_table_keeps_its_own_centres_and_leaves_those_given_alone():
    centres = place_codes(10).astype(np.float32)
    table = build("own", [C1, F2, replace(OUTPUT, centres=centres)], 28, 28)
    network, before = Network(table), table.fingerprint
    centres[:] = 7
    assert (table.widened(30).centres == place_codes(10)).all()
    assert (network.view("OUTPUT").weights == place_codes(10)).all()
    assert build("own", table.rows, 28, 28).fingerprint == before


def test_a_table_is_named_in_a_line():
    assert repr(lenet5()) == "<LeNet-5: 32x32 pixels, 60,000 trainable parameters>"


@pytest.mark.parametrize("size", [(28.0, 28), (28, "28"), (28, 0)])
def test_a_size_that_is_no_whole_number_is_refused(size):
    with pytest.raises(ConfigurationError, match="is .*; expected a whole number, 1 or more"):
        build("own", [C1, F2, OUTPUT], *size)


def test_an_input_too_small_is_refused():
    with pytest.raises(PatternError, match="31"):
        lenet5(31)


CENTRES = place_codes(10)
OUTPUT = Row("OUTPUT", "rbf", maps=10, centres=CENTRES)
C1, F2 = Row("C1", "convolution", maps=3, field=3), Row("F2", "full", maps=10, field=26)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "some layers of units, and one RBF layer at the end"),
        ([OUTPUT], "one RBF layer at the end"),
        ([C1, F2], "one RBF layer at the end"),
        ([OUTPUT, F2, OUTPUT], "one RBF layer at the end"),
        ([C1, replace(F2, name="C1"), OUTPUT], "each once"),
        ([replace(C1, kind="pooling"), F2, OUTPUT], "C1: kind is 'pooling'"),
        ([replace(C1, maps=0), F2, OUTPUT], "C1: maps is 0; expected 1 or more"),
        ([replace(C1, field=2.5), F2, OUTPUT], "C1: field is 2.5"),
        ([replace(C1, field=8), F2, OUTPUT], "C1: field is 8; expected 1 to 7"),
        ([replace(C1, field=29), F2, OUTPUT], "no more than the maps below, 28 x 28"),
        ([C1, replace(F2, field=25), OUTPUT], "F2: field is 25; expected 26, all rows below"),
        ([C1, replace(F2, pairs=((0, 0),)), OUTPUT], "it sees all maps below"),
        ([Row("S1", "subsampling", 1, 3), F2, OUTPUT], "S1: field is 3; expected 2"),
        ([Row("S1", "subsampling", 2, 2), F2, OUTPUT], r"S1: a pair is \(1, 1\)"),
        ([Row("S1", "subsampling", 1, 2, ()), F2, OUTPUT], "maps below each map is .*at least one"),
        ([replace(C1, pairs=((0, 0), (0, 1), (1, 2))), F2, OUTPUT], r"a pair is \(1, 2\)"),
        ([replace(C1, pairs=((0, 0), (0, 1), (0, 3))), F2, OUTPUT], r"a pair is \(0, 3\)"),
        ([replace(C1, pairs=((0, 0), (0, 1), (0, 1))), F2, OUTPUT], "each pair once"),
        ([replace(C1, pairs=((0, 0), (0, 1))), F2, OUTPUT], r"\[1, 1, 0\]; expected at least one"),
        ([C1, F2, replace(OUTPUT, centres=None)], "shape of the centres"),
        ([C1, F2, replace(OUTPUT, centres=CENTRES[:, :9])], r"\(10, 9\); expected \(10, 10\)"),
        ([C1, F2, replace(OUTPUT, centres=np.full((10, 10), np.nan))], "finite numbers"),
        ([C1, OUTPUT], "OUTPUT: field is 1; expected 26"),
    ],
)
def test_a_table_that_the_kernels_do_not_compute_is_refused(rows, said):
    with pytest.raises(ConfigurationError, match=f"odd.*{said}"):
        build("odd", rows, 28, 28)


def test_one_layer_below_the_output_is_enough():
    linear = build("28x28-10", [replace(F2, field=28), OUTPUT], 28, 28)
    assert (linear.trainable, len(linear.layers)) == (7850, 2)


def test_a_map_with_two_sources_cannot_be_subsampled():
    pairs = ((0, 0), (1, 1), (2, 2), (0, 2))
    with pytest.raises(ConfigurationError, match=r"\[1, 1, 2\]; expected one"):
        build("odd", [C1, Row("S2", "subsampling", 3, 2, pairs), OUTPUT], 28, 28)


def test_pairs_are_put_in_the_order_of_the_to_maps():
    backwards = ((2, 1), (0, 1), (1, 0))
    rows = [C1, Row("C2", "convolution", 2, 3, backwards), Row("F3", "full", 10, 24), OUTPUT]
    assert build("odd", rows, 28, 28).layer("C2").pairs == ((1, 0), (0, 1), (2, 1))


def test_one_hidden_layer_has_the_parameters_of_a_matrix_and_its_biases():
    assert multilayer(300).trainable == 784 * 300 + 300 + 300 * 10 + 10
    assert multilayer(300, 100).trainable == 784 * 300 + 300 + 300 * 100 + 100 + 100 * 10 + 10
    assert multilayer(300, 100).name == "28x28-300-100-10"
    assert multilayer(300, size=20).trainable == 400 * 300 + 300 + 300 * 10 + 10
    assert multilayer(300, size=20).name == "20x20-300-10"
    assert multilayer(size=20).trainable == 400 * 10 + 10
    with pytest.raises(ConfigurationError, match="maps is 0"):
        multilayer(0)
    with pytest.raises(ConfigurationError, match="height is 0; expected a whole number"):
        multilayer(300, size=0)


# LeCun et al., NIPS 2 (1990): maps of S2, from 1, into each of the twelve maps of C3.
LINKS_OF_1990 = "1 12 12 2 12 12 3 34 34 4 34 34"


def test_lenet1_has_the_links_of_1990():
    expected = tuple(
        (int(source) - 1, target)
        for target, sources in enumerate(LINKS_OF_1990.split())
        for source in sources
    )
    assert lenet1().layer("C3").pairs == expected


def test_lenet4_has_contiguous_triples_fours_and_one_map_of_all():
    sources = [[] for _ in range(16)]
    for source, target in lenet4().layer("C3").pairs:
        sources[target].append(source)
    rings = [
        [sorted((start + k) % 8 for k in range(many)) for start in range(8)] for many in (3, 4)
    ]
    assert sources == [*rings[0], *rings[1][:7], list(range(8))]
