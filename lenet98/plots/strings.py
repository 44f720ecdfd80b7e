"""Strings of test digits: errors against the gap and the length, and the time of replication."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from lenet98.data.sizes import FRAME_SIZE
from lenet98.errors import PatternError
from lenet98.paper import published
from lenet98.plots.declared import figure
from lenet98.plots.page import style
from lenet98.plots.page.labels import EndLabel, label_ends
from lenet98.plots.page.pictures import Response
from lenet98.plots.page.seeds import band_of, describe, draw_band
from lenet98.plots.page.slots import BELOW_SLOTS, draw_string
from lenet98.reading.answers import StringReading
from lenet98.reproduction.data_sets import TITLES
from lenet98.reproduction.digit_strings import (
    LENGTHS,
    NOISES,
    SINGLE_GAPS,
    WAYS,
    errors_in,
    strings_of,
)
from lenet98.reproduction.named_runs import STRINGS
from lenet98.reproduction.reproduction import Reproduction

_LEAST, _LARGEST = 2, 6
"""Dots for each pixel of a string: with fewer, the states of neighbouring slots would overlap."""

_COLOURS = dict(zip(WAYS, style.HUES, strict=False))
_LENGTH = 4
"""Of the strings whose error is drawn against the gap."""

_PANEL, _LEFT, _LABELS = 330, 90, 170
"""Dots: height of a panel with what is below it, and what is left and right of its axes."""


@figure("strings", "strings of test digits, read", runs=(STRINGS,))
def strings(reproduction: Reproduction) -> Figure:
    """Draw the string error against gap and length, and the time against the width.

    Source: Sec. VII-A, VII-B, which give no error on strings of digits.
    """
    results, many = reproduction.results, strings_of(reproduction.digits)
    return draw_string_errors(results.measured(STRINGS, "strings"), many, results.data)


@style.styled
def draw_read_strings(
    responses: Sequence[Response], readings: Sequence[StringReading], data: str
) -> Figure:
    """Draw strings one below the other, with what is said at each slot, as Fig. 25 does.

    Parameters
    ----------
    responses : sequence of mapping of str to ndarray, (maps, height, width)
        For each string, what `Network.states` returns for LeNet-5.
    readings : sequence of StringReading
        Of the same.
    data : str
        What the network was trained on, one of `lenet98.reproduction.data_sets.TITLES`.

    Returns
    -------
    Figure

    Raises
    ------
    PatternError
        A string is wider than the page.
    """
    whole = style.WIDTH - 2 * style.MARGIN
    widest = max(one["input"].shape[2] for one in responses)
    if widest > whole // _LEAST:
        raise PatternError(
            f"expected strings at most {whole // _LEAST} pixels wide to draw, found {widest}. "
            "Cut the image."
        )
    pixels = [min(_LARGEST, whole // one["input"].shape[2]) for one in responses]
    heights = [FRAME_SIZE * pixel + 140 for pixel in pixels]
    page = style.page(
        f"Strings of digits, as in Fig. 25, {TITLES[data]}",
        BELOW_SLOTS,
        sum(heights),
    )
    top = 0
    for response, reading, pixel, height in zip(responses, readings, pixels, heights, strict=True):
        below = draw_string(page, response, reading, style.MARGIN, top, pixel)
        style.write(page, style.MARGIN, below + 30, str(reading), weight="bold")
        top += height
    return page


@style.styled
def draw_string_errors(measured: Sequence[dict[str, Any]], many: int, data: str) -> Figure:
    """Draw what `lenet98.reproduction.digit_strings.measure` found for each seed.

    Parameters
    ----------
    measured : sequence of dict
    many : int
        Strings of each kind.
    data : str
        One of `lenet98.reproduction.data_sets.TITLES`.

    Returns
    -------
    Figure
    """
    page = style.page(
        f"Strings of test digits, {TITLES[data]}",
        f"Percent of {many:,} strings misread, {describe(len(measured))}. "
        "Dashed: a tenth of the pixels inverted.",
        3 * _PANEL,
    )
    by_gap, by_length, by_width = (_axes(page, k) for k in range(3))
    _draw_errors(by_gap, measured, [(gap, _LENGTH, (gap, gap)) for gap in SINGLE_GAPS], SINGLE_GAPS)
    by_gap.set_xlabel(f"pixels between the bounding boxes of neighbours, {_LENGTH} digits")
    gaps = published.STRING_GAPS
    _draw_errors(by_length, measured, [(length, length, gaps) for length in LENGTHS], LENGTHS)
    by_length.set_xlabel(f"digits of a string, gaps of {gaps[0]} to {gaps[1]} pixels")
    _draw_seconds(by_width, np.median([one["seconds"] for one in measured], axis=0))
    return page


def _axes(page: Figure, panel: int) -> Axes:
    width = style.WIDTH - _LEFT - _LABELS
    return style.place(page, _LEFT, 10 + panel * _PANEL, width, _PANEL - 80)


def _draw_errors(
    axes: Axes,
    measured: Sequence[dict[str, Any]],
    sets: Sequence[tuple[int, int, tuple[int, int]]],
    ticks: Sequence[int],
) -> None:
    """Draw the string error of each way in sets of (place on the axis, length, gaps)."""
    places = [place for place, _, _ in sets]
    ends = []
    for way, colour in _COLOURS.items():
        for noise in NOISES:
            errors = [
                [errors_in(one, way, length, gaps, noise)[0] for _, length, gaps in sets]
                for one in measured
            ]
            here = band_of(errors)
            draw_band(axes, places, here, colour, "--" if noise else "-")
            last = float(here.mean[-1])
            ends.append(EndLabel(places[-1], last, f"{way}: {last:.1f} %", colour))
    axes.set_xlim(places[0], places[-1])
    axes.set_ylim(0, 103)
    axes.set_xticks(ticks)
    axes.yaxis.set_major_formatter("{x:g} %")
    axes.grid(axis="y", color=style.FAINT, linewidth=0.3)
    label_ends(axes, ends)


def _draw_seconds(axes: Axes, seconds: npt.NDArray[np.floating]) -> None:
    columns = seconds[:, 0]
    ends = []
    for name, times, colour in (
        ("replicated", seconds[:, 1], style.TEST),
        ("windows", seconds[:, 2], style.PAPER),
    ):
        axes.plot(columns, 1e3 * times, "o-", color=colour, markersize=3)
        ends.append(
            EndLabel(columns[-1], 1e3 * times[-1], f"{name}: {1e3 * times[-1]:.1f} ms", colour)
        )
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xlim(columns[0], columns[-1])
    axes.set_xticks(columns, [f"{int(many):,}" for many in columns])
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter("{x:g} ms")
    axes.set_ylim(axes.get_ylim())
    axes.grid(axis="y", color=style.FAINT, linewidth=0.3)
    axes.set_xlabel("columns of pixels; time of one string, on one core")
    label_ends(axes, ends)
