"""C1 to S4 of the network of 1998, read out of the maps that Figs. 13 and 25 print.

Every map is drawn, so each layer follows by regression on the one below: its weights are those
that make the drawn states out of the states below. The states below are computed from the input
with the layers already recovered, for the drawn ones are rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.data.patterns import BACKGROUND
from lenet98.network.tables import lenet5
from lenet98.paper.figures import Greys, fig13, fig25_and_26
from lenet98.questions.unit_fit import Floats, UnitFit, fit_unit, rms

if TYPE_CHECKING:
    from lenet98.network.network import Network

WHITE = 1.7159
"""The state that is drawn white, with all 255 greys; black is as much below zero. Fig. 13."""

GREYS_A_STATE = 127.5 / WHITE
"""Grey levels of print for one unit of state."""

DAMPING: Mapping[str, float] = {"C1": 1e-9, "S2": 1e-9, "C3": 1e-7, "S4": 1e-9}
"""For `fit_unit`. What the drawings leave open is mostly in C3, whose inputs go together."""

LAYERS = tuple(DAMPING)

_TABLE = lenet5()


class Drawing(NamedTuple):
    """One input of a figure, and the maps that were drawn of it.

    Attributes
    ----------
    pattern : ndarray, (32, width)
        Grey levels of the network.
    maps : dict of str to ndarray of uint8, (maps, height, width)
        By name of the layer; those that are drawn.
    drawn : slice
        The columns of the input that are drawn; what is outside is not known.
    """

    pattern: Floats
    maps: Mapping[str, Greys]
    drawn: slice

    @property
    def complete(self) -> bool:
        """Whether all maps are drawn, as of the inputs of Fig. 13, and not some as of Fig. 25."""
        return LAYERS[1] in self.maps


@dataclass(frozen=True)
class Recovered:
    """Layers recovered from drawings.

    Attributes
    ----------
    fits : dict of str to list of UnitFit
        By name of the layer, a fit for each map.
    """

    fits: Mapping[str, Sequence[UnitFit]]

    def states(self, pattern: Floats) -> dict[str, Floats]:
        """Return the maps that the recovered layers answer, (maps, height, width)."""
        answered: dict[str, Floats] = {"input": pattern[None]}
        below = answered["input"]
        for name, fits in self.fits.items():
            below = answered[name] = _maps(name, fits, below)
        return answered

    def residuals(self, drawings: Iterable[Drawing], name: str) -> Floats:
        """Return the root mean square difference of drawn and computed maps, (maps,), in greys."""
        differences = [
            GREYS_A_STATE * known(name, self.states(drawing.pattern)[name], drawing.drawn)
            - (known(name, drawing.maps[name], drawing.drawn) - 127.5)
            for drawing in drawings
            if name in drawing.maps
        ]
        maps = len(differences[0])
        flat = np.concatenate([one.reshape(maps, -1) for one in differences], axis=1)
        return rms(flat, axis=1)


def set_recovered(network: Network, recovered: Recovered) -> None:
    """Set C1 to S4 of a network to what was recovered."""
    for name, fits in recovered.fits.items():
        layer, view = network.architecture.layer(name), network.view(name)
        for m, fit in enumerate(fits):
            own = [k for k, (_, target) in enumerate(layer.pairs) if target == m]
            view.weights[own] = fit.weights.reshape(len(own), *view.weights.shape[1:])
            view.bias[m] = fit.bias


def states_of(greys: Greys) -> Floats:
    """Return the states that grey levels of print stand for."""
    return np.asarray((greys - 127.5) / GREYS_A_STATE, np.float64)


def recover(drawings: Sequence[Drawing], layers: Sequence[str] = LAYERS) -> Recovered:
    """Recover layers, each from the drawings that show it, one above the other.

    What a string shows of C1 has no part: the panels determine C1, and the string tests it.

    Parameters
    ----------
    drawings : sequence of Drawing
    layers : sequence of str
        The first of C1, S2, C3 and S4.

    Returns
    -------
    Recovered
    """
    fits: dict[str, list[UnitFit]] = {}
    below = [drawing.pattern[None] for drawing in drawings]
    for name in layers:
        fits[name] = [_fit_map(name, m, drawings, below) for m in range(_TABLE.layer(name).maps)]
        below = [_maps(name, fits[name], one) for one in below]
    return Recovered(fits)


def _maps(name: str, fits: Sequence[UnitFit], below: Floats) -> Floats:
    return np.stack([fit(seen_by(name, m, below)) for m, fit in enumerate(fits)])


def _fit_map(name: str, m: int, drawings: Sequence[Drawing], below: Sequence[Floats]) -> UnitFit:
    inputs, states = [], []
    for drawing, maps in zip(drawings, below, strict=True):
        if name in drawing.maps and (name != "C1" or drawing.complete):
            seen = known(name, seen_by(name, m, maps)[None], drawing.drawn)[0]
            inputs.append(seen.reshape(-1, seen.shape[-1]))
            states.append(states_of(known(name, drawing.maps[name][m][None], drawing.drawn)))
    joined = np.concatenate([one.ravel() for one in states])
    return fit_unit(np.concatenate(inputs), joined, DAMPING[name], 1 / GREYS_A_STATE)


def seen_by(name: str, m: int, below: Floats) -> Floats:
    """Return what each unit of a map sees, (height, width, inputs): for a coefficient, the sum."""
    layer = _TABLE.layer(name)
    sources = [source for source, target in layer.pairs if target == m]
    if layer.kind == "subsampling":
        four = below[sources[0]].reshape(below.shape[1] // 2, 2, below.shape[2] // 2, 2)
        return np.asarray(four.sum(axis=(1, 3))[..., None])
    windows = np.lib.stride_tricks.sliding_window_view(
        below[sources], (layer.field, layer.field), axis=(1, 2)
    )
    return np.asarray(np.moveaxis(windows, 0, 2).reshape(*windows.shape[1:3], -1))


def known(name: str, maps: npt.NDArray[Any], drawn: slice) -> npt.NDArray[Any]:
    """Return the columns of maps, (maps, height, width, ...), that see drawn columns only."""
    step, field = 1, 1
    for layer in _TABLE.layers:
        field += step * (layer.field - 1)
        step *= 2 if layer.kind == "subsampling" else 1
        if layer.name == name:
            break
    first, behind = -(-drawn.start // step), (drawn.stop - field) // step + 1
    return maps[:, :, first:behind]


def printed_drawings() -> list[Drawing]:
    """Return what Figs. 13 and 25 draw: nine inputs with all maps, and a string with some."""
    from lenet98.data.printed import NOT_DRAWN, fig13_patterns, fig25_and_26_patterns

    panels, strings = fig13(), fig25_and_26()
    drawings = [
        Drawing(
            # In two panels the background is drawn lighter than the network had it: C1 says so.
            np.maximum(pattern, BACKGROUND).astype(np.float64),
            {name: panels.states[name][k] for name in LAYERS},
            slice(0, pattern.shape[1]),
        )
        for k, pattern in enumerate(fig13_patterns())
    ]
    string = fig25_and_26_patterns()[0].astype(np.float64)
    shown = slice(NOT_DRAWN, string.shape[1] - NOT_DRAWN)
    of_string = {name: strings.states[name] for name in ("C1", "C3")}
    return [*drawings, Drawing(string, of_string, shown)]
