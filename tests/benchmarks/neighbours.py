"""Time K-nearest neighbours and scikit-learn's in turn: `python tests/benchmarks/neighbours.py`.

Both search all 60,000 training patterns for the neighbours of 10,000 test patterns, on one core.
Before anything is timed, the distances that scikit-learn finds are held against this package's.
"""

import importlib
import statistics
import sys

import numpy as np
from timing import describe_machine, in_turn, keep_to_one_core, median_ratio, print_table

from lenet98.classifiers import NearestNeighbours
from lenet98.classifiers.neighbours import nearest
from lenet98.data.strokes import draw_digits

REPEATS = 3
K = 3
CHECKED = 100
OURS = "lenet98"
TYPES = (np.float32, np.uint8)
"""Of the pixels that scikit-learn is given."""


def main():
    """Check the neighbours, time all, print the table."""
    keep_to_one_core()
    try:
        peer = importlib.import_module("sklearn.neighbors").KNeighborsClassifier
    except ModuleNotFoundError as error:
        if error.name != "sklearn":
            raise
        sys.exit("scikit-learn is not installed: pip install 'lenet98[bench]'")
    digits = draw_digits()
    print(describe_machine(("numpy", "numba", "scikit-learn")))
    known, asked = (rows_of(images) for images in (digits.train_images, digits.test_images))
    ours = NearestNeighbours(K).fit(digits.train_images, digits.train_labels)
    jobs = {OURS: lambda: ours.predict(digits.test_images)}
    squares = nearest(known, asked[:CHECKED], K).squares
    for kind in TYPES:
        name, rows = f"scikit-learn, {kind.__name__}", asked.astype(kind)
        theirs = peer(K, algorithm="brute").fit(known.astype(kind), digits.train_labels)
        distances, _ = theirs.kneighbors(rows[:CHECKED])
        if (np.rint(np.square(distances, dtype=np.float64)) != squares).any():
            sys.exit(f"neighbours.py: not the same neighbours: {name}")
        jobs[name] = lambda theirs=theirs, rows=rows: theirs.predict(rows)
    print(f"Checked on {CHECKED} patterns: all distances are the same.")
    times = in_turn(jobs, REPEATS)
    rows = [
        [name, f"{statistics.median(own):.1f}", f"{median_ratio(times[OURS], own):.2f}"]
        for name, own in times.items()
    ]
    title = f"{len(asked):,} patterns among {len(known):,}, k = {K} (medians of {REPEATS})"
    print_table(title, ["", "seconds", "times lenet98's"], rows)


def rows_of(images):
    """Return images as rows of pixels."""
    return images.reshape(len(images), -1)


if __name__ == "__main__":
    main()
