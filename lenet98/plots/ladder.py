"""From the network of 1998 to what is called LeNet-5 today: what each choice brings or costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from lenet98.plots.page import style
from lenet98.questions.climbing import Climbed, climb, train_systems
from lenet98.questions.ladder_tables import Found, errors_of, is_first_look, ladder_tables
from lenet98.questions.study import Bench, study
from lenet98.reproduction.ladder import SEEDS, Rung, alone, steps
from lenet98.reproduction.ladder import ladder as rungs_up
from lenet98.reproduction.named_runs import QUARTER
from lenet98.storage.records import read_records, write_records

FIRST_PATTERNS = QUARTER.changes["patterns"]
"""Of the training set, that the first look takes: as many as the smallest set of Fig. 6 has."""

_PITCH = 38
"""Dots from row to row."""

_LABELS, _GAP = 262, 18
"""Dots: to the left of the panels for the names of rows, and between panels."""

_MOST_ERROR = 5.0
"""Percent; what is beyond has its number alone, and the axes end before it."""


@study(
    "ladder",
    "from LeNet-5 to what is called so today, choice by choice",
    "5 minutes",
    full="2.5 hours in two processes",
    again=True,
)
def ladder(bench: Bench) -> str:
    """Train the networks between 1998 and today, or read what they came to, and draw it."""
    if bench.again:
        found = read_records(bench.file("json"), Climbed, "rungs")
    else:
        digits = bench.mnist("is about MNIST, so it needs MNIST")
        rungs = rungs_up()
        seeds: Sequence[int] = SEEDS
        if bench.full:
            rungs = [*rungs, *alone("1998"), *alone("today")]
        else:
            digits, seeds = digits.first(FIRST_PATTERNS), SEEDS[:1]
        where = bench.cells, bench.machines, bench.tell
        found = climb(rungs, digits, seeds, *where) | train_systems(digits, seeds, *where)
        write_records(bench.file("json"), found)
    style.save(draw_ladder(found), bench.file("png"))
    return ladder_tables(found)


@style.styled
def draw_ladder(found: Found) -> Figure:
    """Draw the test error of every rung, a dot for each seed.

    Parameters
    ----------
    found : mapping of str to sequence of Climbed
        As `ladder_tables` takes it.
    """
    up = rungs_up()
    panels = [("one after the other", up)]
    told = "A first look, at a part of the patterns."
    if not is_first_look(found):
        panels += [
            ("1998, only this changed", [up[0], *alone("1998")]),
            ("today, only this undone", [up[-1], *alone("today")]),
        ]
        told = "Grey: the range of the first row."
    height = len(up) * _PITCH
    page = style.page(
        "From the network of 1998 to what is called LeNet-5 today, on MNIST",
        f"Test error in percent: a dot for each seed, a line at their mean. {told}",
        height + 76,
    )
    width = (style.WIDTH - _LABELS - style.MARGIN - _GAP * (len(panels) - 1)) // len(panels)
    errors = [
        error for _, rungs in panels for rung in rungs for error in errors_of(found[rung.name])
    ]
    least = min(errors)
    limits = 0.9 * least, 1.05 * max([least, *(e for e in errors if e <= _MOST_ERROR)])
    for number, (title, rungs) in enumerate(panels):
        axes = style.place(page, _LABELS + number * (width + _GAP), 26, width, height)
        axes.set_title(title, loc="left", size=style.SMALL, weight="bold")
        _prepare(axes, len(up), limits)
        _draw_rungs(axes, rungs, found, connected=number == 0)
    _name_rows(page)
    return page


def _prepare(axes: Axes, rows: int, limits: tuple[float, float]) -> None:
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlim(*limits)
    # None at the edge of the next panel.
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=(1, 2, 5, 10), prune="upper"))
    axes.xaxis.set_major_formatter("{x:g}")
    for row in range(0, rows, 2):
        axes.axhspan(row - 0.5, row + 0.5, color=style.INK, alpha=0.035, linewidth=0)


def _draw_rungs(axes: Axes, rungs: Sequence[Rung], found: Found, *, connected: bool) -> None:
    first = errors_of(found[rungs[0].name])
    if not connected:
        axes.axvspan(min(first), max(first), color=style.FAINT, alpha=0.5, linewidth=0)
    means = []
    for row, rung in enumerate(rungs):
        errors = np.array(errors_of(found[rung.name]))
        means.append(float(errors.mean()))
        colour = style.PAPER if row == 0 and not connected else style.TEST
        inside = errors[errors <= axes.get_xlim()[1]]
        axes.plot(inside, [row] * len(inside), "o", color=colour, markersize=3, alpha=0.6)
        if means[-1] <= axes.get_xlim()[1]:
            axes.vlines(means[-1], row - 0.3, row + 0.3, color=colour, linewidth=1.4)
        else:
            text = f"{means[-1]:.1f} →"
            axes.text(
                axes.get_xlim()[1],
                row,
                text,
                ha="right",
                va="center",
                size=style.TINY,
                color=colour,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            )
    if connected:
        axes.plot(means, range(len(means)), color=style.TEST, linewidth=0.6, zorder=1)


def _name_rows(page: Figure) -> None:
    style.write(page, style.MARGIN, 26 + 0.5 * _PITCH, "nothing changed", weight="bold")
    for row, step in enumerate(steps(), start=1):
        middle = 26 + (row + 0.5) * _PITCH
        style.write(page, style.MARGIN, middle - 9, step.what, weight="bold")
        change = f"{step.then} → {step.now}"
        style.write(page, style.MARGIN, middle + 9, change, size=style.TINY, color=style.PAPER)
