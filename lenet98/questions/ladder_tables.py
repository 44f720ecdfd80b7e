"""What the rungs of the ladder came to, in tables, and what can be said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lenet98.questions.climbing import SYSTEMS, Climbed
from lenet98.questions.wording import mean_and_range
from lenet98.reproduction.ladder import End, Step, alone, ladder, steps

Found = Mapping[str, Sequence[Climbed]]

FIRST_LOOK = (
    "This is a first look, at one seed and a part of the training patterns: a difference may be "
    "chance.\n"
)

NOTHING_LEARNED = 80.0
"""Percent: by chance, 90 are misclassified."""

GOOD_ERROR = 1.5
"""Percent: how many passes it takes to read as well."""


def ladder_tables(found: Found) -> str:
    """Return all tables in Markdown.

    Parameters
    ----------
    found : mapping of str to sequence of Climbed
        By name of the rung or of the system. The rungs of the ladder and all systems are in it;
        those of single choices may be left out, all of them.
    """
    parts = [
        "From the network of 1998 to what is called LeNet-5 today, one choice after the other. "
        f"Errors in percent; seconds of one core; the passes to an error of {GOOD_ERROR:g} %.\n",
        climbing_table(found),
        FIRST_LOOK if is_first_look(found) else says_of_the_way(found),
        "The last of them beside other systems of today, by their own recipes:\n",
        systems_table(found),
    ]
    if not is_first_look(found):
        parts += [
            "Each choice by itself, in the network of 1998 and in that of today, in percent of "
            "the test set:\n",
            alone_table(found),
            says_of_each(found, "1998"),
            says_of_each(found, "today"),
        ]
    return "\n".join(parts)


def is_first_look(found: Found) -> bool:
    """Return whether the choices by themselves are left out."""
    return alone("1998")[0].name not in found


def climbing_table(found: Found) -> str:
    """Return the rungs from 1998 to today as a table in Markdown."""
    lines = [
        "| | changed | parameters | connections | rate | test error | training error | seconds "
        "| passes |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    changes = ["*the paper's network*", *(f"{s.what}: {s.then} → {s.now}" for s in steps())]
    for number, (rung, change) in enumerate(zip(ladder(), changes, strict=True)):
        seeds = found[rung.name]
        seconds = float(np.median([one.seconds for one in seeds]))
        lines.append(
            f"| {number} | {change} | {seeds[0].parameters:,} | {seeds[0].connections:,} "
            f"| {seeds[0].rate:g} | {mean_and_range(errors_of(seeds))} "
            f"| {mean_and_range([one.train_error for one in seeds])} | {seconds:.0f} "
            f"| {_passes(seeds)} |"
        )
    return "\n".join(lines) + "\n"


def alone_table(found: Found) -> str:
    """Return what each choice does by itself as a table in Markdown."""
    ends = {"1998": found[ladder()[0].name], "today": found[ladder()[-1].name]}
    lines = [
        "| | then | now | 1998 with what is now | today with what was then |",
        "|---|---|---|--:|--:|",
        f"| nothing | | | {mean_and_range(errors_of(ends['1998']))} "
        f"| {mean_and_range(errors_of(ends['today']))} |",
    ]
    for step, up, down in zip(steps(), alone("1998"), alone("today"), strict=True):
        errors = [mean_and_range(errors_of(found[rung.name])) for rung in (up, down)]
        lines.append(f"| {step.what} | {step.then} | {step.now} | {errors[0]} | {errors[1]} |")
    return "\n".join(lines) + "\n"


def systems_table(found: Found) -> str:
    """Return the systems of today as a table in Markdown."""
    lines = [
        "| | parameters | passes | test error | training error | seconds |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name in ("lookalike", *SYSTEMS):
        seeds = found[ladder()[-1].name if name == "lookalike" else name]
        seconds = float(np.median([one.seconds for one in seeds]))
        lines.append(
            f"| `{name}()` | {seeds[0].parameters:,} | {len(seeds[0].test_errors)} "
            f"| {mean_and_range(errors_of(seeds))} "
            f"| {mean_and_range([one.train_error for one in seeds])} | {seconds:.0f} |"
        )
    return "\n".join(lines) + "\n"


def errors_of(seeds: Sequence[Climbed]) -> list[float]:
    """Return the test error of each seed, in percent."""
    return [one.test_error for one in seeds]


def says_of_the_way(found: Found) -> str:
    """Say which steps change the error by more than the range of seeds."""
    rungs = ladder()
    changes = [
        (f"{step.what} ({step.now})", found[below.name], found[above.name])
        for step, below, above in zip(steps(), rungs[:-1], rungs[1:], strict=True)
    ]
    return _said("One after the other", changes)


def says_of_each(found: Found, end: End) -> str:
    """Say which choices, by themselves, change the error by more than the range of seeds."""
    base = found[ladder()[0 if end == "1998" else -1].name]
    where = "In the network of 1998" if end == "1998" else "In the network of today"
    changes = [
        (f"{step.what} ({_other(step, end)})", base, found[rung.name])
        for step, rung in zip(steps(), alone(end), strict=True)
    ]
    return _said(where, changes)


def _other(step: Step, end: End) -> str:
    return step.now if end == "1998" else step.then


def apart(some: Sequence[Climbed], others: Sequence[Climbed]) -> bool:
    """Return whether no seed of one is as good as any of the other."""
    a, b = errors_of(some), errors_of(others)
    return max(a) < min(b) or max(b) < min(a)


def _said(where: str, changes: Sequence[tuple[str, Sequence[Climbed], Sequence[Climbed]]]) -> str:
    better: list[str] = []
    worse: list[str] = []
    neither: list[str] = []
    for what, before, after in changes:
        means = [float(np.mean(errors_of(seeds))) for seeds in (before, after)]
        text = f"{what}, {means[0]:.2f} to {means[1]:.2f}"
        if not apart(before, after):
            lost = sum(error > NOTHING_LEARNED for error in errors_of(after))
            of = f", of which {lost} of {len(after)} seeds learned nothing"
            neither.append(what + (of if lost else ""))
        else:
            (better if means[1] < means[0] else worse).append(text)
    parts = [
        f"{where}, beyond the range of the seeds:",
        f"less error with {'; '.join(better) or 'nothing'}.",
        f"More with {'; '.join(worse) or 'nothing'}.",
        f"Within it: {'; '.join(neither) or 'nothing'}.",
    ]
    return " ".join(parts) + "\n"


def _passes(seeds: Sequence[Climbed]) -> str:
    reached = [one.passes_to(GOOD_ERROR) for one in seeds]
    known = [number for number in reached if number is not None]
    if not known:
        return "never"
    least, greatest = min(known), max(known)
    text = f"{least}" if least == greatest else f"{least} to {greatest}"
    return text if len(known) == len(reached) else f"{least} or never"
