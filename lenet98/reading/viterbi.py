"""Columns of penalties as a graph, the character model, and the paths of least penalty (Sec. VII).

Each slot, a column of outputs, has an arc for each class, with its penalty, and one for blank. The
character model lets no two characters stand on contiguous slots: contiguous arcs of one class are
one character, and between two characters lies a blank.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.errors import PatternError
from lenet98.reading.answers import BLANK
from lenet98.storage.cache import cached_njit


class Path(NamedTuple):
    """The path of least penalty through a graph.

    Attributes
    ----------
    labels : ndarray of int64, (slots,)
        The class of its arc at each slot, or `BLANK`.
    penalty : float
        The sum over its arcs.
    margin : float
        By how much the least penalty of any path with another text is greater.
    """

    labels: npt.NDArray[np.int64]
    penalty: float
    margin: float


def least_path(penalties: npt.ArrayLike, blank: npt.ArrayLike) -> Path:
    """Return the path of least penalty that the character model allows (Viterbi).

    Parameters
    ----------
    penalties : array_like, (classes, slots)
        Of each class at each slot.
    blank : array_like, () or (slots,)
        Penalty of the blank.

    Returns
    -------
    Path

    Raises
    ------
    PatternError
        The penalties are not of that shape, without a class or a slot, or not finite.

    Notes
    -----
    Of every text the path of least penalty counts. In each state of the character model the two
    best paths of different texts are kept: a third has two rivals, and what follows is the same
    for all three.
    Source: Sec. VII-A, Fig. 24.

    Examples
    --------
    >>> least_path([[0, 1, 9], [9, 9, 0]], blank=2).labels.tolist()
    [0, -1, 1]
    """
    graph = np.ascontiguousarray(penalties, np.float64)
    if graph.ndim != 2 or not graph.size:
        raise PatternError(f"expected penalties (classes, slots); found {graph.shape}")
    blanks = np.array(np.broadcast_to(blank, graph.shape[1:]), np.float64)
    if not (np.isfinite(graph).all() and np.isfinite(blanks).all()):
        raise PatternError("expected finite penalties; found a NaN or an infinity")
    states, penalty, margin = _search(graph, blanks)
    labels = np.where(states == len(graph), BLANK, states)
    return Path(labels, float(penalty), float(margin))


@cached_njit(nogil=True)
def _search(
    penalties: npt.NDArray[np.float64], blanks: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.int64], float, float]:
    classes, slots = penalties.shape
    empty = classes  # the state after the classes: no character stands here
    # A text is a node of a tree, so that equal texts are equal numbers; 0 is the empty one.
    longer = np.zeros((1 + 2 * classes * slots, classes), np.int64)
    texts_known = 1
    costs = np.full((classes + 1, 2), np.inf)
    texts = np.full((classes + 1, 2), -1)
    came_from = np.zeros((slots, classes + 1, 2, 2), np.int64)
    costs[empty, 0], texts[empty, 0] = 0.0, 0  # before the first slot stands a blank
    for slot in range(slots):
        new_costs = np.full((classes + 1, 2), np.inf)
        new_texts = np.full((classes + 1, 2), -1)
        back = came_from[slot]
        for rank in range(2):
            for state in range(classes + 1):
                cost, text = costs[state, rank], texts[state, rank]
                if text < 0:
                    continue
                stays = blanks[slot] if state == empty else penalties[state, slot]
                _offer(new_costs, new_texts, back, state, cost + stays, text, state, rank)
                if state != empty:
                    ends = cost + blanks[slot]
                    _offer(new_costs, new_texts, back, empty, ends, text, state, rank)
                    continue
                for k in range(classes):
                    if longer[text, k] == 0:
                        longer[text, k] = texts_known
                        texts_known += 1
                    begins = cost + penalties[k, slot]
                    _offer(new_costs, new_texts, back, k, begins, longer[text, k], state, rank)
        costs, texts = new_costs, new_texts
    best_costs, best_texts = np.full((1, 2), np.inf), np.full((1, 2), -1)
    last = np.zeros((1, 2, 2), np.int64)
    for rank in range(2):
        for state in range(classes + 1):
            if texts[state, rank] >= 0:
                cost, text = costs[state, rank], texts[state, rank]
                _offer(best_costs, best_texts, last, 0, cost, text, state, rank)
    labels = np.empty(slots, np.int64)
    state, rank = last[0, 0, 0], last[0, 0, 1]
    for slot in range(slots - 1, -1, -1):
        labels[slot] = state
        before = came_from[slot, state, rank]
        state, rank = before[0], before[1]
    return labels, best_costs[0, 0], best_costs[0, 1] - best_costs[0, 0]


@cached_njit(nogil=True)
def _offer(
    costs: npt.NDArray[np.float64],
    texts: npt.NDArray[np.int64],
    back: npt.NDArray[np.int64],
    state: int,
    cost: float,
    text: int,
    from_state: int,
    from_rank: int,
) -> None:
    """Keep a path that comes to a state, if it is one of the two best with different texts."""
    if text == texts[state, 0] or cost < costs[state, 0]:
        if cost >= costs[state, 0]:
            return
        if text != texts[state, 0]:
            costs[state, 1], texts[state, 1] = costs[state, 0], texts[state, 0]
            back[state, 1] = back[state, 0]
        rank = 0
    elif cost < costs[state, 1]:
        rank = 1
    else:
        return
    costs[state, rank], texts[state, rank] = cost, text
    back[state, rank, 0], back[state, rank, 1] = from_state, from_rank
