"""Fetch one file from several mirrors; nothing that is not right ever reaches its place."""

import io
import threading
import time
from collections.abc import Callable, Sequence
from http.client import HTTPMessage
from pathlib import Path
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from lenet98.data.idx import check_digest, unpack
from lenet98.errors import DataError
from lenet98.storage.files import write_whole

Tell = Callable[[str], None]
"""Shows a line of text to whoever waits."""

# A slow download may take its time, while silence, or a byte now and then, ends it.
SECONDS_FOR_NOTHING = 4.5
STEADY_BYTES_PER_SECOND = 16 * 1024


def fetch(urls: Sequence[str], destination: Path, *, sha256: str, size: int, tell: Tell) -> str:
    """Fetch a file from the first mirror that delivers the right content, and store it inflated.

    Parameters
    ----------
    urls : sequence of str
        The file at each mirror, raw or gzip, in the order in which to try them.
    destination : Path
        The file to write; missing folders are made.
    sha256 : str
        The digest of the inflated content, 64 hexadecimal digits.
    size : int
        The size of the inflated content, in bytes.
    tell : callable
        Called with a line of text for each attempt and each failure.

    Returns
    -------
    str
        The one of `urls` that delivered.

    Raises
    ------
    DataError
        No mirror delivered the right content, with the reason of each; or it cannot be written.
    """
    failures = []
    limit = size + size // 1000 + 4096  # what gzip cannot make smaller grows a little
    for url in urls:
        tell(f"{url}: fetching")
        try:
            content = unpack(io.BytesIO(_receive(url, limit)), size, url)
            check_digest(content, sha256, url)
        except DataError as error:
            failures.append(str(error))
            tell(failures[-1])
            continue
        try:
            destination.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(f"{destination}: cannot make its folder: {error.strerror}") from error
        write_whole(destination, content)
        return url
    raise DataError(
        f"{destination}: expected to fetch it, but no mirror delivered it. Check the network, "
        "or put the file there by hand. Tried:\n  " + "\n  ".join(failures)
    )


def _receive(url: str, limit: int) -> bytes:
    body = bytearray()
    failures: list[Exception] = []

    def receive() -> None:
        try:
            with build_opener(_NoDowngrade).open(url, timeout=SECONDS_FOR_NOTHING) as answer:
                while len(body) <= limit and (piece := answer.read1(1 << 16)):
                    body.extend(piece)
        # The errors of urllib have no common base; some hold the connection.
        except Exception as error:
            if isinstance(error, HTTPError):
                error.close()
            failures.append(error)

    # No time-out reaches the look-up of a name, or headers that drip: a thread is left behind.
    thread = threading.Thread(target=receive, daemon=True)
    begun = time.monotonic()
    thread.start()
    while thread.is_alive():
        left = begun + SECONDS_FOR_NOTHING + len(body) / STEADY_BYTES_PER_SECOND - time.monotonic()
        if left <= 0:
            raise DataError(f"{url}: expected steady progress, found {len(body)} bytes in time")
        thread.join(left)
    if failures:
        raise DataError(f"{url}: {type(failures[0]).__name__}: {failures[0]}") from failures[0]
    if len(body) > limit:
        raise DataError(f"{url}: expected at most {limit} bytes, found more")
    return bytes(body)


class _NoDowngrade(HTTPRedirectHandler):
    """Follow a redirect to the same scheme or from http to https, and nowhere else."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if urlsplit(newurl).scheme not in {req.type, "https"}:
            reason = f"redirect to {newurl} refused: expected https"
            raise HTTPError(req.full_url, code, reason, headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
