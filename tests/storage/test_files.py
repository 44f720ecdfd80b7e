"""Files written whole or not at all, and read with an error for people."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lenet98.errors import DataError
from lenet98.storage.files import expanded, read_file, read_json, write_json, write_whole


@pytest.fixture
def path(tmp_path):
    return tmp_path / "results.json"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_file_before_and_nothing_else(path, monkeypatch, step):
    def fail(*_):
        raise OSError(28, "No space left on device")

    write_whole(path, b"before")
    monkeypatch.setattr(os, step, fail)
    with pytest.raises(DataError, match=r"results.json: cannot write it: No space left"):
        write_whole(path, b"after")
    assert path.read_bytes() == b"before"
    assert os.listdir(path.parent) == ["results.json"]


def test_the_content_is_on_the_disk_before_the_file_has_its_name(path, monkeypatch):
    steps = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda file: (steps.append("fsync"), fsync(file)))
    monkeypatch.setattr(os, "replace", lambda *names: (steps.append("replace"), replace(*names)))
    write_whole(path, b"content")
    assert steps == ["fsync", "replace"]
    assert path.read_bytes() == b"content"


def test_whoever_reads_while_several_write_finds_one_of_their_files(path):
    contents = [bytes([k]) * 300_000 for k in range(4)]
    write_whole(path, contents[0])

    def write(content):
        for _ in range(20):
            write_whole(path, content)

    with ThreadPoolExecutor() as pool:
        writing = [pool.submit(write, content) for content in contents]
        while not all(one.done() for one in writing):
            assert path.read_bytes() in contents
    for one in writing:
        one.result()
    assert os.listdir(path.parent) == ["results.json"]


@pytest.mark.parametrize("name", ["", "/", "nul\0byte.npz"])
def test_a_name_that_no_file_has_is_one_clear_error(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match="cannot write it"):
        write_whole(Path(name), b"content")
    assert os.listdir(tmp_path) == []


def test_a_file_in_place_of_a_folder_is_one_clear_error(path):
    write_whole(path, b"content")
    with pytest.raises(DataError, match="cannot write it: Not a directory"):
        write_whole(path / "more.json", b"content")


def test_what_is_no_file_is_refused(path, tmp_path):
    with pytest.raises(DataError, match=r"results.json: expected a file, found none"):
        read_file(path, bytes)
    with pytest.raises(DataError, match="found a folder or a device"):
        read_file(tmp_path, bytes)
    with pytest.raises(DataError, match="expected a readable file"):
        read_file(tmp_path / "nul\0byte", bytes)


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
def test_a_pipe_does_not_block(path):
    os.mkfifo(path)
    with pytest.raises(DataError, match="found a folder or a device"):
        read_file(path, bytes)


def test_what_the_reader_finds_wrong_is_told_with_the_path(path):
    def refuse(_stream):
        raise ValueError("no picture")

    write_whole(path, b"content")
    assert read_file(path, lambda stream: stream.read()) == b"content"
    with pytest.raises(DataError, match=r"results.json: expected a readable file.*no picture"):
        read_file(path, refuse)


def test_json_is_built_or_refused_in_one_line(path):
    with pytest.raises(DataError, match="cannot read the results: No such file"):
        read_json(path, dict, "results")
    write_whole(path, b'{"seed": 1998}')
    assert read_json(path, lambda content: content["seed"], "results") == 1998
    with pytest.raises(DataError, match="expected results as reproduce.py writes them"):
        read_json(path, lambda content: content["errors"], "results")
    write_whole(path, b'{"seed": 19')
    with pytest.raises(DataError, match="expected results as reproduce.py writes them"):
        read_json(path, dict, "results")


def test_json_is_written_in_lines_and_read_again(path):
    write_json(path, {"a": [1, 2.5], "b": None})
    assert path.read_text() == '{\n "a": [\n  1,\n  2.5\n ],\n "b": null\n}\n'
    assert read_json(path, dict, "values") == {"a": [1, 2.5], "b": None}


def test_a_tilde_is_the_home_folder_where_there_is_one(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write_whole(Path("~/a"), b"content")
    assert (tmp_path / "a").read_bytes() == b"content"
    assert read_file(Path("~/a"), lambda stream: stream.read()) == b"content"
    assert expanded("~nobody of this name/a") == Path("~nobody of this name/a")
    assert expanded("a~/b") == Path("a~/b")
