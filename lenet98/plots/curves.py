"""Errors against passes and against training patterns: Figs. 5 and 6, and what they leave open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from lenet98.paper import published
from lenet98.plots.declared import figure
from lenet98.plots.page import style
from lenet98.plots.page.labels import EndLabel, label_ends
from lenet98.plots.page.seeds import Band, Error, band, describe, draw_band
from lenet98.questions.exploration_tables import exploration_tables, hypotheses
from lenet98.questions.findings import read_exploration, write_exploration
from lenet98.questions.grid import FULL, REDUCED, explore
from lenet98.questions.study import Bench, study
from lenet98.reproduction.data_sets import MNIST, TITLES, beside_paper
from lenet98.reproduction.named_runs import (
    DISTORTED,
    HALF,
    QUARTER,
    WHOLE,
    NamedRun,
    errors_in_fig6,
)
from lenet98.reproduction.quantities import fewer_patterns, passes_over_the_whole_set
from lenet98.reproduction.reproduction import Reproduction
from lenet98.reproduction.results import Results
from lenet98.training.record import History

_SIZES = (QUARTER, HALF, WHOLE, DISTORTED)

_LABELS = 215
"""Dots to the right of Fig. 5's axes."""

_ASIDE = 0.06
"""Ours stand to the right of each place on Fig. 6's axis, the paper's to the left."""


@figure("fig5", "errors against passes", runs=(WHOLE,), rows=passes_over_the_whole_set)
def fig5(reproduction: Reproduction) -> Figure:
    """Draw test and training error against passes, the paper's curves under ours.

    Source: Fig. 5. The training error is the on-the-fly error of the pass, as there.
    """
    histories, data = reproduction.results.histories(WHOLE), reproduction.results.data
    height = 470
    page = style.page(
        f"Fig. 5: errors against passes, {TITLES[data]}",
        f"Percent misclassified. Here: {describe(len(histories))}; "
        "the training error is counted on the fly.",
        height,
    )
    axes = style.place(page, 76, 24, style.WIDTH - 76 - _LABELS, height - 84)
    ours: tuple[tuple[Error, str, str, tuple[float, ...]], ...] = (
        ("test_error", "test", style.TEST, published.FIG5_TEST),
        ("train_error_on_the_fly", "training", style.TRAINING, published.FIG5_TRAIN),
    )
    ends = []
    for error, name, colour, curve in ours:
        if beside_paper(data):
            passes = _draw_paper_curve(axes, curve)
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
    return page


@figure(
    "fig6",
    "errors against training patterns",
    runs=_SIZES,
    rows=fewer_patterns,
    whole_set=True,
)
def fig6(reproduction: Reproduction) -> Figure:
    """Draw the errors at the end of each run against the number of its training patterns.

    Source: Fig. 6, which gives no training error on distorted patterns: nor is ours drawn.
    """
    results = reproduction.results
    runs = [run for run in _SIZES if results.seeds(run)]
    plain = [run for run in runs if run is not DISTORTED]
    height = 470
    page = style.page(
        f"Fig. 6: errors against training patterns, {TITLES[results.data]}",
        "Percent misclassified at the end of training. "
        f"Here: {describe(max(len(results.seeds(run)) for run in runs))}.",
        height,
    )
    axes = style.place(page, 80, 12, style.WIDTH - 120, height - 90)
    _draw_ours(axes, runs, results, "test_error", style.TEST)
    _draw_ours(axes, plain, results, "train_error_on_the_fly", style.TRAINING)
    if beside_paper(results.data):
        printed = [errors_in_fig6(run.recipe()) for run in runs]
        _draw_paper_points(axes, [errors.test for errors in printed], "test")
        trained = [errors.train for errors in printed if errors.train is not None]
        _draw_paper_points(axes, trained, "training")
    axes.set_xlim(-1.3, len(runs) - 0.25)
    axes.set_ylim(bottom=0)
    axes.set_xticks(range(len(runs)), [run.title.replace(" and ", " and\n") for run in runs])
    axes.set_xlabel("training patterns")
    axes.yaxis.set_major_formatter("{x:g} %")
    return page


