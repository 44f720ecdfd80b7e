"""How long a study still takes, by what its parts were expected to take and took."""

from __future__ import annotations

from collections.abc import Sequence


class TimeLeft:
    """The time left of some computations, several at a time.

    Parameters
    ----------
    expected : sequence of float
        Minutes that each takes on some machine.
    """

    def __init__(self, expected: Sequence[float]) -> None:
        self._all, self._left = len(expected), sum(expected)
        self._finished, self._expected, self._took = 0, 0.0, 0.0

    def finished(self, expected: float, seconds: float | None) -> None:
        """Take note that one is finished; without seconds, that it had been before."""
        self._finished += 1
        self._left -= expected
        if seconds is not None:
            self._expected += expected
            self._took += seconds / 60

    def on(self, cores: int) -> str:
        """Say it in words, where so many go on at a time."""
        pace = self._took / self._expected if self._expected else 1.0
        minutes = max(0.0, self._left) * pace / max(1, cores)
        return f"{self._finished} of {self._all}, about {minutes:.0f} minutes left"
