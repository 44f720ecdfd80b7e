"""How long a study still takes, by what its parts were expected to take and took."""

from __future__ import annotations

import threading
from collections.abc import Sequence


class TimeLeft:
    """The time left of some computations, several at a time.

    Parameters
    ----------
    expected : sequence of float
        Minutes that each takes on some machine.
    cores : int
        That go on at a time.
    """

    def __init__(self, expected: Sequence[float], cores: int) -> None:
        self._all, self._left = len(expected), sum(expected)
        self._cores = cores
        self._finished, self._expected, self._took = 0, 0.0, 0.0
        self._lock = threading.Lock()

    def finished(self, expected: float, seconds: float | None) -> None:
        """Take note that one is finished; without seconds, that it had been before."""
        with self._lock:
            self._finished += 1
            self._left -= expected
            if seconds is not None:
                self._expected += expected
                self._took += seconds / 60

    def __str__(self) -> str:
        pace = self._took / self._expected if self._expected else 1.0
        minutes = max(0.0, self._left) * pace / self._cores
        return f"{self._finished} of {self._all}, about {minutes:.0f} minutes left"
