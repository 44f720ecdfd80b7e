"""Computations of a study: each kept on disk once finished, and never done again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lenet98.reproduction.side_by_side import GoOn, side_by_side
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
    """

    key: list[Any]
    compute: Callable[[GoOn], Any]


def found_by(cells: Sequence[Cell], folder: Path, cores: int) -> list[Any]:
    """Return what each cell finds, in their order.

    Parameters
    ----------
    cells : sequence of Cell
    folder : Path
        Where finished ones are kept, each in a file of its own; others may lie there too.
    cores : int
        Cells that are computed at a time.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def one(cell: Cell, go_on: GoOn) -> Any:
        key = json.dumps(cell.key, sort_keys=True)
        path = folder / f"{hashlib.sha256(key.encode()).hexdigest()[:20]}.json"
        if not path.exists():
            found = cell.compute(go_on)
            write_whole(path, json.dumps({"key": json.loads(key), "found": found}).encode())
        return json.loads(path.read_text())["found"]

    return side_by_side(one, cells, cores)
