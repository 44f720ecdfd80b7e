"""The figure of how the cost grows: image width, patterns of a pass, patterns in bulk."""

import numpy as np

from lenet98.network.tables import lenet5
from lenet98.plots.page import style


@style.styled
def growth(detail, widths, passes, bulk):
    """Draw time against image width, that of a pass against its patterns, and rates in bulk.

    Parameters
    ----------
    detail : str
        Of the machine, and how it was timed.
    widths : mapping of int to float
        Microseconds of one image's penalties, by its width in pixels.
    passes : mapping of int to float
        Microseconds a pattern, by the patterns of the pass.
    bulk : mapping of int to mapping of int to float
        Patterns classified a second, by threads, by the number of patterns.

    Returns
    -------
    Figure
    """
    title = "How the cost grows with the width of an image and with patterns"
    figure = style.page(title, detail, 640)
    draw_widths(style.place(figure, 85, 20, 335, 250), widths)
    draw_passes(style.place(figure, 525, 20, 345, 250), passes)
    draw_bulk(style.place(figure, 85, 370, 785, 190), bulk)
    return figure


def draw_widths(axes, widths):
    """Draw one image's time against its width, beside a window a time for every output column."""
    pixels, times = np.array(list(widths)), np.array(list(widths.values()))
    columns = [lenet5(width).layers[-1].width for width in pixels]
    windows = times[0] * np.array(columns)
    axes.plot(pixels, windows / 1000, **style.PAPER_LINE | {"marker": "none"})
    axes.plot(pixels, times / 1000, "o-", color=style.TEST, markersize=3.5)
    axes.set_title("Penalties of one image", loc="left", size=7.5)
    axes.set_xlabel("image width, pixels")
    axes.set_ylabel("milliseconds")
    axes.set_xticks([32, 512, 1024, 1536, 2048])
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.locator_params(axis="y", integer=True)
    axes.set_ylim(bottom=0)
    axes.annotate(
        f"the whole image\nat once: {times[-1] / 1000:.2g} ms",
        (pixels[-1], times[-1] / 1000),
        (0, 6),
        ha="right",
        textcoords="offset points",
        color=style.TEST,
    )
    axes.annotate(
        f"each of {columns[-1]} windows\nby itself: {windows[-1] / 1000:.2g} ms",
        (pixels[-2], windows[-2] / 1000),
        (-10, 0),
        ha="right",
        textcoords="offset points",
        color=style.PAPER,
    )


def draw_passes(axes, passes):
    """Draw the time of a whole pass against its patterns."""
    patterns, times = np.array(list(passes)), np.array(list(passes.values()))
    milliseconds = patterns * times / 1000
    axes.plot(patterns, milliseconds, "o-", color=style.TRAINING, markersize=3.5)
    axes.set_title("One pass of online training", loc="left", size=7.5)
    axes.set_xlabel("patterns")
    axes.set_ylabel("milliseconds")
    axes.set_xticks(patterns[-3:])
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.annotate(
        f"{times[-1]:.0f} microseconds\na pattern",
        (patterns[-1], milliseconds[-1]),
        (0, -62),
        ha="right",
        va="top",
        textcoords="offset points",
        color=style.TRAINING,
    )


def draw_bulk(axes, bulk):
    """Draw the patterns classified a second, on one thread and on two, against their number."""
    (one, slower), (more, faster) = bulk.items()
    draw_rates(axes, f"{one} thread", slower, min(slower.values()), -9, style.HUES[2])
    draw_rates(axes, f"{more} threads", faster, max(faster.values()), 9, style.HUES[3])
    axes.set_title("Classification in bulk", loc="left", size=7.5)
    axes.set_xlabel("patterns")
    axes.set_ylabel("thousands a second")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.minorticks_off()
    axes.set_ylim(0, 1.25 * max(faster.values()) / 1000)


def draw_rates(axes, label, rates, height, rise, hue):
    """Draw one line of rates, and write the last above or below all of it."""
    patterns, thousands = list(rates), np.array(list(rates.values())) / 1000
    axes.plot(patterns, thousands, "o-", color=hue, markersize=3.5)
    axes.annotate(
        f"{label}: {thousands[-1]:.0f},000 a second",
        (patterns[-1], height / 1000),
        (0, rise),
        ha="right",
        va="bottom" if rise > 0 else "top",
        textcoords="offset points",
        color=hue,
    )
