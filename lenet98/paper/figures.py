"""Figs. 13, 25 and 26 as data: every map of the network of 1998, in the grey levels of print.

Read off the vector figures of the authors' preprint, of eight bits: a state x is drawn at the grey
level 127.5 (1 + x / 1.7159). The input is drawn the other way round, background at 222 and ink
at 0; so is F6, on a scale of its own that ends near +-1.05. The grey of a label is its penalty,
0 black to 63 white.
"""

from __future__ import annotations

from importlib.resources import files
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Greys = npt.NDArray[np.uint8]

PAPER_GREY, INK_GREY = 222, 0
"""Of the inputs: grey levels of background and of ink."""

PENALTY_WHITE = 63
"""The grey of a label that is not seen any more."""

NO_LABEL = "."
"""At a slot where none is drawn."""

_HERE = files(__package__)
"""A package may lie in an archive, and its files with it."""

# The file has them in the order in which the preprint draws them.
_PANELS = (1, 2, 3, 4, 0, 7, 6, 5, 8)
_STRINGS = (0, 4, 3, 1, 2)


class Fig13(NamedTuple):
    """Nine patterns and what the network answered, row by row as printed.

    Attributes
    ----------
    inputs : ndarray of uint8, (9, 32, 32)
    states : dict of str to ndarray of uint8, (9, maps, height, width)
        Of C1, S2, C3, S4, C5 and F6, whose 84 units stand as 12 rows of 7.
    labels : tuple of int
        The answers, all of them right.
    label_greys : tuple of int
    """

    inputs: Greys
    states: dict[str, Greys]
    labels: tuple[int, ...]
    label_greys: tuple[int, ...]


class Fig25And26(NamedTuple):
    """Five strings and what the network answered: Fig. 25's, then Fig. 26's row by row.

    Attributes
    ----------
    inputs : ndarray of uint8, (5, 32, 52)
        The middle of the network's input: six columns on each side are not drawn.
    f6 : ndarray of uint8, (5, slots, 12, 7)
    answers : tuple of str
    winners : tuple of str
        The label drawn at each slot, or `NO_LABEL`.
    label_greys : ndarray of int64, (5, slots)
        -1 where there is none.
    states : dict of str to ndarray of uint8, (maps, height, width)
        Of C1, C3 and C5, for the first string alone.
    """

    inputs: Greys
    f6: Greys
    answers: tuple[str, ...]
    winners: tuple[str, ...]
    label_greys: npt.NDArray[np.int64]
    states: dict[str, Greys]


def fig13() -> Fig13:
    """Return Fig. 13.

    Source: Sec. III-E, Fig. 13; the labels and their greys are read off.
    """
    with (_HERE / "fig13.npz").open("rb") as stream, np.load(stream) as file:
        panels = {name: file[name][list(_PANELS)] for name in file.files}
    states = {name: panels[name] for name in ("C1", "S2", "C3", "S4")}
    states["C5"] = panels["C5"][:, :, None, None]
    states["F6"] = panels["F6"][:, None]
    return Fig13(
        inputs=panels["inp"],
        states=states,
        labels=(4, 4, 4, 4, 3, 8, 4, 3, 3),
        label_greys=(11, 22, 13, 14, 40, 15, 8, 7, 9),
    )


def fig25_and_26() -> Fig25And26:
    """Return Figs. 25 and 26.

    Source: Sec. VII-B, Figs. 25 and 26; the winners and their greys are read off.
    """
    with (_HERE / "fig25_26.npz").open("rb") as stream, np.load(stream) as file:
        order = list(_STRINGS)
        return Fig25And26(
            inputs=file["inp"][order],
            f6=file["F6"][order],
            answers=tuple(map(str, file["answer"][order])),
            winners=tuple(map(str, file["slots"][order])),
            label_greys=file["label_grey_63"][order],
            states={
                "C1": file["C1_fig25"],
                "C3": file["C3_fig25"],
                "C5": file["C5_fig25"][:, None],
            },
        )
