"""What is compiled goes into the log of this module, and is told where it takes long."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOG = logging.getLogger(__name__)
BEGINS, ENDS = "compiling %s", "compiled %s"
"""What the log says of a function; within one, others begin and end."""

PATIENCE = 1.0
"""Seconds to compile in silence."""


@contextmanager
def told_when_long(tell: Callable[[], None]) -> Iterator[None]:
    """Tell, once, when something has been compiling for a while.

    Parameters
    ----------
    tell : callable
        Called in a thread of its own.
    """
    handler, level = _Handler(tell), LOG.level
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    try:
        yield
    finally:
        LOG.setLevel(level)
        LOG.removeHandler(handler)
        handler.close()


class _Handler(logging.Handler):
    """Waits while something is compiling; what calls `emit` holds its lock."""

    def __init__(self, tell: Callable[[], None]) -> None:
        super().__init__(logging.INFO)
        self._tell = tell
        self._under_way = 0
        self._told = False
        self._waiting: threading.Timer | None = None

    def emit(self, record: logging.LogRecord) -> None:
        self._under_way += 1 if record.msg == BEGINS else -1
        if self._under_way == 0:
            self._stop()
        elif self._waiting is None and not self._told:
            self._waiting = threading.Timer(PATIENCE, self._tell_once)
            self._waiting.daemon = True
            self._waiting.start()

    def _tell_once(self) -> None:
        self._told = True
        self._tell()

    def _stop(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def close(self) -> None:
        self._stop()
        super().close()
