"""One judgement of one number: what the paper prints, and what is asked of ours beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

Aim = Literal["same", "near", "less", "beyond chance", "claimed"]

VERDICTS: Mapping[str, str] = MappingProxyType(
    {
        "exact": "the same number",
        "agrees": "as the brackets ask",
        "better": "less than the paper's by more than the tolerance, where less is better",
        "differs": "not as the brackets ask, nor better",
        "claimed": "the paper claims it without a number",
    }
)
"""The words of a verdict, and what each says."""


@dataclass(frozen=True)
class Comparison:
    """One quantity of the paper beside ours.

    Attributes
    ----------
    quantity : str
    paper : float or None
        None where the paper gives no number.
    here : float
        The mean where there are several seeds.
    unit : str
        Such as ``"%"``; empty for a count.
    source : str
        Where the paper says so.
    verdict : str
        One of `VERDICTS`.
    criterion : str
        What was asked of `here` for that verdict.
    least, greatest : float
        Over the seeds.
    off : float
        How far `here` is from the paper's number, in tolerances; 0 where there is none.
    """

    quantity: str
    paper: float | None
    here: float
    unit: str
    source: str
    verdict: str
    criterion: str
    least: float
    greatest: float
    off: float = 0.0


@dataclass(frozen=True)
class Quantity:
    """A number that the paper prints, or a claim of its, and what is wanted of ours.

    Attributes
    ----------
    name : str
    printed : float or None
        None for a claim.
    unit : str
        Such as ``"%"``; empty for a count.
    source : str
        Where the paper says so.
    aim : {"same", "near", "less", "beyond chance", "claimed"}
        The same count; nearness from either side; nearness, or less, which is better; more than
        chance would give, where all of `printed` cannot be expected; nothing, where the paper
        claims without a number.
    tolerance : float
        How far apart is near, in the unit; how many times chance is beyond it.
    factor : bool
        Whether the tolerance is a factor instead.
    """

    name: str
    printed: float | None
    unit: str
    source: str
    aim: Aim
    tolerance: float = 0.0
    factor: bool = False

    def judge(self, values: Sequence[float], chance: float = 0.0) -> Comparison:
        """Set our values beside the paper's.

        Parameters
        ----------
        values : sequence of float
            One for each seed; judged is their mean.
        chance : float
            What chance would give, in the unit.
        """
        here = float(np.mean(values))
        return Comparison(
            quantity=self.name,
            paper=self.printed,
            here=here,
            unit=self.unit,
            source=self.source,
            verdict=self._verdict(here, chance),
            criterion=self._criterion(chance),
            least=min(values),
            greatest=max(values),
            off=self._off(here),
        )

    def _verdict(self, here: float, chance: float) -> str:
        if self.aim == "claimed":
            return "claimed"
        assert self.printed is not None  # all other aims are about a number
        if self.aim == "same":
            return "exact" if here == self.printed else "differs"
        if self.aim == "beyond chance":
            return "agrees" if here > self.tolerance * chance else "differs"
        if self._near(here, self.printed):
            return "agrees"
        return "better" if self.aim == "less" and here < self.printed else "differs"

    def _near(self, here: float, printed: float) -> bool:
        if self.factor:
            return 1 / self.tolerance <= here / printed <= self.tolerance
        # The last bits of a mean do not decide.
        return round(abs(here - printed), 9) <= self.tolerance

    def _off(self, here: float) -> float:
        if self.printed is None or not self.tolerance or self.aim == "beyond chance":
            return 0.0
        if self.factor:
            return float(abs(np.log(here / self.printed)) / np.log(self.tolerance))
        return abs(here - self.printed) / self.tolerance

    def _criterion(self, chance: float) -> str:
        if self.aim == "claimed":
            return "nothing: the paper gives no number"
        if self.aim == "same":
            return "the same number"
        if self.aim == "beyond chance":
            return f"over {self.tolerance:g} times what chance would give, {chance:.2g}"
        return f"within {'a factor of ' if self.factor else ''}{self.tolerance:g}"
