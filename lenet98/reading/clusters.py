"""Clusters of neighbouring pixels, and the boxes around them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.storage.cache import cached_njit

Integers = npt.NDArray[np.int64]


def clusters(marked: npt.NDArray[np.bool_]) -> Integers:
    """Give each cluster of neighbouring marked pixels a number.

    Parameters
    ----------
    marked : ndarray of bool, (height, width)

    Returns
    -------
    ndarray of int64, (height, width)
        The clusters' numbers from 1 on; 0 elsewhere. Each pixel has eight neighbours.
    """
    numbers = np.zeros(marked.shape, np.int64)
    _number_all(np.ascontiguousarray(marked), numbers)
    return numbers


@cached_njit()
def _number_all(marked: npt.NDArray[np.bool_], numbers: Integers) -> None:
    height, width = marked.shape
    number = 0
    for top in range(height):
        for left in range(width):
            if not marked[top, left] or numbers[top, left]:
                continue
            number += 1
            numbers[top, left] = number
            edge = [(top, left)]
            while edge:
                y, x = edge.pop()
                for i in range(max(y - 1, 0), min(y + 2, height)):
                    for j in range(max(x - 1, 0), min(x + 2, width)):
                        if marked[i, j] and not numbers[i, j]:
                            numbers[i, j] = number
                            edge.append((i, j))


class Boxes(NamedTuple):
    """The boxes around clusters, each field (clusters,): first row or column, or behind the last.

    Attributes
    ----------
    top, bottom, left, right : ndarray of int64
    """

    top: Integers
    bottom: Integers
    left: Integers
    right: Integers


def boxes_around(numbers: Integers) -> Boxes:
    """Return the boxes around clusters, number 1 first.

    Parameters
    ----------
    numbers : ndarray of int64, (height, width)
        As of `clusters`.

    Returns
    -------
    Boxes
    """
    y, x = np.nonzero(numbers)
    index, many = numbers[y, x] - 1, int(numbers.max())
    first = np.full((2, many), max(numbers.shape))
    behind = np.zeros((2, many), np.int64)
    for axis, places in enumerate((y, x)):
        np.minimum.at(first[axis], index, places)
        np.maximum.at(behind[axis], index, places + 1)
    return Boxes(first[0], behind[0], first[1], behind[1])
