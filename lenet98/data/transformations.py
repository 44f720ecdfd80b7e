"""Patterns scaled, shifted, turned, squeezed and thickened by a given amount (Sec. III-E)."""

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import Bytes
from lenet98.data.distortions import distort
from lenet98.data.patterns import Patterns, grey_levels
from lenet98.data.sizes import FRAME_SIZE, IMAGE_SIZE, LARGEST_GREY

AffineMap = npt.NDArray[np.float32]
"""(2, 3), from the frame to the image: one of `lenet98.data.distortions.affine_maps`."""

_CENTRE = (FRAME_SIZE - 1) / 2
_MARGIN = (FRAME_SIZE - IMAGE_SIZE) // 2


def scaling(factor: float) -> AffineMap:
    """Return the map that multiplies lengths by `factor` about the centre of the frame."""
    return placing(scale=factor)


def vertical_shift(pixels: float) -> AffineMap:
    """Return the map that shifts down by `pixels`, or up where they are negative."""
    return placing(down=pixels)


def rotation(degrees: float) -> AffineMap:
    """Return the map that turns right by `degrees` about the centre of the frame."""
    return placing(degrees=degrees)


def placing(
    *,
    squeeze: float = 1.0,
    scale: float = 1.0,
    degrees: float = 0.0,
    right: float = 0.0,
    down: float = 0.0,
) -> AffineMap:
    """Return the map that squeezes, scales and turns about the centre of the frame, then shifts.

    Parameters
    ----------
    squeeze : float
        Widths are multiplied by it, and heights are left.
    scale : float
        Lengths are multiplied by it.
    degrees : float
        To turn right by.
    right, down : float
        Pixels to shift by.
    """
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    # Rows count downwards, so that this turns the frame back to the left.
    back = np.array([[cosine, sine], [-sine, cosine]])
    inverse = np.diag([1 / (scale * squeeze), 1 / scale]) @ back
    offset = _CENTRE - inverse @ np.array([_CENTRE + right, _CENTRE + down]) - _MARGIN
    return np.column_stack([inverse, offset]).astype(np.float32)


def transform(images: Bytes, affine_map: AffineMap) -> Patterns:
    """Transform patterns, all by the same map, into the 32x32 frame, which cuts off the rest.

    Parameters
    ----------
    images : ndarray of uint8, (n, 28, 28)
        Grey levels.
    affine_map : ndarray of float32, (2, 3)
        From the frame to the image.

    Returns
    -------
    ndarray of float32, (n, 32, 32)
        Grey levels as the network takes them.

    Raises
    ------
    PatternError
        As in `lenet98.data.distortions.distort`.
    """
    return grey_levels(distort(images, np.broadcast_to(affine_map, (len(images), 2, 3))))


def thicken(ink: npt.NDArray[np.floating], pixels: float) -> npt.NDArray[np.float32]:
    """Make strokes thicker, or thinner.

    Parameters
    ----------
    ink : ndarray, (height, width)
        Grey levels, 0 for the background up to 255.
    pixels : float
        What is added to a stroke on each side; where negative, what is taken away.

    Returns
    -------
    ndarray of float32, (height, width)
        Each pixel the blackest under a round pen about it, grey at the pen's edge; of strokes
        made thinner, the same of the paper.
    """
    if pixels < 0:
        return np.asarray(LARGEST_GREY - thicken(LARGEST_GREY - ink, -pixels), np.float32)
    reach = int(np.ceil(pixels))
    height, width = ink.shape
    bordered = np.pad(np.asarray(ink, np.float32), reach, mode="edge")
    thick = np.zeros(ink.shape, np.float32)
    for down in range(2 * reach + 1):
        for right in range(2 * reach + 1):
            away = np.hypot(down - reach, right - reach)
            cover = np.float32(np.clip(pixels + 1 - away, 0, 1))
            under = bordered[down : down + height, right : right + width]
            np.maximum(thick, cover * under, out=thick)
    return thick
