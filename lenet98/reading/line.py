"""A pattern from an image file of a line of digits."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import Bytes
from lenet98.data.flanking import MARGIN, width_for
from lenet98.data.normalisation import BOX_SIZE, resized
from lenet98.data.patterns import BACKGROUND, grey_levels
from lenet98.data.sizes import FRAME_SIZE, IMAGE_SIZE
from lenet98.errors import NoInkError, PatternError
from lenet98.reading.clusters import Boxes, boxes_around, clusters
from lenet98.reading.colours import grey_of
from lenet98.reading.handwriting import blackened
from lenet98.reading.ink import FAINTEST_INK
from lenet98.reading.pictures import LEAST_SIDE, read_pixels
from lenet98.reading.several import find_line
from lenet98.reading.windows import Image

MOST_COLUMNS = 4096
"""Pixels that a line may be wide at the height of an MNIST digit."""

_WORKING_PIXELS = 1_000_000
"""To which larger images are brought."""

_MIDDLE = FRAME_SIZE / 2 + 0.5
"""Rows above the centre of mass of MNIST's digits: on the average half a pixel below the middle."""

_SHARED_COLUMNS = 0.5
_WIDEST_DIGIT = 1.2
"""Times its height."""

_FEWEST_TO_SLOPE = 3
"""Digits: the middles of fewer may differ by their shapes alone."""

_LEAST_HEIGHT = 0.5
"""Times the tallest digit's: what is lower may be a loose piece, and tells no slope."""

_LEAST_FALL = 0.25
"""Heights of a digit between the first and the last."""

_LINE_OF_ALL = 0.25
_FILLED = 0.6
_MANY_LINES = 4


def read_line(path: str | Path) -> npt.NDArray[np.float32]:
    """Read an image of several digits in one line as a pattern that `read_string` takes.

    Parameters
    ----------
    path : str or Path
        As `read_pattern` takes it.

    Returns
    -------
    ndarray of float32, shape (32, width)
        Grey levels, -0.1 for the background and 1.175 for the blackest ink. The tallest digit is
        20 pixels high, and the line's centre of mass is where that of MNIST's digits is. 14
        columns of background stand before and behind the line; the width is of whole slots.
        Blank paper is a pattern of background, 32 columns wide.

    Raises
    ------
    DataError
        If the file cannot be read, is no image, is damaged, or is too large or too small.
    PatternError
        If the image shows several lines, is too long, is not of digits on plain paper, or its
        digits are too small or their strokes too thin to show.

    Notes
    -----
    A line that slopes is set level first.
    Source: Sec. III-A, VII-B.
    """
    path = Path(path)
    pixels = read_pixels(path)
    height, width = pixels.shape[:2]
    factor = int(np.ceil(np.sqrt(height * width / _WORKING_PIXELS)))
    grey = grey_of(pixels, min(factor, height, width))
    try:
        return _in_frame(blackened(_to_height(find_line(grey))))
    except NoInkError:
        return np.full((FRAME_SIZE, FRAME_SIZE), BACKGROUND, np.float32)
    except PatternError as error:
        raise PatternError(f"{path}: {error}") from error


def _to_height(ink: Image) -> Bytes:
    """Bring the tallest digit of a line to the height of MNIST's."""
    ink = _cut(ink)
    _refuse_several_lines(_body(ink))
    digits = _digits(ink)
    slope = _slope(digits)
    if slope:
        ink = _cut(_levelled(ink, slope))
        digits = _digits(ink)
    tallest = _tallest(digits)
    if tallest < LEAST_SIDE:
        raise PatternError(
            f"expected digits at least {LEAST_SIDE} pixels high, found {tallest}. "
            "Scale the image, or write larger."
        )
    # What is no digit may reach above and below; it must not leave the frame.
    scale = min(BOX_SIZE / tallest, IMAGE_SIZE / ink.shape[0])
    height, width = (max(1, round(scale * side)) for side in ink.shape)
    if width > MOST_COLUMNS:
        raise PatternError(
            f"expected a line at most {MOST_COLUMNS:,} pixels wide where digits are {BOX_SIZE} "
            f"high, found {width:,}. Cut the image into several."
        )
    return resized(ink, height, width)


def _body(ink: Image) -> npt.NDArray[np.bool_]:
    """Mark the ink without its faint edges, by which noise would make digits higher."""
    body: npt.NDArray[np.bool_] = ink > FAINTEST_INK * ink.max()
    return body