@study(
    "open-questions",
    "which recipes explain the figures",
    "10 minutes",
    full="60 minutes",
    again=True,
)
def open_questions(bench: Bench) -> str:
    """Explore the grid, or read what was found before; draw Fig. 5 for the best of it."""
    found = bench.file("json")
    if bench.again:
        exploration = read_exploration(found)
    else:
        digits = bench.mnist("are asked of Fig. 5, so they need MNIST")
        extent = FULL if bench.full else REDUCED
        exploration = explore(digits, bench.cells, extent, bench.machines, bench.tell)
        write_exploration(found, exploration)
    style.save(draw_hypotheses(hypotheses(exploration), MNIST), bench.file("png"))
    return exploration_tables(exploration)


@style.styled
def draw_hypotheses(recipes: Mapping[str, Sequence[History]], data: str) -> Figure:
    """Draw the errors of each hypothesis against passes, the paper's curves under them.

    Parameters
    ----------
    recipes : mapping of str to sequence of sequence of PassRecord
        For each label, at most eight, a history for each seed.
    data : str
        One of `lenet98.reproduction.data_sets.TITLES`; on MNIST the paper's curves are drawn too.

    Returns
    -------
    Figure
        Test errors above, training errors below; the scale of errors is logarithmic.

    Notes
    -----
    Source: Fig. 5.
    """
    panel, between, labels = 400, 60, 316
    page = style.page(
        f"Fig. 5 under each hypothesis, {TITLES[data]}",
        "Percent misclassified, on a logarithmic scale. One seed, or "
        f"{describe(max(len(seeds) for seeds in recipes.values()))}.",
        2 * (panel + between) + 20,
    )
    errors: tuple[tuple[Error, str, tuple[float, ...]], ...] = (
        ("test_error", "test error", published.FIG5_TEST),
        ("train_error_on_the_fly", "training error, on the fly", published.FIG5_TRAIN),
    )
    for place, (error, name, curve) in enumerate(errors):
        top = 30 + place * (panel + between)
        axes = style.place(page, 76, top, style.WIDTH - 76 - labels, panel - 20)
        ends = []
        if beside_paper(data):
            passes = _draw_paper_curve(axes, curve)
            ends.append(EndLabel(passes, curve[-1], f"1998: {curve[-1]:.2f} %", style.PAPER))
        for (label, histories), colour in zip(recipes.items(), style.HUES, strict=False):
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
    return page


def _draw_paper_curve(axes: Axes, curve: tuple[float, ...]) -> int:
    """Draw a curve of the paper, point k after pass k + 1; return its last pass."""
    axes.plot(range(1, len(curve) + 1), curve, label="paper", **style.PAPER_LINE)
    return len(curve)


def _draw_band(axes: Axes, here: Band, colour: str) -> int:
    """Draw mean and range; return the last pass."""
    passes = np.arange(1, len(here.mean) + 1)
    draw_band(axes, passes, here, colour)
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


def _draw_ours(
    axes: Axes,
    runs: Sequence[NamedRun],
    results: Results,
    error: Error,
    colour: str,
) -> None:
    last = [band(results.histories(run), error) for run in runs]
    mean = [float(here.mean[-1]) for here in last]
    places = [place + _ASIDE for place in range(len(runs))]
    axes.vlines(
        places,
        [here.least[-1] for here in last],
        [here.greatest[-1] for here in last],
        color=colour,
        alpha=0.35,
        linewidth=3,
    )
    axes.plot(places, mean, "o", color=colour, markersize=4, label="here")
    kind = "test" if error == "test_error" else "training"
    for place, value in zip(places, mean, strict=True):
        text = f"{value:.2f}" if place < places[-1] else f"{value:.2f}  {kind}, here"
        axes.annotate(
            text, (place, value), (7, 0), va="center", textcoords="offset points", color=colour
        )


def _draw_paper_points(axes: Axes, errors: Sequence[float], kind: str) -> None:
    places = [place - _ASIDE for place in range(len(errors))]
    axes.plot(places, errors, label="paper", **style.PAPER_POINTS)
    for place, value in zip(places, errors, strict=True):
        text = f"{value:.2f}" if place > -_ASIDE else f"{kind}, 1998  {value:.2f}"
        axes.annotate(
            text,
            (place, value),
            (-6, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=style.PAPER,
        )
