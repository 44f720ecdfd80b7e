"""Who computes the cells of a study: this machine, or all those of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TypeVar

from lenet98.cores import usable_cores
from lenet98.errors import ClusterError
from lenet98.reproduction.side_by_side import Submit, in_threads

Data = TypeVar("Data")


class Machines(Protocol):
    """One machine or many.

    Attributes
    ----------
    near : bool
        Whether computations are a part of this process, to which they can tell how they go on.
    """

    near: bool

    def cores(self) -> int:
        """Return how many computations go on at a time; 0 while nobody is there."""

    def share(self, data: Data) -> Callable[[], Data]:
        """Bring data to where computations are; what is returned returns them there."""

    def at_work(self) -> AbstractContextManager[Submit]:
        """Submit computations; at the end those that are under way are stopped."""


class OneMachine:
    """The one at hand, whose threads compute.

    Parameters
    ----------
    cores : int, optional
        Computations that go on at a time; by default as many as there are cores.
    """

    near = True

    def __init__(self, cores: int | None = None) -> None:
        self._cores = cores or usable_cores()

    def cores(self) -> int:
        """Return how many computations go on at a time."""
        return self._cores

    def share(self, data: Data) -> Callable[[], Data]:
        """Return what returns the data, which are here."""
        return lambda: data

    def at_work(self) -> AbstractContextManager[Submit]:
        """Submit computations to threads."""
        return in_threads(self._cores)


@contextmanager
def machines_at(scheduler: str | None) -> Iterator[Machines]:
    """Use the machines of a cluster, or this one.

    Parameters
    ----------
    scheduler : str or None
        The address of the cluster's scheduler; None for this machine.

    Raises
    ------
    ClusterError
        No scheduler answers, or the package `distributed` is not installed.
    """
    if scheduler is None:
        yield OneMachine()
        return
    try:
        from lenet98.reproduction.cluster import cluster_at
    except ModuleNotFoundError as error:
        raise ClusterError(
            f"expected the package {error.name} for a cluster, found none; install lenet98[cluster]"
        ) from error

    with cluster_at(scheduler) as cluster:
        yield cluster
