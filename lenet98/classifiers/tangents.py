"""Tangent planes of images, and the distance between two of them (Sec. III-C.10)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from lenet98.storage.cache import cached_njit

Images = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Squares = npt.NDArray[np.float64]

TANGENTS = 7
"""Translations right and down, scaling, rotation, two hyperbolic deformations, line thickness."""

PRODUCTS = 6 + 1 + TANGENTS * (TANGENTS + 2) + TANGENTS * (TANGENTS + 1) // 2
"""For each pixel of a pair: six for tangents, the others of sums over pixels."""

_NEGLIGIBLE = 1e-5
"""Part of a squared length; what is left of a tangent below it is no direction of its own."""

# Sums of float32 in vectors. Neither "nnan" nor "ninf": a NaN must stay visible.
_compiled = cached_njit(nogil=True, fastmath={"contract", "reassoc", "nsz"})


def smoothed(images: Images, width: float) -> Images:
    """Smooth square images by a Gaussian, so that they can be differentiated.

    Parameters
    ----------
    images : ndarray of float32, (n, size, size)
        Around them is background, 0.
    width : float
        Standard deviation, in pixels.

    Returns
    -------
    ndarray of float32, (n, size, size)
    """
    size = images.shape[1]
    away = np.arange(1 - size, size)
    bell = np.exp(-((away / width) ** 2) / 2)
    places = np.arange(size)
    weights = (bell / bell.sum())[places[:, None] - places + size - 1].astype(np.float32)
    return np.asarray(weights @ images @ weights, np.float32)


@_compiled
def tangent_squares(image: Images, known: Images, chosen: Numbers) -> Squares:
    """Return squared distances between the tangent plane of an image and those of others.

    Parameters
    ----------
    image : ndarray of float32, (size, size)
    known : ndarray of float32, (patterns, size, size)
    chosen : ndarray of int64, (n,)
        Which of them.

    Returns
    -------
    ndarray of float64, (n,)
        Of images a and b, the least of |(a + own changes) - (b + other changes)|^2 over all
        combinations of the tangents of either, at most |a - b|^2.
    """
    own = _tangents(image)
    _orthonormalise(own)
    squares = np.empty(len(chosen))
    for n in range(len(chosen)):
        other = known[chosen[n]]
        difference = (image - other).ravel()
        squares[n] = _between(own, _tangents(other), difference)
    return squares


@_compiled
def _tangents(image: Images) -> Images:
    """Return the derivatives of an image by each of its changes, (7, pixels)."""
    size = len(image)
    centre = np.float32((size - 1) / 2)
    half = np.float32(0.5)
    bordered = np.zeros((size + 2, size + 2), np.float32)
    for row in range(size):
        for column in range(size):
            bordered[row + 1, column + 1] = image[row, column]
    tangents = np.empty((TANGENTS, size, size), np.float32)
    for row in range(size):
        y = np.float32(row) - centre
        for column in range(size):
            x = np.float32(column) - centre
            right = half * (bordered[row + 1, column + 2] - bordered[row + 1, column])
            down = half * (bordered[row + 2, column + 1] - bordered[row, column + 1])
            tangents[0, row, column] = right
            tangents[1, row, column] = down
            tangents[2, row, column] = x * right + y * down
            tangents[3, row, column] = y * right - x * down
            tangents[4, row, column] = x * right - y * down
            tangents[5, row, column] = y * right + x * down
            tangents[6, row, column] = right * right + down * down
    return tangents.reshape(TANGENTS, size * size)


@_compiled
def _dot(one: Images, other: Images) -> float:
    total = np.float32(0)
    for pixel in range(len(one)):
        total += one[pixel] * other[pixel]
    return float(total)


@_compiled
def _orthonormalise(tangents: Images) -> None:
    """Make them of length 1 and at right angles; one that is no direction of its own is 0."""
    for i in range(TANGENTS):
        before = _dot(tangents[i], tangents[i])
        for _twice_for_rounding in range(2):
            for j in range(i):
                part = np.float32(_dot(tangents[i], tangents[j]))
                for pixel in range(tangents.shape[1]):
                    tangents[i, pixel] -= part * tangents[j, pixel]
        left = _dot(tangents[i], tangents[i])
        scale = np.float32(1 / math.sqrt(left) if left > _NEGLIGIBLE * before else 0.0)
        for pixel in range(tangents.shape[1]):
            tangents[i, pixel] *= scale


@_compiled
def _between(own: Images, other: Images, difference: Images) -> float:
    """Return what is left of a difference at right angles to both planes, squared.

    Own tangents are orthonormal. The others' Gram matrix, less what lies in the own plane, is
    factored row by row (Cholesky), and the difference with it.
    """
    square = _dot(difference, difference)
    along = np.empty(TANGENTS)
    for i in range(TANGENTS):
        along[i] = _dot(own[i], difference)
        square -= along[i] ** 2
    shared = np.empty((TANGENTS, TANGENTS))
    factor = np.empty((TANGENTS, TANGENTS))
    inverse = np.empty(TANGENTS)
    parts = np.empty(TANGENTS)
    for i in range(TANGENTS):
        part = _dot(other[i], difference)
        for k in range(TANGENTS):
            shared[i, k] = _dot(other[i], own[k])
            part -= shared[i, k] * along[k]
        length = left = _dot(other[i], other[i])
        for k in range(TANGENTS):
            left -= shared[i, k] ** 2
        for j in range(i):
            product = _dot(other[i], other[j])
            for k in range(TANGENTS):
                product -= shared[i, k] * shared[j, k]
            for k in range(j):
                product -= factor[i, k] * factor[j, k]
            factor[i, j] = product * inverse[j]
            left -= factor[i, j] ** 2
            part -= factor[i, j] * parts[j]
        inverse[i] = 1 / math.sqrt(left) if left > _NEGLIGIBLE * length else 0.0
        parts[i] = part * inverse[i]
        square -= parts[i] ** 2
    return float(max(square, 0.0))
