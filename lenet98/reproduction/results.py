"""What the runs returned: plain values, written to and read from results.json."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lenet98.storage.files import read_json, write_whole
from lenet98.training.record import PassRecord, history_from

FORMAT = 1


@dataclass(frozen=True)
class RunResult:
    """One finished training run.

    Attributes
    ----------
    seed : int
    history : list of PassRecord
        One record a pass.
    seconds : float
        Wall time of the whole run.
    misclassified : list of (int, int, int)
        Index in the test set, true class, answer; in the order of the test set.
    rejection : list of (float, float)
        Percent rejected, percent misclassified of the others.
    """

    seed: int
    history: list[PassRecord]
    seconds: float
    misclassified: list[tuple[int, int, int]]
    rejection: list[tuple[float, float]]


@dataclass(frozen=True)
class Comparison:
    """One quantity of the paper beside ours.

    Attributes
    ----------
    quantity : str
    paper, here : float
        `here` is the mean where there are several seeds.
    unit : str
        Such as ``"%"``; empty for a count.
    source : str
        Where the paper says so.
    verdict : str
        ``"exact"``, ``"agrees"``, ``"better"`` or ``"differs"``.
    criterion : str
        What was asked of `here` for that verdict.
    least, greatest : float
        Over the seeds.
    """

    quantity: str
    paper: float
    here: float
    unit: str
    source: str
    verdict: str
    criterion: str
    least: float
    greatest: float


@dataclass(frozen=True)
class Results:
    """All that an invocation found.

    Attributes
    ----------
    data : str
        ``"mnist"``, or what is never set beside the paper: ``"mnist-quick"``, a part of it, and
        ``"strokes"``, the built-in pen strokes.
    fingerprint : str
        SHA-256 of the data.
    configuration : dict
        The recipe.
    provenance : dict
    runs : dict of str to list of RunResult
        By name of the run, one result for each seed.
    comparison : list of Comparison
    """

    data: str
    fingerprint: str
    configuration: dict[str, Any]
    provenance: dict[str, Any]
    runs: dict[str, list[RunResult]]
    comparison: list[Comparison] = field(default_factory=list)

    def histories(self, run: str) -> list[list[PassRecord]]:
        """Return the history of each seed of a run."""
        return [result.history for result in self.runs[run]]


def write_results(path: Path, results: Results) -> None:
    """Write `results` to `path`, whole or not at all.

    Raises
    ------
    DataError
        The file cannot be written.
    """
    content = {"format": FORMAT, **asdict(results)}
    text = json.dumps(content | {"sha256": _digest(content)}, indent=1) + "\n"
    write_whole(path, text.encode())


def read_results(path: Path) -> Results:
    """Read what `write_results` wrote.

    Raises
    ------
    DataError
        The file is missing, or is not what `write_results` wrote.
    """
    return read_json(path, _results, "results")


def _results(content: dict[str, Any]) -> Results:
    declared, found = content.pop("sha256"), _digest(content)
    if content.pop("format") != FORMAT:
        raise ValueError(f"another format than {FORMAT}")
    if found != declared:
        raise ValueError(f"content of SHA-256 {found}, which says that it has {declared}")
    content["runs"] = {
        name: [_run_result(result) for result in results]
        for name, results in content["runs"].items()
    }
    content["comparison"] = [Comparison(**row) for row in content["comparison"]]
    return Results(**content)


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _run_result(content: dict[str, Any]) -> RunResult:
    return RunResult(
        seed=int(content["seed"]),
        history=history_from(content["history"]),
        seconds=float(content["seconds"]),
        misclassified=[(int(k), int(true), int(a)) for k, true, a in content["misclassified"]],
        rejection=[(float(rejected), float(error)) for rejected, error in content["rejection"]],
    )
