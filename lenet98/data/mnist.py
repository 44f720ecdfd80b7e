"""Find, fetch, verify and read MNIST."""

import os
import sys
from pathlib import Path

from lenet98.data.caches import KERAS, TORCHVISION, find_elsewhere, read_place
from lenet98.data.digits import Bytes, Digits, check_labelled
from lenet98.data.download import Tell, fetch
from lenet98.data.idx import content_size
from lenet98.data.idx_files import IdxFile, IdxSet, find, read
from lenet98.errors import DataError, MnistNotFoundError
from lenet98.storage.files import expanded

FOLDER_VARIABLE = "LENET98_DATA"


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
    LENET98_DATA names; if that is not set, in the cache; then where torchvision (``MNIST/raw`` in
    ``data``, ``datasets`` or the folder itself, here and in the home folder) and Keras
    (``~/.keras/datasets/mnist.npz``) leave it; and fetches what is missing into the cache. The
    content of every file is verified every time.

    Parameters
    ----------
    data_dir : str or Path, optional
        The folder of the four files, each raw or gzip, or in a folder of its own name; or
        torchvision's root, or Keras's archive or its folder; ``~`` is the home folder. Nothing is
        fetched when it is given.
    offline : bool, optional
        Fetch nothing.
    report : callable, optional
        Called with a line of text for whatever is being fetched, and why, and for what is found
        in the cache of another library.

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

    Examples
    --------
    >>> from lenet98 import Lenet98Error, load_mnist
    >>> try:
    ...     load_mnist("no/such/folder")
    ... except Lenet98Error as error:
    ...     print(type(error).__name__)
    DataError
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
        digits = _from_named(expanded(named), idx_set)
    else:
        digits = _from_caches(idx_set, offline, report or (lambda _line: None))
    check_labelled(digits.train_images, digits.train_labels, idx_set.train_labels.name)
    check_labelled(digits.test_images, digits.test_labels, idx_set.test_labels.name)
    return digits


def _from_named(folder: Path, idx_set: IdxSet) -> Digits:
    for place in (folder, folder / TORCHVISION, folder / KERAS):
        digits = read_place(place, idx_set)
        if digits is not None:
            return digits
    missing = next(file for file in idx_set[:4] if find(folder, file) is None)
    raise DataError(
        f"{folder / missing.name}: expected the file, raw or .gz, found none. "
        "Put it there, or name the folder that has all four files of the set."
    )


def _from_caches(idx_set: IdxSet, offline: bool, tell: Tell) -> Digits:
    cache = _Cache(_cache_folder(), idx_set.mirrors, offline, tell)
    if not all(cache.has(file) for file in idx_set[:4]):
        digits = find_elsewhere(idx_set, tell)
        if digits is not None:
            return digits
    return Digits(*map(cache.read, idx_set[:4]))


class _Cache:
    """The cache folder, which fetches what it lacks and replaces what is damaged."""

    def __init__(self, folder: Path, mirrors: tuple[str, ...], offline: bool, tell: Tell) -> None:
        self._folder = folder
        self._mirrors = mirrors
        self._offline = offline
        self._tell = tell

    def has(self, file: IdxFile) -> bool:
        return find(self._folder, file) is not None

    def read(self, file: IdxFile) -> Bytes:
        found = find(self._folder, file)
        if found is None:
            return self._fetched(file)
        try:
            return read(found, file)
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
        return read(destination, file)


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
