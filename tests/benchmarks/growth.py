"""How the cost grows with image width and with patterns: `python tests/benchmarks/growth.py`."""

import argparse
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from growth_figure import growth
from timing import describe_machine, in_turn, keep_to_one_core, print_table, processor

from lenet98 import LeNet5
from lenet98.data.patterns import as_patterns
from lenet98.data.strokes import draw_digits

REPEATS = 5
WIDTHS = (32, 64, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048)
PATTERNS_OF_A_WIDTH = 128
PASSES = (250, 500, 1000, 2000, 4000, 8000)
BULK = (1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
DRAWN_AT_ONCE = 50_000
THREADS = (1, 2)
LOSS, J, SCALE = "map", 4.0, 0.5


def main():
    """Time all three, print their tables, write one figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("figures"), help="folder for growth.png")
    out = parser.parse_args().out
    print(describe_machine(("numpy", "numba", "matplotlib"), "one core, in bulk one a thread"))
    network = LeNet5()
    bulk = time_bulk(network)
    keep_to_one_core()
    digits = draw_digits(n_train=max(PASSES), n_test=0)
    widths = time_widths(network, digits)
    passes = time_passes(network, digits)
    print_growth("Penalties of one image, microseconds", "width in pixels", widths)
    print_growth("Online training of one pattern, microseconds", "patterns in the pass", passes)
    print_bulk(bulk)
    cores = "one core, but in bulk one a thread and by the wall clock"
    detail = f"{processor()}, float32; {cores}. Medians of {REPEATS}."
    try:
        out.mkdir(parents=True, exist_ok=True)
        growth(detail, widths, passes, bulk).savefig(out / "growth.png")
    except OSError as error:
        sys.exit(f"growth.py: cannot write {out / 'growth.png'}: {error.strerror}")
    print(f"\nWrote {out / 'growth.png'}.")


def time_widths(network, digits):
    """Return the microseconds of one image's penalties, by the image's width."""
    row = as_patterns(digits.train_images[:PATTERNS_OF_A_WIDTH], 32, np.float32)
    jobs = {}
    for width in WIDTHS:
        repeated = np.tile(row, (1, 1, -(-width // row.shape[2])))
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

    times = in_turn({n: job(n) for n in PASSES}, REPEATS)
    return {n: 1e6 * statistics.median(own) / n for n, own in times.items()}


def time_bulk(network):
    """Return the patterns classified a second of wall time, by threads, by number of patterns.

    No more than `DRAWN_AT_ONCE` are held; the time of more is that of their blocks, added.
    """
    before = dict.fromkeys(THREADS, 0.0)
    rates = {threads: {} for threads in THREADS}
    for drawn in range(0, max(BULK), DRAWN_AT_ONCE):
        ends = [n - drawn for n in BULK if drawn < n <= drawn + DRAWN_AT_ONCE]
        images = draw_digits(seed=drawn, n_train=DRAWN_AT_ONCE, n_test=0).train_images
        times = time_block(network, images, {*ends, DRAWN_AT_ONCE})
        for threads in THREADS:
            for end in ends:
                n = drawn + end
                rates[threads][n] = n / (before[threads] + times[threads, end])
            before[threads] += times[threads, DRAWN_AT_ONCE]
    return rates


def time_block(network, images, ends):
    """Return the seconds of wall time of the first images, by threads and by where they end."""

    def job(threads, end):
        return lambda: network.penalties(images[:end], threads=threads)

    jobs = {(threads, end): job(threads, end) for end in ends for threads in THREADS}
    times = in_turn(jobs, REPEATS, time.perf_counter)
    return {key: statistics.median(own) for key, own in times.items()}


def print_growth(title, head, microseconds):
    """Print one table of times by size."""
    rows = [[f"{size:,}", f"{us:.1f}"] for size, us in microseconds.items()]
    print_table(f"{title} (medians of {REPEATS})", [head, "us"], rows)


def print_bulk(rates):
    """Print the table of rates by patterns and threads."""
    heads = ["patterns", *(f"threads: {threads}" for threads in rates)]
    rows = [[f"{n:,}", *(f"{own[n]:,.0f}" for own in rates.values())] for n in BULK]
    print_table(f"Classification in bulk, patterns a second (medians of {REPEATS})", heads, rows)


if __name__ == "__main__":
    main()
