"""Tasks side by side in threads, all of which stop when one fails or the user interrupts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import TypeVar

Task = TypeVar("Task")
Found = TypeVar("Found")
GoOn = Callable[[], None]
Tell = Callable[[str], None]
"""Takes a line of text about what goes on."""

GRACE_SECONDS = 1.0
"""How long tasks that are told to stop are waited for."""


class StoppedError(Exception):
    """A task was told to stop; the reason is raised where the tasks were started."""


def side_by_side(
    work: Callable[[Task, GoOn], Found], tasks: Sequence[Task], cores: int
) -> list[Found]:
    """Do the tasks, some at a time, and return what each found, in their order.

    Parameters
    ----------
    work : callable
        Does a task. It is given the task, and a function to call now and then, which raises
        `StoppedError` when the task is not to go on.
    tasks : sequence
    cores : int
        Tasks that go on at a time.

    Raises
    ------
    Exception
        What the first task to fail raised; the others are stopped.
    """
    stopping = threading.Event()

    def go_on() -> None:
        if stopping.is_set():
            raise StoppedError

    pool = ThreadPoolExecutor(cores)
    futures: list[Future[Found]] = []
    try:
        # One at a time: an interruption while they begin must find those that did.
        for task in tasks:
            futures.append(pool.submit(work, task, go_on))
        done, _ = wait(futures, return_when=FIRST_EXCEPTION)
        errors = [future.exception() for future in futures if future in done]
        for error in filter(None, errors):
            raise error
        return [future.result() for future in futures]
    finally:
        # Of no effect where all is done.
        stopping.set()
        pool.shutdown(wait=False, cancel_futures=True)
        wait([future for future in futures if not future.cancelled()], timeout=GRACE_SECONDS)
