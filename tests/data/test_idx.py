"""Reading of IDX files, whole and damaged."""

import gzip
import hashlib
import os
import struct
import sys
import tracemalloc
import zlib

import numpy as np
import pytest

from lenet98.data.idx import content_of, read_idx
from lenet98.errors import DataError

SHAPE = (5, 4, 3)
VALUES = np.arange(60, dtype=np.uint8).reshape(SHAPE)
CONTENT = struct.pack(">4B3I", 0, 0, 8, 3, *SHAPE) + VALUES.tobytes()


def compress(content):
    # Without the time of day in its header, so that every run sees the same bytes.
    return gzip.compress(content, mtime=0)


@pytest.fixture
def write(tmp_path):
    def _write(content, name="images"):
        path = tmp_path / name
        # A file that is cut to nothing and filled again is flushed to the disk by some systems.
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        return path

    return _write


def with_header(type_code=8, dimensions=3, shape=SHAPE, start=b"\0\0"):
    header = start + bytes([type_code, dimensions]) + struct.pack(f">{len(shape)}I", *shape)
    return header + VALUES.tobytes()


@pytest.mark.parametrize("pack", [bytes, compress], ids=["raw", "gzip"])
@pytest.mark.parametrize("name", ["images", "images.gz"])
def test_reads_raw_and_gzip_whatever_the_name(write, pack, name):
    read = read_idx(write(pack(CONTENT), name), SHAPE)
    np.testing.assert_array_equal(read, VALUES)
    assert read.dtype == np.uint8
    assert read.flags.writeable


def test_reads_gzip_in_several_members(write):
    parts = compress(CONTENT[:30]) + compress(CONTENT[30:])
    np.testing.assert_array_equal(read_idx(write(parts), SHAPE), VALUES)


def test_checks_the_digest_of_the_decompressed_content(write):
    digest = hashlib.sha256(CONTENT).hexdigest()
    for content in (CONTENT, compress(CONTENT)):
        read_idx(write(content), SHAPE, digest)
    other = CONTENT[:-1] + b"\0"
    with pytest.raises(DataError) as caught:
        read_idx(write(other), SHAPE, digest)
    assert digest in str(caught.value)
    assert hashlib.sha256(other).hexdigest() in str(caught.value)


wrong_crc = bytearray(compress(CONTENT))
wrong_crc[-8] ^= 1
broken_middle = bytearray(compress(CONTENT))
broken_middle[20:30] = bytes(10)


@pytest.mark.parametrize(
    ("content", "expected", "found"),
    [
        pytest.param(with_header(start=b"PK"), "0x00000803", "0x504b0803", id="magic"),
        pytest.param(with_header(type_code=0x0D), "0x08", "0x0d", id="type"),
        pytest.param(with_header(dimensions=1), "3 dimensions", "found 1", id="dimensions"),
        pytest.param(with_header(shape=(5, 3, 4)), "(5, 4, 3)", "(5, 3, 4)", id="shape"),
        pytest.param(with_header(shape=(2**32 - 1,) * 3), "(5, 4, 3)", "4294967295", id="huge"),
        pytest.param(b"", "16 bytes", "empty", id="empty"),
        pytest.param(compress(b""), "16 bytes", "empty", id="empty gzip"),
        pytest.param(CONTENT[:3], "16 bytes", "3 bytes", id="cut magic"),
        pytest.param(CONTENT[:15], "16 bytes", "15 bytes", id="cut header"),
        pytest.param(CONTENT[:-1], "76 bytes", "75", id="cut body"),
        pytest.param(CONTENT + b"\0", "76 bytes", "more", id="too long"),
        pytest.param(compress(CONTENT + b"\0"), "76 bytes", "more", id="too long gzip"),
        pytest.param(compress(CONTENT)[:1], "16 bytes", "1 bytes", id="cut gzip magic"),
        pytest.param(compress(CONTENT)[:9], "whole gzip", "damaged", id="cut gzip header"),
        pytest.param(compress(CONTENT)[:-20], "whole gzip", "damaged", id="cut gzip body"),
        pytest.param(compress(CONTENT)[:-1], "whole gzip", "damaged", id="cut gzip check sum"),
        pytest.param(compress(CONTENT) + b"more", "whole gzip", "damaged", id="gzip and more"),
        pytest.param(bytes(wrong_crc), "whole gzip", "CRC", id="wrong check sum"),
        pytest.param(bytes(broken_middle), "whole gzip", "damaged", id="broken gzip"),
    ],
)
def test_says_file_and_expected_and_found(write, content, expected, found):
    path = write(content)
    with pytest.raises(DataError) as caught:
        read_idx(path, SHAPE)
    message = str(caught.value)
    assert message.startswith(f"{path}: expected ")
    assert expected in message
    assert found in message


