import numpy as np
import pytest

from lenet98.classifiers import least_squares as module
from lenet98.classifiers.least_squares import (
    RIDGE,
    gram_matrices,
    gram_matrix,
    in_blocks,
    solve,
    solve_for_classes,
    with_bias,
)

RNG = np.random.default_rng(1)
VECTORS = RNG.random((60, 12), np.float32)
LABELS = RNG.integers(0, 9, 60)  # none of the last class


def least_squares(inputs, targets):
    """Return the weights by numpy's, with a row for each squared weight."""
    rows = np.vstack([inputs, np.sqrt(RIDGE) * np.eye(inputs.shape[1])])
    missing = np.zeros((inputs.shape[1], targets.shape[1]))
    return np.linalg.lstsq(rows, np.vstack([targets, missing]), rcond=None)[0]


@pytest.mark.parametrize("block", [7, 60, 1000])
def test_sums_and_functions_are_the_same_in_blocks(block, monkeypatch):
    monkeypatch.setattr(module, "_A_BLOCK", block)
    inputs = with_bias(VECTORS.astype(np.float64))
    np.testing.assert_allclose(gram_matrix(with_bias, VECTORS), inputs.T @ inputs, rtol=1e-12)
    np.testing.assert_array_equal(in_blocks(with_bias, VECTORS), inputs)


def test_the_sums_of_the_classes_are_those_of_all_together():
    grams = gram_matrices(with_bias, VECTORS, LABELS)
    np.testing.assert_allclose(grams.sum(axis=0), gram_matrix(with_bias, VECTORS), rtol=1e-12)
    np.testing.assert_allclose(grams[:, -1, -1], np.bincount(LABELS, minlength=10))


def test_units_are_solved_for_as_by_least_squares():
    inputs = with_bias(VECTORS.astype(np.float64))
    targets = RNG.normal(size=(60, 3))
    found = solve(inputs.T @ inputs, inputs.T @ targets)
    np.testing.assert_allclose(found, least_squares(inputs, targets), rtol=1e-9)


def test_a_unit_a_class_has_targets_of_one_and_minus_one():
    inputs = with_bias(VECTORS.astype(np.float64))
    targets = np.where(LABELS[:, None] == np.arange(10), 1.0, -1.0)
    found = solve_for_classes(gram_matrices(with_bias, VECTORS, LABELS))
    np.testing.assert_allclose(found, least_squares(inputs, targets), rtol=1e-9, atol=1e-12)
