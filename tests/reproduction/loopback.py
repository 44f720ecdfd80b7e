"""A scheduler and workers on loopback, and cells for them: their processes import this too."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import lenet98
from lenet98.questions.cells import Cell, Found

HERE = Path(__file__).parent
SECONDS = 60


def until(holds):
    """Wait until something is there, and return it."""
    end = time.monotonic() + SECONDS
    while not (there := holds()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return there


class Loopback:
    """A scheduler with workers of one thread each, which can be killed."""

    def __init__(self, folder, workers):
        self._folder = folder
        self._file = folder / "scheduler.json"
        self._workers = {}
        self._scheduler = self._dask("scheduler", "--host", "127.0.0.1", "--port", "0")
        self.address = until(self._found)["address"]
        for _ in range(workers):
            self.add_worker()

    def _found(self):
        try:
            return json.loads(self._file.read_text())
        except (FileNotFoundError, ValueError):  # not yet whole
            return None

    def _dask(self, kind, *options):
        command = [sys.executable, "-m", "dask", kind, "--scheduler-file", str(self._file)]
        paths = os.pathsep.join([str(Path(lenet98.__file__).parents[1]), str(HERE)])
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [*command, "--no-dashboard", *options],
                env=os.environ
                | {
                    "PYTHONPATH": paths,
                    "OPENBLAS_NUM_THREADS": "1",
                    # A second worker that ends with the same cell is one too many.
                    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
                },
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )

    def add_worker(self):
        """Start a worker; return the number of its process."""
        options = ("--no-nanny", "--nthreads", "1", "--host", "127.0.0.1")
        process = self._dask("worker", *options, "--local-directory", str(self._folder))
        self._workers[process.pid] = process
        return process.pid

    def kill_worker(self, pid):
        """Kill a worker without a word."""
        process = self._workers.pop(pid)
        process.kill()
        process.wait()

    def kill_scheduler(self):
        """Kill the scheduler without a word."""
        self._scheduler.kill()
        self._scheduler.wait()

    def end(self):
        """End all."""
        for process in (*self._workers.values(), self._scheduler):
            process.kill()
            process.wait()


class Traced:
    """Data that leave a trace in each process that gets them."""

    def __init__(self, traces, value):
        self.traces, self.value = traces, value

    def __reduce__(self):
        return arrived, (self.traces, self.value)


class Unreadable:
    """Data that cannot be read where they come to, as where a package is missing."""

    def __reduce__(self):
        return float, ("no number",)


def arrived(traces, value):
    leave(traces, "data")
    return Traced(traces, value)


def leave(traces, name):
    """Leave a trace: who, and when."""
    (traces / f"{name} {os.getpid()} {time.time_ns()}").touch()


def traced(traces, name):
    """Return the processes that left a trace, in the order of time."""
    found = [path.name.rsplit(" ", 2) for path in traces.glob(f"{name} *")]
    return [int(pid) for _, pid, _ in sorted(found, key=lambda one: int(one[2]))]


def compute(data, traces, name, go_on):
    """Leave a trace, then wait for leave to end; leave another trace where it is not to go on."""
    leave(traces, name)
    end = time.monotonic() + SECONDS
    while not (traces / f"go-{name}").exists():
        assert time.monotonic() < end
        try:
            go_on()
        except BaseException:
            leave(traces, f"stopped {name}")
            raise
        time.sleep(0.02)
    return Found([name, data.value if data else None], name, ((f"{name}.txt", name.encode()),))


def fail(data, traces, name, go_on):
    """Fail once there is the trace of another cell."""
    until(lambda: traced(traces, name))
    raise ValueError("of the cell")


def end_the_worker(data, go_on):
    """Take the worker's process along."""
    os._exit(1)


def cell(traces, name, data=None, go=True):
    """Return a cell that computes at once, or when it is told to go."""
    if go:
        (traces / f"go-{name}").touch()
    return Cell([name], compute, data, (traces, name))


def to_eighths(training):
    """Round the biases of C1."""
    bias = training.network.view("C1").bias
    bias[:] = (8 * bias).round() / 8


def penalties(training):
    """Return the penalties of the first test pattern."""
    return training.network.penalties(training.digits.test_images[:1]).tolist()


def biases(training):
    """Leave the biases of C1."""
    content = training.network.view("C1").bias.tobytes()
    return ((f"{training.recipe.loss}.bin", content),)
