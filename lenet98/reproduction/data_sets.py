"""The data sets by name, and which of them is at hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from lenet98.data.digits import Digits
from lenet98.data.mnist import load_mnist
from lenet98.errors import MnistNotFoundError
from lenet98.reproduction.side_by_side import Tell

MNIST, MNIST_QUICK, STROKES = "mnist", "mnist-quick", "strokes"

TITLES: Mapping[str, str] = MappingProxyType(
    {
        MNIST: "MNIST",
        MNIST_QUICK: "a part of MNIST",
        STROKES: "built-in pen strokes, not MNIST",
    }
)
"""All names of data sets, and what the titles of figures call each."""

QUICK_PATTERNS = 10_000
"""Training patterns of the part for a first look."""


class DataSet(NamedTuple):
    """Patterns and what they are.

    Attributes
    ----------
    name : str
        One of `TITLES`.
    digits : Digits
    """

    name: str
    digits: Digits


def beside_paper(name: str) -> bool:
    """Return whether results on this data set may stand beside the paper's."""
    return name == MNIST


def load(asked: str | None, folder: Path | None, *, offline: bool, tell: Tell) -> DataSet:
    """Load MNIST, or the pen strokes where it cannot be had.

    Parameters
    ----------
    asked : {"mnist", "strokes"} or None
        Where nothing else will do.
    folder : Path or None
        Of MNIST's files, as in `load_mnist`.
    offline : bool
        Never download.
    tell : callable
        Called with a line of text about what is loaded.

    Raises
    ------
    DataError
        MNIST is damaged, or is asked for and cannot be had.
    """
    if asked != STROKES:
        try:
            digits = load_mnist(folder, offline=offline, report=tell)
        except MnistNotFoundError as error:
            if asked == MNIST:
                raise
            tell(f"MNIST cannot be had: {error}")
        else:
            tell(f"Data: MNIST, {len(digits.train_labels):,} training patterns.")
            return DataSet(MNIST, digits)
    tell(
        "Data: built-in pen strokes, NOT MNIST. "
        "No number of this run is comparable with the paper's."
    )
    # Compiled, which titles and MNIST need not wait for.
    from lenet98.data.strokes import draw_digits

    return DataSet(STROKES, draw_digits())


def quick_part(whole: DataSet) -> DataSet:
    """Return the part of a data set for a first look: all test patterns, fewer to train on."""
    part = whole.digits.first(QUICK_PATTERNS)
    return DataSet(MNIST_QUICK if whole.name == MNIST else whole.name, part)
