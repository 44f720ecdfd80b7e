"""Every number of the paper that a run speaks to, beside ours, with a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from lenet98 import paper
from lenet98.architecture import lenet5
from lenet98.results import Comparison, Results, RunResult
from lenet98.training import PassRecord

RATES_FACTOR = 2.0
"""The rates' extremes hang on 500 patterns and the initial weights, which are not ours."""

TRAIN_TOLERANCE = 0.08
"""Percent: Fig. 5 is read off to 0.02, and seeds differ by about 0.05."""

CURVE_TOLERANCE = 0.15
"""Percent, mean over the passes, for the same two reasons."""


def compare(results: Results) -> list[Comparison]:
    """Set the results beside the paper.

    Counts are compared whatever the data; errors and rates only on MNIST.
    """
    rows = list(_counts())
    if results.data == "mnist" and "60000" in results.runs:
        rows += _main_run(results.runs["60000"])
    return rows


def distance_to_fig5(history: Sequence[PassRecord]) -> tuple[float, float]:
    """Return the mean distance to Fig. 5's test and training curves, in percent points.

    Over passes 2 to 20, or as far as the history goes.
    """
    passes = range(1, min(len(history), 20))
    test = [abs(history[p].test_error - paper.FIG5_TEST[p]) for p in passes]
    train = [abs(history[p].train_error_on_the_fly - paper.FIG5_TRAIN[p]) for p in passes]
    return float(np.mean(test)), float(np.mean(train))


def _counts() -> Iterator[Comparison]:
    network = lenet5()
    for name, parameters, connections in paper.LAYER_COUNTS:
        layer = network.layer(name)
        yield _count(f"parameters of {name}", parameters, layer.parameters)
        yield _count(f"connections of {name}", connections, layer.connections)
    yield _count("trainable parameters", paper.TRAINABLE, network.trainable)
    yield _count("connections", paper.CONNECTIONS, network.connections)


def _count(quantity: str, printed: int, here: int) -> Comparison:
    verdict = "exact" if here == printed else "differs"
    return Comparison(
        quantity, printed, here, "", "Sec. II-B", verdict, "the same number", here, here
    )


def _main_run(seeds: Sequence[RunResult]) -> Iterator[Comparison]:
    firsts = [seed.history[0] for seed in seeds]
    for which, printed in zip(("least", "greatest"), paper.FIRST_PASS_RATES, strict=True):
        yield _row(
            f"{which} effective rate, pass 1",
            printed,
            [getattr(first, f"{which}_rate") for first in firsts],
            "",
            "Sec. III-B",
            (printed / RATES_FACTOR, printed * RATES_FACTOR),
            f"within a factor of {RATES_FACTOR:g}",
        )
    if min(len(seed.history) for seed in seeds) < 20:
        return
    yield _error(
        "test error after 20 passes",
        paper.TEST_ERROR,
        [seed.history[19].test_error for seed in seeds],
        "Sec. III-B",
        paper.UNCERTAINTY,
    )
    yield _error(
        "training error on the fly, pass 20",
        paper.FIG5_TRAIN[19],
        [seed.history[19].train_error_on_the_fly for seed in seeds],
        "Fig. 5",
        TRAIN_TOLERANCE,
    )
    distances = np.array([distance_to_fig5(seed.history) for seed in seeds])
    for curve, values in zip(("test", "training"), distances.T, strict=True):
        yield _error(
            f"mean distance to Fig. 5's {curve} curve, passes 2 to 20",
            0.0,
            values.tolist(),
            "Fig. 5",
            CURVE_TOLERANCE,
        )


def _error(
    quantity: str, printed: float, here: Sequence[float], source: str, tolerance: float
) -> Comparison:
    return _row(
        quantity,
        printed,
        here,
        "%",
        source,
        (printed - tolerance, printed + tolerance),
        f"within {tolerance:g}",
    )


def _row(
    quantity: str,
    printed: float,
    here: Sequence[float],
    unit: str,
    source: str,
    bounds: tuple[float, float],
    criterion: str,
) -> Comparison:
    mean = float(np.mean(here))
    verdict = "agrees" if bounds[0] <= mean <= bounds[1] else "differs"
    return Comparison(
        quantity, printed, mean, unit, source, verdict, criterion, min(here), max(here)
    )
