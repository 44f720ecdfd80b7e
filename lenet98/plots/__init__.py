"""Every figure of the paper, and a few of its kind: a reproduction in, a matplotlib `Figure` out.

A figure is declared where it is drawn, and so is a study that ends in one; here all that is
declared is found. Nothing in this room but `live` opens a window or touches pyplot, and numba is
loaded only to draw what needs kernels.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from lenet98 import questions
from lenet98.plots.declared import DeclaredFigure
from lenet98.plots.page.style import save
from lenet98.questions.study import Study
from lenet98.reproduction.comparison import Comparison
from lenet98.reproduction.quantities import comparable
from lenet98.reproduction.reproduction import Reproduction
from lenet98.reproduction.results import Results


def figures() -> list[DeclaredFigure]:
    """Return the figures that the modules of this room declare.

    Returns
    -------
    list of DeclaredFigure
        Those of the paper by their numbers, then the others by name.
    """
    found = [
        value
        for module in _modules(__path__, __name__)
        for value in vars(module).values()
        if isinstance(value, DeclaredFigure) and value.draw.__module__ == module.__name__
    ]
    return sorted(found, key=lambda figure: _place(figure.name))


def studies() -> list[Study]:
    """Return the studies that the modules of this room and of `questions` declare.

    Returns
    -------
    list of Study
        Those of the paper's figures by number, then the others by name.
    """
    rooms = ((__path__, __name__), (questions.__path__, questions.__name__))
    found = [
        value
        for room in rooms
        for module in _modules(*room)
        for value in vars(module).values()
        if isinstance(value, Study) and value.make.__module__ == module.__name__
    ]
    return sorted(found, key=lambda study: _place(study.name))


def compare(results: Results) -> list[Comparison]:
    """Set results beside the paper: the rows of all figures, counts first.

    Counts are compared whatever the data; what was trained, only where it is comparable.
    """
    first_those_without_runs = sorted(figures(), key=lambda figure: bool(figure.runs))
    return [
        row
        for figure in first_those_without_runs
        if not figure.runs or comparable(results)
        for row in figure.rows(results)
    ]


def draw(asked: Iterable[DeclaredFigure], reproduction: Reproduction, folder: Path) -> None:
    """Draw figures into a folder, each into a PNG file of its name.

    Raises
    ------
    DataError
        A file cannot be written.
    """
    for figure in asked:
        save(figure(reproduction), folder / f"{figure.name}.png")


def _modules(path: Iterable[str], name: str) -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(path, f"{name}."):
        yield import_module(module.name)


def _place(name: str) -> tuple[bool, int, str]:
    number = re.fullmatch(r"fig(\d+)", name)
    return number is None, int(number[1]) if number else 0, name
