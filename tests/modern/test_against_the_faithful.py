"""LeNet-5 as a table of today's rows computes what the faithful engine does."""

import numpy as np
import pytest

from lenet98.data.patterns import BACKGROUND, FOREGROUND
from lenet98.data.sizes import LARGEST_GREY
from lenet98.modern import Activation, Convolution, Full, Model, Rbf, Subsampling
from lenet98.modern.strip import Strip
from lenet98.network.choices import InitialWeights
from lenet98.network.network import LeNet5
from lenet98.network.tables import TABLE_I, lenet5, pairs_of

SQUASH = Activation("squash")


def table(loss="map"):
    return Model(
        "LeNet-5",
        [
            Convolution(6, field=5),
            SQUASH,
            Subsampling(2),
            SQUASH,
            Convolution(16, field=5, pairs=pairs_of(TABLE_I)),
            SQUASH,
            Subsampling(2),
            SQUASH,
            Convolution(120, field=5),
            SQUASH,
            Full(84),
            SQUASH,
            Rbf(loss=loss, j=2.0, scale=0.5),
        ],
        height=32,
        width=32,
    )


def of_average(network, vector, factor):
    """Return a vector of the network's with its coefficients multiplied, and nothing else."""
    changed = vector.copy()
    for name in ("S2", "S4"):
        network.view(name, of=changed).weights[:] *= factor
    return changed


@pytest.fixture
def both(digits):
    """The faithful network, and a strip of the table with its parameters, on three patterns."""
    initial = InitialWeights(random_biases=True)
    network = LeNet5(seed=7, dtype=np.float64, initial=initial)
    strips, parameters = {}, of_average(network, network.parameters, 4)
    for loss in ("mse", "map"):
        levels = np.linspace(BACKGROUND, FOREGROUND, LARGEST_GREY + 1)
        strips[loss] = Strip(table(loss), 3, parameters, levels)
        strips[loss].present(digits.train_images, np.arange(3))
    return network, strips, digits


def test_parameters_and_connections_are_the_papers():
    assert table().parameters == lenet5().trainable == 60_000
    assert table().connections == lenet5().connections == 340_908


def test_penalties(both):
    network, strips, digits = both
    expected = network.penalties(digits.train_images[:3])
    np.testing.assert_allclose(-strips["map"].scores().T, expected, rtol=1e-10)


@pytest.mark.parametrize("loss", ["mse", "map"])
def test_gradient(both, loss):
    network, strips, digits = both
    images, labels = digits.train_images[:3], digits.train_labels[:3].astype(np.int64)
    settings = {"loss": loss, "j": 2.0, "scale": 0.5}
    strips[loss].pass_back(labels)
    expected = sum(
        network.gradient(image, label, **settings)
        for image, label in zip(images, labels, strict=True)
    )
    found = of_average(network, strips[loss].gradient, 4)
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-10)


def test_curvature(both):
    network, strips, digits = both
    strips["map"].pass_curvature_back()
    expected = 3 * network.curvature(digits.train_images[:3], loss="mse", scale=0.5)
    found = of_average(network, strips["map"].gradient, 16)
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-12)
