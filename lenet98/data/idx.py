"""Read one IDX file of unsigned bytes, raw or gzip, with bounded memory."""

import gzip
import hashlib
import math
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np

from lenet98.data.digits import Bytes
from lenet98.errors import DataError
from lenet98.storage.files import read_file

_GZIP_MAGIC = b"\x1f\x8b"
_UNSIGNED_BYTE = 0x08
_FETCH_AGAIN = "Fetch the file again."


def read_idx(path: Path, shape: tuple[int, ...], sha256: str | None = None) -> Bytes:
    """Read an IDX file that must hold unsigned bytes in exactly the given dimensions.

    Parameters
    ----------
    path : Path
        The file. Whether it is compressed is told from its content, not from its name.
    shape : tuple of int
        The dimensions expected, for instance (60000, 28, 28). No more than this is ever inflated.
    sha256 : str, optional
        The digest, as 64 hexadecimal digits, that the inflated content must have.

    Returns
    -------
    ndarray of uint8
        The content, of this shape, writable.

    Raises
    ------
    DataError
        The file cannot be read, is damaged, or holds anything else than expected.
    """
    size = content_size(shape)
    content = read_file(path, lambda stream: unpack(stream, size, str(path)))
    array = _parse(content, shape, str(path))
    if sha256 is not None:
        check_digest(content, sha256, str(path))
    return array


def content_of(array: Bytes) -> bytes:
    """Return the content of an IDX file of these values, inflated."""
    header = [_magic(array.shape), *array.shape]
    return np.array(header, ">u4").tobytes() + array.tobytes()


def content_size(shape: tuple[int, ...]) -> int:
    """Return the bytes of an inflated IDX file of unsigned bytes with these dimensions."""
    return _header_size(len(shape)) + math.prod(shape)


def unpack(stream: BinaryIO, size: int, name: str) -> bytes:
    """Inflate a stream if its content is gzip; pass it on as it is if not.

    Parameters
    ----------
    stream : binary file
        Seekable, at its beginning.
    size : int
        The size expected of the inflated content, in bytes.
    name : str
        What to call the stream in a message.

    Returns
    -------
    bytes
        The content; at most `size` + 1 bytes, the one byte more saying that there was too much.

    Raises
    ------
    DataError
        The gzip data are damaged or end too early.
    """
    compressed = stream.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
    stream.seek(0)
    if not compressed:
        return stream.read(size + 1)
    try:
        with gzip.GzipFile(fileobj=stream) as inflated:
            return inflated.read(size + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(
            f"{name}: expected a whole gzip file, found damaged data ({error}). {_FETCH_AGAIN}"
        ) from error


def check_digest(content: bytes, sha256: str, name: str) -> None:
    """Refuse content whose SHA-256 is not the one expected.

    Parameters
    ----------
    content : bytes
        Inflated content.
    sha256 : str
        The digest expected, as 64 hexadecimal digits.
    name : str
        What to call the content in a message.

    Raises
    ------
    DataError
        The digests differ.
    """
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise DataError(
            f"{name}: expected content with SHA-256 {sha256}, found {found}. {_FETCH_AGAIN}"
        )


def _parse(content: bytes, shape: tuple[int, ...], name: str) -> Bytes:
    """Compare header and length with what is expected; return the body as an array."""
    if content.lstrip()[:1] == b"<":
        raise DataError(
            f"{name}: expected an IDX file, found a web page saved under its name. {_FETCH_AGAIN}"
        )
    header_size = _header_size(len(shape))
    if len(content) < header_size:
        found = f"{len(content)} bytes" if content else "an empty file"
        raise DataError(
            f"{name}: expected an IDX header of {header_size} bytes, found {found}. {_FETCH_AGAIN}"
        )
    if content[:2] != b"\0\0":
        raise DataError(
            f"{name}: expected an IDX file (magic number 0x{_magic(shape):08x}), "
            f"found magic number 0x{content[:4].hex()}. Use an IDX file."
        )
    if content[2] != _UNSIGNED_BYTE:
        raise DataError(
            f"{name}: expected type code 0x{_UNSIGNED_BYTE:02x} (unsigned bytes), "
            f"found 0x{content[2]:02x}. Use a file of unsigned bytes."
        )
    if content[3] != len(shape):
        raise DataError(
            f"{name}: expected {len(shape)} dimensions, found {content[3]}. "
            "Check that images and labels are not exchanged."
        )
    found_shape = tuple(np.frombuffer(content, ">u4", len(shape), offset=4).tolist())
    if found_shape != shape:
        raise DataError(
            f"{name}: expected dimensions {shape}, found {found_shape}. "
            "Check that training and test files are not exchanged."
        )
    size = content_size(shape)
    if len(content) != size:
        found = "more" if len(content) > size else f"{len(content)}"
        raise DataError(f"{name}: expected {size} bytes, found {found}. {_FETCH_AGAIN}")
    array: Bytes = np.frombuffer(content, np.uint8, offset=header_size).reshape(shape).copy()
    return array


def _header_size(dimensions: int) -> int:
    return 4 + 4 * dimensions


def _magic(shape: tuple[int, ...]) -> int:
    return _UNSIGNED_BYTE << 8 | len(shape)
