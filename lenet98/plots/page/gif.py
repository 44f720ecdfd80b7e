"""Pictures one after the other, in a file that every page on the web shows."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.colors import to_rgb
from PIL import Image

from lenet98.plots.page import style
from lenet98.storage.files import write_whole

_GREYS, _TINTS = 20, 6


def write_gif(path: Path, pictures: Iterable[npt.NDArray[np.uint8]], seconds: float) -> None:
    """Write pictures as an animation that goes on for ever, whole or not at all.

    Parameters
    ----------
    path : Path
    pictures : iterable of ndarray of uint8, (height, width, 3)
        In greys, and in the two colours of `style.TEST` and `style.TRAINING`.
    seconds : float
        For each picture; a multiple of a hundredth.

    Raises
    ------
    DataError
        The file cannot be written.
    """
    palette = Image.new("P", (1, 1))
    palette.putpalette(_colours())
    first, *others = (
        Image.fromarray(picture).quantize(palette=palette, dither=Image.Dither.NONE)
        for picture in pictures
    )
    content = io.BytesIO()
    first.save(
        content,
        format="GIF",
        save_all=True,
        append_images=others,
        duration=round(1000 * seconds),
        loop=0,
    )
    write_whole(path, content.getvalue())


def _colours() -> list[int]:
    """Return greys from black to white, and each colour from itself towards white."""
    shades = [(level,) * 3 for level in np.linspace(0, 1, _GREYS)]
    for colour in (style.TEST, style.TRAINING):
        for white in np.linspace(0, 1, _TINTS, endpoint=False):
            shades.append(tuple(part + (1 - part) * white for part in to_rgb(colour)))
    return [round(255 * part) for shade in shades for part in shade]
