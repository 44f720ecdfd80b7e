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
from lenet98.network.tables import lenet5
from lenet98.storage.archive import Archive, read_archive, write_archive
from lenet98.storage.provenance import bit_makers
from lenet98.training.presentations import DISTORTED_COPIES
from lenet98.training.recipe import TrainingConfig, configuration_from
from lenet98.training.record import history_from, plain_history
from lenet98.training.training import TrainingState

FORMAT = 1


class Job(NamedTuple):
    """One training run to do.

    Attributes
    ----------
    run : str
        Its name.
    config : TrainingConfig
    """

    run: str
    config: TrainingConfig


class Checkpoint(NamedTuple):
    """A job after one of its passes.

    Attributes
    ----------
    job : Job
    fingerprint : str
        SHA-256 of the data.
    software : dict of str to str
        Versions of all that the bits depend on.
    state : TrainingState
    seconds : float
        Wall time of the run so far.
    """

    job: Job
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
    job, state = checkpoint.job, checkpoint.state
    header = {
        "format": FORMAT,
        "run": job.run,
        "passes_done": len(state.history),
        "configuration": job.config.as_dict(),
        "fingerprint": checkpoint.fingerprint,
        "software": checkpoint.software,
        "history": plain_history(state.history),
        "generator": state.generator,
        "seconds": checkpoint.seconds,
    }
    order = np.empty(0, np.int64) if state.order is None else state.order
    write_archive(path, header, {"parameters": state.parameters, "order": order})


def read_checkpoint(path: Path, patterns: int) -> Checkpoint:
    """Read a checkpoint.

    Parameters
    ----------
    path : Path
    patterns : int
        The most training patterns it may be about.

    Raises
    ------
    CheckpointError
        The file is damaged, foreign or of a later version.
    """
    largest = {"parameters": lenet5().trainable, "order": (1 + DISTORTED_COPIES) * patterns}
    try:
        archive = read_archive(path, largest)
        _check_format(path, archive.header)
        archive.check_digest(path)
        return _checkpoint(archive)
    except ArchiveError as error:
        raise CheckpointError(f"{error}; remove it, and its run begins at the start") from error
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

    def write(self, job: Job, state: TrainingState, seconds: float) -> None:
        """Write the checkpoint of a job in place of the one before.

        Raises
        ------
        DataError
            The file cannot be written.
        """
        checkpoint = Checkpoint(job, self._fingerprint, self._software, state, seconds)
        write_checkpoint(self._path(job), checkpoint)

    def read(self, jobs: Iterable[Job]) -> dict[Job, Checkpoint]:
        """Read every checkpoint of the folder; jobs without one are left out.

        Raises
        ------
        CheckpointError
            A checkpoint is damaged, or belongs to none of the jobs.
        """
        wanted = list(jobs)
        found: dict[Job, Checkpoint] = {}
        for path in find_checkpoints(self._folder) if wanted else ():
            checkpoint = read_checkpoint(path, self._patterns)
            job = min(wanted, key=lambda job: len(self._differences(checkpoint, job)))
            if differences := self._differences(checkpoint, job):
                raise CheckpointError(
                    f"{path}: expected a checkpoint of what is asked for; "
                    f"found {'; '.join(differences)}; give the options it was written with, "
                    "or another folder"
                )
            found[job] = checkpoint
        return found

    def remove(self, jobs: Iterable[Job]) -> None:
        """Remove the checkpoints of these jobs, and the folder if it is empty then."""
        with suppress(OSError):
            for job in jobs:
                path = self._path(job)
                path.unlink(missing_ok=True)
                # Of processes killed while writing.
                for rest in self._folder.glob(f".{path.name}.*"):
                    rest.unlink(missing_ok=True)
            self._folder.rmdir()

    def _path(self, job: Job) -> Path:
        return self._folder / f"{job.run}-{job.config.seed}.npz"

    def _differences(self, checkpoint: Checkpoint, job: Job) -> list[str]:
        there = _fields(checkpoint.job, checkpoint.fingerprint, checkpoint.software)
        here = _fields(job, self._fingerprint, self._software)
        return [
            f"{name} {there.get(name)} there, {here.get(name)} here"
            for name in sorted(there.keys() | here.keys())
            if there.get(name) != here.get(name)
        ]


def find_checkpoints(folder: Path) -> list[Path]:
    """Return the checkpoints in a folder, none where there is no such folder."""
    return sorted(folder.glob("*.npz"))


def _fields(job: Job, fingerprint: str, versions: Mapping[str, str]) -> dict[str, Any]:
    values = job.config.as_dict()
    initial = {f"initial {name}": value for name, value in values.pop("initial").items()}
    return {"run": job.run, "data set": fingerprint, **values, **initial, **versions}


def _check_format(path: Path, header: Mapping[str, Any]) -> None:
    version = header.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise CheckpointError(
            f"{path}: expected a checkpoint of format {FORMAT}; found {version}; "
            "a later lenet98 wrote it, so go on with that one"
        )
    if version != FORMAT or "passes_done" not in header:
        raise ValueError(f"format {version!r}")


def _checkpoint(archive: Archive) -> Checkpoint:
    header, parameters, order = (
        archive.header,
        archive.arrays["parameters"],
        archive.arrays["order"],
    )
    job = Job(str(header["run"]), configuration_from(header["configuration"]))
    history = history_from(header["history"])
    passes = [record.number for record in history]
    if passes != list(range(1, header["passes_done"] + 1)) or len(passes) > job.config.passes:
        raise ValueError(f"a history of the passes {passes}")
    state = TrainingState(
        parameters=_vector(parameters, np.float32, lenet5().trainable),
        history=history,
        generator=_generator(header["generator"]),
        order=_vector(order, np.int64, order.size) if job.config.reshuffle else None,
    )
    return Checkpoint(
        job, str(header["fingerprint"]), dict(header["software"]), state, float(header["seconds"])
    )


def _vector(array: npt.NDArray[Any], dtype: type[np.generic], size: int) -> npt.NDArray[Any]:
    if array.dtype != dtype or array.shape != (size,):
        raise ValueError(f"an array {array.dtype} {array.shape}")
    return array


def _generator(values: Any) -> dict[str, Any]:
    # The generator itself knows best what a state of it is.
    np.random.default_rng(0).bit_generator.state = values
    return dict(values)