def _cut(ink: Image) -> Image:
    """Cut away the paper around the ink."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _refuse_several_lines(inked: npt.NDArray[np.bool_]) -> None:
    """Refuse two bands of rows, paper between them, that are each as high as lines are.

    A five in two pieces has a band that is too low. So have digits made of dots, but many lines of
    writing have as well: their bands are filled less than dots are.
    """
    edges = np.flatnonzero(np.diff(inked.any(axis=1), prepend=False, append=False))
    bands = [inked[begin:end] for begin, end in edges.reshape(-1, 2)]
    high = sum(len(band) >= _LINE_OF_ALL * len(inked) for band in bands)
    hollow = sum(band[:, band.any(axis=0)].mean() < _FILLED for band in bands)
    lines = hollow if hollow >= _MANY_LINES else high
    if lines > 1:
        raise PatternError(
            f"expected digits in one line, found {lines} lines. Cut the image into one for each."
        )


class _Digits(NamedTuple):
    """What seems to be a digit each: boxes, and their centres of mass (digits,)."""

    box: Boxes
    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]


def _digits(ink: Image) -> _Digits:
    """Join the clusters of ink that stand above one another: pieces of a digit.

    Where digits touch they are taken for one. Only height and slope of the line are drawn from
    them; where one digit ends and another begins, the network says.
    """
    numbers = clusters(_body(ink))
    box = boxes_around(numbers)
    order = np.argsort(box.left, kind="stable")
    joined = np.zeros(len(order) + 1, np.int64)
    digit, left, right = 0, 0, 0
    for k in order:
        begin, end = int(box.left[k]), int(box.right[k])
        shared = min(end, right) - begin
        if digit and shared >= _SHARED_COLUMNS * min(end - begin, right - left):
            right = max(right, end)
        else:
            digit, left, right = digit + 1, begin, end
        joined[k + 1] = digit
    owner = joined[numbers]
    y, x = np.nonzero(owner)
    index, mass = owner[y, x] - 1, ink[y, x]
    total = np.bincount(index, mass)
    return _Digits(
        boxes_around(owner),
        np.bincount(index, mass * x) / total,
        np.bincount(index, mass * y) / total,
    )


def _tallest(digits: _Digits) -> int:
    """Return the height of the tallest digit; several that touch count if there is no other."""
    heights = digits.box.bottom - digits.box.top
    single = digits.box.right - digits.box.left <= _WIDEST_DIGIT * heights
    return int(heights[single].max() if single.any() else heights.max())


def _slope(digits: _Digits) -> float:
    """Return by how many rows the line falls in a column; 0 where that is within a hand's habit."""
    tallest = _tallest(digits)
    high = digits.box.bottom - digits.box.top >= _LEAST_HEIGHT * tallest
    x = digits.x[high]
    if len(x) < _FEWEST_TO_SLOPE:
        return 0.0
    slope = float(np.polyfit(x, digits.y[high], 1)[0])
    return slope if abs(slope) * np.ptp(x) > _LEAST_FALL * tallest else 0.0


def _levelled(ink: Image, slope: float) -> Image:
    """Move the columns up and down, so that a line that falls by `slope` becomes level."""
    shifts = slope * np.arange(ink.shape[1])
    if slope < 0:
        shifts -= shifts[-1]
    room = int(np.ceil(shifts.max())) + 1
    padded = np.pad(ink, ((room, room), (0, 0)))
    whole = shifts.astype(np.int64)
    part = (shifts - whole).astype(np.float32)
    rows = np.arange(ink.shape[0] + room)[:, None] + whole
    columns = np.arange(ink.shape[1])
    level: Image = (1 - part) * padded[rows, columns] + part * padded[rows + 1, columns]
    return level


def _in_frame(line: Bytes) -> npt.NDArray[np.float32]:
    """Set a line into the network's rows, at the height of MNIST's digits, with margins."""
    height, width = line.shape
    mass = line.sum(axis=1, dtype=np.float64)
    centre = mass @ (np.arange(height) + 0.5) / mass.sum()
    top = min(max(round(_MIDDLE - centre), 0), FRAME_SIZE - height)
    frame = np.zeros((FRAME_SIZE, width_for(width)), np.uint8)
    frame[top : top + height, MARGIN : MARGIN + width] = line
    return np.asarray(grey_levels(frame), np.float32)
