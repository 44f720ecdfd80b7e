import subprocess
import sys

import numba
import pytest

from lenet98.network import compilation
from lenet98.network.compilation import compilation_shared

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="is about compilation")


class Helper:
    """Stands in for a process."""

    def __init__(self, command, **_):
        self.command = command
        self.ended = []

    def kill(self):
        self.ended.append("kill")

    def wait(self):
        self.ended.append("wait")


@pytest.fixture
def helpers(monkeypatch):
    started = []

    def start(*arguments, **options):
        started.append(Helper(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(compilation.subprocess, "Popen", start)
    return started


def compile_something():
    numba.njit(lambda x: x + 1)(1)


@pytest.mark.parametrize(("cores", "shared"), [(2, True), (1, False)])
def test_the_work_is_shared_once_where_there_are_cores(monkeypatch, helpers, cores, shared):
    monkeypatch.setattr(compilation, "usable_cores", lambda: cores)
    with compilation_shared():
        assert helpers == []
        compile_something()
        compile_something()
        assert [helper.ended for helper in helpers] == [[]] * shared
    assert [helper.ended for helper in helpers] == [["kill", "wait"]] * shared


def test_nothing_is_shared_where_all_is_compiled(helpers):
    add = numba.njit(lambda x: x + 1)
    add(1)
    with compilation_shared():
        add(2)
    compile_something()
    assert helpers == []


def test_the_helper_is_ended_when_something_fails(monkeypatch, helpers):
    monkeypatch.setattr(compilation, "usable_cores", lambda: 2)

    def fail():
        compile_something()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), compilation_shared():
        fail()
    assert [helper.ended for helper in helpers] == [["kill", "wait"]]


@pytest.mark.slow
def test_what_the_helper_compiles_is_what_answers_images(installed_anew, tmp_path):
    code = (
        f"{compilation._ANSWER_ONE}"
        "from lenet98.network import kernels\n"
        "found = kernels.penalties_of.signatures\n"
        "LeNet5().penalties(np.zeros((40, 28, 28), np.uint8))\n"
        "assert kernels.penalties_of.signatures == found\n"
        "assert not sum(kernels.penalties_of.stats.cache_misses.values())\n"
        "assert sum(kernels.penalties_of.stats.cache_hits.values()) == 1\n"
    )
    assert installed_anew.answered.returncode == 0
    command = [sys.executable, "-c", code, str(installed_anew.folder)]
    subprocess.run(command, env=installed_anew.environment, cwd=tmp_path, check=True)
