"""How many cores there are to compute on."""

from __future__ import annotations

import os


def usable_cores() -> int:
    """Return how many cores this process may use: those it is kept to, as by `taskset` or Slurm.

    Where the system does not tell, those of the machine.

    Examples
    --------
    >>> usable_cores() >= 1
    True
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
