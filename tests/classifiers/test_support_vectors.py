import numpy as np
import pytest

from lenet98 import draw_digits
from lenet98.classifiers import PolynomialSVM, ReducedSetSVM, VirtualSVM, polynomial
from lenet98.classifiers import one_against_rest as module
from lenet98.classifiers.one_against_rest import TOLERANCE, train
from lenet98.classifiers.polynomial import Polynomial, unit_vectors
from lenet98.classifiers.reduced_set import Distance, reduce
from lenet98.classifiers.virtual_vectors import shifted
from lenet98.errors import ConfigurationError

DIGITS = draw_digits(n_train=300, n_test=60)
VECTORS = unit_vectors(DIGITS.train_images, deslanted=False)
LABELS = DIGITS.train_labels.astype(np.int64)


@pytest.mark.parametrize("degree", [1, 2, 3, 4, 5, 9])
@pytest.mark.parametrize("offset", [0.0, 1.0])
def test_kernels_are_powers_of_products(degree, offset, monkeypatch):
    monkeypatch.setattr(polynomial, "_A_BLOCK", 7)
    some, others = VECTORS[:20], VECTORS[20:50]
    products = some.astype(np.float64) @ others.T
    kernels = ((products + offset) / (1 + offset)) ** degree
    kernel = Polynomial(degree, offset)
    np.testing.assert_allclose(kernel.between(some, others), kernels, rtol=1e-5, atol=1e-7)
    weights = np.random.default_rng(1).normal(size=(30, 2))
    np.testing.assert_allclose(kernel.sums(some, others, weights), kernels @ weights, atol=1e-5)
    sloping = kernel.with_slopes(some, others)
    np.testing.assert_allclose(sloping.kernels, kernels, rtol=1e-5, atol=1e-7)
    slopes = degree / (1 + offset) * ((products + offset) / (1 + offset)) ** (degree - 1)
    np.testing.assert_allclose(sloping.slopes, slopes, rtol=1e-5, atol=1e-7)


def test_vectors_are_of_unit_length_whatever_the_ink():
    images = DIGITS.train_images[:5] // 2
    images[4] = 0
    vectors = unit_vectors(images, deslanted=True)
    assert vectors.shape == (5, 400)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 1, 1, 1, 0], rtol=1e-6)


@pytest.mark.parametrize("c", [0.01, 1.0, 30.0])
@pytest.mark.parametrize(("first", "largest"), [(1000, 1000), (50, 1000), (50, 40)])
def test_every_machine_is_at_its_optimum_however_it_was_reached(c, first, largest, monkeypatch):
    monkeypatch.setattr(module, "_FIRST", first)
    monkeypatch.setattr(module, "_LARGEST_SET", largest)
    kernel = Polynomial(3, 0.5)
    found = train(kernel, VECTORS, LABELS, c)
    kernels = ((VECTORS.astype(np.float64) @ VECTORS.T + 0.5) / 1.5) ** 3
    for digit in range(10):
        signs = np.where(digit == LABELS, 1.0, -1.0)
        weights = found.weights[:, digit]
        multipliers = weights * signs
        assert ((multipliers >= 0) & (multipliers <= c)).all()
        sums = kernels @ weights
        margins = signs * (sums - found.thresholds[digit])
        # All are within the tolerance, for the threshold is within it; a tenth for rounding.
        assert (margins[multipliers == 0] >= 1 - 1.1 * TOLERANCE).all()
        assert (margins[multipliers == c] <= 1 + 1.1 * TOLERANCE).all()
        free = (multipliers > 0) & (multipliers < c)
        np.testing.assert_allclose(margins[free], 1, atol=1.1 * TOLERANCE)
        dual = multipliers.sum() - weights @ sums / 2
        primal = weights @ sums / 2 + c * np.maximum(0, 1 - margins).sum()
        assert primal - dual >= -1e-9 * dual
        # Each pattern adds to the gap no more than its multiplier, or the price, by the tolerance.
        assert primal - dual <= 1.1 * TOLERANCE * c * len(signs)
        assert primal - dual <= 0.01 * dual


