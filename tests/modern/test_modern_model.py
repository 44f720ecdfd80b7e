"""Tables: their counts, their shapes, their summary, how their weights start."""

import re

import numpy as np
import pytest

from lenet98.errors import ConfigurationError
from lenet98.modern import (
    Activation,
    Adam,
    AveragePooling,
    Convolution,
    Dropout,
    Full,
    MaxPooling,
    Model,
    Rbf,
    RMSprop,
    Softmax,
    Subsampling,
    convnet,
    lookalike,
    perceptron,
)
from lenet98.modern.initial import bound_of
from lenet98.network.choices import InitialWeights
from lenet98.network.tables import TABLE_I, pairs_of


def counts(model):
    return [layer.parameters for layer in model.layers if layer.parameters]


def test_the_look_alike_of_the_tutorials():
    model = lookalike()
    assert counts(model) == [156, 2_416, 48_120, 10_164, 850]
    assert model.parameters == 61_706
    assert [layer.shape.maps for layer in model.layers if layer.parameters] == [6, 16, 120, 84, 10]


def test_with_a_first_convolution_that_keeps_the_size_it_is_as_large():
    model = lookalike("same")
    assert model.input == (1, 28, 28)
    assert model.layers[0].shape == (6, 28, 28)
    assert counts(model) == counts(lookalike())


def test_the_convnet_of_3x3_kernels():
    model = convnet()
    assert counts(model) == [320, 18_496, 36_928, 36_928, 650]
    assert model.parameters == 93_322
    assert [layer.shape for layer in model.layers[:8:3]] == [(32, 26, 26), (64, 11, 11), (64, 3, 3)]


def test_the_perceptron_of_two_layers():
    assert counts(perceptron()) == [784 * 128 + 128, 128 * 10 + 10]


@pytest.mark.parametrize(
    ("model", "optimiser", "passes", "shares"),
    [
        (lookalike(), Adam(rate=0.001), 10, [1, 1, 1, 1, 1, 1, 1, 1, 0.3, 0.1]),
        (lookalike("same"), Adam(rate=0.001), 10, [1, 1, 1, 1, 1, 1, 1, 1, 0.3, 0.1]),
        (convnet(), RMSprop(rate=0.001), 5, [1, 1, 1, 0.3, 0.1]),
        (perceptron(), Adam(rate=0.001), 5, [1, 1, 1, 1, 1]),
    ],
)
def test_the_recipe_of_each_system(model, optimiser, passes, shares):
    recipe = model.recipe
    assert (recipe.optimiser, recipe.passes, recipe.batch) == (optimiser, passes, 64)
    assert [recipe.share_of(number) for number in range(1, passes + 1)] == shares


@pytest.mark.parametrize("model", [lookalike(), convnet(), perceptron()], ids=lambda m: m.name)
def test_connections_are_the_uses_of_weights_and_biases(model):
    expected = 0
    for layer in model.layers:
        own = layer.view(np.ones(model.parameters))
        expected += layer.shape.height * layer.shape.width * (own.weights.size + own.biases.size)
    assert model.connections == expected


def test_the_summary_has_a_line_for_each_row_and_the_counts_below():
    model = convnet()
    name, head, given, *lines, total = str(model).splitlines()
    assert name == model.name
    assert head.split() == ["layer", "output", "parameters"]
    assert given.split() == ["input", "1", "@", "28x28", "0"]
    assert len(lines) == len(model.rows)
    for line, layer in zip(lines, model.layers, strict=True):
        assert line.startswith(str(layer.row))
        assert line.endswith(f" {layer.parameters:,}")
        assert f"  {layer.shape}  " in line
    assert len({len(line) for line in [head, given, *lines]}) == 1
    assert total.startswith("93,322 parameters, ")
    assert "93,322" in model._repr_html_()


