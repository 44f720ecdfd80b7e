"""Small grey pictures: many in one array, each cell drawn as a square of whole dots."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.transforms import Affine2D

from lenet98.data.patterns import BACKGROUND, FOREGROUND
from lenet98.paper.codes import HEIGHT, WIDTH
from lenet98.plots.page import style

Picture = npt.NDArray[np.floating]

Response = Mapping[str, npt.NDArray[np.floating]]
"""What `Network.states` returns: by name of the layer, (maps, height, width)."""

GREYS = (BACKGROUND, FOREGROUND)
"""Of patterns: drawn white, and black."""

_ROWS_OF_UNITS = 4


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


def strips_of(response: Response, abreast: int = 1) -> dict[str, Picture]:
    """Set the maps of each layer but the last side by side.

    Parameters
    ----------
    response : mapping of str to ndarray, (maps, height, width)
    abreast : int
        Patterns beside one another; the strips of one alone are twice as wide.

    Returns
    -------
    dict of str to ndarray
        By name of the layer; F6 of 84 units as a 7x12 bitmap, as its codes are.
    """
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
    axes = style.place(figure, left, top, width * scale, height * scale, WithoutTicks)
    cells = Cells(axes, cmap="gray_r", extent=(0, width, height, 0))
    cells.set_data(picture)
    cells.set_clim(*levels)
    axes.add_image(cells)
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    return axes


class _NoTicks:
    """Of an axis: whatever would make a tick."""

    def set_tick_params(self, *_: Any, **__: Any) -> None:
        pass

    def grid(self, *_: Any, **__: Any) -> None:
        pass

    def set_clip_path(self, *clip: Any) -> None:
        Artist.set_clip_path(self, *clip)  # type: ignore[arg-type]


class _Across(_NoTicks, XAxis):
    pass


class _Down(_NoTicks, YAxis):
    pass


class WithoutTicks(Axes):
    """Axes that are never drawn. Ticks take more than half of the time to make others."""

    def _init_axis(self) -> None:  # as projections of one's own have it
        self.xaxis, self.yaxis = _Across(self), _Down(self)


class Cells(AxesImage):
    """An image over all of its axes, of cells that are rectangles: sampled where its dots are.

    matplotlib's own resampling comes to the same, and takes most of the time of a redraw.
    """

    def make_image(
        self, renderer: Any, magnification: float = 1.0, unsampled: bool = False
    ) -> tuple[npt.NDArray[np.uint8], float, float, Affine2D]:
        """Return what `matplotlib.image.AxesImage.make_image` does."""
        box = self.axes.bbox
        array: Any = self.get_array()
        cells: npt.NDArray[np.uint8] = self.to_rgba(array, bytes=True)[::-1]  # from below
        rows, columns = (
            np.arange(round(side * magnification)) * many // round(side * magnification)
            for side, many in zip((box.height, box.width), cells.shape, strict=False)
        )
        # Whole rows last, and a cell's four bytes as one, for speed.
        sampled = cells.view(np.uint32).take(columns, axis=1).take(rows, axis=0)
        return sampled.view(np.uint8), box.x0, box.y0, Affine2D()


def all_states() -> tuple[float, float]:
    """Return the least and the greatest state of a unit."""
    # Of eq. 6, and beside the kernels that read it, which are loaded where there are states.
    from lenet98.network.kernels import A

    return -A, A
