import numpy as np
import pytest

from lenet98 import draw_digits
from lenet98.classifiers import LeNet4, LeNet4Local, LeNet4Neighbours
from lenet98.classifiers import last_layers as module
from lenet98.errors import ConfigurationError, PatternError

DIGITS = draw_digits(n_train=80, n_test=20)

# Eq. 6: what a squashed unit answers is between -A and A.
A = 1.7159


@pytest.fixture(scope="module")
def net():
    return LeNet4(passes=2).fit(DIGITS.train_images, DIGITS.train_labels)


def states(net, images):
    """The hidden units, as far as a byte keeps them."""
    exact = np.array([net.network_.states(image)["C5"].ravel() for image in images], np.float64)
    return np.rint((exact + A) / (2 * A) * 255) * 2 * A / 255 - A


def nearest_of(net, k):
    """The states of each test pattern, and the k training patterns nearest to it by them."""
    known, asked = states(net, DIGITS.train_images), states(net, DIGITS.test_images)
    distances = ((known[None] - asked[:, None]) ** 2).sum(axis=2)
    return asked, np.argsort(distances, axis=1)[:, :k]


def test_the_net_below_is_that_of_lenet4(net):
    other = LeNet4Neighbours(passes=2).fit(DIGITS.train_images, DIGITS.train_labels)
    np.testing.assert_array_equal(other.network_.parameters, net.network_.parameters)


def test_neighbours_are_near_in_the_hidden_units(net):
    classifier = LeNet4Neighbours(k=1, passes=2).fit(DIGITS.train_images, DIGITS.train_labels)
    _, indices = nearest_of(net, 1)
    expected = DIGITS.train_labels[indices[:, 0]]
    assert (classifier.predict(DIGITS.test_images) == expected).all()


@pytest.mark.parametrize("block", [7, 1000])
def test_a_local_layer_is_the_ridge_regression_of_the_nearest(net, block, monkeypatch):
    monkeypatch.setattr(module, "_A_BLOCK", block)
    k, decay = 12, 5.0
    classifier = LeNet4Local(k=k, decay=decay, passes=2)
    classifier.fit(DIGITS.train_images, DIGITS.train_labels)
    scores = classifier.decision_function(DIGITS.test_images)
    asked, indices = nearest_of(net, k)
    known = states(net, DIGITS.train_images)
    for n in range(20):
        targets = np.full((k, 10), -1.0)
        targets[np.arange(k), DIGITS.train_labels[indices[n]]] = 1
        # Decay is 120 patterns more, which say that each weight be 0; none says so of a bias.
        inputs = np.zeros((k + 120, 121))
        inputs[:k, :120], inputs[:k, 120] = known[indices[n]], 1
        inputs[k:, :120] = np.sqrt(decay) * np.eye(120)
        desired = np.concatenate([targets, np.zeros((120, 10))])
        solution = np.linalg.lstsq(inputs, desired, rcond=None)[0]
        np.testing.assert_allclose(scores[n], [*asked[n], 1] @ solution, atol=1e-9)


def test_all_decay_leaves_the_votes_of_the_nearest(net):
    classifier = LeNet4Local(k=9, decay=1e9, passes=2)
    classifier.fit(DIGITS.train_images, DIGITS.train_labels)
    _, indices = nearest_of(net, 9)
    votes = (DIGITS.train_labels[indices][:, :, None] == np.arange(10)).sum(axis=1)
    scores = classifier.decision_function(DIGITS.test_images)
    np.testing.assert_allclose(scores, 2 * votes / 9 - 1, atol=1e-4)


def test_costs_are_those_of_the_net_below_and_of_its_patterns(net):
    below = LeNet4Neighbours(passes=1).fit(DIGITS.train_images, DIGITS.train_labels)
    assert below.multiply_accumulates == net.multiply_accumulates - 1210 + 80 * 120
    assert below.variables == net.variables - 1210 + 80 * 120
    local = LeNet4Local(k=2, passes=1).fit(DIGITS.train_images, DIGITS.train_labels)
    # Products of two neighbours with each other and with the pattern; then two equations.
    assert local.multiply_accumulates == below.multiply_accumulates + (4 + 2) * 120 + 2 + 2 * 10
    assert local.variables == below.variables


@pytest.mark.parametrize(
    ("classifier", "said"),
    [
        (LeNet4Neighbours(k=0), "k is 0; expected a whole number, 1 or more"),
        (LeNet4Local(decay=0.0), "decay is 0.0; expected a positive number"),
        (LeNet4Local(decay=np.nan), "decay is nan; expected a positive number"),
    ],
    ids=repr,
)
def test_a_keyword_that_is_none_is_refused(classifier, said):
    with pytest.raises(ConfigurationError, match=said):
        classifier.fit(DIGITS.train_images, DIGITS.train_labels)


@pytest.mark.parametrize("classifier", [LeNet4Neighbours(k=81), LeNet4Local(k=81)], ids=repr)
def test_a_k_larger_than_the_set_is_refused(classifier):
    with pytest.raises(PatternError, match="at least k = 81 patterns; found 80"):
        classifier.fit(DIGITS.train_images, DIGITS.train_labels)
