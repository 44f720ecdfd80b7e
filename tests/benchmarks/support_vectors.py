"""Time the fit of the support vector machines, ours and scikit-learn's, in turn on one core.

`python tests/benchmarks/support_vectors.py`, with MNIST where `load_mnist` finds it. Both take the
same vectors, kernel and C. scikit-learn's SVC has a machine for every two classes, or, asked for
each class against the rest, the ten that this package has: their scores are held against ours.
"""

import argparse
import statistics
import sys

import numpy as np
from timing import describe_machine, in_turn, keep_to_one_core, median_ratio, print_table

from lenet98 import load_mnist
from lenet98.classifiers import PolynomialSVM
from lenet98.classifiers.one_against_rest import TOLERANCE
from lenet98.classifiers.polynomial import unit_vectors

REPEATS = 3
SCORES_TOLERANCE = 10 * TOLERANCE
CACHE = 1000
"""Megabytes for the kernels of scikit-learn, whose own choice is 200."""


def main():
    """Check that both find the same machines, time them, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patterns", type=int, default=10_000, help="to fit to (10000)")
    parser.add_argument("--mnist", help="folder of the four files, if not where others look")
    parser.add_argument("--deslanted", action="store_true", help="deslanted images of 20x20")
    given = parser.parse_args()
    keep_to_one_core()
    try:
        from sklearn.multiclass import OneVsRestClassifier
        from sklearn.svm import SVC
    except ImportError:
        sys.exit("scikit-learn is not installed: pip install 'lenet98[bench]'")
    digits = load_mnist(given.mnist)
    images, labels = digits.train_images[: given.patterns], digits.train_labels[: given.patterns]
    ours = PolynomialSVM(deslanted=given.deslanted)
    peer = SVC(
        C=ours.c,
        kernel="poly",
        degree=ours.degree,
        gamma=1 / (1 + ours.offset),
        coef0=ours.offset / (1 + ours.offset),
        tol=TOLERANCE,
        cache_size=CACHE,
    )
    vectors = unit_vectors(images, deslanted=given.deslanted)
    asked = unit_vectors(digits.test_images, deslanted=given.deslanted)
    rest = OneVsRestClassifier(peer)
    jobs = {
        "lenet98, ten against the rest": lambda: ours.fit(images, labels),
        "scikit-learn, ten against the rest": lambda: rest.fit(vectors, labels),
        "scikit-learn, 45 of two classes": lambda: peer.fit(vectors, labels),
    }
    times = in_turn(jobs, REPEATS)
    scores = ours.decision_function(digits.test_images)
    apart = np.abs(scores - rest.decision_function(asked)).max()
    if apart > SCORES_TOLERANCE:
        sys.exit(f"support_vectors.py: not the same machines: scores are {apart:g} apart")
    answers = [ours.predict(digits.test_images), rest.predict(asked), peer.predict(asked)]
    print(describe_machine(("numpy", "numba", "scikit-learn")))
    print(
        f"{len(images)} patterns; the scores of the first two are within {apart:.1g} of the margin."
    )
    own, *_ = times.values()
    rows = [
        [
            name,
            f"{statistics.median(spent):.2f}",
            f"{median_ratio(own, spent):.2f}",
            f"{100 * (found != digits.test_labels).mean():.2f}",
        ]
        for (name, spent), found in zip(times.items(), answers, strict=True)
    ]
    print_table(f"Fit, medians of {REPEATS} rounds", ["", "seconds", "times ours", "error %"], rows)


if __name__ == "__main__":
    main()
