"""What is compiled is kept, and no failure to keep it is more than that."""

import importlib.util
import itertools
import logging
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numba
import pytest

import lenet98
from lenet98.storage import cache
from lenet98.storage.compiling import BEGINS, ENDS, LOG

pytestmark = [
    pytest.mark.skipif(numba.config.DISABLE_JIT, reason="is about compilation"),
    pytest.mark.skipif(sys.platform == "win32", reason="users and their homes are others"),
]

SOURCE = """\
from lenet98.storage.cache import cached_njit

@cached_njit()
def one():
    return 1

@cached_njit(nogil=True)
def add(x):
    return x + one()
"""


@pytest.fixture(autouse=True)
def nothing_was_said():
    cache._say.cache_clear()


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Return a function that loads, each time anew, two functions to compile."""
    path = tmp_path / "adding.py"
    path.write_text(SOURCE)
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    names = (f"adding{k}" for k in itertools.count())

    def load():
        spec = importlib.util.spec_from_file_location(next(names), path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Leave no place but the temporary folder; return where it will be."""
    (tmp_path / "__pycache__").write_text("a file where a folder should be")
    monkeypatch.setenv("HOME", os.devnull)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder / f"lenet98-{os.getuid()}"


def found_again(module):
    """Compile, or find what was compiled; return which."""
    assert module.add(1) == 2
    hits = sum(module.add.stats.cache_hits.values())
    assert hits + sum(module.add.stats.cache_misses.values()) == 1
    return bool(hits)


def test_what_is_compiled_is_kept_beside_its_source(module, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not found_again(module())
        assert found_again(module())
    assert list((tmp_path / "__pycache__").glob("*.nbi"))


def test_options_reach_numba(module):
    assert module().add.targetoptions["nogil"] is True


def test_without_a_place_it_is_kept_in_a_temporary_folder_of_the_user(module, temporary):
    with pytest.warns(RuntimeWarning, match=f"kept in {temporary}.*set NUMBA_CACHE_DIR"):
        assert not found_again(module())
    assert found_again(module())
    assert temporary.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("prepare", ["file", "open to others", "link"])
def test_what_others_could_have_put_there_is_never_run(module, temporary, tmp_path, prepare):
    if prepare == "file":
        temporary.write_text("")
    elif prepare == "link":
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        temporary.symlink_to(tmp_path / "elsewhere")
    else:
        temporary.mkdir()
        temporary.chmod(0o770)
    with pytest.warns(RuntimeWarning, match="no place .* set NUMBA_CACHE_DIR"):
        assert not found_again(module())
    assert not found_again(module())


def test_a_cache_folder_of_the_users_choice_that_cannot_be_is_passed_over(
    module, tmp_path, monkeypatch
):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "file" / "below"))
    assert not found_again(module())
    assert found_again(module())


DAMAGE = {
    "empty": lambda content: b"",
    "half": lambda content: content[: len(content) // 2],
    "garbage": lambda content: b"\x93NUMPY" * 30,
}


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_files_are_set_aside(module, tmp_path, ending, damage):
    found_again(module())
    files = sorted((tmp_path / "__pycache__").glob(f"*.{ending}"))
    assert len(files) == 2
    for file in files:
        file.write_bytes(DAMAGE[damage](file.read_bytes()))
    with pytest.warns(RuntimeWarning, match="is damaged, and what it held is compiled anew"):
        assert not found_again(module())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert found_again(module())


def test_a_damaged_index_that_cannot_be_set_aside_does_no_harm(module, tmp_path):
    found_again(module())
    for file in (tmp_path / "__pycache__").glob("*.nbi"):
        file.unlink()
        file.mkdir()
    with pytest.warns(RuntimeWarning) as said:
        assert not found_again(module())
    assert {str(one.message).split(",")[0].split(" (")[0] for one in said} == {
        "a file of numba's cache is damaged",
        "what is compiled cannot be kept",
    }


def test_a_full_disk_does_no_harm(module, monkeypatch):
    def fail(source, destination):
        raise OSError(28, "No space left on device")

    full = module()
    monkeypatch.setattr(os, "replace", fail)
    with pytest.warns(RuntimeWarning, match=r"cannot be kept \(No space left on device\); to"):
        assert not found_again(full)


def test_the_log_tells_of_what_is_compiled_and_not_of_what_is_found(module, caplog):
    with caplog.at_level(logging.INFO, LOG.name):
        module().add(1)
        assert [record.msg for record in caplog.records] == [BEGINS, BEGINS, ENDS, ENDS]
        caplog.clear()
        module().add(1)
        assert caplog.records == []


def test_the_log_tells_of_what_is_compiled_where_nothing_is_kept(module, temporary, caplog):
    temporary.write_text("")
    with caplog.at_level(logging.INFO, LOG.name), pytest.warns(RuntimeWarning):
        module().add(1)
    assert [record.msg for record in caplog.records] == [BEGINS, BEGINS, ENDS, ENDS]


AGAIN = f"""\
{SOURCE}
import warnings
with warnings.catch_warnings():
    pass

@cached_njit()
def double(x):
    return 2 * x

assert add(double(1)) == 3
"""


def test_each_failure_is_said_once_in_a_process(tmp_path):
    (tmp_path / "adding.py").write_text(AGAIN)
    (tmp_path / "__pycache__").write_text("")
    environment = os.environ | {
        "HOME": os.devnull,
        "XDG_CACHE_HOME": os.devnull,
        "NUMBA_CACHE_DIR": os.devnull,
        "TMPDIR": str(tmp_path),
        "PYTHONPATH": str(Path(lenet98.__file__).parents[1]),
    }
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "adding.py"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr.count("is kept in") == 1
        assert f"is kept in {tmp_path / 'lenet98-'}{os.getuid()}, for want of" in done.stderr
