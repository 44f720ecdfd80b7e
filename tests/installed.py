"""A copy of the package where nothing can be written to, so that it compiles all it needs anew."""

import os
import shutil
import subprocess
import sys
from functools import cached_property
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.image import imsave

import lenet98
from lenet98.data.strokes import draw_digits

TRAIN_TWICE = """
import numpy as np
from lenet98 import TrainingConfig
from lenet98.data.digits import Digits
from lenet98.network import kernels
from lenet98.training.training import Training
training = Training(Digits(**np.load("digits.npz")), TrainingConfig(seed=3, distorted=True))
for _ in range(2):
    training.run_pass()
assert sum(kernels.descend.stats.cache_misses.values()) == 1
np.save("parameters.npy", training.network.parameters)
"""


class Installed:
    """The copy; it answers an image and trains, each in a process that others need not wait for.

    Attributes
    ----------
    folder : Path
        With the copy in it, and the image.
    environment : dict of str to str
        Of the processes.
    command : list of str
        Which answers the image.
    few : Digits
        Which it trains on.
    """

    def __init__(self, folder):
        package = Path(lenet98.__file__).parent
        copy, self.folder = folder / "lenet98", folder
        shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
        for inside in {path.parent for path in copy.rglob("*.py")}:
            (inside / "__pycache__").write_text("a file where a folder should be")
        self.environment = os.environ | {
            "HOME": os.devnull,
            "XDG_CACHE_HOME": os.devnull,
            "NUMBA_CACHE_DIR": os.devnull,
            "TMPDIR": str(folder),
            "MPLCONFIGDIR": matplotlib.get_cachedir(),
            "PYTHONPATH": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.few = draw_digits(n_train=50, n_test=50)
        image = 255 - self.few.train_images[0]
        imsave(folder / "digit.png", np.repeat(image[..., None], 3, axis=2))
        self.command = [sys.executable, "-m", "lenet98", "digit.png"]
        self._answering = self._begun(self.command, folder)
        # In a folder of its own: what the other has compiled is not found there.
        self._apart = folder / "apart"
        self._apart.mkdir()
        np.savez(self._apart / "digits.npz", **self.few._asdict())
        self._training = self._begun([sys.executable, "-c", TRAIN_TWICE], self._apart)

    def _begun(self, command, folder):
        return subprocess.Popen(
            command,
            cwd=folder,
            env=self.environment | {"TMPDIR": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @cached_property
    def answered(self):
        """How the command ended that answered the image."""
        said = self._answering.communicate(timeout=300)
        return subprocess.CompletedProcess(self.command, self._answering.returncode, *said)

    @cached_property
    def trained(self):
        """The parameters after two passes."""
        _, error = self._training.communicate(timeout=300)
        assert self._training.returncode == 0, error
        return np.load(self._apart / "parameters.npy")

    def end(self):
        """End what nobody waited for."""
        for process in (self._answering, self._training):
            process.kill()
            process.communicate()
