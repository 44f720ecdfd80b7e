"""Checkpoints: what a training run is after a pass, in a file, to go on from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import Digits
from lenet98.errors import ArchiveError, CheckpointError
from lenet98.network.architecture import Architecture
from lenet98.network.tables import lenet5
from lenet98.storage.archive import Archive, read_archive, write_archive
from lenet98.storage.provenance import bit_makers
from lenet98.training.recipe import TrainingConfig, recipe_from
from lenet98.training.record import history_from, plain_history
from lenet98.training.training import TrainingState

FORMAT = 2
"""1 did not say which table a network is of."""


class Run(NamedTuple):
    """One training run to do.

    Attributes
    ----------
    name : str
        Of the named run; with the seed it names the checkpoint.
    recipe : TrainingConfig
    architecture : Architecture
    """

    name: str
    recipe: TrainingConfig
    architecture: Architecture = lenet5()


class Checkpoint(NamedTuple):
    """A run after one of its passes.

    Attributes
    ----------
    run : Run
    fingerprint : str
        SHA-256 of the data.
    software : dict of str to str
        Versions of all that the bits depend on.
    state : TrainingState
    seconds : float
        Wall time of the run so far.
    """

    run: Run
    fingerprint: str
    software: Mapping[str, str]
    state: TrainingState
    seconds: float


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint, whole or not at all: the one before stands until this one does.

    Raises
    ------
    DataError
        The file cannot be written.
    """
    run, state = checkpoint.run, checkpoint.state
    header = {
        "format": FORMAT,
        "run": run.name,
        "network": run.architecture.name,
        "table": run.architecture.fingerprint,
        "passes_done": len(state.history),
        "configuration": run.recipe.as_dict(),
        "fingerprint": checkpoint.fingerprint,
        "software": checkpoint.software,
        "history": plain_history(state.history),
        "generator": state.generator,
        "seconds": checkpoint.seconds,
    }
    order = np.empty(0, np.int64) if state.order is None else state.order
    write_archive(path, header, {"parameters": state.parameters, "order": order})


def read_checkpoint(
    path: Path, presented: int, architectures: Iterable[Architecture] = (lenet5(),)
) -> Checkpoint:
    """Read a checkpoint.

    Parameters
    ----------
    path : Path
    presented : int
        The most patterns it may hold an order of, distorted ones among them.
    architectures : iterable of Architecture
        Those that its network may be of.

    Raises
    ------
    CheckpointError
        The file is damaged, foreign, of another version or of another network.
    """
    known = {architecture.fingerprint: architecture for architecture in architectures}
    trainable = max(architecture.trainable for architecture in known.values())
    largest = {"parameters": trainable, "order": presented}
    try:
        archive = read_archive(path, largest)
        _check_format(path, archive.header)
        archive.check_digest(path)
        if archive.header["table"] not in known:
            names = ", ".join(architecture.name for architecture in known.values())
            raise CheckpointError(
                f"{path}: expected a checkpoint of {names}; found one of "
                f"{archive.header['network']}, or of another table; give the options it was "
                "written with, or another folder"
            )
        return _checkpoint(archive, known[archive.header["table"]])
    except ArchiveError as error:
        said = str(error).rstrip(".")
        raise CheckpointError(f"{said}; remove it, and its run begins at the start") from error
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(
            f"{path}: expected a checkpoint of lenet98; found a foreign file ({error}); "
            "remove it, and its run begins at the start"
        ) from error


