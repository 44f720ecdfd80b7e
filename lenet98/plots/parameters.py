"""What was learned: the kernels of C1 and C3."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from lenet98.network.network import Network
from lenet98.plots.page import style
from lenet98.plots.page.pictures import mosaic, show


@style.styled
def learned(network: Network, data: str) -> Figure:
    """Draw C1's kernels, and C3's in the places that Table I gives them.

    Parameters
    ----------
    network : Network
        One with layers C1 and C3.
    data : {"mnist", "strokes"}
        What it was trained on.

    Returns
    -------
    Figure

    Notes
    -----
    Source: Sec. II-B, Table I.
    """
    c1, c3 = network.architecture.layer("C1"), network.architecture.layer("C3")
    first, second = network.view("C1").weights, network.view("C3").weights
    names, between = 90, 64
    field = c3.field + 1
    scale = (style.WIDTH - names - style.MARGIN) // (c3.maps * field)
    row = mosaic(first, columns=c1.maps, gap=1)
    matrix = np.full((c3.maps_below * field - 1, c3.maps * field - 1), np.nan)
    for (source, target), kernel in zip(c3.pairs, second, strict=True):
        top, left = source * field, target * field
        matrix[top : top + c3.field, left : left + c3.field] = kernel
    large = 2 * scale
    matrix_top = row.shape[0] * large + between
    figure = style.page(
        f"The kernels that {network.architecture.name} learned, {style.data_name(data)}",
        "Black: positive weights; white: negative. "
        f"{c3.name}'s kernels stand where Table I has an X.",
        matrix_top + matrix.shape[0] * scale + style.MARGIN,
    )
    style.write(figure, style.MARGIN, row.shape[0] * large / 2, c1.name, weight="bold")
    show(figure, row, names, 0, large, _around_zero(first))
    style.write(figure, style.MARGIN, matrix_top - 20, c3.name, weight="bold")
    show(figure, matrix, names, matrix_top, scale, _around_zero(second))
    for target in range(c3.maps):
        middle = names + (target * field + c3.field / 2) * scale
        style.write(figure, middle, matrix_top - 20, str(target), ha="center", color=style.PAPER)
    for source in range(c3.maps_below):
        middle = matrix_top + (source * field + c3.field / 2) * scale
        style.write(figure, names - 16, middle, str(source), ha="right", color=style.PAPER)
    return figure


def _around_zero(weights: np.ndarray) -> tuple[float, float]:
    largest = float(np.abs(weights).max())
    return -largest, largest
