import math
import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numba
import numpy as np
import pytest

import lenet98
from lenet98.network import kernels
from lenet98.network.plan import Objective, lay_out, zeros_for_parameters
from lenet98.network.tables import lenet1, lenet4, lenet5, multilayer


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
    slopes, squared_slopes = np.ones_like(x), np.ones_like(x)
    kernels.multiply_by_slopes(slopes, x)
    kernels.multiply_by_squared_slopes(squared_slopes, x**2)
    expected = 1.7159 * 2 / 3 / np.cosh(2 * a / 3) ** 2
    np.testing.assert_allclose(slopes, expected, rtol=1e-12)
    np.testing.assert_allclose(squared_slopes, expected**2, rtol=1e-12)


SIDES = range(1, 8)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("lanes", [1, 32])
def test_correlate_is_a_valid_correlation(side, lanes):
    rng = np.random.default_rng(0)
    images, two = rng.normal(size=(14, 16, lanes)), rng.normal(size=(2, side, side))
    pitch, rows = 16 * lanes, 15 - side
    out, x = np.zeros((2, rows * pitch)), np.append(images.ravel(), np.zeros(6 * lanes))
    kernels.correlate(*two.reshape(2, -1), side, x, pitch, *out, rows * pitch, (1,) * lanes)
    windows = np.lib.stride_tricks.sliding_window_view(images, (side, side), (0, 1))
    expected = np.einsum("yxlij,kij->kyxl", windows, two)
    valid = out.reshape(2, rows, 16, lanes)[:, :, : 17 - side]
    np.testing.assert_allclose(valid, expected, atol=1e-13)


def two_maps_of_deltas(rng, pitch, side):
    """Return 10x10 deltas of two maps, and both flat as kernels take them, after some zeros."""
    deltas = np.zeros((2, 10, pitch))
    deltas[:, :, :10] = rng.normal(size=(2, 10, 10))
    flat = np.pad(deltas.reshape(2, -1), ((0, 0), (side - 1, 16)))
    return deltas[:, :, :10], flat


