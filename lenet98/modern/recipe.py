"""How a model is trained: what is not in its table."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from lenet98.errors import require, require_whole
from lenet98.modern.initial import Start, check_start
from lenet98.modern.optimisers import Adam, Optimiser


@dataclass(frozen=True)
class Recipe:
    """How a model is trained.

    Attributes
    ----------
    optimiser : Optimiser
    passes : int
        Over the training set, each in an order of its own (epochs).
    batch : int
        Patterns to a step.
    levels : (float, float)
        Of the background and of the blackest ink.
    start : {"glorot", "he"} or InitialWeights
        How the weights start.

    Raises
    ------
    ConfigurationError
        A value is out of its range.

    Examples
    --------
    >>> from lenet98.modern import SGD
    >>> Recipe(SGD(0.1), passes=20, batch=1, levels=(-0.1, 1.175)).batch
    1
    """

    optimiser: Optimiser = field(default_factory=Adam)
    passes: int = 10
    batch: int = 64
    levels: tuple[float, float] = (0.0, 1.0)
    start: Start = "glorot"

    def __post_init__(self) -> None:
        known = isinstance(self.optimiser, Optimiser)
        require("optimiser", self.optimiser, known, "an Optimiser, such as Adam()")
        require_whole("passes", self.passes, 1)
        require_whole("batch", self.batch, 1)
        apart = len(self.levels) == 2 and all(map(math.isfinite, self.levels))
        apart = apart and self.levels[0] < self.levels[1]
        require("levels", self.levels, apart, "two numbers, the background's the smaller")
        check_start(self.start)
