"""Errors against how far characters are scaled, shifted, turned and covered by noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from lenet98.plots.declared import figure
from lenet98.plots.page import style
from lenet98.plots.page.labels import EndLabel, label_ends
from lenet98.plots.page.seeds import band_of, describe, draw_band
from lenet98.reproduction.data_sets import TITLES, beside_paper
from lenet98.reproduction.invariance import (
    INVERTED,
    ROTATION,
    SCALE,
    SHIFT,
    WAYS,
    Claim,
    Errors,
    Way,
    claims,
)
from lenet98.reproduction.named_runs import DISTORTED, NOISE, WHOLE, NamedRun
from lenet98.reproduction.reproduction import Reproduction

_NETS: Mapping[NamedRun, tuple[str, str]] = MappingProxyType(
    {
        WHOLE: ("plain", style.HUES[0]),
        DISTORTED: ("distorted", style.HUES[1]),
        NOISE: ("noise", style.HUES[2]),
    }
)
"""For each net, what it was trained on, as its label says it, and its colour."""

_TICKS: Mapping[Way, tuple[float, ...]] = MappingProxyType(
    {
        SCALE: (0.5, 1, 2),
        SHIFT: (-10, -5, 0, 5, 10),
        ROTATION: (-60, -30, 0, 30, 60),
        INVERTED: (0, 0.1, 0.2, 0.3, 0.4, 0.5),
    }
)


@figure(
    "invariance",
    "errors against scale, shift, rotation and noise",
    runs=tuple(_NETS),
    rows=claims,
)
def invariance(reproduction: Reproduction) -> Figure:
    """Draw the errors of three nets against each way, and mark how far the paper's claims reach.

    Source: Sec. III-E, which makes them of the net trained with noise.
    """
    results = reproduction.results
    nets = {run: errors for run in _NETS if (errors := results.measured(run, "invariance"))}
    width, height, across, down = 276, 236, 436, 344
    detail = (
        "Percent misclassified by nets trained on plain, distorted and noisy patterns: "
        f"{describe(max(map(len, nets.values()), default=1))}.\n"
    )
    if beside_paper(results.data):
        detail += "Dashed: the paper's claims for the noise net. "
    detail += "The 32x32 frame cuts off what leaves it."
    page = style.page(f"Invariance and noise, {TITLES[results.data]}", detail, 2 * down + 24)
    for place, way in enumerate(WAYS):
        left, top = 80 + place % 2 * across, 48 + place // 2 * down
        axes = style.place(page, left, top, width, height)
        ends = [_draw_errors(axes, way, errors, *_NETS[run]) for run, errors in nets.items()]
        _set_axes(axes, way)
        if beside_paper(results.data):
            _mark_claims(axes, way.claims)
        if ends:
            label_ends(axes, ends)
    return page


def _draw_errors(axes: Axes, way: Way, seeds: Sequence[Errors], name: str, colour: str) -> EndLabel:
    """Draw mean and range; return the label of the end."""
    values = [value for value, _ in seeds[0][way.name]]
    here = band_of([[error for _, error in seed[way.name]] for seed in seeds])
    draw_band(axes, values, here, colour)
    return EndLabel(values[-1], float(here.mean[-1]), name, colour)


def _set_axes(axes: Axes, way: Way) -> None:
    axes.set_xlabel(f"{way.name}, {way.unit}" if way.unit else way.name)
    if way is SCALE:
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticks(_TICKS[way])
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlim(way.values[0], way.values[-1])
    axes.set_ylim(0, 100)
    axes.yaxis.set_major_formatter("{x:g} %")
    axes.grid(axis="y", color=style.FAINT, linewidth=0.3)


def _mark_claims(axes: Axes, ends: Sequence[Claim]) -> None:
    for value, words in ends:
        axes.axvline(value, label="paper", **{**style.PAPER_LINE, "marker": "none"}, zorder=0)
        axes.text(
            value,
            1.045,
            words,
            transform=axes.get_xaxis_transform(),
            ha="center",
            size=style.TINY,
            color=style.PAPER,
        )
