"""A picture of one digit, read."""

from __future__ import annotations

from pathlib import Path

from lenet98.network.network import LeNet5
from lenet98.reading.answers import DigitReading
from lenet98.reading.doubt import judged
from lenet98.reading.handwriting import read_pattern


def read_digit(path: str | Path, network: LeNet5 | None = None) -> DigitReading:
    """Read a picture of one digit.

    Parameters
    ----------
    path : str or Path
        As `lenet98.reading.handwriting.read_pattern` takes it.
    network : LeNet5, optional
        By default ``LeNet5.pretrained("distorted")``.

    Returns
    -------
    DigitReading

    Raises
    ------
    DataError
        If the file cannot be read, is no image, is damaged, or is too large or too small.
    PatternError
        If the image is blank, or shows shades alone, or several digits.

    Notes
    -----
    Source: Sec. III-A, III-D.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from matplotlib.image import imsave
    >>> from lenet98 import draw_digits, read_digit
    >>> (picture,), _ = draw_digits(n_train=1, n_test=1)[2:]
    >>> with TemporaryDirectory() as folder:
    ...     imsave(f"{folder}/digit.png", picture, cmap="gray")
    ...     reading = read_digit(f"{folder}/digit.png")
    >>> reading.digit, reading.unsure
    (1, False)
    """
    return judged(read_pattern(path), network or LeNet5.pretrained("distorted"))
