"""Random planar affine distortions of patterns (Sec. III-B, Fig. 7)."""

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import Bytes
from lenet98.data.sizes import FRAME_SIZE, IMAGE_SIZE
from lenet98.errors import PatternError, require_positive
from lenet98.storage.cache import cached_njit

# The paper gives no ranges: these are measured from the 100 images of Fig. 7.
SCALE_RANGE = (0.72, 1.30)
LARGEST_SQUEEZE = 0.10
LARGEST_SHEAR = 0.14
LARGEST_TRANSLATION = 2.0

_MARGIN = (FRAME_SIZE - IMAGE_SIZE) // 2

# Scaling leaves these unmoved: the baseline of the 20x20 box, and the centre column. Fig. 7.
_BASELINE_ROW = 26.0
_CENTRE_COLUMN = (FRAME_SIZE - 1) / 2
# Shearing leaves this row unmoved. Fig. 7: the only row that keeps every translation within +-2.
_SHEAR_ROW = 18.0


def draw_affine_maps(
    n: int, rng: np.random.Generator, strength: float = 1.0
) -> npt.NDArray[np.float32]:
    """Draw random affine maps with the ranges of Fig. 7, uniform but for the scale.

    The scale is uniform in its logarithm: 20 times as likely as a uniform one, by the hundred
    scales read off Fig. 7.

    Parameters
    ----------
    n : int
        How many.
    rng : numpy.random.Generator
        Where the randomness comes from.
    strength : float
        What the ranges of Fig. 7 are multiplied by, that of the scale in its logarithm.

    Returns
    -------
    ndarray of float32, (n, 2, 3)
        Maps for `distort`, as of `affine_maps`.

    Raises
    ------
    ConfigurationError
        `strength` is not positive, or squeezes patterns to nothing.

    Notes
    -----
    Source: Sec. III-B for the kinds of distortion, Fig. 7 for the ranges.
    """
    require_positive("strength", strength, 1 / LARGEST_SQUEEZE)
    least, greatest = np.log(SCALE_RANGE)
    ranges = (LARGEST_SQUEEZE, LARGEST_SHEAR, LARGEST_TRANSLATION, LARGEST_TRANSLATION)
    return affine_maps(
        np.exp(strength * rng.uniform(least, greatest, n)),
        *(strength * rng.uniform(-largest, largest, n) for largest in ranges),
    )


def affine_maps(
    scale: npt.ArrayLike,
    squeeze: npt.ArrayLike,
    shear: npt.ArrayLike,
    shift_x: npt.ArrayLike,
    shift_y: npt.ArrayLike,
) -> npt.NDArray[np.float32]:
    """Compose the maps that move, then shear, then scale and squeeze a pattern.

    Parameters
    ----------
    scale, squeeze : array_like, (n,)
        Lengths are multiplied by scale * (1 + squeeze) horizontally, about the centre column, and
        by scale * (1 - squeeze) vertically, about row 26 of the frame.
    shear : array_like, (n,)
        Pixels to the right for each pixel down, about row 18 of the frame.
    shift_x, shift_y : array_like, (n,)
        Pixels to the right and down, before the scaling.

    Returns
    -------
    ndarray of float32, (n, 2, 3)
        Each row [a, b, c] of a map gives a coordinate in the 28x28 image, first x (column) then
        y (row), as a*x + b*y + c, where x and y are column and row of a pixel of the 32x32 frame.
        Whole numbers are centres of pixels; the image's (0, 0) is the frame's (2, 2).

    Notes
    -----
    Source: Sec. III-B; the order and the fixed points are read off Fig. 7.
    """
    scale, squeeze, shear, shift_x, shift_y = (
        np.atleast_1d(np.asarray(values, np.float64))
        for values in (scale, squeeze, shear, shift_x, shift_y)
    )
    inverse_x = 1 / (scale * (1 + squeeze))
    inverse_y = 1 / (scale * (1 - squeeze))
    maps = np.zeros((len(scale), 2, 3))
    maps[:, 0, 0] = inverse_x
    maps[:, 0, 1] = -shear * inverse_y
    maps[:, 0, 2] = (
        _CENTRE_COLUMN * (1 - inverse_x)
        - shear * (_BASELINE_ROW * (1 - inverse_y) - _SHEAR_ROW)
        - shift_x
        - _MARGIN
    )
    maps[:, 1, 1] = inverse_y
    maps[:, 1, 2] = _BASELINE_ROW * (1 - inverse_y) - shift_y - _MARGIN
    return maps.astype(np.float32)