def test_scores_are_those_of_scikit_learn():
    svm = pytest.importorskip("sklearn.svm")
    ours = PolynomialSVM(degree=4, c=2.0).fit(DIGITS.train_images, DIGITS.train_labels)
    scores = ours.decision_function(DIGITS.test_images)
    asked = unit_vectors(DIGITS.test_images, deslanted=False)
    for digit in (0, 8):
        peer = svm.SVC(C=2.0, kernel="poly", degree=4, gamma=1.0, coef0=0.0, tol=1e-5)
        peer.fit(VECTORS, digit == LABELS)
        # Both within a tolerance of the margin.
        np.testing.assert_allclose(
            scores[:, digit], peer.decision_function(asked), atol=5 * TOLERANCE
        )


def test_the_order_of_the_patterns_does_not_matter():
    order = np.random.default_rng(1).permutation(300)
    images, labels = DIGITS.train_images, DIGITS.train_labels
    one = PolynomialSVM().fit(images, labels).decision_function(DIGITS.test_images)
    other = PolynomialSVM().fit(images[order], labels[order]).decision_function(DIGITS.test_images)
    np.testing.assert_allclose(one, other, atol=5 * TOLERANCE)


def test_a_pattern_far_from_the_margin_does_not_matter():
    machines = PolynomialSVM().fit(DIGITS.train_images, DIGITS.train_labels)
    kernel = Polynomial(4, 0.0)
    kept = train(kernel, VECTORS, LABELS, machines.c).support()
    assert 20 < len(kept) < 300
    again = PolynomialSVM().fit(DIGITS.train_images[kept], DIGITS.train_labels[kept])
    np.testing.assert_allclose(
        again.decision_function(DIGITS.test_images),
        machines.decision_function(DIGITS.test_images),
        atol=5 * TOLERANCE,
    )


def test_costs_are_products_with_the_support_vectors_and_their_weights():
    machines = PolynomialSVM(deslanted=True).fit(DIGITS.train_images, DIGITS.train_labels)
    weights = machines.machines_.weights
    assert machines.multiply_accumulates == 400 * len(weights) + np.count_nonzero(weights)
    assert machines.variables == machines.multiply_accumulates + 10


def test_a_class_that_is_not_there_is_never_the_answer():
    some = DIGITS.train_labels < 3
    machines = PolynomialSVM().fit(DIGITS.train_images[some], DIGITS.train_labels[some])
    scores = machines.decision_function(DIGITS.test_images)
    assert (scores[:, 3:] == -1).all()
    assert set(machines.predict(DIGITS.train_images[some])) == {0, 1, 2}


def test_blank_and_contradicting_patterns_are_borne():
    images = np.concatenate([DIGITS.train_images[:40], DIGITS.train_images[:40]])
    images[3] = 0
    labels = np.concatenate([DIGITS.train_labels[:40], (DIGITS.train_labels[:40] + 1) % 10])
    for machines in (PolynomialSVM(c=1e6), ReducedSetSVM(vectors=40, c=1e6)):
        machines.fit(images, labels)
        assert np.isfinite(machines.decision_function(images)).all()


def test_virtual_vectors_are_shifted_by_a_pixel():
    images = np.zeros((2, 28, 28), np.uint8)
    images[0, 0, 5] = images[1, 10, 10] = 1
    moved = shifted(images).reshape(5, 2, 28, 28)
    assert moved.dtype == np.uint8
    places = [tuple(np.argwhere(image[1])[0]) for image in moved]
    assert places == [(10, 10), (9, 10), (11, 10), (10, 9), (10, 11)]
    # What leaves the image does not come in at the other side.
    assert moved[:, 0].sum(axis=(1, 2)).tolist() == [1, 0, 1, 1, 1]


def test_a_virtual_machine_is_one_of_shifted_support_vectors():
    virtual = VirtualSVM(degree=3, c=2.0).fit(DIGITS.train_images, DIGITS.train_labels)
    kept = train(Polynomial(3, 1.0), VECTORS, LABELS, 2.0).support()
    twin = PolynomialSVM(degree=3, offset=1.0, c=2.0)
    twin.fit(shifted(DIGITS.train_images[kept]), np.tile(LABELS[kept], 5))
    some = DIGITS.test_images
    assert (virtual.decision_function(some) == twin.decision_function(some)).all()


