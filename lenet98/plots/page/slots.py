"""A string on a page, and below each of its slots what the network says there."""

from __future__ import annotations

from matplotlib.figure import Figure

from lenet98.data.flanking import SLOT
from lenet98.data.sizes import FRAME_SIZE
from lenet98.paper.codes import HEIGHT, WIDTH
from lenet98.plots.page import style
from lenet98.plots.page.pictures import GREYS, Response, all_states, show
from lenet98.reading.answers import BLANK, StringReading

BELOW_SLOTS = (
    "Below each slot of the replicated network: F6, and the label of least penalty, the darker "
    "the smaller it is."
)
"""How to read it."""

_WHITE = 20.0
"""The penalty from which on a label is nearly white."""


def draw_string(
    page: Figure, response: Response, reading: StringReading, left: int, top: int, pixel: int
) -> int:
    """Draw a string, and below each slot F6 and the winner; return where the winners stand.

    Parameters
    ----------
    page : Figure
    response : mapping of str to ndarray, (maps, height, width)
    reading : StringReading
    left, top : int
        Dots, as in `style.place`.
    pixel : int
        Dots for each pixel of the string, at least 2.
    """
    show(page, response["input"][0], left, top, pixel, GREYS)
    scale = (SLOT * pixel - 1) // WIDTH
    size = 9 if scale > 1 else style.TINY
    below = top + FRAME_SIZE * pixel + 8
    for slot, winner in enumerate(reading.winners):
        middle = left + middle_of(slot, pixel)
        f6 = response["F6"][:, 0, slot].reshape(HEIGHT, WIDTH)
        show(page, f6, middle - scale * WIDTH // 2, below, scale, all_states())
        if winner != BLANK:
            shade = shade_of(float(reading.penalties[winner, slot]))
            write_label(page, middle, below + HEIGHT * scale + 16, str(winner), shade, size=size)
    return below + HEIGHT * scale + 16


def middle_of(slot: int, pixel: int) -> int:
    """Return how far the middle of a slot is from a string's left edge, in dots."""
    return pixel * (FRAME_SIZE // 2 + SLOT * slot)


def shade_of(penalty: float) -> float:
    """Return the shade of a label, for `write_label`."""
    return penalty / _WHITE


def write_label(
    page: Figure, left: float, top: float, label: str, shade: float, size: float
) -> None:
    """Write a label as dark as its penalty is small: of shade 0 black, from 1 on nearly white."""
    grey = str(round(0.85 * min(1.0, shade), 3))
    style.write(page, left, top, label, ha="center", size=size, color=grey, weight="bold")