@pytest.mark.parametrize("pack", [bytes, compress], ids=["raw", "gzip"])
@pytest.mark.parametrize(
    "page", [b"<!DOCTYPE html>\n<html></html>", b"\n\n  <html lang='en'>", b"<?xml version='1.0'?>"]
)
def test_a_web_page_in_the_place_of_a_file_is_called_that(write, pack, page):
    with pytest.raises(DataError, match="found a web page saved under its name. Fetch the file"):
        read_idx(write(pack(page), "images.gz"), SHAPE)


def test_the_content_of_a_file_is_made_again_from_its_values(write):
    assert content_of(VALUES) == CONTENT


def test_a_missing_file_a_folder_and_a_device_are_refused(tmp_path):
    for path in (tmp_path / "absent", tmp_path, tmp_path / "nul\0byte"):
        with pytest.raises(DataError, match="expected a"):
            read_idx(path, SHAPE)


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
def test_a_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError, match="expected a file"):
        read_idx(tmp_path / "pipe", SHAPE)


def test_no_permission_is_told(write, monkeypatch):
    path = write(CONTENT)

    def refuse(*_args, **_named):
        raise PermissionError(13, "Permission denied")

    # The superuser may read whatever a test forbids.
    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(DataError, match="Permission denied"):
        read_idx(path, SHAPE)


def test_a_gzip_bomb_is_not_inflated(write):
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(1 << 20)
    bomb = b"".join(packer.compress(zeros) for _ in range(200)) + packer.flush()
    path = write(bomb)
    tracemalloc.start()
    with pytest.raises(DataError):
        read_idx(path, SHAPE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 << 20


def mutant(content, rng):
    """Change, cut out, repeat or insert a few bytes."""
    changed = bytearray(content)
    for _ in range(rng.integers(1, 4)):
        at, size = rng.integers(len(changed) + 1), rng.integers(1, 8)
        kind = rng.integers(5)
        if kind == 0:
            changed[at : at + 1] = rng.bytes(1)
        elif kind == 1:
            del changed[at : at + size]
        elif kind == 2:
            changed[at:at] = rng.bytes(size)
        elif kind == 3:
            del changed[at:]
        elif at < len(changed):
            changed[at] ^= 1 << rng.integers(8)
    return bytes(changed)


@pytest.mark.parametrize("pack", [bytes, compress], ids=["raw", "gzip"])
def test_a_mutant_is_refused_or_read_as_declared(write, pack):
    rng = np.random.default_rng(1998)
    packed = pack(CONTENT)
    refused = 0
    for _ in range(1500):
        content = mutant(packed, rng)
        try:
            read = read_idx(write(content), SHAPE)
        except DataError:
            refused += 1
            continue
        # Gzip guards its content with a check sum; a raw body may hold any bytes.
        declared = CONTENT if content[:2] == b"\x1f\x8b" else content
        assert read.shape == SHAPE
        assert read.tobytes() == declared[16:]
    assert 300 < refused < 1500
