"""From a grey image of any size to a 28x28 pattern, the way MNIST was made (Sec. III-A)."""

import numpy as np
import numpy.typing as npt

from lenet98.data.arrays import as_array
from lenet98.data.digits import Bytes
from lenet98.data.sizes import IMAGE_SIZE, LARGEST_GREY
from lenet98.errors import PatternError
from lenet98.storage.cache import cached_njit

BOX_SIZE = 20


def normalise(image: npt.ArrayLike) -> Bytes:
    """Fit the ink of an image into a 20x20 box and centre it in a 28x28 pattern by its mass.

    Parameters
    ----------
    image : array_like, (height, width)
        Grey levels 0 (background) to 255 (ink). Every pixel above 0 counts as ink.

    Returns
    -------
    ndarray of uint8, (28, 28)
        Grey levels. The longer side of the ink takes 20 pixels, the aspect ratio is kept.

    Raises
    ------
    PatternError
        The image is not a matrix of real grey levels within 0 to 255, or has no ink, or none
        above 1.

    Notes
    -----
    The centre of mass is moved by whole pixels, as far as the box stays within the pattern.
    Source: Sec. III-A.
    """
    grey = as_array(image, "image")
    if grey.ndim != 2 or grey.dtype.kind not in "uif":
        raise PatternError(
            f"image: expected a matrix of grey levels, found shape {grey.shape}, {grey.dtype}. "
            "Convert the image to grey."
        )
    # Negated comparisons, so that a NaN is refused as well.
    if grey.size and not (grey.min() >= 0 and grey.max() <= LARGEST_GREY):
        raise PatternError(
            f"image: expected grey levels 0 to {LARGEST_GREY}, "
            f"found {grey.min()} to {grey.max()}. Rescale the image."
        )
    if not grey.any():
        raise PatternError("image: expected ink, found a blank image. Ink must be above 0.")
    if grey.max() <= 1:
        raise PatternError(
            f"image: expected grey levels 0 to {LARGEST_GREY}; found none above 1. "
            f"Give {LARGEST_GREY} * image."
        )
    pattern: Bytes = normalise_all(grey[np.newaxis].astype(np.float32))[0]
    return pattern


def normalise_all(images: npt.NDArray[np.float32]) -> Bytes:
    """Normalise many images of one size, each known to have ink.

    Parameters
    ----------
    images : ndarray of float32, (n, height, width)
        Grey levels 0 to 255, at least one above 0 in each image; not checked.

    Returns
    -------
    ndarray of uint8, (n, 28, 28)
        Grey levels, as of `normalise`.
    """
    patterns = np.zeros((len(images), IMAGE_SIZE, IMAGE_SIZE), np.uint8)
    _normalise_all(np.ascontiguousarray(images), patterns)
    return patterns


def resized(image: npt.NDArray[np.float32], height: int, width: int) -> Bytes:
    """Give an image another size, as `normalise` does: by area averages, or by interpolation.

    Parameters
    ----------
    image : ndarray of float32, (rows, columns)
        Grey levels 0 to 255.
    height, width : int
        Pixels, at least 1.

    Returns
    -------
    ndarray of uint8, (height, width)
        Grey levels.
    """
    whole: Bytes = (_resize(image, height, width) + 0.5).astype(np.uint8)
    return whole


@cached_njit()
def _normalise_all(images: npt.NDArray[np.float32], patterns: Bytes) -> None:
    for index in range(len(images)):
        top, bottom, left, right = _ink_bounds(images[index])
        ink = images[index, top:bottom, left:right]
        longer = max(ink.shape)
        height = max(1, round(BOX_SIZE * ink.shape[0] / longer))
        width = max(1, round(BOX_SIZE * ink.shape[1] / longer))
        box = _resize(ink, height, width)
        row, column = _centred_at(box, patterns.shape[1])
        for y in range(height):
            for x in range(width):
                patterns[index, row + y, column + x] = np.uint8(box[y, x] + 0.5)


@cached_njit()
def _ink_bounds(image: npt.NDArray[np.float32]) -> tuple[int, int, int, int]:
    top, bottom, left, right = image.shape[0], 0, image.shape[1], 0
    for y in range(image.shape[0]):
        for x in range(image.shape[1]):
            if image[y, x] > 0:
                top, bottom = min(top, y), y + 1
                left, right = min(left, x), max(right, x + 1)
    return top, bottom, left, right


@cached_njit()
def _resize(image: npt.NDArray[np.float32], height: int, width: int) -> npt.NDArray[np.float32]:
    box: npt.NDArray[np.float32] = _resize_rows(_resize_rows(image, height).T, width).T
    return box


@cached_njit()
def _resize_rows(image: npt.NDArray[np.float32], height: int) -> npt.NDArray[np.float32]:
    """Give an image another height: area averages when shrinking, interpolation when enlarging."""
    resized = np.zeros((height, image.shape[1]), np.float32)
    pitch = image.shape[0] / height
    for target in range(height):
        if pitch >= 1:
            begin, end = target * pitch, (target + 1) * pitch
        else:
            # A window one pixel wide over rows of constant grey is linear interpolation.
            centre = (target + 0.5) * pitch
            begin, end = centre - 0.5, centre + 0.5
        for source in range(int(np.floor(begin)), int(np.ceil(end))):
            overlap = min(end, source + 1.0) - max(begin, float(source))
            weight = np.float32(max(overlap, 0.0) / (end - begin))
            resized[target] += weight * image[min(max(source, 0), image.shape[0] - 1)]
    return resized


@cached_njit()
def _centred_at(box: npt.NDArray[np.float32], size: int) -> tuple[int, int]:
    """Row and column of a pattern of that size at which to put the box's corner."""
    mass, moment_y, moment_x = 0.0, 0.0, 0.0
    for y in range(box.shape[0]):
        for x in range(box.shape[1]):
            mass += box[y, x]
            moment_y += box[y, x] * (y + 0.5)
            moment_x += box[y, x] * (x + 0.5)
    row = int(np.floor(size / 2 - moment_y / mass + 0.5))
    column = int(np.floor(size / 2 - moment_x / mass + 0.5))
    return (
        min(max(row, 0), size - box.shape[0]),
        min(max(column, 0), size - box.shape[1]),
    )