def test_what_rows_are_called():
    rows = [
        Convolution(6, field=5, stride=2, padding=1),
        Convolution(6, field=3, padding="same", pairs=[(0, 0), (1, 0)]),
        MaxPooling(3, stride=2),
        AveragePooling(2),
        Subsampling(),
        Activation("squash"),
        Dropout(0.25),
        Rbf(loss="mse"),
        Rbf(),
    ]
    assert [*map(str, rows)] == [
        "convolution 5x5, stride 2, padding 1",
        "convolution 3x3, padding same, 2 pairs",
        "max-pooling 3x3, stride 2",
        "average pooling 2x2",
        "subsampling 2x2",
        "squashing function",
        "dropout 0.25",
        "RBF, eq. 8",
        "RBF, eq. 9",
    ]


def test_views_of_the_layers_are_the_whole_vector():
    model = lookalike()
    vector = np.zeros(model.parameters)
    for number, layer in enumerate(model.layers, start=1):
        for part in layer.view(vector):
            part[...] += number
    assert (np.diff(vector) >= 0).all()
    assert vector.min() > 0


def test_l2_is_of_the_weights_of_full_layers_alone():
    model = lookalike()
    decay = model.decay()
    for layer in model.layers:
        own = layer.view(decay)
        assert (own.weights == (0.001 if isinstance(layer.row, Full) else 0)).all()
        assert (own.biases == 0).all()


def started(start, rows, **sizes):
    model = Model("a table", rows, **sizes)
    vector = model.start(start, np.random.default_rng(0))
    return [layer.view(vector) for layer in model.layers]


def fills(weights, bound):
    """Whether many weights are uniform within a bound."""
    weights = weights.ravel()
    thirds = np.histogram(weights, 3, (-bound, bound))[0] / weights.size
    return bool(np.abs(weights).max() <= bound and np.abs(thirds - 1 / 3).max() < 0.1)


@pytest.mark.parametrize(("start", "power"), [("he", 6 / 400), ("glorot", 6 / (400 + 120))])
def test_weights_start_uniform_within_the_bound_of_their_fan(start, power):
    full, _ = started(start, [Full(120), Softmax()], height=20, width=20)
    assert fills(full.weights, power**0.5)
    assert (full.biases == 0).all()
    layer, _ = started("glorot", [Convolution(16, field=5), Softmax()], height=9, width=9, maps=6)
    assert fills(layer.weights, (6 / (6 * 25 + 16 * 25)) ** 0.5)


def test_with_table_1_each_map_has_its_own_fan_in():
    pairs, initial = pairs_of(TABLE_I), InitialWeights(bound=2.4, power=1.0)
    rows = [Convolution(16, field=5, pairs=pairs), Softmax()]
    layer, _ = started(initial, rows, height=14, width=14, maps=6)
    for target in range(16):
        own = layer.weights[[pair[1] == target for pair in pairs]]
        # Of 75 weights or more, one comes near the bound.
        assert 0.9 < np.abs(own).max() * 25 * len(own) / 2.4 <= 1, target


def test_what_the_paper_leaves_open_starts_as_it_says():
    initial = InitialWeights(coefficient=0.2, random_biases=True, bound=3.0, full_bound=1.0)
    rows = [Subsampling(2), Convolution(40, field=2), Full(50), Softmax()]
    pooled, convolution, full, _ = started(initial, rows, height=8, width=8, maps=20)
    np.testing.assert_allclose(pooled.weights, 0.8)
    assert fills(convolution.weights, 3 / 80**0.5)
    assert fills(full.weights, 1 / (40 * 9) ** 0.5)
    for own in (pooled, convolution, full):
        assert np.abs(own.biases).min() > 0
    (coefficient, _, _) = started("glorot", [Subsampling(2), Full(3), Softmax()], height=4, width=4)
    assert coefficient.weights.tolist() == [1.0]


def test_c5_is_full_to_the_start():
    initial = InitialWeights(full_bound=1.0)
    assert bound_of(initial, 400, 0, 1) == 1 / 20
    assert bound_of(initial, 400, 0, 2) == 1.5 / 20