class Checkpoints:
    """A folder of checkpoints of one data set, a file for each run and seed.

    Parameters
    ----------
    folder : Path
    digits : Digits
    """

    def __init__(self, folder: Path, digits: Digits) -> None:
        self._folder = folder
        self._fingerprint = digits.fingerprint
        self._patterns = len(digits.train_labels)
        self._software = bit_makers()

    def write(self, run: Run, state: TrainingState, seconds: float) -> None:
        """Write the checkpoint of a run in place of the one before.

        Raises
        ------
        DataError
            The file cannot be written.
        """
        checkpoint = Checkpoint(run, self._fingerprint, self._software, state, seconds)
        write_checkpoint(self._path(run), checkpoint)

    def read(self, runs: Iterable[Run]) -> dict[Run, Checkpoint]:
        """Read every checkpoint of the folder; runs without one are left out.

        Raises
        ------
        CheckpointError
            A checkpoint is damaged, or belongs to none of the runs.
        """
        wanted = list(runs)
        found: dict[Run, Checkpoint] = {}
        presented = self._patterns * max((1 + run.recipe.copies for run in wanted), default=1)
        for path in find_checkpoints(self._folder) if wanted else ():
            checkpoint = read_checkpoint(path, presented, [run.architecture for run in wanted])
            run = min(wanted, key=lambda run: len(self._differences(checkpoint, run)))
            if differences := self._differences(checkpoint, run):
                raise CheckpointError(
                    f"{path}: expected a checkpoint of what is asked for; "
                    f"found {'; '.join(differences)}; give the options it was written with, "
                    "or another folder"
                )
            found[run] = checkpoint
        return found

    def remove(self, runs: Iterable[Run]) -> None:
        """Remove the checkpoints of these runs, and the folder if it is empty then."""
        with suppress(OSError):
            for run in runs:
                path = self._path(run)
                path.unlink(missing_ok=True)
                # Of processes killed while writing.
                for rest in self._folder.glob(f".{path.name}.*"):
                    rest.unlink(missing_ok=True)
            self._folder.rmdir()

    def _path(self, run: Run) -> Path:
        return self._folder / f"{run.name}-{run.recipe.seed}.npz"

    def _differences(self, checkpoint: Checkpoint, run: Run) -> list[str]:
        there = _fields(checkpoint.run, checkpoint.fingerprint, checkpoint.software)
        here = _fields(run, self._fingerprint, self._software)
        return [
            f"{name} {there.get(name)} there, {here.get(name)} here"
            for name in sorted(there.keys() | here.keys())
            if there.get(name) != here.get(name)
        ]


def find_checkpoints(folder: Path) -> list[Path]:
    """Return the checkpoints in a folder, none where there is no such folder."""
    return sorted(folder.glob("*.npz"))


def _fields(run: Run, fingerprint: str, versions: Mapping[str, str]) -> dict[str, Any]:
    values = run.recipe.as_dict()
    initial = {f"initial {name}": value for name, value in values.pop("initial").items()}
    table = run.architecture
    network = f"{table.name}, {table.fingerprint[:8]}"
    own = {"run": run.name, "network": network, "data set": fingerprint}
    return {**own, **values, **initial, **versions}


def _check_format(path: Path, header: Mapping[str, Any]) -> None:
    version = header.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise CheckpointError(
            f"{path}: expected a checkpoint of format {FORMAT}; found {version}; "
            "a later lenet98 wrote it, so go on with that one"
        )
    if version == 1:
        raise CheckpointError(
            f"{path}: expected a checkpoint of format {FORMAT}; found 1; an earlier lenet98 wrote "
            "it, so go on with that one, or remove it, and its run begins at the start"
        )
    if version != FORMAT or "passes_done" not in header:
        raise ValueError(f"format {version!r}")


def _checkpoint(archive: Archive, architecture: Architecture) -> Checkpoint:
    header, arrays = archive.header, archive.arrays
    run = Run(str(header["run"]), recipe_from(header["configuration"]), architecture)
    history = history_from(header["history"])
    passes = [record.number for record in history]
    if passes != list(range(1, header["passes_done"] + 1)) or len(passes) > run.recipe.passes:
        raise ValueError(f"a history of the passes {passes}")
    state = TrainingState(
        parameters=_vector(arrays["parameters"], np.float32, architecture.trainable),
        history=history,
        generator=_generator(header["generator"]),
        order=_vector(arrays["order"], np.int64, arrays["order"].size)
        if run.recipe.reshuffle
        else None,
    )
    return Checkpoint(
        run, str(header["fingerprint"]), dict(header["software"]), state, float(header["seconds"])
    )


def _vector(array: npt.NDArray[Any], dtype: type[np.generic], size: int) -> npt.NDArray[Any]:
    if array.dtype != dtype or array.shape != (size,):
        raise ValueError(f"an array {array.dtype} {array.shape}")
    return array


def _generator(values: Any) -> dict[str, Any]:
    # The generator itself knows best what a state of it is.
    np.random.default_rng(0).bit_generator.state = values
    return dict(values)
