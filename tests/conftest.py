import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lenet98.data.strokes import draw_digits
from lenet98.network import compilation
from lenet98.network.choices import InitialWeights
from lenet98.network.network import LeNet5


@pytest.fixture(scope="session")
def digits():
    """The pen strokes: no network, no MNIST."""
    return draw_digits(n_train=2000, n_test=500)


@pytest.fixture(scope="session")
def compiled_anew(tmp_path_factory):
    """The surroundings of a process whose kernels another has compiled that answered an image."""
    cache = tmp_path_factory.mktemp("compiled anew")
    package = str(Path(compilation.__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": package, "NUMBA_CACHE_DIR": str(cache)}
    command = [sys.executable, "-c", compilation._ANSWER_ONE, package]
    subprocess.run(command, env=environment, cwd=cache, check=True)
    assert any(cache.rglob("*.nbc"))
    return environment


@pytest.fixture
def network():
    """In float64, its biases away from zero so that they matter."""
    return LeNet5(seed=7, dtype=np.float64, initial=InitialWeights(random_biases=True))


@pytest.fixture
def patterns():
    """Three real patterns of noise: no symmetry for an error to hide behind."""
    return np.random.default_rng(5).uniform(-0.1, 1.175, (3, 32, 32))
