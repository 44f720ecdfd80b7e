"""Grey levels from an image file of any kind."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from lenet98.data.normalisation import LARGEST_GREY
from lenet98.errors import DataError
from lenet98.reading.ink import Image
from lenet98.storage.files import read_file

Pixels = npt.NDArray[Any]

MOST_PIXELS = 25_000_000
LEAST_SIDE = 5
"""Pixels."""

_RED_GREEN_BLUE = np.array([0.299, 0.587, 0.114], np.float32)
_PNG_HEADER = struct.Struct(">8s4x4sII")
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def read_pixels(path: Path) -> Pixels:
    """Decode an image file.

    Parameters
    ----------
    path : Path
        A PNG, or whatever else matplotlib's reader knows, from 5x5 to 25 million pixels.

    Returns
    -------
    ndarray, (height, width) or (height, width, colours)
        As matplotlib gives it: a PNG as reals up to 1, every other format as integers.

    Raises
    ------
    DataError
        If the file cannot be read, is no image, is damaged, or is too large or too small.
    """

    def read(stream: BinaryIO) -> Pixels:
        _check_png_size(path, stream)
        return _decode(path, stream)

    pixels = read_file(path, read)
    _check_size(path, pixels.shape[0], pixels.shape[1])
    return pixels


def _check_png_size(path: Path, stream: BinaryIO) -> None:
    """Refuse by its header a PNG that would fill the memory; other formats have their own guard."""
    header = stream.read(_PNG_HEADER.size)
    stream.seek(0)
    if len(header) == _PNG_HEADER.size:
        magic, chunk, width, height = _PNG_HEADER.unpack(header)
        if (magic, chunk) == (_PNG_MAGIC, b"IHDR"):
            _check_size(path, height, width)


def _check_size(path: Path, height: int, width: int) -> None:
    if min(height, width) < LEAST_SIDE or height * width > MOST_PIXELS:
        raise DataError(
            f"{path}: expected {LEAST_SIDE}x{LEAST_SIDE} to {MOST_PIXELS:,} pixels, "
            f"found {width}x{height}. Scale the image."
        )


def _decode(path: Path, stream: BinaryIO) -> Pixels:
    # Here and not above: who classifies patterns of his own needs no matplotlib.
    from matplotlib.image import imread

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.filterwarnings("error", message="Image size")
            # Without a format named, the content decides and not the ending of the name.
            return imread(stream, format="")
    # Decoders meet damaged files with exceptions of every kind.
    except Exception as error:
        raise DataError(
            f"{path}: expected an image, found a file that cannot be read as one "
            f"({type(error).__name__}). Save the image as PNG again."
        ) from error


def grey_of(pixels: Pixels, factor: int) -> Image:
    """Average blocks of pixels, laid over white, to grey levels.

    Parameters
    ----------
    pixels : ndarray, (height, width) or (height, width, colours)
        As of `read_pixels`.
    factor : int
        Pixels on a side of a block, at most the shorter side of the image; what is left over at
        its right and lower edges is cut off.

    Returns
    -------
    ndarray of float32, (height // factor, width // factor)
        Grey levels from 0, black, to 255, white.
    """
    rows, columns = pixels.shape[0] // factor, pixels.shape[1] // factor
    whole = pixels[: rows * factor, : columns * factor].reshape(
        rows, factor, columns, factor, *pixels.shape[2:]
    )
    largest = 1 if pixels.dtype.kind == "f" else np.iinfo(pixels.dtype).max
    scaled: Image = whole.mean(axis=(1, 3), dtype=np.float32) / np.float32(largest)
    return _grey(scaled)


def _grey(colours: Image) -> Image:
    """Lay colours over white; return their grey levels, 0 to 255."""
    if colours.ndim == 2:
        return colours * LARGEST_GREY
    grey = colours[..., :3] @ _RED_GREEN_BLUE
    if colours.shape[2] == 4:
        alpha = colours[..., 3]
        grey = grey * alpha + (1 - alpha)
    return np.asarray(grey * LARGEST_GREY, np.float32)
