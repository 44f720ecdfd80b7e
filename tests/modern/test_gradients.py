"""Every block back, by differences of the loss in float64, and the second derivatives."""

import numpy as np
import pytest

from lenet98.modern import (
    Activation,
    AveragePooling,
    Convolution,
    Dropout,
    Full,
    MaxPooling,
    Model,
    Rbf,
    Softmax,
    Subsampling,
)
from lenet98.modern.strip import Strip

SIZE, LANES, STEP = 8, 5, 1e-5
LEVELS = np.linspace(-0.1, 1.175, 256)
CENTRES = np.random.default_rng(3).choice([-1.0, 1.0], (4, 6))

FIRST = Convolution(3, field=3)
PAIRS = [(0, 0), (2, 0), (1, 1), (0, 2), (1, 2), (2, 2), (2, 3)]

ROWS = {
    "full": [Full(5)],
    "two full": [Full(5), Activation("tanh"), Full(7)],
    "convolution": [FIRST, Convolution(4, field=3)],
    "one by one": [FIRST, Convolution(2, field=1)],
    "same": [FIRST, Convolution(4, field=3, padding="same")],
    "same, even field": [FIRST, Convolution(4, field=2, padding="same")],
    "padding of two": [FIRST, Convolution(2, field=3, padding=2)],
    "stride": [FIRST, Convolution(5, field=3, stride=2)],
    "stride and padding": [FIRST, Convolution(5, field=2, stride=3, padding=1)],
    "pairs": [FIRST, Convolution(4, field=3, pairs=PAIRS)],
    "on two maps": [Convolution(2, field=2), Convolution(3, field=3)],
    "on one map": [Convolution(1, field=2), Convolution(3, field=3)],
    "max-pooling": [FIRST, MaxPooling(2)],
    "max-pooling of three": [FIRST, MaxPooling(3)],
    "max-pooling that overlaps": [FIRST, MaxPooling(3, stride=2)],
    "max-pooling of two that overlaps": [FIRST, MaxPooling(2, stride=1)],
    "average pooling": [FIRST, AveragePooling(2)],
    "average pooling that overlaps": [FIRST, AveragePooling(3, stride=1)],
    "subsampling": [FIRST, Activation("squash"), Subsampling(2)],
    "relu": [FIRST, Activation("relu")],
    "sigmoid": [FIRST, Activation("sigmoid")],
    "tanh": [FIRST, Activation("tanh")],
    "squash": [FIRST, Activation("squash")],
    "relu on tanh": [FIRST, Activation("tanh"), Activation("relu")],
    "dropout": [FIRST, Activation("tanh"), Dropout(0.4)],
    "pooling first": [MaxPooling(2), FIRST],
}
OUTPUTS = {
    "softmax": [Full(4), Softmax()],
    "eq. 8": [Full(6), Activation("squash"), Rbf(CENTRES, loss="mse")],
    "eq. 9": [Full(6), Activation("squash"), Rbf(CENTRES, loss="map", j=1.5, scale=0.7)],
}


def prepared(rows, seed=0):
    """Return a strip of noise, random parameters, biases too, and labels."""
    rng = np.random.default_rng(seed)
    model = Model("a table", rows, SIZE, SIZE)
    parameters = np.empty(model.parameters)
    strip = Strip(model, LANES, parameters, LEVELS)
    images = rng.integers(0, 256, (LANES, SIZE, SIZE), np.uint8)
    strip.present(images, np.arange(LANES))
    strip.draw(rng)
    parameters[:] = rng.normal(size=model.parameters) / 2
    return strip, parameters, rng.integers(0, 4, LANES)


def energy(strip, parameters, labels, k, step):
    kept = parameters[k]
    parameters[k] += step
    loss = strip.pass_back(labels).loss
    parameters[k] = kept
    return loss


def check_gradient(rows):
    strip, parameters, labels = prepared(rows)
    strip.pass_back(labels)
    gradient = strip.gradient.copy()
    for k in range(len(parameters)):
        up, down = (energy(strip, parameters, labels, k, step) for step in (STEP, -STEP))
        # A difference loses ten digits of a loss of about ten.
        assert gradient[k] == pytest.approx((up - down) / (2 * STEP), rel=1e-6, abs=1e-7), k
    assert np.abs(gradient).max() > 1e-3


