"""Every number of the paper that a run speaks to, beside ours, with a verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType

import numpy as np

from lenet98.network.tables import lenet5
from lenet98.paper import published
from lenet98.reproduction.results import Comparison, Results, RunResult
from lenet98.training.recipe import ETA
from lenet98.training.record import PassRecord

RATES_FACTOR = 2.0
"""The rates' extremes hang on 500 patterns and the initial weights, which are not ours."""

TRAIN_TOLERANCE = 0.08
"""Percent: Fig. 5 is read off to 0.02, and seeds differ by about 0.05."""

SUBSET_TOLERANCE = 0.2
"""Percent: which patterns the paper's smaller sets were is not known."""

TEST_PATTERNS = 10_000

CHANCE_FACTOR = 10
"""How far beyond chance an overlap must be to say that the two networks err alike."""

SECONDS_A_DAY = 86_400

CURVE_TOLERANCE = 0.15
"""Percent, mean over the passes, for the same two reasons."""


def compare(results: Results) -> list[Comparison]:
    """Set the results beside the paper.

    Counts are compared whatever the data; what was trained only on the whole of MNIST, for as
    long as the paper trained.
    """
    rows = list(_counts())
    whole = results.configuration["passes"] == len(ETA)
    if results.data == "mnist" and whole:
        for run, compare_run in _RUNS.items():
            if run in results.runs:
                rows += compare_run(results.runs[run])
    return rows


def within(here: float, printed: float, tolerance: float) -> bool:
    """Return whether they are at most that far apart, the last bits of a float aside."""
    return round(abs(here - printed), 9) <= tolerance


def rate_agrees(here: float, printed: float) -> bool:
    """Return whether an extreme of the effective rates is within the factor allowed."""
    return 1 / RATES_FACTOR <= here / printed <= RATES_FACTOR


def distance_to_fig5(history: Sequence[PassRecord]) -> tuple[float, float]:
    """Return the mean distance to Fig. 5's test and training curves, in percent points.

    Over passes 2 to 20, or as far as the history goes.
    """
    passes = range(1, min(len(history), len(ETA)))
    test = [abs(history[p].test_error - published.FIG5_TEST[p]) for p in passes]
    train = [abs(history[p].train_error_on_the_fly - published.FIG5_TRAIN[p]) for p in passes]
    return float(np.mean(test)), float(np.mean(train))


def _counts() -> Iterator[Comparison]:
    network = lenet5()
    for name, parameters, connections in published.LAYER_COUNTS:
        layer = network.layer(name)
        yield _count(f"parameters of {name}", parameters, layer.parameters)
        yield _count(f"connections of {name}", connections, layer.connections)
    yield _count("trainable parameters", published.TRAINABLE, network.trainable)
    yield _count("connections", published.CONNECTIONS, network.connections)
    yield _count(
        "variables to store", published.FIG12_MEMORY["LeNet-5"], network.trainable, "Fig. 12"
    )
    # 401,000 is what connections and parameters add up to.
    yield _count(
        "multiply-accumulates",
        published.FIG11_MULTIPLY_ACCUMULATES["LeNet-5"],
        network.connections,
        "Fig. 11",
    )


def _count(quantity: str, printed: int, here: int, source: str = "Sec. II-B") -> Comparison:
    verdict = "exact" if here == printed else "differs"
    return _row(quantity, printed, [here], "", source, verdict, "the same number")


