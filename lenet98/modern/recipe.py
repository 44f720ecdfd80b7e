"""How a model is trained: what is not in its table."""

from __future__ import annotations

from dataclasses import dataclass, field

from lenet98.errors import is_finite, require, require_whole
from lenet98.modern.initial import Start, check_start
from lenet98.modern.optimisers import Adam, Optimiser


@dataclass(frozen=True)
class Recipe:
    """How a model is trained.

    Attributes
    ----------
    optimiser : Optimiser
    passes : int
        Over the training set (epochs).
    batch : int
        Patterns to a step.
    levels : (float, float)
        Of the background and of the blackest ink.
    start : {"glorot", "he"} or InitialWeights
        How the weights start.
    fall : tuple of float
        The share of the learning rate that holds in each pass; the last one holds for all later.
    reshuffle : bool
        Draw a new order for every pass, instead of the constant one of App. C.

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
    fall: tuple[float, ...] = (1.0,)
    reshuffle: bool = True

    def __post_init__(self) -> None:
        known = isinstance(self.optimiser, Optimiser)
        require("optimiser", self.optimiser, known, "an Optimiser, such as Adam()")
        require_whole("passes", self.passes, 1)
        require_whole("batch", self.batch, 1)
        two = isinstance(self.levels, tuple) and len(self.levels) == 2
        apart = two and all(map(is_finite, self.levels)) and self.levels[0] < self.levels[1]
        require("levels", self.levels, apart, "two numbers, the background's the smaller")
        check_start(self.start)
        shares = isinstance(self.fall, tuple) and len(self.fall) > 0
        shares = shares and all(is_finite(share) and 0 < share <= 1 for share in self.fall)
        require("fall", self.fall, shares, "a tuple of shares above 0, up to 1, one for each pass")

    def share_of(self, number: int) -> float:
        """Return the share of the learning rate in pass `number`, counted from 1.

        Examples
        --------
        >>> Recipe(fall=(1.0, 0.1)).share_of(3)
        0.1
        """
        return self.fall[min(number, len(self.fall)) - 1]
