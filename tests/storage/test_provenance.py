"""Where a result comes from, in repositories of a single file."""

import json
import os
import platform
import shutil
import subprocess
from datetime import datetime, timedelta, timezone
from importlib import import_module

import pytest

from lenet98.cores import usable_cores
from lenet98.storage import provenance as module
from lenet98.storage.provenance import bit_makers, provenance
from lenet98.version import VERSION

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="asks git")


def git(folder, *words):
    who = ["-c", "user.name=A", "-c", "user.email=a@example.invalid"]
    command = ["git", "-C", str(folder), *who, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def source(tmp_path, monkeypatch):
    """The module's file, alone in a folder, of which git knows nothing yet."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    path = tmp_path / "checkout" / "provenance.py"
    path.parent.mkdir()
    path.write_text("one")
    monkeypatch.setattr(module, "__file__", str(path))
    return path


@needs_git
def test_the_commit_is_told_and_a_plus_where_files_differ_from_it(source):
    git(source.parent, "init")
    git(source.parent, "add", ".")
    git(source.parent, "commit", "-m", "One")
    commit = git(source.parent, "rev-parse", "--short", "HEAD")
    assert provenance()["git"] == commit
    source.write_text("another")
    assert provenance()["git"] == f"{commit}+"


@needs_git
def test_a_copy_in_the_repository_of_another_has_no_commit(source):
    git(source.parent, "init")
    git(source.parent, "commit", "--allow-empty", "-m", "Of another")
    assert provenance()["git"] is None


def test_outside_a_repository_there_is_no_commit(source):
    assert provenance()["git"] is None


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError("git"),
        PermissionError("git"),
        subprocess.CalledProcessError(128, "git"),
        subprocess.TimeoutExpired("git", 10),
    ],
)
def test_where_git_fails_there_is_no_commit(monkeypatch, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(subprocess, "run", fail)
    assert module._git_state() is None


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ("processor\t: 0\nmodel name\t: A Core: 2 GHz\nmodel name\t: Another\n", "A Core: 2 GHz"),
        ("processor\t: 0\nBogoMIPS\t: 50.00\n", "a machine"),
        (None, "a processor"),
    ],
)
def test_the_processor_is_named(tmp_path, monkeypatch, told, named):
    path = tmp_path / "cpuinfo"
    if told is not None:
        path.write_text(told)
    monkeypatch.setattr(module, "Path", lambda name: {"/proc/cpuinfo": path}[name])
    monkeypatch.setattr(platform, "machine", lambda: "a machine")
    monkeypatch.setattr(platform, "processor", lambda: "a processor")
    assert module._processor() == named


def test_a_processor_that_nothing_names_is_its_machine(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "Path", lambda _: tmp_path / "none")
    monkeypatch.setattr(platform, "machine", lambda: "a machine")
    monkeypatch.setattr(platform, "processor", lambda: "")
    assert module._processor() == "a machine"


def test_versions_are_those_of_all_that_is_computed_with():
    names = ["numpy", "numba", "llvmlite"]
    makers = {"lenet98": VERSION} | {name: import_module(name).__version__ for name in names}
    drawn = {"matplotlib": import_module("matplotlib").__version__}
    assert bit_makers() == makers
    assert provenance().items() >= (makers | drawn).items()
    assert provenance()["python"] == platform.python_version()


def test_the_rest_is_told_in_plain_values():
    told = provenance()
    assert json.loads(json.dumps(told)) == told
    assert (told["processor"], told["cores"]) == (module._processor(), usable_cores())
    assert told["system"] == platform.platform(terse=True)
    ago = datetime.now(timezone.utc) - datetime.fromisoformat(told["date"])
    assert timedelta(seconds=-1) < ago < timedelta(minutes=1)
