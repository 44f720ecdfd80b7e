"""The four files of a set of digits, and where in a folder each of them stands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from lenet98.data.digits import Bytes
from lenet98.data.idx import read_idx
from lenet98.data.kin import kin_of
from lenet98.errors import DataError


class IdxFile(NamedTuple):
    """One file of a set: its name without .gz, its dimensions, the SHA-256 of its content."""

    name: str
    shape: tuple[int, ...]
    sha256: str


class IdxSet(NamedTuple):
    """The four files of a set of digits, and the addresses (ending in /) that serve them as .gz."""

    train_images: IdxFile
    train_labels: IdxFile
    test_images: IdxFile
    test_labels: IdxFile
    mirrors: tuple[str, ...]


def find(folder: Path, file: IdxFile) -> Path | None:
    """Return where in a folder a file is, raw or .gz, or in a folder of its own name there.

    A link that leads nowhere is found too: a finding to complain of, not an absence.
    """
    for path in _spellings(folder, file):
        if path.is_dir():
            # As Kaggle's archives unfold.
            for inner in _spellings(path, file):
                if inner.is_file():
                    return inner
        elif os.path.lexists(path):
            return path
    return None


def _spellings(folder: Path, file: IdxFile) -> Iterator[Path]:
    dotted = file.name.replace("-idx", ".idx")
    for name in (file.name, f"{file.name}.gz", dotted, f"{dotted}.gz"):
        yield folder / name


def read(path: Path, file: IdxFile) -> Bytes:
    """Read a file of a set.

    Raises
    ------
    DataError
        It cannot be read, is damaged, or holds anything else; of a set known by its digests, with
        the name of that set.
    """
    try:
        return read_idx(path, file.shape, file.sha256)
    except DataError as error:
        kin = None
        with suppress(DataError):
            kin = kin_of(path)
        if kin is None:
            raise
        raise DataError(
            f"{path}: expected the {file.name} of MNIST, found a file of {kin}. "
            "Name the folder that has MNIST's own."
        ) from error
