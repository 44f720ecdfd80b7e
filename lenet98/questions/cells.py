"""Computations of a study: each kept on disk once finished, and never done again."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path
from typing import Any, NamedTuple

from lenet98.questions.time_left import TimeLeft
from lenet98.reproduction.machines import Machines
from lenet98.reproduction.side_by_side import GoOn, Submit, Tell
from lenet98.storage.claims import Claim, claim
from lenet98.storage.files import write_whole

TURN_SECONDS = 1.0
"""After so long it is looked again what others have finished, and who else has come to compute."""


Files = tuple[tuple[str, bytes], ...]
"""Name and content of each file."""


class Found(NamedTuple):
    """What a computation comes to.

    Attributes
    ----------
    values
        Plain values, ready for JSON.
    line : str
        What is told of it, in a few words; empty for nothing.
    files : tuple of (str, bytes)
        That are left beside.
    """

    values: Any
    line: str = ""
    files: Files = ()


class Cell(NamedTuple):
    """A computation, which any machine can do: all of it can be pickled.

    Attributes
    ----------
    key : list
        All that its result hangs on, as plain values, ready for JSON: what it computes, of which
        data, with which versions.
    compute : callable
        A function of a module. Given the data, the arguments, and a function to call now and then,
        which raises when it is not to go on, it returns a `Found`.
    data
        Sent but once to each machine, whatever the number of cells that have the same.
    arguments : tuple
    minutes : float
        That it is expected to take.
    """

    key: list[Any]
    compute: Callable[..., Found]
    data: Any = None
    arguments: tuple[Any, ...] = ()
    minutes: float = 1.0


def found_by(cells: Sequence[Cell], folder: Path, machines: Machines, tell: Tell) -> list[Any]:
    """Return the values that each cell finds, in their order.

    Parameters
    ----------
    cells : sequence of Cell
    folder : Path
        Where finished ones are kept, each in a file of its own; others may lie there too. Where
        others compute for the same folder, each cell is computed by one of them, and the rest wait
        for its file.
    machines : Machines
        Those that compute.
    tell : callable
        Called with a line of text for each that is finished and has something to say.

    Raises
    ------
    ClusterError
        As in `lenet98.reproduction.cluster.Cluster.at_work`.
    DataError
        A file cannot be written.
    Exception
        What the first cell to fail raised; the others are stopped.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sweep = _Sweep(cells, folder, machines, tell)
    try:
        with machines.at_work() as submit:
            while sweep.waiting or sweep.running:
                sweep.take_finished()
                sweep.begin(submit)
                sweep.wait()
    finally:
        sweep.let_go()
    return [sweep.found[k] for k in range(len(cells))]


class _Sweep:
    """Cells on their way: those that wait, those that are computed here, and what was found."""

    def __init__(self, cells: Sequence[Cell], folder: Path, machines: Machines, tell: Tell) -> None:
        self._cells, self._folder, self._machines, self._tell = cells, folder, machines, tell
        self._files = [folder / _name(cell) for cell in cells]
        self._left = TimeLeft([cell.minutes for cell in cells])
        # The longest first, so that several cores end together.
        self.waiting = sorted(range(len(cells)), key=lambda k: -cells[k].minutes)
        self.running: dict[Future[Any], tuple[int, Claim]] = {}
        self.found: dict[int, Any] = {}

    def take_finished(self) -> None:
        """Take what was kept before, or by others."""
        for k in [k for k in self.waiting if self._files[k].exists()]:
            self.waiting.remove(k)
            self._left.finished(self._cells[k].minutes, None)
            self._read(k)

    def begin(self, submit: Submit) -> None:
        """Begin as many as there are cores for, each that no other has begun."""
        free = self._machines.cores() - len(self.running)
        for k in [*self.waiting]:
            if free <= 0:
                break
            compute, data, arguments = self._cells[k][1:4]
            shared = self._machines.share(data)
            held = claim(self._files[k])
            if held is None:
                continue
            if self._files[k].exists():  # before it could be claimed
                held.let_go()
                continue
            future = submit(_computed, compute, shared, arguments)
            self.running[future] = k, held
            self.waiting.remove(k)
            free -= 1

    def wait(self) -> None:
        """Wait for a turn, or for some to be computed, and keep these."""
        if not self.running:
            if self.waiting:
                time.sleep(TURN_SECONDS)
            return
        done, _ = wait(self.running, TURN_SECONDS, FIRST_COMPLETED)
        errors = []
        for future in done:
            k, held = self.running.pop(future)
            try:
                self._keep(k, *future.result())
            except Exception as error:
                errors.append(error)
            finally:
                held.let_go()
        if errors:
            raise errors[0]

    def let_go(self) -> None:
        """Let others have what is not finished."""
        for _, held in self.running.values():
            held.let_go()

    def _keep(self, k: int, found: Found, seconds: float) -> None:
        cell, file = self._cells[k], self._files[k]
        # Where a file system knows no locks, another may have been first.
        if not file.exists():
            for name, content in found.files:
                write_whole(self._folder / name, content)
            kept = {"key": json.loads(_text(cell)), "found": found.values}
            write_whole(file, json.dumps(kept).encode())
        self._left.finished(cell.minutes, seconds)
        self._read(k)
        if found.line:
            self._tell(f"{found.line}; {self._left.on(self._machines.cores())}")

    def _read(self, k: int) -> None:
        self.found[k] = json.loads(self._files[k].read_text())["found"]


def _text(cell: Cell) -> str:
    return json.dumps(cell.key, sort_keys=True)


def _name(cell: Cell) -> str:
    return f"{hashlib.sha256(_text(cell).encode()).hexdigest()[:20]}.json"


def _computed(
    compute: Callable[..., Found],
    data: Callable[[], Any],
    arguments: tuple[Any, ...],
    go_on: GoOn,
) -> tuple[Found, float]:
    """Compute where a machine is; return what was found, and seconds."""
    begin = time.perf_counter()
    found = compute(data(), *arguments, go_on)
    return found, time.perf_counter() - begin
