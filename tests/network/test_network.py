import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest

import lenet98
from lenet98 import LeNet5, Row, lenet1, lenet4, lenet5
from lenet98.data.patterns import as_patterns
from lenet98.errors import ConfigurationError, DataError, PatternError, WeightsError
from lenet98.network.architecture import build
from lenet98.network.choices import InitialWeights
from lenet98.network.kernels import LANES
from lenet98.network.network import Network
from lenet98.network.tables import multilayer
from lenet98.network.weights import FORMAT, shipped, shipped_file
from lenet98.storage.archive import HEADER_BYTES, write_archive

import reference

LOSSES = [
    {"loss": "mse"},
    {"loss": "mse", "scale": 0.5},
    {"loss": "map", "j": 4.0, "scale": 0.5},
    {"loss": "map", "j": 60.0, "scale": 1.0},  # so large that the classes compete
]


def some_of_each_layer(network, rng, many=25):
    """Indices into the flat vector: the first and last and some others of weights and biases."""
    at = np.arange(network.parameters.size)
    chosen = []
    for layer in network.architecture.layers[:-1]:
        for part in network.view(layer.name, of=at):
            flat = part.ravel()
            chosen += [flat[0], flat[-1], *rng.choice(flat, min(many, flat.size), replace=False)]
    return chosen


def test_penalties_are_eq_7_as_the_reference_computes_it(network, patterns):
    for pattern, penalties in zip(patterns, network.penalties(patterns), strict=True):
        _, states, _ = reference.fprop(network, pattern)
        np.testing.assert_allclose(penalties, states["OUTPUT"][:, 0], rtol=1e-12)


def test_states_are_those_of_every_layer(network, patterns):
    _, expected, _ = reference.fprop(network, patterns[0])
    states = network.states(patterns[0])
    assert list(states) == ["input", "C1", "S2", "C3", "S4", "C5", "F6", "OUTPUT"]
    for name, maps in states.items():
        np.testing.assert_allclose(maps, expected[name].reshape(maps.shape), rtol=1e-10)


def test_float32_agrees_with_float64(network, patterns):
    single = LeNet5(dtype=np.float32)
    single.parameters[:] = network.parameters
    # About a hundred roundings of 6e-8, on states that enter eq. 7 squared.
    np.testing.assert_allclose(single.penalties(patterns), network.penalties(patterns), rtol=2e-5)


@pytest.mark.parametrize("loss", LOSSES)
def test_loss_is_eq_8_and_eq_9(network, patterns, loss):
    penalties = network.penalties(patterns[:1])[0]
    arguments = {"j": 1.0, "scale": 1.0} | loss
    expected = reference.loss(penalties, 3, arguments.pop("loss"), **arguments)
    assert network.loss(patterns[0], 3, **loss) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
