"""The machines of a Dask cluster; the only module that needs the package `distributed`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Generic, TypeVar, cast

from distributed import Client, KilledWorker, Reschedule, WorkerPlugin, get_worker

from lenet98.errors import ClusterError
from lenet98.reproduction.side_by_side import Submit, under_way
from lenet98.storage.provenance import bit_makers

Data = TypeVar("Data")

CONNECT_SECONDS = 20
"""How long a scheduler has to answer."""

GONE = "the scheduler has gone; start it and its workers, and the same command goes on"


@contextmanager
def cluster_at(address: str) -> Iterator[Cluster]:
    """Use the cluster of a scheduler.

    Parameters
    ----------
    address : str
        Of the scheduler, as it prints it, such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    ClusterError
        No scheduler answers.
    """
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"{address}: expected a Dask scheduler, found none: {error}; give the address that "
            "`dask scheduler` prints"
        ) from error
    with client:
        cluster = Cluster(client)
        try:
            yield cluster
        finally:
            cluster.forget()


class Cluster:
    """The workers of a cluster; they may come and go.

    Parameters
    ----------
    client : distributed.Client
    """

    near = False

    def __init__(self, client: Client) -> None:
        self._client = client
        self._shared: list[tuple[Any, _Shared[Any]]] = []

    def cores(self) -> int:
        """Return how many threads the workers have; 0 while there are none.

        Raises
        ------
        ClusterError
            The scheduler has gone.
        """
        try:
            return sum(self._client.nthreads().values())
        except Exception as error:  # a client that lost its scheduler raises of several kinds
            raise ClusterError(GONE) from error

    def share(self, data: Data) -> Callable[[], Data]:
        """Send data once to each worker, to one that comes later too.

        Raises
        ------
        ClusterError
            The scheduler or a worker has not this package.
        """
        for known, shared in self._shared:
            if known is data:
                return shared
        shared = _Shared[Data](f"lenet98-{self._client.id}-{len(self._shared)}")
        self._shared.append((data, shared))
        try:
            # It reads what is submitted before the workers do.
            self._client.run_on_scheduler(bit_makers)
            # What is scattered is lost with the workers that have it, and copies are thinned out.
            self._client.register_plugin(_Holder(data), shared.name)
        except Exception as error:  # whatever goes wrong there
            raise ClusterError(
                f"expected lenet98 where the scheduler and each worker is; found: "
                f"{' '.join(str(error).split())}; install there what is installed here"
            ) from error
        return shared

    def forget(self) -> None:
        """Let workers forget what was shared."""
        for _, shared in self._shared:
            with suppress(Exception):  # the scheduler or a worker may have gone
                self._client.unregister_worker_plugin(shared.name)
        self._shared.clear()

    @contextmanager
    def at_work(self) -> Iterator[Submit]:
        """Submit computations; at the end those that are under way are stopped.

        A computation whose worker ends begins again on another.

        Raises
        ------
        ClusterError
            The scheduler has gone, a worker has other versions than this machine, or several
            workers ended while they did the same computation.
        """
        try:
            with under_way(self._client.get_executor(pure=False), while_wanted) as submit:
                yield partial(submit, with_these_versions, bit_makers())
        except KilledWorker as error:
            raise ClusterError(
                f"the same computation ended {error.allowed_failures + 1} workers, the last "
                f"{error.last_worker.address}; see its log, and how much memory it may take"
            ) from error
        except CancelledError as error:
            raise ClusterError(GONE) from error


class _Holder(WorkerPlugin):
    """Has data on a worker."""

    def __init__(self, data: Any) -> None:
        self.data = data


class _Shared(Generic[Data]):
    """Returns on a worker the data that it has."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self) -> Data:
        return cast(Data, get_worker().plugins[self.name].data)


def with_these_versions(
    versions: Mapping[str, str], compute: Callable[..., Any], *arguments: Any
) -> Any:
    """Compute, but where other versions may give other bits.

    Raises
    ------
    ClusterError
        The versions here are others.
    """
    here = bit_makers()
    if here != versions:
        raise ClusterError(
            f"a machine of the cluster computes with {_written(here)}; expected "
            f"{_written(versions)}, as here, for the same bits; install these there"
        )
    return compute(*arguments)


def _written(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def while_wanted() -> None:
    """Stop a computation whose result nobody waits for any more."""
    worker = get_worker()
    task = worker.state.tasks.get(worker.get_current_task())
    if task is None or task.state == "cancelled":
        # Not a failure: should someone have asked for it at this moment, it begins anew.
        raise Reschedule
