"""Computations of a study: each kept on disk once finished, and never done again."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lenet98.questions.time_left import TimeLeft
from lenet98.reproduction.side_by_side import GoOn, Tell, side_by_side
from lenet98.storage.files import write_whole


class Cell(NamedTuple):
    """A computation.

    Attributes
    ----------
    key : list
        All that its result hangs on, as plain values, ready for JSON: what it computes, of which
        data, with which versions.
    compute : callable
        Given a function to call now and then, which raises when it is not to go on, returns plain
        values.
    minutes : float
        That it is expected to take.
    say : callable, optional
        Says in a few words what it found.
    """

    key: list[Any]
    compute: Callable[[GoOn], Any]
    minutes: float = 1.0
    say: Callable[[Any], str] | None = None


def found_by(cells: Sequence[Cell], folder: Path, cores: int, tell: Tell) -> list[Any]:
    """Return what each cell finds, in their order.

    Parameters
    ----------
    cells : sequence of Cell
    folder : Path
        Where finished ones are kept, each in a file of its own; others may lie there too.
    cores : int
        Cells that are computed at a time.
    tell : callable
        Called with a line of text for each that is finished and has something to say.
    """
    folder.mkdir(parents=True, exist_ok=True)
    left = TimeLeft([cell.minutes for cell in cells], cores)

    def one(cell: Cell, go_on: GoOn) -> Any:
        key = json.dumps(cell.key, sort_keys=True)
        path = folder / f"{hashlib.sha256(key.encode()).hexdigest()[:20]}.json"
        begin = time.perf_counter()
        kept = path.exists()
        if not kept:
            found = cell.compute(go_on)
            write_whole(path, json.dumps({"key": json.loads(key), "found": found}).encode())
        left.finished(cell.minutes, None if kept else time.perf_counter() - begin)
        found = json.loads(path.read_text())["found"]
        if cell.say is not None and not kept:
            tell(f"{cell.say(found)}; {left}")
        return found

    return side_by_side(one, cells, cores)
