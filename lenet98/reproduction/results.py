"""What the runs returned: plain values, written to and read from results.json."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lenet98.reproduction.comparison import Comparison
from lenet98.reproduction.named_runs import NamedRun
from lenet98.storage.files import read_json, write_json
from lenet98.training.record import PassRecord, errors_table, history_from

FORMAT = 1


@dataclass(frozen=True)
class RunResult:
    """What one run leaves: a named run with a seed.

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
    measured : dict
        By name, what `lenet98.reproduction.measures` found in its network.
    """

    seed: int
    history: list[PassRecord]
    seconds: float
    misclassified: list[tuple[int, int, int]]
    rejection: list[tuple[float, float]]
    measured: dict[str, Any] = field(default_factory=dict)

    def _repr_html_(self) -> str:
        caption = f"seed {self.seed}, after {len(self.history)} passes and {self.seconds:.0f} s"
        return errors_table(caption, self.history[-1])


@dataclass(frozen=True)
class Results:
    """All that an invocation found.

    Attributes
    ----------
    data : str
        One of `lenet98.reproduction.data_sets.TITLES`.
    fingerprint : str
        SHA-256 of the data.
    configuration : dict
        The recipe.
    provenance : dict
    runs : dict of str to list of RunResult
        By name of the named run, one result for each seed.
    """

    data: str
    fingerprint: str
    configuration: dict[str, Any]
    provenance: dict[str, Any]
    runs: dict[str, list[RunResult]]

    def seeds(self, run: NamedRun) -> list[RunResult]:
        """Return what each seed of a named run left; nothing where it was not run."""
        return self.runs.get(run.name, [])

    def measured(self, run: NamedRun, name: str) -> list[dict[str, Any]]:
        """Return what a measure found in the network of each seed; nothing where it did not run."""
        return [result.measured[name] for result in self.seeds(run) if name in result.measured]

    def histories(self, run: NamedRun) -> list[list[PassRecord]]:
        """Return the history of each seed of a named run."""
        return [result.history for result in self.seeds(run)]


def write_results(path: Path, results: Results, comparison: Iterable[Comparison]) -> None:
    """Write `results` to `path`, whole or not at all.

    Parameters
    ----------
    path : Path
    results : Results
    comparison : iterable of Comparison
        Derived from the results, for readers of the file; never read back.

    Raises
    ------
    DataError
        The file cannot be written.
    """
    rows = [asdict(row) for row in comparison]
    content = {"format": FORMAT, **asdict(results), "comparison": rows}
    write_json(path, content | {"sha256": _digest(content)})


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
    content.pop("comparison", None)
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
        # Files of before 0.3 have none.
        measured=dict(content.get("measured", {})),
    )
