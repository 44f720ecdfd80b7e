"""What holds of every classifier."""

import inspect

import numpy as np
import pytest
from cases import CASES

from lenet98 import classifiers, draw_digits
from lenet98.errors import ConfigurationError, NotFittedError, PatternError

DIGITS = draw_digits(n_train=300, n_test=60)

EVERY = pytest.mark.parametrize("case", CASES, ids=repr)


def new(case):
    return type(case)(**case.get_params())


@pytest.fixture(scope="module")
def fitted():
    """Return a function that fits each classifier once."""
    known = {}

    def fit(case):
        if repr(case) not in known:
            known[repr(case)] = new(case).fit(DIGITS.train_images, DIGITS.train_labels)
        return known[repr(case)]

    return fit


def test_every_classifier_is_tried():
    assert {type(case).__name__ for case in CASES} == set(classifiers.__all__)


@EVERY
def test_most_digits_are_told_apart(case, fitted):
    classifier = fitted(case)
    scores = classifier.decision_function(DIGITS.test_images)
    assert scores.shape == (60, 10)
    assert np.isfinite(scores).all()
    answers = classifier.predict(DIGITS.test_images)
    assert (answers == scores.argmax(axis=1)).all()
    right = (answers == DIGITS.test_labels).mean()
    assert classifier.score(DIGITS.test_images, DIGITS.test_labels) == right
    # By chance a tenth.
    assert right > 0.5


@EVERY
def test_a_fit_is_the_same_twice_and_leaves_what_it_was_given(case, fitted):
    images, labels = DIGITS.train_images.copy(), DIGITS.train_labels.copy()
    again = new(case).fit(images, labels)
    assert (images == DIGITS.train_images).all()
    assert (labels == DIGITS.train_labels).all()
    some = DIGITS.test_images
    assert (again.decision_function(some) == fitted(case).decision_function(some)).all()


@EVERY
def test_an_image_is_scored_alone_as_among_others(case, fitted):
    among = fitted(case).decision_function(DIGITS.test_images[:3])
    alone = fitted(case).decision_function(DIGITS.test_images[1])
    # Sums of another order differ in their last digits.
    np.testing.assert_allclose(alone, among[1:2], rtol=1e-4, atol=1e-4)


@EVERY
def test_costs_are_counted_once_it_is_fitted(case, fitted):
    assert isinstance(fitted(case).multiply_accumulates, int)
    assert fitted(case).multiply_accumulates > 0
    assert isinstance(fitted(case).variables, int)
    assert fitted(case).variables > 0


@EVERY
def test_keywords_are_attributes(case):
    keywords = inspect.signature(type(case)).parameters
    assert case.get_params() == {name: getattr(case, name) for name in keywords}
    other = new(case)
    assert other.set_params(**case.get_params()) is other
    assert repr(other) == repr(case)
    with pytest.raises(ConfigurationError, match=f"{type(case).__name__}: .*'neighbors'"):
        case.set_params(neighbors=3)


ASK = {
    "predict": lambda classifier: classifier.predict(DIGITS.test_images),
    "multiply_accumulates": lambda classifier: classifier.multiply_accumulates,
    "variables": lambda classifier: classifier.variables,
}


@EVERY
@pytest.mark.parametrize("what", ASK)
def test_it_is_refused_before_it_is_fitted(case, what):
    with pytest.raises(NotFittedError, match=f"a fitted {type(case).__name__}"):
        ASK[what](new(case))


@pytest.mark.parametrize("what", ASK)
def test_it_is_refused_with_other_keywords_than_it_was_fitted_with(what):
    classifier = classifiers.NearestNeighbours(k=3).fit(DIGITS.train_images, DIGITS.train_labels)
    classifier.set_params(k=10**6)
    with pytest.raises(NotFittedError, match=r"Neighbours\(k=3, .* as fitted; found .*k=1000000"):
        ASK[what](classifier)
    ASK[what](classifier.set_params(k=3))


@EVERY
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda images, labels: (images, 0 * labels), "two classes; found 0 alone"),
        (lambda images, labels: (images[:1].repeat(len(labels), 0), labels), "all alike"),
        (lambda images, labels: (np.full(images.shape, np.nan), labels), "a NaN"),
        (lambda images, labels: (images, labels[:-1]), "300 whole numbers as labels"),
        (lambda images, labels: (images[:0], labels[:0]), "at least one pattern"),
        (lambda images, labels: (images[:, :9], labels), r"\(300, 9, 28\)"),
    ],
)
def test_wrong_patterns_are_refused(case, change, said):
    with pytest.raises(PatternError, match=said):
        new(case).fit(*change(DIGITS.train_images, DIGITS.train_labels))


@EVERY
def test_scikit_learn_takes_it(case):
    selection = pytest.importorskip("sklearn.model_selection")
    base = pytest.importorskip("sklearn.base")
    assert base.is_classifier(case)
    assert repr(base.clone(case)) == repr(case)
    images, labels = DIGITS.train_images[:120], DIGITS.train_labels[:120]
    found = selection.cross_val_score(case, images, labels, cv=2)
    assert found.shape == (2,)
    assert (found > 0.1).all()
