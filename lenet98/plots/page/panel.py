"""What a network says to one pattern after the other: prepared once, shown many times."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from lenet98.plots.page import style
from lenet98.plots.page.pictures import Response, all_states, show, strips_of

WIDTH = 430
"""Dots, of a panel."""

HEIGHT = 506
"""Dots, of a panel of LeNet-5."""

_NAMES = 54
_BETWEEN = 14
_F6_SCALE = 8
_LABELS = "0123456789–"
"""Of the classes; the last, where there is one, of no character."""

_HIGHEST = 150.0
"""The penalty that fills the height of the bars; a greater one is cut off."""


class Panel:
    """Every map, F6 as its bitmap, the penalty of each class and the answer, on a page.

    Parameters
    ----------
    page : Figure
    response : mapping of str to ndarray, (maps, height, width)
        The first to be shown: what `LeNet5.states` returns.
    left, top : int
        Dots, as in `style.place`.
    answer : (int, int)
        Where the answer stands: its left end and its middle.

    Attributes
    ----------
    artists : list of Artist
        Those that change from pattern to pattern.
    """

    def __init__(
        self, page: Figure, response: Response, left: int, top: int, answer: tuple[int, int]
    ) -> None:
        (_, *names), (_, *strips) = zip(*strips_of(response).items(), strict=True)
        *maps, f6 = strips
        self._images = []
        for name, strip in zip(names, maps, strict=False):
            scale = (WIDTH - _NAMES) // strip.shape[1]
            axes = show(page, strip, left + _NAMES, top, scale, all_states())
            self._images.append(axes.images[0])
            style.write(page, left, top + strip.shape[0] * scale / 2, name, weight="bold")
            top += strip.shape[0] * scale + _BETWEEN
        axes = show(page, f6, left + _NAMES, top, _F6_SCALE, all_states())
        self._images.append(axes.images[0])
        high, broad = (side * _F6_SCALE for side in f6.shape)
        style.write(page, left, top + high / 2, names[-1], weight="bold")

        begin = left + _NAMES + broad + 2 * _BETWEEN
        classes = [*response.values()][-1].size
        a_class = (left + WIDTH - begin) // classes
        bars = style.place(page, begin, top + 12, classes * a_class, high - 12)
        bars.set_axis_off()
        bars.set_xlim(-0.5, classes - 0.5)
        bars.set_ylim(0, _HIGHEST)
        self._bars = list(bars.bar(range(classes), np.zeros(classes), width=0.6))
        middles = [begin + (label + 0.5) * a_class for label in range(classes)]
        self._penalties = [
            style.write(page, middle, top, "", ha="center", size=5) for middle in middles
        ]
        below = top + high + 12
        for middle, label in zip(middles, _LABELS, strict=False):
            style.write(page, middle, below, label, ha="center", weight="bold")
        style.write(
            page, begin - 4, below, "penalty", ha="right", size=style.TINY, color=style.PAPER
        )
        self._answer = style.write(page, *answer, "", size=34, weight="bold")
        beside = answer[0] + 62
        self._best = style.write(page, beside, answer[1] - 10, "")
        self._second = style.write(page, beside, answer[1] + 12, "", color=style.PAPER)
        texts = [*self._penalties, self._answer, self._best, self._second]
        self.artists: list[Artist] = [*self._images, *self._bars, *texts]

    def show(self, response: Response, colour: str = style.TEST) -> None:
        """Show what the network says to another pattern.

        Parameters
        ----------
        response : mapping of str to ndarray, (maps, height, width)
        colour : str
            Of the answer.
        """
        (_, *strips) = strips_of(response).values()
        for image, strip in zip(self._images, strips, strict=True):
            image.set_data(strip)
        penalties = [*response.values()][-1].ravel()
        best, second = (int(label) for label in np.argsort(penalties)[:2])
        for label, penalty in enumerate(penalties):
            self._bars[label].set_height(min(penalty, _HIGHEST))
            self._bars[label].set_facecolor(colour if label == best else style.FAINT)
            self._penalties[label].set_text(f"{penalty:.0f}")
        self._answer.set_text(_LABELS[best])
        self._answer.set_color(colour)
        self._best.set_text(f"penalty {penalties[best]:.1f}")
        self._second.set_text(f"next is {_LABELS[second]}, {penalties[second]:.1f}")
