"""The inputs of Figs. 13, 25 and 26 as patterns that a network takes."""

import numpy as np

from lenet98.data.patterns import BACKGROUND, FOREGROUND, Patterns
from lenet98.paper.figures import INK_GREY, PAPER_GREY, Greys, fig13, fig25_and_26

NOT_DRAWN = 6
"""Columns on each side of a string: nine slots see 64, and 52 are printed."""


def fig13_patterns() -> Patterns:
    """Return the nine inputs of Fig. 13, float32 (9, 32, 32), row by row."""
    return _as_patterns(fig13().inputs)


def fig25_and_26_patterns() -> Patterns:
    """Return the five strings of Figs. 25 and 26, float32 (5, 32, 64).

    The columns that are not drawn are taken for background; ink that reaches the drawing's edge is
    cut there.
    """
    sides = ((0, 0), (0, 0), (NOT_DRAWN, NOT_DRAWN))
    return np.pad(_as_patterns(fig25_and_26().inputs), sides, constant_values=BACKGROUND)


def _as_patterns(greys: Greys) -> Patterns:
    ink = np.float32(1 / (INK_GREY - PAPER_GREY)) * (greys.astype(np.float32) - PAPER_GREY)
    return np.asarray(np.float32(FOREGROUND - BACKGROUND) * ink + np.float32(BACKGROUND))
