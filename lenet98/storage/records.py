"""Records by name, some of each, in a file of JSON: what several seeds of several things gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from lenet98.storage.files import read_json, write_json

R = TypeVar("R")


def write_records(path: Path, found: Mapping[str, Sequence[Any]]) -> None:
    """Write records.

    Parameters
    ----------
    path : Path
    found : mapping of str to sequence of dataclass
        Of plain values.

    Raises
    ------
    DataError
        The file cannot be written.
    """
    content = {name: [asdict(one) for one in some] for name, some in found.items()}
    write_json(path, content)


def read_records(path: Path, kind: type[R], what: str) -> dict[str, list[R]]:
    """Read what `write_records` wrote.

    Parameters
    ----------
    path : Path
    kind : type
        The dataclass.
    what : str
        What to call such records in a message.

    Raises
    ------
    DataError
        The file is missing, or has no such records.
    """

    def records(content: dict[str, Any]) -> dict[str, list[R]]:
        return {name: [kind(**one) for one in some] for name, some in content.items()}

    return read_json(path, records, what)
