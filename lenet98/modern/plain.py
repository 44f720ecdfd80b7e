"""The blocks as functions of plain arrays: correlate, pool, and the activation functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lenet98.data.arrays import as_array, found
from lenet98.errors import ConfigurationError, PatternError
from lenet98.modern.activation import Function, activate
from lenet98.modern.convolution import Convolution
from lenet98.modern.pooling import AveragePooling, MaxPooling
from lenet98.modern.row import Row, Weights
from lenet98.modern.shape import Shape
from lenet98.modern.windows import Padding

Maps = npt.NDArray[np.floating]


def correlate(
    maps: npt.ArrayLike, kernels: npt.ArrayLike, stride: int = 1, padding: Padding = 0
) -> Maps:
    """Return the maps that kernels make of maps: what a convolution computes, without a bias.

    Each value is the sum over all maps below of a kernel times the square that it stands on; the
    kernel is not turned over, which mathematics calls cross-correlation.

    Parameters
    ----------
    maps : array_like, (from, height, width)
    kernels : array_like, (to, from, side, side)
    stride : int
        By which a kernel moves.
    padding : {"valid", "same"} or int
        Zeros all round the maps: none; side - 1, half before and half after, which at stride 1
        keeps their size; or so many on each side.

    Returns
    -------
    ndarray, (to, height, width)
        In float32 if both are float32, in float64 otherwise.

    Raises
    ------
    PatternError
        The maps or the kernels are none, or do not fit.
    ConfigurationError
        The stride or the padding is none, or the kernels are larger than the maps.

    Examples
    --------
    >>> maps = np.arange(16.0).reshape(1, 4, 4)
    >>> edges = np.array([[[[-1.0, 1.0], [-1.0, 1.0]]]])
    >>> correlate(maps, edges)[0].tolist()
    [[2.0, 2.0, 2.0], [2.0, 2.0, 2.0], [2.0, 2.0, 2.0]]
    """
    x, w = _as_reals(maps, "maps", 3), _as_reals(kernels, "kernels", 4)
    whole = padding if isinstance(padding, int) else 0
    if padding != "same" and min(x.shape[1:]) + 2 * whole < max(w.shape[2:]):
        raise ConfigurationError(
            f"expected kernels no larger than the maps, {x.shape[1]} x {x.shape[2]}, and their "
            f"padding, {padding!r}; found {w.shape[2]} x {w.shape[3]}. "
            "Give smaller kernels, larger maps or more padding."
        )
    if w.shape[1] != len(x) or w.shape[2] != w.shape[3]:
        raise PatternError(
            f"expected kernels as (to, {len(x)}, side, side), from as many maps as there are; "
            f"found {found(kernels, w)}"
        )
    dtype = np.result_type(x, w)
    row = Convolution(len(w), w.shape[2], stride, padding)
    return _computed(row, x.astype(dtype), Weights(w.astype(dtype), np.zeros(len(w), dtype)))


def max_pool(maps: npt.ArrayLike, size: int, stride: int | None = None) -> Maps:
    """Return the greatest value of each square.

    Parameters
    ----------
    maps : array_like, (maps, height, width)
    size : int
        Side of the square.
    stride : int, optional
        By which it moves; by its side where none is given. What no whole square reaches, below and
        at the right, is left out.

    Returns
    -------
    ndarray, (maps, height, width)
        In float32 if the maps are, in float64 otherwise.

    Raises
    ------
    PatternError
        The maps are none.
    ConfigurationError
        The size or the stride is none, or the square is larger than the maps.

    Examples
    --------
    >>> max_pool(np.arange(16).reshape(1, 4, 4), 2)[0].tolist()
    [[5.0, 7.0], [13.0, 15.0]]
    """
    return _computed(MaxPooling(size, stride), _as_reals(maps, "maps", 3), _NO_WEIGHTS)


def average_pool(maps: npt.ArrayLike, size: int, stride: int | None = None) -> Maps:
    """Return the average of each square; parameters, result and errors are those of `max_pool`.

    Examples
    --------
    >>> average_pool(np.arange(16).reshape(1, 4, 4), 2)[0].tolist()
    [[2.5, 4.5], [10.5, 12.5]]
    """
    return _computed(AveragePooling(size, stride), _as_reals(maps, "maps", 3), _NO_WEIGHTS)


def relu(x: npt.ArrayLike) -> Maps:
    """Return x where it is positive, and 0 where it is not; of an array of any shape.

    What is no number stays none.

    Examples
    --------
    >>> relu([-1.0, 0.0, 2.5]).tolist()
    [0.0, 0.0, 2.5]
    """
    return _activated("relu", x)


def sigmoid(x: npt.ArrayLike) -> Maps:
    """Return 1 / (1 + exp(-x)), to 1e-7 in float32 and 1e-16 otherwise; of an array of any shape.

    Examples
    --------
    >>> sigmoid([-1000.0, 0.0]).tolist()
    [0.0, 0.5]
    """
    return _activated("sigmoid", x)


def tanh(x: npt.ArrayLike) -> Maps:
    """Return the hyperbolic tangent, of an array of any shape.

    Examples
    --------
    >>> tanh([0.0, 1000.0]).tolist()
    [0.0, 1.0]
    """
    return _activated("tanh", x)


def squash(x: npt.ArrayLike) -> Maps:
    """Return the paper's squashing function A tanh(S x), of an array of any shape.

    Source: Sec. II-B, eq. 6; App. A.

    Examples
    --------
    >>> squash([-1.0, 0.0, 1.0]).round(3).tolist()
    [-1.0, 0.0, 1.0]
    """
    return _activated("squash", x)


_NO_WEIGHTS = Weights(np.empty(0), np.empty(0))


def _computed(row: Row, maps: Maps, weights: Weights) -> Maps:
    """Return what a row gives for one pattern."""
    shape = Shape(*maps.shape)
    row.above(shape)
    block = row.block(shape, 1, maps.dtype)
    return block.forward(maps[..., None], weights, training=False)[..., 0]


def _activated(function: Function, x: npt.ArrayLike) -> Maps:
    weighted = _as_reals(x, "x", None)
    states = np.empty_like(weighted)
    activate(function, weighted, states)
    return states


def _as_reals(values: npt.ArrayLike, name: str, dimensions: int | None) -> npt.NDArray[Any]:
    """Return real numbers as a whole array of float32, or else of float64."""
    array = as_array(values, name)
    shaped = dimensions is None or (array.ndim == dimensions and array.size > 0)
    if array.dtype.kind not in "iufb" or not shaped:
        expected = "" if dimensions is None else f" of {dimensions} axes, none of them empty"
        raise PatternError(
            f"expected {name} as real numbers{expected}; found {found(values, array)}"
        )
    kept = array.dtype if array.dtype == np.float32 else np.dtype(np.float64)
    return np.asarray(array, kept, order="C")
