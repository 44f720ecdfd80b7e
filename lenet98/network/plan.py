"""Where each layer lies in flat memory: the form of an architecture that the kernels walk.

All states of a network stand in one vector, and so do all derivatives. A convolution's maps keep
the row pitch of the maps below, so that a correlation is one flat run over all rows; the columns
past the width are never read as states, and hold zero as derivatives. Behind and before each such
map lies a gap of zeros as long as a receptive field reaches, so that the same correlation with
the kernel reversed carries derivatives back.

Where many patterns only pass forward, they lie side by side in lanes, value by value: each row of
a map is then a run of its own, without a column too many, that begins where a vector does.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.network.architecture import Architecture, Layer

BLOCK = 16
"""Runs are multiples of this many values, one 64-byte vector of float32."""

CACHE_LINE = 64
"""Bytes."""

INPUT, CORRELATION, SUBSAMPLING, DENSE, RBF = range(5)
"""How a layer is computed. DENSE layers see all maps and all rows below, as C5 and F6 do."""

LAYER = np.dtype(
    [
        ("form", np.int64),
        ("maps", np.int64),
        ("side", np.int64),  # of the square receptive field
        ("height", np.int64),
        ("width", np.int64),
        ("pitch", np.int64),  # values from one row of a map to the next
        ("stride", np.int64),  # values from one map to the next
        ("runs", np.int64),  # flat runs that cover a map, a pitch apart,
        ("run", np.int64),  # and the length of each
        ("at", np.int64),  # where the first map begins
        ("extent", np.int64),  # values from there to the end of the last map
        ("weights_at", np.int64),
        ("biases_at", np.int64),
        ("fan_in", np.int64),  # of a DENSE or RBF unit
        ("pairs_at", np.int64),
        ("pairs", np.int64),
    ]
)


class Plan(NamedTuple):
    """An architecture as the kernels read it.

    Attributes
    ----------
    layers : recarray of `LAYER`
        The input first, the RBF layer last.
    pairs : ndarray of int64, (pairs, 2)
        From map and to map, for all layers.
    lanes : tuple of int
        As long as there are patterns side by side. A tuple, because numba compiles the kernels
        anew for every length of one: a single lane costs no loop.
    """

    layers: Any
    pairs: npt.NDArray[np.int64]
    lanes: tuple[int, ...]


class Workspace(NamedTuple):
    """What the kernels write while a pattern, or one a lane, passes through the network.

    Attributes
    ----------
    states, slopes, deltas : ndarray, (size of the plan,)
        Of each unit: its state x, the slope f'(a), the derivative of the loss (first or second).
    windows : ndarray, (lanes, largest fan-in)
        The inputs of a DENSE unit gathered in one run a lane.
    window_delta : ndarray, (largest fan-in,)
        The derivatives of the first of them.
    kernel_gradients : ndarray, (weights of the largest convolution,)
    penalty_deltas : ndarray, (classes,)
        Derivative of the loss with respect to each penalty.
    """

    states: npt.NDArray[np.floating]
    slopes: npt.NDArray[np.floating]
    deltas: npt.NDArray[np.floating]
    windows: npt.NDArray[np.floating]
    window_delta: npt.NDArray[np.floating]
    kernel_gradients: npt.NDArray[np.floating]
    penalty_deltas: npt.NDArray[np.floating]


def lay_out(architecture: Architecture, lanes: int = 1) -> Plan:
    """Give every layer of `architecture` its place in flat memory.

    `lanes` is 1, or a multiple of `BLOCK` for patterns that only pass forward.
    """
    layers = np.zeros(1 + len(architecture.layers), LAYER).view(np.recarray)
    pairs: list[tuple[int, int]] = []
    below = layers[0]
    below.form, below.maps = INPUT, 1
    below.height, below.width = architecture.height, architecture.width
    below.pitch = below.width * lanes
    end = _place(below, 0, lanes)
    parameters_at = 0
    for here, layer in zip(layers[1:], architecture.layers, strict=True):
        here.form = _form(layer, below.height)
        here.maps, here.side = layer.maps, layer.field
        here.height, here.width = layer.height, layer.width
        flat = here.form == CORRELATION and lanes == 1
        here.pitch = below.pitch if flat else layer.width * lanes
        here.weights_at = parameters_at
        here.biases_at = parameters_at + layer.weights
        here.fan_in = layer.maps_below * layer.field**2
        here.pairs_at, here.pairs = len(pairs), len(layer.pairs)
        pairs.extend(layer.pairs)
        parameters_at += layer.trainable
        end = _place(here, end, lanes)
        below = here
    return Plan(layers, np.array(pairs, np.int64), (1,) * lanes)


def workspace(plan: Plan, dtype: npt.DTypeLike) -> Workspace:
    """Make the vectors that one pattern at a time passes through; gaps hold zero."""
    size = plan.layers[-1].at + plan.layers[-1].extent
    largest_fan_in = max(plan.layers.fan_in)
    convolutions = plan.layers[plan.layers.form == CORRELATION]
    return Workspace(
        states=_aligned_zeros(size, dtype),
        slopes=_aligned_zeros(size, dtype),
        deltas=_aligned_zeros(size, dtype),
        windows=np.zeros((len(plan.lanes), largest_fan_in), dtype),
        window_delta=np.zeros(largest_fan_in, dtype),
        kernel_gradients=np.zeros(max(convolutions.pairs * convolutions.side**2), dtype),
        penalty_deltas=np.zeros(plan.layers[-1].maps, np.float64),
    )


def _aligned_zeros(size: int, dtype: npt.DTypeLike) -> npt.NDArray[np.floating]:
    """Make zeros that begin with a cache line, where NumPy would begin anywhere within one."""
    room = np.zeros(size + BLOCK, dtype)
    return room[-room.ctypes.data % CACHE_LINE // room.itemsize :][:size]


def maps_of(layer: Any, vector: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Copy a layer's part of a flat vector as maps, (maps, height, width)."""
    maps = vector[layer.at : layer.at + layer.maps * layer.stride].reshape(layer.maps, -1)
    rows = maps[:, : layer.height * layer.pitch].reshape(layer.maps, layer.height, layer.pitch)
    return np.array(rows[:, :, : layer.width])


def _form(layer: Layer, rows_below: int) -> int:
    if layer.kind == "rbf":
        return RBF
    if layer.kind == "subsampling":
        return SUBSAMPLING
    return DENSE if layer.complete and layer.field == rows_below else CORRELATION


def _place(here: Any, end: int, lanes: int) -> int:
    """Place a layer behind `end`; return its own end."""
    gap = 0
    if lanes > 1 or here.form in (DENSE, RBF):
        here.runs, here.run = here.height, here.pitch
    else:
        here.runs, here.run = 1, _whole_blocks(here.height * here.pitch)
        if here.form == CORRELATION:
            gap = _whole_blocks((here.side - 1) * (here.pitch + 1))
    here.stride = here.runs * here.run + gap
    here.at = end + gap
    here.extent = _whole_blocks(here.maps * here.stride)
    return int(here.at + here.extent)


def _whole_blocks(values: int) -> int:
    return -(-values // BLOCK) * BLOCK
