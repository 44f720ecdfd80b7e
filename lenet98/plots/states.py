"""What the units of a network say to a pattern: Fig. 13, and F6 against the codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from lenet98.data.patterns import BACKGROUND, FOREGROUND
from lenet98.network.kernels import A
from lenet98.paper.codes import HEIGHT, WIDTH
from lenet98.plots.page import style
from lenet98.plots.page.pictures import Picture, mosaic, show

Response = Mapping[str, npt.NDArray[np.floating]]

_STATES = (-A, A)
_PATTERNS_A_BAND = 4
_ROWS_OF_UNITS = 4
_NAMES = 96
"""Dots to the left of the strips, for the names of the layers."""


@style.styled
def fig13(responses: Sequence[Response], data: str) -> Figure:
    """Draw the states of all layers for one or several patterns, each pattern a column of strips.

    Parameters
    ----------
    responses : sequence of mapping of str to ndarray, (maps, height, width)
        For each pattern, what `Network.states` returns: the input first, the penalties last.
    data : {"mnist", "strokes"}
        What the network was trained on.

    Returns
    -------
    Figure
        F6 of 84 units stands as a 7x12 bitmap, as its codes do.

    Notes
    -----
    Source: Fig. 13.
    """
    abreast = min(len(responses), _PATTERNS_A_BAND)
    column = (style.WIDTH - _NAMES - style.MARGIN) // abreast
    places, answers_top = _strip_places(_strips(responses[0], abreast), column - 14, abreast)
    band = answers_top + 92
    figure = style.page(
        f"The states of all layers (Fig. 13), {style.data_name(data)}",
        "Black: the most a unit can say; white: the least. "
        "Of the ten classes, the blacker, the smaller the penalty.",
        ceil(len(responses) / abreast) * band,
    )
    for number, response in enumerate(responses):
        left = _NAMES + number % abreast * column
        above = number // abreast * band
        strips = _strips(response, abreast)
        for (name, strip), place in zip(strips.items(), places, strict=True):
            top = above + place.top
            levels = (BACKGROUND, FOREGROUND) if place is places[0] else _STATES
            show(figure, strip, left, top, place.scale, levels)
            if left == _NAMES:
                middle = top + strip.shape[0] * place.scale / 2
                style.write(figure, style.MARGIN, middle, name, weight="bold")
        output, penalties = [*response.items()][-1]
        if left == _NAMES:
            style.write(figure, style.MARGIN, above + answers_top, output, weight="bold")
        _write_answers(figure, penalties.ravel(), left, above + answers_top)
    return figure


class _Place(NamedTuple):
    top: int
    scale: int


def _strips(response: Response, abreast: int) -> dict[str, Picture]:
    """Set the maps of each layer side by side, in twice as wide a strip for a pattern alone."""
    strips = {}
    for name, maps in [*response.items()][:-1]:
        if maps.size == HEIGHT * WIDTH:
            strips[name] = maps.reshape(HEIGHT, WIDTH)
        elif maps[0].size == 1:
            strips[name] = mosaic(maps, ceil(len(maps) / _ROWS_OF_UNITS), gap=0)
        else:
            columns = ceil(sqrt(len(maps))) * (2 if abreast == 1 else 1)
            strips[name] = mosaic(maps, columns, gap=2)
    return strips


def _strip_places(
    strips: Mapping[str, Picture], width: int, abreast: int
) -> tuple[list[_Place], int]:
    """Place strips one below the other, each as large as fits; return where they end as well."""
    largest = 8 if abreast == 1 else 5
    places, top = [], 4
    for strip in strips.values():
        scale = min(width // strip.shape[1], largest)
        places.append(_Place(top, scale))
        top += strip.shape[0] * scale + 16
    return places, top + 6


def _write_answers(
    figure: Figure, penalties: npt.NDArray[np.floating], left: float, top: float
) -> None:
    best, second = np.argsort(penalties)[:2]
    shades = (penalties - penalties.min()) / np.ptp(penalties)
    for label, shade in enumerate(shades):
        grey = str(0.9 * float(shade))
        style.write(
            figure, left + 5 + 19 * label, top, str(label), size=9, color=grey, weight="bold"
        )
    answer = f"answer {best}, penalty {penalties[best]:.1f}"
    style.write(figure, left, top + 28, answer)
    runner_up = f"next is {second}, penalty {penalties[second]:.1f}"
    style.write(figure, left, top + 48, runner_up, size=style.TINY, color=style.PAPER)


@style.styled
def f6_codes(
    mean_states: npt.NDArray[np.floating],
    centres: npt.NDArray[np.integer],
    mean_penalties: npt.NDArray[np.floating],
    data: str,
) -> Figure:
    """Draw the mean state of F6 for each class beside the code that it should match.

    Parameters
    ----------
    mean_states : ndarray, (classes, 84)
        Mean state of F6 over the patterns of each class.
    centres : ndarray, (classes, 84)
        +1 or -1.
    mean_penalties : ndarray, (classes,)
        Mean penalty of the correct class over the patterns of each class.
    data : {"mnist", "strokes"}

    Returns
    -------
    Figure

    Notes
    -----
    Source: Sec. II-B, eq. 7, Fig. 3.
    """
    scale, columns, row, apart = 9, 5, 164, 6
    classes = len(centres)
    column = (style.WIDTH - 2 * style.MARGIN) // columns
    figure = style.page(
        f"F6 against the codes, {style.data_name(data)}",
        "For each class: left, the mean state of F6; "
        "right, the code of its RBF unit. "
        "Below: the mean penalty.",
        ceil(classes / columns) * row,
    )
    for label in range(classes):
        left, top = style.MARGIN + label % columns * column, label // columns * row
        for side, picture in enumerate((mean_states[label], centres[label])):
            at = left + side * (WIDTH * scale + apart)
            show(figure, picture.reshape(HEIGHT, WIDTH), at, top, scale, _STATES)
        text = f"{label}: {mean_penalties[label]:.1f}"
        style.write(figure, left, top + HEIGHT * scale + 18, text)
    return figure
