"""Whatever NumPy takes as an array, and what an error says of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lenet98.errors import PatternError


def as_array(values: npt.ArrayLike, name: str) -> npt.NDArray[Any]:
    """Return what NumPy makes of an array, a list, a tensor, an image or a table.

    Parameters
    ----------
    values : array_like
        Read where they are, if they can be.
    name : str
        What to call them in a message.

    Raises
    ------
    PatternError
        NumPy takes them for no array of one shape.
    """
    try:
        return np.asarray(values)
    # Every library has its own reasons, and its own errors, to refuse.
    except Exception as error:
        raise PatternError(
            f"{name}: expected what NumPy takes as an array of one shape; "
            f"found {type(values).__name__}: {str(error).splitlines()[0]}"
        ) from error


def found(values: object, array: npt.NDArray[Any]) -> str:
    """Return how a message tells of values: their own kind, type and shape.

    Examples
    --------
    >>> found([1, 2], np.array([1, 2], np.int32))
    'list, int32 (2,)'
    """
    kind = "" if isinstance(values, np.ndarray | np.generic) else f"{type(values).__name__}, "
    return f"{kind}{array.dtype} {array.shape}"


def spelled(values: object, name: str) -> str:
    """Return how to spell values in arithmetic that mends them.

    Examples
    --------
    >>> spelled([[0, 1]], "images")
    'np.asarray(images)'
    """
    return name if hasattr(values, "dtype") else f"np.asarray({name})"
