"""Losses and scores, against their formulas a pattern at a time."""

import math

import numpy as np
import pytest

from lenet98.modern import Rbf, Softmax
from lenet98.network import kernels
from lenet98.network.plan import Objective
from lenet98.paper.codes import digit_codes, place_codes

LABELS = np.array([3, 0, 9])


def test_softmax_is_the_share_of_each_class():
    x = np.random.default_rng(0).normal(size=(10, 3))
    shares = np.exp(x) / np.exp(x).sum(axis=0)
    np.testing.assert_allclose(np.exp(Softmax().scores(x)), shares)
    judged = Softmax().judge(x, LABELS)
    np.testing.assert_allclose(
        judged.losses, [-math.log(shares[c, k]) for k, c in enumerate(LABELS)]
    )
    np.testing.assert_allclose(judged.deltas.sum(axis=0), 0, atol=1e-15)


def test_softmax_of_large_sums_is_finite():
    judged = Softmax().judge(np.diag([1e4] * 10)[:, :3].astype(np.float32), LABELS)
    assert np.isfinite(judged.losses).all()
    assert judged.losses.tolist() == [1e4, 1e4, 1e4]


@pytest.mark.parametrize(("loss", "number"), [("mse", kernels.MSE), ("map", kernels.MAP)])
def test_the_paper_s_losses_are_those_of_the_engine(loss, number):
    x = np.random.default_rng(0).normal(size=(84, 3))
    output = Rbf(loss=loss, j=30.0, scale=0.5)
    judged = output.judge(x, LABELS)
    for k, label in enumerate(LABELS):
        penalties = ((x[:, k] - digit_codes()) ** 2).sum(axis=1)
        np.testing.assert_allclose(-output.scores(x)[:, k], penalties)
        of_penalties = np.zeros(10)
        energy = kernels.find_loss(penalties, label, Objective(number, 30.0, 0.5), of_penalties)
        assert judged.losses[k] == pytest.approx(energy)
        expected = 2 * of_penalties @ (x[:, k] - digit_codes())
        np.testing.assert_allclose(judged.deltas[:, k], expected, atol=1e-12)


def test_eq_9_of_what_lies_far_off_is_finite():
    x = np.full((84, 3), 100, np.float32)
    judged = Rbf(loss="map", j=1e7, scale=0.5).judge(x, LABELS)
    penalties = ((x[:, 0] - digit_codes()) ** 2).sum(axis=1)
    # All but the nearest count for nothing.
    expected = 0.5 * (penalties[LABELS] - penalties.min())
    np.testing.assert_allclose(judged.losses, expected, rtol=1e-5, atol=0.1)
    assert expected.max() > 100


@pytest.mark.parametrize("output", [Softmax(), Rbf(place_codes(10)), Rbf(loss="mse")])
def test_a_loss_tells_the_scores_too(output):
    inputs = 84 if isinstance(output, Rbf) and output.loss == "mse" else 10
    x = np.random.default_rng(0).normal(size=(inputs, 3))
    np.testing.assert_array_equal(output.judge(x, LABELS).scores, output.scores(x))


def test_place_codes_are_centres_as_others():
    output = Rbf(place_codes(10), loss="mse")
    x = np.full((10, 3), -1.0)
    x[LABELS, range(3)] = 1
    assert output.scores(x).argmax(axis=0).tolist() == LABELS.tolist()
    assert output.judge(x, LABELS).losses.tolist() == [0, 0, 0]


@pytest.mark.parametrize("output", [Softmax(), Rbf(place_codes(10))])
def test_single_precision_stays(output):
    x = np.ones((10, 3), np.float32)
    judged = output.judge(x, LABELS)
    assert judged.deltas.dtype == output.scores(x).dtype == output.curvature(x).dtype == np.float32
