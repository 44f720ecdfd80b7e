"""Sheets of small pictures: codes, patterns, distorted and misclassified patterns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lenet98.paper import codes, published
from lenet98.plots.page import style
from lenet98.plots.page.pictures import mosaic, show

_BYTES = (0, 255)
_CODES = (-1, 1)


@style.styled
def fig3() -> Figure:
    """Draw the codes of all 96 characters in the order of the ASCII set, 16 a row.

    Returns
    -------
    Figure

    Notes
    -----
    Source: Fig. 3.
    """
    scale = 6
    bitmaps = codes.bitmaps()
    grid = mosaic(bitmaps, columns=16, gap=2)
    figure = style.page(
        "Fig. 3: the codes of the full ASCII set",
        f"{codes.WIDTH}x{codes.HEIGHT} bitmaps; black is +1, white is -1. "
        "The RBF units of LeNet-5 are centred on those of the ten digits.",
        grid.shape[0] * scale + style.MARGIN,
    )
    show(figure, grid, (style.WIDTH - grid.shape[1] * scale) // 2, 0, scale, _CODES)
    return figure


@style.styled
def fig4(images: npt.NDArray[np.uint8], data: str) -> Figure:
    """Draw the first 100 patterns, ten a row.

    Parameters
    ----------
    images : ndarray of uint8, (n, 28, 28)
        Test patterns; grey levels 0 to 255.
    data : {"mnist", "strokes"}

    Returns
    -------
    Figure

    Notes
    -----
    Source: Fig. 4.
    """
    scale = 3
    grid = mosaic(images[:100], columns=10, gap=1)
    figure = style.page(
        f"Fig. 4: size-normalised test patterns, {style.data_name(data)}",
        "Fitted into a box, keeping the aspect ratio, and centred by the centre of mass.",
        grid.shape[0] * scale + style.MARGIN,
    )
    show(figure, grid, (style.WIDTH - grid.shape[1] * scale) // 2, 0, scale, _BYTES)
    return figure


@style.styled
def fig7(originals: npt.NDArray[Any], distorted: npt.NDArray[Any], data: str) -> Figure:
    """Draw patterns, and in the same row what random affine maps make of each.

    Parameters
    ----------
    originals : ndarray, (n, height, width)
        Training patterns; grey levels 0 to 255.
    distorted : ndarray, (n, m, frame, frame)
        m distortions of each; grey levels 0 to 255.
    data : {"mnist", "strokes"}

    Returns
    -------
    Figure

    Notes
    -----
    Source: Fig. 7.
    """
    scale, gap, apart = 2, 2, 40
    frame = distorted.shape[2]
    margin = (frame - originals.shape[1]) // 2
    framed = np.pad(originals, ((0, 0), (margin, margin), (margin, margin)))
    column = mosaic(framed, columns=1, gap=gap)
    grid = mosaic(distorted.reshape(-1, frame, frame), columns=distorted.shape[1], gap=gap)
    figure = style.page(
        f"Fig. 7: distortions of training patterns, {style.data_name(data)}",
        "Left: the originals. Right: random translation, scaling, squeezing and shearing of each.",
        grid.shape[0] * scale + style.MARGIN,
    )
    width = (column.shape[1] + grid.shape[1]) * scale + apart
    left = (style.WIDTH - width) // 2
    show(figure, column, left, 0, scale, _BYTES)
    show(figure, grid, left + column.shape[1] * scale + apart, 0, scale, _BYTES)
    return figure


@style.styled
def fig8(
    images: npt.NDArray[np.uint8], errors: Sequence[tuple[int, int, int]], data: str
) -> Figure:
    """Draw every misclassified test pattern over "true class → answer".

    Parameters
    ----------
    images : ndarray of uint8, (n, 28, 28)
        All test patterns; grey levels 0 to 255.
    errors : sequence of (int, int, int)
        Pattern (its place in `images`), true class, answer.
    data : {"mnist", "strokes"}
        On MNIST, those that the network of 1998 missed as well stand in a frame.

    Returns
    -------
    Figure

    Notes
    -----
    Source: Fig. 8.
    """
    scale, columns, caption = 2, 13, 22
    side = images.shape[1] * scale
    pitch_x, pitch_y = (style.WIDTH - 2 * style.MARGIN) // columns, side + caption + 12
    rows = -(-len(errors) // columns)
    missed = {error.pattern for error in published.FIG8_ERRORS if style.beside_paper(data)}
    both = sum(pattern in missed for pattern, _, _ in errors)
    detail = f"{len(errors)} of {len(images):,} patterns: true class → answer."
    if style.beside_paper(data):
        detail += (
            f" In a frame: the {both} that the network of 1998 missed too, of its {len(missed)}."
        )
    figure = style.page(
        f"Fig. 8: every misclassified test pattern, {style.data_name(data)}",
        detail,
        rows * pitch_y + style.MARGIN // 2,
    )
    for place, (pattern, true, answer) in enumerate(errors):
        left = style.MARGIN + place % columns * pitch_x + (pitch_x - side) // 2
        top = place // columns * pitch_y
        axes = show(figure, images[pattern], left, top, scale, _BYTES)
        shared = pattern in missed
        if shared:
            frame = Rectangle((0, 0), 1, 1, transform=axes.transAxes, clip_on=False)
            frame.set(fill=False, edgecolor=style.TRAINING, linewidth=1.6)
            axes.add_patch(frame)
        style.write(
            figure,
            left + side / 2,
            top + side + caption / 2 + 2,
            f"{true}→{answer}",
            ha="center",
            color=style.TRAINING if shared else style.INK,
            weight="bold" if shared else "normal",
        )
    return figure
