import math
from itertools import combinations

import numpy as np
import pytest

from lenet98 import draw_digits
from lenet98.classifiers import Pairwise
from lenet98.classifiers.least_squares import RIDGE
from lenet98.data.deslanting import deslant

DIGITS = draw_digits(n_train=200, n_test=20)


def inputs_of(images):
    flat = deslant(images).reshape(len(images), -1) / 255
    return np.hstack([flat, np.ones((len(flat), 1))])


@pytest.fixture(scope="module")
def upright():
    return Pairwise(deslanted=True).fit(DIGITS.train_images, DIGITS.train_labels)


@pytest.mark.parametrize("pair", [(0, 1), (3, 8), (8, 9)])
def test_a_unit_is_the_least_squares_solution_for_its_two_classes(pair, upright):
    inputs = inputs_of(DIGITS.train_images)
    mine = np.isin(DIGITS.train_labels, pair)
    targets = np.where(DIGITS.train_labels[mine] == pair[0], 1.0, -1.0)
    rows = np.vstack([inputs[mine], math.sqrt(RIDGE) * np.eye(401)])
    expected = np.linalg.lstsq(rows, np.append(targets, np.zeros(401)), rcond=None)[0]
    unit = [*combinations(range(10), 2)].index(pair)
    # The classifier's pixels are float32, within 6e-8 of the ones here.
    np.testing.assert_allclose(upright.weights_[:, unit], expected, atol=1e-6)


def test_costs_are_those_of_the_figures(upright):
    assert upright.multiply_accumulates == upright.variables == 45 * 401
    regular = Pairwise().fit(DIGITS.train_images, DIGITS.train_labels)
    assert regular.multiply_accumulates == regular.variables == 45 * 785


def test_a_score_is_what_speaks_for_a_class_less_what_speaks_against_it(upright):
    sums = inputs_of(DIGITS.test_images) @ upright.weights_
    expected = np.zeros((20, 10))
    for unit, (i, j) in enumerate(combinations(range(10), 2)):
        output = 1.7159 * np.tanh(2 / 3 * sums[:, unit])
        expected[:, i] += output
        expected[:, j] -= output
    found = upright.decision_function(DIGITS.test_images)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_of_two_classes_no_other_is_answered():
    some = np.isin(DIGITS.train_labels, (3, 8))
    classifier = Pairwise(deslanted=True).fit(DIGITS.train_images[some], DIGITS.train_labels[some])
    assert set(classifier.predict(DIGITS.test_images).tolist()) == {3, 8}
