"""What the benchmarks share: one core, rounds in turn, the machine's name, tables."""

import os
import platform
import statistics
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}


def keep_to_one_core():
    """Bind this process to one core; call it before PyTorch or JAX is imported."""
    os.environ.update(ONE_THREAD)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


REST = 0.05
"""Seconds before a job: the threads of the one before go on spinning, and would count as its."""


def seconds(job, clock=time.process_time):
    """Return the time of one call of `job`, by default that of the processor.

    On one core that is the time on the wall, less what other programs took of the core.
    """
    begin = clock()
    job()
    return clock() - begin


def in_turn(jobs, repeats, clock=time.process_time):
    """Time every job once a round; return the seconds of each, by its name.

    A job's first call goes before the rounds and does not count. Rounds make the jobs share
    whatever else the machine is doing, so that the ratio within a round means something.
    """
    for job in jobs.values():
        job()
    times = {name: [] for name in jobs}
    for _ in range(repeats):
        for name, job in jobs.items():
            time.sleep(REST)
            times[name].append(seconds(job, clock))
    return times


def median_ratio(times, others):
    """Return the median over the rounds of `others` / `times`."""
    return statistics.median(b / a for a, b in zip(times, others, strict=True))


def processor():
    """Return what the machine calls its processor."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def describe_machine(packages, used="one core"):
    """Return two lines: processor, system, cores used; the versions of those packages installed."""
    versions = [f"Python {platform.python_version()}"]
    for package in packages:
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            versions.append(f"{package} not installed")
    machine = f"{processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    return f"{machine}; used: {used}\n{', '.join(versions)}"


def print_table(title, heads, rows):
    """Print rows of text under their heads, the first column to the left, the others right."""
    widths = [max(len(row[k]) for row in [heads, *rows]) for k in range(len(heads))]
    print(f"\n{title}")
    for row in [heads, *rows]:
        first, *others = row
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        print("  ".join([first.ljust(widths[0]), *cells]).rstrip())