def test_gradient_is_that_of_central_differences(network, patterns, loss):
    gradient = network.gradient(patterns[0], 3, **loss)
    size = 1e-5
    for k in some_of_each_layer(network, np.random.default_rng(2)):
        kept = network.parameters[k]
        network.parameters[k] = kept + size
        above = network.loss(patterns[0], 3, **loss)
        network.parameters[k] = kept - size
        below = network.loss(patterns[0], 3, **loss)
        network.parameters[k] = kept
        # The loss, about 100, is exact to 1e-14: 1e-7 after the division by 2e-5.
        assert gradient[k] == pytest.approx((above - below) / (2 * size), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("fours", [False, True])
def test_curvature_is_that_of_app_c_connection_by_connection(network, patterns, fours):
    both = [reference.curvature(network, p, 1.0, fours) for p in patterns[:2]]
    curvature = network.curvature(patterns[:2], four_connections=fours)
    np.testing.assert_allclose(curvature, np.mean(both, axis=0), rtol=1e-10)


@pytest.mark.parametrize("beyond", [-10.0, 0.0, 10.0])
def test_curvature_of_eq_9_is_its_second_derivative_whatever_is_desired(network, patterns, beyond):
    """In F6's states eq. 9 is convex: 2 s p + Var g, by differences of the loss itself.

    The rubbish class is the nearest, as near as the nearest, or far behind.
    """
    scale = 0.1
    j = scale * network.penalties(patterns[:1]).min() + beyond
    kept = network.view("F6").bias.copy()
    x = network.states(patterns[0])["F6"].ravel()
    a = np.arctanh(x / reference.A) / reference.S
    how = {"loss": "map", "j": j, "scale": scale}
    found = network.view("F6", of=network.curvature(patterns[:1], **how)).bias
    eq_8 = network.view("F6", of=network.curvature(patterns[:1], scale=scale)).bias
    assert (found >= 0).all()
    size = 1e-3
    for desired in (0, 7):
        for k in (0, 41, 83):
            energies = []
            for step in (-size, 0.0, size):
                # The bias that moves the state itself by a step: no slope, no f'' has a part.
                moved = np.arctanh((x[k] + step) / reference.A) / reference.S
                network.view("F6").bias[k] = kept[k] + moved - a[k]
                energies.append(network.loss(patterns[0], desired, **how))
            network.view("F6").bias[k] = kept[k]
            second = (energies[0] - 2 * energies[1] + energies[2]) / size**2
            slope = reference.slope(a[k])
            # The loss, about 50, is exact to 1e-14: 1e-7 after the division by 1e-6.
            assert found[k] == pytest.approx(second * slope**2, rel=1e-4, abs=1e-6)
    if beyond < 0:  # the rubbish class has all of the sum: eq. 8's own seed, to exp(-10) of each
        np.testing.assert_allclose(found, eq_8, rtol=1e-2)
    else:
        assert np.abs(found / eq_8 - 1).max() > 0.1


def test_curvature_of_f6_is_the_exact_second_derivative_of_a_linear_unit(network, patterns):
    # At the last layer Gauss-Newton drops only f'': E is quadratic in the state.
    network.view("F6").weights[:] = 0
    network.view("F6").bias[:] = 0  # at a = 0 f'' is 0
    curvature = network.view("F6", of=network.curvature(patterns[:1])).bias
    bias, size = network.view("F6").bias, 1e-3
    for k in (0, 41, 83):
        energies = []
        for step in (-size, 0, size):
            bias[k] = step
            energies.append(network.loss(patterns[0], 3))
        bias[k] = 0
        second = (energies[0] - 2 * energies[1] + energies[2]) / size**2
        # The differences leave out the fourth derivative, times size^2 / 12.
        assert curvature[k] == pytest.approx(second, rel=1e-5)


def test_curvature_is_never_negative_and_scales_with_the_loss(network, patterns):
    curvature = network.curvature(patterns)
    assert (curvature >= 0).all()
    np.testing.assert_allclose(network.curvature(patterns, scale=0.5), curvature / 2)


@pytest.mark.parametrize("width", [36, 45, 64, 128])
def test_a_wide_input_is_read_as_window_by_window(network, width):
    wide = np.random.default_rng(1).uniform(-0.1, 1.175, (2, 32, width))
    penalties = network.penalties(wide)
    columns = (width - 32) // 4 + 1
    assert penalties.shape == (2, 10, columns)
    assert network.classify(wide).shape == (2, columns)
    for column in range(columns):
        window = wide[:, :, 4 * column : 4 * column + 32]
        np.testing.assert_allclose(penalties[:, :, column], network.penalties(window), rtol=1e-12)


@pytest.mark.parametrize(
    ("table", "width"), [(lenet1, 28), (lenet4, 32), (lenet5, 32), (lenet5, 45), (lenet5, 64)]
)
@pytest.mark.parametrize("images", [LANES - 1, LANES, 2 * LANES + 1, 2 * LANES + 25])
def test_images_side_by_side_are_answered_as_each_by_itself(table, width, images):
    network = Network(table(), seed=3, dtype=np.float64)
    size = (images, network.architecture.height, width)
    patterns = np.random.default_rng(5).uniform(-0.1, 1.175, size)
    alone = [network.penalties(pattern[None])[0] for pattern in patterns]
    np.testing.assert_allclose(network.penalties(patterns), alone, rtol=1e-12)


def test_a_network_answers_any_width_after_any_other():
    rng = np.random.default_rng(8)
    network = LeNet5(seed=3)
    for width in (32, 400, 45, 32):
        patterns = rng.uniform(-0.1, 1.175, (LANES, 32, width)).astype(np.float32)
        penalties = network.penalties(patterns)
        np.testing.assert_array_equal(penalties, LeNet5(seed=3).penalties(patterns))


@pytest.mark.parametrize("units", [1, 9])
def test_a_layer_may_have_an_odd_number_of_units(units):
    *rows, full, output = lenet1().rows
    output = replace(output, centres=np.ones((10, units), np.int8))
    odd = build("odd", [*rows, replace(full, maps=units), output], 28, 28)
    network = Network(odd, seed=3, dtype=np.float64)
    patterns = np.random.default_rng(6).uniform(-0.1, 1.175, (LANES, 28, 28))
    side_by_side = network.penalties(patterns)
    for k in (0, LANES - 1):
        expected = reference.fprop(network, patterns[k])[1]["OUTPUT"][:, 0]
        np.testing.assert_allclose(side_by_side[k], expected)
        np.testing.assert_allclose(network.penalties(patterns[k : k + 1])[0], expected)


def a_table_of_field(side):
    """Two convolutions with odd numbers of maps and of pairs, and subsampling between them."""
    pairs = ((0, 0), (1, 0), (2, 1), (0, 2), (1, 2), (2, 2), (1, 3), (0, 4))
    size = 20
    after = (size - side + 1) // 2 - side + 1
    rows = [
        Row("C1", "convolution", maps=3, field=side),
        Row("S2", "subsampling", maps=3, field=2),
        Row("C3", "convolution", maps=5, field=side, pairs=pairs),
        Row("F4", "full", maps=7, field=after),
        Row("OUTPUT", "rbf", maps=4, centres=np.eye(4, 7) * 2 - 1),
    ]
    return build(f"of field {side}", rows, size, size)


TABLES = [lenet1(), lenet4(), multilayer(9), *(a_table_of_field(side) for side in range(1, 8))]


@pytest.mark.parametrize("architecture", TABLES, ids=lambda architecture: architecture.name)
def test_any_table_is_computed_as_the_reference_computes_it(architecture):
    network = Network(architecture, seed=3, dtype=np.float64)
    size = (LANES, architecture.height, architecture.width)
    patterns = np.random.default_rng(4).uniform(-0.1, 1.175, size)
    side_by_side = network.penalties(patterns)
    for k in (0, LANES - 1):
        expected = reference.fprop(network, patterns[k])[1]["OUTPUT"][:, 0]
        np.testing.assert_allclose(network.penalties(patterns[k : k + 1])[0], expected)
        np.testing.assert_allclose(side_by_side[k], expected)
    expected = reference.curvature(network, patterns[0], 1.0, four_connections=False)
    np.testing.assert_allclose(network.curvature(patterns[:1]), expected, rtol=1e-9)
    gradient = network.gradient(patterns[0], 2)
    for k in some_of_each_layer(network, np.random.default_rng(2), many=5):
        kept, size = network.parameters[k], 1e-5
        network.parameters[k] = kept + size
        above = network.loss(patterns[0], 2)
        network.parameters[k] = kept - size
        below = network.loss(patterns[0], 2)
        network.parameters[k] = kept
        assert gradient[k] == pytest.approx((above - below) / (2 * size), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("architecture", TABLES, ids=lambda architecture: architecture.name)
def test_any_table_is_updated_by_its_rates_times_its_gradient(architecture):
    network = Network(architecture, seed=3, dtype=np.float64)
    size = (1, architecture.height, architecture.width)
    pattern = np.random.default_rng(4).uniform(-0.1, 1.175, size)
    expected = network.parameters - 1e-4 * network.gradient(pattern[0], 2)
    rates = np.full(architecture.trainable, 1e-4)
    network.descend(pattern, [2], rates, loss="mse", j=1.0, scale=1.0)
    np.testing.assert_allclose(network.parameters, expected, rtol=1e-12)


def test_the_answer_is_the_least_penalty_whatever_the_threads(digits):
    network = LeNet5()
    images = digits.train_images[:1200]
    penalties = network.penalties(images)
    np.testing.assert_array_equal(network.classify(images), penalties.argmin(axis=1))
    np.testing.assert_array_equal(network.penalties(images, threads=2), penalties)


def test_bytes_are_framed_and_scaled():
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 0, 27] = 255
    pattern = as_patterns(image, 32, np.float64)[0]
    assert pattern.shape == (32, 32)
    assert pattern[2, 29] == pytest.approx(1.175)
    assert np.delete(pattern.ravel(), 2 * 32 + 29) == pytest.approx(-0.1)


def test_initial_weights_keep_to_their_bounds():
    network = LeNet5(
        seed=0, dtype=np.float64, initial=InitialWeights(bound=2.4, power=1, random_biases=True)
    )
    c3 = network.view("C3").weights
    targets = [target for _, target in network.architecture.layer("C3").pairs]
    for target, fan_in in ((0, 75), (6, 100), (15, 150)):  # Table I: 3, 4 and 6 maps
        largest = np.abs(c3[np.equal(targets, target)]).max()
        assert 0.9 * 2.4 / fan_in < largest <= 2.4 / fan_in
    assert (network.view("S2").weights == np.float64(0.35)).all()
    f6 = network.view("F6").bias
    assert 0.9 * 2.4 / 120 < np.abs(f6).max() <= 2.4 / 120
    assert not LeNet5().view("F6").bias.any()


def test_layers_that_see_all_of_a_column_may_have_a_bound_of_their_own():
    one, other = (
        LeNet5(initial=InitialWeights(random_biases=True, full_bound=bound)) for bound in (None, 1)
    )
    for name in ("C1", "C3"):
        np.testing.assert_array_equal(one.view(name).weights, other.view(name).weights)
    for name in ("C5", "F6"):
        for part, third in zip(one.view(name), other.view(name), strict=True):
            np.testing.assert_allclose(third, 2 / 3 * part, rtol=1e-6)


def test_initial_weights_are_by_default_as_the_evidence_has_them():
    assert InitialWeights() == InitialWeights(1.5, 1 / 2, 0.35, random_biases=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bound", 0),
        ("bound", np.inf),
        ("power", 1.01),
        ("power", -0.01),
        ("coefficient", np.inf),
        ("full_bound", 0),
        ("full_bound", np.inf),
    ],
)
def test_initial_weights_that_make_no_sense_are_refused(name, value):
    with pytest.raises(ConfigurationError, match=name):
        InitialWeights(**{name: value})
    InitialWeights(power=0.0)
    InitialWeights(power=1.0)


