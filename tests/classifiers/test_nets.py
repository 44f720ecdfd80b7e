import numpy as np
import pytest

from lenet98 import TrainingConfig, draw_digits, lenet5, train
from lenet98.classifiers import BoostedLeNet4, LeNet1, LeNet4, LeNet5, Linear, Multilayer
from lenet98.classifiers.classifier import Classifier
from lenet98.classifiers.nets import Net
from lenet98.data.reduction import reduce
from lenet98.errors import ConfigurationError
from lenet98.network.tables import multilayer
from lenet98.paper import published

DIGITS = draw_digits(n_train=60, n_test=20)


def fitted(net: Net) -> Classifier:
    return net.set_params(passes=1).fit(DIGITS.train_images, DIGITS.train_labels)


def test_a_net_is_what_the_engine_makes_of_its_table():
    recipe = TrainingConfig(passes=2, seed=7, distorted=True)
    expected = train(DIGITS, recipe, architecture=lenet5()).network
    net = LeNet5(distorted=True, passes=2, seed=7).fit(DIGITS.train_images, DIGITS.train_labels)
    np.testing.assert_array_equal(net.network_.parameters, expected.parameters)
    scores = net.decision_function(DIGITS.test_images)
    np.testing.assert_array_equal(scores, -expected.penalties(DIGITS.test_images))


def test_deslanted_images_go_in_as_they_are():
    net = fitted(Multilayer(hidden=(30, 20), deslanted=True))
    assert net.network_.architecture == multilayer(30, 20, size=20)


def test_a_linear_net_is_ten_squashed_sums_trained_by_eq_8():
    recipe = TrainingConfig(passes=1, loss="mse")
    expected = train(DIGITS, recipe, architecture=multilayer()).network
    net = fitted(Linear())
    np.testing.assert_array_equal(net.network_.parameters, expected.parameters)
    weights, bias = net.network_.view("F1")
    inputs = DIGITS.test_images.reshape(20, -1) / 255 * 1.275 - 0.1
    outputs = 1.7159 * np.tanh(2 / 3 * (inputs @ weights.T + bias))
    scores = net.decision_function(DIGITS.test_images)
    targets = 2 * np.eye(10) - 1
    penalties = ((outputs[:, None] - targets) ** 2).sum(axis=2)
    # Single precision.
    np.testing.assert_allclose(scores, -penalties, rtol=1e-3)
    assert (net.predict(DIGITS.test_images) == outputs.argmax(axis=1)).all()


def test_lenet1_sees_16x16_pixels_in_the_middle_of_its_input():
    net = fitted(LeNet1())
    framed = np.zeros((20, 28, 28), np.uint8)
    framed[:, 6:22, 6:22] = reduce(DIGITS.test_images)
    scores = net.decision_function(DIGITS.test_images)
    np.testing.assert_array_equal(scores, -net.network_.penalties(framed))


@pytest.mark.parametrize(
    ("net", "row"),
    [
        (Linear(deslanted=True), "Linear"),
        (Multilayer(deslanted=True), "[deslant] 20x20-300-10"),
        (Multilayer(hidden=(1000,)), "28x28-1000-10"),
        (Multilayer(hidden=(300, 100)), "28x28-300-100-10"),
        (Multilayer(hidden=[500, 150]), "28x28-500-150-10"),
        (LeNet1(), "[16x16] LeNet-1"),
        (LeNet5(), "LeNet-5"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_costs_are_those_of_figs_11_and_12(net, row):
    costs = fitted(net)
    connections, parameters = costs.multiply_accumulates, costs.variables
    # Fig. 11 seems to count LeNet-5's parameters beside its connections.
    counted = connections + parameters if row == "LeNet-5" else connections
    # "about": thousands, and tens of thousands of the LeNets; 2,578 parameters are 3,000.
    assert counted == pytest.approx(published.FIG11_MULTIPLY_ACCUMULATES[row], rel=0.02)
    assert parameters == pytest.approx(published.FIG12_MEMORY[row], rel=0.02, abs=500)


def test_lenet4_has_the_connections_of_fig_11_and_the_parameters_of_its_text():
    net, boosted = fitted(LeNet4()), fitted(BoostedLeNet4())
    about = published.FIG11_MULTIPLY_ACCUMULATES
    assert net.multiply_accumulates == pytest.approx(about["LeNet-4"], rel=0.02)
    assert boosted.multiply_accumulates == round(1.75 * net.multiply_accumulates)
    assert boosted.multiply_accumulates == pytest.approx(about["Boosted LeNet-4"], rel=0.02)
    # Fig. 12 has 17,000 and three times as many, which 120 units that see 16@5x5 exceed.
    assert net.variables > 120 * (16 * 25 + 1) > published.FIG12_MEMORY["LeNet-4"]
    assert boosted.variables == 3 * net.variables


@pytest.mark.parametrize(
    ("net", "said"),
    [
        (LeNet5(passes=0), "passes is 0; expected a whole number, 1 or more"),
        (LeNet4(passes=2.0), "passes is 2.0"),
        (Linear(seed=-1), "seed is -1; expected a whole number, 0 or more"),
        (Multilayer(hidden=()), r"hidden is \(\); expected units of one hidden layer or more"),
        (Multilayer(hidden=300), "hidden is 300; expected units"),
        (Multilayer(hidden=(300, 0)), "hidden is 0; expected a whole number, 1 or more"),
        (Multilayer(deslanted=True, distorted=True), "distorted is True; expected False"),
    ],
    ids=repr,
)
def test_a_keyword_that_is_none_is_refused(net, said):
    with pytest.raises(ConfigurationError, match=said):
        net.fit(DIGITS.train_images, DIGITS.train_labels)
