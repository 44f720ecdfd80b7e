"""Banks of kernels for a picture: such as see edges, what LeNet-5's C1 learned, and yours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.errors import DataError
from lenet98.storage.files import read_file

MOST = 32
"""Kernels in a bank: as many as one can look at."""

_STEP = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])  # of Sobel
_DIAGONAL = np.array([[0.0, 1, 2], [-1, 0, 1], [-2, -1, 0]])
_POINT = np.array([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]])


class Bank(NamedTuple):
    """Kernels, and what they are called.

    Attributes
    ----------
    names : sequence of str
    kernels : ndarray, (kernels, maps of the picture, side, side)
    of_ink : bool
        Whether they take what is dark for 1, as the paper's networks do, and not what is light.
    """

    names: Sequence[str]
    kernels: npt.NDArray[np.floating]
    of_ink: bool = False


def edge_bank(maps: int) -> Bank:
    """Return kernels of 3x3 that see edges.

    Each sums to 0, so that an even surface gives 0. What is above 0 sums to 1, so that none gives
    more than 1 for what goes from black to white.

    Parameters
    ----------
    maps : int
        Of the picture; each kernel has the same part for all.

    Examples
    --------
    >>> edge_bank(3).kernels.shape
    (5, 3, 3, 3)
    """
    kernels = {
        "brighter right": _STEP,
        "brighter below": _STEP.T,
        "brighter up right": _DIAGONAL,
        "brighter down right": _DIAGONAL[::-1],
        "outline": _POINT,
    }
    scaled = np.array([kernel / kernel.clip(0).sum() for kernel in kernels.values()])
    return Bank([*kernels], _shared(scaled, maps))


def learned_bank(maps: int) -> Bank:
    """Return the kernels of C1 of the network that reads digits, without their biases.

    Parameters
    ----------
    maps : int
        Of the picture; each kernel has the same part for all.

    Examples
    --------
    >>> learned_bank(1).kernels.shape
    (6, 1, 5, 5)
    """
    # Here and not above: it is slow to load, and other banks need none.
    from lenet98.network.network import LeNet5

    kernels = LeNet5.pretrained("distorted").view("C1").weights
    names = [f"C1, map {k}" for k in range(len(kernels))]
    return Bank(names, _shared(kernels, maps), of_ink=True)


def read_bank(path: Path, maps: int) -> Bank:
    """Read kernels from a file that ``numpy.save`` wrote.

    Parameters
    ----------
    path : Path
        Of real numbers, (kernels, side, side), each for all maps of the picture, or (kernels,
        maps, side, side).
    maps : int
        Of the picture.

    Raises
    ------
    DataError
        The file cannot be read, or holds no kernels for so many maps.
    """

    def read(stream: BinaryIO) -> npt.NDArray[Any]:
        try:
            return np.lib.format.read_array(stream, allow_pickle=False)
        # What is damaged ends in errors of many kinds.
        except Exception as error:
            raise DataError(
                f"{path}: expected kernels that numpy.save wrote, found none ({error})"
            ) from error

    array = read_file(path, read)
    several = array.dtype.kind in "iuf" and array.ndim in (3, 4) and 1 <= len(array) <= MOST
    square = several and array.shape[-2] == array.shape[-1] >= 1
    if not (square and array.shape[1:-2] in ((), (maps,)) and np.isfinite(array).all()):
        raise DataError(
            f"{path}: expected 1 to {MOST} kernels as finite numbers, (kernels, side, side) or "
            f"(kernels, {maps}, side, side) for the picture's maps; "
            f"found {array.dtype} {array.shape}"
        )
    whole = array.astype(np.float64)
    names = [f"kernel {k}" for k in range(len(whole))]
    return Bank(names, whole if whole.ndim == 4 else _shared(whole, maps))


def _shared(kernels: npt.NDArray[np.floating], maps: int) -> npt.NDArray[np.floating]:
    """Return kernels, (kernels, side, side), with an equal part for each map."""
    return np.asarray(np.repeat(kernels[:, None], maps, axis=1) / maps)