def test_the_same_seed_gives_the_same_weights():
    np.testing.assert_array_equal(LeNet5(seed=5).parameters, LeNet5(seed=5).parameters)
    assert (LeNet5(seed=5).parameters != LeNet5(seed=6).parameters).any()


def test_views_share_memory_and_centres_are_fixed(network):
    network.view("C3").bias[4] = 123.0
    assert 123.0 in network.parameters
    with pytest.raises(ValueError, match="read-only"):
        network.view("OUTPUT").weights[0, 0] = 0


def test_parameters_that_are_set_are_copied_and_checked():
    network = LeNet5(seed=5)
    given = np.arange(60_000) / 1e6
    network.parameters = given
    given[:] = 0
    np.testing.assert_array_equal(network.parameters, np.float32(np.arange(60_000) / 1e6))
    assert network.view("C1").weights.base is network.parameters.base
    for wrong in (np.zeros(10), np.zeros((1, 60_000)), ["a"] * 60_000, np.zeros(60_000, complex)):
        with pytest.raises(PatternError, match="expected 60000 real numbers as parameters; found"):
            network.parameters = wrong
    with pytest.raises(PatternError, match=r"as of; found list, float64 \(1,\)"):
        network.view("C1", of=[1.0])


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((28, 27), np.uint8),
        np.zeros((2, 28, 27), np.uint8),
        np.full((2, 28, 28), 300),
        np.random.default_rng(0).random((2, 28, 28)),
        np.random.default_rng(0).random((2, 32, 32)),
        np.zeros((2, 31, 32)),
        np.zeros((2, 32, 31)),
        np.full((2, 32, 32), np.nan),
        np.full((2, 32, 32), np.inf, np.float32),
        "digits",
    ],
)
def test_what_is_no_image_is_refused(images):
    with pytest.raises(PatternError, match="expected|too small"):
        LeNet5().penalties(images)


