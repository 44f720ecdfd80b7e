import numpy as np
import pytest

from lenet98 import draw_digits
from lenet98.classifiers import NearestNeighbours
from lenet98.classifiers import neighbours as module
from lenet98.classifiers.neighbours import nearest
from lenet98.data.deslanting import deslant
from lenet98.errors import ConfigurationError, PatternError

DIGITS = draw_digits(n_train=200, n_test=40)


def by_brute_force(known, pixels, k):
    differences = known[None].astype(np.int64) - pixels[:, None]
    squares = (differences**2).sum(axis=2)
    order = np.argsort(squares, axis=1, kind="stable")[:, :k]
    return order, np.take_along_axis(squares, order, axis=1)


@pytest.mark.parametrize("k", [1, 3, 20])
@pytest.mark.parametrize("block", [(7, 30), (1000, 65), (5, 1000)])
def test_the_nearest_are_those_of_a_brute_force_search(k, block, monkeypatch):
    monkeypatch.setattr(module, "_PATTERNS", block[0])
    monkeypatch.setattr(module, "_KNOWN", block[1])
    known = np.concatenate([DIGITS.train_images, DIGITS.train_images[:5]]).reshape(205, -1)
    pixels = np.concatenate([DIGITS.test_images, DIGITS.train_images[:2]]).reshape(42, -1)
    found = nearest(known, pixels, k)
    indices, squares = by_brute_force(known, pixels, k)
    np.testing.assert_array_equal(found.squares, squares)
    np.testing.assert_array_equal(found.indices, indices)


def test_what_differs_by_less_than_rounding_is_told_apart():
    # Sums of products beyond 2^24, where float32 leaves out every other whole number.
    rng = np.random.default_rng(1)
    near = rng.integers(200, 256, (1, 784), np.uint8).repeat(60, axis=0)
    near ^= (rng.random(near.shape) < 0.05).astype(np.uint8)
    indices, squares = by_brute_force(near[20:], near[:20], 5)
    found = nearest(near[20:], near[:20], 5)
    np.testing.assert_array_equal(found.squares, squares)
    np.testing.assert_array_equal(found.indices, indices)


@pytest.mark.parametrize("order", [1, -1])
def test_the_nearest_are_found_in_whatever_order_they_come(order):
    known = np.zeros((256, 784), np.uint8)
    known[:, 300] = np.arange(256)[::order]
    found = nearest(known, np.zeros((1, 784), np.uint8), 4)
    np.testing.assert_array_equal(known[found.indices[0], 300], [0, 1, 2, 3])
    np.testing.assert_array_equal(found.squares[0], [0, 1, 4, 9])


def test_votes_come_first_and_the_nearest_decides_a_tie():
    images = np.zeros((5, 28, 28), np.uint8)
    images[:, 5, 5] = [10, 12, 13, 14, 200]
    classifier = NearestNeighbours(k=4).fit(images, [7, 3, 3, 9, 1])
    asked = np.zeros((2, 28, 28), np.uint8)
    scores = classifier.decision_function(asked)
    expected = [1.5, 2 + 5 / 12, 1 + 5 / 14, 5 / 200, 0]  # 1 is known and has no vote, 8 is not
    np.testing.assert_allclose(scores[0, [7, 3, 9, 1, 8]], expected)
    two = NearestNeighbours(k=2).fit(images, [7, 3, 3, 9, 1])
    assert two.predict(asked).tolist() == [7, 7]


@pytest.mark.parametrize("k", [1, 3, 20, 200])
def test_scores_are_those_of_a_brute_force_search(k):
    known, labels = DIGITS.train_images.reshape(200, -1), DIGITS.train_labels
    asked = np.concatenate([DIGITS.test_images, DIGITS.train_images[:3]]).reshape(43, -1)
    indices, squares = by_brute_force(known, asked, 200)
    expected = np.zeros((43, 10))
    for n in range(43):
        for digit in range(10):
            own = np.sqrt(squares[n, labels[indices[n]] == digit].min())
            expected[n, digit] = (labels[indices[n, :k]] == digit).sum()
            expected[n, digit] += 0.5 * (np.sqrt(squares[n, 0]) / own if own else 1)
    fitted = NearestNeighbours(k=k).fit(DIGITS.train_images, labels)
    np.testing.assert_allclose(fitted.decision_function(asked.reshape(43, 28, 28)), expected)


def test_a_known_pattern_has_no_distance_and_all_of_the_closeness():
    classifier = NearestNeighbours(k=1).fit(DIGITS.train_images, DIGITS.train_labels)
    scores = classifier.decision_function(DIGITS.train_images)
    assert (scores.max(axis=1) == 1.5).all()


def test_deslanted_images_are_compared_deslanted():
    upright = NearestNeighbours(deslanted=True).fit(DIGITS.train_images, DIGITS.train_labels)
    assert upright.multiply_accumulates == upright.variables == 200 * 400
    pixels = deslant(DIGITS.train_images).reshape(200, -1)
    np.testing.assert_array_equal(upright.pixels_, pixels)
    regular = NearestNeighbours().fit(DIGITS.train_images, DIGITS.train_labels)
    assert regular.variables == 200 * 784


@pytest.mark.parametrize("k", [0, 2.0, True, None])
def test_a_k_that_is_none_is_refused(k):
    with pytest.raises(ConfigurationError, match="k is .*; expected a whole number, 1 or more"):
        NearestNeighbours(k=k).fit(DIGITS.train_images, DIGITS.train_labels)


def test_a_k_larger_than_the_set_is_refused():
    with pytest.raises(PatternError, match="at least k = 201 patterns; found 200"):
        NearestNeighbours(k=201).fit(DIGITS.train_images, DIGITS.train_labels)
