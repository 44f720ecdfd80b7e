"""On two cores, the first run on a machine compiles in two processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from numba.core import event

from lenet98.cores import usable_cores

# What answers images is compiled beside what trains: numba compiles in one thread at a time, but
# finds in its cache what another process has left there.
_ANSWER_ONE = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np
from lenet98.network.network import LeNet5
LeNet5().penalties(np.zeros((1, 28, 28), np.uint8))
"""


@contextmanager
def compilation_shared() -> Iterator[None]:
    """Let another process share the work, once something has to be compiled."""
    listener = _Listener()
    with event.install_listener("numba:compile", listener):
        try:
            yield
        finally:
            listener.end()


class _Listener(event.Listener):
    def __init__(self) -> None:
        self._begun = False
        self._helper: subprocess.Popen[bytes] | None = None

    def on_start(self, event: event.Event) -> None:
        if self._begun:
            return
        self._begun = True
        if usable_cores() > 1:
            folder = str(Path(__file__).parents[2])
            quiet = subprocess.DEVNULL
            self._helper = subprocess.Popen(
                [sys.executable, "-c", _ANSWER_ONE, folder], stdin=quiet, stdout=quiet, stderr=quiet
            )

    def on_end(self, event: event.Event) -> None:
        pass

    def end(self) -> None:
        if self._helper is not None:
            self._helper.kill()
            self._helper.wait()
