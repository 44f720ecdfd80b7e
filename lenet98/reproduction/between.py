"""A network between the paper's and today's, made of what was chosen, for either engine."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import Bytes, Digits
from lenet98.modern import (
    SGD,
    Activation,
    Adam,
    AveragePooling,
    Convolution,
    Dropout,
    Full,
    MaxPooling,
    Model,
    OneRateAWeight,
    Rbf,
    Recipe,
    RMSprop,
    Softmax,
    Subsampling,
    convnet,
    perceptron,
)
from lenet98.modern.initial import bound_of
from lenet98.modern.optimisers import Optimiser
from lenet98.modern.row import Row
from lenet98.modern.systems import CLASSES
from lenet98.modern.training import Run
from lenet98.network.architecture import Architecture, build
from lenet98.network.architecture import Row as FaithfulRow
from lenet98.network.choices import InitialWeights
from lenet98.network.tables import TABLE_I, lenet5, pairs_of
from lenet98.paper.codes import place_codes
from lenet98.reproduction.ladder import Choices
from lenet98.training.recipe import TrainingConfig
from lenet98.training.training import Training

NAME = "between 1998 and today"

_NO_CURVATURE = 1e6
"""A mu beside which no curvature counts: it makes one rate for all weights."""


def model_of(choices: Choices) -> Model:
    """Return the table of what was chosen.

    Parameters
    ----------
    choices : Choices

    Examples
    --------
    >>> from lenet98.reproduction.ladder import PAPER, TODAY
    >>> model_of(PAPER).parameters, model_of(TODAY).parameters
    (60000, 61706)
    """
    unit: list[Row] = [Activation(choices.function)]
    squashed: list[Row] = [Activation("squash")]
    dropped: list[Row] = [Dropout(choices.dropout)] if choices.dropout else []
    poolings: dict[str, list[Row]] = {
        "subsampling": [Subsampling(2), *unit],
        "average": [AveragePooling(2)],
        "max": [MaxPooling(2)],
    }
    pooled = poolings[choices.pooling]
    pairs = None if choices.complete else pairs_of(TABLE_I)
    rows = [
        *[Convolution(6, field=5), *unit, *pooled],
        *[Convolution(16, field=5, pairs=pairs), *unit, *pooled],
        *[Full(120, l2=choices.l2), *unit, *dropped],
        Full(84, l2=choices.l2),
    ]
    ten = Full(CLASSES, l2=choices.l2)
    if choices.output == "codes":
        rows += [*squashed, Rbf()]
    elif choices.output == "places":
        rows += [*unit, *dropped, ten, *squashed, Rbf(place_codes(CLASSES))]
    else:
        rows += [*unit, *dropped, ten, Softmax()]
    return Model(NAME, rows, lenet5().height, lenet5().width)


def recipe_of(choices: Choices, rate: float) -> Recipe:
    """Return the recipe of what was chosen.

    Parameters
    ----------
    choices : Choices
    rate : float
        The learning rate of the first pass.
    """
    optimiser: dict[str, Optimiser] = {
        "curvature": OneRateAWeight(eta=rate),
        "sgd": SGD(rate),
        "adam": Adam(rate),
    }
    return Recipe(
        optimiser[choices.rates],
        passes=choices.passes,
        batch=choices.batch,
        levels=choices.levels,
        start=choices.start,
        fall=choices.fall,
        reshuffle=choices.reshuffle,
    )


def faithful_of(choices: Choices, rate: float, seed: int) -> tuple[Architecture, TrainingConfig]:
    """Return the table and the recipe of what was chosen, for the engine of the paper's network.

    Parameters
    ----------
    choices : Choices
        Of which `faithful` is True.
    rate : float
        The learning rate of the first pass.
    seed : int
    """
    paper = lenet5()
    rows = [
        replace(row, pairs=None) if row.name == "C3" and choices.complete else row
        for row in paper.rows
    ]
    if choices.output == "places":
        rows[-1:] = [
            FaithfulRow("F7", "full", maps=CLASSES),
            FaithfulRow("OUTPUT", "rbf", maps=CLASSES, centres=place_codes(CLASSES)),
        ]
    mu = TrainingConfig.mu if choices.rates == "curvature" else _NO_CURVATURE
    eta = rate if choices.rates == "curvature" else rate * mu
    start = choices.start
    if not isinstance(start, InitialWeights):
        # Of a coefficient of the sum, a quarter is 1 of the average.
        start = InitialWeights(bound=bound_of(start, 1, 1, 1), power=1 / 2, coefficient=0.25)
    recipe = TrainingConfig(
        passes=choices.passes,
        seed=seed,
        eta=tuple(eta * share for share in choices.fall),
        mu=mu,
        reshuffle=choices.reshuffle,
        initial=start,
    )
    return build(NAME, rows, paper.height, paper.width), recipe


class Trainer(ABC):
    """A network in training, on either engine."""

    @abstractmethod
    def run_pass(self) -> float:
        """Pass once over the training set; return the test error, in percent."""

    @abstractmethod
    def classify(self, images: Bytes) -> npt.NDArray[np.int64]:
        """Return the class of each image, (n,)."""


def trainer_of(choices: Choices, rate: float, seed: int, digits: Digits) -> Trainer:
    """Return what was chosen, before its first pass.

    Parameters
    ----------
    choices : Choices
    rate : float
        The learning rate of the first pass.
    seed : int
    digits : Digits
    """
    if choices.faithful:
        return _Faithful(choices, rate, seed, digits)
    return _Modern(model_of(choices), recipe_of(choices, rate), seed, digits)


def system_of(name: str) -> tuple[Model, float]:
    """Return the table that a function of `lenet98.modern` gives, and its recipe's rate.

    Parameters
    ----------
    name : {"convnet", "perceptron"}
    """
    model = {"convnet": convnet, "perceptron": perceptron}[name]()
    optimiser = model.recipe.optimiser
    assert isinstance(optimiser, Adam | RMSprop)
    return model, optimiser.rate


def trainer_of_system(model: Model, seed: int, digits: Digits) -> Trainer:
    """Return a model before its first pass by its own recipe."""
    return _Modern(model, model.recipe, seed, digits)


class _Faithful(Trainer):
    def __init__(self, choices: Choices, rate: float, seed: int, digits: Digits) -> None:
        table, recipe = faithful_of(choices, rate, seed)
        self._training = Training(digits, recipe, table)

    def run_pass(self) -> float:
        return self._training.run_pass(count_train_error=False).test_error

    def classify(self, images: Bytes) -> npt.NDArray[np.int64]:
        return self._training.network.classify(images)


class _Modern(Trainer):
    def __init__(self, model: Model, recipe: Recipe, seed: int, digits: Digits) -> None:
        self._run = Run(model, digits, recipe, seed, threads=1)

    def run_pass(self) -> float:
        return self._run.run_pass().test_error

    def classify(self, images: Bytes) -> npt.NDArray[np.int64]:
        return self._run.classify(images)
