"""The experiments: which runs each needs, and the runs themselves."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from lenet98.configuration import TrainingConfig
from lenet98.digits import Digits
from lenet98.network import LeNet5
from lenet98.results import RunResult
from lenet98.training import OnProgress, PassRecord, misclassified, train


@dataclass(frozen=True)
class Experiment:
    """One figure or table of the paper.

    Attributes
    ----------
    name : str
        As ``--only`` takes it.
    shows : str
    runs : tuple of str
        Names of the training runs it needs.
    """

    name: str
    shows: str
    runs: tuple[str, ...]


EXPERIMENTS = (
    Experiment("fig5", "training and test error against the passes", ("60000",)),
)


def run_60000(
    digits: Digits,
    config: TrainingConfig,
    on_pass: Callable[[PassRecord], None] | None = None,
    on_progress: OnProgress | None = None,
    threads: int = 1,
) -> tuple[RunResult, LeNet5]:
    """Train on all training patterns; return the result and the trained network.

    Parameters and errors are those of `lenet98.training.train`.
    """
    begin = time.perf_counter()
    training = train(digits, config, on_pass=on_pass, on_progress=on_progress, threads=threads)
    wrong = misclassified(training.network, digits.test_images, digits.test_labels)
    answers = training.network.classify(digits.test_images[wrong])
    result = RunResult(
        seed=config.seed,
        history=training.history,
        seconds=time.perf_counter() - begin,
        misclassified=[
            (int(k), int(digits.test_labels[k]), int(answer))
            for k, answer in zip(wrong, answers, strict=True)
        ],
    )
    return result, training.network
