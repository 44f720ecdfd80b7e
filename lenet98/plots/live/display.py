"""A window on the display of this machine, or the word that there is none."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from matplotlib import pyplot, rcParams
from matplotlib.backend_bases import FigureManagerBase

from lenet98.errors import DisplayError
from lenet98.network.network import LeNet5, Network
from lenet98.plots.live.desk import Desk
from lenet98.plots.live.window import Window
from lenet98.plots.page.style import plain_settings

SHIPPED: Mapping[str, str] = MappingProxyType(
    {"plain": "mnist", "distorted": "distorted", "noise": "noise"}
)
"""The networks that come with the package and answer one digit: here, and as they are shipped."""

_FIRST = "distorted"


def open_window(networks: Mapping[str, Network] | None = None) -> None:
    """Open a window to draw in, and return when it is closed.

    Parameters
    ----------
    networks : mapping of str to Network, optional
        Those to choose from, of which the first answers until another is chosen; by default the
        shipped ones.

    Raises
    ------
    DisplayError
        There is no display.
    """
    if networks is None:
        networks = {here: LeNet5.pretrained(there) for here, there in SHIPPED.items()}
        desk = Desk(networks, _FIRST)
    else:
        desk = Desk(networks, next(iter(networks)))
    _compile(desk)
    # Of matplotlib's own keys only the one that closes a window is left.
    own: Any = {name: [] for name in rcParams if name.startswith("keymap.")}
    own |= {"keymap.quit": rcParams["keymap.quit"], "toolbar": "None"}
    with plain_settings():
        rcParams.update(own)
        try:
            window = Window(desk, pyplot.figure)
        except (ImportError, RuntimeError, ValueError) as error:
            raise _no_display(rcParams["backend"]) from error
        manager = window.page.canvas.manager
        if manager is None or type(manager) is FigureManagerBase:  # of files, and of no display
            pyplot.close(window.page)
            raise _no_display(pyplot.get_backend())
        manager.set_window_title("LeNet-5 live")
        pyplot.show(block=True)


def _compile(desk: Desk) -> None:
    """Have ready what the first stroke would wait for."""
    desk.paper.begin((0, 0))
    desk.response()
    desk.paper.clear()


def _no_display(backend: str) -> DisplayError:
    return DisplayError(
        f"--draw: expected a display to open a window on, found none (backend {backend}). Run it "
        "on a desktop; or, as over ssh, install tornado, set MPLBACKEND=WebAgg, and open the "
        "address it prints in a browser."
    )