def test_one_image_alone_is_answered_without_the_axis_of_a_set(digits):
    network, images = LeNet5(), digits.test_images[:3]
    of_three, classes = network.penalties(images), network.classify(images)
    for k, image in enumerate(images):
        for same in (image, image[..., None], image.ravel(), image.tolist()):
            np.testing.assert_array_equal(network.penalties(same), of_three[k])
            assert network.classify(same) == classes[k]
        assert network.penalties(image[None]).shape == (1, 10)
        assert network.classify(image[None]).shape == (1,)
    assert isinstance(network.classify(images[0]), np.int64)
    wide = np.random.default_rng(1).uniform(-0.1, 1.175, (32, 40))
    assert network.penalties(wide).shape == (10, 3)
    assert network.classify(wide).shape == (3,)


def test_every_door_takes_the_same_pixels_in_any_shape_and_type(digits):
    images, labels = digits.test_images[:2], digits.test_labels[:2]
    many = [images[:, None], images.reshape(2, 784), images.tolist(), images.astype(float)]
    network, rates = LeNet5(), [1e-4] * 60_000
    for same in many:
        np.testing.assert_array_equal(network.penalties(same), network.penalties(images))
        np.testing.assert_array_equal(network.curvature(same), network.curvature(images))
        one, other = LeNet5(), LeNet5()
        one.descend(same, labels.tolist(), rates, loss="mse", j=1.0, scale=1.0)
        other.descend(images, labels, np.array(rates), loss="mse", j=1.0, scale=1.0)
        np.testing.assert_array_equal(one.parameters, other.parameters)
        # As data sets give one: with an axis in front.
        first, label = same[:1], [labels[0]]
        assert network.loss(first, label) == network.loss(images[0], labels[0])
        np.testing.assert_array_equal(
            network.gradient(first, label), network.gradient(images[0], labels[0])
        )
        np.testing.assert_array_equal(network.states(first)["F6"], network.states(images[0])["F6"])


