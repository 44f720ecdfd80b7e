"""Small grey pictures: many in one array, each cell drawn as a square of whole dots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lenet98.data.patterns import BACKGROUND, FOREGROUND
from lenet98.plots.page import style

Picture = npt.NDArray[np.floating]

Response = Mapping[str, npt.NDArray[np.floating]]
"""What `Network.states` returns: by name of the layer, (maps, height, width)."""

GREYS = (BACKGROUND, FOREGROUND)
"""Of patterns: drawn white, and black."""


def mosaic(pictures: npt.NDArray[Any], columns: int, gap: int) -> Picture:
    """Set pictures side by side, row after row.

    Parameters
    ----------
    pictures : ndarray, (n, height, width)
    columns : int
        Pictures in a row.
    gap : int
        Cells between two pictures.

    Returns
    -------
    ndarray
        NaN in the gaps and where the last row is not full.
    """
    n, height, width = pictures.shape
    columns = min(columns, n)
    rows = -(-n // columns)
    whole = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap), np.nan)
    for index, picture in enumerate(pictures):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        whole[top : top + height, left : left + width] = picture
    return whole


def show(
    figure: Figure,
    picture: npt.NDArray[Any],
    left: int,
    top: int,
    scale: int,
    levels: tuple[float, float],
) -> Axes:
    """Draw a picture on a page.

    Parameters
    ----------
    figure : Figure
    picture : ndarray, (height, width)
        NaN leaves the page as it is.
    left, top : int
        Dots, as in `style.place`.
    scale : int
        Dots for each cell.
    levels : (float, float)
        Drawn white, and black.
    """
    height, width = picture.shape
    axes = style.place(figure, left, top, width * scale, height * scale)
    axes.imshow(
        picture,
        cmap="gray_r",
        vmin=levels[0],
        vmax=levels[1],
        interpolation="nearest",
        aspect="auto",
    )
    axes.set_axis_off()
    return axes


def all_states() -> tuple[float, float]:
    """Return the least and the greatest state of a unit."""
    # Of eq. 6, and beside the kernels that read it, which are loaded where there are states.
    from lenet98.network.kernels import A

    return -A, A
