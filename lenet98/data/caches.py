"""MNIST where other libraries have left it: torchvision's folders, and the archive of Keras."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from lenet98.data.digits import Digits
from lenet98.data.download import Tell
from lenet98.data.idx import check_digest, content_of
from lenet98.data.idx_files import IdxSet, find, read
from lenet98.errors import ArchiveError, DataError
from lenet98.storage.archive import read_arrays

TORCHVISION = Path("MNIST", "raw")
"""Its folder in the root that its user names."""

_ROOTS = ("data", "datasets", ".")
"""Roots that torchvision's users name, in the folder one works in and in one's home."""

KERAS = "mnist.npz"
_KERAS_ARRAYS = ("x_train", "y_train", "x_test", "y_test")


def find_elsewhere(idx_set: IdxSet, tell: Tell) -> Digits | None:
    """Return a set from another library's cache; None where there is no whole one.

    Parameters
    ----------
    idx_set : IdxSet
    tell : callable
        Called with a line of text on what was found, and on what is not as it should be.
    """
    for place in _places():
        try:
            digits = read_place(place, idx_set)
        except DataError as error:
            tell(f"{error} Looking further.")
            continue
        if digits is not None:
            tell(f"{place}: found here, from another library.")
            return digits
    return None


def read_place(place: Path, idx_set: IdxSet) -> Digits | None:
    """Return a set from a folder of four files or an archive of Keras; None where it is not there.

    Raises
    ------
    DataError
        What is there is not what it should be.
    """
    if place.suffix == ".npz" and place.is_file():
        return _from_archive(place, idx_set)
    paths = [find(place, file) for file in idx_set[:4]]
    found = [path for path in paths if path is not None]
    if len(found) < len(paths):
        return None
    return Digits(*(read(path, file) for path, file in zip(found, idx_set[:4], strict=True)))


def _places() -> Iterator[Path]:
    homes = [Path()]
    with suppress(RuntimeError):
        homes.append(Path.home())
    for home in homes:
        for root in _ROOTS:
            yield home / root / TORCHVISION
    keras = os.environ.get("KERAS_HOME")
    for folder in [Path(keras)] if keras else [home / ".keras" for home in homes[1:]]:
        yield folder / "datasets" / KERAS


def _from_archive(path: Path, idx_set: IdxSet) -> Digits:
    files = dict(zip(_KERAS_ARRAYS, idx_set[:4], strict=True))
    sizes = {name: math.prod(file.shape) for name, file in files.items()}
    try:
        arrays = read_arrays(path, sizes, "MNIST as Keras keeps it")
    except ArchiveError as error:
        raise DataError(f"{error}. Remove it.") from error
    for name, file in files.items():
        check_digest(content_of(arrays[name]), file.sha256, f"{path}: {name}")
    return Digits(*(arrays[name] for name in files))