@pytest.mark.parametrize("altered", [lambda ink: ink / 255, lambda ink: 255 - ink])
def test_every_door_refuses_other_grey_levels(digits, altered):
    network, images = LeNet5(), altered(digits.test_images[:2])
    told = {"loss": "mse", "j": 1.0, "scale": 1.0}
    for enter in (
        lambda: network.penalties(images),
        lambda: network.classify(images),
        lambda: network.states(images[0]),
        lambda: network.loss(images[0], 3),
        lambda: network.gradient(images[0], 3),
        lambda: network.curvature(images),
        lambda: network.descend(images, [3, 4], np.zeros(60_000), **told),
    ):
        with pytest.raises(PatternError, match=r"Give 255 (\*|-) image"):
            enter()


def test_where_one_image_is_asked_for_two_are_refused(digits):
    network, two = LeNet5(), digits.test_images[:2]
    for enter in (network.states, lambda i: network.loss(i, 3), lambda i: network.gradient(i, 3)):
        with pytest.raises(PatternError, match=r"expected one image .*found uint8 \(2, 28, 28\)"):
            enter(two)


def test_noise_of_any_share_may_be_learned(digits):
    patterns = 1.075 - as_patterns(digits.train_images[:2], 32, np.float32)
    network = LeNet5()
    assert network.curvature(patterns).any()
    *_, passed = network.descend(patterns, [1, 2], np.zeros(60_000), loss="mse", j=1.0, scale=1.0)
    assert passed == 2
    with pytest.raises(PatternError, match="inverted"):
        network.penalties(patterns)


@pytest.mark.parametrize("threads", [0, -1, 1.5, "2", None, True])
def test_threads_are_a_whole_number(digits, threads):
    with pytest.raises(ConfigurationError, match="threads is .*; expected a whole number, 1 or m"):
        LeNet5().penalties(digits.test_images[:1], threads=threads)


@pytest.mark.parametrize("seed", [-1, None, 1.5, "1998"])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(ConfigurationError, match="seed is .*; expected a whole number, 0 or more"):
        LeNet5(seed=seed)


