"""Salt and pepper: pixels inverted at random (Sec. III-E, VII-B)."""

import numpy as np
import numpy.typing as npt

from lenet98.data.patterns import BACKGROUND, FOREGROUND
from lenet98.errors import require_share
from lenet98.storage.cache import cached_njit


def invert(
    patterns: npt.NDArray[np.float32], share: float, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Return patterns with each pixel inverted or not, by chance.

    Parameters
    ----------
    patterns : ndarray of float32
        Grey levels as the network takes them; the frame is inverted as the rest is.
    share : float
        Probability of each pixel, 0 to 1.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float32
        As many; background is foreground where it is inverted, and a grey level as far from the
        one as it was from the other.

    Raises
    ------
    ConfigurationError
        `share` is no number from 0 to 1.

    Notes
    -----
    Source: Sec. III-E.

    Examples
    --------
    >>> white = np.full((1, 32, 32), BACKGROUND, np.float32)
    >>> round(float(invert(white, 1.0, np.random.default_rng(0)).mean()), 3)
    1.175
    """
    require_share("share", share)
    patterns = np.ascontiguousarray(patterns, np.float32)
    chances = rng.random(patterns.shape, np.float32)
    noisy = np.empty_like(patterns)
    both = np.float32(BACKGROUND + FOREGROUND)
    _invert_all(patterns.ravel(), chances.ravel(), np.float32(share), both, noisy.ravel())
    return noisy


@cached_njit(nogil=True)
def _invert_all(
    patterns: npt.NDArray[np.float32],
    chances: npt.NDArray[np.float32],
    share: np.float32,
    both: np.float32,
    noisy: npt.NDArray[np.float32],
) -> None:
    for k in range(len(patterns)):
        noisy[k] = both - patterns[k] if chances[k] < share else patterns[k]