def full():
    return PolynomialSVM(degree=5).fit(DIGITS.train_images, DIGITS.train_labels).machines_


def squared_distance(machines, others):
    """Of the functions, by all their kernels."""

    def product(one, other):
        kernels = (one.vectors.astype(np.float64) @ other.vectors.T) ** 5
        return np.einsum("ik,ij,jk->", one.weights, kernels, other.weights)

    return product(machines, machines) - 2 * product(machines, others) + product(others, others)


def test_the_distance_is_that_of_the_functions_and_falls():
    machines = full()
    first = reduce_in(machines, 20, rounds=0)
    more = reduce_in(machines, 20, rounds=30)
    assert len(first.vectors) == len(more.vectors) == 20
    np.testing.assert_allclose(np.linalg.norm(more.vectors, axis=1), 1, rtol=1e-6)
    distance = Distance(machines)
    constant = squared_distance(machines, machines._replace(weights=0 * machines.weights))
    for few in (first, more):
        found = distance(few.vectors.astype(np.float64)).value + constant
        assert found == pytest.approx(squared_distance(machines, few), rel=1e-3)
    assert squared_distance(machines, more) < 0.7 * squared_distance(machines, first)


def reduce_in(machines, count, rounds):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lenet98.classifiers.reduced_set.ROUNDS", rounds)
        return reduce(machines, count)


def test_the_gradient_of_the_distance_is_that_of_differences():
    distance = Distance(full())
    rng = np.random.default_rng(1)
    point = rng.uniform(0.5, 1.5, (6, 784))
    way = rng.normal(size=point.shape)
    way /= np.linalg.norm(way)
    ahead = [distance(point + part * way).value for part in (-0.1, 0.1)]
    slope = np.vdot(distance(point).gradient, way)
    # Of float32 sums and of a difference this wide.
    assert (ahead[1] - ahead[0]) / 0.2 == pytest.approx(slope, rel=0.02)


def test_as_many_vectors_as_there_are_are_kept():
    machines = full()
    assert reduce(machines, len(machines.vectors)) is machines


def test_a_reduced_set_counts_what_it_was_reduced_to():
    reduced = ReducedSetSVM(vectors=30).fit(DIGITS.train_images, DIGITS.train_labels)
    assert reduced.multiply_accumulates == 30 * (784 + 10)
    whole = PolynomialSVM(degree=5).fit(DIGITS.train_images, DIGITS.train_labels)
    same = reduced.predict(DIGITS.test_images) == whole.predict(DIGITS.test_images)
    assert same.mean() > 0.8


@pytest.mark.parametrize("kind", [PolynomialSVM, ReducedSetSVM, VirtualSVM])
@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        ({"degree": 0}, "degree is 0; expected a whole number, 1 or more"),
        ({"degree": 2.5}, "degree is 2.5; expected a whole number"),
        ({"c": 0}, "c is 0; expected a positive number"),
        ({"c": -1.0}, "c is -1.0; expected a positive number"),
        ({"c": float("inf")}, "c is inf; expected"),
        ({"c": "much"}, "c is 'much'; expected"),
        ({"offset": -0.5}, "offset is -0.5; expected 0 or more"),
        ({"offset": float("nan")}, "offset is nan; expected"),
    ],
)
def test_keywords_out_of_range_are_refused(kind, keywords, said):
    with pytest.raises(ConfigurationError, match=said):
        kind(**keywords).fit(DIGITS.train_images, DIGITS.train_labels)


@pytest.mark.parametrize("vectors", [0, 1.5, None])
def test_no_vectors_are_refused(vectors):
    with pytest.raises(ConfigurationError, match="vectors is .*; expected a whole number, 1"):
        ReducedSetSVM(vectors=vectors).fit(DIGITS.train_images, DIGITS.train_labels)
