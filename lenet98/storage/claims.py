"""Claims to a file that is to be written, so that of several processes one does the work."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from lenet98.errors import DataError


class Claim:
    """A claim that is held; the system lets it go where its process ends in any way.

    Parameters
    ----------
    path : Path
        A file that stands for it while it is held.
    file : file object
        That file, locked.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._file = path, file

    def let_go(self) -> None:
        """Let another have it."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        self._file.close()


def claim(path: Path) -> Claim | None:
    """Claim a file that is to be written; None where another holds the claim.

    Parameters
    ----------
    path : Path
        Need not be there; its folder must.

    Raises
    ------
    DataError
        The folder cannot be written to.

    Notes
    -----
    A lock of the whole file beside it whose name begins with a point, which other machines see
    where their file system is shared and knows locks. Where it knows none, all are told that they
    hold it.
    """
    beside = path.with_name(f".{path.name}.claim")
    while True:
        try:
            file = beside.open("ab")
        except OSError as error:
            raise DataError(f"{path}: cannot write it: {error.strerror or error}") from error
        if not _locked(file):
            file.close()
            return None
        # Whoever held it before may have removed the file that was opened here.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), beside.stat()):
                return Claim(beside, file)
        file.close()


def _locked(file: BinaryIO) -> bool:
    """Lock a file, and return False where another has done so."""
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # no locks here
            return True
    return True
