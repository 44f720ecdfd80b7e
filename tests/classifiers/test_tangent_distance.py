import numpy as np
import pytest

from lenet98 import draw_digits
from lenet98.classifiers import TangentDistance
from lenet98.classifiers.neighbours import votes_of
from lenet98.classifiers.tangents import smoothed, tangent_squares
from lenet98.data.reduction import reduce
from lenet98.errors import ConfigurationError, PatternError

DIGITS = draw_digits(n_train=200, n_test=20)


def fitted(**keywords):
    return TangentDistance(**keywords).fit(DIGITS.train_images, DIGITS.train_labels)


def ink_of(images):
    return smoothed(reduce(images) / np.float32(255), 0.6)


def averages(images, side):
    """Average over each of side x side parts of each image."""
    rows = np.split(images, side, axis=1)
    parts = [part for row in rows for part in np.split(row, side, axis=2)]
    return np.stack([part.mean(axis=(1, 2)) for part in parts], axis=1)


def nearest(known, image, count):
    return np.argsort(((known - image) ** 2).sum(axis=1), kind="stable")[:count]


@pytest.mark.parametrize("candidates", [5, 20, 1000])
def test_the_nearest_of_the_candidates_vote(candidates):
    known, asked = ink_of(DIGITS.train_images), ink_of(DIGITS.test_images)
    expected = []
    for image in asked:
        some = nearest(averages(known, 4), averages(image[None], 4), 8 * candidates)
        few = some[nearest(averages(known[some], 8), averages(image[None], 8), candidates)]
        squares = tangent_squares(image, known, few)
        labels = DIGITS.train_labels[few].astype(np.int64)
        of_classes = [squares[labels == k].min(initial=np.inf) for k in range(10)]
        votes = labels[squares.argsort()[:4]]
        expected.append(votes_of(votes[None], np.array([of_classes]))[0])
    scores = fitted(candidates=candidates).decision_function(DIGITS.test_images)
    # Rounding, of a distance that is nearly none.
    np.testing.assert_allclose(scores, expected, atol=1e-3)


def test_a_digit_is_known_again_when_it_is_shifted():
    classifier = fitted(k=1)
    shifted = np.roll(DIGITS.train_images, 1, axis=2)
    assert classifier.score(shifted, DIGITS.train_labels) > 0.97


def test_costs_are_those_of_the_search():
    classifier = fitted(candidates=10)
    assert classifier.variables == 200 * (4 * 4 + 8 * 8 + 16 * 16)
    # The pattern's own tangents on the other's, the sums within the other's, and each on the
    # difference; then six products for the tangents, and the difference on itself.
    sums = 7 * 7 + 7 * 8 // 2 + 2 * 7
    pairs = 10 * 256 * (sums + 6 + 1)
    assert classifier.multiply_accumulates == 200 * 16 + 80 * 64 + pairs
    everything = fitted(candidates=1000)
    assert everything.multiply_accumulates == 200 * (16 + 64) + 20 * pairs


@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        ({"k": 0}, "k is 0; expected a whole number, 1 or more"),
        ({"k": True}, "k is True; expected a whole number, 1 or more"),
        ({"smoothing": 0}, "smoothing is 0; expected a positive number"),
        ({"smoothing": np.nan}, "smoothing is nan; expected a positive number"),
        ({"smoothing": np.inf}, "smoothing is inf; expected a positive number"),
        ({"smoothing": "1"}, "smoothing is '1'; expected a positive number"),
        ({"candidates": 2.5}, "candidates is 2.5; expected a whole number, 1 or more"),
        ({"candidates": 3}, "candidates is 3; expected at least k = 4"),
    ],
    ids=repr,
)
def test_keywords_out_of_range_are_refused(keywords, said):
    with pytest.raises(ConfigurationError, match=said):
        fitted(**keywords)


def test_a_k_larger_than_the_set_is_refused():
    with pytest.raises(PatternError, match="at least k = 201 patterns; found 200"):
        fitted(k=201)
