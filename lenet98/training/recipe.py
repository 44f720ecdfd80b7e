"""What a training run is told: the paper's numbers, and the choices the paper leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Literal

from lenet98.data.flanking import Flanking
from lenet98.errors import (
    ConfigurationError,
    require,
    require_positive,
    require_share,
    require_whole,
)
from lenet98.network.choices import LOSSES, InitialWeights, Loss, check_loss

Subsampling = Literal["sum", "average"]
SUBSAMPLINGS: tuple[Subsampling, ...] = ("sum", "average")
"""Sec. II-B adds a subsampling unit's four inputs; Sec. II-A averages them."""

ETA = (5e-4,) * 2 + (2e-4,) * 3 + (1e-4,) * 3 + (5e-5,) * 4 + (1e-5,) * 8
"""The global learning rate of each of the 20 passes. Source: Sec. III-B."""

LATER_ETA = (5e-4,) * 2 + (2e-4,) * 9 + (1e-4,) * 5 + (5e-5,) * 3 + (1e-5,)
"""The same rates, falling later: for patterns of which hardly two are alike. Ours."""


@dataclass(frozen=True)
class TrainingConfig:
    """The recipe of one training run; what the paper leaves open is as the evidence has it.

    Attributes
    ----------
    passes : int
        Passes over the training set. Source: Sec. III-B.
    patterns : int or None
        Train on the first so many patterns; None for all. Source: Fig. 6.
    distorted : bool
        Train on distorted copies of each pattern as well; a pass still presents as many patterns
        as there are originals. Source: Sec. III-B.
    copies : int
        Distorted copies of each pattern: 540,000 of 60,000. Source: Sec. III-B.
    strength : float
        What the ranges of distortion that Fig. 7 shows are multiplied by.
    noise : float
        Invert each pixel of the frame with this probability, drawn anew at every presentation.
        Source: Sec. III-E.
    flanked : Flanking or None
        Present each pattern between two others, or none between them; None for alone.
        Source: Sec. VII-B.
    seed : int
        Of the one generator behind initial weights, order and curvature patterns.
    eta : tuple of float
        Global learning rate of each pass; the last one holds for all later passes.
    mu : float
        Keeps the rates bounded where the curvature is small. Source: App. C, eq. 21.
    curvature_patterns : int
        Patterns that the curvature of each pass is estimated on. Source: Sec. III-B.
    curvature_of_originals : bool
        With distortions, draw these patterns from the originals alone.
    loss : {"mse", "map"}
        Eq. 8 or eq. 9. Which of them gave Fig. 5 is not stated.
    j : float
        Of eq. 9, the penalty of an imaginary rubbish class; not stated.
    scale : float
        Factor of the penalties within the loss: 1 as printed, 1/2 in the authors' later code.
    subsampling : {"sum", "average"}
        Whether the trainable coefficients multiply the sum of four inputs or their average. The
        network computes the same; the coefficients' curvature and rates differ.
    curvature_of : {"mse", "map"}
        The loss that the curvature of eq. 21 is of: eq. 8 whatever is trained, as in the authors'
        later code, or eq. 9 with its own j.
    four_connections : bool
        Whether a subsampling coefficient's curvature is the sum of four squares, by the paper's
        count of its connections, or the square of the sum of four, as in the authors' later code.
    reshuffle : bool
        Draw a new order for every pass, instead of the constant one of App. C.
    fresh_curvature : bool
        Draw new patterns for the curvature of every pass, instead of keeping the first ones; the
        paper does not say.
    initial : InitialWeights
    frozen : tuple of str
        Layers whose parameters stay as they are.

    Raises
    ------
    ConfigurationError
        A value is out of its range.

    Examples
    --------
    >>> from lenet98 import TrainingConfig
    >>> TrainingConfig(distorted=True, seed=1).loss
    'map'
    """

    passes: int = 20
    patterns: int | None = None
    distorted: bool = False
    copies: int = 9
    strength: float = 1.0
    noise: float = 0.0
    flanked: Flanking | None = None
    seed: int = 1998
    eta: tuple[float, ...] = ETA
    mu: float = 0.02
    curvature_patterns: int = 500
    curvature_of_originals: bool = False
    loss: Loss = "map"
    j: float = 2.0
    scale: float = 0.5
    subsampling: Subsampling = "average"
    curvature_of: Loss = "mse"
    four_connections: bool = False
    reshuffle: bool = False
    fresh_curvature: bool = True
    initial: InitialWeights = InitialWeights()
    frozen: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_whole("passes", self.passes, 1)
        if self.patterns is not None:
            require_whole("patterns", self.patterns, 1)
        require_whole("copies", self.copies, 1)
        require_positive("strength", self.strength)
        require_share("noise", self.noise)
        known = self.flanked is None or isinstance(self.flanked, Flanking)
        require("flanked", self.flanked, known, "a Flanking, or None")
        alone = self.flanked is None or not self.distorted
        require("flanked", self.flanked, alone, "None where distorted is True")
        with_rubbish = self.flanked is None or self.loss == "map"
        require("loss", self.loss, with_rubbish, "map, for eq. 8 knows no blank")
        require_whole("seed", self.seed, 0)
        some = isinstance(self.eta, tuple) and len(self.eta) > 0
        require("eta", self.eta, some, "a tuple of positive numbers, one for each pass")
        for rate in self.eta:
            require_positive("a rate of eta", rate)
        require_positive("mu", self.mu)
        require_whole("curvature_patterns", self.curvature_patterns, 1)
        expected = f"one of {', '.join(SUBSAMPLINGS)}"
        require("subsampling", self.subsampling, self.subsampling in SUBSAMPLINGS, expected)
        check_loss(self.loss, self.j, self.scale)
        known = self.curvature_of in LOSSES
        require("curvature_of", self.curvature_of, known, f"one of {', '.join(LOSSES)}")
        start = isinstance(self.initial, InitialWeights)
        require("initial", self.initial, start, "an InitialWeights")
        names = isinstance(self.frozen, tuple)
        require("frozen", self.frozen, names, "a tuple of the names of layers")

    def eta_of(self, number: int) -> float:
        """Return the global learning rate of pass `number`, counted from 1.

        Examples
        --------
        >>> from lenet98 import TrainingConfig
        >>> TrainingConfig().eta_of(1)
        0.0005
        """
        return self.eta[min(number, len(self.eta)) - 1]

    def as_dict(self) -> dict[str, Any]:
        """Return the recipe as plain values, ready for JSON.

        Examples
        --------
        >>> from lenet98 import TrainingConfig
        >>> TrainingConfig(passes=3).as_dict()["passes"]
        3
        """
        return asdict(self) | {"eta": list(self.eta), "frozen": list(self.frozen)}


