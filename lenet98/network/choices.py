"""What a network is told: how its weights start, and which loss it is trained by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lenet98.errors import is_finite, require, require_positive, require_share

Loss = Literal["mse", "map"]
LOSSES: tuple[Loss, ...] = ("mse", "map")
"""Eq. 8 and eq. 9."""


@dataclass(frozen=True)
class InitialWeights:
    """How the parameters start: uniform in +-bound / F^power, F the fan-in of the unit.

    Attributes
    ----------
    bound : float
        2.4 in App. A.
    power : float
        1 in App. A, which read literally does not train; 1/2 in the authors' later code.
    coefficient : float
        Start of every subsampling coefficient, for the sum of four: 0.35 is 1.4 for their
        average. The paper gives none.
    random_biases : bool
        Draw the biases as the weights are drawn, instead of starting them at 0; the paper
        does not say.
    full_bound : float or None
        The bound of layers whose units see all of a column, as C5 and F6; None for `bound`.

    Raises
    ------
    ConfigurationError
        A value is out of its range.

    Examples
    --------
    >>> from lenet98 import InitialWeights, LeNet5
    >>> network = LeNet5(seed=1, initial=InitialWeights(bound=2.4, power=1.0))
    >>> bool(abs(network.view("F6").weights).max() <= 2.4 / 120)
    True
    """

    bound: float = 1.5
    power: float = 1 / 2
    coefficient: float = 0.35
    random_biases: bool = False
    full_bound: float | None = None

    def __post_init__(self) -> None:
        require_positive("bound", self.bound)
        if self.full_bound is not None:
            require_positive("full_bound", self.full_bound)
        require_share("power", self.power)
        require("coefficient", self.coefficient, is_finite(self.coefficient), "a finite number")

    def bound_of(self, height: int) -> float:
        """Return the bound of a layer whose maps are so many rows high.

        Examples
        --------
        >>> from lenet98 import InitialWeights
        >>> InitialWeights(bound=2.4, full_bound=1.2).bound_of(1)
        1.2
        """
        return self.bound if self.full_bound is None or height > 1 else self.full_bound


def check_loss(loss: str, j: float, scale: float) -> None:
    """Refuse an unknown loss, or a j or scale that makes no sense.

    Raises
    ------
    ConfigurationError
    """
    require("loss", loss, loss in LOSSES, f"one of {', '.join(LOSSES)} (eq. 8, eq. 9)")
    require_positive("j", j)
    require_positive("scale", scale)
