"""Files of trained weights: an ``.npz`` without pickle, with its provenance inside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.errors import ArchiveError, WeightsError
from lenet98.network.architecture import Architecture
from lenet98.storage.archive import read_archive, write_archive

FORMAT = 1

_ENDING = ".npz"

_SHIPPED = files(__package__) / "pretrained"


def shipped() -> list[str]:
    """Return the names of the files of weights that come with the package."""
    names = (entry.name for entry in _SHIPPED.iterdir())
    return sorted(name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING))


@contextmanager
def shipped_file(name: str) -> Iterator[Path]:
    """Give the path of one of them, for a while: a package may lie in an archive."""
    with as_file(_SHIPPED / f"{name}{_ENDING}") as path:
        yield path


class Weights(NamedTuple):
    """What a file of weights holds.

    Attributes
    ----------
    architecture : Architecture
    parameters : ndarray, (trainable,)
    provenance : dict
        How they were trained.
    """

    architecture: Architecture
    parameters: npt.NDArray[np.floating]
    provenance: dict[str, Any]


def write_weights(
    path: str | Path,
    architecture: Architecture,
    parameters: npt.NDArray[np.floating],
    provenance: dict[str, Any],
) -> None:
    """Write the parameters of a network to `path`, whole or not at all.

    Raises
    ------
    DataError
        The file cannot be written.
    WeightsError
        A parameter is not finite, or the provenance is none of plain values, or too long.
    """
    path = Path(path)
    _check_parameters(path, parameters, architecture)
    header = {
        "format": FORMAT,
        "network": architecture.name,
        "table": architecture.fingerprint,
        "provenance": provenance,
    }
    try:
        write_archive(path, header, {"parameters": parameters})
    except ArchiveError as error:
        raise WeightsError(str(error)) from error


def read_weights(path: str | Path, *architectures: Architecture) -> Weights:
    """Read the parameters of a network from `path`; it may be of any of these tables.

    Raises
    ------
    WeightsError
        The file is missing, damaged, of another network or of a later version.
    """
    path = Path(path)
    try:
        largest = max(architecture.trainable for architecture in architectures)
        archive = read_archive(path, {"parameters": largest})
        architecture = _architecture(path, archive.header, architectures)
        _check_parameters(path, archive.arrays["parameters"], architecture)
        archive.check_digest(path)
    except ArchiveError as error:
        raise WeightsError(str(error)) from error
    return Weights(architecture, archive.arrays["parameters"], archive.header["provenance"])


def _architecture(
    path: Path, header: dict[str, Any], architectures: tuple[Architecture, ...]
) -> Architecture:
    """Return the table that a file is of."""
    version = header.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise WeightsError(
            f"{path}: expected format {FORMAT}; found {version}; "
            "a later lenet98 wrote it, so install that one"
        )
    if version != FORMAT or not isinstance(header.get("provenance"), dict):
        raise WeightsError(
            f"{path}: expected format {FORMAT} and a provenance; found format {version!r}; "
            "give a file that lenet98 saved"
        )
    name = architectures[0].name
    if header.get("network") != name:
        raise WeightsError(
            f"{path}: expected weights of {name}; found those of "
            f"{header.get('network')}; name its architecture"
        )
    for architecture in architectures:
        # Files of before 0.2 do not say which table they are of.
        if header.get("table", architecture.fingerprint) == architecture.fingerprint:
            return architecture
    raise WeightsError(
        f"{path}: expected weights of {name} with the table given; "
        "found those of another table of that name; give the one it was saved with"
    )


def _check_parameters(path: Path, parameters: npt.NDArray[Any], architecture: Architecture) -> None:
    if parameters.shape != (architecture.trainable,) or parameters.dtype.kind != "f":
        raise WeightsError(
            f"{path}: expected {architecture.trainable} real parameters of {architecture.name}; "
            f"found {parameters.dtype} {parameters.shape}"
        )
    if not np.isfinite(parameters).all():
        raise WeightsError(f"{path}: expected finite parameters; found a NaN or an infinity")
