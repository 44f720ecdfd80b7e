import numpy as np
import pytest

from lenet98 import draw_digits
from lenet98.classifiers import RadialBasis
from lenet98.classifiers.least_squares import RIDGE
from lenet98.errors import ConfigurationError, PatternError

DIGITS = draw_digits(n_train=300, n_test=20)


def vectors_of(images):
    return (images.reshape(len(images), -1) / 255).astype(np.float32).astype(np.float64)


@pytest.fixture(scope="module")
def classifier():
    return RadialBasis(units=30).fit(DIGITS.train_images, DIGITS.train_labels)


def outputs_of(classifier, images):
    """Return the units' outputs, and 1, of one distance after the other."""
    rows = []
    for vector in vectors_of(images):
        squares = ((vector - classifier.centres_) ** 2).sum(axis=1)
        rows.append([*np.exp(-squares / (2 * classifier.variance_)), 1.0])
    return np.array(rows)


def test_a_score_is_the_least_squares_sum_of_gaussians(classifier):
    targets = np.where(DIGITS.train_labels[:, None] == np.arange(10), 1.0, -1.0)
    outputs = outputs_of(classifier, DIGITS.train_images)
    rows = np.vstack([outputs, np.sqrt(RIDGE) * np.eye(31)])
    expected = np.linalg.lstsq(rows, np.vstack([targets, np.zeros((31, 10))]), rcond=None)[0]
    np.testing.assert_allclose(classifier.weights_, expected, rtol=1e-7, atol=1e-10)
    scores = outputs_of(classifier, DIGITS.test_images) @ expected
    found = classifier.decision_function(DIGITS.test_images)
    np.testing.assert_allclose(found, scores, rtol=1e-7, atol=1e-9)


def test_the_variance_is_the_mean_square_of_the_two_nearest_distances(classifier):
    squares = ((classifier.centres_[:, None] - classifier.centres_) ** 2).sum(axis=2)
    nearest = np.sort(squares, axis=1)[:, 1:3]  # the first is its own
    np.testing.assert_allclose(classifier.variance_, nearest.mean(), rtol=1e-9)


def test_each_group_lies_among_the_patterns_of_its_class(classifier):
    means = [
        vectors_of(DIGITS.train_images[DIGITS.train_labels == digit]).mean(axis=0)
        for digit in range(10)
    ]
    groups = classifier.centres_.reshape(10, 3, 784).mean(axis=1)
    squares = ((groups[:, None] - np.array(means)) ** 2).sum(axis=2)
    np.testing.assert_array_equal(squares.argmin(axis=1), np.arange(10))


def test_costs_are_those_of_the_figures(classifier):
    assert classifier.multiply_accumulates == 30 * 784 + 31 * 10
    assert classifier.variables == 30 * 784 + 1 + 31 * 10


def test_classes_that_are_absent_have_no_units():
    some = np.isin(DIGITS.train_labels, (3, 5, 8))
    images, labels = DIGITS.train_images[some], DIGITS.train_labels[some]
    classifier = RadialBasis(units=11).fit(images, labels)
    assert len(classifier.centres_) == 11
    assert set(classifier.predict(images).tolist()) == {3, 5, 8}


def test_centres_that_coincide_leave_a_width():
    images = np.repeat(DIGITS.train_images[:2], 6, axis=0)
    labels = np.repeat(DIGITS.train_labels[:2], 6)
    classifier = RadialBasis(units=12).fit(images, labels)
    assert classifier.variance_ == 1 / 255**2
    assert (classifier.predict(images) == labels).all()


def test_another_seed_finds_other_centres():
    one, other = (
        RadialBasis(20, seed).fit(DIGITS.train_images, DIGITS.train_labels) for seed in (1, 2)
    )
    assert not np.allclose(one.centres_, other.centres_)


@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        ({"units": 9}, "units is 9; expected a whole number, 10 or more"),
        ({"units": 20.0}, "units is 20.0"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_keywords_out_of_range_are_refused(keywords, said):
    with pytest.raises(ConfigurationError, match=said):
        RadialBasis(**keywords).fit(DIGITS.train_images, DIGITS.train_labels)


def test_more_units_than_patterns_of_a_class_are_refused():
    order = np.argsort(DIGITS.train_labels, kind="stable")
    images, labels = DIGITS.train_images[order], DIGITS.train_labels[order]
    first = np.searchsorted(labels, 1)
    part = slice(first - 6, first + 6)  # six each of 0 and of 1
    assert len(RadialBasis(units=12).fit(images[part], labels[part]).centres_) == 12
    part = slice(first - 6, first + 5)
    with pytest.raises(PatternError, match="at least 6 patterns of class 1, .*; found 5"):
        RadialBasis(units=12).fit(images[part], labels[part])
