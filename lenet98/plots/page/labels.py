"""Labels beside the ends of lines, in place of a legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from lenet98.plots.page import style


class EndLabel(NamedTuple):
    """A text for the line that ends at `x`, `y`, in data units."""

    x: float
    y: float
    text: str
    color: str


def label_ends(axes: Axes, labels: Sequence[EndLabel]) -> None:
    """Write labels to the right of `axes`, each as near its line's end as the others let it.

    The limits of the axes have to stand already.
    """
    ends = axes.transData.transform([(label.x, label.y) for label in labels])
    ends = axes.transAxes.inverted().transform(ends).clip(0, 1)  # on a logarithmic axis, 0 is far
    line = 1.35 * style.SMALL * style.DOTS_PER_INCH / style.POINTS_PER_INCH
    placed = spread(ends[:, 1], line / axes.bbox.height)
    for label, end, height in zip(labels, ends, placed, strict=True):
        axes.annotate(
            label.text,
            (float(end[0]), float(end[1])),
            (1.035, float(height)),
            xycoords="axes fraction",
            va="center",
            size=style.SMALL,
            color=label.color,
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": label.color,
                "linewidth": 0.5,
                "shrinkA": 1,
                "shrinkB": 3,
                "relpos": (0, 0.5),
            },
        )


def spread(wanted: npt.NDArray[np.floating], gap: float) -> npt.NDArray[np.floating]:
    """Move places apart until any two differ by `gap`, the least possible in squares.

    Their order stays. All lie in 0 to 1 before, and after as long as there is room.
    """
    order = np.argsort(wanted, kind="stable")
    steps = gap * np.arange(len(wanted))
    # Places less their steps must not fall: neighbours that do are pooled at their mean.
    pools: list[list[float]] = []
    for place in wanted[order] - steps:
        pools.append([float(place)])
        while len(pools) > 1 and np.mean(pools[-2]) > np.mean(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    pooled = np.concatenate([np.full(len(pool), np.mean(pool)) for pool in pools])
    placed = np.empty(len(wanted))
    placed[order] = np.clip(pooled, 0, max(0, 1 - steps[-1])) + steps
    return placed