def distort(images: Bytes, maps: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Distort patterns, each by its own map, into the 32x32 frame.

    Parameters
    ----------
    images : ndarray of uint8, (n, 28, 28)
        Grey levels.
    maps : ndarray of float32, (n, 2, 3)
        From the frame to the image, as of `affine_maps`.

    Returns
    -------
    ndarray of float32, (n, 32, 32)
        Grey levels 0 to 255, interpolated bilinearly, 0 outside the image.

    Raises
    ------
    PatternError
        Shapes or types are not these, or a map is not finite.
    """
    if images.shape[1:] != (IMAGE_SIZE, IMAGE_SIZE) or images.dtype != np.uint8:
        raise PatternError(
            f"images: expected (n, {IMAGE_SIZE}, {IMAGE_SIZE}) uint8, "
            f"found {images.shape} {images.dtype}. Give grey levels."
        )
    if maps.shape != (len(images), 2, 3) or not np.isfinite(maps).all():
        raise PatternError(
            f"maps: expected ({len(images)}, 2, 3) finite numbers, found {maps.shape}, "
            f"{'all' if np.isfinite(maps).all() else 'not all'} finite. "
            "Give one map for each image."
        )
    distorted = np.empty((len(images), FRAME_SIZE, FRAME_SIZE), np.float32)
    # In one layout alone, which is compiled once.
    flat = np.ascontiguousarray(maps, np.float32)
    _distort_all(np.ascontiguousarray(images), flat, distorted)
    return distorted


@cached_njit()
def _distort_all(
    images: Bytes, maps: npt.NDArray[np.float32], distorted: npt.NDArray[np.float32]
) -> None:
    for index in range(len(images)):
        affine_resample(images[index], maps[index], distorted[index])


@cached_njit(fastmath={"contract", "nsz"})
def affine_resample(
    image: Bytes, affine_map: npt.NDArray[np.float32], out: npt.NDArray[np.float32]
) -> None:
    """Sample one image through one map; callable from other compiled functions.

    Parameters
    ----------
    image : ndarray of uint8 or float32, (28, 28)
        Grey levels.
    affine_map : ndarray of float32, (2, 3)
        From the frame to the image, finite; not checked.
    out : ndarray of float32, (32, 32)
        Receives the grey levels.
    """
    # A border of background all round stands in for a test of every neighbour.
    height, width = image.shape
    pitch = width + 3
    bordered = np.zeros(pitch * pitch, np.float32)
    for y in range(height):
        for x in range(width):
            bordered[(y + 1) * pitch + x + 1] = image[y, x]
    one, zero, last = np.float32(1), np.float32(0), np.float32(width + 1)
    for row in range(out.shape[0]):
        begin_x = affine_map[0, 1] * np.float32(row) + affine_map[0, 2] + one
        begin_y = affine_map[1, 1] * np.float32(row) + affine_map[1, 2] + one
        for column in range(out.shape[1]):
            x = min(max(begin_x + affine_map[0, 0] * np.float32(column), zero), last)
            y = min(max(begin_y + affine_map[1, 0] * np.float32(column), zero), last)
            left, top = np.int32(x), np.int32(y)
            right_part, low_part = x - np.float32(left), y - np.float32(top)
            at = np.uint32(top * np.int32(pitch) + left)
            upper = bordered[at] + right_part * (bordered[at + 1] - bordered[at])
            lower = bordered[at + pitch] + right_part * (
                bordered[at + pitch + 1] - bordered[at + pitch]
            )
            out[row, column] = upper + low_part * (lower - upper)
