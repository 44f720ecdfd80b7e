"""Results in words and tables: for the terminal, the README and the record."""

from __future__ import annotations

from collections.abc import Sequence

from lenet98.network.architecture import Architecture
from lenet98.paper.published import LayerCount
from lenet98.reproduction.comparison import VERDICTS, Comparison


def written(row: Comparison) -> tuple[str, str, str, str]:
    """Return quantity, paper, here and verdict of a comparison as they are written."""
    here = with_unit(row.here, row.unit)
    if row.least != row.greatest:
        least, greatest = _number(row.least, row.unit), _number(row.greatest, row.unit)
        here = f"{here} ({least} to {greatest})"
    paper = "recognised" if row.paper is None else with_unit(row.paper, row.unit)
    return row.quantity, paper, here, row.verdict


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


def layer_table(architecture: Architecture, printed: Sequence[LayerCount]) -> str:
    """Return the layers with their counts beside the paper's as a table in Markdown.

    Parameters
    ----------
    architecture : Architecture
    printed : sequence of LayerCount
        What the paper counts, one for each layer, and last in all.
    """
    lines = [
        "| layer | kind | maps @ size | parameters, paper | here | connections, paper | here |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    *of_layers, in_all = printed
    for layer, paper in zip(architecture.layers, of_layers, strict=True):
        fixed = " fixed" if layer.kind == "rbf" else ""
        lines.append(
            f"| {layer.name} | {layer.kind} | {layer.maps} @ {layer.height}x{layer.width} "
            f"| {paper.parameters:,}{fixed} | {layer.parameters:,}{fixed} "
            f"| {paper.connections:,} | {layer.connections:,} |"
        )
    lines.append(
        f"| {in_all.name} | | | {in_all.parameters:,} | **{architecture.trainable:,}** "
        f"| {in_all.connections:,} | **{architecture.connections:,}** |"
    )
    return "\n".join(lines) + "\n"


def with_unit(value: float, unit: str) -> str:
    """Return a number as it is written, with its unit."""
    return f"{_number(value, unit)} {unit}".rstrip()


def _number(value: float, unit: str) -> str:
    if unit == "%":
        return f"{value:.2f}"
    if unit == "s" or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.1f}" if unit in ("patterns", "strings") else f"{value:.2g}"
