"""Patterns made larger or smaller, shifted and turned by a given amount (Sec. III-E)."""

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import IMAGE_SIZE, Bytes
from lenet98.data.distortions import FRAME_SIZE, distort
from lenet98.data.patterns import Patterns, grey_levels

AffineMap = npt.NDArray[np.float32]
"""(2, 3), from the frame to the image: one of `lenet98.data.distortions.affine_maps`."""

_CENTRE = (FRAME_SIZE - 1) / 2
_MARGIN = (FRAME_SIZE - IMAGE_SIZE) // 2


def scaling(factor: float) -> AffineMap:
    """Return the map that multiplies lengths by `factor` about the centre of the frame."""
    return _about_centre(np.eye(2) / factor)


def vertical_shift(pixels: float) -> AffineMap:
    """Return the map that shifts down by `pixels`, or up where they are negative."""
    return _about_centre(np.eye(2), down=pixels)


def rotation(degrees: float) -> AffineMap:
    """Return the map that turns right by `degrees` about the centre of the frame."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    # Rows count downwards, so that this turns the frame back to the left.
    return _about_centre(np.array([[cosine, sine], [-sine, cosine]]))


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


def _about_centre(inverse: npt.NDArray[np.float64], down: float = 0.0) -> AffineMap:
    """Return the map that leads from the frame's centre, moved `down`, to the image's."""
    offset = _CENTRE - inverse @ np.array([_CENTRE, _CENTRE + down]) - _MARGIN
    return np.column_stack([inverse, offset]).astype(np.float32)
