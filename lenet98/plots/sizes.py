"""Errors against the number of training patterns: Fig. 6."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lenet98.paper import published
from lenet98.plots.page import style
from lenet98.plots.page.seeds import Error, History, band, describe

_RUNS = MappingProxyType(
    {
        "15000": "15,000",
        "30000": "30,000",
        "60000": "60,000",
        "distorted": "60,000 and\n540,000 distorted",
    }
)
_ASIDE = 0.06
"""Ours stand to the right of each place on the axis, the paper's to the left."""


@style.styled
def fig6(runs: Mapping[str, Sequence[History]], data: str) -> Figure:
    """Draw the errors at the end of each run against the number of its training patterns.

    Parameters
    ----------
    runs : mapping of str to sequence of sequence of PassRecord
        A history for each seed, under the names "15000", "30000", "60000" and "distorted".
    data : {"mnist", "strokes"}
        On strokes the paper's points are left out.

    Returns
    -------
    Figure

    Notes
    -----
    Source: Fig. 6, which gives no training error on distorted patterns: nor is ours drawn.
    """
    height = 470
    figure = style.page(
        f"Fig. 6: errors against training patterns, {style.data_name(data)}",
        "Percent misclassified at the end of training. "
        f"Here: {describe(max(len(seeds) for seeds in runs.values()))}.",
        height,
    )
    axes = style.place(figure, 80, 12, style.WIDTH - 120, height - 90)
    names = [name for name in _RUNS if name in runs]
    undistorted = [name for name in names if name != "distorted"]
    _draw_ours(axes, names, runs, "test_error", style.TEST)
    _draw_ours(axes, undistorted, runs, "train_error_on_the_fly", style.TRAINING)
    if style.beside_paper(data):
        _draw_paper(axes, [published.FIG6[name].test for name in names], "test")
        trained = [published.FIG6[name].train for name in undistorted]
        _draw_paper(axes, [error for error in trained if error is not None], "training")
    axes.set_xlim(-1.3, len(names) - 0.25)
    axes.set_ylim(bottom=0)
    axes.set_xticks(range(len(names)), [_RUNS[name] for name in names])
    axes.set_xlabel("training patterns")
    axes.yaxis.set_major_formatter("{x:g} %")
    return figure


def _draw_ours(
    axes: Axes,
    names: Sequence[str],
    runs: Mapping[str, Sequence[History]],
    error: Error,
    colour: str,
) -> None:
    last = [band(runs[name], error) for name in names]
    mean = [float(here.mean[-1]) for here in last]
    places = [place + _ASIDE for place in range(len(names))]
    axes.vlines(
        places,
        [here.least[-1] for here in last],
        [here.greatest[-1] for here in last],
        color=colour,
        alpha=0.35,
        linewidth=3,
    )
    axes.plot(places, mean, "o", color=colour, markersize=4, label="here")
    kind = "test" if error == "test_error" else "training"
    for place, value in zip(places, mean, strict=True):
        text = f"{value:.2f}" if place < places[-1] else f"{value:.2f}  {kind}, here"
        axes.annotate(
            text, (place, value), (7, 0), va="center", textcoords="offset points", color=colour
        )


def _draw_paper(axes: Axes, errors: Sequence[float], kind: str) -> None:
    places = [place - _ASIDE for place in range(len(errors))]
    axes.plot(places, errors, label="paper", **style.PAPER_POINTS)
    for place, value in zip(places, errors, strict=True):
        text = f"{value:.2f}" if place > -_ASIDE else f"{kind}, 1998  {value:.2f}"
        axes.annotate(
            text,
            (place, value),
            (-6, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=style.PAPER,
        )