@pytest.mark.parametrize("name", ROWS)
def test_the_gradient_of_a_block_is_that_of_differences(name):
    check_gradient([*ROWS[name], *OUTPUTS["softmax"]])


@pytest.mark.parametrize("name", OUTPUTS)
def test_the_gradient_of_an_output_is_that_of_differences(name):
    check_gradient([MaxPooling(4), *OUTPUTS[name]])


# Loops differ by the length of their runs: of one pattern, of few and of many.
@pytest.mark.parametrize("lanes", [5, 32])
@pytest.mark.parametrize("name", ROWS)
def test_patterns_side_by_side_are_those_that_pass_alone(name, lanes):
    rng, rows = np.random.default_rng(0), [*ROWS[name], *OUTPUTS["eq. 9"]]
    model = Model("a table", rows, SIZE, SIZE)
    parameters = rng.normal(size=model.parameters) / 2
    images = rng.integers(0, 256, (lanes, SIZE, SIZE), np.uint8)
    labels = rng.integers(0, 4, lanes)
    strip, alone = (Strip(model, many, parameters, LEVELS) for many in (lanes, 1))
    strip.present(images, np.arange(lanes))
    outcome, gradient = strip.pass_back(labels), strip.gradient.copy()
    wrong = (strip.scores().argmax(axis=0) != labels).sum()
    strip.pass_curvature_back()
    loss, misclassified, total, curvature = 0.0, 0, 0.0, 0.0
    for k in range(lanes):
        alone.present(images, np.array([k]))
        of_one = alone.pass_back(labels[[k]])
        loss, misclassified = loss + of_one.loss, misclassified + of_one.misclassified
        total = total + alone.gradient
        alone.pass_curvature_back()
        curvature = curvature + alone.gradient
    assert outcome.loss == pytest.approx(loss, rel=1e-12)
    assert outcome.misclassified == misclassified == wrong
    # Sums in another order, of what is up to a few hundred.
    np.testing.assert_allclose(gradient, total, rtol=1e-10, atol=1e-11)
    np.testing.assert_allclose(strip.gradient, curvature, rtol=1e-10, atol=1e-11)


def test_of_equals_the_first_takes_all():
    rows = [Convolution(1, field=1), MaxPooling(2), Full(4), Softmax()]
    model = Model("a table", rows, 2, 2)
    strip = Strip(model, 1, np.arange(1.0, model.parameters + 1), LEVELS)
    strip.present(np.full((1, 2, 2), 255, np.uint8), np.array([0]))
    strip.pass_back(np.array([0]))
    weight, bias = strip.gradient[:2]
    # One pixel of four, each 1.175, not all of them.
    assert weight == pytest.approx(1.175 * bias)
    assert bias != 0


# Where each unit of the output is linear in each parameter by itself, that of App. C is exact.
EXACT = {
    "softmax": [Full(4), Softmax()],
    "eq. 8": [Full(6), Rbf(CENTRES, loss="mse")],
    "max-pooling and ReLU": [
        Convolution(6, field=3),
        Activation("relu"),
        MaxPooling(3),
        MaxPooling(2),
        Rbf(CENTRES, loss="mse"),
    ],
    "dropout": [Full(6), Dropout(0.5), Rbf(CENTRES, loss="mse", scale=1.0)],
    "pairs and stride": [
        Convolution(3, field=1, stride=4),
        MaxPooling(2),
        Convolution(6, field=1, pairs=[(k % 3, k) for k in range(6)]),
        Rbf(CENTRES, loss="mse"),
    ],
}


@pytest.mark.parametrize("name", EXACT)
def test_second_derivatives_are_those_of_differences(name):
    rows = EXACT[name]
    strip, parameters, labels = prepared(rows)
    strip.pass_curvature_back()
    curvature = strip.gradient.copy()
    plain, of_plain, _ = prepared([row for row in rows if not isinstance(row, Dropout)])
    of_plain[:] = parameters
    size = 1e-3
    for k in range(len(parameters)):
        up, here, down = (energy(plain, of_plain, labels, k, step) for step in (size, 0, -size))
        difference = (up - 2 * here + down) / size**2
        assert curvature[k] == pytest.approx(difference, rel=1e-4, abs=1e-5), k
    assert curvature.max() > 1e-2
