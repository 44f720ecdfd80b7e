import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
import pytest
from matplotlib.image import imsave

import lenet98
from lenet98.data.strokes import draw_digits
from lenet98.network.choices import InitialWeights
from lenet98.network.network import LeNet5


@pytest.fixture(scope="session")
def digits():
    """The pen strokes: no network, no MNIST."""
    return draw_digits(n_train=2000, n_test=500)


class Installed(NamedTuple):
    """A copy of the package, which has answered an image by a command."""

    environment: dict[str, str]
    command: list[str]
    ended: subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def installed_anew(tmp_path_factory):
    """Install the package where nothing can be written to, and let it compile what answers."""
    folder = tmp_path_factory.mktemp("installed")
    copy = folder / "lenet98"
    package = Path(lenet98.__file__).parent
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for inside in {path.parent for path in copy.rglob("*.py")}:
        (inside / "__pycache__").write_text("a file where a folder should be")
    around = {
        "HOME": os.devnull,
        "XDG_CACHE_HOME": os.devnull,
        "NUMBA_CACHE_DIR": os.devnull,
        "TMPDIR": str(folder),
        "MPLCONFIGDIR": matplotlib.get_cachedir(),
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    digit = draw_digits(n_train=1, n_test=1).train_images[0]
    imsave(folder / "digit.png", np.repeat(255 - digit[..., None], 3, axis=2))
    command = [sys.executable, "-m", "lenet98", "digit.png"]
    environment = os.environ | around
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return Installed(environment, command, ended)


@pytest.fixture
def network():
    """In float64, its biases away from zero so that they matter."""
    return LeNet5(seed=7, dtype=np.float64, initial=InitialWeights(random_biases=True))


@pytest.fixture
def patterns():
    """Three real patterns of noise: no symmetry for an error to hide behind."""
    return np.random.default_rng(5).uniform(-0.1, 1.175, (3, 32, 32))
