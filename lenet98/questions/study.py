"""What has computations of its own, in the tens or hundreds, and is made by itself on request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lenet98.data.digits import Digits
from lenet98.errors import DataError
from lenet98.reproduction.data_sets import MNIST, DataSet
from lenet98.reproduction.machines import Machines, OneMachine
from lenet98.reproduction.side_by_side import Tell
from lenet98.storage.files import read_json, write_json, write_whole
from lenet98.storage.provenance import provenance

MADE = "studies.json"
"""The file of a folder that says where each of its studies was made."""


@dataclass(frozen=True)
class Bench:
    """What a study is made with.

    Attributes
    ----------
    name : str
        Of the study.
    folder : Path
        Where its tables and figures are written.
    load : callable
        Returns the data set.
    tell : callable
        Called with a line of text for each finished computation.
    full : bool
        Whether all of it is asked for, where less is a first look.
    again : bool
        Whether to compute nothing, and read what was found before.
    machines : Machines
        Those that compute; by default this one.
    """

    name: str
    folder: Path
    load: Callable[[], DataSet]
    tell: Tell
    full: bool = False
    again: bool = False
    machines: Machines = field(default_factory=OneMachine)

    @property
    def cells(self) -> Path:
        """Where finished computations are kept."""
        return self.folder / self.name

    def file(self, ending: str) -> Path:
        """Return the file of the study with that ending."""
        return self.folder / f"{self.name}.{ending}"

    def mnist(self, why: str) -> Digits:
        """Return MNIST.

        Parameters
        ----------
        why : str
            Why nothing else will do, said of the study.

        Raises
        ------
        DataError
            The data set is another.
        """
        data = self.load()
        if data.name != MNIST:
            raise DataError(
                f"{self.name} {why}; found {data.name}. Put MNIST where --help says that it is "
                "looked for."
            )
        return data.digits


@dataclass(frozen=True)
class Study:
    """A declared study; called with a `Bench`, it is made.

    Attributes
    ----------
    name : str
        On the command line, and of its files.
    shows : str
        In a few words.
    takes : str
        How long, on two cores of the machine of the record; a first look, if there is more.
    full : str
        How long all of it takes; empty where it is all there is.
    again : bool
        Whether it keeps what it found, to be drawn again.
    cells : bool
        Whether its computations are cells, which many machines can share.
    make : callable
        Computes, writes what it keeps and draws, and returns its tables in Markdown.
    """

    name: str
    shows: str
    takes: str
    full: str
    again: bool
    cells: bool
    make: Callable[[Bench], str]

    def __call__(self, bench: Bench) -> str:
        """Make it, write its tables and where they were made, and return them.

        Raises
        ------
        DataError
            The folder has another file where it is said where its studies were made; nothing is
            computed then.
        """
        where_made(bench.folder)
        tables = self.make(bench)
        write_whole(bench.file("md"), tables.encode())
        if not bench.again:
            made = where_made(bench.folder) | {self.name: provenance()}
            write_json(bench.folder / MADE, made)
        return tables


def study(
    name: str,
    shows: str,
    takes: str,
    *,
    full: str = "",
    again: bool = False,
    cells: bool = True,
) -> Callable[[Callable[[Bench], str]], Study]:
    """Declare the study that a function makes.

    Parameters
    ----------
    name, shows, takes, full, again, cells
        As in `Study`.
    """

    def declare(make: Callable[[Bench], str]) -> Study:
        return Study(name, shows, takes, full, again, cells, make)

    return declare


def where_made(folder: Path) -> dict[str, dict[str, Any]]:
    """Return where each study of a folder was made, by its name.

    The versions, the processor and the date are those at its end. Where others computed cells of
    it, the processor is that of the machine that gathered them.

    Raises
    ------
    DataError
        The folder has a file of that name that is another.
    """

    def by_name(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
        return {name: dict(made) for name, made in content.items()}

    path = folder / MADE
    return read_json(path, by_name, "places of studies") if path.exists() else {}