@pytest.mark.parametrize("dtype", ["foo", np.float16, int, "S3"])
def test_a_type_is_one_of_two_reals(dtype):
    with pytest.raises(ConfigurationError, match="dtype is .*; expected float32 or float64"):
        LeNet5(dtype=dtype)


def test_rates_are_one_for_each_parameter(digits):
    with pytest.raises(PatternError, match=r"60000 real numbers as rates; found float64 \(3,\)"):
        LeNet5().descend(digits.train_images[:1], [1], np.zeros(3), loss="mse", j=1.0, scale=1.0)


@pytest.mark.parametrize(
    ("label", "loss"), [(-1, "mse"), (10, "mse"), (2.5, "mse"), (-1, "map"), (11, "map")]
)
def test_what_is_no_label_is_refused(patterns, label, loss):
    with pytest.raises(PatternError, match="label"):
        LeNet5().loss(patterns[0], label, loss=loss)
    with pytest.raises(PatternError, match="label"):
        LeNet5().gradient(patterns[0], label, loss=loss)


def test_the_label_behind_the_last_is_the_rubbish_class_of_eq_9(network, patterns):
    penalties = 0.5 * network.penalties(patterns[:1])[0]
    expected = 40 + np.log(np.exp(-40) + np.exp(-penalties).sum())
    found = network.loss(patterns[0], 10, loss="map", j=40.0, scale=0.5)
    assert found == pytest.approx(expected)


def test_lenet5_may_have_a_class_of_no_character(tmp_path, patterns):
    network = LeNet5(seed=3, blank=True)
    assert network.penalties(patterns).shape == (len(patterns), 11)
    assert network.parameters.size == 60_000
    network.save(tmp_path / "blank.npz")
    again = LeNet5.load(tmp_path / "blank.npz")
    np.testing.assert_array_equal(again.penalties(patterns), network.penalties(patterns))
    assert again.architecture == lenet5(blank=True)
    LeNet5(seed=3).save(tmp_path / "plain.npz")
    assert LeNet5.load(tmp_path / "plain.npz").architecture == lenet5()


@pytest.mark.parametrize(
    "wrong",
    [
        {"loss": "huber"},
        {"j": 0},
        {"j": np.nan},
        {"j": np.inf},
        {"scale": -1},
        {"scale": np.inf},
    ],
)
def test_a_loss_that_makes_no_sense_is_refused(patterns, wrong):
    with pytest.raises(ConfigurationError, match=next(iter(wrong))):
        LeNet5().loss(patterns[0], 3, **wrong)


def test_a_loss_needs_one_column_and_a_curvature_one_image():
    with pytest.raises(PatternError, match="one column"):
        LeNet5().loss(np.zeros((32, 64)), 3)
    with pytest.raises(PatternError, match="none"):
        LeNet5().curvature(np.zeros((0, 28, 28), np.uint8))


def test_unusual_memory_layouts_are_read_right(patterns):
    network = LeNet5(dtype=np.float64)
    expected = network.penalties(patterns)
    for same in (
        np.asfortranarray(patterns),
        patterns.astype(">f8"),
        np.repeat(patterns, 2, axis=0)[::2],
    ):
        np.testing.assert_array_equal(network.penalties(same), expected)
    assert network.penalties(np.zeros((0, 28, 28), np.uint8)).shape == (0, 10)


def test_weights_survive_a_file(tmp_path, patterns):
    network = LeNet5(seed=2)
    network.save(tmp_path / "net.npz", {"passes": 20})
    again = LeNet5.load(tmp_path / "net.npz")
    np.testing.assert_array_equal(again.parameters, network.parameters)
    np.testing.assert_array_equal(again.penalties(patterns), network.penalties(patterns))
    assert [file.name for file in tmp_path.iterdir()] == ["net.npz"]


def test_what_could_not_be_read_again_is_not_saved(tmp_path):
    diverged = LeNet5()
    diverged.parameters[7] = np.nan
    path = tmp_path / "net.npz"
    for network, provenance, said in (
        (diverged, {}, "expected finite parameters"),
        (LeNet5(), {"when": object()}, "expected a header of plain values"),
        (LeNet5(), {"long": "x" * HEADER_BYTES}, "expected a header of at most"),
    ):
        with pytest.raises(WeightsError, match=f"net.npz: {said}"):
            network.save(path, provenance)
    assert not path.exists()


