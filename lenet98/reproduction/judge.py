"""Rejecting the patterns of which the network is least sure (Sec. III-C, Fig. 10)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

PERCENT_REJECTED = np.linspace(0, 10, 101)
"""The points of a curve."""


def rejection_curve(
    penalties: npt.NDArray[np.floating], labels: npt.NDArray[np.integer]
) -> npt.NDArray[np.float64]:
    """Return the error left after rejecting the patterns whose two best penalties are closest.

    Parameters
    ----------
    penalties : ndarray, (n, classes)
    labels : ndarray, (n,)

    Returns
    -------
    ndarray, (points, 2)
        `PERCENT_REJECTED`, and percent misclassified of the others.

    Notes
    -----
    Source: Sec. III-C, Fig. 10: "the difference between the scores of the top two classes".
    """
    two_best = np.partition(penalties, 1, axis=1)[:, :2]
    least_sure_first = np.argsort(two_best[:, 1] - two_best[:, 0], kind="stable")
    wrong = (penalties.argmin(axis=1) != labels)[least_sure_first]
    rejected = np.round(PERCENT_REJECTED * len(labels) / 100).astype(int)
    wrong_rejected = np.concatenate([[0], np.cumsum(wrong)])[rejected]
    error = 100.0 * (wrong.sum() - wrong_rejected) / (len(labels) - rejected)
    return np.column_stack([PERCENT_REJECTED, error])


def rejection_for(curve: npt.NDArray[np.float64], error: float) -> float | None:
    """Return the least percentage to reject that leaves `error` percent; None beyond the curve."""
    enough = curve[:, 1] <= error
    return float(curve[enough.argmax(), 0]) if enough.any() else None
