import gc

import numpy as np
import pytest

from lenet98.data.strokes import draw_digits
from lenet98.network.choices import InitialWeights
from lenet98.network.network import LeNet5

from installed import Installed


def pytest_collection_finish():
    """All that was imported stays: garbage need not be sought in it over and over."""
    gc.freeze()


@pytest.fixture(scope="session")
def digits():
    """The pen strokes: no network, no MNIST."""
    return draw_digits(n_train=2000, n_test=500)


@pytest.fixture(scope="session", autouse=True)
def installing(request, tmp_path_factory):
    """Begin at once what takes long to compile, if a test asks for it: others come before that."""
    if not any("installed_anew" in item.fixturenames for item in request.session.items):
        yield None
        return
    installed = Installed(tmp_path_factory.mktemp("installed"))
    yield installed
    installed.end()


@pytest.fixture(scope="session")
def installed_anew(installing):
    """The package where nothing can be written to, which compiles what it needs."""
    return installing


@pytest.fixture
def network():
    """In float64, its biases away from zero so that they matter."""
    return LeNet5(seed=7, dtype=np.float64, initial=InitialWeights(random_biases=True))


@pytest.fixture
def patterns():
    """Three real patterns of noise: no symmetry for an error to hide behind."""
    return np.random.default_rng(5).uniform(-0.1, 1.175, (3, 32, 32))
