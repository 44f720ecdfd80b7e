"""What lies on the desk of who draws: paper, a change, networks; and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np

from lenet98.data.changes import Change, changed
from lenet98.network.network import Network
from lenet98.plots.live.paper import Paper
from lenet98.plots.page.pictures import Response

SEED = 1998
"""Of the pixels inverted: always the same, so that noise does not flicker while one draws."""

_NOISE, _SHIFT, _SCALE, _TURN = (0.0, 0.5), (-16.0, 16.0), (0.3, 3.0), (-180.0, 180.0)
"""The least and the most of each change."""


@dataclass
class Desk:
    """All that a key, a button or the pen can alter.

    Attributes
    ----------
    networks : mapping of str to Network
        By name, at least one.
    chosen : str
        The one that answers.
    change : Change
        Done to the digit after it was normalised.
    paper : Paper
    """

    networks: Mapping[str, Network]
    chosen: str
    change: Change = field(default_factory=Change)
    paper: Paper = field(default_factory=Paper)

    def response(self) -> Response:
        """Return what the chosen network says to what is drawn, changed."""
        pattern = changed(self.paper.pattern(), self.change, np.random.default_rng(SEED))
        return self.networks[self.chosen].states(pattern)


class Action(NamedTuple):
    """Something that a key or a button does.

    Attributes
    ----------
    key : str
        As matplotlib calls it.
    label : str
        Of the button.
    do : callable
        Alters the desk.
    chooses : str
        The network that it chooses, if it does.
    """

    key: str
    label: str
    do: Callable[[Desk], None]
    chooses: str = ""


def actions(networks: Mapping[str, Network]) -> list[Action]:
    """Return all that can be done, in rows of four."""
    return [
        Action("c", "clear  c", lambda desk: desk.paper.clear()),
        Action("u", "undo  u", lambda desk: desk.paper.undo()),
        Action("n", "noise  n", partial(_step, "noise", 0.05, _NOISE)),
        Action("m", "less noise  m", partial(_step, "noise", -0.05, _NOISE)),
        Action("left", "left  ←", partial(_step, "right", -1, _SHIFT)),
        Action("right", "right  →", partial(_step, "right", 1, _SHIFT)),
        Action("up", "up  ↑", partial(_step, "down", -1, _SHIFT)),
        Action("down", "down  ↓", partial(_step, "down", 1, _SHIFT)),
        Action("+", "larger  +", partial(_step, "scale", 0.1, _SCALE)),
        Action("-", "smaller  −", partial(_step, "scale", -0.1, _SCALE)),
        Action("t", "turn right  t", partial(_step, "degrees", 5, _TURN)),
        Action("r", "turn left  r", partial(_step, "degrees", -5, _TURN)),
        Action("0", "as drawn  0", _leave),
        *(
            Action(str(number), f"{name}  {number}", partial(_choose, name), name)
            for number, name in enumerate(networks, start=1)
        ),
    ]


def told(change: Change) -> str:
    """Say in a line what is done to the digit."""
    said = [
        f"× {change.scale:.1f}" if change.scale != 1 else "",
        f"{change.degrees:+.0f}°".replace("-", "−") if change.degrees else "",
        _way(change.right, "←", "→"),
        _way(change.down, "↑", "↓"),
        f"{change.noise:.0%} inverted" if change.noise else "",
    ]
    return ",  ".join(word for word in said if word) or "as drawn"


def _way(pixels: float, back: str, on: str) -> str:
    return f"{on if pixels > 0 else back} {abs(pixels):.0f}" if pixels else ""


def _step(name: str, step: float, limits: tuple[float, float], desk: Desk) -> None:
    # Rounded, so that as many steps back lead exactly to where one was.
    value = round(getattr(desk.change, name) + step, 2)
    desk.change = desk.change._replace(**{name: min(max(value, limits[0]), limits[1])})


def _leave(desk: Desk) -> None:
    desk.change = Change()


def _choose(name: str, desk: Desk) -> None:
    desk.chosen = name
