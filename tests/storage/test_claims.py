"""Claims to files, which one has at a time."""

import subprocess
import sys

import pytest

from lenet98.errors import DataError
from lenet98.storage import claims
from lenet98.storage.claims import claim

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="all are told that they hold it")


def test_one_has_a_claim_until_it_is_let_go(tmp_path):
    held = claim(tmp_path / "a")
    assert held is not None
    assert claim(tmp_path / "a") is None
    other = claim(tmp_path / "b")
    other.let_go()
    held.let_go()
    again = claim(tmp_path / "a")
    assert again is not None
    again.let_go()
    assert [*tmp_path.iterdir()] == []


def test_a_process_that_is_killed_holds_nothing(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from lenet98.storage.claims import claim\n"
        "held = claim(Path(sys.argv[1])); print(held is not None, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "True\n"
        assert claim(tmp_path / "a") is None
        other.kill()
        other.wait()
        held = claim(tmp_path / "a")
    assert held is not None
    held.let_go()


def test_a_file_that_was_removed_meanwhile_is_no_claim(tmp_path, monkeypatch):
    lock, turns = claims._locked, []

    def remove_first(file):
        turns.append(file)
        if len(turns) == 1:
            (tmp_path / ".a.claim").unlink()  # as whoever lets go does
        return lock(file)

    monkeypatch.setattr(claims, "_locked", remove_first)
    held = claim(tmp_path / "a")
    assert len(turns) == 2
    assert claim(tmp_path / "a") is None
    held.let_go()


def test_where_there_are_no_locks_all_hold_the_claim(tmp_path, monkeypatch):
    def no_locks(*_):
        raise OSError("Function not implemented")

    monkeypatch.setattr("fcntl.flock", no_locks)
    both = [claim(tmp_path / "a"), claim(tmp_path / "a")]
    assert None not in both
    for one in both:
        one.let_go()


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DataError, match="a: cannot write it: No such file"):
        claim(tmp_path / "absent" / "a")
