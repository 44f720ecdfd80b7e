"""The errors a user can cause; each message says what was expected, what was found, what to do."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import TypeGuard


class Lenet98Error(Exception):
    """Base of every expected error; the command line shows its message without a traceback.

    Examples
    --------
    >>> from lenet98 import LeNet5, Lenet98Error
    >>> try:
    ...     LeNet5.pretrained("1989")
    ... except Lenet98Error as error:
    ...     print(error)
    name is '1989'; expected one of 1998, distorted, mnist, noise, strings
    """


class ConfigurationError(Lenet98Error, ValueError):
    """An option or a setting is out of its range, unknown, or contradicts another."""


class DataError(Lenet98Error):
    """A data set is missing, or a file of it is not what it should be."""


class MnistNotFoundError(DataError):
    """MNIST is not on this machine and could not be fetched; not raised for a damaged MNIST."""


class PatternError(Lenet98Error, ValueError):
    """An array given as images, patterns or labels has the wrong shape, type or content."""


class NoInkError(PatternError):
    """An image shows paper only."""


class NotFittedError(Lenet98Error):
    """A classifier is asked before it was fitted."""


class DisplayError(Lenet98Error):
    """There is no display for a window."""


class ClusterError(Lenet98Error):
    """A cluster cannot be reached, or its machines cannot compute what is asked of them."""


class ArchiveError(Lenet98Error):
    """A file of arrays cannot be read, or is too large to be written."""


class CheckpointError(Lenet98Error):
    """A checkpoint cannot be read, or belongs to another run than the one to go on with."""


class WeightsError(Lenet98Error):
    """A file of weights cannot be read, or belongs to another network."""


class DivergenceError(Lenet98Error, ArithmeticError):
    """Training left the finite numbers."""


def require(name: str, value: object, holds: bool, expected: str) -> None:
    """Refuse a setting that does not hold.

    Raises
    ------
    ConfigurationError
    """
    if not holds:
        raise ConfigurationError(f"{name} is {value!r}; expected {expected}")


def require_whole(name: str, value: object, least: int) -> None:
    """Refuse a setting that is no whole number, or less than `least`.

    Raises
    ------
    ConfigurationError
    """
    whole = isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least
    require(name, value, whole, f"a whole number, {least} or more")


def require_positive(name: str, value: object, most: float = math.inf) -> None:
    """Refuse a setting that is no number above 0, or not below `most`.

    Raises
    ------
    ConfigurationError
    """
    below = "" if most == math.inf else f" below {most:g}"
    require(name, value, is_finite(value) and 0 < value < most, f"a positive number{below}")


def require_share(name: str, value: object) -> None:
    """Refuse a setting that is no number from 0 to 1.

    Raises
    ------
    ConfigurationError
    """
    require(name, value, is_finite(value) and 0 <= value <= 1, "a number from 0 to 1")


def is_finite(value: object) -> TypeGuard[float]:
    """Return whether a setting is a real number, neither infinite nor a NaN."""
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
