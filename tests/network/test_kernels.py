import math
from itertools import pairwise

import numpy as np
import pytest

from lenet98.network import kernels
from lenet98.network.plan import lay_out
from lenet98.network.tables import lenet1, lenet4, lenet5


def test_squash_is_eq_6_in_float64():
    a = np.linspace(-30, 30, 1600)
    x = a.copy()
    kernels.squash(x)
    np.testing.assert_allclose(x, 1.7159 * np.tanh(2 * a / 3), rtol=1e-15)


def test_squash_in_float32_is_within_its_rounding():
    a = np.linspace(-30, 30, 160_000).astype(np.float32)
    x = a.copy()
    kernels.squash(x)
    # 2e-7 of tanh, times A, and the last bit of a float32 below 2.
    assert np.abs(x - 1.7159 * np.tanh(2 * a.astype(float) / 3)).max() < 2e-7 * 1.7159 + 2**-23


def test_squash_keeps_plus_minus_one():
    x = np.array([1.0, -1.0] * 8)
    kernels.squash(x)
    # App. A rounds A so that f(1) = 1 to four decimals.
    np.testing.assert_allclose(x, [1, -1] * 8, atol=5e-5)


def test_squash_shows_a_nan():
    x = np.full(16, np.nan, np.float32)
    kernels.squash(x)
    assert np.isnan(x).all()


def test_slopes_are_the_derivative_of_eq_6():
    a = np.linspace(-4, 4, 160)
    x = a.copy()
    kernels.squash(x)
    slopes = np.empty_like(x)
    kernels.find_slopes(x, slopes)
    np.testing.assert_allclose(slopes, 1.7159 * 2 / 3 / np.cosh(2 * a / 3) ** 2, rtol=1e-12)


@pytest.mark.parametrize("width", [14, 32])
@pytest.mark.parametrize("lanes", [1, 16])
def test_correlate_is_a_valid_correlation(width, lanes):
    rng = np.random.default_rng(0)
    images, kernel = rng.normal(size=(14, width, lanes)), rng.normal(size=(5, 5))
    pitch = width * lanes
    run = -(-10 * pitch // 16) * 16
    out, x = np.zeros(run), np.append(images.ravel(), np.zeros(64 * lanes))
    kernels.correlate(kernel.ravel(), x, pitch, out, run, (1,) * lanes)
    windows = np.lib.stride_tricks.sliding_window_view(images, (5, 5), (0, 1))
    expected = np.einsum("yxlij,ij->yxl", windows, kernel)
    valid = out[: 10 * pitch].reshape(10, width, lanes)[:, : width - 4]
    np.testing.assert_allclose(valid, expected, atol=1e-13)


def test_kernel_gradient_sums_over_shared_positions():
    rng = np.random.default_rng(0)
    pitch, run = 14, 144
    x, deltas = rng.normal(size=(14, pitch)), np.zeros((10, pitch))
    deltas[:, :10] = rng.normal(size=(10, 10))
    padded = np.concatenate([np.zeros(4), deltas.ravel(), np.zeros(4)])
    gradient = np.empty(25)
    kernels.find_kernel_gradient(padded, np.append(x.ravel(), np.ones(8)), pitch, gradient, run)
    expected = [(deltas[:, :10] * x[r : r + 10, c : c + 10]).sum() for r, c in np.ndindex(5, 5)]
    np.testing.assert_allclose(gradient, expected, atol=1e-12)


def test_map_loss_survives_large_penalties():
    deltas = np.zeros(10)
    penalties = np.full(10, 5000.0)
    energy = kernels.find_loss(penalties, 3, kernels.MAP, 4.0, 1.0, deltas)
    # e^-j outweighs every class: E = y_D - j.
    assert energy == pytest.approx(5000 - 4)
    assert deltas[3] == pytest.approx(1)


def test_map_loss_does_not_push_what_is_far_away():
    deltas = np.zeros(10)
    penalties = np.arange(10) * 30.0
    kernels.find_loss(penalties, 0, kernels.MAP, 4.0, 1.0, deltas)
    total = 1 + math.exp(-4)
    assert deltas[0] == pytest.approx(1 - 1 / total, rel=1e-6)
    assert deltas[1] == pytest.approx(-math.exp(-30) / total)


@pytest.mark.parametrize("architecture", [lenet5(), lenet5(45), lenet5(64), lenet1(), lenet4()])
def test_layers_do_not_overlap_in_memory_and_gaps_are_wide_enough(architecture):
    layers = lay_out(architecture).layers
    for here, above in pairwise(layers):
        assert here.at + here.extent <= above.at
        assert here.maps * here.stride <= here.extent
        assert here.height * here.pitch <= here.runs * here.run <= here.stride
    for below, here in pairwise(layers):
        if here.side == 5 and here.pitch == below.pitch and below.width != 5:
            reach = 4 * (here.pitch + 1)
            assert here.at - (below.at + below.extent) >= reach
            assert here.stride >= below.run


@pytest.mark.parametrize("architecture", [lenet5(), lenet5(45), lenet1()])
def test_lanes_hold_every_unit_once_and_no_more(architecture):
    layers = lay_out(architecture, 32).layers
    for here, above in pairwise(layers):
        assert here.run == here.width * 32
        assert here.extent == here.maps * here.height * here.width * 32
        assert here.at + here.extent == above.at