def _main_run(seeds: Sequence[RunResult]) -> Iterator[Comparison]:
    firsts = [seed.history[0] for seed in seeds]
    for which, printed in zip(("least", "greatest"), published.FIRST_PASS_RATES, strict=True):
        rates = [getattr(first, f"{which}_rate") for first in firsts]
        agrees = rate_agrees(float(np.mean(rates)), printed)
        yield _row(
            f"{which} effective rate, pass 1",
            printed,
            rates,
            "",
            "Sec. III-B",
            "agrees" if agrees else "differs",
            f"within a factor of {RATES_FACTOR:g}",
        )
    yield _error(
        "test error after 20 passes",
        published.TEST_ERROR,
        [seed.history[-1].test_error for seed in seeds],
        "Sec. III-B",
        published.UNCERTAINTY,
    )
    yield _error(
        "training error on the fly, pass 20",
        published.FIG5_TRAIN[19],
        [seed.history[-1].train_error_on_the_fly for seed in seeds],
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


def _main_time(seeds: Sequence[RunResult]) -> Iterator[Comparison]:
    printed = published.DAYS_1998[0] * SECONDS_A_DAY
    seconds = [seed.seconds for seed in seeds]
    yield _row(
        "20 passes, on one processor core",
        printed,
        seconds,
        "s",
        "Sec. III-C",
        "better" if np.mean(seconds) < printed else "differs",
        "less than two days",
    )


def _fewer_patterns(run: str) -> Callable[[Sequence[RunResult]], Iterator[Comparison]]:
    printed = published.FIG6[run]

    def rows(seeds: Sequence[RunResult]) -> Iterator[Comparison]:
        yield _error(
            f"test error, {int(run):,} patterns",
            printed.test,
            [seed.history[-1].test_error for seed in seeds],
            "Fig. 6",
            SUBSET_TOLERANCE,
        )
        assert printed.train is not None  # Fig. 6 has it but for the distorted set
        yield _error(
            f"training error on the fly, {int(run):,} patterns",
            printed.train,
            [seed.history[-1].train_error_on_the_fly for seed in seeds],
            "Fig. 6",
            TRAIN_TOLERANCE,
        )

    return rows


def _distorted(seeds: Sequence[RunResult]) -> Iterator[Comparison]:
    yield _error(
        "test error with distortions",
        published.TEST_ERROR_DISTORTED,
        [seed.history[-1].test_error for seed in seeds],
        "Sec. III-B",
        published.UNCERTAINTY,
    )
    yield _error(
        "misclassified, trained with distortions",
        len(published.FIG8_ERRORS),
        [len(seed.misclassified) for seed in seeds],
        "Fig. 8",
        10,
        unit="patterns",
    )
    missed = {error.pattern for error in published.FIG8_ERRORS}
    both = [sum(k in missed for k, _, _ in seed.misclassified) for seed in seeds]
    chance = np.mean([len(seed.misclassified) for seed in seeds]) * len(missed) / TEST_PATTERNS
    yield _row(
        "of Fig. 8's 82, misclassified here too",
        len(missed),
        both,
        "patterns",
        "Fig. 8",
        "agrees" if np.mean(both) > CHANCE_FACTOR * chance else "differs",
        f"over {CHANCE_FACTOR} times what chance would give, {chance:.2g}",
    )


def _error(
    quantity: str,
    printed: float,
    here: Sequence[float],
    source: str,
    tolerance: float,
    unit: str = "%",
) -> Comparison:
    mean = float(np.mean(here))
    verdict = "better" if mean < printed else "differs"
    if within(mean, printed, tolerance):
        verdict = "agrees"
    return _row(quantity, printed, here, unit, source, verdict, f"within {tolerance:g}")


def _row(
    quantity: str,
    printed: float,
    here: Sequence[float],
    unit: str,
    source: str,
    verdict: str,
    criterion: str,
) -> Comparison:
    mean = float(np.mean(here))
    return Comparison(
        quantity, printed, mean, unit, source, verdict, criterion, min(here), max(here)
    )


_RUNS: Mapping[str, Callable[[Sequence[RunResult]], Iterator[Comparison]]] = MappingProxyType(
    {
        "60000": lambda seeds: chain(_main_run(seeds), _main_time(seeds)),
        "15000": _fewer_patterns("15000"),
        "30000": _fewer_patterns("30000"),
        "distorted": _distorted,
    }
)
