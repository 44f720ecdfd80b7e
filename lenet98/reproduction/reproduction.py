"""A reproduction: the runs trained and written down, or read back, for all who draw from them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lenet98.data.digits import Digits
from lenet98.errors import DataError, WeightsError
from lenet98.reproduction.comparison import Comparison
from lenet98.reproduction.data_sets import MNIST, STROKES, DataSet, quick_part
from lenet98.reproduction.named_runs import NAMED_RUNS, NamedRun
from lenet98.reproduction.results import Results, read_results, write_results
from lenet98.storage.provenance import provenance
from lenet98.training.recipe import TrainingConfig

if TYPE_CHECKING:  # what computes is imported where it does, so that to draw a curve loads no numba
    from lenet98.network.network import Network
    from lenet98.reproduction.machines import Machines
    from lenet98.reproduction.runs import Watch
    from lenet98.training.checkpoint import Run


class Reproduction(NamedTuple):
    """What figures are drawn from.

    Attributes
    ----------
    results : Results
    digits : Digits
        The data set of the results.
    networks : mapping of str to Network
        By name of the named run, the trained network of the first seed.
    """

    results: Results
    digits: Digits
    networks: Mapping[str, Network]

    def network(self, run: NamedRun) -> Network:
        """Return the network that a named run left."""
        return self.networks[run.name]


@dataclass(frozen=True)
class Folder:
    """Where a reproduction is written, and read back from.

    Attributes
    ----------
    path : Path
    """

    path: Path

    @property
    def results(self) -> Path:
        """The file of all results."""
        return self.path / "results.json"

    @property
    def weights(self) -> Path:
        """The folder of the trained networks."""
        return self.path / "weights"

    @property
    def checkpoints(self) -> Path:
        """The folder of unfinished runs."""
        return self.path / "checkpoints"

    @property
    def unfinished(self) -> bool:
        """Whether there are checkpoints to go on from."""
        return any(self.checkpoints.glob("*.npz"))

    def weights_of(self, run: str) -> Path:
        """Return the file of the network that a named run left."""
        return self.weights / f"{run}.npz"

    def make(self, *parts: Path) -> None:
        """Make the folder and these parts of it, and see that they can be written to.

        Raises
        ------
        DataError
        """
        for folder in (self.path, *parts):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise DataError(
                    f"--out {self.path}: cannot make the folder {folder}: {error.strerror}; "
                    "give another"
                ) from error
            if not os.access(folder, os.W_OK | os.X_OK):
                raise DataError(
                    f"--out {self.path}: cannot write to the folder {folder}; give another"
                )

    def refuse_unfinished(self) -> None:
        """Refuse to begin anew over checkpoints, which may be hours of work.

        Raises
        ------
        DataError
        """
        if self.unfinished:
            raise DataError(
                f"--out {self.path}: an unfinished training left checkpoints in "
                f"{self.checkpoints}; go on with --resume, or give another --out, or remove "
                f"{self.checkpoints}"
            )

    def refuse_to_lose(self, runs: Sequence[Run]) -> None:
        """Refuse to write results of these runs over those of others, unless there are no runs.

        Raises
        ------
        DataError
        """
        if not runs:
            return
        try:
            earlier = read_results(self.results).runs
        except DataError:  # none, or none that could be lost
            return
        made = {(run.name, run.recipe.seed) for run in runs}
        lost = [
            f"{name} of seed {one.seed}"
            for name, some in earlier.items()
            for one in some
            if (name, one.seed) not in made
        ]
        if lost:
            raise DataError(
                f"--out {self.path}: {self.results} has runs that this command would not make "
                f"again ({', '.join(lost[:3])}{', ...' if len(lost) > 3 else ''}); draw from them "
                "with --figures-only, or give another --out, or remove it"
            )


def reproduce(
    runs: Sequence[Run],
    data: DataSet,
    recipe: TrainingConfig,
    folder: Folder,
    machines: Machines,
    watch: Watch,
    compare: Callable[[Results], Iterable[Comparison]],
    use: Callable[[Reproduction], None],
) -> Reproduction:
    """Do the runs; write weights and results, and hand them on.

    Parameters
    ----------
    runs : sequence of Run
        As `lenet98.reproduction.runs.runs_of` returns them.
    data : DataSet
    recipe : TrainingConfig
        The one asked for, from which those of the runs differ.
    folder : Folder
        With its parts made; checkpoints in it are gone on from.
    machines : Machines
        Those that do the runs.
    watch : Watch
    compare : callable
        Sets results beside the paper.
    use : callable
        Takes the reproduction, such as to draw from it; checkpoints stay until it is done.

    Returns
    -------
    Reproduction

    Raises
    ------
    CheckpointError, ClusterError, DataError, DivergenceError
        As in `lenet98.reproduction.runs.run_all`.
    """
    from lenet98.reproduction.runs import run_all
    from lenet98.training.checkpoint import Checkpoints

    checkpoints = Checkpoints(folder.checkpoints, data.digits)
    resumed = bool(runs) and folder.unfinished
    begin = time.perf_counter()
    finished = run_all(data.digits, runs, machines, watch, checkpoints)
    wall_seconds = round(time.perf_counter() - begin, 1)
    results = Results(
        data=data.name,
        fingerprint=data.digits.fingerprint,
        configuration=recipe.as_dict(),
        provenance=provenance() | {"wall_seconds": wall_seconds, "resumed": resumed},
        runs={name: [one.result for one in some] for name, some in finished.items()},
    )
    networks = {name: some[0].network for name, some in finished.items()}
    for run in NAMED_RUNS:
        if run.name in networks:
            origin = {"data": data.name, "configuration": run.recipe(recipe).as_dict()}
            networks[run.name].save(folder.weights_of(run.name), origin | results.provenance)
    if runs or not folder.results.exists():
        write_results(folder.results, results, compare(results))
    reproduction = Reproduction(results, data.digits, networks)
    use(reproduction)
    # Not before all stands that they would be needed for.
    checkpoints.remove(runs)
    return reproduction


def reopen(results: Results, folder: Folder, load: Callable[[str], DataSet]) -> Reproduction:
    """Find again what earlier results were made on, and the networks they left.

    Parameters
    ----------
    results : Results
        Those of `folder`.
    folder : Folder
    load : callable
        Returns the data set ``"mnist"`` or ``"strokes"``.

    Returns
    -------
    Reproduction
        Its networks are read when they are asked for; a `WeightsError` is raised then where the
        file of one is missing or damaged.

    Raises
    ------
    DataError
        The results are of other data.
    """
    whole = load(STROKES if results.data == STROKES else MNIST)
    for data in (whole, quick_part(whole)):
        if data.digits.fingerprint == results.fingerprint:
            break
    else:
        raise DataError(
            f"{folder.results}: expected the data it was made on, SHA-256 "
            f"{results.fingerprint}; found {whole.digits.fingerprint}"
        )
    return Reproduction(results, data.digits, _Left(results, folder))


class _Left(dict[str, "Network"]):
    """The networks that runs left."""

    def __init__(self, results: Results, folder: Folder) -> None:
        super().__init__()
        self._results, self._folder = results, folder

    def __missing__(self, name: str) -> Network:
        from lenet98.network.network import Network

        run = next(run for run in NAMED_RUNS if run.name == name)
        path = self._folder.weights_of(name)
        if path.exists():
            network: Network | None = Network.load(path, architecture=run.architecture())
        else:
            network = self._shipped(run)
        if network is None:
            raise WeightsError(
                f"{path}: expected the network that the run {name} left, found none; train it again"
            )
        self[name] = network
        return network

    def _shipped(self, run: NamedRun) -> Network | None:
        """Return the network that the package ships, where it is what this very run left."""
        from lenet98.network.network import Network
        from lenet98.network.weights import read_weights, shipped_file

        if run.shipped is None:
            return None
        with shipped_file(run.shipped) as path:
            found = read_weights(path, run.architecture()).provenance
            origin = {"data": self._results.data, "configuration": found.get("configuration")}
            ours = found == origin | self._results.provenance
            return Network.load(path, architecture=run.architecture()) if ours else None
