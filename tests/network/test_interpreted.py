"""A pattern or two through every kernel, few enough that Python itself can run them.

With NUMBA_DISABLE_JIT=1 the kernels are plain Python; compiled or not, the answers are the
reference's.
"""

import numpy as np
import pytest

from lenet98.data.distortions import affine_maps, distort
from lenet98.data.normalisation import normalise
from lenet98.data.strokes import draw_digits
from lenet98.training.training import Training, TrainingConfig

import reference


def test_penalties_gradient_and_curvature_of_one_pattern(network, patterns):
    _, states, _ = reference.fprop(network, patterns[0])
    np.testing.assert_allclose(network.penalties(patterns[:1])[0], states["OUTPUT"][:, 0])
    gradient = network.gradient(patterns[0], 3, loss="map", scale=0.5)
    for k in (0, 155, 156, 162, 168, 1683, 1684, 1700, 1716, 49_836, 59_999):
        kept, size = network.parameters[k], 1e-5
        energies = []
        for step in (size, -size):
            network.parameters[k] = kept + step
            penalties = network.penalties(patterns[:1])[0]
            energies.append(reference.loss(penalties, 3, "map", 1.0, 0.5))
        network.parameters[k] = kept
        difference = (energies[0] - energies[1]) / (2 * size)
        np.testing.assert_allclose(gradient[k], difference, rtol=1e-5, atol=1e-6)
    curvature = reference.curvature(network, patterns[0], 1.0, four_connections=False)
    np.testing.assert_allclose(network.curvature(patterns[:1]), curvature, rtol=1e-10)


@pytest.mark.parametrize("loss", ["mse", "map"])
def test_a_pass_of_two_patterns_in_float32(loss):
    digits = draw_digits(n_train=2, n_test=2)
    training = Training(digits, TrainingConfig(passes=1, loss=loss))
    before = training.network.parameters.copy()
    record = training.run_pass()
    assert np.isfinite(record.loss)
    assert training.network.parameters.dtype == np.float32
    assert (training.network.parameters != before).mean() > 0.9


def test_patterns_are_drawn_normalised_and_distorted():
    digits = draw_digits(n_train=10, n_test=1)
    again = normalise(digits.train_images[0])
    assert np.abs(again.astype(int) - digits.train_images[0]).mean() < 8
    still = affine_maps(scale=1, squeeze=0, shear=0, shift_x=0, shift_y=0)
    framed = distort(digits.train_images[:1], still)[0]
    np.testing.assert_array_equal(framed[2:-2, 2:-2], digits.train_images[0])
