"""Archives: an ``.npz`` without pickle, of a header of plain values and of named arrays.

A digest (checksum, SHA-256) in the header guards all of it. A reader says which arrays it expects
and how large they may be, and nothing larger is read or inflated, whatever the file claims.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from lenet98.errors import ArchiveError, DataError
from lenet98.storage.files import read_file, write_whole

HEADER_BYTES = 1 << 21
"""The most that a header may take; a history of 7,000 passes fits."""

VALUE_BYTES = 8
"""The most that a value of an array may take."""

_DIGEST = "sha256"
_HEADER = "header"
_KINDS = "fiuSU"
_PREAMBLE_BYTES = 256
_PREAMBLES_AN_ARRAY = 4
"""Its own, and what the archive says of it in two places."""

# RuntimeError: what zipfile does not implement, and literals nested too deep. The last two: what
# stands in an array's preamble is no literal.
_DAMAGES = (
    ValueError,
    TypeError,
    OverflowError,
    RuntimeError,
    EOFError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
    Warning,
    SyntaxError,
    tokenize.TokenError,
)


class Archive(NamedTuple):
    """What an archive holds.

    Attributes
    ----------
    header : dict
    arrays : dict of str to ndarray
    """

    header: dict[str, Any]
    arrays: dict[str, npt.NDArray[Any]]

    def check_digest(self, path: Path) -> None:
        """Refuse content that is not what was written.

        Raises
        ------
        ArchiveError
        """
        header = {name: value for name, value in self.header.items() if name != _DIGEST}
        expected, found = self.header.get(_DIGEST), _digest(header, self.arrays)
        if found != expected:
            raise ArchiveError(
                f"{path}: expected content with SHA-256 {expected}; found {found}: a damaged file"
            )


def write_archive(
    path: Path, header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]
) -> None:
    """Write an archive, whole or not at all.

    Raises
    ------
    ArchiveError
        It could not be read again: the header is none of plain values, or too long; or an array is
        neither of real numbers nor of text, or named as the header is.
    DataError
        The file cannot be written.
    """
    for name, array in arrays.items():
        if name == _HEADER or array.dtype.kind not in _KINDS:
            raise ArchiveError(
                f"{path}: expected arrays of real numbers or text, none of them called {_HEADER}; "
                f"found {name}: {array.dtype}"
            )
    try:
        header = json.loads(json.dumps(header))
    except (TypeError, ValueError) as error:
        raise ArchiveError(f"{path}: expected a header of plain values; found: {error}") from error
    text = json.dumps({**header, _DIGEST: _digest(header, arrays)}).encode()
    if len(text) > HEADER_BYTES:
        raise ArchiveError(
            f"{path}: expected a header of at most {HEADER_BYTES} bytes; found {len(text)}"
        )
    file = io.BytesIO()
    rows_first = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    members: dict[str, Any] = {_HEADER: np.array(text), **rows_first}
    np.savez_compressed(file, **members)
    write_whole(path, file.getvalue())


def read_archive(path: Path, largest: Mapping[str, int]) -> Archive:
    """Read what `write_archive` wrote, but for the check of its digest.

    Parameters
    ----------
    path : Path
    largest : mapping of str to int
        The most values that each array may have; the file must hold these arrays and no other.

    Raises
    ------
    ArchiveError
        The file is missing, unreadable or no such archive.

    Notes
    -----
    Whatever the file claims, takes at most 64 MiB and four times the bytes of the largest arrays
    expected.
    """
    bounds = {name: VALUE_BYTES * values for name, values in largest.items()}
    bounds[_HEADER] = HEADER_BYTES
    what = "an archive as lenet98 writes them"
    arrays = read_arrays(path, bounds, what)
    try:
        header = json.loads(arrays.pop(_HEADER).item())
    except _DAMAGES as error:
        raise _foreign(path, what, error) from error
    if not isinstance(header, dict):
        raise ArchiveError(f"{path}: expected a header of named values; found another")
    return Archive(header, arrays)


def read_arrays(path: Path, bounds: Mapping[str, int], what: str) -> dict[str, npt.NDArray[Any]]:
    """Read an ``.npz`` without pickle.

    Parameters
    ----------
    path : Path
    bounds : mapping of str to int
        The most bytes that each array may take; the file must hold these arrays and no other.
    what : str
        What to call such a file in a message.

    Returns
    -------
    dict of str to ndarray

    Raises
    ------
    ArchiveError
        The file is missing, unreadable or not of these arrays.
    """
    most = sum(bounds.values()) + _PREAMBLE_BYTES * _PREAMBLES_AN_ARRAY * len(bounds)
    try:
        content = read_file(path, lambda stream: stream.read(most + 1))
        if len(content) > most:
            raise ValueError(f"more than {most} bytes")
        return _arrays(content, bounds)
    except DataError as error:
        raise ArchiveError(str(error)) from error
    except _DAMAGES as error:
        raise _foreign(path, what, error) from error


def _foreign(path: Path, what: str, error: Exception) -> ArchiveError:
    return ArchiveError(f"{path}: expected {what}; found a damaged or foreign file ({error})")


def _digest(header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> str:
    digest = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _arrays(content: bytes, bounds: Mapping[str, int]) -> dict[str, npt.NDArray[Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        names = [member.filename.removesuffix(".npy") for member in members]
        if sorted(names) != sorted(bounds):
            raise ValueError(f"holds {names}, not {sorted(bounds)}")
        return {
            name: _array(_inflated(archive, member, bounds[name] + _PREAMBLE_BYTES))
            for name, member in zip(names, members, strict=True)
        }


def _inflated(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    # Other methods may ask for any memory, and an encrypted member for a password.
    plain = member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if not plain or member.flag_bits & 1:
        raise ValueError(f"{member.filename} is neither stored nor deflated")
    if member.file_size > most:
        raise ValueError(f"{member.filename} claims {member.file_size} bytes")
    with archive.open(member) as stream:
        return stream.read(most)


def _array(content: bytes) -> npt.NDArray[Any]:
    # NumPy's own reader allocates what a preamble claims before it looks for it.
    stream = io.BytesIO(content)
    with warnings.catch_warnings():
        # What NumPy accepts with a warning, lenet98 does not write.
        warnings.simplefilter("error")
        version = npy.read_magic(stream)
        shape, fortran_order, dtype = npy.read_array_header_1_0(stream, _PREAMBLE_BYTES)
    if version != (1, 0) or fortran_order or dtype.kind not in _KINDS or min(shape, default=0) < 0:
        raise ValueError("an array that lenet98 does not write")
    values = np.frombuffer(content, dtype, offset=stream.tell())
    array: npt.NDArray[Any] = values.reshape(shape).copy()
    return array
