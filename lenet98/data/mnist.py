"""Find, fetch, verify and read MNIST."""

import os
import sys
from pathlib import Path
from typing import NamedTuple

from lenet98.data.digits import Bytes, Digits, check_labelled
from lenet98.data.download import Tell, fetch
from lenet98.data.idx import content_size, read_idx
from lenet98.errors import DataError, MnistNotFoundError

FOLDER_VARIABLE = "LENET98_DATA"


class IdxFile(NamedTuple):
    """One file of a set: its name without .gz, its dimensions, the SHA-256 of its content."""

    name: str
    shape: tuple[int, ...]
    sha256: str


class IdxSet(NamedTuple):
    """The four files of a set of digits, and the addresses (ending in /) that serve them as .gz."""

    train_images: IdxFile
    train_labels: IdxFile
    test_images: IdxFile
    test_labels: IdxFile
    mirrors: tuple[str, ...]


# 60,000 training and 10,000 test patterns of 28x28 pixels: Sec. III-A.
MNIST = IdxSet(
    IdxFile(
        "train-images-idx3-ubyte",
        (60_000, 28, 28),
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    IdxFile(
        "train-labels-idx1-ubyte",
        (60_000,),
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    IdxFile(
        "t10k-images-idx3-ubyte",
        (10_000, 28, 28),
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    IdxFile(
        "t10k-labels-idx1-ubyte",
        (10_000,),
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://yann.lecun.com/exdb/mnist/",
        "http://yann.lecun.com/exdb/mnist/",
    ),
)


def load_mnist(
    data_dir: str | Path | None = None, *, offline: bool = False, report: Tell | None = None
) -> Digits:
    """Load MNIST from this machine, or fetch it once into the cache of the user.

    Looks in `data_dir`; if that is not given, in the folder that the environment variable
    LENET98_DATA names; if that is not set, in the cache, and fetches what is missing there. The
    content of every file is verified every time.

    Parameters
    ----------
    data_dir : str or Path, optional
        The folder of the four files, each raw or gzip. Nothing is fetched when it is given.
    offline : bool, optional
        Fetch nothing.
    report : callable, optional
        Called with a line of text for whatever is being fetched, and why.

    Returns
    -------
    Digits
        60,000 training and 10,000 test patterns, grey levels 0 (background) to 255 (ink).

    Raises
    ------
    MnistNotFoundError
        No folder was named, and MNIST is neither in the cache nor could it be fetched.
    DataError
        A file is missing from a folder that was named, or is not what it should be.

    Notes
    -----
    Source: Sec. III-A.
    """
    return load_idx_set(MNIST, data_dir, offline=offline, report=report)


def load_idx_set(
    idx_set: IdxSet,
    data_dir: str | Path | None = None,
    *,
    offline: bool = False,
    report: Tell | None = None,
) -> Digits:
    """Load any set of digits in the way of `load_mnist`.

    Parameters
    ----------
    idx_set : IdxSet
        The files to look for, and where to fetch them.
    data_dir, offline, report
        As for `load_mnist`.

    Returns
    -------
    Digits
        The patterns of the four files.

    Raises
    ------
    MnistNotFoundError
        No folder was named, and the set is neither in the cache nor could it be fetched.
    DataError
        A file is missing from a folder that was named, or is not what it should be, or the
        labels are not one digit for each image.
    """
    named = data_dir if data_dir is not None else os.environ.get(FOLDER_VARIABLE) or None
    if named is not None:
        train_images, train_labels, test_images, test_labels = (
            _read(_found_in_named(Path(named), file), file) for file in idx_set[:4]
        )
    else:
        cache = _Cache(_cache_folder(), idx_set.mirrors, offline, report)
        train_images, train_labels, test_images, test_labels = map(cache.read, idx_set[:4])
    check_labelled(train_images, train_labels, idx_set.train_labels.name)
    check_labelled(test_images, test_labels, idx_set.test_labels.name)
    return Digits(train_images, train_labels, test_images, test_labels)


class _Cache:
    """The cache folder, which fetches what it lacks and replaces what is damaged."""

    def __init__(
        self, folder: Path, mirrors: tuple[str, ...], offline: bool, report: Tell | None
    ) -> None:
        self._folder = folder
        self._mirrors = mirrors
        self._offline = offline
        self._tell = report or (lambda _line: None)

    def read(self, file: IdxFile) -> Bytes:
        found = _find(self._folder, file)
        if found is None:
            return self._fetched(file)
        try:
            return _read(found, file)
        except DataError as damage:
            if self._offline:
                raise
            self._tell(f"{damage} Fetching it anew.")
            try:
                return self._fetched(file)
            except MnistNotFoundError as failure:
                raise DataError(f"{damage} It could not be fetched anew: {failure}") from failure

    def _fetched(self, file: IdxFile) -> Bytes:
        if self._offline:
            raise MnistNotFoundError(
                f"{self._folder / file.name}: expected the file, raw or .gz, found none, and was "
                f"told to stay offline. Put it there, or name its folder in {FOLDER_VARIABLE}."
            )
        destination = self._folder / file.name
        try:
            served_by = fetch(
                [f"{mirror}{file.name}.gz" for mirror in self._mirrors],
                destination,
                sha256=file.sha256,
                size=content_size(file.shape),
                tell=self._tell,
            )
        except DataError as error:
            raise MnistNotFoundError(str(error)) from error
        # The next file begins at the mirror that answered, lest a silent one takes all the time.
        self._mirrors = tuple(
            sorted(self._mirrors, key=lambda mirror: not served_by.startswith(mirror))
        )
        return _read(destination, file)


def _read(path: Path, file: IdxFile) -> Bytes:
    return read_idx(path, file.shape, file.sha256)


def _found_in_named(folder: Path, file: IdxFile) -> Path:
    found = _find(folder, file)
    if found is None:
        raise DataError(
            f"{folder / file.name}: expected the file, raw or .gz, found none. "
            "Put it there, or name the folder that has all four files of the set."
        )
    return found


def _find(folder: Path, file: IdxFile) -> Path | None:
    dotted = file.name.replace("-idx", ".idx")
    for name in (file.name, f"{file.name}.gz", dotted, f"{dotted}.gz"):
        # lexists: a link that leads nowhere is a finding to complain of, not an absence.
        if os.path.lexists(folder / name):
            return folder / name
    return None


def _cache_folder() -> Path:
    variable = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME"
    base = Path(os.environ.get(variable, ""))
    try:
        # The XDG specification bids to ignore a relative path.
        return (base if base.is_absolute() else Path.home() / ".cache") / "lenet98" / "mnist"
    except RuntimeError as error:
        raise MnistNotFoundError(
            f"cache: expected a home folder, found none ({error}). "
            f"Name the folder of MNIST in {FOLDER_VARIABLE}."
        ) from error
