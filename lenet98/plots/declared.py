"""What a figure says of itself where it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from matplotlib.figure import Figure

from lenet98.plots.page import style
from lenet98.reproduction.comparison import Comparison
from lenet98.reproduction.named_runs import NamedRun
from lenet98.reproduction.reproduction import Reproduction
from lenet98.reproduction.results import Results

Rows = Callable[[Results], Iterable[Comparison]]


@dataclass(frozen=True)
class DeclaredFigure:
    """A figure of the paper, or of its kind; called with a `Reproduction`, it is drawn.

    Attributes
    ----------
    name : str
        On the command line, and of its file.
    shows : str
        In a few words.
    runs : tuple of NamedRun
        Those it needs.
    rows : callable
        Returns its numbers of the paper beside those of results; none where the results have
        not its runs.
    whole_set : bool
        Whether it is about the whole training set, so that a first look leaves it out.
    draw : callable
        Draws it from a `Reproduction`.
    """

    name: str
    shows: str
    runs: tuple[NamedRun, ...]
    rows: Rows
    whole_set: bool
    draw: Callable[[Reproduction], Figure]

    def __call__(self, reproduction: Reproduction) -> Figure:
        """Draw it."""
        return self.draw(reproduction)


def _no_rows(_: Results) -> Iterable[Comparison]:
    return ()


def figure(
    name: str,
    shows: str,
    *,
    runs: tuple[NamedRun, ...] = (),
    rows: Rows = _no_rows,
    whole_set: bool = False,
) -> Callable[[Callable[[Reproduction], Figure]], DeclaredFigure]:
    """Declare the figure that a function draws, in the one look.

    Parameters
    ----------
    name, shows, runs, rows, whole_set
        As in `DeclaredFigure`.
    """

    def declare(draw: Callable[[Reproduction], Figure]) -> DeclaredFigure:
        return DeclaredFigure(name, shows, runs, rows, whole_set, style.styled(draw))

    return declare
