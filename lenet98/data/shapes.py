"""One image or many: the shapes in which the same pixels come."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy.typing as npt

from lenet98.data.sizes import IMAGE_SIZE

PIXELS = IMAGE_SIZE * IMAGE_SIZE


class Stack(NamedTuple):
    """Images on top of one another.

    Attributes
    ----------
    images : ndarray, (n, height, width)
    alone : bool
        Whether they were given as one image, and not as a set of one.
    """

    images: npt.NDArray[Any]
    alone: bool


def stacked(array: npt.NDArray[Any], *, flat: bool, one: bool = False) -> Stack | None:
    """Return an array as (n, height, width); None where its shape is of no images.

    Parameters
    ----------
    array : ndarray
        (n, height, width), or with an axis of one grey level a pixel, (n, height, width, 1) or
        (n, 1, height, width); or one image, (height, width) or (height, width, 1).
    flat : bool
        Whether 784 pixels in a row are an image of 28x28.
    one : bool
        Whether it is one image: then a matrix of 784 columns is a wide one.
    """
    shape = array.shape
    if len(shape) == 3 and shape[2] != 1:
        return Stack(array, False)
    rows_of_pixels = len(shape) == 1 or (len(shape) == 2 and (shape[0] == 1 or not one))
    if flat and rows_of_pixels and shape[-1] == PIXELS:
        return Stack(array.reshape(-1, IMAGE_SIZE, IMAGE_SIZE), len(shape) == 1)
    if len(shape) == 4 and shape[3] == 1:
        return Stack(array[..., 0], False)
    if len(shape) == 4 and shape[1] == 1:
        return Stack(array[:, 0], False)
    if len(shape) == 3:
        return Stack(array[None, ..., 0], True)
    return Stack(array[None], True) if len(shape) == 2 else None
