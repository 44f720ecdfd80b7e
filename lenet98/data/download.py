"""Fetch one file from several mirrors; nothing that is not right ever reaches its place."""

import io
import os
import queue
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from http.client import HTTPMessage
from pathlib import Path
from typing import IO

from lenet98.data.idx import check_digest, unpack
from lenet98.errors import DataError

Report = Callable[[str], None]
_Parcels = queue.SimpleQueue[bytes | Exception]

# Each of four silent mirrors gets its turn, and all are given up within 20 seconds.
WHOLE_SECONDS = 18.0
ATTEMPT_SECONDS = 4.5

_STEADY_BYTES_PER_SECOND = 16 * 1024
_CHUNK_BYTES = 64 * 1024
_REPORT_EVERY_BYTES = 1024 * 1024


class Patience:
    """A deadline that only steady progress puts off.

    Every 16 KiB received put the deadline off by a second, so that a slow download may take its
    time while silence, or a byte now and then, ends it.

    Parameters
    ----------
    seconds : float
        Time until the deadline if nothing is received.
    """

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def received(self, size: int) -> None:
        """Put the deadline off by what `size` bytes may take."""
        self._until += size / _STEADY_BYTES_PER_SECOND

    @property
    def remaining(self) -> float:
        """Seconds left, negative when time is up."""
        return self._until - time.monotonic()


def fetch(
    urls: Sequence[str],
    destination: Path,
    *,
    sha256: str,
    size: int,
    patience: Patience,
    attempt_seconds: float = ATTEMPT_SECONDS,
    report: Report | None = None,
) -> str:
    """Fetch a file from the first mirror that delivers the right content.

    The file is stored decompressed, first under a temporary name in the same folder.

    Parameters
    ----------
    urls : sequence of str
        The file at each mirror, raw or gzip, in the order in which to try them.
    destination : Path
        The file to write; missing folders are made.
    sha256 : str
        The digest of the decompressed content, as 64 hexadecimal digits.
    size : int
        The size of the decompressed content, in bytes.
    patience : Patience
        The deadline that this file shares with others of the same download.
    attempt_seconds : float, optional
        How long one mirror may make no progress, in seconds.
    report : callable, optional
        Called with a line of text for each attempt, each MiB received and each failure.

    Returns
    -------
    str
        The one of `urls` that delivered.

    Raises
    ------
    DataError
        If no mirror delivered the right content, with the reason of each, or if the file cannot
        be written.
    """
    tell = report or _tell_nobody
    failures = []
    for url in urls:
        if patience.remaining <= 0:
            failures.append(f"{url}: not tried, the time was up")
            continue
        tell(f"{url}: fetching")
        try:
            body = _receive(url, _largest_body(size), patience, attempt_seconds, tell)
            content = unpack(io.BytesIO(body), size, url)
            check_digest(content, sha256, url)
        except DataError as error:
            failures.append(str(error))
            tell(failures[-1])
            continue
        _put_in_place(content, destination)
        return url
    raise DataError(
        f"{destination}: expected to fetch it, but no mirror delivered it. Check the network, "
        "or put the file there by hand. Tried:\n  " + "\n  ".join(failures)
    )


def _tell_nobody(_line: str) -> None:
    pass


def _largest_body(size: int) -> int:
    """Bytes that gzip may need for incompressible content, with room for a long header."""
    return size + size // 1000 + 4096


def _receive(
    url: str, limit: int, patience: Patience, attempt_seconds: float, tell: Report
) -> bytes:
    """Collect the body that a thread receives, and leave the thread behind if it hangs."""
    parcels: _Parcels = queue.SimpleQueue()
    abandoned = threading.Event()
    # No time-out reaches a hanging look-up of a name: only a thread can be left behind.
    threading.Thread(
        target=_deliver, args=(url, attempt_seconds, parcels, abandoned), daemon=True
    ).start()
    own_patience = Patience(attempt_seconds)
    body = bytearray()
    try:
        while True:
            parcel = _next_parcel(parcels, min(own_patience.remaining, patience.remaining))
            if isinstance(parcel, Exception):
                raise DataError(f"{url}: {type(parcel).__name__}: {parcel}") from parcel
            if not parcel:
                return bytes(body)
            if (len(body) + len(parcel)) // _REPORT_EVERY_BYTES > len(body) // _REPORT_EVERY_BYTES:
                tell(f"{url}: {(len(body) + len(parcel)) // _REPORT_EVERY_BYTES} MiB")
            body += parcel
            if len(body) > limit:
                raise DataError(f"{url}: expected at most {limit} bytes, found more")
            own_patience.received(len(parcel))
            patience.received(len(parcel))
    finally:
        abandoned.set()


def _next_parcel(parcels: _Parcels, seconds: float) -> bytes | Exception:
    # Asked before the queue: a server that drips would otherwise always have something in it.
    if seconds <= 0:
        return TimeoutError("no progress in time")
    try:
        return parcels.get(timeout=seconds)
    except queue.Empty:
        return TimeoutError("no answer in time")


def _deliver(
    url: str,
    seconds: float,
    parcels: _Parcels,
    abandoned: threading.Event,
) -> None:
    """Put the body into the queue piece by piece, then an empty piece, or else the exception."""
    try:
        opener = urllib.request.build_opener(_NoDowngrade)
        with opener.open(url, timeout=seconds) as answer:
            while not abandoned.is_set():
                parcel = answer.read1(_CHUNK_BYTES)
                parcels.put(parcel)
                if not parcel:
                    return
    # The waiting thread has to hear of any error, and those of urllib have no common base.
    except Exception as error:
        parcels.put(error)


class _NoDowngrade(urllib.request.HTTPRedirectHandler):
    """Follow a redirect to the same scheme or from http to https, and nowhere else."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        scheme = urllib.parse.urlsplit(newurl).scheme
        if scheme not in {req.type, "https"}:
            raise urllib.error.URLError(f"redirect to {newurl} refused: expected https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _put_in_place(content: bytes, destination: Path) -> None:
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=destination.parent, prefix=f".{destination.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            os.replace(name, destination)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise DataError(
            f"{destination}: expected a folder to write to, found: {error}. "
            "Make room or name another folder."
        ) from error
