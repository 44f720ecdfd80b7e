"""What is ink and what is paper in a grey image: uneven light, noise and dust are taken away."""

from __future__ import annotations

import numpy as np

from lenet98.data.sizes import LARGEST_GREY
from lenet98.errors import NoInkError, PatternError
from lenet98.reading.clusters import boxes_around, clusters
from lenet98.reading.windows import Image, Mask, widened

LEAST_CONTRAST = 20.0
"""Grey levels by which ink must differ from the paper."""

MOST_INK = 0.6
"""Part of the image that may be ink; above it the paper is not what the frame shows."""

FAINTEST_INK = 0.2
"""Times the blackest: what is fainter can only be the edge of other ink."""

OUTLIERS = 2e-4
"""Part of the image that may be blacker than what counts as the blackest."""

LEAST_STEP = 0.5
"""Grey levels: less than two pixels of an image differ by, so what is below is arithmetic."""

DEVIATION_OF_MEDIAN = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""

_NOISE_DEVIATIONS = 5
"""Of the noise, by which ink must stand out."""

_FRAME_WIDTH = 0.05
_LEAST_CLUSTER = 0.01
_CELLS_ACROSS = 128
_FIT_ROUNDS = 30


def find_ink(grey: Image, *, line: bool = False) -> Image:
    """Tell ink from paper.

    Parameters
    ----------
    grey : ndarray of float32, shape (height, width)
        Grey levels from 0, black, to 255, white; at least 5x5 pixels.
    line : bool
        Whether several digits stand side by side, so that many may touch and one stand alone.

    Returns
    -------
    ndarray of float32, shape (height, width)
        Grey levels as `normalise` takes them: 0 for the paper, up to 255 for ink. A clean image
        whose paper and blackest ink are pure comes back as it is, apart from inversion.

    Raises
    ------
    NoInkError
        If nothing stands out from what the frame of the image shows: blank paper.
    PatternError
        If too much stands out, or noise would hide the ink.

    Notes
    -----
    The paper is flat, or else a quadratic surface, through the outermost twentieth of the image:
    light may fall from the side, and ink may be lighter or darker than the paper. Ink stands out
    by a fifth of the greatest contrast and by five deviations of the noise; its soft edges are
    kept, dust is not.
    """
    relief = grey - _paper(grey)
    outliers = int(OUTLIERS * relief.size)
    levels = np.sort(relief, axis=None)
    if -levels[outliers] > levels[-1 - outliers]:
        relief, levels = -relief, -levels[::-1]
    contrast = float(levels[-1 - outliers])
    noise = _noise(relief[_frame(relief)])
    body = relief > least_of_ink(relief, contrast, noise)
    if body.mean() > MOST_INK:
        raise PatternError(
            f"expected plain paper around the ink, found ink on {body.mean():.0%} of the image. "
            "Cut the image so that its frame shows paper only."
        )
    edged = widened(_without_dust(body, relief, line)) & (relief > max(noise, LEAST_STEP))
    scaled = np.where(edged, relief * (LARGEST_GREY / contrast), 0)
    return np.minimum(scaled, LARGEST_GREY).astype(np.float32)


def least_of_ink(relief: Image, contrast: float, noise: float) -> float:
    """Return by how many grey levels ink stands out from the paper at least.

    Parameters
    ----------
    relief : ndarray of float32, shape (height, width)
    contrast : float
        Of the blackest ink, grey levels.
    noise : float
        Standard deviation of the paper's, grey levels.

    Raises
    ------
    NoInkError
        Nothing stands out so far.
    PatternError
        Nothing stands out of noise that is as strong as ink.
    """
    if contrast < LEAST_CONTRAST:
        raise NoInkError(
            f"expected ink that differs from the paper by {LEAST_CONTRAST:.0f} of "
            f"{LARGEST_GREY} grey levels, found {contrast:.0f}. Is the image blank?"
        )
    least = max(FAINTEST_INK * contrast, _NOISE_DEVIATIONS * noise)
    if relief.max() <= least:
        refusal = NoInkError if noise < LEAST_CONTRAST else PatternError
        raise refusal(f"expected ink, found noise of {noise:.0f} grey levels. Use a clearer image.")
    return least


def _frame(image: Image) -> Mask:
    """Mark the outermost pixels."""
    width = max(1, round(_FRAME_WIDTH * min(image.shape)))
    frame = np.ones(image.shape, np.bool_)
    frame[width:-width, width:-width] = False
    return frame


def _paper(grey: Image) -> Image:
    """Continue what the frame mostly shows over the whole image.

    Least absolute deviations, by reweighting: ink that crosses the frame hardly bends the surface.
    """
    level = np.median(grey[_frame(grey)])
    if _noise(grey[_frame(grey)] - level) < LEAST_STEP:
        return np.full_like(grey, level)
    rows = np.linspace(-1, 1, grey.shape[0], dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, grey.shape[1], dtype=np.float32)[None, :]
    frame = _frame(grey)
    y = np.broadcast_to(rows, grey.shape)[frame].astype(np.float64)
    x = np.broadcast_to(columns, grey.shape)[frame].astype(np.float64)
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y])
    levels = grey[frame].astype(np.float64)
    surface = np.array([np.median(levels), 0, 0, 0, 0, 0])
    for _ in range(_FIT_ROUNDS):
        weighted = terms / np.maximum(np.abs(levels - surface @ terms), 1e-3)
        # By least squares, for in the smallest frames the terms depend on one another.
        surface = np.linalg.lstsq(weighted @ terms.T, weighted @ levels, rcond=None)[0]
    a, b, c, d, e, f = surface.astype(np.float32)
    across = a + b * columns + d * columns * columns
    paper: Image = across + (c + e * columns + f * rows) * rows
    return paper


def _noise(paper: Image) -> float:
    return float(DEVIATION_OF_MEDIAN * np.median(np.abs(paper)))


def _without_dust(body: Mask, relief: Image, line: bool) -> Mask:
    """Leave out the clusters with less than a hundredth of the ink of the greatest.

    In a line a cluster wider than high counts as so many digits.
    """
    side = float(np.sqrt(body.size)) if line else max(body.shape)
    cell = int(-(-side // _CELLS_ACROSS))
    padding = [(0, -side % cell) for side in body.shape]
    blocks = [part for side in body.shape for part in (-(-side // cell), cell)]
    ink = np.pad(np.where(body, relief, 0), padding).reshape(blocks).sum(axis=(1, 3))
    numbers = clusters(ink > 0)
    mass = np.bincount(numbers.ravel(), ink.ravel())
    of_one = mass.copy()
    if line:
        box = boxes_around(numbers)
        of_one[1:] *= np.minimum(1, (box.bottom - box.top) / (box.right - box.left))
    kept = (mass >= _LEAST_CLUSTER * of_one.max())[numbers]
    spread = kept.repeat(cell, axis=0).repeat(cell, axis=1)
    clean: Mask = body & spread[: body.shape[0], : body.shape[1]]
    return clean
