"""What a digit or a string was read as, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lenet98.notebook import html_table

BLANK = -1
"""On a path: the arc of no character."""

CHARACTERS = 10
"""Classes of a network that are characters; the one behind them, if it has one, is the blank."""

RUBBISH_PENALTY = 2.0
"""Of the blank where a network has no class for it: above that of a digit read well."""

LEAST_MARGIN = 10.0
"""Of a text over the next best one. Chosen on pictures of lines drawn with training patterns of
MNIST and with pen strokes: 6 % of the 417 read right have less, and half of the 61 misread."""

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class DigitReading:
    """What a picture of one digit was read as.

    Attributes
    ----------
    digit : int
        The class of least penalty: the best guess, where `unsure`.
    penalties : ndarray, (10,)
        Those of eq. 7.
    unsure : bool
        Whether the ink may well be another digit, or none: see `lenet98.reading.doubt`.
    """

    digit: int
    penalties: npt.NDArray[np.floating]
    unsure: bool

    def _repr_html_(self) -> str:
        rows = [("penalty", *(f"{penalty:.1f}" for penalty in self.penalties))]
        return html_table(str(self), ("class", *map(str, range(len(self.penalties)))), rows)

    def __str__(self) -> str:
        doubt = "unsure, perhaps " if self.unsure else ""
        return f"{doubt}{self.digit}, margin {self.margin:.1f} to {self.second}"

    @property
    def penalty(self) -> float:
        """Return the least penalty."""
        return float(self.penalties[self.digit])

    @property
    def second(self) -> int:
        """Return the class of the second least penalty."""
        return int(self.penalties.argsort()[1])

    @property
    def margin(self) -> float:
        """Return by how much the second least penalty is greater (Sec. III-D)."""
        return float(self.penalties[self.second]) - self.penalty


@dataclass(frozen=True)
class StringReading:
    """What a string was read as.

    Attributes
    ----------
    text : str
        Empty where no character was found.
    margin : float
        By how much the least penalty of any other text is greater.
    penalty : float
        Of the path: the sum over its slots.
    path : ndarray of int64, (slots,)
        The class at each slot, or -1 where no character stands. The middle of slot k is at
        column 16 + 4k.
    penalties : ndarray, (characters, slots)
        Those of eq. 7.
    blank : ndarray, (slots,)
        Penalty of no character.
    """

    text: str
    margin: float
    penalty: float
    path: Labels
    penalties: npt.NDArray[np.floating]
    blank: npt.NDArray[np.floating]

    def __str__(self) -> str:
        doubt = "unsure, perhaps " if self.unsure else ""
        return f"{doubt}{self.text or 'no digit found'}, margin {self.margin:.1f}"

    def _repr_html_(self) -> str:
        penalties = [f"{penalty:.1f}" for penalty in self.penalties_of_text]
        rows = [("penalty", *penalties)]
        return html_table(str(self), ("digit", *self.text), rows)

    @property
    def unsure(self) -> bool:
        """Return whether the text may well be another one."""
        return bool(self.text) and self.margin < LEAST_MARGIN

    @property
    def winners(self) -> Labels:
        """Return the class of least penalty at each slot, (slots,); -1 where blank's is less."""
        least = self.penalties.argmin(axis=0)
        return np.where(self.penalties.min(axis=0) < self.blank, least, BLANK)

    @property
    def penalties_of_text(self) -> list[float]:
        """Return of each character of the text the least penalty on the slots it stands on."""
        begins = np.flatnonzero(np.diff(self.path, prepend=BLANK))
        runs = np.split(np.arange(len(self.path)), begins)
        standing = [run for run in runs if run.size and self.path[run[0]] != BLANK]
        return [float(self.penalties[self.path[run[0]], run].min()) for run in standing]


def characters_on(path: Labels) -> list[int]:
    """Return the characters of a path: its labels, contiguous equal ones once, without blanks."""
    first = np.diff(path, prepend=BLANK) != 0
    return [int(label) for label in path[first] if label != BLANK]


def text_of(path: Labels) -> str:
    """Return the text of a path of digits."""
    return "".join(map(str, characters_on(path)))
