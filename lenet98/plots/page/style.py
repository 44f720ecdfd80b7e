"""The one look of all figures, and their page: sizes are in dots, whole ones, from the top left."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from types import MappingProxyType
from typing import Any, ParamSpec

from matplotlib import rc_context, rcdefaults, rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from lenet98.storage.files import write_whole

DOTS_PER_INCH = 150
POINTS_PER_INCH = 72
WIDTH = 900
"""Dots: the width of an image in a README."""

MARGIN = 20
"""Dots left free at the edges of the page."""

HEADER = 74
"""Dots taken by the title and the line below it."""

INK = "#222222"
FAINT = "#b8b8b8"
PAPER = "#6e6e6e"
"""The paper's own data, in every figure: grey, dashed, small hollow markers."""

TEST = "#0072b2"
TRAINING = "#d55e00"
"""Ours, from the palette of Okabe and Ito, which colour-blind readers tell apart."""

HUES = ("#0072b2", "#d55e00", "#009e73", "#b5578c", "#b87a00", "#332288", "#882255", "#7a7a00")
"""For as many hypotheses in one figure: dark enough for type as well."""

TEXT, SMALL, TINY = 7.5, 7.0, 6.0
"""Sizes of type in points."""

PAPER_LINE: Mapping[str, Any] = MappingProxyType(
    {
        "color": PAPER,
        "linestyle": (0, (4, 2)),
        "linewidth": 1.0,
        "marker": "o",
        "markersize": 3.0,
        "markerfacecolor": "white",
        "markeredgewidth": 0.8,
    }
)

PAPER_POINTS: Mapping[str, Any] = MappingProxyType(
    {**PAPER_LINE, "linestyle": "none", "markersize": 4.5}
)

_RC: Any = MappingProxyType(
    {
        "figure.dpi": DOTS_PER_INCH,
        "figure.facecolor": "white",
        "savefig.dpi": "figure",
        "font.family": "DejaVu Sans",
        "font.size": TEXT,
        "text.color": INK,
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "lines.linewidth": 1.6,
        "lines.solid_capstyle": "round",
    }
)

P = ParamSpec("P")


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Make `draw` draw in the one look, whatever the user's own settings."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with plain_settings():
            rcParams.update(_RC)
            return draw(*args, **kwargs)

    return drawn


@contextmanager
def plain_settings() -> Iterator[None]:
    """Set the user's own settings aside, of which some take what is not here, such as LaTeX."""
    with rc_context():
        rcdefaults()
        yield


def page(title: str, detail: str, height: int, make: Callable[..., Figure] = Figure) -> Figure:
    """Return an empty page with its title and the line below it.

    Parameters
    ----------
    title : str
        Says what the figure is, and on which data set.
    detail : str
        How to read it.
    height : int
        Dots below the header.
    make : callable
        Makes a figure of a size; such as `pyplot.figure`, of one in a window.
    """
    whole = HEADER + height
    figure = make(figsize=(WIDTH / DOTS_PER_INCH, whole / DOTS_PER_INCH))
    left, top = MARGIN / WIDTH, 1 - MARGIN / 2 / whole
    figure.text(left, top, title, size=9.5, weight="bold", va="top")
    figure.text(left, top - 30 / whole, detail, size=SMALL, color=PAPER, va="top")
    return figure


def place(
    figure: Figure,
    left: float,
    top: float,
    width: float,
    height: float,
    kind: type[Axes] = Axes,
) -> Axes:
    """Add axes to a page; `top` counts from below the header. All in dots."""
    whole = round(figure.get_figheight() * DOTS_PER_INCH)
    bottom = whole - HEADER - top - height
    box = (left / WIDTH, bottom / whole, width / WIDTH, height / whole)
    axes: Axes = figure.add_axes(box, axes_class=kind)
    # Ticks are made while the figure is written, when plain settings hold.
    axes.tick_params(labelsize=TEXT, width=0.6, length=4, color=INK, labelcolor=INK)
    return axes


def write(
    figure: Figure,
    left: float,
    top: float,
    text: str,
    *,
    ha: str = "left",
    va: str = "center",
    size: float = SMALL,
    color: str = INK,
    weight: str = "normal",
) -> Text:
    """Write on a page; `left` and `top` in dots as in `place`."""
    whole = round(figure.get_figheight() * DOTS_PER_INCH)
    return figure.text(
        left / WIDTH,
        1 - (HEADER + top) / whole,
        text,
        ha=ha,
        va=va,
        size=size,
        color=color,
        weight=weight,
    )


def save(figure: Figure, path: Path) -> None:
    """Write a figure in the format that the file's ending names, whole or not at all.

    Raises
    ------
    DataError
        The file cannot be written.
    """
    content = io.BytesIO()
    with plain_settings():
        figure.savefig(content, format=path.suffix[1:].lower())
    write_whole(path, content.getvalue())
