import numpy as np
import pytest

from lenet98 import draw_digits
from lenet98.classifiers import LeNet4, LeNet4Local, LeNet4Neighbours
from lenet98.classifiers import last_layers as module
from lenet98.errors import ConfigurationError, PatternError

DIGITS = draw_digits(n_train=80, n_test=20)

# Eq. 6: what a squashed unit answers is between -A and A.
A = 1.7159


def states_of(classifier):
    """The hidden units of the training patterns, as kept."""
    return classifier.features_ / 255 * 2 * A - A


def nearest_of(classifier, k):
    """The k training patterns nearest to each of the first 20."""
    known = states_of(classifier)
    distances = ((known[None] - known[:20, None]) ** 2).sum(axis=2)
    return np.argsort(distances, axis=1)[:, :k]


def fitted(classifier):
    return classifier.set_params(passes=2).fit(DIGITS.train_images, DIGITS.train_labels)


def test_hidden_units_of_lenet4_are_kept_as_bytes():
    classifier, net = fitted(LeNet4Neighbours()), fitted(LeNet4())
    np.testing.assert_array_equal(classifier.network_.parameters, net.network_.parameters)
    states = [net.network_.states(image)["C5"].ravel() for image in DIGITS.train_images]
    # Half a grey level, and the rounding of single precision.
    np.testing.assert_allclose(states_of(classifier), states, atol=A / 255 + 1e-4)


def test_neighbours_are_near_in_the_hidden_units():
    classifier = fitted(LeNet4Neighbours(k=3))
    labels = DIGITS.train_labels[nearest_of(classifier, 3)]
    votes = (labels[:, :, None] == np.arange(10)).sum(axis=1)
    scores = classifier.decision_function(DIGITS.train_images[:20])
    # Nearness adds a half at most.
    np.testing.assert_array_equal(np.floor(scores), votes)


@pytest.mark.parametrize("block", [7, 1000])
def test_a_local_layer_is_the_ridge_regression_of_the_nearest(block, monkeypatch):
    monkeypatch.setattr(module, "_A_BLOCK", block)
    k, decay = 12, 5.0
    classifier = fitted(LeNet4Local(k=k, decay=decay))
    scores = classifier.decision_function(DIGITS.train_images[:20])
    indices, known = nearest_of(classifier, k), states_of(classifier)
    for n in range(20):
        targets = np.full((k, 10), -1.0)
        targets[np.arange(k), DIGITS.train_labels[indices[n]]] = 1
        # Decay is 120 patterns more, which say that each weight be 0; none says so of a bias.
        inputs = np.zeros((k + 120, 121))
        inputs[:k, :120], inputs[:k, 120] = known[indices[n]], 1
        inputs[k:, :120] = np.sqrt(decay) * np.eye(120)
        desired = np.concatenate([targets, np.zeros((120, 10))])
        solution = np.linalg.lstsq(inputs, desired, rcond=None)[0]
        np.testing.assert_allclose(scores[n], [*known[n], 1] @ solution, atol=1e-9)


def test_all_decay_leaves_the_votes_of_the_nearest():
    classifier = fitted(LeNet4Local(k=9, decay=1e9))
    labels = DIGITS.train_labels[nearest_of(classifier, 9)]
    votes = (labels[:, :, None] == np.arange(10)).sum(axis=1)
    scores = classifier.decision_function(DIGITS.train_images[:20])
    np.testing.assert_allclose(scores, 2 * votes / 9 - 1, atol=1e-4)


def test_costs_are_those_of_the_net_below_and_of_its_patterns():
    net, below = fitted(LeNet4()), fitted(LeNet4Neighbours())
    assert below.multiply_accumulates == net.multiply_accumulates - 1210 + 80 * 120
    assert below.variables == net.variables - 1210 + 80 * 120
    local = fitted(LeNet4Local(k=2))
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
