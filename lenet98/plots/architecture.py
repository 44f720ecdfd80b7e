"""The architecture drawn from its layer table: Fig. 2 and Table I."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

from lenet98.network.architecture import Architecture, Layer
from lenet98.network.tables import lenet5
from lenet98.plots.declared import figure
from lenet98.plots.page import style
from lenet98.reproduction.quantities import layer_counts
from lenet98.reproduction.reproduction import Reproduction

Points = npt.NDArray[np.floating]

_BETWEEN = 62
"""Dots from one stack of sheets to the next: room for the names."""

_DOWN = np.array([0.42, -0.91])
"""Where the next sheet of a stack lies."""


@dataclass(frozen=True)
class _Stack:
    """The maps of one layer as sheets, the back one first; all in pixels of the input."""

    title: str
    maps: int
    height: int
    width: int
    left: float

    @property
    def corners(self) -> Points:
        """Upper left corners, (maps, 2); stacks grow with the cube root, to stay on the page."""
        reach: Points = 7.0 * (self.maps - 1) ** (1 / 3) * _DOWN
        tall = self.height - reach[1]
        steps = np.linspace(0, 1, self.maps)[:, None]
        return np.array([self.left, tall / 2]) + steps * reach

    @property
    def right(self) -> float:
        return float(self.corners[-1, 0]) + self.width

    @property
    def top(self) -> float:
        return float(self.corners[0, 1])

    @property
    def bottom(self) -> float:
        return float(self.corners[-1, 1]) - self.height

    @property
    def ends(self) -> list[Points]:
        """Centres of the first and the last sheet."""
        half = (self.width / 2, -self.height / 2)
        return [self.corners[0] + half, self.corners[-1] + half]


@figure("fig2", "the architecture", rows=layer_counts)
def fig2(_: Reproduction) -> Figure:
    """Draw LeNet-5. Source: Fig. 2."""
    return draw_architecture(lenet5())


@style.styled
def draw_architecture(architecture: Architecture) -> Figure:
    """Draw every layer's maps as stacked sheets, true to scale, from the layer table.

    Parameters
    ----------
    architecture : Architecture

    Returns
    -------
    Figure

    Notes
    -----
    Source: Fig. 2. Sizes are width x height.
    """
    width = style.WIDTH - 3 * style.MARGIN
    closed_up = _stacks(architecture, between=0)[-1].right
    scale = (width - _BETWEEN * len(architecture.layers)) / closed_up
    stacks = _stacks(architecture, between=_BETWEEN / scale)
    top, bottom = max(s.top for s in stacks), min(s.bottom for s in stacks)
    height = round((top - bottom) * scale)
    page = style.page(
        f"Fig. 2: the architecture of {architecture.name}",
        f"{architecture.trainable:,} trainable parameters, "
        f"{architecture.connections:,} connections; maps drawn to scale.",
        height + 126,
    )
    axes = style.place(page, style.MARGIN, 54, width, height)
    axes.set_xlim(0, stacks[-1].right)
    axes.set_ylim(bottom, top)
    axes.set_axis_off()
    for stack in stacks:
        _draw_sheets(axes, stack)
        middle = (stack.left + stack.right) / 2
        axes.text(middle, top + 10 / scale, stack.title, ha="center", size=style.SMALL)
    for below, above, layer in zip(stacks, stacks[1:], architecture.layers, strict=False):
        _draw_connections(axes, below, above, layer)
        axes.text(
            (below.right + above.left) / 2,
            bottom - 14 / scale,
            _connection_name(layer),
            ha="center",
            va="top",
            size=style.TINY,
            color=style.PAPER,
        )
    return page


def _stacks(architecture: Architecture, between: float) -> list[_Stack]:
    title = f"INPUT\n{architecture.width}x{architecture.height}"
    stacks = [_Stack(title, 1, architecture.height, architecture.width, 0.0)]
    feature_maps = "feature maps"
    for layer in architecture.layers:
        size = f"{layer.width}x{layer.height}"
        wide = layer.height * layer.width > 1
        if layer.kind == "rbf":
            title = f"{layer.name}\n{layer.maps}" + (f"@{size}" if wide else "")
        elif not wide:
            title = f"{layer.name}: layer\n{layer.maps}"
        else:
            title = f"{layer.name}: {feature_maps}\n{layer.maps}@{size}"
            feature_maps = "f. maps"  # spelt out once, as in Fig. 2
        left = stacks[-1].right + between
        stacks.append(_Stack(title, layer.maps, layer.height, layer.width, left))
    return stacks


def _connection_name(layer: Layer) -> str:
    if layer.kind == "subsampling":
        return "Subsampling"
    if layer.kind == "rbf":
        return "Gaussian\nconnections"
    if layer.complete and layer.height * layer.width == 1:
        return "Full\nconnection"
    return "Convolutions"


def _draw_sheets(axes: Axes, stack: _Stack) -> None:
    rectangle = np.array(
        [(0, 0), (stack.width, 0), (stack.width, -stack.height), (0, -stack.height)]
    )
    axes.add_collection(
        PolyCollection(
            list(stack.corners[:, None] + rectangle),
            facecolors="white",
            edgecolors=style.INK,
            linewidths=0.4,
            clip_on=False,
            label=stack.title.partition(":")[0].partition("\n")[0],
        ),
        autolim=False,
    )


def _draw_connections(axes: Axes, below: _Stack, above: _Stack, layer: Layer) -> None:
    """Draw one receptive field and its unit; between single units, the outermost connections."""
    if below.height * below.width == 1:
        ends = [(source, target) for source in below.ends for target in above.ends]
        axes.add_collection(LineCollection(ends, colors=style.PAPER, linewidths=0.4), autolim=False)
        return
    field = np.array([(0, 0), (1, 0), (1, -1), (0, -1)]) * layer.field
    place = np.array([below.width - layer.field, layer.field - below.height]) * (0.75, 0.25)
    corners = below.corners[-1] + np.trunc(place) + field
    unit = above.corners[-1] + np.trunc([0.6 * above.width, -0.6 * above.height]) + (0.5, -0.5)
    rays = [(corner, unit) for corner in corners[1:3]]
    axes.add_collection(LineCollection(rays, colors=style.TEST, linewidths=0.5), autolim=False)
    axes.add_collection(
        PolyCollection([corners], facecolors="none", edgecolors=style.TEST, linewidths=0.8),
        autolim=False,
    )


@figure("table1", "which S2 map feeds which C3 map")
def table1(_: Reproduction) -> Figure:
    """Draw the pairs of LeNet-5's C3. Source: Table I."""
    return draw_pairs(lenet5().layer("C3"))


