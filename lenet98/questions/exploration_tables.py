"""What the exploration found, as tables in Markdown, and which of it is drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lenet98.questions.findings import Exploration, Finding, Histories, last
from lenet98.questions.fingerprint import fingerprint_table
from lenet98.questions.wording import label, labels_apart, mean_and_range, short_label, short_name
from lenet98.reproduction.quantities import distance_to_fig5

DRAWN = 4
"""Recipes beside Fig. 5: the finalists and the nearest others."""


def exploration_tables(exploration: Exploration) -> str:
    """Return all that was found as tables."""
    tables = [findings_table(exploration.findings)]
    if exploration.finalists:
        tables += [finalists_table(exploration), fingerprints_table(exploration)]
    if exploration.others:
        tables.append(others_table(exploration))
    return "\n".join(tables)


def findings_table(findings: Sequence[Finding]) -> str:
    """Return the recipes of twenty passes, a row each."""
    lines = [
        "| recipe | seeds | curvature of pass 1 | test error, % | training error, % "
        "| mean distance to Fig. 5, test and training | fails |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {label(one.recipe)} | {len(one.histories)} | {_of_fig5(one)} | {_fails(one)} |"
        for one in findings
        if one.whole
    ]
    return "\n".join(lines) + "\n"


def finalists_table(exploration: Exploration) -> str:
    """Return what the other figures say of the finalists."""
    lines = [
        "| recipe | seeds | with distortions, % | 15,000 patterns, % | 30,000 patterns, % "
        "| factor between the fingerprints | fails |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in exploration.finalists:
        errors = [_error(some) for some in (one.distorted, one.quarter, one.half)]
        cells = [*errors, f"{one.apart:.2f}", _fails(one)]
        lines.append(f"| {label(one.recipe)} | {len(one.distorted)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def fingerprints_table(exploration: Exploration) -> str:
    """Return the fingerprints of the finalists, trained on strings, beside that of 1998."""
    finalists = exploration.finalists
    names = labels_apart([one.recipe for one in finalists])
    return fingerprint_table(
        {name: one.fingerprints for name, one in zip(names, finalists, strict=True)}
    )


def others_table(exploration: Exploration) -> str:
    """Return what each other answer to one question does, around the first finalist."""
    base = exploration.findings[0].recipe
    lines = [
        "| answer | seeds | curvature of pass 1 | test error, % | training error, % "
        "| mean distance to Fig. 5, test and training | with distortions, % | fails |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in exploration.others:
        seeds = len(one.histories or one.distorted)
        distorted = _error(one.distorted) if one.distorted else ""
        lines.append(
            f"| {short_label(one.recipe, base)} | {seeds} | {_of_fig5(one)} | {distorted} "
            f"| {_fails(one)} |"
        )
    return "\n".join(lines) + "\n"


def hypotheses(exploration: Exploration) -> dict[str, Histories]:
    """Return what to draw: the finalists and the nearest others of twenty passes."""
    drawn = [finding for finding in exploration.findings if finding.whole][:DRAWN]
    return {short_name(one.recipe): one.histories for one in drawn}


def _of_fig5(finding: Finding) -> str:
    """Return the cells on the curvature and on Fig. 5, empty where it was not asked."""
    least, greatest = np.mean(finding.curvatures, axis=0)
    cells = [f"{least:.2g} to {greatest:.2g}"]
    if finding.whole:
        apart = np.mean([distance_to_fig5(h) for h in finding.histories], axis=0)
        cells += [_error(finding.histories), _error(finding.histories, "train_error_on_the_fly")]
        cells.append(f"{apart[0]:.2f}, {apart[1]:.2f}")
    else:
        cells += ["diverged" if finding.histories else "", "", ""]
    return " | ".join(cells)


def _error(histories: Histories, error: str = "test_error") -> str:
    return mean_and_range(last(histories, error)) if all(histories) else "diverged"


def _fails(finding: Finding) -> str:
    return ", ".join(finding.failed_demands()) or "nothing"
