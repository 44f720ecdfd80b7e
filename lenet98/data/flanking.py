"""Strings in numbers: their frame, their slots, and what Sec. VII-B leaves open of them."""

from __future__ import annotations

from dataclasses import dataclass

from lenet98.data.sizes import FRAME_SIZE
from lenet98.errors import require, require_share, require_whole
from lenet98.paper.published import STRING_GAPS

SLOT = 4
"""Pixels from one column of outputs to the next."""

MARGIN = 14
"""Columns of background before and behind a string: so the first slot, of which the middle is
column 16, stands on the first character, however thin it is."""


def width_for(ink: int) -> int:
    """Return the columns of a string of so many columns of ink: its margins too, in whole slots."""
    return FRAME_SIZE + max(0, -(-(2 * MARGIN + ink - FRAME_SIZE) // SLOT)) * SLOT


@dataclass(frozen=True)
class Flanking:
    """How a training pattern of strings is made; the paper gives the gaps between neighbours.

    Attributes
    ----------
    blanks : float
        Share of the instances without a central character.
    widest_blank : int
        Pixels: the widest gap between the two neighbours that are left then.
    shift : int
        Pixels by which a central character may be off the middle of the frame, as it may be from
        the nearest slot.
    apart : int
        Pixels: the least distance of the frame's middle from that of a neighbour, where there is
        no central character.
    alone : float
        Probability of each neighbour to be left out, as at the ends of a string.

    Raises
    ------
    ConfigurationError
        A value is out of its range.

    Notes
    -----
    Source: Sec. VII-B.
    """

    blanks: float = 0.25
    widest_blank: int = STRING_GAPS[1]
    shift: int = 2
    apart: int = 5
    alone: float = 0.25

    def __post_init__(self) -> None:
        require_share("blanks", self.blanks)
        require_share("alone", self.alone)
        for name, least in (("shift", 0), ("apart", 0), ("widest_blank", STRING_GAPS[0])):
            pixels = getattr(self, name)
            require_whole(name, pixels, least)
            require(name, pixels, pixels <= FRAME_SIZE, f"at most the frame's {FRAME_SIZE} pixels")
