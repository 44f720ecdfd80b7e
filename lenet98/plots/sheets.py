"""Sheets of small pictures: codes, patterns, distorted and misclassified patterns."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lenet98.data.sizes import LARGEST_GREY
from lenet98.paper import codes, published
from lenet98.plots.declared import figure
from lenet98.plots.page import style
from lenet98.plots.page.pictures import mosaic, show
from lenet98.reproduction.data_sets import TITLES, beside_paper
from lenet98.reproduction.named_runs import DISTORTED
from lenet98.reproduction.quantities import distortions
from lenet98.reproduction.reproduction import Reproduction

_BYTES = (0, LARGEST_GREY)
_CODES = (-1, 1)

_DISTORTIONS = 10
"""Of each original. Source: Fig. 7."""


@figure("fig3", "the 96 output codes")
def fig3(_: Reproduction) -> Figure:
    """Draw the codes of all 96 characters in the order of the ASCII set, 16 a row.

    Source: Fig. 3.
    """
    scale = 6
    bitmaps = codes.bitmaps()
    grid = mosaic(bitmaps, columns=16, gap=2)
    page = style.page(
        "Fig. 3: the codes of the full ASCII set",
        f"{codes.WIDTH}x{codes.HEIGHT} bitmaps; black is +1, white is -1. "
        "The RBF units of LeNet-5 are centred on those of the ten digits.",
        grid.shape[0] * scale + style.MARGIN,
    )
    show(page, grid, (style.WIDTH - grid.shape[1] * scale) // 2, 0, scale, _CODES)
    return page


@figure("fig4", "size-normalised test patterns")
def fig4(reproduction: Reproduction) -> Figure:
    """Draw the first 100 test patterns, ten a row.

    Source: Fig. 4.
    """
    images, data = reproduction.digits.test_images, reproduction.results.data
    scale = 3
    grid = mosaic(images[:100], columns=10, gap=1)
    page = style.page(
        f"Fig. 4: size-normalised test patterns, {TITLES[data]}",
        "Fitted into a box, keeping the aspect ratio, and centred by the centre of mass.",
        grid.shape[0] * scale + style.MARGIN,
    )
    show(page, grid, (style.WIDTH - grid.shape[1] * scale) // 2, 0, scale, _BYTES)
    return page


@figure("fig7", "distorted training patterns")
def fig7(reproduction: Reproduction) -> Figure:
    """Draw the ten patterns of the paper distorted; on other data than MNIST, one of each class.

    Source: Fig. 7.
    """
    # Compiled, which the other sheets need not wait for.
    from lenet98.data.distortions import distort, draw_affine_maps

    results, digits = reproduction.results, reproduction.digits
    indices = np.array(published.FIG7_TRAIN_INDICES)
    if not beside_paper(results.data):
        indices = np.array([np.argmax(digits.train_labels == digit) for digit in range(10)])
    originals = digits.train_images[indices]
    rng = np.random.default_rng(results.configuration["seed"])
    maps = draw_affine_maps(len(indices) * _DISTORTIONS, rng)
    distorted = distort(np.repeat(originals, _DISTORTIONS, axis=0), maps)
    distorted = distorted.reshape(len(indices), _DISTORTIONS, *distorted.shape[1:])
    return draw_distortions(originals, distorted, results.data)


@style.styled
def draw_distortions(originals: npt.NDArray[Any], distorted: npt.NDArray[Any], data: str) -> Figure:
    """Draw patterns, and in the same row what random affine maps make of each.

    Parameters
    ----------
    originals : ndarray, (n, height, width)
        Training patterns; grey levels 0 to 255.
    distorted : ndarray, (n, m, frame, frame)
        m distortions of each; grey levels 0 to 255.
    data : str
        One of `lenet98.reproduction.data_sets.TITLES`.

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
    page = style.page(
        f"Fig. 7: distortions of training patterns, {TITLES[data]}",
        "Left: the originals. Right: random translation, scaling, squeezing and shearing of each.",
        grid.shape[0] * scale + style.MARGIN,
    )
    width = (column.shape[1] + grid.shape[1]) * scale + apart
    left = (style.WIDTH - width) // 2
    show(page, column, left, 0, scale, _BYTES)
    show(page, grid, left + column.shape[1] * scale + apart, 0, scale, _BYTES)
    return page


@figure("fig8", "every misclassified test pattern", runs=(DISTORTED,), rows=distortions)
def fig8(reproduction: Reproduction) -> Figure:
    """Draw every test pattern that the first seed misclassified over "true class → answer".

    On MNIST, those that the network of 1998 missed as well stand in a frame. Source: Fig. 8.
    """
    images, results = reproduction.digits.test_images, reproduction.results
    errors = results.seeds(DISTORTED)[0].misclassified
    scale, columns, caption = 2, 13, 22
    side = images.shape[1] * scale
    pitch_x, pitch_y = (style.WIDTH - 2 * style.MARGIN) // columns, side + caption + 12
    rows = -(-len(errors) // columns)
    missed = {error.pattern for error in published.FIG8_ERRORS if beside_paper(results.data)}
    both = sum(pattern in missed for pattern, _, _ in errors)
    detail = f"{len(errors)} of {len(images):,} patterns: true class → answer."
    if beside_paper(results.data):
        detail += (
            f" In a frame: the {both} that the network of 1998 missed too, of its {len(missed)}."
        )
    page = style.page(
        f"Fig. 8: every misclassified test pattern, {TITLES[results.data]}",
        detail,
        rows * pitch_y + style.MARGIN // 2,
    )
    for place, (pattern, true, answer) in enumerate(errors):
        left = style.MARGIN + place % columns * pitch_x + (pitch_x - side) // 2
        top = place // columns * pitch_y
        axes = show(page, images[pattern], left, top, scale, _BYTES)
        shared = pattern in missed
        if shared:
            frame = Rectangle((0, 0), 1, 1, transform=axes.transAxes, clip_on=False)
            frame.set(fill=False, edgecolor=style.TRAINING, linewidth=1.6)
            axes.add_patch(frame)
        style.write(
            page,
            left + side / 2,
            top + side + caption / 2 + 2,
            f"{true}→{answer}",
            ha="center",
            color=style.TRAINING if shared else style.INK,
            weight="bold" if shared else "normal",
        )
    return page
