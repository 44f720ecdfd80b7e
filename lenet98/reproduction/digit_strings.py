"""Strings of test digits: how many are read, in three ways, and what the replication costs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import product
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from lenet98.data.digits import Bytes, Digits
from lenet98.data.flanking import SLOT
from lenet98.paper import published

if TYPE_CHECKING:  # what computes is imported where it does, so that to read results loads no numba
    from lenet98.network.network import Network

MANY = 1_000
"""Strings of each length, gap and noise, of the 10,000 test patterns of MNIST."""

LENGTHS = (2, 3, 4, 5)
SINGLE_GAPS = range(published.STRING_GAPS[0], published.STRING_GAPS[1] + 1)
NOISES = (0.0, published.NOISE)
WAYS = ("Viterbi", "greedy", "pieces")
"""The character model; contiguous winners taken for one character; cut at empty columns."""

COLUMNS = (32, 64, 128, 256, 512, 1024, 2048)
_REPEATS = 7


def measure(network: Network, digits: Digits, rng: np.random.Generator) -> dict[str, Any]:
    """Read strings of test digits, and time the network on wider and wider ones.

    Parameters
    ----------
    network : Network
    digits : Digits
    rng : numpy.random.Generator
        Draws the strings.

    Returns
    -------
    dict
        ``"errors"``: for each set of strings its ``"length"``, ``"gaps"`` (least and most),
        ``"noise"`` (share of inverted pixels), and for each of `WAYS` string and digit error in
        percent. ``"seconds"``: columns of pixels, seconds of the replicated network, seconds of
        as many windows as it has slots.

    Notes
    -----
    Pieces, one of `WAYS`, are read by the network of MNIST that ships with the package, whatever
    the digits are.
    """
    from lenet98.data.strings import draw_strings
    from lenet98.network.network import LeNet5

    of_pieces = LeNet5.pretrained("distorted")
    images, labels = digits.test_images, digits.test_labels
    gaps = [published.STRING_GAPS, *((gap, gap) for gap in SINGLE_GAPS)]
    errors = []
    for length, between in product(LENGTHS, gaps):
        strings = draw_strings(images, labels, length, between, strings_of(digits), rng)
        for noise in NOISES:
            texts = _read(network, of_pieces, strings.images, noise, rng)
            found = {way: errors_of(read, strings.texts) for way, read in texts.items()}
            errors.append({"length": length, "gaps": list(between), "noise": noise, **found})
    return {"errors": errors, "seconds": [_seconds(network, columns) for columns in COLUMNS]}


def strings_of(digits: Digits) -> int:
    """Return how many strings of each kind are made of the test patterns: fewer of fewer."""
    return min(MANY, max(1, len(digits.test_labels) // 10))


def errors_in(
    measured: dict[str, Any], way: str, length: int, gaps: tuple[int, int], noise: float
) -> tuple[float, float]:
    """Return the string error and the digit error that `measure` found in one set, in percent."""
    for one in measured["errors"]:
        if (one["length"], tuple(one["gaps"]), one["noise"]) == (length, gaps, noise):
            strings, digits = one[way]
            return float(strings), float(digits)
    raise KeyError(f"no strings of {length} with gaps {gaps} and noise {noise}")


def errors_of(read: Sequence[str], texts: Sequence[str]) -> list[float]:
    """Return string error and digit error, in percent.

    A digit error is one replaced, left out or put in; percent of the digits.
    """
    pairs = list(zip(read, texts, strict=True))
    wrong = sum(here != text for here, text in pairs)
    edits = sum(_edits(here, text) for here, text in pairs)
    return [100 * wrong / len(texts), 100 * edits / sum(map(len, texts))]


def _edits(here: str, text: str) -> int:
    """Return the least number of digits replaced, left out or put in between two texts."""
    row = list(range(len(text) + 1))
    for k, digit in enumerate(here, start=1):
        diagonal, row[0] = row[0], k
        for j, other in enumerate(text, start=1):
            replaced = diagonal + (digit != other)
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, replaced)
    return row[-1]


def _read(
    network: Network, of_pieces: Network, images: Bytes, noise: float, rng: np.random.Generator
) -> dict[str, list[str]]:
    """Read strings in each of `WAYS`."""
    from lenet98.data.noise import invert
    from lenet98.data.patterns import grey_levels, ink_of
    from lenet98.reading.answers import text_of
    from lenet98.reading.pieces import read_pieces
    from lenet98.reading.strings import read_strings

    patterns = grey_levels(images)
    if noise:
        patterns = invert(patterns, noise, rng)
    readings = read_strings(patterns, network)
    texts = (
        [reading.text for reading in readings],
        [text_of(reading.winners) for reading in readings],
        read_pieces(ink_of(patterns), of_pieces),
    )
    return dict(zip(WAYS, texts, strict=True))


def _seconds(network: Network, columns: int) -> list[float]:
    """Time one pattern of so many columns, replicated and window by window, in pairs."""
    wide = np.zeros((1, network.architecture.height, columns), np.float32)
    width = network.architecture.width
    windows = np.zeros(((columns - width) // SLOT + 1, wide.shape[1], width), np.float32)
    times: list[tuple[float, float]] = []
    for _ in range(1 + _REPEATS):
        begin = time.perf_counter()
        network.penalties(wide)
        between = time.perf_counter()
        network.penalties(windows)
        times.append((between - begin, time.perf_counter() - between))
    replicated, separate = zip(*times[1:], strict=True)
    return [columns, median(replicated), median(separate)]