def test_one_start_a_seed():
    first, again, other = (
        lookalike().start("he", np.random.default_rng(seed)) for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).mean() > 0.9


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "one output, such as Softmax(), at the end"),
        ([Full(10)], "one output, such as Softmax(), at the end"),
        ([Softmax(), Full(10)], "one output, such as Softmax(), at the end"),
        ([Full(10), Softmax(), Softmax()], "one output, such as Softmax(), at the end"),
        ([10, Softmax()], "rows, such as Convolution"),
        ([Full(0), Softmax()], "units is 0"),
        ([Full(2.5), Softmax()], "units is 2.5"),
        ([Full(10, l2=-1), Softmax()], "l2 is -1"),
        ([Full(10, l2=np.inf), Softmax()], "l2 is inf"),
        ([Convolution(1, field=3, pairs=[[0, 0]]), Softmax()], "each once and some to each map"),
        ([Convolution(1, field=3, pairs=[(0.0, 0)]), Softmax()], "each once and some to each map"),
        ([Dropout("a"), Softmax()], "rate is 'a'"),
        ([Full(2), Rbf([[np.nan, 1], [0, 0]])], "finite numbers"),
        ([Full(2), Rbf("codes")], "(classes, 2)"),
        ([Convolution(0, field=3), Softmax()], "maps is 0"),
        ([Convolution(4, field=0), Softmax()], "field is 0"),
        ([Convolution(4, field=9), Softmax()], "field is 9; expected no more than the maps' 8"),
        ([Convolution(4, field=3, stride=0), Softmax()], "stride is 0"),
        ([Convolution(4, field=3, padding="all"), Softmax()], "padding is 'all'"),
        ([Convolution(2, field=3, pairs=[(0, 0)]), Softmax()], "some to each map"),
        ([Convolution(1, field=3, pairs=[(0, 0), (0, 0)]), Softmax()], "each once"),
        ([Convolution(1, field=3, pairs=[(1, 0)]), Softmax()], "of 1 maps below and 1 maps"),
        ([MaxPooling(9), Softmax()], "no more than the maps' 8"),
        ([MaxPooling(2, stride=0), Softmax()], "stride is 0"),
        ([Activation("sine"), Softmax()], "function is 'sine'; expected one of relu"),
        ([Dropout(1.0), Softmax()], "rate is 1.0"),
        ([Full(10), Rbf()], "(classes, 10)"),
        ([Full(84), Rbf(loss="l1")], "loss is 'l1'"),
        ([Full(84), Rbf(j=0)], "j is 0"),
    ],
)
def test_what_is_no_table_is_refused_in_a_line(rows, said):
    with pytest.raises(ConfigurationError, match=re.escape(said)) as raised:
        Model("a table", rows, 8, 8)
    assert "\n" not in str(raised.value)


def test_centres_may_be_a_list_and_pairs_numbers_of_numpy():
    listed = Model("a table", [Full(2), Rbf([[1, 1], [-1, 1]])], 8, 8)
    assert (listed.classes, listed.connections) == (2, 65 * 2 + 4)
    some = [Convolution(1, field=3, pairs=[(np.int64(0), np.int64(0))]), Full(2), Softmax()]
    assert Model("a table", some, 8, 8).layers[0].parameters == 10


def test_rows_may_come_one_by_one():
    given = [Full(10), Softmax()]
    model = Model("a table", iter(given), 8, 8)
    assert model.rows == tuple(given)
    assert model.parameters == 650


@pytest.mark.parametrize("sizes", [{"height": 0}, {"width": 2.5}, {"maps": -1}])
def test_an_input_without_size_is_refused(sizes):
    with pytest.raises(ConfigurationError, match=next(iter(sizes))):
        Model("a table", [Softmax()], **{"height": 8, "width": 8} | sizes)


def test_an_unknown_padding_of_the_look_alike():
    with pytest.raises(ConfigurationError, match="'valid' or 'same'"):
        lookalike(2)
