"""Paper to draw a digit on, and the pattern of what was drawn."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import Bytes
from lenet98.data.normalisation import normalise
from lenet98.data.sizes import IMAGE_SIZE, LARGEST_GREY
from lenet98.data.strokes import ink_line
from lenet98.reading.handwriting import blackened

SIDE = 7 * IMAGE_SIZE
"""Cells of ink, of the square paper."""

PEN = 9.0
"""Radius in cells: of a digit as high as three quarters of the paper, strokes like MNIST's."""

Point = tuple[float, float]


class Paper:
    """Strokes of a round pen, and their ink.

    Attributes
    ----------
    ink : ndarray of float32, (SIDE, SIDE)
        Grey levels, 0 for the paper up to 255.
    strokes : list of list of (float, float)
        The points of each, x and y in cells from the upper left corner.

    Examples
    --------
    >>> paper = Paper()
    >>> paper.begin((60, 40))
    >>> paper.draw_to((60, 160))
    >>> paper.pattern().shape
    (28, 28)
    """

    def __init__(self) -> None:
        self.ink: npt.NDArray[np.float32] = np.zeros((SIDE, SIDE), np.float32)
        self.strokes: list[list[Point]] = []

    def begin(self, point: Point) -> None:
        """Set the pen down."""
        self.strokes.append([point])
        self._ink(point, point)

    def draw_to(self, point: Point) -> None:
        """Draw on from where the pen is; what lies beside the paper leaves no ink."""
        self._ink(self.strokes[-1][-1], point)
        self.strokes[-1].append(point)

    def undo(self) -> None:
        """Take the last stroke back, if there is one."""
        strokes = self.strokes[:-1]
        self.clear()
        for first, *others in strokes:
            self.begin(first)
            for point in others:
                self.draw_to(point)

    def clear(self) -> None:
        """Take all strokes back."""
        self.ink[:] = 0
        self.strokes = []

    def pattern(self) -> Bytes:
        """Return what is drawn as a pattern, (28, 28); empty paper as one of background.

        It is size-normalised and centred as a picture of it would be, for the network knows no
        other digits; of such clean paper and ink, the rest of reading a picture changes nothing.
        """
        if not self.ink.any():
            return np.zeros((IMAGE_SIZE, IMAGE_SIZE), np.uint8)
        return blackened(normalise(self.ink))

    def _ink(self, begin: Point, end: Point) -> None:
        ink_line(np.array(begin, float), np.array(end, float), PEN, LARGEST_GREY, self.ink)
