"""A pattern from an image file of anybody's own digit."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import IMAGE_SIZE, Bytes
from lenet98.data.normalisation import LARGEST_GREY, normalise
from lenet98.errors import DataError, PatternError
from lenet98.reading.ink import Image, find_ink
from lenet98.storage.files import read_file

MOST_PIXELS = 25_000_000
LEAST_SIDE = 5
"""Pixels."""

LEAST_BLACK = 20
"""Grey levels that the blackest pixel must keep when the image shrinks to a pattern."""

_WORKING_SIDE = 1000
_RED_GREEN_BLUE = np.array([0.299, 0.587, 0.114], np.float32)
_PNG_HEADER = struct.Struct(">8s4x4sII")
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def read_pattern(path: str | Path) -> Bytes:
    """Read an image of one digit as a pattern that a network takes.

    Parameters
    ----------
    path : str or Path
        A PNG, or whatever else matplotlib's reader knows: grey or colour, with or without alpha
        (laid over white), of any bit depth and size from 5x5 to 25 million pixels. Ink may be
        dark or light: the paper is what the frame of the image mostly shows.

    Returns
    -------
    ndarray of uint8, shape (28, 28)
        Grey levels, 0 for the background up to 255 for the blackest ink, size-normalised and
        centred by mass.

    Raises
    ------
    DataError
        If the file cannot be read, is no image, is damaged, or is too large or too small.
    PatternError
        If the image is blank, is not a digit on plain paper, or its strokes are too thin to show.

    Notes
    -----
    Source: Sec. III-A.
    """
    path = Path(path)
    grey = _grey(_working_size(_pixels(path)))
    try:
        return _blackened(normalise(find_ink(grey)))
    except PatternError as error:
        raise PatternError(f"{path}: {error}") from error


def _blackened(pattern: Bytes) -> Bytes:
    """Stretch the grey levels up to full ink, where shrinking made the strokes of a thin pen grey.

    The patterns of MNIST were written with a broad one, and hardly any of them lacks full ink.
    """
    blackest = pattern.max()
    if blackest < LEAST_BLACK:
        raise PatternError(
            f"expected strokes that show in {IMAGE_SIZE}x{IMAGE_SIZE} pixels, found them too thin. "
            "Use a broader pen, and cut away what is not the digit."
        )
    blackened: Bytes = np.rint(pattern * (LARGEST_GREY / blackest)).astype(np.uint8)
    return blackened


def _pixels(path: Path) -> npt.NDArray[Any]:
    def read(stream: BinaryIO) -> npt.NDArray[Any]:
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


def _decode(path: Path, stream: BinaryIO) -> npt.NDArray[Any]:
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


def _working_size(pixels: npt.NDArray[Any]) -> Image:
    """Average blocks of pixels, so that the longer side comes to 1000 or less, and scale to 1."""
    height, width = pixels.shape[:2]
    factor = min(-(-max(height, width) // _WORKING_SIDE), height, width)
    rows, columns = height // factor, width // factor
    whole = pixels[: rows * factor, : columns * factor].reshape(
        rows, factor, columns, factor, *pixels.shape[2:]
    )
    # Matplotlib gives a PNG as reals up to 1, every other format as integers.
    largest = 1 if pixels.dtype.kind == "f" else np.iinfo(pixels.dtype).max
    scaled: Image = whole.mean(axis=(1, 3), dtype=np.float32) / np.float32(largest)
    return scaled


def _grey(colours: Image) -> Image:
    """Lay colours over white; return their grey levels, 0 to 255."""
    if colours.ndim == 2:
        return colours * LARGEST_GREY
    grey = colours[..., :3] @ _RED_GREEN_BLUE
    if colours.shape[2] == 4:
        alpha = colours[..., 3]
        grey = grey * alpha + (1 - alpha)
    return np.asarray(grey * LARGEST_GREY, np.float32)
