"""Histories, what runs left, and results, made from the paper's own curves."""

from lenet98 import TrainingConfig
from lenet98.paper import published
from lenet98.reproduction.results import Results, RunResult
from lenet98.training.recipe import ETA
from lenet98.training.record import PassRecord


def a_history(shift=0.0, rates=published.FIRST_PASS_RATES):
    """The paper's own curves, moved up by some percent points."""
    return [
        PassRecord(k + 1, eta, *rates, 1.0, train + shift, None, test + shift, 5.0)
        for k, (eta, test, train) in enumerate(
            zip(ETA, published.FIG5_TEST, published.FIG5_TRAIN, strict=False)
        )
    ]


def a_result(history, seed=1, errors=published.FIG8_ERRORS):
    return RunResult(seed, history, 86.4, [tuple(e) for e in errors], [(0.0, 1.0), (0.1, 0.9)])


def results_of(runs, data="mnist", **recipe):
    """Results of named runs."""
    left = {run.name: some for run, some in runs.items()}
    return Results(data, "0" * 64, TrainingConfig(**recipe).as_dict(), {}, left)
