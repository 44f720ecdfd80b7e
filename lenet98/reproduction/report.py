"""Results in words and tables, for the terminal and for the README."""

from __future__ import annotations

from collections.abc import Sequence

from lenet98.network.architecture import Architecture
from lenet98.reproduction.comparison import VERDICTS, Comparison


def written(row: Comparison) -> tuple[str, str, str, str]:
    """Return quantity, paper, here and verdict of a comparison as they are written."""
    here = _written(row.here, row.unit)
    if row.least != row.greatest:
        least, greatest = (_written(value, row.unit) for value in (row.least, row.greatest))
        here = f"{here} ({least} to {greatest})"
    return row.quantity, _written(row.paper, row.unit), here, row.verdict


def comparison_table(comparison: Sequence[Comparison]) -> str:
    """Return paper | here | verdict as a table in Markdown, and what the verdicts say."""
    lines = ["| | the paper | here | verdict | source |", "|---|--:|--:|---|---|"]
    for row in comparison:
        quantity, paper, here, verdict = written(row)
        if verdict in ("agrees", "differs") and row.criterion:
            verdict = f"{verdict} ({row.criterion})"
        lines.append(f"| {quantity} | {paper} | {here} | {verdict} | {row.source} |")
    given = {row.verdict for row in comparison}
    words = [f"*{word}*: {meaning}." for word, meaning in VERDICTS.items() if word in given]
    return "\n".join([*lines, "", " ".join(words)]) + "\n"


def layer_table(architecture: Architecture) -> str:
    """Return the layers with their counts as a table in Markdown."""
    lines = ["| layer | kind | maps @ size | parameters | connections |", "|---|---|--:|--:|--:|"]
    for layer in architecture.layers:
        fixed = " fixed" if layer.kind == "rbf" else ""
        lines.append(
            f"| {layer.name} | {layer.kind} | {layer.maps} @ {layer.height}x{layer.width} "
            f"| {layer.parameters:,}{fixed} | {layer.connections:,} |"
        )
    lines.append(
        f"| | | trainable | **{architecture.trainable:,}** | **{architecture.connections:,}** |"
    )
    return "\n".join(lines) + "\n"


def _written(value: float, unit: str) -> str:
    if unit == "%":
        return f"{value:.2f} %"
    if unit == "s" or float(value).is_integer():
        return f"{value:,.0f} {unit}".rstrip()
    if unit == "patterns":
        return f"{value:.1f} {unit}"
    return f"{value:.1e} {unit}".rstrip()
