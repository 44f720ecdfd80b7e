"""Tasks side by side, all of which stop when one fails or the user interrupts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

GoOn = Callable[[], None]
Tell = Callable[[str], None]
"""Takes a line of text about what goes on."""

Submit = Callable[..., "Future[Any]"]
"""Takes what is to be called, and with which arguments before the last, a `GoOn`."""

GRACE_SECONDS = 1.0
"""How long tasks that are told to stop are waited for."""


class StoppedError(Exception):
    """A task was told to stop; the reason is raised where the tasks were started."""


@contextmanager
def in_threads(cores: int) -> Iterator[Submit]:
    """Submit tasks to threads; at the end those that are under way are stopped.

    Parameters
    ----------
    cores : int
        Tasks that go on at a time.
    """
    stopping = threading.Event()

    def go_on() -> None:
        if stopping.is_set():
            raise StoppedError

    with under_way(ThreadPoolExecutor(cores), go_on) as submit:
        try:
            yield submit
        finally:
            stopping.set()


@contextmanager
def under_way(executor: Executor, go_on: GoOn) -> Iterator[Submit]:
    """Submit tasks to an executor; at the end they are cancelled, and it is shut down.

    Parameters
    ----------
    executor : Executor
    go_on : callable
        The last argument of each task, to be called now and then, which raises when the task is
        not to go on.
    """
    # Each is noted as it begins: an interruption meanwhile must find those that did.
    futures: list[Future[Any]] = []

    def submit(work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        futures.append(executor.submit(work, *arguments, go_on))
        return futures[-1]

    try:
        yield submit
    finally:
        # Of no effect where all is done.
        for future in futures:
            future.cancel()
        executor.shutdown(wait=False)
        wait([future for future in futures if not future.cancelled()], timeout=GRACE_SECONDS)
