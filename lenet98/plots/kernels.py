"""What a network learned: the kernels of C1 and C3, ours, and those of 1998."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from lenet98.plots.declared import figure
from lenet98.plots.page import style
from lenet98.plots.page.pictures import mosaic, show
from lenet98.questions.recovery import printed_drawings, recover, set_recovered
from lenet98.reproduction.data_sets import TITLES
from lenet98.reproduction.named_runs import STRINGS, WHOLE
from lenet98.reproduction.reproduction import Reproduction

if TYPE_CHECKING:
    from lenet98.network.network import Network

_READ = (
    "Black: positive, white: negative, each kernel up to its greatest weight; C3's as in Table I."
)
_LEVELS = (-1.0, 1.0)

_NAMES = 90
"""Dots to the left of kernels, for the names of layers and maps."""

_BETWEEN = 64
"""Dots between C1's kernels and C3's."""


@figure("learned", "the kernels of C1 and C3", runs=(WHOLE,))
def learned(reproduction: Reproduction) -> Figure:
    """Draw C1's kernels, and C3's in the places that Table I gives them.

    Source: Sec. II-B, Table I.
    """
    network, data = reproduction.network(WHOLE), reproduction.results.data
    page = style.page(
        f"The kernels that {network.architecture.name} learned, {TITLES[data]}",
        _READ,
        _height(network) + style.MARGIN,
    )
    _draw_kernels(page, network, 0)
    return page


@figure("kernels-1998", "the kernels of 1998, recovered, and ours", runs=(STRINGS,))
def kernels_1998(reproduction: Reproduction) -> Figure:
    """Read the kernels out of Figs. 13 and 25, and draw them above those of our network of strings.

    Source: Figs. 13 and 25; Sec. VII-B for what that network was trained on.
    """
    from lenet98.network.network import LeNet5

    network, drawings = LeNet5(), printed_drawings()
    recovered = recover(drawings, ("C1", "S2", "C3"))
    set_recovered(network, recovered)
    of_c1, of_c3 = (recovered.residuals(drawings, name).max() for name in ("C1", "C3"))
    known = f"which they explain to {max(of_c1, of_c3):.1f} of 255 grey levels"
    ours, data = reproduction.network(STRINGS), reproduction.results.data
    return draw_beside_ours(network, ours, data, known)


@style.styled
def draw_beside_ours(recovered: Network, ours: Network, data: str, known: str) -> Figure:
    """Draw the kernels of two networks, one above the other.

    Parameters
    ----------
    recovered : Network
        With C1 and C3 of 1998.
    ours : Network
    data : str
        What ours was trained on, one of `lenet98.reproduction.data_sets.TITLES`.
    known : str
        How well the kernels of 1998 are known.

    Returns
    -------
    Figure
    """
    heading = 40
    row = heading + _height(ours) + style.MARGIN
    page = style.page(
        f"The kernels of 1998, and ours, {TITLES[data]}",
        _READ,
        2 * row,
    )
    for place, (network, text) in enumerate(
        (
            (recovered, f"1998: recovered from the maps of Figs. 13 and 25, {known}"),
            (ours, "here: trained on strings with noise"),
        )
    ):
        style.write(page, style.MARGIN, place * row + 6, text, weight="bold")
        _draw_kernels(page, network, place * row + heading)
    return page


def _scale(network: Network) -> int:
    c3 = network.architecture.layer("C3")
    return (style.WIDTH - _NAMES - style.MARGIN) // (c3.maps * (c3.field + 1))


def _height(network: Network) -> int:
    """Return how many dots the kernels of a network take."""
    c1, c3 = network.architecture.layer("C1"), network.architecture.layer("C3")
    rows = c3.maps_below * (c3.field + 1) - 1
    return 2 * c1.field * _scale(network) + _BETWEEN + rows * _scale(network)


def _draw_kernels(page: Figure, network: Network, top: int) -> None:
    c1, c3 = network.architecture.layer("C1"), network.architecture.layer("C3")
    first, second = (_scaled(network.view(layer.name).weights) for layer in (c1, c3))
    field, scale = c3.field + 1, _scale(network)
    row = mosaic(first, columns=c1.maps, gap=1)
    matrix = np.full((c3.maps_below * field - 1, c3.maps * field - 1), np.nan)
    for (source, target), kernel in zip(c3.pairs, second, strict=True):
        above, left = source * field, target * field
        matrix[above : above + c3.field, left : left + c3.field] = kernel
    large = 2 * scale
    matrix_top = top + row.shape[0] * large + _BETWEEN
    style.write(page, style.MARGIN, top + row.shape[0] * large / 2, c1.name, weight="bold")
    show(page, row, _NAMES, top, large, _LEVELS)
    style.write(page, style.MARGIN, matrix_top - 20, c3.name, weight="bold")
    show(page, matrix, _NAMES, matrix_top, scale, _LEVELS)
    for target in range(c3.maps):
        middle = _NAMES + (target * field + c3.field / 2) * scale
        style.write(page, middle, matrix_top - 20, str(target), ha="center", color=style.PAPER)
    for source in range(c3.maps_below):
        middle = matrix_top + (source * field + c3.field / 2) * scale
        style.write(page, _NAMES - 16, middle, str(source), ha="right", color=style.PAPER)


def _scaled(kernels: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Return kernels, (n, side, side), each divided by its greatest weight, whatever the sign."""
    return np.asarray(kernels / np.abs(kernels).max(axis=(1, 2), keepdims=True))
