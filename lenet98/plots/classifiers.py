"""LeNet-5 among the classifiers of the paper: rejection and cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lenet98.network.tables import lenet1, lenet4, lenet5
from lenet98.paper import published
from lenet98.plots.declared import figure
from lenet98.plots.page import style
from lenet98.reproduction.data_sets import TITLES, beside_paper
from lenet98.reproduction.judge import rejection_for
from lenet98.reproduction.named_runs import DISTORTED
from lenet98.reproduction.quantities import costs
from lenet98.reproduction.reproduction import Reproduction


@figure("rejection", "error against patterns rejected", runs=(DISTORTED,))
def rejection(reproduction: Reproduction) -> Figure:
    """Draw the error of the first seed on the patterns kept against the percentage rejected.

    Source: Sec. III-D, Fig. 10, which has no value for LeNet-5.
    """
    curve = np.array(reproduction.results.seeds(DISTORTED)[0].rejection)
    data = reproduction.results.data
    height = 440
    page = style.page(
        f"Rejection in the way of Fig. 10, {TITLES[data]}",
        "Error on the patterns kept, against the percentage rejected for too small a difference "
        "of the two best penalties.",
        height,
    )
    axes = style.place(page, 76, 12, style.WIDTH - 116, height - 72)
    rejected, error = curve.T
    axes.plot(rejected, error, color=style.TEST, label="here")
    axes.axhline(published.FIG10_ERROR, color=style.FAINT, linewidth=0.6, zorder=0)
    axes.set_xlim(0, 1.45 * max(published.FIG10_REJECTION.values()))
    axes.set_ylim(0, max(2.5 * published.FIG10_ERROR, 1.1 * error.max()))
    axes.set_xlabel("rejected")
    axes.xaxis.set_major_formatter("{x:g} %")
    axes.yaxis.set_major_formatter("{x:g} %")
    points = {}
    if beside_paper(data):
        points = {name: (value, style.PAPER) for name, value in published.FIG10_REJECTION.items()}
        theirs = [*published.FIG10_REJECTION.values()]
        axes.plot(
            theirs, [published.FIG10_ERROR] * len(theirs), label="paper", **style.PAPER_POINTS
        )
    enough = rejection_for(curve, published.FIG10_ERROR)
    if enough is not None:
        points["LeNet-5, here"] = (enough, style.TEST)
        axes.plot([enough], [published.FIG10_ERROR], "o", color=style.TEST, label="enough")
    _label_points(axes, points)
    return page


def _label_points(axes: Axes, points: Mapping[str, tuple[float, str]]) -> None:
    """Label points on the line of the same error as a staircase: the further right, the lower."""
    top = axes.get_ylim()[1]
    heights = np.linspace(published.FIG10_ERROR + 0.1 * top, 0.97 * top, len(points))[::-1]
    by_rejection = sorted(points.items(), key=lambda point: point[1][0])
    for (name, (rejected, colour)), height in zip(by_rejection, heights, strict=True):
        axes.vlines(rejected, published.FIG10_ERROR, height, color=colour, linewidth=0.5, zorder=0)
        axes.annotate(
            f"{name}: {rejected:.1f} %",
            (rejected, float(height)),
            (3, 0),
            textcoords="offset points",
            va="center",
            size=style.SMALL,
            color=colour,
            weight="normal" if colour == style.PAPER else "bold",
        )


@figure("cost", "multiply-accumulates and memory", rows=costs)
def cost(_: Reproduction) -> Figure:
    """Draw what the networks of the layer tables cost. Source: Figs. 11 and 12."""
    counted = {
        # Their RBF units, on place codes, stand for outputs that are squashed.
        "[16x16] LeNet-1": lenet1().layers[:-1],
        "LeNet-4": lenet4(complete=True).layers[:-1],
        "LeNet-5": lenet5().layers,
    }
    counts = {
        name: (sum(one.connections for one in layers), sum(one.trainable for one in layers))
        for name, layers in counted.items()
    }
    return draw_cost(counts)


@style.styled
def draw_cost(ours: Mapping[str, tuple[int, int]]) -> Figure:
    """Draw multiply-accumulates and memory of the paper's classifiers, and of ours among them.

    Parameters
    ----------
    ours : mapping of str to (int, int)
        By name in Fig. 11, such as "LeNet-5": multiply-accumulates for one pattern, and variables
        to store.

    Returns
    -------
    Figure
        Dots on logarithmic scales: a bar would have no zero to begin at.

    Notes
    -----
    Source: Figs. 11 and 12.
    """
    rows = _rows(ours)
    pitch, labels, between = 25, 285, 15
    page = style.page(
        "Figs. 11 and 12: what a classifier costs",
        "Hollow: the paper's numbers. Full: counted here. Logarithmic scale.",
        len(rows) * pitch + 60,
    )
    width = (style.WIDTH - labels - between - style.MARGIN) // 2
    counts = [count for row in rows for count in row.counts]
    titles = ("multiply-accumulates, one pattern", "variables to store")
    for which, title in enumerate(titles):
        left = labels + which * (width + between)
        axes = style.place(page, left, 28, width, len(rows) * pitch)
        axes.set_title(title, loc="left", size=style.SMALL, weight="bold")
        axes.set_xscale("log")
        axes.set_xlim(0.7 * min(counts), 80 * max(counts))
        _draw_costs(axes, [(row.counts[which], row.here) for row in rows])
        axes.set_yticks(range(len(rows)), [row.name if which == 0 else "" for row in rows])
        for label, row in zip(axes.get_yticklabels(), rows, strict=True):
            if row.here:
                label.set(color=style.TEST, weight="bold")
    return page


class _Row(NamedTuple):
    name: str
    counts: tuple[int, int]
    here: bool


def _rows(ours: Mapping[str, tuple[int, int]]) -> list[_Row]:
    """Put ours below the paper's row of the same name."""
    rows = []
    operations, memory = published.FIG11_MULTIPLY_ACCUMULATES, published.FIG12_MEMORY
    for name, other in zip(operations, memory, strict=True):
        # One machine has another degree in Fig. 12.
        label = name if name == other else f"{name} ({other.split()[-1]} in Fig. 12)"
        rows.append(_Row(label, (operations[name], memory[other]), here=False))
        if name in ours:
            rows.append(_Row(f"{name.split('] ')[-1]}, here", ours[name], here=True))
    return rows


def _draw_costs(axes: Axes, counts: Sequence[tuple[int, bool]]) -> None:
    axes.set_ylim(len(counts) - 0.5, -0.5)
    axes.tick_params(left=False)
    axes.set_xticks([], minor=True)
    axes.set_xticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    for place, (count, here) in enumerate(counts):
        colour = style.TEST if here else style.PAPER
        axes.hlines(place, axes.get_xlim()[0], count, color=style.FAINT, linewidth=0.5)
        axes.plot(
            [count],
            [place],
            "o",
            color=colour,
            markersize=5,
            markerfacecolor=colour if here else "white",
            label="here" if here else "paper",
        )
        axes.annotate(
            f"{count:,}",
            (count, place),
            (6, 0),
            textcoords="offset points",
            va="center",
            size=style.TINY,
            color=colour,
            weight="bold" if here else "normal",
        )