def recipe_from(values: dict[str, Any]) -> TrainingConfig:
    """Return the recipe that `TrainingConfig.as_dict` wrote.

    Raises
    ------
    ConfigurationError
        The values are not those of a recipe.
    """
    try:
        flanked = values.get("flanked")
        made = {
            "eta": tuple(values["eta"]),
            "initial": InitialWeights(**values["initial"]),
            "flanked": flanked and Flanking(**flanked),
            "frozen": tuple(values.get("frozen", ())),
        }
        return TrainingConfig(**values | made)
    except (KeyError, TypeError) as error:
        raise ConfigurationError(f"expected the values of a recipe; found {error}") from error


RECIPES: Mapping[str, TrainingConfig] = MappingProxyType(
    {
        # The best supported answers to what the paper leaves open; see the record.
        "paper": TrainingConfig(),
        # One of the two that err least with distortions on patterns held out of the training set.
        "best": TrainingConfig(j=4.0, strength=0.5, eta=LATER_ETA),
        # App. A, Sec. II-B, eq. 8 and eq. 23 to the letter, which does not train.
        "literal": TrainingConfig(
            loss="mse",
            scale=1.0,
            subsampling="sum",
            four_connections=True,
            initial=InitialWeights(bound=2.4, power=1.0, coefficient=0.25),
        ),
    }
)
