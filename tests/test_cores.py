"""How many cores a process takes for its own."""

import os
import subprocess
import sys

import pytest

from lenet98.cores import usable_cores

KEPT_TO_ONE = """
import os
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
from lenet98.reproduction.machines import OneMachine
from lenet98.storage.provenance import provenance
print(OneMachine().cores(), provenance()["cores"])
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="processes are kept to no cores")
def test_a_process_that_is_kept_to_one_core_computes_on_one():
    told = subprocess.run([sys.executable, "-c", KEPT_TO_ONE], capture_output=True, text=True)
    assert told.stdout.split() == ["1", "1"], told.stderr


@pytest.mark.parametrize(("machine", "usable"), [(6, 6), (None, 1)])
def test_where_the_system_does_not_tell_there_are_those_of_the_machine(
    monkeypatch, machine, usable
):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: machine)
    assert usable_cores() == usable