@pytest.mark.parametrize("side", SIDES)
def test_deltas_are_carried_back_to_where_they_came_from(side):
    rng = np.random.default_rng(0)
    pitch, rows = 9 + side, 9 + side
    run = -(-10 * pitch // 16) * 16
    two, out = rng.normal(size=(2, side, side)), np.zeros(rows * pitch + 16)
    deltas, flat = two_maps_of_deltas(rng, pitch, side)
    kernels.correlate_back(*two.reshape(2, -1), side, *flat, pitch, out, run)
    expected = np.zeros((rows, pitch))
    for r, c in np.ndindex(side, side):
        expected[r : r + 10, c : c + 10] += np.tensordot(two[:, r, c], deltas, 1)
    np.testing.assert_allclose(out[: expected.size].reshape(rows, pitch), expected, atol=1e-12)
    assert not out[expected.size :].any()


@pytest.mark.parametrize("side", SIDES)
def test_kernel_gradients_sum_over_shared_positions(side):
    rng = np.random.default_rng(0)
    pitch = 9 + side
    run = -(-10 * pitch // 16) * 16
    x, gradients = rng.normal(size=(9 + side, pitch)), np.empty((2, side * side))
    deltas, flat = two_maps_of_deltas(rng, pitch, side)
    padded = np.append(x.ravel(), np.ones(32))
    kernels.find_kernel_gradients(*flat[:, side - 1 :], side, padded, pitch, *gradients, run)
    windows = np.lib.stride_tricks.sliding_window_view(x, (10, 10))
    expected = np.einsum("kyx,rcyx->krc", deltas, windows).reshape(2, -1)
    np.testing.assert_allclose(gradients, expected, atol=1e-12)


def test_map_loss_survives_large_penalties():
    deltas = np.zeros(10)
    penalties = np.full(10, 5000.0)
    energy = kernels.find_loss(penalties, 3, Objective(kernels.MAP, 4.0, 1.0), deltas)
    # e^-j outweighs every class: E = y_D - j.
    assert energy == pytest.approx(5000 - 4)
    assert deltas[3] == pytest.approx(1)


def test_map_loss_survives_a_rubbish_class_as_far_away():
    deltas, penalties = np.zeros(10), np.full(10, 2000.0)
    energy = kernels.find_loss(penalties, 3, Objective(kernels.MAP, 2000.0, 0.5), deltas)
    # Ten classes alike, and e^-1000 of the rubbish class.
    assert energy == pytest.approx(math.log(10))
    assert deltas[3] == pytest.approx(0.5 - 0.05)


@pytest.mark.parametrize(
    ("loss", "desired"),
    [(kernels.MSE, 0), (kernels.MSE, 2), (kernels.MAP, 0), (kernels.MAP, 2), (kernels.MAP, 3)],
)
def test_deltas_are_the_derivative_of_the_loss_by_each_penalty(loss, desired):
    objective, penalties, deltas = Objective(loss, 2.0, 0.3), np.array([5.0, 8.0, 3.0]), np.ones(3)

    def energy(of):
        return kernels.find_loss(of, desired, objective, np.empty(3))

    kernels.find_loss(penalties, desired, objective, deltas)
    steps = 1e-4 * np.eye(3)
    expected = [(energy(penalties + step) - energy(penalties - step)) / 2e-4 for step in steps]
    # Of rounding, 1e-16 / 1e-4, and of the third derivative times 1e-8.
    np.testing.assert_allclose(deltas, expected, atol=1e-9)
    scaled = 0.3 * np.append(penalties, 2.0 / 0.3)
    rest = 0 if loss == kernels.MSE else math.log(np.exp(-scaled).sum())
    assert energy(penalties) == pytest.approx(scaled[desired] + rest)


def test_of_equal_penalties_the_first_is_the_answer():
    assert kernels.class_of_least(np.array([2.0, 1.0, 1.0])) == 1


def test_the_rubbish_class_may_be_the_desired_one():
    deltas, objective = np.zeros(3), Objective(kernels.MAP, 4.0, 0.5)
    penalties = np.array([3.0, 9.0, 20.0])
    energy = kernels.find_loss(penalties, 3, objective, deltas)
    # Eq. 9 with the rubbish class in the place of D: its penalty is j.
    total = math.exp(-4) + np.exp(-0.5 * penalties).sum()
    assert energy == pytest.approx(4 + math.log(total))
    np.testing.assert_allclose(deltas, -0.5 * np.exp(-0.5 * penalties) / total)


@pytest.mark.parametrize(
    ("desired", "least", "wrong"),
    [(1, 7.9, False), (0, 7.9, True), (2, 7.9, True), (2, 8.1, False), (1, 8.1, False)],
)
def test_what_is_misclassified(desired, least, wrong):
    # Class 2 of two is the rubbish class, desired where no penalty comes below j / scale.
    penalties, objective = np.array([30.0, least]), Objective(kernels.MAP, 4.0, 0.5)
    assert kernels.misclassifies(penalties, desired, objective) == wrong


def test_map_loss_does_not_push_what_is_far_away():
    deltas = np.zeros(10)
    penalties = np.arange(10) * 30.0
    kernels.find_loss(penalties, 0, Objective(kernels.MAP, 4.0, 1.0), deltas)
    total = 1 + math.exp(-4)
    assert deltas[0] == pytest.approx(1 - 1 / total, rel=1e-6)
    assert deltas[1] == pytest.approx(-math.exp(-30) / total)


ARCHITECTURES = [lenet5(), lenet5(45), lenet5(64), lenet1(), lenet4(), multilayer(300)]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_layers_do_not_overlap_in_memory_and_runs_stay_in_it(architecture):
    layers = lay_out(architecture, np.float32).layers
    for below, here in pairwise(layers):
        assert below.at + below.extent <= here.at
        assert below.maps * below.stride <= below.extent
        assert below.height * below.pitch <= below.runs * below.run <= below.stride
        if here.form == kernels.CONVOLUTION:
            before = here.side - 1
            assert here.at - below.at - below.extent >= before
            # A run of the last map, so many rows down and columns on, may pass the maps below.
            end = (below.maps - 1) * below.stride + before * (below.pitch + 1) + here.run
            assert end <= here.at + here.extent - below.at


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_lanes_hold_every_unit_once_and_no_more(architecture):
    layers = lay_out(architecture, np.float32, 32).layers
    for here, above in pairwise(layers):
        assert here.run == here.width * 32
        assert here.extent == here.maps * here.height * here.width * 32
        assert here.at + here.extent == above.at


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_groups_hold_every_pair_of_a_convolution_once(architecture):
    plan = lay_out(architecture, np.float32)
    for here, layer in zip(plan.layers[1:], architecture.layers, strict=True):
        own = plan.groups[here.groups_at : here.groups_at + here.groups]
        found = {}
        for source, target, kernel, other_target, other_kernel in own:
            found[kernel] = (source, target)
            if other_target >= 0:
                found[other_kernel] = (source, other_target)
        if here.form == kernels.CONVOLUTION:
            assert [found[k] for k in range(len(layer.pairs))] == list(layer.pairs)
        else:
            assert not len(own)


def test_the_weights_that_are_streamed_begin_a_cache_line():
    for dtype in (np.float32, np.float64):
        plan = lay_out(lenet5(), dtype)
        parameters = zeros_for_parameters(plan)
        assert parameters.shape == (60_000,)
        assert parameters[156 + 12 + 1516 + 32 :].ctypes.data % 64 == 0


SQUASH_ONE = """
import numpy as np
from lenet98.network import kernels
x = np.ones(16)
kernels.squash(x)
print(x[0])
"""


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="is about compilation")
def test_a_changed_constant_is_not_answered_from_the_cache(tmp_path):
    package = Path(lenet98.__file__).parent
    ignored = shutil.ignore_patterns("__pycache__", "pretrained")
    shutil.copytree(package, tmp_path / "lenet98", ignore=ignored)
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "c")}
    file = tmp_path / "lenet98" / "network" / "kernels.py"

    def answer():
        command = [sys.executable, "-c", SQUASH_ONE]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        )
        return float(done.stdout)

    assert answer() == pytest.approx(1.7159 * math.tanh(2 / 3), rel=1e-12)
    assert any(tmp_path.rglob("*.nbc"))
    file.write_text(file.read_text().replace("A = 1.7159", "A = 1.5"))
    assert answer() == pytest.approx(1.5 * math.tanh(2 / 3), rel=1e-12)
