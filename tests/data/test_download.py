"""Fetching from mirrors, against a server on this machine."""

import contextlib
import gzip
import hashlib
import http.server
import os
import socket
import threading
import time
from urllib.request import Request

import numpy as np
import pytest

from lenet98.data import download
from lenet98.data.download import fetch
from lenet98.data.mnist import MNIST
from lenet98.errors import DataError

CONTENT = np.random.default_rng(1998).bytes(150_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Mirror(http.server.BaseHTTPRequestHandler):
    """A server with one path for each way to behave."""

    protocol_version = "HTTP/1.0"

    def log_message(self, *_args):
        pass

    def do_GET(self):
        # The client may be gone before the answer is.
        with contextlib.suppress(OSError):
            getattr(self, "_" + self.path.strip("/"))()

    def _answer(self, body, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _raw(self):
        self._answer(CONTENT)

    def _gzip(self):
        self._answer(gzip.compress(CONTENT))

    def _missing(self):
        self.send_error(404)

    def _portal(self):
        self._answer(b"<html>Please log in</html>")

    def _cut(self):
        self._answer(gzip.compress(CONTENT)[:-1000])

    def _changed(self):
        self._answer(CONTENT[:-1] + bytes([CONTENT[-1] ^ 1]))

    def _endless(self):
        self._answer(b"")
        while not self.server.closing.is_set():
            self.wfile.write(bytes(100_000))

    def _silent(self):
        self.server.closing.wait()

    def _drips(self):
        self._answer(b"")
        while not self.server.closing.wait(0.01):
            self.wfile.write(b"x")

    def _drips_headers(self):
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
        while not self.server.closing.wait(0.01):
            self.wfile.write(b"x")

    def _slow(self):
        self._answer(b"")
        for start in range(0, len(CONTENT), 15_000):
            time.sleep(0.06)
            self.wfile.write(CONTENT[start : start + 15_000])

    def _moved(self):
        self._answer(b"", 302, Location="/gzip")

    def _moved_to_ftp(self):
        self._answer(b"", 302, Location="ftp://127.0.0.1/gzip")

    def _moved_to_file(self):
        self._answer(b"", 302, Location=f"file://{__file__}")

    def _moved_in_circles(self):
        self._answer(b"", 302, Location="/moved_in_circles")


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    running.daemon_threads = True
    running.closing = threading.Event()
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield running
    running.closing.set()
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def fetched(server, tmp_path, monkeypatch):
    """Fetch from the named mirrors; return the address that served and the file written."""

    def _fetch(*mirrors, seconds=0.4, tell=lambda _line: None):
        monkeypatch.setattr(download, "SECONDS_FOR_NOTHING", seconds)
        urls = [
            mirror if ":" in mirror else f"http://127.0.0.1:{server.server_port}/{mirror}"
            for mirror in mirrors
        ]
        destination = tmp_path / "cache" / "digits"
        served_by = fetch(urls, destination, sha256=SHA256, size=len(CONTENT), tell=tell)
        assert os.listdir(destination.parent) == ["digits"]
        return served_by, destination.read_bytes()

    return _fetch


@pytest.mark.parametrize("mirror", ["raw", "gzip", "moved", "slow"])
def test_stores_the_content_decompressed(fetched, mirror):
    served_by, content = fetched(mirror)
    assert served_by.endswith(mirror)
    assert content == CONTENT


@pytest.mark.parametrize(
    ("mirror", "reason"),
    [
        ("missing", "404"),
        ("portal", "SHA-256"),
        ("cut", "whole gzip"),
        ("changed", "SHA-256"),
        ("endless", "at most"),
        ("silent", "steady progress|timed out"),
        ("drips", "steady progress"),
        ("drips_headers", "steady progress"),
        ("moved_to_ftp", "refused: expected https"),
        ("moved_to_file", "not allowed"),
        ("moved_in_circles", "infinite loop"),
        ("http://127.0.0.1:9/", "refused"),
        ("no:address", "unknown url"),
    ],
)
def test_goes_on_to_the_next_mirror_or_says_why_not(fetched, tmp_path, mirror, reason):
    with pytest.raises(DataError, match=reason) as caught:
        fetched(mirror)
    assert mirror in str(caught.value)
    assert not (tmp_path / "cache").exists()
    _, content = fetched(mirror, "gzip")
    assert content == CONTENT


def test_every_failure_is_listed(fetched):
    with pytest.raises(DataError) as caught:
        fetched("missing", "portal", "cut")
    for part in ("missing", "404", "portal", "SHA-256", "cut", "whole gzip"):
        assert part in str(caught.value)


@pytest.mark.parametrize("mirror", ["silent", "drips", "drips_headers"])
def test_four_mirrors_that_hang_or_drip_end_in_time(fetched, mirror):
    start = time.monotonic()
    with pytest.raises(DataError, match=mirror):
        fetched(*[mirror] * 4, seconds=0.2)
    # Half a second for a machine that has other things to do.
    assert time.monotonic() - start < 4 * 0.2 + 0.5


def test_the_thread_of_a_silent_mirror_ends_by_itself(fetched):
    with pytest.raises(DataError, match="silent"):
        fetched("silent", seconds=0.2)
    for thread in threading.enumerate():
        if "receive" in thread.name:
            thread.join(2)
            assert not thread.is_alive()


def test_a_hanging_look_up_of_a_name_ends_in_time(fetched, server, monkeypatch):
    look_up = socket.getaddrinfo

    def hang(host, *arguments, **named):
        if host == "hangs.invalid":
            server.closing.wait()
        return look_up(host, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    start = time.monotonic()
    _, content = fetched("http://hangs.invalid/", "raw", seconds=0.2)
    assert content == CONTENT
    assert time.monotonic() - start < 1.0


def test_steady_progress_may_outlast_the_deadline(fetched):
    start = time.monotonic()
    fetched("slow", seconds=0.3)
    assert time.monotonic() - start > 0.6


def test_all_mirrors_of_mnist_are_given_up_within_twenty_seconds():
    assert len(MNIST.mirrors) * download.SECONDS_FOR_NOTHING < 20


def test_a_slow_line_is_steady_enough():
    assert download.STEADY_BYTES_PER_SECOND < 200_000 / 8  # 200 kilobits a second


@pytest.mark.parametrize(
    ("scheme", "target", "allowed"),
    [
        ("http", "http", True),
        ("http", "https", True),
        ("https", "https", True),
        ("https", "http", False),
        ("https", "ftp", False),
    ],
)
def test_no_redirect_leaves_https(scheme, target, allowed):
    request = Request(f"{scheme}://mirror.invalid/a")
    arguments = (request, None, 302, "Found", {}, f"{target}://mirror.invalid/b")
    handler = download._NoDowngrade()
    if allowed:
        assert handler.redirect_request(*arguments).full_url == f"{target}://mirror.invalid/b"
    else:
        with pytest.raises(OSError, match="refused"):
            handler.redirect_request(*arguments)


def test_a_place_that_cannot_be_written_is_told(fetched, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(DataError, match="cannot make its folder: File exists"):
        fetched("raw")


def test_a_write_that_fails_leaves_nothing_behind(fetched, tmp_path, monkeypatch):
    def refuse(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(DataError, match="digits: cannot write it: No space left"):
        fetched("raw")
    assert os.listdir(tmp_path / "cache") == []


def test_attempts_and_failures_are_told(fetched):
    lines = []
    fetched("missing", "raw", tell=lines.append)
    assert len(lines) == 3
    assert "fetching" in lines[0]
    assert "404" in lines[1]
    assert "raw" in lines[2]
