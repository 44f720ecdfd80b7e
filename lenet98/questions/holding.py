"""States of C5 and F6 held to those that the figures of 1998 show."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.paper.codes import HEIGHT, WIDTH
from lenet98.paper.figures import fig13, fig25_and_26
from lenet98.questions.recovery import printed_drawings, states_of
from lenet98.questions.unit_fit import Floats, rms

if TYPE_CHECKING:
    from lenet98.network.network import Network

F6_END = 1.05
"""The state at which the drawing of F6 ends: one beyond is drawn no otherwise. Read off."""

HELD_BY = 0.1
"""How much is left of what is missing: damping, of the mean of what is solved."""

LEAST_MOMENT = 0.1
"""Of the mean moment of what units see: what no pattern shows is not moved without end."""

_NEARLY = 0.98
"""Of an end: what is drawn so near to it may lie beyond."""


class Shown(NamedTuple):
    """A pattern of the figures, and the states of C5 and F6 that they show for it.

    Attributes
    ----------
    pattern : ndarray of float32, (32, width)
    c5 : ndarray, (slots, 120), or None where none are shown
    f6 : ndarray, (slots, 84)
        Within +-`F6_END`.
    """

    pattern: npt.NDArray[np.float32]
    c5: Floats | None
    f6: Floats


def shown() -> list[Shown]:
    """Return the nine patterns of Fig. 13 and the five strings of Figs. 25 and 26."""
    from lenet98.data.printed import fig25_and_26_patterns

    panels, strings = fig13(), fig25_and_26()
    of_c5 = [*panels.states["C5"].reshape(9, 1, -1), strings.states["C5"][:, 0].T]
    of_f6 = [one.reshape(-1, HEIGHT * WIDTH) for one in (*panels.states["F6"], *strings.f6)]
    inputs = [one.pattern.astype(np.float32) for one in printed_drawings() if one.complete]
    return [
        Shown(pattern, None if c5 is None else states_of(c5), F6_END * (1 - f6 / 127.5))
        for pattern, c5, f6 in zip_longest([*inputs, *fig25_and_26_patterns()], of_c5, of_f6)
    ]


def hold(network: Network, known: Sequence[Shown], others: npt.NDArray[np.float32]) -> None:
    """Move C5's and F6's parameters to where they answer what is shown.

    Of all such moves the one that changes least of what they answer to other patterns.

    Parameters
    ----------
    network : Network
    known : sequence of Shown
    others : ndarray, (n, 32, 32)
        Patterns such as it is trained on.
    """
    from lenet98.network.kernels import A

    c5, f6 = network.view("C5"), network.view("F6")
    with_c5 = [one for one in known if one.c5 is not None]
    seen = np.concatenate([_seen_by_c5(network, one.pattern) for one in with_c5])
    wanted = np.concatenate([one.c5 for one in with_c5 if one.c5 is not None])
    of_others = np.concatenate([_seen_by_c5(network, pattern) for pattern in others])
    _move(c5.weights.reshape(len(c5.bias), -1), c5.bias, seen, wanted, A, of_others)
    seen = np.concatenate([network.states(one.pattern)["C5"][:, 0].T for one in known])
    wanted = np.concatenate([one.f6 for one in known])
    of_others = np.stack([network.states(pattern)["C5"].ravel() for pattern in others])
    _move(f6.weights, f6.bias, seen, wanted, F6_END, of_others)


def distance(network: Network, known: Sequence[Shown]) -> tuple[float, float]:
    """Return the root mean square distance of C5's and of F6's states to those that are shown."""
    of_c5, of_f6 = [], []
    for one in known:
        states = network.states(one.pattern)
        if one.c5 is not None:
            of_c5.append((states["C5"][:, 0].T - one.c5).ravel())
        f6 = states["F6"][:, 0].T.clip(-F6_END, F6_END)
        of_f6.append((f6 - one.f6).ravel())
    c5, f6 = (float(rms(np.concatenate(one))) for one in (of_c5, of_f6))
    return c5, f6


def _seen_by_c5(network: Network, pattern: npt.NDArray[np.float32]) -> Floats:
    """Return what C5's units see at each slot, map by map and row by row, as their weights are."""
    maps = network.states(pattern)["S4"]
    field = network.architecture.layer("C5").field
    windows = np.lib.stride_tricks.sliding_window_view(maps, field, axis=2)
    slots = np.moveaxis(windows, 2, 0)
    return np.asarray(slots.reshape(len(slots), -1), np.float64)


def _move(
    weights: npt.NDArray[np.floating],
    bias: npt.NDArray[np.floating],
    seen: Floats,
    wanted: Floats,
    end: float,
    of_others: Floats,
) -> None:
    """Change weights and bias so that states are those wanted, and others change the least.

    A state wanted at an end of the drawing is content with any beyond.
    """
    from lenet98.network.kernels import A, S

    seen = np.column_stack([seen, np.ones(len(seen))])
    sums = seen[:, :-1] @ weights.T + bias
    nearest = np.clip(wanted, -_NEARLY * end, _NEARLY * end)
    goal = np.arctanh(nearest / A) / S
    content = (nearest != wanted) & (sums * np.sign(goal) >= np.abs(goal))
    missing = np.where(content, 0, goal - sums)
    of_others = np.column_stack([of_others, np.ones(len(of_others))])
    moment = of_others.T @ of_others / len(of_others)
    moment += LEAST_MOMENT * np.trace(moment) / len(moment) * np.eye(len(moment))
    # Least change of others' sums, under the condition that the known ones are met.
    directions = np.linalg.solve(moment, seen.T)
    gram = seen @ directions
    damped = gram + HELD_BY * np.trace(gram) / len(gram) * np.eye(len(gram))
    change = (directions @ np.linalg.solve(damped, missing)).T
    weights += change[:, :-1]
    bias += change[:, -1]
