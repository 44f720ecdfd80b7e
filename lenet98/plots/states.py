"""What a network says: the states of its units (Fig. 13), F6 against the codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from lenet98.data.patterns import as_patterns, grey_levels
from lenet98.paper import published
from lenet98.paper.codes import HEIGHT, WIDTH
from lenet98.plots.declared import figure
from lenet98.plots.page import style
from lenet98.plots.page.pictures import GREYS, Picture, Response, all_states, show, strips_of
from lenet98.reproduction.data_sets import TITLES
from lenet98.reproduction.judge import margins
from lenet98.reproduction.named_runs import DISTORTED, WHOLE
from lenet98.reproduction.reproduction import Reproduction

_PATTERNS_A_BAND = 4
_NAMES = 96
"""Dots to the left of the strips, for the names of the layers."""

_SHRUNK, _SHRUNK_RISE = 0.6, 6.0
"""Of a pattern in Fig. 13: smaller than any in training, so much higher in pixels."""


@figure("states", "the states of all layers", runs=(DISTORTED,))
def states(reproduction: Reproduction) -> Figure:
    """Draw a plain pattern, the same shrunk, with the noise of Sec. III-E, and the least sure.

    Source: Fig. 13, for patterns of MNIST.
    """
    from lenet98.data.distortions import affine_maps, distort
    from lenet98.data.noise import invert

    results, images = reproduction.results, reproduction.digits.test_images
    network = reproduction.network(DISTORTED)
    rng = np.random.default_rng(results.configuration["seed"])
    height = network.architecture.height
    plain = as_patterns(images[:1], height, np.float32)
    shrink = affine_maps(scale=_SHRUNK, squeeze=0, shear=0, shift_x=0, shift_y=-_SHRUNK_RISE)
    shrunk = grey_levels(distort(images[:1], shrink))
    noisy = invert(plain.astype(np.float32), published.NOISE, rng)
    least_sure = np.argmin(margins(-network.penalties(images)))
    odd = as_patterns(images[[least_sure]], height, np.float32)
    shown = np.concatenate([plain, shrunk, noisy, odd])
    return draw_states([network.states(pattern) for pattern in shown], results.data)


@style.styled
def draw_states(responses: Sequence[Response], data: str) -> Figure:
    """Draw the states of all layers for one or several patterns, each pattern a column of strips.

    Parameters
    ----------
    responses : sequence of mapping of str to ndarray, (maps, height, width)
        For each pattern, what `Network.states` returns: the input first, the penalties last.
    data : str
        What the network was trained on, one of `lenet98.reproduction.data_sets.TITLES`.

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
    places, answers_top = _strip_places(strips_of(responses[0], abreast), column - 14, abreast)
    band = answers_top + 92
    page = style.page(
        f"The states of all layers, as in Fig. 13, {TITLES[data]}",
        "Black: the most a unit can say; white: the least. "
        "Of the ten classes, the blacker, the smaller the penalty.",
        ceil(len(responses) / abreast) * band,
    )
    for number, response in enumerate(responses):
        left = _NAMES + number % abreast * column
        above = number // abreast * band
        strips = strips_of(response, abreast)
        for (name, strip), place in zip(strips.items(), places, strict=True):
            top = above + place.top
            levels = GREYS if place is places[0] else all_states()
            show(page, strip, left, top, place.scale, levels)
            if left == _NAMES:
                middle = top + strip.shape[0] * place.scale / 2
                style.write(page, style.MARGIN, middle, name, weight="bold")
        output, penalties = [*response.items()][-1]
        if left == _NAMES:
            style.write(page, style.MARGIN, above + answers_top, output, weight="bold")
        _write_answers(page, penalties.ravel(), left, above + answers_top)
    return page


class _Place(NamedTuple):
    top: int
    scale: int


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
    page: Figure, penalties: npt.NDArray[np.floating], left: float, top: float
) -> None:
    best, second = np.argsort(penalties)[:2]
    shades = (penalties - penalties.min()) / np.ptp(penalties)
    for label, shade in enumerate(shades):
        grey = str(0.9 * float(shade))
        style.write(page, left + 5 + 19 * label, top, str(label), size=9, color=grey, weight="bold")
    answer = f"answer {best}, penalty {penalties[best]:.1f}"
    style.write(page, left, top + 28, answer)
    runner_up = f"next is {second}, penalty {penalties[second]:.1f}"
    style.write(page, left, top + 48, runner_up, size=style.TINY, color=style.PAPER)


@figure("f6_codes", "F6 beside the codes it should match", runs=(WHOLE,))
def f6_codes(reproduction: Reproduction) -> Figure:
    """Draw what F6 says, on average, to 100 test patterns of each class.

    Source: Sec. II-B, eq. 7, Fig. 3.
    """
    digits, network = reproduction.digits, reproduction.network(WHOLE)
    centres = network.architecture.centres
    of_class = [np.flatnonzero(digits.test_labels == c) for c in range(len(centres))]
    states = [
        np.mean([network.states(digits.test_images[k])["F6"].ravel() for k in some[:100]], axis=0)
        for some in of_class
    ]
    penalties = [
        network.penalties(digits.test_images[some])[:, c].mean() for c, some in enumerate(of_class)
    ]
    data = reproduction.results.data
    return draw_f6_codes(np.array(states), centres, np.array(penalties), data)


@style.styled
def draw_f6_codes(
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
    data : str
        One of `lenet98.reproduction.data_sets.TITLES`.

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
    page = style.page(
        f"F6 against the codes, {TITLES[data]}",
        "For each class: left, the mean state of F6; "
        "right, the code of its RBF unit. "
        "Below: the mean penalty.",
        ceil(classes / columns) * row,
    )
    for label in range(classes):
        left, top = style.MARGIN + label % columns * column, label // columns * row
        for side, picture in enumerate((mean_states[label], centres[label])):
            at = left + side * (WIDTH * scale + apart)
            show(page, picture.reshape(HEIGHT, WIDTH), at, top, scale, all_states())
        text = f"{label}: {mean_penalties[label]:.1f}"
        style.write(page, left, top + HEIGHT * scale + 18, text)
    return page
