"""Pixels from an image file of any kind, upright."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import numpy.typing as npt

from lenet98.data.sizes import LARGEST_GREY
from lenet98.errors import DataError
from lenet98.storage.files import read_file

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

Pixels = npt.NDArray[Any]

MOST_PIXELS = 25_000_000
LEAST_SIDE = 5
"""Pixels."""

_DEEP_BITS = (8, 10, 12, 14, 16, 24, 32)
"""Of the samples of cameras and scanners; a file with room for more may hold any of them."""

_DEEP_MODES = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
"""Pillow's names for one sample a pixel of more than eight bits."""


def read_pixels(path: Path) -> Pixels:
    """Decode an image file.

    Parameters
    ----------
    path : Path
        A PNG, or whatever else Pillow knows, from 5x5 to 25 million pixels.

    Returns
    -------
    ndarray, (height, width) or (height, width, 3 or 4)
        Grey levels as uint8 or, of more than eight bits, as float32, or red, green, blue and
        alpha as uint8; 0 to 255. Turned upright where the file says how (EXIF).

    Raises
    ------
    DataError
        If the file cannot be read, is no image, is damaged, or is too large or too small.
    """
    return read_file(path, lambda stream: _decoded(path, stream))


def _check_size(path: Path, height: int, width: int) -> None:
    if min(height, width) < LEAST_SIDE or height * width > MOST_PIXELS:
        raise DataError(
            f"{path}: expected {LEAST_SIDE}x{LEAST_SIDE} to {MOST_PIXELS:,} pixels, "
            f"found {width}x{height}. Scale the image."
        )


def _decoded(path: Path, stream: BinaryIO) -> Pixels:
    # Here and not above: who classifies patterns of his own needs no Pillow.
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(stream)
            # By its header, before it fills the memory.
            _check_size(path, image.height, image.width)
            return _pixels_of(ImageOps.exif_transpose(image))
    except DataError:
        raise
    # Decoders meet damaged files with exceptions of every kind.
    except Exception as error:
        raise DataError(
            f"{path}: expected an image, found a file that cannot be read as one "
            f"({type(error).__name__}). Save the image as PNG again."
        ) from error


def _pixels_of(image: PillowImage) -> Pixels:
    if image.mode in _DEEP_MODES:
        return _of_eight_bits(np.asarray(image))
    if image.mode == "1":
        return np.asarray(image.convert("L"))
    if image.has_transparency_data:
        return np.asarray(image.convert("RGBA"))
    return np.asarray(image if image.mode == "L" else image.convert("RGB"))


def _of_eight_bits(samples: Pixels) -> npt.NDArray[np.float32]:
    """Scale samples of unknown depth: the least common one that holds them all; reals up to 1."""
    samples = samples.astype(np.float64)
    if not np.isfinite(samples).all():
        raise ValueError("not a number")
    samples -= min(samples.min(), 0)
    depths = [1.0] if samples.max() <= 1 else [2.0**bits - 1 for bits in _DEEP_BITS]
    largest = next((depth for depth in depths if samples.max() <= depth), samples.max())
    return (samples * (LARGEST_GREY / largest)).astype(np.float32)
