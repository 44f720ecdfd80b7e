"""The rungs of the ladder trained and judged, each seed in a cell of its own."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lenet98.data.digits import Digits
from lenet98.errors import DivergenceError
from lenet98.questions.cells import Cell, Found, found_by
from lenet98.questions.validation import without_last
from lenet98.reproduction.ladder import Choices, Rung
from lenet98.reproduction.machines import Machines
from lenet98.reproduction.side_by_side import GoOn, Tell
from lenet98.storage.provenance import bit_makers

if TYPE_CHECKING:
    from lenet98.modern.model import Model
    from lenet98.reproduction.between import Trainer

RATE_PASSES = 5
"""After so many passes, a learning rate is chosen."""

HELD_OUT_SHARE = 6
"""One in so many training patterns is held out to choose learning rates."""

MICROSECONDS: Mapping[int | str, float] = {"faithful": 75, 1: 370, 64: 66}
"""For a pattern, of one core of the machine of the record, by the engine or its batch."""

SYSTEMS: Mapping[str, float] = {"convnet": 1900, "perceptron": 115}
"""Of `lenet98.modern`, besides the end of the ladder; microseconds for a pattern, all passes."""

NOTHING_READ = 100.0
"""Percent, where training diverged."""


@dataclass(frozen=True)
class Climbed:
    """What one seed of a rung came to.

    Attributes
    ----------
    rate : float
        The learning rate of its first pass.
    parameters, connections : int
    test_errors : list of float
        Percent misclassified after each pass; of all patterns after one in which training
        diverged, which is the last.
    train_error : float
        Percent misclassified of the training set, after all passes.
    seconds : float
        To be trained, of one core's own work.
    """

    rate: float
    parameters: int
    connections: int
    test_errors: list[float]
    train_error: float
    seconds: float

    @property
    def test_error(self) -> float:
        """Percent misclassified after the last pass."""
        return self.test_errors[-1]

    def passes_to(self, error: float) -> int | None:
        """Return the first pass after which the test error is no more than that; None if none."""
        for number, one in enumerate(self.test_errors, start=1):
            if one <= error:
                return number
        return None


def climb(
    rungs: Sequence[Rung],
    digits: Digits,
    seeds: Sequence[int],
    folder: Path,
    machines: Machines,
    tell: Tell,
) -> dict[str, list[Climbed]]:
    """Choose the learning rate of each rung on held-out patterns, then train and judge each seed.

    Parameters
    ----------
    rungs : sequence of Rung
    digits : Digits
    seeds : sequence of int
    folder : Path
        Where finished cells are kept.
    machines : Machines
        Those that train.
    tell : callable
        Called with a line of text for each that is finished.

    Returns
    -------
    dict of str to list of Climbed
        By name of the rung.
    """
    # Two rungs may be one network: it is trained once.
    different = {rung.choices: rung for rung in reversed(rungs)}
    rates = _chosen_rates([*different.values()], digits, seeds[0], folder, machines, tell)
    asked = [
        _Asked(rung.name, choices, rates[choices], seed)
        for choices, rung in different.items()
        for seed in seeds
    ]
    found: dict[Choices, list[Climbed]] = {choices: [] for choices in different}
    for one, climbed in zip(asked, _climbed(asked, digits, folder, machines, tell), strict=True):
        found[one.choices].append(climbed)
    return {rung.name: found[rung.choices] for rung in rungs}


def _chosen_rates(
    rungs: Sequence[Rung], digits: Digits, seed: int, folder: Path, machines: Machines, tell: Tell
) -> dict[Choices, float]:
    """Return the rate of least error on patterns held out, after a few passes of each."""
    held = without_last(digits, len(digits.train_labels) // HELD_OUT_SHARE)
    undecided = [rung for rung in rungs if len(rung.to_try) > 1]
    asked = [
        _Asked(rung.name, replace(rung.choices, passes=RATE_PASSES), rate, seed)
        for rung in undecided
        for rate in rung.to_try
    ]
    climbed = iter(_climbed(asked, held, folder, machines, tell))
    chosen = {rung.choices: rung.to_try[0] for rung in rungs}
    for rung in undecided:
        errors = [next(climbed).test_error for _ in rung.to_try]
        chosen[rung.choices] = rung.to_try[int(np.argmin(errors))]
    return chosen


def train_systems(
    digits: Digits, seeds: Sequence[int], folder: Path, machines: Machines, tell: Tell
) -> dict[str, list[Climbed]]:
    """Train and judge each seed of each of `SYSTEMS`; parameters are those of `climb`."""
    # Here and not above: its kernels are slow to load.
    from lenet98.reproduction.between import system_of

    models = {name: system_of(name)[0] for name in SYSTEMS}
    made_of = [digits.fingerprint, bit_makers()]
    asked = [(name, seed) for name in SYSTEMS for seed in seeds]
    cells = [
        Cell(
            ["system", str(models[name]), repr(models[name].recipe), seed, *made_of],
            train_system,
            digits,
            (name, seed),
            SYSTEMS[name] * len(digits.train_labels) / 60e6,
        )
        for name, seed in asked
    ]
    found: dict[str, list[Climbed]] = {name: [] for name in SYSTEMS}
    for (name, _), one in zip(asked, found_by(cells, folder, machines, tell), strict=True):
        found[name].append(Climbed(**one))
    return found


class _Asked(NamedTuple):
    name: str
    choices: Choices
    rate: float
    seed: int

    def minutes(self, patterns: int) -> float:
        """Return how long it is expected to take."""
        engine = "faithful" if self.choices.faithful else self.choices.batch
        return self.choices.passes * patterns * MICROSECONDS[engine] / 60e6


def _climbed(
    asked: Sequence[_Asked], digits: Digits, folder: Path, machines: Machines, tell: Tell
) -> list[Climbed]:
    """Return what each came to, in their order."""
    made_of = [digits.fingerprint, bit_makers()]
    cells = [
        Cell(
            ["ladder", repr(one.choices), one.rate, one.seed, *made_of],
            train_and_judge,
            digits,
            tuple(one),
            one.minutes(len(digits.train_labels)),
        )
        for one in asked
    ]
    return [Climbed(**found) for found in found_by(cells, folder, machines, tell)]


def train_and_judge(
    digits: Digits, name: str, choices: Choices, rate: float, seed: int, go_on: GoOn
) -> Found:
    """Return as plain values what a network comes to.

    Parameters
    ----------
    digits : Digits
    name : str
        By which it is told of.
    choices : Choices
    rate : float
        The learning rate of the first pass.
    seed : int
    go_on : callable
        Raises where it is not to go on.
    """
    from lenet98.reproduction.between import model_of, trainer_of

    begin = time.thread_time()
    trainer = trainer_of(choices, rate, seed, digits)
    found = _judged(trainer, model_of(choices), rate, choices.passes, begin, digits, go_on)
    what = f"{name}: {choices.passes} passes, rate {rate:g}, seed {seed}"
    return _found(found, what)


def train_system(digits: Digits, name: str, seed: int, go_on: GoOn) -> Found:
    """Return as plain values what one of `SYSTEMS` comes to by its own recipe.

    Parameters
    ----------
    digits : Digits
    name : str
    seed, go_on
        As in `train_and_judge`.
    """
    from lenet98.reproduction.between import system_of, trainer_of_system

    model, rate = system_of(name)
    begin = time.thread_time()
    trainer = trainer_of_system(model, seed, digits)
    found = _judged(trainer, model, rate, model.recipe.passes, begin, digits, go_on)
    return _found(found, f"{name}, seed {seed}")


def _judged(
    trainer: Trainer,
    model: Model,
    rate: float,
    passes: int,
    begin: float,
    digits: Digits,
    go_on: GoOn,
) -> Climbed:
    test_errors: list[float] = []
    try:
        for _ in range(passes):
            go_on()
            test_errors.append(trainer.run_pass())
        seconds = time.thread_time() - begin
        answers = trainer.classify(digits.train_images)
        train_error = 100.0 * float((answers != digits.train_labels).mean())
    except DivergenceError:
        seconds, train_error = time.thread_time() - begin, NOTHING_READ
        test_errors.append(NOTHING_READ)
    return Climbed(rate, model.parameters, model.connections, test_errors, train_error, seconds)


def _found(climbed: Climbed, what: str) -> Found:
    return Found(asdict(climbed), f"{what}: {climbed.test_error:.2f} %")
