"""What the classifiers of Fig. 9 came to, in tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from lenet98.paper import published
from lenet98.questions.fitting import Fitted
from lenet98.questions.wording import mean_and_range
from lenet98.reproduction.compared import TOLERANCE, Row
from lenet98.reproduction.comparison import Comparison
from lenet98.reproduction.report import comparison_table

Found = Mapping[str, Sequence[Fitted]]


def fitted_tables(rows: Sequence[Row], found: Found) -> str:
    """Return all tables in Markdown.

    Parameters
    ----------
    rows : sequence of Row
    found : mapping of str to sequence of Fitted
        By name of the row; rows that are not in it are left out.
    """
    at_hand = [row for row in rows if row.name in found]
    words: dict[str, list[str]] = {}
    for row in at_hand:
        words.setdefault(row.word, []).append(row.name)
    errors = compared(at_hand, found)
    parts = [
        f"{says_of_errors(at_hand, errors)}\n",
        comparison_table(errors),
        "What the print contradicts, or ours does otherwise:\n",
        "".join(f"- {', '.join(names)}: {word}.\n" for word, names in words.items() if word),
        "What has to be rejected for an error of "
        f"{published.FIG10_ERROR:g} % on the others, in percent (Fig. 10):\n",
        rejection_table(at_hand, found),
        "What each costs (Figs. 11 and 12):\n",
        costs_table(at_hand, found),
        "How each works, and what it takes. Times are what one core worked, others busy beside it; "
        "the memory is that of its variables, a byte each.\n",
        lessons_table(at_hand, found),
    ]
    return "\n".join(parts)


def compared(rows: Sequence[Row], found: Found) -> list[Comparison]:
    """Set the test error of each row beside the paper's."""
    return [row.error.judge([one.error for one in found[row.name]]) for row in rows]


def says_of_errors(rows: Sequence[Row], errors: Sequence[Comparison]) -> str:
    """Say how many test errors are the paper's or less, and whether they are in its order."""
    near = sum(one.verdict in ("agrees", "better") for one in errors)
    rank = rank_correlation([row.printed for row in rows], [one.here for one in errors])
    return (
        f"Of the {len(errors)} classifiers of Fig. 9 fitted here, the test errors of {near} agree "
        f"within {TOLERANCE:g} points or are better. The rank correlation of the two orders is "
        f"{rank:.2f}."
    )


def rejection_table(rows: Sequence[Row], found: Found) -> str:
    """Return what is to be rejected beside Fig. 10 as a table in Markdown."""
    lines = ["| | the paper | here |", "|---|--:|--:|"]
    for row in rows:
        printed = published.FIG10_REJECTION.get(row.name)
        rejected = [one.rejected_for(published.FIG10_ERROR) for one in found[row.name]]
        known = [one for one in rejected if one is not None]
        most = found[row.name][0].rejection[-1][0]
        here = mean_and_range(known) if len(known) == len(rejected) else f"over {most:g}"
        lines.append(f"| {row.name} | {'' if printed is None else printed} | {here} |")
    return "\n".join(lines) + "\n"


def costs_table(rows: Sequence[Row], found: Found) -> str:
    """Return the costs beside Figs. 11 and 12 as a table in Markdown."""
    lines = [
        "| | multiply-accumulates, paper | here | variables, paper | here |",
        "|---|--:|--:|--:|--:|",
    ]
    operations, memory = costs_printed()
    for row in rows:
        if row.cost:
            one = found[row.name][0]
            lines.append(
                f"| {row.cost} | {operations[row.cost]:,} | {one.multiply_accumulates:,} "
                f"| {memory[row.cost]:,} | {one.variables:,} |"
            )
    return "\n".join(lines) + "\n"


def costs_printed() -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Return Figs. 11 and 12, both by the names of Fig. 11: of one, Fig. 12 has another degree."""
    operations, memory = published.FIG11_MULTIPLY_ACCUMULATES, published.FIG12_MEMORY
    return operations, dict(zip(operations, memory.values(), strict=True))


def lessons_table(rows: Sequence[Row], found: Found) -> str:
    """Return a line for each classifier on how it works and what it takes, in Markdown."""
    lines = [
        "| | how it works | error, % | to train | for a pattern | memory |",
        "|---|---|--:|--:|--:|--:|",
    ]
    for row in rows:
        seeds = found[row.name]
        fit, pattern = (
            float(np.median([getattr(one, name) for one in seeds]))
            for name in ("fit_seconds", "pattern_seconds")
        )
        lines.append(
            f"| {row.name} | {row.how} | {mean_and_range([one.error for one in seeds])} "
            f"| {_time(fit)} | {_time(pattern)} | {_bytes(seeds[0].variables)} |"
        )
    return "\n".join(lines) + "\n"


def rank_correlation(some: Sequence[float], others: Sequence[float]) -> float:
    """Return Spearman's correlation of two orders; equal values share their mean rank."""
    return float(np.corrcoef(_ranks(some), _ranks(others))[0, 1])


def _ranks(values: Sequence[float]) -> npt.NDArray[np.float64]:
    array = np.asarray(values)
    below = (array[:, None] > array).sum(axis=1)
    return np.asarray(below + (array[:, None] == array).sum(axis=1) / 2)


def _time(seconds: float) -> str:
    for unit, length in (("h", 3600.0), ("min", 60.0), ("s", 1.0), ("ms", 1e-3)):
        if seconds >= length:
            return f"{seconds / length:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def _bytes(count: int) -> str:
    for unit, size in (("MB", 1_000_000), ("kB", 1_000)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} B"
