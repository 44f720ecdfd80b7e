"""What kernels make of a picture: the maps of a convolution, its activation and its pooling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from lenet98.errors import ConfigurationError
from lenet98.plots.page import style
from lenet98.plots.page.pictures import Picture, mosaic, show

if TYPE_CHECKING:
    from lenet98.modern.bank import Bank
    from lenet98.modern.plain import Maps

KERNELS = 90
"""Dots to the left of the maps, for the kernels."""

GAP = 20
HEADING, NAME = 26, 18
"""Dots for the names of what is shown, and for that of each kernel."""

WIDTH = (style.WIDTH - 2 * style.MARGIN - KERNELS - 2 * GAP) // 3
HEIGHT = 3 * WIDTH // 2
"""Dots across and down a map, at the most."""

COLOURS = {1: ("picture",), 3: ("red", "green", "blue")}
"""What the maps of a picture are called."""

POOL = 2


@style.styled
def draw_maps(picture: Maps, bank: Bank, name: str) -> Figure:
    """Draw a picture's maps, and for each kernel the maps that it makes of them.

    Parameters
    ----------
    picture : ndarray, (1 or 3, height, width)
        Grey levels, or red, green and blue; 0 is black and 1 is white.
    bank : Bank
    name : str
        Of the picture.

    Returns
    -------
    Figure
        A row for each kernel: the kernel, and its maps after the convolution, after ReLU and after
        max-pooling.

    Raises
    ------
    ConfigurationError
        The picture is too small for the kernels and the pooling of their maps.
    """
    from lenet98.modern.plain import correlate, max_pool, relu

    side = bank.kernels.shape[-1]
    if min(picture.shape[1:]) < side + POOL - 1:
        raise ConfigurationError(
            f"expected a picture of {side + POOL - 1} x {side + POOL - 1} pixels or more, for "
            f"kernels of {side} x {side} and the pooling of their maps; found "
            f"{picture.shape[1]} x {picture.shape[2]} (height x width). Give a larger one."
        )
    correlated = correlate(1 - picture if bank.of_ink else picture, bank.kernels)
    rectified = relu(correlated)
    pooled = max_pool(rectified, POOL)
    _, height, width = picture.shape
    scale = max(1, min(WIDTH // width, HEIGHT // height))
    columns = [_column(kernels) for kernels in bank.kernels]
    one = columns[0].shape[0] == columns[0].shape[1]
    cell = (KERNELS - GAP) // (columns[0].shape[1] * (1 if one else 2)) or 1
    row = NAME + max(height * scale, columns[0].shape[0] * cell) + GAP
    top = HEADING + height * scale + GAP
    page = style.page(
        f"The maps of {name}",
        "In each row, black is the greatest value. After the convolution grey is 0, after ReLU "
        "white.",
        top + HEADING + len(bank.names) * row,
    )
    for place, colour in enumerate(COLOURS[len(picture)]):
        style.write(page, _left(place), 8, colour, weight="bold")
        show(page, -picture[place], _left(place), HEADING, scale, (-1, 0))
    for place, head in enumerate(("convolution", "ReLU", f"max-pooling {POOL}x{POOL}")):
        style.write(page, _left(place), top + 8, head, weight="bold")
    for k, text in enumerate(bank.names):
        above = top + HEADING + k * row
        style.write(page, style.MARGIN, above + 6, text, color=style.PAPER)
        show(page, columns[k], style.MARGIN, above + NAME, cell, (-1, 1))
        greatest = float(np.abs(correlated[k]).max()) or 1.0
        show(page, correlated[k], _left(0), above + NAME, scale, (-greatest, greatest))
        show(page, rectified[k], _left(1), above + NAME, scale, (0, greatest))
        show(page, pooled[k], _left(2), above + NAME, POOL * scale, (0, greatest))
    return page


def _left(place: int) -> int:
    return style.MARGIN + KERNELS + place * (WIDTH + GAP)


def _column(kernels: npt.NDArray[np.floating]) -> Picture:
    """Return the kernels of the picture's maps one below the other, or one that is all of them."""
    scaled = kernels / (np.abs(kernels).max() or 1.0)
    return mosaic(scaled[:1] if (scaled == scaled[0]).all() else scaled, columns=1, gap=1)