@style.styled
def draw_pairs(layer: Layer) -> Figure:
    """Draw which maps below feed which maps of a layer, as a matrix of X.

    Parameters
    ----------
    layer : Layer
        Such as ``lenet5().layer("C3")``.

    Returns
    -------
    Figure

    Notes
    -----
    Source: Table I.
    """
    cell = 42
    left = (style.WIDTH - layer.maps * cell) // 2
    page = style.page(
        f"Table I: which maps below feed which map of {layer.name}",
        f"{len(layer.pairs)} pairs of {layer.maps_below * layer.maps}, each with a kernel of its "
        "own; where there is no X, there is no weight.",
        layer.maps_below * cell + 72,
    )
    axes = style.place(page, left, 48, layer.maps * cell, layer.maps_below * cell)
    sources, targets = np.array(layer.pairs).T
    axes.plot(targets, sources, "x", color=style.INK, markersize=7, markeredgewidth=1.4)
    axes.set_xlim(-0.5, layer.maps - 0.5)
    axes.set_ylim(layer.maps_below - 0.5, -0.5)
    axes.set_xticks(range(layer.maps))
    axes.set_yticks(range(layer.maps_below))
    axes.set_xticks(np.arange(layer.maps + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(layer.maps_below + 1) - 0.5, minor=True)
    axes.grid(which="minor", color=style.FAINT, linewidth=0.4)
    axes.tick_params(which="both", length=0, labeltop=True, labelbottom=False)
    axes.spines[:].set(visible=True, color=style.FAINT)
    axes.set_ylabel("map below")
    axes.set_title(f"map of {layer.name}", size=style.TEXT)
    return page
