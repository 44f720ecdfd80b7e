"""Jobs side by side in threads, all of which stop when one fails or the user interrupts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import TypeVar

Job = TypeVar("Job")
Found = TypeVar("Found")
GoOn = Callable[[], None]

GRACE_SECONDS = 1.0
"""How long jobs that are told to stop are waited for."""


class StoppedError(Exception):
    """A job was told to stop; the reason is raised where the jobs were started."""


def side_by_side(
    work: Callable[[Job, GoOn], Found], jobs: Sequence[Job], cores: int
) -> list[Found]:
    """Do the jobs, some at a time, and return what each found, in their order.

    Parameters
    ----------
    work : callable
        Does a job. It is given the job, and a function to call now and then, which raises
        `StoppedError` when the job is not to go on.
    jobs : sequence
    cores : int
        Jobs that go on at a time.

    Raises
    ------
    Exception
        What the first job to fail raised; the others are stopped.
    """
    stopping = threading.Event()

    def go_on() -> None:
        if stopping.is_set():
            raise StoppedError

    pool = ThreadPoolExecutor(cores)
    futures: list[Future[Found]] = []
    try:
        # One at a time: an interruption while they begin must find those that did.
        for job in jobs:
            futures.append(pool.submit(work, job, go_on))
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
