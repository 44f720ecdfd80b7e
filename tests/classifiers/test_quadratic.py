import numpy as np
import pytest

from lenet98 import draw_digits
from lenet98.classifiers import Quadratic
from lenet98.classifiers.least_squares import RIDGE
from lenet98.classifiers.quadratic import principal_axes
from lenet98.errors import ConfigurationError

DIGITS = draw_digits(n_train=200, n_test=20)


def vectors_of(images):
    return (images.reshape(len(images), -1) / 255).astype(np.float32)


def products_of(parts):
    """Return the products of two of each row, and 1, one after the other."""
    rows = []
    for row in parts:
        products = [row[i] * row[j] for i in range(len(row)) for j in range(i, len(row))]
        rows.append([*products, 1.0])
    return np.array(rows)


def test_axes_are_those_of_a_singular_value_decomposition():
    vectors = vectors_of(DIGITS.train_images)
    axes = principal_axes(vectors, 15)
    assert axes.shape == (784, 15)
    exact = vectors.astype(np.float64)
    _, _, rows = np.linalg.svd(exact - exact.mean(axis=0), full_matrices=False)
    cosines = axes.T @ rows[:15].T
    # Of either sign; the values' gaps are far above the rounding of a Gram matrix.
    np.testing.assert_allclose(np.abs(cosines), np.eye(15), atol=1e-8)


def test_a_score_is_the_least_squares_sum_of_all_products_of_pairs():
    classifier = Quadratic(components=6).fit(DIGITS.train_images, DIGITS.train_labels)
    inputs = products_of(vectors_of(DIGITS.train_images) @ classifier.axes_)
    assert inputs.shape == (200, 6 * 7 // 2 + 1)
    targets = np.where(DIGITS.train_labels[:, None] == np.arange(10), 1.0, -1.0)
    rows = np.vstack([inputs, np.sqrt(RIDGE) * np.eye(22)])
    expected = np.linalg.lstsq(rows, np.vstack([targets, np.zeros((22, 10))]), rcond=None)[0]
    np.testing.assert_allclose(classifier.weights_, expected, rtol=1e-7, atol=1e-10)
    found = classifier.decision_function(DIGITS.test_images)
    parts = vectors_of(DIGITS.test_images) @ classifier.axes_
    np.testing.assert_allclose(found, products_of(parts) @ expected, rtol=1e-7, atol=1e-9)


def test_forty_components_make_821_inputs():
    classifier = Quadratic().fit(DIGITS.train_images, DIGITS.train_labels)
    assert classifier.weights_.shape == (821, 10)
    assert classifier.multiply_accumulates == classifier.variables == 40 * 784 + 8210


@pytest.mark.parametrize("components", [0, 4.0, 101, True])
def test_too_many_components_or_none_are_refused(components):
    with pytest.raises(ConfigurationError, match="components is .*; expected"):
        Quadratic(components).fit(DIGITS.train_images, DIGITS.train_labels)
