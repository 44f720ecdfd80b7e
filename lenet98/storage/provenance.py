"""Where a result comes from: versions, processor, state of the source."""

from __future__ import annotations

import datetime
import importlib.metadata
import platform
import subprocess
from pathlib import Path
from typing import Any

from lenet98.cores import usable_cores
from lenet98.version import VERSION

DEPENDENCIES = ("numpy", "numba", "llvmlite", "matplotlib")

BIT_MAKERS = ("numpy", "numba", "llvmlite")
"""Another version of one of these may give other bits."""


def bit_makers() -> dict[str, str]:
    """Return the versions of all software that the bits of a result depend on."""
    versions = {name: importlib.metadata.version(name) for name in BIT_MAKERS}
    return {"lenet98": VERSION, **versions}


def provenance() -> dict[str, Any]:
    """Return versions, processor, date and git state as plain values, ready for JSON."""
    return {
        "lenet98": VERSION,
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in DEPENDENCIES},
        "processor": _processor(),
        "cores": usable_cores(),
        "system": platform.platform(terse=True),
        "git": _git_state(),
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
    }


def _processor() -> str:
    """Name the processor; the platform module does not know it on Linux."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _git_state() -> str | None:
    """Return the commit, with a + when files differ from it; None outside a checkout."""
    try:
        # An installed package may lie in a folder of another project's repository.
        _git("ls-files", "--error-unmatch", Path(__file__).name)
        return _git("describe", "--always", "--dirty=+")
    except (OSError, subprocess.SubprocessError):
        return None


def _git(*words: str) -> str:
    command = ["git", "-C", str(Path(__file__).parent), *words]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    return answer.stdout.strip()
