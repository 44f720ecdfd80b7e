import numpy as np
import pytest

from lenet98.questions.unit_fit import fit_unit, squashed


def a_unit(rng, inputs=12, scale=0.3):
    return rng.normal(0, scale, inputs), rng.normal(0, scale)


def shown(rng, weights, bias, many=4000, grey=0.0):
    """Inputs, and the states that a unit answers, rounded to so much."""
    inputs = rng.uniform(-1.7, 1.7, (many, len(weights)))
    states = squashed(inputs @ weights + bias)
    return inputs, states if not grey else np.rint(states / grey) * grey


def test_exact_states_give_the_weights_back():
    rng = np.random.default_rng(0)
    weights, bias = a_unit(rng)
    fit = fit_unit(*shown(rng, weights, bias), damping=0.0)
    np.testing.assert_allclose(fit.weights, weights, atol=1e-8)
    assert fit.bias == pytest.approx(bias, abs=1e-8)
    assert fit.residual < 1e-9
    np.testing.assert_allclose(fit(np.zeros(12)), squashed(np.array(bias)), atol=1e-8)


def test_rounded_states_give_them_within_the_standard_errors():
    rng = np.random.default_rng(1)
    grey = 2 * 1.7159 / 255
    apart = []
    for _ in range(40):
        weights, bias = a_unit(rng)
        fit = fit_unit(*shown(rng, weights, bias, many=1000, grey=grey), damping=0.0)
        apart.extend((np.append(fit.weights, fit.bias) - np.append(weights, bias)) / fit.errors)
        # Rounding is uniform: its deviation is a grey over the root of twelve.
        assert fit.residual == pytest.approx(grey / np.sqrt(12), rel=0.15)
    # Of 520 such quotients the root mean square is 1 to 6 %: a fifth off is beyond chance.
    assert np.sqrt(np.mean(np.square(apart))) == pytest.approx(1, abs=0.2)


def test_clipped_states_are_no_hindrance():
    rng = np.random.default_rng(2)
    weights, bias = a_unit(rng, scale=2.0)
    grey = 2 * 1.7159 / 255
    inputs, states = shown(rng, weights, bias, grey=grey)
    assert (np.abs(states) > 0.99 * 1.7159).mean() > 0.5
    fit = fit_unit(inputs, states, damping=1e-9)
    np.testing.assert_allclose(fit.weights, weights, rtol=0.05, atol=0.02)


def test_what_the_inputs_leave_open_is_settled_by_the_damping():
    rng = np.random.default_rng(3)
    inputs = rng.uniform(-1, 1, (500, 1)) * np.ones((1, 2))  # two inputs that go together
    states = squashed(inputs @ np.array([0.9, 0.1]))
    fit = fit_unit(inputs, states, damping=1e-9)
    np.testing.assert_allclose(fit.weights, [0.5, 0.5], atol=1e-3)
    errors, combinations = fit.combinations
    # The difference of the two is what they leave open; the errors of the rest are finite.
    np.testing.assert_allclose(np.abs(combinations[0]), [0.5**0.5, 0.5**0.5, 0], atol=1e-6)
    assert combinations[0, 0] * combinations[0, 1] < 0
    assert errors[0] > 1e5 * errors[1]


def test_combinations_explain_the_errors_of_the_parameters():
    rng = np.random.default_rng(4)
    weights, bias = a_unit(rng)
    fit = fit_unit(*shown(rng, weights, bias, grey=2 * 1.7159 / 255), damping=0.0)
    errors, combinations = fit.combinations
    assert (np.diff(errors) <= 0).all()
    np.testing.assert_allclose(combinations @ combinations.T, np.eye(13), atol=1e-12)
    np.testing.assert_allclose((errors[:, None] ** 2 * combinations**2).sum(axis=0), fit.errors**2)
