"""From the paper's network to the one that tutorials call LeNet-5: the choices, and the rungs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from lenet98.data.patterns import BACKGROUND, FOREGROUND
from lenet98.network.choices import InitialWeights
from lenet98.training.recipe import ETA

Pooling = Literal["subsampling", "average", "max"]
Function = Literal["squash", "relu"]
Outputs = Literal["codes", "places", "softmax"]
Rates = Literal["curvature", "sgd", "adam"]
End = Literal["1998", "today"]

FALL = tuple(eta / ETA[0] for eta in ETA)
"""How the paper's rates fall. Source: Sec. III-B."""

SEEDS = (1, 2, 3)

RATES: Mapping[tuple[str, int], tuple[float, ...]] = {
    ("curvature", 1): (ETA[0],),
    ("curvature", 64): (5e-4, 2e-3, 8e-3, 3.2e-2),
    ("sgd", 1): (3e-4, 1e-3, 3e-3, 1e-2, 3e-2),
    ("sgd", 64): (0.01, 0.03, 0.1, 0.3, 1.0),
    ("adam", 1): (3e-5, 1e-4, 3e-4, 1e-3),
    ("adam", 64): (1e-3,),
}
"""Learning rates to choose among, by the kind of rates and the batch.

The paper gives the first, tutorials the last. The others are chosen for each rung on patterns held
out of the training set.
"""


@dataclass(frozen=True)
class Choices:
    """The choices of one network and its training; by default those of the paper.

    Attributes
    ----------
    complete : bool
        Whether C3 sees all maps below, or those of Table I.
    pooling : {"subsampling", "average", "max"}
        Only the first has a coefficient, a bias and the function once more.
    function : {"squash", "relu"}
        Of all units but those that RBF units compare with their codes: they are squashed.
    output : {"codes", "places", "softmax"}
        RBF units and eq. 9, on the codes of Fig. 3 or on ten units, one for each class; or ten
        units, softmax and cross-entropy.
    rates : {"curvature", "sgd", "adam"}
        One rate for each weight by its curvature, one for all, or Adam.
    batch : int
        Patterns to a step.
    reshuffle : bool
        Whether each pass has an order of its own.
    fall : tuple of float
        The share of the learning rate in each pass.
    passes : int
    levels : (float, float)
        Of the background and of the blackest ink.
    start : {"he"} or InitialWeights
    dropout : float
        Of the units of C5 and F6, but for those that RBF units see.
    l2 : float
        Of the weights of full layers, of which C5 is one here.
    """

    complete: bool = False
    pooling: Pooling = "subsampling"
    function: Function = "squash"
    output: Outputs = "codes"
    rates: Rates = "curvature"
    batch: int = 1
    reshuffle: bool = False
    fall: tuple[float, ...] = FALL
    passes: int = 20
    levels: tuple[float, float] = (BACKGROUND, FOREGROUND)
    start: Literal["he"] | InitialWeights = InitialWeights()
    dropout: float = 0.0
    l2: float = 0.0

    @property
    def faithful(self) -> bool:
        """Whether the engine of the paper's network computes it."""
        paper = Choices()
        at_will = replace(
            self,
            complete=paper.complete,
            start=paper.start,
            reshuffle=paper.reshuffle,
            fall=paper.fall,
            passes=paper.passes,
            output=paper.output if self.output == "places" else self.output,
            rates=paper.rates if self.rates == "sgd" else self.rates,
        )
        return at_will == paper


PAPER = Choices()

TODAY = Choices(
    complete=True,
    pooling="max",
    function="relu",
    output="softmax",
    rates="adam",
    batch=64,
    reshuffle=True,
    fall=(1.0,) * 8 + (0.3, 0.1),
    passes=10,
    levels=(0.0, 1.0),
    start="he",
    dropout=0.5,
    l2=0.001,
)
"""Those of `lenet98.modern.lookalike`, which is not imported here, for its kernels take long."""


@dataclass(frozen=True)
class Step:
    """One choice, or the middle of three, changed.

    Attributes
    ----------
    what : str
        That is chosen.
    then, now : str
        In words, before and after.
    before, after : dict
        The attributes of `Choices` that change, and their values.
    """

    what: str
    then: str
    now: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def steps() -> list[Step]:
    """Return the steps from the paper's choices to those of tutorials, in the ladder's order."""
    return [
        _step("C3", "Table I", "complete", "complete"),
        _step("start of the weights", "±1.5/√F", "±2.45/√F (He, ours)", "start"),
        _step("order of the patterns", "constant", "anew in each pass", "reshuffle"),
        _step("output", "RBF, codes", "RBF, a unit each", "output", now="places"),
        _step("rates", "one a weight", "one for all", "rates", now="sgd"),
        _step("batch", "one pattern", "64 patterns", "batch"),
        _step("pooling", "subsampling", "average", "pooling", now="average"),
        _step("pooling", "average", "max", "pooling", then="average"),
        _step("function", "squashing", "ReLU", "function"),
        _step("output", "RBF, a unit each", "softmax", "output", then="places"),
        _step("rates", "one for all", "Adam's", "rates", then="sgd"),
        _step("passes", "20, falling", "10, falling late (ours)", "passes", "fall"),
        _step("input", "-0.1 to 1.175", "0 to 1", "levels"),
        _step("dropout", "none", "0.5", "dropout"),
        _step("L2", "none", "0.001", "l2"),
    ]


def _step(what: str, then_words: str, now_words: str, *names: str, **middle: Any) -> Step:
    before = {name: middle.get("then", getattr(PAPER, name)) for name in names}
    after = {name: middle.get("now", getattr(TODAY, name)) for name in names}
    return Step(what, then_words, now_words, before, after)


@dataclass(frozen=True)
class Rung:
    """A network and its training somewhere between 1998 and today.

    Attributes
    ----------
    name : str
    choices : Choices
    """

    name: str
    choices: Choices

    @property
    def to_try(self) -> tuple[float, ...]:
        """The learning rates to choose among."""
        return RATES[self.choices.rates, self.choices.batch]


def ladder() -> list[Rung]:
    """Return the rungs from the paper's choices, one step after the other, to today's."""
    rungs, choices = [Rung("1998", PAPER)], PAPER
    for step in steps():
        choices = replace(choices, **step.after)
        rungs.append(Rung(f"up to {step.what}: {step.now}", choices))
    return rungs


def alone(end: End) -> list[Rung]:
    """Return a rung for each step, taken by itself from one end.

    Parameters
    ----------
    end : {"1998", "today"}
        From the paper's choices a step up, or from today's a step down.
    """
    if end == "1998":
        return [
            Rung(f"1998 but for {step.what}: {step.now}", replace(PAPER, **step.after))
            for step in steps()
        ]
    return [
        Rung(f"today but for {step.what}: {step.then}", replace(TODAY, **step.before))
        for step in steps()
    ]
