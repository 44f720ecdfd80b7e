"""Writing a file whole or not at all; reading one, with an error for people."""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from lenet98.errors import DataError

T = TypeVar("T")


def expanded(path: str | Path) -> Path:
    """Return a path with ``~`` as the home folder, where there is one of that name."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`: whoever reads it finds the old file or the new one.

    An atomic write: a temporary file in the same folder, then a change of its name.

    Raises
    ------
    DataError
        The file cannot be written; what stood there stands.
    """
    path = expanded(path)
    # Nobody else's: another thread, or a machine that shares the disk, may write the same file.
    temporary = path.parent / f".{path.name}.{secrets.token_hex(8)}"
    try:
        with open(temporary, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise DataError(f"{path}: cannot write it: {error.strerror or error}") from error
    except ValueError as error:  # a name that no file has
        raise DataError(f"{str(path)!r}: cannot write it: {error}") from error
    finally:
        with suppress(OSError, ValueError):
            temporary.unlink(missing_ok=True)


def read_file(path: Path, read: Callable[[BinaryIO], T]) -> T:
    """Return what `read` makes of a file's bytes.

    Raises
    ------
    DataError
        The file is missing, is no file, or cannot be read; or `read` finds its content wrong.
    """
    path = expanded(path)
    try:
        # A pipe would block for ever, so that the kind of file is asked first.
        if not stat.S_ISREG(path.stat().st_mode):
            raise DataError(f"{path}: expected a file, found a folder or a device. Name the file.")
        with path.open("rb") as stream:
            return read(stream)
    except FileNotFoundError as error:
        raise DataError(f"{path}: expected a file, found none. Check the path.") from error
    except (OSError, ValueError) as error:
        raise DataError(
            f"{path}: expected a readable file, found: {error}. Check the path and its permissions."
        ) from error


def write_json(path: Path, content: Any) -> None:
    """Write plain values as JSON for people to read, whole or not at all.

    Raises
    ------
    DataError
        The file cannot be written.
    """
    write_whole(path, (json.dumps(content, indent=1) + "\n").encode())


def read_json(path: Path, build: Callable[[Any], T], what: str) -> T:
    """Return what `build` makes of the content of a JSON file.

    Raises
    ------
    DataError
        The file is missing, or `build` finds it not to be what reproduce.py writes.
    """
    try:
        return build(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise DataError(
            f"{path}: cannot read the {what}: {error.strerror}; run reproduce.py first"
        ) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{path}: expected {what} as reproduce.py writes them; found {error!r}; "
            "run reproduce.py again"
        ) from error