def test_the_home_folder_is_meant_by_a_tilde(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    network = LeNet5(seed=2)
    network.save("~/net.npz")
    assert (tmp_path / "net.npz").exists()
    np.testing.assert_array_equal(LeNet5.load("~/net.npz").parameters, network.parameters)


# They answer as the record's first seeds did, which tests/reproduction holds where MNIST is; that
# of 1998 as the figures do, which tests/questions holds.
SHIPPED = {
    "1998": "7a89a0735601d30ee408147e1a6bf348c25753d38316dc6e2ccec9b711a00be5",
    "distorted": "9167b154e97324bc368df4a98ea22121de6807fdf3abbc0c06e7704b113a8647",
    "mnist": "9a6cd2971ce96b11df5a6557b14677793c233d69d0b7ee1d9220d9192403e958",
    "noise": "2e5ab7825b6d98f938d5978e12ae64e3d543695e8805dcc611a78a6339b619a4",
    "strings": "039b1bbdd716867108756e63f38a601ddcdfc2d339e111b0699bb60e26c3453b",
}


def test_the_shipped_networks_are_those_that_the_record_tells_of():
    found = {}
    for name in shipped():
        with shipped_file(name) as path:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    assert found == SHIPPED
    loaded = {LeNet5.pretrained(name).parameters.tobytes() for name in SHIPPED}
    assert len(loaded) == 5


def a_header(**changes):
    header = {"format": FORMAT, "network": "LeNet-5", "provenance": {}} | changes
    return np.array(json.dumps(header))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"header": a_header(network="LeNet-4"), "parameters": np.zeros(60000)}, "LeNet-4"),
        ({"header": a_header(format=FORMAT + 1), "parameters": np.zeros(60000)}, "later"),
        ({"header": a_header(format=0), "parameters": np.zeros(60000)}, "found format 0"),
        ({"header": a_header(format="2"), "parameters": np.zeros(60000)}, "found format '2'"),
        ({"header": a_header(provenance=[]), "parameters": np.zeros(60000)}, "and a provenance"),
        ({"header": a_header(table="0"), "parameters": np.zeros(60000)}, "another table"),
        ({"header": a_header(), "parameters": np.zeros(59999)}, "59999"),
        ({"header": a_header(), "parameters": np.full(60000, np.nan)}, "NaN"),
        ({"header": a_header(), "parameters": np.array([{}] * 60000)}, "damaged or foreign"),
        ({"parameters": np.zeros(60000)}, "damaged or foreign"),
    ],
)
def test_weights_of_another_kind_are_refused(tmp_path, content, message):
    np.savez(tmp_path / "net.npz", **content)
    with pytest.raises(WeightsError, match=message) as error:
        LeNet5.load(tmp_path / "net.npz")
    assert "net.npz" in str(error.value)


def test_weights_that_tell_no_table_are_of_the_one_without_a_blank(tmp_path):
    path, parameters = tmp_path / "net.npz", LeNet5(seed=2).parameters
    header = {"format": FORMAT, "network": "LeNet-5", "provenance": {}}
    write_archive(path, header, {"parameters": parameters})
    network = LeNet5.load(path)
    assert network.architecture == lenet5()
    np.testing.assert_array_equal(network.parameters, parameters)


def test_damaged_weights_are_refused(tmp_path):
    path = tmp_path / "net.npz"
    LeNet5(seed=2).save(path)
    whole = path.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"no weights", whole[:-200]):
        path.write_bytes(damaged)
        with pytest.raises(WeightsError, match="net.npz"):
            LeNet5.load(path)
    with pytest.raises(WeightsError, match="absent.npz"):
        LeNet5.load(tmp_path / "absent.npz")
    with pytest.raises(DataError, match="cannot write"):
        LeNet5().save(tmp_path / "no folder" / "net.npz")


def test_public_names():
    assert set(lenet98.__all__) == set(dir(lenet98)) & set(lenet98.__all__)
    for name in lenet98.__all__:
        assert getattr(lenet98, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        lenet98.no_such_name  # noqa: B018
