"""The window: paper on the left, and on the right what the network says at each stroke."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import Event, KeyEvent, MouseButton, MouseEvent
from matplotlib.figure import Figure
from matplotlib.text import Text

from lenet98.data.sizes import LARGEST_GREY
from lenet98.plots.live.desk import Action, Desk, actions, told
from lenet98.plots.live.paper import SIDE, Point
from lenet98.plots.page import panel, style
from lenet98.plots.page.panel import Panel
from lenet98.plots.page.pictures import GREYS, show

_CELL = 2
"""Dots: of the paper, and of the pattern that the network sees."""

_PAPER = _CELL * SIDE
_RIGHT = style.WIDTH - style.MARGIN - panel.WIDTH
_A_ROW, _BUTTON, _APART = 4, 30, 8
"""Buttons in a row, how high they are and how far apart."""


class Window:
    """What is seen of a desk, and what is done on it.

    Parameters
    ----------
    desk : Desk
    make : callable
        Makes the figure, as in `style.page`.

    Attributes
    ----------
    desk : Desk
    page : Figure
        Every artist on it is made once, and what changes is drawn over the rest.
    """

    def __init__(self, desk: Desk, make: Callable[..., Figure] = Figure) -> None:
        self.desk = desk
        self._drawing = False
        self._drawn_at, self._took = 0.0, 0.0
        self._unchanging: Any = None
        self._background: Any = None
        self._buttons: dict[Axes, Action] = {}
        self._choices: dict[str, Text] = {}
        self.page = style.styled(self._laid_out)(make)
        canvas = self.page.canvas
        self._blits = bool(canvas.supports_blit)
        for artist in (*self._of_actions, *self._of_strokes):
            artist.set_animated(self._blits)
        self._show()
        canvas.mpl_connect("draw_event", self._on_draw)
        canvas.mpl_connect("button_press_event", self._on_press)
        canvas.mpl_connect("motion_notify_event", self._on_motion)
        canvas.mpl_connect("button_release_event", self._on_release)
        canvas.mpl_connect("key_press_event", self._on_key)

    def _laid_out(self, make: Callable[..., Figure]) -> Figure:
        response = self.desk.response()
        side = response["input"].shape[-1] * _CELL
        page = style.page(
            "LeNet-5 live",
            "Draw a digit on the left. Black: the most a unit can say; white: the least. "
            "The least penalty answers.",
            side + 16 + panel.HEIGHT + style.MARGIN // 2,
            make,
        )
        _frame(page, style.MARGIN, 0, _PAPER, _PAPER)
        _frame(page, _RIGHT, 0, side, side)
        paper = show(page, self.desk.paper.ink, style.MARGIN, 0, _CELL, (0, LARGEST_GREY))
        seen = show(page, response["input"][0], _RIGHT, 0, _CELL, GREYS)
        self._paper, self._ink, self._seen = paper, paper.images[0], seen.images[0]
        answer = (_RIGHT + side + 24, side // 2)
        self._panel = Panel(page, response, _RIGHT, side + 16, answer)
        self._told = style.write(page, style.MARGIN, _PAPER + 18, "", color=style.TRAINING)
        self._add_buttons(page)
        self._of_actions: list[Artist] = [self._told, *self._choices.values()]
        self._of_strokes: list[Artist] = [self._ink, self._seen, *self._panel.artists]
        return page

    def _add_buttons(self, page: Figure) -> None:
        width = (_PAPER - (_A_ROW - 1) * _APART) // _A_ROW
        for place, action in enumerate(actions(self.desk.networks)):
            left = style.MARGIN + place % _A_ROW * (width + _APART)
            top = _PAPER + 36 + place // _A_ROW * (_BUTTON + _APART)
            button = _frame(page, left, top, width, _BUTTON)
            text = button.text(0.5, 0.46, action.label, size=style.TINY, ha="center", va="center")
            self._buttons[button] = action
            if action.chooses:
                self._choices[action.chooses] = text

    def _show(self) -> None:
        """Bring every artist up to the desk."""
        response = self.desk.response()
        blank = not self.desk.paper.strokes
        self._ink.set_data(self.desk.paper.ink)
        self._seen.set_data(response["input"][0])
        self._panel.show(response, style.FAINT if blank else style.TEST)
        self._told.set_text(told(self.desk.change))
        for name, text in self._choices.items():
            chosen = name == self.desk.chosen
            text.set_color(style.TEST if chosen else style.INK)
            text.set_fontweight("bold" if chosen else "normal")

    def _redraw(self, *, after_action: bool = False) -> None:
        begin = time.perf_counter()
        self._show()
        if self._background is None:
            self.page.canvas.draw_idle()
        else:
            self._draw_over(after_action)
            canvas: Any = self.page.canvas
            canvas.blit(self.page.bbox)
        self._drawn_at = time.perf_counter()
        self._took = self._drawn_at - begin

    def _draw_over(self, after_action: bool) -> None:
        """Draw what changes over what does not: what actions alter is renewed after them alone."""
        canvas: Any = self.page.canvas
        if after_action:
            canvas.restore_region(self._unchanging)
            self._draw(self._of_actions)
            self._background = canvas.copy_from_bbox(self.page.bbox)
        else:
            canvas.restore_region(self._background)
        self._draw(self._of_strokes)

    def _draw(self, artists: list[Artist]) -> None:
        for artist in artists:
            self.page.draw_artist(artist)

    def _on_draw(self, _: Event) -> None:
        if self._blits:
            canvas: Any = self.page.canvas
            self._unchanging = canvas.copy_from_bbox(self.page.bbox)
            self._draw_over(after_action=True)

    def _on_press(self, event: Event) -> None:
        assert isinstance(event, MouseEvent)
        if event.button is not MouseButton.LEFT:
            return
        if event.inaxes is self._paper:
            self._drawing = True
            self.desk.paper.begin(self._point(event))
            self._redraw()
        elif event.inaxes in self._buttons:
            self._do(self._buttons[event.inaxes])

    def _on_motion(self, event: Event) -> None:
        assert isinstance(event, MouseEvent)
        if self._drawing:
            self.desk.paper.draw_to(self._point(event))
            # A mouse that reports faster than this draws would be followed later and later.
            if time.perf_counter() - self._drawn_at >= self._took / 4:
                self._redraw()

    def _on_release(self, _: Event) -> None:
        if self._drawing:
            self._drawing = False
            self._redraw()

    def _on_key(self, event: Event) -> None:
        assert isinstance(event, KeyEvent)
        for action in self._buttons.values():
            if action.key == event.key:
                self._do(action)

    def _do(self, action: Action) -> None:
        self._drawing = False  # the stroke under way may be gone
        action.do(self.desk)
        self._redraw(after_action=True)

    def _point(self, event: MouseEvent) -> Point:
        """Return where on the paper the mouse is, or how far beside it."""
        x, y = self._paper.transData.inverted().transform((event.x, event.y))
        return float(x), float(y)


def _frame(page: Figure, left: int, top: int, width: int, height: int) -> Axes:
    """Draw the edge of something, outside of it."""
    axes = style.place(page, left - 1, top - 1, width + 2, height + 2)
    axes.set(xticks=[], yticks=[], facecolor="none")
    for spine in axes.spines.values():
        spine.set(visible=True, color=style.FAINT)
    return axes
