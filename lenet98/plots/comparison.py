"""The classifiers of the paper, fitted here: errors, rejection and costs (Figs. 9 to 12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lenet98.paper import published
from lenet98.plots.classifiers import draw_cost
from lenet98.plots.page import style
from lenet98.questions.fitted_tables import fitted_tables
from lenet98.questions.fitting import Fitted, fit_rows
from lenet98.questions.study import Bench, study
from lenet98.questions.wording import mean_and_range
from lenet98.reproduction.compared import Row, rows
from lenet98.reproduction.judge import PERCENT_REJECTED
from lenet98.storage.records import read_records, write_records

Found = Mapping[str, Sequence[Fitted]]

SHORT_MINUTES = 5
"""What takes less is fitted where not all is asked for."""

_MOST_ERROR = 6.0
"""Percent, where Fig. 9's axis ends; what is beyond has its number alone."""

_PITCH, _LABELS = 34, 242
"""Dots: from row to row, and to the left of them for their names."""

_FOR_NUMBERS = 1.4
"""Times the greatest value that is drawn, an axis is long: what is beyond is for numbers."""

_CURVES = ("[deslant] K-NN Euclidean", "[16x16] Tangent Distance", "LeNet-5")
_BEST = "[dist] Boosted LeNet-4"
"""Of Fig. 10's curves, those that have a name."""


@study(
    "fig9",
    "all classifiers of Figs. 9 to 12, fitted here",
    "15 minutes",
    full="70 minutes",
    again=True,
)
def fig9(bench: Bench) -> str:
    """Fit the classifiers, or read what they came to, and draw Figs. 9 to 12."""
    asked = rows() if bench.full else short_rows()
    if bench.again:
        found = read_records(bench.file("json"), Fitted, "fitted classifiers")
    else:
        digits = bench.mnist("is about MNIST, so it needs MNIST")
        found = fit_rows(asked, digits, bench.cells, bench.machines, bench.tell)
        write_records(bench.file("json"), found)
    at_hand = [row for row in rows() if row.name in found]
    style.save(draw_errors(at_hand, found), bench.folder / "fig9.png")
    style.save(draw_rejection(at_hand, found), bench.folder / "fig10.png")
    costs = {row.cost: found[row.name][0] for row in at_hand if row.cost}
    counted = {name: (one.multiply_accumulates, one.variables) for name, one in costs.items()}
    style.save(draw_cost(counted), bench.folder / "fig11.png")
    return fitted_tables(at_hand, found)


def short_rows() -> list[Row]:
    """Return the rows that take less than five minutes, with one seed each."""
    return [replace(row, seeds=1) for row in rows() if row.minutes < SHORT_MINUTES]


@style.styled
def draw_errors(rows: Sequence[Row], found: Found) -> Figure:
    """Draw the errors as Fig. 9 does, the paper's above ours.

    Parameters
    ----------
    rows : sequence of Row
    found : mapping of str to sequence of Fitted
        By name of the row.
    """
    page = style.page(
        "Fig. 9: test error of all classifiers, on MNIST",
        "Hollow: the paper's. Full: fitted here, the mean; a line is the range of several seeds. "
        f"Cut at {_MOST_ERROR:g} %.",
        len(rows) * _PITCH + 70,
    )
    width = style.WIDTH - _LABELS - style.MARGIN
    axes = style.place(page, _LABELS, 4, width, len(rows) * _PITCH)
    _prepare(axes, rows, _MOST_ERROR)
    axes.set_xlabel("test error")
    for place, row in enumerate(rows):
        errors = [one.error for one in found[row.name]]
        _bar(axes, place - 0.2, [row.printed], f"{row.printed:g}", here=False)
        _bar(axes, place + 0.2, errors, mean_and_range(errors), here=True)
    return page


