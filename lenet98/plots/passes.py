"""Errors against passes: Fig. 5, and Fig. 5 under the hypotheses on what the paper leaves open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from lenet98.paper import published
from lenet98.plots.page import style
from lenet98.plots.page.labels import EndLabel, label_ends
from lenet98.plots.page.seeds import Band, Error, History, band, describe

_LABELS = 215
"""Dots to the right of the axes."""


@style.styled
def fig5(histories: Sequence[History], data: str) -> Figure:
    """Draw test and training error against passes, the paper's curves under ours.

    Parameters
    ----------
    histories : sequence of sequence of PassRecord
        One for each seed; of the same length.
    data : {"mnist", "strokes"}
        On strokes the paper's curves are left out.

    Returns
    -------
    Figure

    Notes
    -----
    Source: Fig. 5. The training error is the on-the-fly error of the pass, as there.
    """
    height = 470
    figure = style.page(
        f"Fig. 5: errors against passes, {style.data_name(data)}",
        f"Percent misclassified. Here: {describe(len(histories))}; "
        "the training error is counted on the fly.",
        height,
    )
    axes = style.place(figure, 76, 24, style.WIDTH - 76 - _LABELS, height - 84)
    ours: tuple[tuple[Error, str, str, tuple[float, ...]], ...] = (
        ("test_error", "test", style.TEST, published.FIG5_TEST),
        ("train_error_on_the_fly", "training", style.TRAINING, published.FIG5_TRAIN),
    )
    ends = []
    for error, name, colour, curve in ours:
        if style.beside_paper(data):
            passes = _draw_paper(axes, curve)
            text = f"{name}, 1998: {curve[-1]:.2f} %"
            ends.append(EndLabel(passes, curve[-1], text, style.PAPER))
        here = band(histories, error)
        passes = _draw_band(axes, here, colour)
        text = f"{name}, here: {here.mean[-1]:.2f} %"
        ends.append(EndLabel(passes, here.mean[-1], text, colour))
    axes.set_xlim(0, max(end.x for end in ends) + 0.3)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("passes over the training set")
    _whole_passes(axes)
    axes.yaxis.set_major_formatter("{x:g} %")
    axes.grid(axis="y", color=style.FAINT, linewidth=0.3)
    _mark_eta(axes, histories[0])
    label_ends(axes, ends)
    return figure


@style.styled
def open_questions(hypotheses: Mapping[str, Sequence[History]], data: str) -> Figure:
    """Draw the errors of each hypothesis against passes, the paper's curves under them.

    Parameters
    ----------
    hypotheses : mapping of str to sequence of sequence of PassRecord
        For each label, at most eight, a history for each seed.
    data : {"mnist", "strokes"}
        On strokes the paper's curves are left out.

    Returns
    -------
    Figure
        Test errors above, training errors below; the scale of errors is logarithmic.

    Notes
    -----
    Source: Fig. 5.
    """
    panel, between, labels = 400, 60, 316
    figure = style.page(
        f"Fig. 5 under each hypothesis, {style.data_name(data)}",
        "Percent misclassified, on a logarithmic scale. One seed, or "
        f"{describe(max(len(seeds) for seeds in hypotheses.values()))}.",
        2 * (panel + between) + 20,
    )
    errors: tuple[tuple[Error, str, tuple[float, ...]], ...] = (
        ("test_error", "test error", published.FIG5_TEST),
        ("train_error_on_the_fly", "training error, on the fly", published.FIG5_TRAIN),
    )
    for place, (error, name, curve) in enumerate(errors):
        top = 30 + place * (panel + between)
        axes = style.place(figure, 76, top, style.WIDTH - 76 - labels, panel - 20)
        ends = []
        if style.beside_paper(data):
            passes = _draw_paper(axes, curve)
            ends.append(EndLabel(passes, curve[-1], f"1998: {curve[-1]:.2f} %", style.PAPER))
        for (label, histories), colour in zip(hypotheses.items(), style.HUES, strict=False):
            here = band(histories, error)
            passes = _draw_band(axes, here, colour)
            ends.append(EndLabel(passes, here.mean[-1], f"{label}: {here.mean[-1]:.2f} %", colour))
        axes.set_yscale("log")
        axes.set_xlim(0, max(end.x for end in ends) + 0.3)
        _whole_passes(axes)
        _percent_ticks(axes)
        axes.set_title(name, loc="left", size=style.SMALL, weight="bold")
        label_ends(axes, ends)
    axes.set_xlabel("passes over the training set")
    return figure


def _draw_paper(axes: Axes, curve: tuple[float, ...]) -> int:
    """Draw a curve of the paper, point k after pass k + 1; return its last pass."""
    axes.plot(range(1, len(curve) + 1), curve, label="paper", **style.PAPER_LINE)
    return len(curve)


def _draw_band(axes: Axes, here: Band, colour: str) -> int:
    """Draw mean and range; return the last pass."""
    passes = np.arange(1, len(here.mean) + 1)
    axes.fill_between(passes, here.least, here.greatest, color=colour, alpha=0.2, linewidth=0)
    axes.plot(passes, here.mean, color=colour, label="here")
    return len(passes)


def _mark_eta(axes: Axes, history: History) -> None:
    """Draw a thin line where eta falls, and write each eta above the first of its passes."""
    axes.text(-0.02, 1.02, "η", transform=axes.transAxes, ha="right", color=style.PAPER)
    begin = 0
    for eta, records in groupby(record.eta for record in history):
        end = begin + len(list(records))
        if begin:
            axes.axvline(begin, color=style.FAINT, linewidth=0.6, zorder=0, label="eta falls")
        text = np.format_float_positional(eta, trim="-")
        axes.text(
            begin + 0.1,
            1.02,
            text,
            transform=axes.get_xaxis_transform(),
            size=style.TINY,
            color=style.PAPER,
        )
        begin = end


def _whole_passes(axes: Axes) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 5, 10]))


def _percent_ticks(axes: Axes) -> None:
    """Put ticks at 1, 2 and 5 of each decade, for one decade holds most curves."""
    low, high = axes.get_ylim()
    ticks = [digit * 10.0**power for power in range(-3, 3) for digit in (1, 2, 5)]
    axes.set_yticks([tick for tick in ticks if low <= tick <= high], minor=False)
    axes.set_yticks([], minor=True)
    axes.yaxis.set_major_formatter("{x:g} %")
    axes.grid(axis="y", color=style.FAINT, linewidth=0.3)
