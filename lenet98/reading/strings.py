"""A string of digits, read by the network replicated over its columns (Sec. VII)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lenet98.data.patterns import BACKGROUND
from lenet98.data.strings import SLOT
from lenet98.errors import PatternError
from lenet98.network.network import LeNet5, Network
from lenet98.reading.viterbi import BLANK, characters_on, least_path

BLANK_PENALTY = 8.0
"""Of the class of no character: j over the scale, of the recipe of the network of strings."""


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
    penalties : ndarray, (classes, slots)
        Those of eq. 7.
    """

    text: str
    margin: float
    penalty: float
    path: npt.NDArray[np.int64]
    penalties: npt.NDArray[np.floating]

    @property
    def penalties_of_text(self) -> list[float]:
        """Of each character of the text: the least penalty on the slots it stands on."""
        begins = np.flatnonzero(np.diff(self.path, prepend=BLANK))
        runs = np.split(np.arange(len(self.path)), begins)
        standing = [run for run in runs if run.size and self.path[run[0]] != BLANK]
        return [float(self.penalties[self.path[run[0]], run].min()) for run in standing]


def read_string(pattern: npt.ArrayLike, network: Network | None = None) -> StringReading:
    """Read a string of digits.

    Parameters
    ----------
    pattern : array_like, (32, width)
        Real grey levels as the network takes them, -0.1 for the background and 1.175 for ink; at
        least 32 columns. A first slot's middle is column 16, so leave background before the first
        digit. The right edge is filled up with background to a whole slot.
    network : Network, optional
        By default ``LeNet5.pretrained("strings")``.

    Returns
    -------
    StringReading

    Raises
    ------
    PatternError
        The pattern is none of that shape, or holds a NaN or an infinity.

    Notes
    -----
    Source: Sec. VII.

    Examples
    --------
    >>> read_string(np.full((32, 64), -0.1)).text
    ''
    """
    network = network or LeNet5.pretrained("strings")
    rows, least = network.architecture.height, network.architecture.width
    array = np.asarray(pattern)
    if array.ndim != 2 or array.shape[0] != rows or array.dtype.kind != "f":
        raise PatternError(
            f"expected one pattern as real ({rows}, width), framed and scaled; "
            f"found {array.dtype} {array.shape}"
        )
    if array.shape[1] < least:
        raise PatternError(
            f"expected a string at least {least} pixels wide, as one digit is; "
            f"found {array.shape[1]}. Set it into a wider background."
        )
    return read_strings(array[None], network)[0]


def read_strings(
    patterns: npt.NDArray[np.floating], network: Network, *, threads: int = 1
) -> list[StringReading]:
    """Read strings of one width, each as `read_string` does.

    Parameters
    ----------
    patterns : ndarray, (n, 32, width)
    network : Network
    threads : int
        Cores to spread the strings over.
    """
    missing = -(patterns.shape[2] - network.architecture.width) % SLOT
    whole = np.pad(patterns, ((0, 0), (0, 0), (0, missing)), constant_values=BACKGROUND)
    penalties = network.penalties(whole, threads=threads)
    return [_reading(of_one) for of_one in penalties.reshape(*penalties.shape[:2], -1)]


def _reading(penalties: npt.NDArray[np.floating]) -> StringReading:
    path = least_path(penalties, BLANK_PENALTY)
    text = "".join(map(str, characters_on(path.labels)))
    return StringReading(text, path.margin, path.penalty, path.labels, penalties)
