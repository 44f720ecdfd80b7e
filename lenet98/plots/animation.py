"""One digit changed in six ways, and what every layer says: as the authors showed LeNet-5."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import cos, pi, sin
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lenet98.data.digits import Bytes
from lenet98.plots.page import panel, style
from lenet98.plots.page.gif import write_gif
from lenet98.plots.page.panel import Panel
from lenet98.plots.page.pictures import GREYS, Response, show
from lenet98.questions.study import Bench, study
from lenet98.reproduction.data_sets import TITLES
from lenet98.reproduction.named_runs import DISTORTED
from lenet98.reproduction.reproduction import Folder

if TYPE_CHECKING:
    from lenet98.data.changes import Change
    from lenet98.data.patterns import Patterns
    from lenet98.network.network import Network

CANDIDATES = 100
"""Of the test set: the digit shown is the one of these that is read best."""

SECONDS_A_FRAME = 0.1

_SEED = 1998
_SCALE = 11
"""Dots for each pixel of the digit."""


class Act(NamedTuple):
    """A way to change the digit, there and back.

    Attributes
    ----------
    name : str
    frames : int
    change : callable
        Returns the amounts of the `Change` when a share of the act is over: of 0 and 1, none.
    told : callable
        Says what a change does.
    """

    name: str
    frames: int
    change: Callable[[float], dict[str, float]]
    told: Callable[[Change], str]


def _between(least: float, most: float, share: float, plain: float = 0.0) -> float:
    """Sway from plain to the most, to the least and back."""
    swing = sin(2 * pi * share)
    return plain + swing * (most - plain if swing > 0 else plain - least)


def _way(amount: float, on: str, back: str, unit: str = "") -> str:
    return f"{abs(amount):.0f}{unit} {on if amount >= 0 else back}"


ACTS = (
    Act(
        "move",
        20,
        lambda share: {"right": 6 * sin(2 * pi * share), "down": 5 * sin(4 * pi * share)},
        lambda change: (
            f"moved {_way(change.right, 'right', 'left')}, {_way(change.down, 'down', 'up')}"
        ),
    ),
    Act(
        "scale",
        18,
        lambda share: {"scale": _between(0.5, 1.6, share, plain=1)},
        lambda change: f"{change.scale:.2f} times as large",
    ),
    Act(
        "turn",
        18,
        lambda share: {"degrees": _between(-30, 30, share)},
        lambda change: f"turned {_way(change.degrees, 'right', 'left', '°')}",
    ),
    Act(
        "squeeze",
        16,
        lambda share: {"squeeze": _between(0.6, 1.5, share, plain=1)},
        lambda change: f"{change.squeeze:.2f} times as wide",
    ),
    Act(
        "thicken",
        16,
        lambda share: {"thicker": _between(-0.6, 1.5, share)},
        lambda change: (
            f"strokes {abs(2 * change.thicker):.1f} pixels "
            f"{'thicker' if change.thicker >= 0 else 'thinner'}"
        ),
    ),
    Act(
        "noise",
        16,
        lambda share: {"noise": 0.15 * (1 - cos(2 * pi * share)) / 2},
        lambda change: f"{change.noise:.0%} of the pixels inverted",
    ),
)


class Frame(NamedTuple):
    """A moment of an act.

    Attributes
    ----------
    act : Act
    change : Change
    """

    act: Act
    change: Change


def frames() -> Iterator[Frame]:
    """Yield every moment of every act."""
    from lenet98.data.changes import Change

    for act in ACTS:
        for number in range(act.frames):
            yield Frame(act, Change(**act.change(number / act.frames)))


@study("animation", "one digit changed in six ways, as lenet5.gif", "10 seconds", cells=False)
def animation(bench: Bench) -> str:
    """Choose a digit, draw it changed, and count how many of the others are read as well."""
    from lenet98.network.network import LeNet5

    data = bench.load()
    images, labels = (part[:CANDIDATES] for part in data.digits[2:])
    weights = Folder(bench.folder).weights_of(DISTORTED.name)
    network = LeNet5.load(weights) if weights.exists() else LeNet5.pretrained("distorted")
    film = [*frames()]
    patterns = np.stack([_changed(image, film) for image in images])
    answers = network.classify(patterns.reshape(-1, *patterns.shape[2:]))
    right = answers.reshape(len(images), len(film)) == labels[:, None]
    best = int(right.sum(axis=1).argmax())
    bench.tell(f"Drawing {len(film)} frames of test pattern {best}.")
    pictures = draw_frames(film, patterns[best], int(labels[best]), network, data.name)
    write_gif(bench.folder / "lenet5.gif", pictures, SECONDS_A_FRAME)
    return _table(film, right, best)


def _changed(image: Bytes, film: Sequence[Frame]) -> Patterns:
    from lenet98.data.changes import changed

    # The same pixels are inverted in every frame, more and more of them.
    return np.stack([changed(image, frame.change, np.random.default_rng(_SEED)) for frame in film])


def draw_frames(
    film: Sequence[Frame], patterns: Patterns, label: int, network: Network, data: str
) -> Iterator[npt.NDArray[np.uint8]]:
    """Draw the frames of one digit.

    Parameters
    ----------
    film : sequence of Frame
    patterns : ndarray of float32, (frames, 32, 32)
    label : int
        What the digit is; an answer that is another has another colour.
    network : Network
    data : str
        One of `lenet98.reproduction.data_sets.TITLES`.

    Yields
    ------
    ndarray of uint8, (height, width, 3)
        Red, green and blue.
    """
    stage = _Stage(network.states(patterns[0]), data)
    for frame, pattern in zip(film, patterns, strict=True):
        response = network.states(pattern)
        right = int(response["OUTPUT"].argmin()) == label
        yield stage.draw(frame, response, style.TEST if right else style.TRAINING)


class _Stage:
    """The page on which all frames are drawn: what changes, over what does not."""

    def __init__(self, response: Response, data: str) -> None:
        self._page = style.styled(self._laid_out)(response, data)
        canvas: Any = FigureCanvasAgg(self._page)
        texts = (self._told, *self._names.values())
        self._changing = (self._input, *texts, *self._panel.artists)
        for artist in self._changing:
            artist.set_animated(True)
        with style.plain_settings():
            canvas.draw()
        self._canvas, self._unchanging = canvas, canvas.copy_from_bbox(self._page.bbox)

    def _laid_out(self, response: Response, data: str) -> Figure:
        side = response["input"].shape[-1] * _SCALE
        page = style.page(
            f"LeNet-5 reads one digit, changed in six ways, {TITLES[data]}",
            "Black: the most a unit can say; white: the least. "
            "The least penalty answers: blue, right; orange, wrong.",
            panel.HEIGHT + style.MARGIN // 2,
        )
        left = style.MARGIN
        frame = style.place(page, left - 1, -1, side + 2, side + 2)
        frame.set(xticks=[], yticks=[])
        for spine in frame.spines.values():
            spine.set(visible=True, color=style.FAINT)
        self._input = show(page, response["input"][0], left, 0, _SCALE, GREYS).images[0]
        self._told = style.write(page, left, side + 24, "", size=9, weight="bold")
        apart = side / len(ACTS)
        self._names = {
            act: style.write(
                page,
                left + (place + 0.5) * apart,
                side + 52,
                act.name,
                ha="center",
                size=style.TINY,
            )
            for place, act in enumerate(ACTS)
        }
        self._panel = Panel(
            page, response, style.WIDTH - style.MARGIN - panel.WIDTH, 0, (left, side + 108)
        )
        return page

    def draw(self, frame: Frame, response: Response, colour: str) -> npt.NDArray[np.uint8]:
        """Draw one frame."""
        self._input.set_data(response["input"][0])
        self._told.set_text(frame.act.told(frame.change))
        for act, name in self._names.items():
            name.set_color(style.INK if act is frame.act else style.FAINT)
        self._panel.show(response, colour)
        self._canvas.restore_region(self._unchanging)
        with style.plain_settings():
            for artist in self._changing:
                self._page.draw_artist(artist)
        return np.array(self._canvas.buffer_rgba())[..., :3]


def _table(film: Sequence[Frame], right: npt.NDArray[np.bool_], shown: int) -> str:
    """Set beside one another what of the digit shown, and of all, is read right."""
    of_act = np.array([ACTS.index(frame.act) for frame in film])
    shares = [
        (right[shown, of_act == k].mean(), right[:, of_act == k].mean()) for k in range(len(ACTS))
    ]
    rows = [
        f"| {act.name} | {of_shown:.0%} | {of_all:.0%} |"
        for act, (of_shown, of_all) in zip(ACTS, shares, strict=True)
    ]
    head = (
        f"Frames of `lenet5.gif` that are read right: of test pattern {shown}, which it shows "
        f"since it is read best, and of the first {len(right)}.",
        "",
        f"| changed by | pattern {shown} | first {len(right)} |",
        "|---|---|---|",
    )
    return "\n".join([*head, *rows]) + "\n"
