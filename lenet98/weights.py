"""Files of trained weights: an ``.npz`` without pickle, with its provenance inside."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.errors import WeightsError
from lenet98.files import write_whole

FORMAT = 1


class Weights(NamedTuple):
    """What a file of weights holds.

    Attributes
    ----------
    parameters : ndarray, (trainable,)
    provenance : dict
        How they were trained.
    """

    parameters: npt.NDArray[np.floating]
    provenance: dict[str, Any]


def write_weights(
    path: str | Path,
    network: str,
    parameters: npt.NDArray[np.floating],
    provenance: dict[str, Any],
) -> None:
    """Write parameters to `path`, whole or not at all.

    Raises
    ------
    DataError
        The file cannot be written.
    """
    header = json.dumps({"format": FORMAT, "network": network, "provenance": provenance})
    file = io.BytesIO()
    np.savez_compressed(file, header=np.array(header), parameters=parameters)
    write_whole(Path(path), file.getvalue())


def read_weights(path: str | Path, network: str, trainable: int) -> Weights:
    """Read the parameters of `network` from `path`.

    Raises
    ------
    WeightsError
        The file is missing, damaged, of another network or of a later version.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            header = json.loads(str(file["header"]))
            _check_header(path, header, network)
            parameters = file["parameters"]
    except OSError as error:
        raise WeightsError(f"{path}: cannot read the weights: {error.strerror or error}") from error
    except (ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise WeightsError(
            f"{path}: expected weights as lenet98 writes them; found a damaged or foreign file "
            f"({error})"
        ) from error
    if parameters.shape != (trainable,) or parameters.dtype.kind != "f":
        raise WeightsError(
            f"{path}: expected {trainable} real parameters of {network}; "
            f"found {parameters.dtype} {parameters.shape}"
        )
    if not np.isfinite(parameters).all():
        raise WeightsError(f"{path}: expected finite parameters; found a NaN or an infinity")
    return Weights(parameters, header["provenance"])


def _check_header(path: str | Path, header: dict[str, Any], network: str) -> None:
    if header["format"] > FORMAT:
        raise WeightsError(
            f"{path}: expected format {FORMAT} or earlier; found {header['format']}; "
            "a later lenet98 wrote it, so install that one"
        )
    if header["network"] != network:
        raise WeightsError(f"{path}: expected weights of {network}; found {header['network']}")
