"""A string of digits, read by the network replicated over its columns (Sec. VII)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lenet98.data.flanking import SLOT
from lenet98.data.patterns import BACKGROUND, as_images, framed
from lenet98.errors import PatternError
from lenet98.network.network import LeNet5, Network
from lenet98.reading.answers import CHARACTERS, RUBBISH_PENALTY, StringReading, text_of
from lenet98.reading.viterbi import least_path


def read_string(pattern: npt.ArrayLike, network: Network | None = None) -> StringReading:
    """Read a string of digits.

    Parameters
    ----------
    pattern : array_like, (32, width)
        Grey levels of ink, 0 for the background to 255, or real ones as the network takes them,
        from -0.1 to 1.175; an array, a list, a tensor or an image, as
        `lenet98.data.patterns.as_images` takes one. At least 32 columns. A first slot's middle is
        column 16, so leave background before the first digit. The right edge is filled up with
        background to a whole slot.
    network : Network, optional
        By default ``LeNet5.pretrained("strings")``.

    Returns
    -------
    StringReading

    Raises
    ------
    PatternError
        The pattern is none of that shape, holds a NaN or an infinity, or is of other grey levels.

    Notes
    -----
    Source: Sec. VII.

    Examples
    --------
    >>> read_string(np.full((32, 64), -0.1)).text
    ''
    """
    network = network or LeNet5.pretrained("strings")
    rows, least = network.architecture.height, network.architecture.width
    pixels = as_images(pattern, rows, name="pattern", one=True).pixels
    patterns = framed(pixels, rows, network.parameters.dtype)
    if patterns.shape[2] < least:
        raise PatternError(
            f"expected a string at least {least} pixels wide, as one digit is; "
            f"found {patterns.shape[2]}. Set it into a wider background."
        )
    return read_strings(patterns, network)[0]


def read_strings(
    patterns: npt.NDArray[np.floating], network: Network, *, rubbish: float = RUBBISH_PENALTY
) -> list[StringReading]:
    """Read strings of one width, each as `read_string` does.

    Parameters
    ----------
    patterns : ndarray, (n, 32, width)
    network : Network
    rubbish : float
        Penalty of the blank where the network has no class for it.
    """
    missing = -(patterns.shape[2] - network.architecture.width) % SLOT
    whole = np.pad(patterns, ((0, 0), (0, 0), (0, missing)), constant_values=BACKGROUND)
    penalties = network.penalties(whole)
    return [_reading(of_one, rubbish) for of_one in penalties.reshape(*penalties.shape[:2], -1)]


def _reading(penalties: npt.NDArray[np.floating], rubbish: float) -> StringReading:
    characters, blanks = penalties[:CHARACTERS], penalties[CHARACTERS:]
    blank = blanks[0] if len(blanks) else np.full(penalties.shape[1], rubbish)
    path = least_path(characters, blank)
    return StringReading(
        text_of(path.labels), path.margin, path.penalty, path.labels, characters, blank
    )
