"""The paper's own pictures and what a network says to them: Figs. 13, 25 and 26."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from lenet98.paper.codes import HEIGHT, WIDTH
from lenet98.paper.figures import NO_LABEL, PENALTY_WHITE, Fig25And26
from lenet98.paper.figures import fig13 as printed_fig13
from lenet98.paper.figures import fig25_and_26 as printed_fig25_and_26
from lenet98.plots.declared import figure
from lenet98.plots.page import style
from lenet98.plots.page.pictures import GREYS, Response, all_states, mosaic, show
from lenet98.plots.page.slots import BELOW_SLOTS, draw_string, middle_of, shade_of, write_label
from lenet98.reading.answers import StringReading
from lenet98.reproduction.data_sets import TITLES
from lenet98.reproduction.named_runs import NOISE, STRINGS
from lenet98.reproduction.printed import patterns_read, strings_read
from lenet98.reproduction.reproduction import Reproduction

_PANELS_A_ROW = 3
_COLUMNS = {"C1": 1, "S2": 2, "C3": 1, "S4": 2, "C5": 3}
"""Dots for each unit in the columns of Fig. 13: every map as high as it is wide."""


@figure("fig13", "the paper's unusual patterns, read", runs=(NOISE,), rows=patterns_read)
def fig13(reproduction: Reproduction) -> Figure:
    """Draw the nine inputs of Fig. 13 with all maps, in the paper's arrangement.

    Source: Fig. 13.
    """
    from lenet98.data.printed import fig13_patterns

    network = reproduction.network(NOISE)
    responses = [network.states(pattern) for pattern in fig13_patterns()]
    return draw_unusual(responses, printed_fig13().labels, reproduction.results.data)


@style.styled
def draw_unusual(responses: Sequence[Response], labels: Sequence[int], data: str) -> Figure:
    """Draw panels of an input, the columns of its maps, and the answer.

    Parameters
    ----------
    responses : sequence of mapping of str to ndarray, (maps, height, width)
        For each pattern, what `Network.states` returns for LeNet-5.
    labels : sequence of int
        What each shows.
    data : str
        What the network was trained on, one of `lenet98.reproduction.data_sets.TITLES`.

    Returns
    -------
    Figure
    """
    panel, row, top = (style.WIDTH - 2 * style.MARGIN) // _PANELS_A_ROW, 236, 22
    rows = -(-len(responses) // _PANELS_A_ROW)
    page = style.page(
        f"Fig. 13: unusual and noisy patterns, {TITLES[data]}",
        "The paper's inputs, read by the network trained with noise. The darker the answer, the "
        "smaller its penalty.",
        rows * row,
    )
    for k, (response, label) in enumerate(zip(responses, labels, strict=True)):
        left = style.MARGIN + k % _PANELS_A_ROW * panel
        above = k // _PANELS_A_ROW * row + top
        show(page, response["input"][0], left, above, 2, GREYS)
        at = left + 64 + 26
        for name, scale in _COLUMNS.items():
            maps = response[name]
            column = mosaic(maps, columns=3 if name == "C5" else 1, gap=0 if name == "C5" else 1)
            show(page, column, at, above, scale, all_states())
            middle = at + column.shape[1] * scale / 2
            if k < _PANELS_A_ROW:
                style.write(page, middle, above - 12, name, ha="center", size=style.TINY)
            at += column.shape[1] * scale + 14
        show(page, response["F6"].reshape(HEIGHT, WIDTH), at, above, 4, all_states())
        if k < _PANELS_A_ROW:
            style.write(page, at + 2 * WIDTH, above - 12, "F6", ha="center", size=style.TINY)
        penalties = response["OUTPUT"].ravel()
        answer, least = int(penalties.argmin()), float(penalties.min())
        write_label(page, left + 32, above + 88, str(answer), shade_of(least), size=16)
        text = f"penalty {least:.1f}"
        style.write(page, left, above + 122, text, size=style.TINY, color=style.PAPER)
        if answer != label:
            text = f"the paper: {label}"
            style.write(page, left, above + 142, text, size=style.TINY, color=style.TRAINING)
    return page


@figure("fig25", "the paper's strings, with Fig. 26", runs=(STRINGS,), rows=strings_read)
def fig25(reproduction: Reproduction) -> Figure:
    """Draw the strings of Figs. 25 and 26, with the maps of the first, and what was read.

    Source: Figs. 25 and 26.
    """
    from lenet98.data.printed import fig25_and_26_patterns
    from lenet98.reading.strings import read_string

    network = reproduction.network(STRINGS)
    patterns = fig25_and_26_patterns()
    responses = [network.states(pattern) for pattern in patterns]
    readings = [read_string(pattern, network) for pattern in patterns]
    return draw_strings(responses, readings, printed_fig25_and_26(), reproduction.results.data)


@style.styled
def draw_strings(
    responses: Sequence[Response], readings: Sequence[StringReading], printed: Fig25And26, data: str
) -> Figure:
    """Draw the paper's strings with F6 and the winning labels below the slots.

    Parameters
    ----------
    responses : sequence of mapping of str to ndarray, (maps, height, width)
        For each string, what `Network.states` returns for LeNet-5; of the first the maps are
        drawn too.
    readings : sequence of StringReading
        Of the same.
    printed : Fig25And26
    data : str
        What the network was trained on, one of `lenet98.reproduction.data_sets.TITLES`.

    Returns
    -------
    Figure
    """
    pixel, right, first, row = 6, 440, 420, 332
    page = style.page(
        f"Figs. 25 and 26: strings of digits, {TITLES[data]}",
        BELOW_SLOTS,
        first + (len(responses) - 1) // 2 * row,
    )
    for k, (response, reading) in enumerate(zip(responses, readings, strict=True)):
        left = style.MARGIN + (0 if k == 0 else (k - 1) % 2 * right)
        top = 0 if k == 0 else first + (k - 1) // 2 * row
        below = draw_string(page, response, reading, left, top, pixel)
        shown = zip(printed.winners[k], printed.label_greys[k], strict=True)
        for slot, (label, grey) in enumerate(shown):
            if label != NO_LABEL:
                middle = left + middle_of(slot, pixel)
                write_label(page, middle, below + 26, label, grey / PENALTY_WHITE, size=9)
        style.write(page, left, below, "here", size=style.TINY, color=style.PAPER)
        style.write(page, left, below + 26, "1998", size=style.TINY, color=style.PAPER)
        answers = f"read here: {reading.text or 'nothing'}, in 1998: {printed.answers[k]}"
        alike = reading.text == printed.answers[k]
        colour = style.INK if alike else style.TRAINING
        style.write(page, left, below + 54, answers, weight="bold", color=colour)
    at = style.MARGIN + right
    for name, scale in (("C1", 2), ("C3", 2), ("C5", 3)):
        maps = responses[0][name]
        column = maps[:, 0] if name == "C5" else mosaic(maps, columns=1, gap=1)
        show(page, column, at, 0, scale, all_states())
        middle = at + column.shape[1] * scale / 2
        style.write(page, middle, column.shape[0] * scale + 14, name, ha="center")
        at += column.shape[1] * scale + 40
    return page
