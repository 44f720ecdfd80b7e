"""How the cost grows with image width and with patterns: `python tests/benchmarks/growth.py`."""

import argparse
import statistics
import sys
from pathlib import Path

import numpy as np
from timing import describe_machine, in_turn, keep_to_one_core, print_table, processor

from lenet98 import LeNet5
from lenet98.data.patterns import as_patterns
from lenet98.data.strokes import draw_digits
from lenet98.network.tables import lenet5
from lenet98.plots.page import style

REPEATS = 5
WIDTHS = (32, 48, 64, 96, 128, 192, 256, 384, 512)
PATTERNS_OF_A_WIDTH = 320
PATTERNS = (250, 500, 1000, 2000, 4000, 8000)
LOSS, J, SCALE = "map", 4.0, 0.5


def main():
    """Time both, print both tables, write one figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("figures"), help="folder for growth.png")
    out = parser.parse_args().out
    keep_to_one_core()
    print(describe_machine(("numpy", "numba", "matplotlib")))
    digits = draw_digits(n_train=max(PATTERNS), n_test=10)
    network = LeNet5()
    widths = time_widths(network, digits)
    passes = time_passes(network, digits)
    print_growth("Penalties of one image, microseconds", "width in pixels", widths)
    print_growth("Online training of one pattern, microseconds", "patterns in the pass", passes)
    try:
        out.mkdir(parents=True, exist_ok=True)
        growth(widths, passes).savefig(out / "growth.png")
    except OSError as error:
        sys.exit(f"growth.py: cannot write {out / 'growth.png'}: {error.strerror}")
    print(f"\nWrote {out / 'growth.png'}.")


def time_widths(network, digits):
    """Return the microseconds of one image's penalties, by the image's width."""
    row = as_patterns(digits.train_images, 32, np.float32)
    jobs = {}
    for width in WIDTHS:
        repeated = np.tile(row[:PATTERNS_OF_A_WIDTH], (1, 1, -(-width // row.shape[2])))
        images = np.ascontiguousarray(repeated[:, :, :width])
        jobs[width] = lambda images=images: network.penalties(images)
    times = in_turn(jobs, REPEATS)
    return {w: 1e6 * statistics.median(own) / PATTERNS_OF_A_WIDTH for w, own in times.items()}


def time_passes(network, digits):
    """Return the microseconds a pattern of a pass, by the number of its patterns."""
    still = np.zeros_like(network.parameters)

    def job(n):
        images, labels = digits.train_images[:n], digits.train_labels[:n]
        return lambda: network.descend(images, labels, still, loss=LOSS, j=J, scale=SCALE)

    times = in_turn({n: job(n) for n in PATTERNS}, REPEATS)
    return {n: 1e6 * statistics.median(own) / n for n, own in times.items()}


def print_growth(title, head, microseconds):
    """Print one table of times by size."""
    rows = [[f"{size:,}", f"{us:.1f}"] for size, us in microseconds.items()]
    print_table(f"{title} (medians of {REPEATS})", [head, "us"], rows)


@style.styled
def growth(widths, passes):
    """Draw time against image width, and time of a pass against its patterns.

    Parameters
    ----------
    widths : mapping of int to float
        Microseconds of one image's penalties, by its width in pixels.
    passes : mapping of int to float
        Microseconds a pattern, by the patterns of the pass.

    Returns
    -------
    Figure
    """
    height, below = 370, 80
    figure = style.page(
        "How the cost grows with the width of an image and with patterns",
        f"One core of {processor()}, float32; medians of {REPEATS}.",
        height,
    )
    left = style.place(figure, 75, 20, 345, height - 20 - below)
    draw_widths(left, widths)
    right = style.place(figure, 525, 20, 345, height - 20 - below)
    draw_passes(right, passes)
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
    axes.set_xticks([32, 128, 256, 384, 512])
    axes.set_ylim(bottom=0)
    axes.annotate(
        f"the whole image\nat once: {times[-1] / 1000:.2g} ms",
        (pixels[-1], times[-1] / 1000),
        (0, 7),
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


if __name__ == "__main__":
    main()
