"""Where each layer lies in flat memory: the form of an architecture that the kernels walk.

All states of a network stand in one vector, and so do all derivatives. A convolution's maps keep
the row pitch of the maps below, so that a correlation is one flat run over all rows; the columns
past the width are never read as states, and hold zero as derivatives. So do the values before the
first map and behind each, as many as a kernel's row is long: the derivatives that a correlation
carries back begin there.

Where many patterns only pass forward, they lie side by side in lanes, value by value: each row of
a map is then a run of its own, without a column too many, that begins where a vector does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.network.architecture import Architecture, Layer, Pair
from lenet98.network.kernels import (
    BLOCK,
    CONVOLUTION,
    DENSE,
    INPUT,
    RBF,
    SUBSAMPLING,
)

CACHE_LINE = 64
"""Bytes."""

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
        ("fan_in", np.int64),  # of a unit that sees all maps below
        ("pairs_at", np.int64),
        ("pairs", np.int64),
        ("groups_at", np.int64),  # of a convolution
        ("groups", np.int64),
    ]
)

Vector = npt.NDArray[np.floating]


class Plan(NamedTuple):
    """An architecture as the kernels read it.

    Attributes
    ----------
    layers : recarray of `LAYER`
        The input first, the RBF layer last.
    pairs : ndarray of int64, (pairs, 2)
        From map and to map, for all layers.
    groups : ndarray of int64, (groups, 5)
        The pairs of the convolutions, two that come from the same map in a group: from map; to
        map and kernel of the one; of the other. Where a map goes to an odd number, the other to
        map of its last group is -1.
    centres : ndarray, (classes, inputs)
        Of the RBF units, in the type of the states; read-only.
    lanes : int
        Patterns side by side.
    """

    layers: Any
    pairs: npt.NDArray[np.int64]
    groups: npt.NDArray[np.int64]
    centres: Vector
    lanes: int


class Objective(NamedTuple):
    """What training makes small.

    Attributes
    ----------
    loss : int
        `MSE` or `MAP`.
    j, scale : float
        Of eq. 9; factor of the penalties.
    """

    loss: int
    j: float
    scale: float


class Way(NamedTuple):
    """The way back: what derivatives are multiplied by, and where they go.

    Attributes
    ----------
    aim : int
        `DESCENT`, `GRADIENT` or `CURVATURE`.
    weights : ndarray, (trainable,)
        What derivatives pass through: the parameters, or their squares.
    steps : ndarray, (trainable,)
        Factor of each derivative.
    result : ndarray, (trainable,)
        What the products are added to. For `DESCENT`, the parameters.
    four_connections : bool
        For `CURVATURE`: whether a subsampling coefficient has the sum of four squares, not the
        square of the sum.
    """

    aim: int
    weights: Vector
    steps: Vector
    result: Vector
    four_connections: bool = False


class Workspace(NamedTuple):
    """What the kernels write while a pattern, or one a lane, passes through the network.

    Attributes
    ----------
    states, deltas : ndarray, (size of the plan,)
        Of each unit: its state x, the derivative of the loss (first or second).
    spare : ndarray, (largest map,)
        Stands in for a map.
    windows : ndarray, (lanes, largest fan-in in whole blocks)
        The inputs of a DENSE unit gathered in one run a lane.
    window_delta : ndarray, (largest fan-in in whole blocks,)
        The derivatives of the first of them.
    kernel_gradients : ndarray, (weights of the largest convolution and of one kernel more,)
    penalty_deltas : ndarray of float64, (columns, classes)
        Derivative of the loss with respect to each penalty.
    """

    states: Vector
    deltas: Vector
    spare: Vector
    windows: Vector
    window_delta: Vector
    kernel_gradients: Vector
    penalty_deltas: npt.NDArray[np.float64]


def lay_out(architecture: Architecture, dtype: npt.DTypeLike, lanes: int = 1) -> Plan:
    """Give every layer of `architecture` its place in flat memory.

    `lanes` is 1, or `LANES` for patterns that only pass forward.
    """
    layers = np.zeros(1 + len(architecture.layers), LAYER).view(np.recarray)
    pairs: list[Pair] = []
    groups: list[tuple[int, int, int, int, int]] = []
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
        flat = here.form == CONVOLUTION and lanes == 1
        here.pitch = below.pitch if flat else layer.width * lanes
        here.weights_at = parameters_at
        here.biases_at = parameters_at + layer.weights
        here.fan_in = layer.maps_below * layer.field**2
        here.pairs_at, here.pairs = len(pairs), len(layer.pairs)
        pairs.extend(layer.pairs)
        if here.form == CONVOLUTION:
            own = _by_twos(layer.pairs)
            here.groups_at, here.groups = len(groups), len(own)
            groups.extend(own)
        parameters_at += layer.trainable
        end = _place(here, end, lanes)
        below = here
    centres = np.ascontiguousarray(architecture.centres, dtype)
    centres.flags.writeable = False
    by_twos = np.array(groups, np.int64).reshape(-1, 5)
    return Plan(layers, np.array(pairs, np.int64), by_twos, centres, lanes)


def workspace(plan: Plan) -> Workspace:
    """Make what one pattern at a time, or one a lane, passes through; gaps hold zero."""
    layers, dtype = plan.layers, plan.centres.dtype
    size = layers[-1].at + layers[-1].extent
    largest_fan_in = _whole_blocks(max(layers.fan_in))
    convolutions = layers[layers.form == CONVOLUTION]
    kernels = (convolutions.pairs + 1) * convolutions.side**2
    return Workspace(
        states=_aligned_zeros(size, dtype),
        deltas=_aligned_zeros(size, dtype),
        spare=_aligned_zeros(max(layers.stride) + BLOCK, dtype),
        windows=_aligned_zeros(plan.lanes * largest_fan_in, dtype).reshape(plan.lanes, -1),
        window_delta=_aligned_zeros(largest_fan_in, dtype),
        kernel_gradients=np.zeros(max(kernels, default=0), dtype),
        penalty_deltas=np.zeros((layers[-1].width, layers[-1].maps)),
    )


def zeros_for_parameters(plan: Plan) -> Vector:
    """Make a zero for each parameter, so placed that C5's weights begin a cache line.

    A third of a step streams them and their rates; across the lines that takes 2.5 us more.
    """
    layers = plan.layers
    dense = layers[layers.form == DENSE]
    first = dense[0].weights_at if len(dense) else 0
    return _aligned_zeros(layers[-1].weights_at, plan.centres.dtype, first)


def _aligned_zeros(size: int, dtype: npt.DTypeLike, first: int = 0) -> Vector:
    """Make zeros of which the first, or another, begins a cache line, as NumPy's need not."""
    room = np.zeros(size + BLOCK, dtype)
    at = room.ctypes.data + first * room.itemsize
    return room[-at % CACHE_LINE // room.itemsize :][:size]


def maps_of(layer: Any, vector: Vector) -> Vector:
    """Copy a layer's part of a flat vector as maps, (maps, height, width)."""
    maps = vector[layer.at : layer.at + layer.maps * layer.stride].reshape(layer.maps, -1)
    rows = maps[:, : layer.height * layer.pitch].reshape(layer.maps, layer.height, layer.pitch)
    return np.array(rows[:, :, : layer.width])


def _form(layer: Layer, rows_below: int) -> int:
    if layer.kind == "rbf":
        return RBF
    if layer.kind == "subsampling":
        return SUBSAMPLING
    return DENSE if layer.complete and layer.field == rows_below else CONVOLUTION


def _by_twos(pairs: Sequence[Pair]) -> list[tuple[int, int, int, int, int]]:
    groups = []
    for source in sorted({source for source, _ in pairs}):
        own = [(to, kernel) for kernel, (other, to) in enumerate(pairs) if other == source]
        if len(own) % 2:
            own.append((-1, own[-1][1]))
        for (to, kernel), (other_to, other_kernel) in zip(own[::2], own[1::2], strict=True):
            groups.append((source, to, kernel, other_to, other_kernel))
    return groups


def _place(here: Any, end: int, lanes: int) -> int:
    """Place a layer behind `end`; return its own end."""
    gap = 0
    if lanes > 1 or here.form in (DENSE, RBF):
        here.runs, here.run = here.height, here.pitch
    else:
        here.runs, here.run = 1, _whole_blocks(here.height * here.pitch)
        if here.form == CONVOLUTION:
            gap = 2 * BLOCK
    here.stride = here.runs * here.run
    here.at = end + gap
    here.extent = _whole_blocks(here.maps * here.stride)
    return int(here.at + here.extent)


def _whole_blocks(values: int) -> int:
    return -(-values // BLOCK) * BLOCK