@style.styled
def draw_rejection(rows: Sequence[Row], found: Found) -> Figure:
    """Draw what is to be rejected as Fig. 10 does, and the error against what is rejected.

    Parameters
    ----------
    rows : sequence of Row
    found : mapping of str to sequence of Fitted
        By name of the row; the first seed's curve is drawn.
    """
    shown = [row for row in rows if row.name in published.FIG10_REJECTION]
    curves = 330
    page = style.page(
        "Fig. 10: percentage rejected for 0.5 % error on the rest, on MNIST",
        "Rejected is what has the least difference of the two best scores. Above: hollow, the "
        "paper's. Below: every classifier.",
        len(shown) * _PITCH + curves + 120,
    )
    width = style.WIDTH - _LABELS - style.MARGIN
    axes = style.place(page, _LABELS, 4, width, len(shown) * _PITCH)
    _prepare(axes, shown, PERCENT_REJECTED[-1])
    for place, row in enumerate(shown):
        printed = published.FIG10_REJECTION[row.name]
        _bar(axes, place - 0.2, [printed], f"{printed:g}", here=False)
        rejected = [one.rejected_for(published.FIG10_ERROR) for one in found[row.name]]
        known = [one for one in rejected if one is not None]
        if len(known) == len(rejected):
            _bar(axes, place + 0.2, known, mean_and_range(known), here=True)
        else:
            beyond = f"over {PERCENT_REJECTED[-1]:g}"
            axes.text(0.05, place + 0.2, beyond, va="center", size=style.TINY, color=style.TEST)
    below = style.place(page, 90, len(shown) * _PITCH + 66, style.WIDTH - 90 - style.MARGIN, curves)
    _draw_curves(below, rows, found)
    return page


def _draw_curves(axes: Axes, rows: Sequence[Row], found: Found) -> None:
    named = dict(zip((*_CURVES, _BEST), style.HUES, strict=False))
    for row in rows:
        rejected, error = np.array(found[row.name][0].rejection).T
        colour = named.get(row.name, style.FAINT)
        axes.plot(rejected, error, color=colour, linewidth=1.6 if row.name in named else 0.7)
    axes.axhline(published.FIG10_ERROR, color=style.INK, linewidth=0.5, linestyle=":")
    axes.set_xlim(0, 10)
    axes.set_ylim(0, 4)
    axes.set_xlabel("rejected")
    axes.set_ylabel("error on the rest")
    axes.xaxis.set_major_formatter("{x:g} %")
    axes.yaxis.set_major_formatter("{x:g} %")
    handles = [axes.plot([], [], color=colour, label=name)[0] for name, colour in named.items()]
    handles += axes.plot([], [], color=style.FAINT, linewidth=0.7, label="the others")
    axes.legend(handles=handles, loc="upper right", edgecolor="none", framealpha=1)


def _prepare(axes: Axes, rows: Sequence[Row], greatest: float) -> None:
    axes.set_xlim(0, _FOR_NUMBERS * greatest)
    axes.spines["bottom"].set_bounds(0, greatest)
    axes.set_xticks(range(round(greatest) + 1))
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.tick_params(left=False)
    axes.spines["left"].set_visible(False)
    axes.set_yticks(range(len(rows)), [row.name for row in rows])
    axes.xaxis.set_major_formatter("{x:g} %")


def _bar(axes: Axes, place: float, values: Sequence[float], text: str, *, here: bool) -> None:
    """Draw the mean as a bar, the range as a line and a text behind, cut where the axis ends."""
    colour = style.TEST if here else style.PAPER
    greatest = axes.get_xlim()[1] / _FOR_NUMBERS
    least, mean, most = np.minimum([min(values), float(np.mean(values)), max(values)], greatest)
    axes.hlines(place, least, most, color=style.INK, linewidth=0.8)
    axes.barh(
        place,
        mean,
        height=0.36,
        facecolor=colour if here else "none",
        edgecolor=colour,
        linewidth=0.7,
    )
    axes.annotate(
        text,
        (most, place),
        (4, -1.5 if here else 0),  # clear of the bar above
        textcoords="offset points",
        va="center",
        size=style.TINY,
        color=colour,
        weight="bold" if here else "normal",
    )
