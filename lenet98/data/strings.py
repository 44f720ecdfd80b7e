"""Strings of characters, set side by side by their bounding boxes (Sec. VII-B)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import Bytes
from lenet98.data.flanking import MARGIN, Flanking, width_for
from lenet98.data.sizes import FRAME_SIZE, IMAGE_SIZE
from lenet98.paper import published
from lenet98.storage.cache import cached_njit

Extents = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int64]


def extents(images: Bytes) -> Extents:
    """Return the first column of ink of each image and the one behind the last, (n, 2).

    An image without ink has an extent of no columns, in its middle.
    """
    inked = images.max(axis=1) > 0
    first, behind = inked.argmax(axis=1), IMAGE_SIZE - inked[:, ::-1].argmax(axis=1)
    found = np.stack([first, behind], axis=1)
    found[~inked.any(axis=1)] = IMAGE_SIZE // 2
    return found


def set_in_row(
    images: Bytes, ink: Extents, chosen: Indices, begins: Indices, width: int = FRAME_SIZE
) -> Bytes:
    """Set characters into rows, each by the first column of its bounding box.

    Parameters
    ----------
    images : ndarray of uint8, (m, 28, 28)
    ink : ndarray of int64, (m, 2)
        As of `extents`.
    chosen : ndarray of int64, (n, characters)
        Indices of the images of each row; -1 for none.
    begins : ndarray of int64, (n, characters)
        The column of the row where each of their bounding boxes begins. What falls outside the
        row is cut off.
    width : int
        Columns of a row.

    Returns
    -------
    ndarray of uint8, (n, 32, width)
        Grey levels; the blacker, where two characters meet.
    """
    rows = np.zeros((len(chosen), FRAME_SIZE, width), np.uint8)
    _set_all(images, ink, chosen, begins, rows)
    return rows


@cached_njit(nogil=True)
def _set_all(images: Bytes, ink: Extents, chosen: Indices, begins: Indices, rows: Bytes) -> None:
    height = images.shape[1]
    above = (rows.shape[1] - height) // 2
    for n in range(len(chosen)):
        for k in range(chosen.shape[1]):
            index = chosen[n, k]
            if index < 0:
                continue
            shift = begins[n, k] - ink[index, 0]
            first = max(ink[index, 0], -shift)
            behind = min(ink[index, 1], rows.shape[2] - shift)
            for y in range(height):
                row = rows[n, y + above]
                for x in range(first, behind):
                    row[x + shift] = max(row[x + shift], images[index, y, x])


def flank(
    images: Bytes, ink: Extents, central: Indices, how: Flanking, rng: np.random.Generator
) -> tuple[Bytes, npt.NDArray[np.bool_]]:
    """Set each character into the middle of a frame, between two others drawn at random.

    Parameters
    ----------
    images : ndarray of uint8, (m, 28, 28)
    ink : ndarray of int64, (m, 2)
        As of `extents`.
    central : ndarray of int64, (n,)
        Indices of the characters for the middle.
    how : Flanking
    rng : numpy.random.Generator

    Returns
    -------
    frames : ndarray of uint8, (n, 32, 32)
        Grey levels.
    blank : ndarray of bool, (n,)
        Where there is no central character.

    Notes
    -----
    Source: Sec. VII-B.
    """
    n = len(central)
    blank = rng.random(n) < how.blanks
    sides = rng.integers(len(images), size=(n, 2))
    least, widest = published.STRING_GAPS
    gaps = rng.integers(least, widest + 1, (n, 2))
    blank_gap = rng.integers(least, how.widest_blank + 1, n)
    left_out = rng.random((n, 2)) < how.alone
    place = rng.random(n)

    widths = ink[:, 1] - ink[:, 0]
    left, right = widths[sides].T
    width = np.where(blank, blank_gap, widths[central])
    gaps[blank] = 0
    # How far the middle of what stands between may be from the frame's, to the left and right.
    reach = np.where(
        blank, [width / 2 + right / 2 - how.apart, width / 2 + left / 2 - how.apart], how.shift
    )
    reach = np.maximum(reach, 0)
    off = place * (reach[0] + reach[1]) - reach[0]
    begin = np.floor(FRAME_SIZE / 2 - width / 2 + off + 0.5).astype(np.int64)
    begins = np.stack([begin - gaps[:, 0] - left, begin, begin + width + gaps[:, 1]], axis=1)
    chosen = np.stack([sides[:, 0], central, sides[:, 1]], axis=1)
    chosen[blank, 1] = -1
    chosen[:, ::2][left_out] = -1
    return set_in_row(images, ink, chosen, begins), blank


class Strings(NamedTuple):
    """Strings of one length.

    Attributes
    ----------
    images : ndarray of uint8, (n, 32, width)
        Grey levels.
    texts : list of str
        What each shows.
    """

    images: Bytes
    texts: list[str]


def draw_strings(
    images: Bytes,
    labels: Bytes,
    length: int,
    gaps: tuple[int, int],
    n: int,
    rng: np.random.Generator,
) -> Strings:
    """Draw strings of digits at random, set side by side with random gaps.

    Parameters
    ----------
    images : ndarray of uint8, (m, 28, 28)
    labels : ndarray of uint8, (m,)
    length : int
        Characters of a string.
    gaps : (int, int)
        Least and most pixels between the bounding boxes of neighbours.
    n : int
        How many strings.
    rng : numpy.random.Generator

    Returns
    -------
    Strings
        All as wide as the longest, with a margin of background before and behind it.
    """
    ink = extents(images)
    chosen = rng.integers(len(images), size=(n, length))
    between = rng.integers(gaps[0], gaps[1] + 1, (n, length))
    ends = (ink[chosen, 1] - ink[chosen, 0] + between).cumsum(axis=1)
    begins = MARGIN + np.pad(ends, ((0, 0), (1, 0)))[:, :-1]
    longest = int((ends - between)[:, -1].max())
    texts = ["".join(map(str, characters)) for characters in labels[chosen]]
    return Strings(set_in_row(images, ink, chosen, begins, width_for(longest)), texts)
