"""Optimisers, against their formulas in NumPy over several steps."""

from dataclasses import replace

import numpy as np
import pytest

from lenet98.errors import ConfigurationError
from lenet98.modern import SGD, Adam, OneRateAWeight, Recipe, RMSprop
from lenet98.network.choices import InitialWeights

START = np.array([1.0, -2.0, 0.5])
GRADIENTS = np.random.default_rng(0).normal(size=(5, 3))


def after(optimiser, dtype=np.float64):
    parameters = START.astype(dtype)
    descent = optimiser.start(parameters)
    for gradient in GRADIENTS:
        descent.step(gradient.astype(dtype))
    return parameters


def test_sgd_subtracts_its_rate_times_the_gradient():
    np.testing.assert_allclose(after(SGD(0.1)), START - 0.1 * GRADIENTS.sum(axis=0))


def test_momentum_makes_the_last_move_again():
    x, move = START, 0
    for gradient in GRADIENTS:
        move = 0.9 * move - 0.1 * gradient
        x = x + move
    np.testing.assert_allclose(after(SGD(0.1, momentum=0.9)), x)


def test_rmsprop_divides_by_the_root_of_the_mean_square():
    x, square = START, 0
    for gradient in GRADIENTS:
        square = 0.8 * square + 0.2 * gradient**2
        x = x - 0.1 * gradient / np.sqrt(square + 1e-3)
    np.testing.assert_allclose(after(RMSprop(0.1, decay=0.8, least=1e-3)), x)


def test_adam_divides_means_free_of_their_start():
    # With nothing added to the root: where it is added, means free of their start differ a little.
    x, means, squares = START, 0, 0
    for k, gradient in enumerate(GRADIENTS, start=1):
        means = 0.7 * means + 0.3 * gradient
        squares = 0.8 * squares + 0.2 * gradient**2
        x = x - 0.1 * (means / (1 - 0.7**k)) / np.sqrt(squares / (1 - 0.8**k))
    np.testing.assert_allclose(after(Adam(0.1, decays=(0.7, 0.8), least=1e-30)), x)


def test_each_weight_has_the_rate_of_its_curvature_in_each_pass():
    x = START.copy()
    descent = OneRateAWeight(eta=0.5, mu=0.2, patterns=7).start(x)
    expected = START.copy()
    for number, share in ((1, 1.0), (2, 0.2), (3, 0.2)):
        asked = []

        def curvature(patterns, number=number, asked=asked):
            asked.append(patterns)
            return np.array([0.0, 1.0, 10.0]) * number

        descent.begin_pass(share, curvature)
        assert asked == [7]
        descent.step(GRADIENTS[number])
        expected -= share * 0.5 / (0.2 + np.array([0.0, 1.0, 10.0]) * number) * GRADIENTS[number]
    np.testing.assert_allclose(x, expected)


@pytest.mark.parametrize("optimiser", [SGD(0.1, 0.5), RMSprop(0.1), Adam(0.1)])
def test_a_share_of_the_rate_is_a_smaller_rate(optimiser):
    moved = []
    for rate, share in ((0.1, 0.2), (0.02, 1.0)):
        x = START.copy()
        descent = replace(optimiser, rate=rate).start(x)
        descent.begin_pass(share, None)
        for gradient in GRADIENTS:
            descent.step(gradient)
        moved.append(x)
    np.testing.assert_allclose(*moved)
    assert (moved[0] != START).all()


def test_the_last_share_holds_for_all_later_passes():
    recipe = Recipe(fall=(1.0, 0.5, 0.1))
    assert [recipe.share_of(number) for number in range(1, 6)] == [1.0, 0.5, 0.1, 0.1, 0.1]


@pytest.mark.parametrize("optimiser", [SGD(0.1, 0.5), RMSprop(0.01), Adam(0.01)])
def test_single_precision_is_near(optimiser):
    single = after(optimiser, np.float32)
    assert single.dtype == np.float32
    # A few roundings of six digits, and an approximate root.
    np.testing.assert_allclose(single, after(optimiser), rtol=1e-4)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: SGD(0), "rate is 0"),
        (lambda: SGD(0.1, momentum=1), "momentum is 1"),
        (lambda: RMSprop(float("nan")), "rate is nan"),
        (lambda: RMSprop(decay=-0.1), "decay is -0.1"),
        (lambda: RMSprop(least=0), "least is 0"),
        (lambda: Adam(least=float("nan")), "least is nan"),
        (lambda: Adam(decays=0.9), "decays is 0.9; expected a tuple of two"),
        (lambda: Adam(decays=(0.9,)), "decays is"),
        (lambda: Adam(decays=(0.9, 1.0)), "one of decays is 1.0"),
        (lambda: OneRateAWeight(eta=0), "eta is 0"),
        (lambda: OneRateAWeight(mu=0), "mu is 0"),
        (lambda: OneRateAWeight(patterns=0), "patterns is 0"),
        (lambda: Recipe("adam"), "optimiser is 'adam'"),
        (lambda: Recipe(passes=0), "passes is 0"),
        (lambda: Recipe(batch=0.5), "batch is 0.5"),
        (lambda: Recipe(levels=(1.0, 0.0)), "levels is"),
        (lambda: Recipe(levels=(0.0,)), "levels is"),
        (lambda: Recipe(levels=1), "levels is 1"),
        (lambda: Recipe(fall=0.5), "fall is 0.5"),
        (lambda: Recipe(fall=()), "fall is"),
        (lambda: Recipe(fall=(1.0, 2.0)), "fall is"),
        (lambda: Recipe(start="zeros"), "start is 'zeros'"),
    ],
)
def test_settings_out_of_range_are_refused(make, said):
    with pytest.raises(ConfigurationError, match=said):
        make()


def test_a_recipe_takes_the_paper_s_start():
    assert Recipe(start=InitialWeights()).start == InitialWeights()
