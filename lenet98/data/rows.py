"""Digits from a table with a row for each: a CSV file, an array or a data frame."""

from __future__ import annotations

import codecs
import gzip
import warnings
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.data.arrays import as_array, found
from lenet98.data.digits import Bytes
from lenet98.data.patterns import as_images, as_labels
from lenet98.data.shapes import PIXELS
from lenet98.data.sizes import IMAGE_SIZE, LARGEST_GREY, LARGEST_LABEL
from lenet98.errors import DataError, PatternError
from lenet98.storage.files import expanded, read_file

_GZIP_MAGIC = b"\x1f\x8b"

LABEL_NAMES = ("label", "labels", "class", "target", "digit", "y")
"""What a column of labels is called, in any case of letters."""


class Table(NamedTuple):
    """Rows of numbers, and the names of their columns; none where they have none."""

    rows: npt.NDArray[Any]
    names: list[str]


def digits_from_rows(table: Any) -> tuple[Bytes, Bytes | None]:
    """Return the images of a table with a row of 784 pixels for each, and the labels.

    Parameters
    ----------
    table : array_like, (n, 784) or (n, 785), or str or Path
        Grey levels of ink, 0 to 255, from left to right and from the top down; and a label, 0 to
        9, before or behind them. A data frame, an array, a list; or a CSV file, raw or gzip, with
        a line of names or without.

    Returns
    -------
    images : ndarray of uint8, (n, 28, 28)
    labels : ndarray of uint8, (n,), or None
        None where the table has no column for them.

    Raises
    ------
    DataError
        The file cannot be read, or is no table of numbers.
    PatternError
        The table is of another width, or of other values; or nothing tells which column holds the
        labels.

    Examples
    --------
    >>> images, labels = digits_from_rows(np.zeros((3, 785), int))
    >>> images.shape, labels
    ((3, 28, 28), array([0, 0, 0], dtype=uint8))
    """
    from_file = isinstance(table, str | Path)
    read = _from_file(expanded(table)) if from_file else _from_array(table)
    try:
        return _split(read)
    except PatternError as error:
        raise PatternError(f"{table if from_file else 'table'}: {error}") from error


def _split(table: Table) -> tuple[Bytes, Bytes | None]:
    rows = table.rows
    if rows.ndim != 2 or rows.shape[1] not in (PIXELS, PIXELS + 1):
        raise PatternError(
            f"expected {PIXELS} columns of pixels, and one of labels or none; "
            f"found {rows.dtype} {rows.shape}. Leave out the other columns."
        )
    labels = None
    if rows.shape[1] == PIXELS and (named := _label_columns(table)):
        raise PatternError(
            f"expected {PIXELS} columns of pixels beside that of the labels; found {PIXELS} in "
            f"all, one of them named {table.names[named[0]]}. Give all pixels."
        )
    if rows.shape[1] > PIXELS:
        column = _label_column(table)
        labels = _labels(rows[:, column])
        rows = np.delete(rows, column, axis=1)
    images = as_images(rows.reshape(-1, IMAGE_SIZE, IMAGE_SIZE), IMAGE_SIZE, name="pixels").pixels
    if images.dtype != np.uint8:
        raise PatternError(
            f"expected pixels from 0 to {LARGEST_GREY}; found the grey levels of a network"
        )
    return images, labels


def _labels(values: npt.NDArray[Any]) -> Bytes:
    """Return a column as labels; a table has one type for all, so that they may come as reals."""
    with np.errstate(invalid="ignore"):
        whole = values.astype(np.int64)
    given = whole if np.array_equal(whole, values) else values
    return as_labels(given, len(values), LARGEST_LABEL + 1).astype(np.uint8)


def _from_array(table: Any) -> Table:
    rows = as_array(table, "table")
    if rows.dtype.kind not in "iuf":
        try:
            rows = rows.astype(np.float64)  # labels that are text make all of a data frame objects
        except (TypeError, ValueError) as error:
            raise PatternError(
                f"table: expected numbers; found {found(table, rows)}: {error}. "
                "Leave out the columns of text."
            ) from error
    rows = rows[None] if rows.ndim == 1 else rows
    return Table(rows, [str(name) for name in getattr(table, "columns", ())])


def _from_file(path: Path) -> Table:
    def read(stream: BinaryIO) -> Table:
        packed = stream.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
        stream.seek(0)
        try:
            with gzip.GzipFile(fileobj=stream) if packed else nullcontext(stream) as plain:
                return _from_text(codecs.iterdecode(plain, "utf-8-sig"))
        except (ValueError, EOFError, OSError, zlib.error, UserWarning) as error:
            raise DataError(
                f"{path}: expected a table of numbers with commas between them; found: {error}. "
                "Save it as CSV again."
            ) from error

    return read_file(path, read)


def _from_text(lines: Iterator[str]) -> Table:
    first = next(lines, "")
    names = [name.strip(" \"'\r\n") for name in first.split(",")]
    try:
        float(names[0])
    except ValueError:
        pass
    else:
        names, lines = [], chain([first], lines)
    with warnings.catch_warnings():
        # NumPy only warns where there is no row.
        warnings.simplefilter("error")
        return Table(np.loadtxt(lines, np.float32, delimiter=",", ndmin=2), names)


def _label_columns(table: Table) -> list[int]:
    return [k for k, name in enumerate(table.names) if name.lower() in LABEL_NAMES]


def _label_column(table: Table) -> int:
    """Return the column of the labels: by its name; or by the corners of digits, which are blank.

    Where only digits 0 are in the first column and blank corners in the last, it is the first, as
    in every file without names that is handed round.
    """
    named = _label_columns(table)
    if len(named) == 1:
        return named[0]
    first, last = table.rows[:, 0].any(), table.rows[:, -1].any()
    if not named and not (first and last):
        return PIXELS if last else 0
    raise PatternError(
        f"expected a column named {LABEL_NAMES[0]}, or a blank first or last pixel in all rows; "
        f"found {len(named)} of such names. Name the column of the labels."
    )
