"""What a classifier's scores come to: its error, its confusions, and whom to reject."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

PERCENT_REJECTED = np.linspace(0, 10, 101)
"""The points of a rejection curve."""

Scores = npt.NDArray[np.floating]
Labels = npt.NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class Judgement:
    """A classifier's answers to labelled patterns.

    Attributes
    ----------
    error : float
        Percent misclassified.
    misclassified : list of (int, int, int)
        Index of the pattern, true class, answer; in the order of the patterns.
    confusions : ndarray of int64, (classes, classes)
        Patterns by true class and answer.
    rejection : ndarray, (points, 2)
        `PERCENT_REJECTED`, and percent misclassified of the others.
    """

    error: float
    misclassified: list[tuple[int, int, int]]
    confusions: npt.NDArray[np.int64]
    rejection: npt.NDArray[np.float64]

    def rejection_for(self, error: float) -> float | None:
        """Return the percentage to reject for an error, as the function of that name."""
        return rejection_for(self.rejection, error)


def judge(scores: Scores, labels: Labels) -> Judgement:
    """Judge a classifier by its scores.

    Parameters
    ----------
    scores : ndarray, (n, classes)
        The greater, the likelier the class. Those of a network are its penalties, negated.
    labels : ndarray, (n,)
        True classes.

    Returns
    -------
    Judgement

    Notes
    -----
    Source: Sec. III-D, Fig. 10: rejected are the patterns of the least "difference between the
    scores of the top two classes".
    """
    answers = scores.argmax(axis=1)
    wrong = answers != labels
    confusions = np.zeros((scores.shape[1],) * 2, np.int64)
    np.add.at(confusions, (labels, answers), 1)
    return Judgement(
        error=100.0 * int(wrong.sum()) / len(labels),
        misclassified=[(int(k), int(labels[k]), int(answers[k])) for k in np.flatnonzero(wrong)],
        confusions=confusions,
        rejection=_rejection_curve(wrong[np.argsort(margins(scores), kind="stable")]),
    )


def margins(scores: Scores) -> Scores:
    """Return how sure each answer is, (n,): the difference of the two greatest scores."""
    two_best = np.partition(scores, -2, axis=1)[:, -2:]
    difference: Scores = two_best[:, 1] - two_best[:, 0]
    return difference


def rejection_for(curve: npt.NDArray[np.floating], error: float) -> float | None:
    """Return the least percentage to reject that leaves `error` percent; None beyond the curve."""
    enough = curve[:, 1] <= error
    return float(curve[enough.argmax(), 0]) if enough.any() else None


def _rejection_curve(wrong: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Return the error left, given which answers are wrong, the least sure first."""
    rejected = np.round(PERCENT_REJECTED * len(wrong) / 100).astype(int)
    wrong_rejected = np.concatenate([[0], np.cumsum(wrong)])[rejected]
    error = 100.0 * (wrong.sum() - wrong_rejected) / (len(wrong) - rejected)
    return np.column_stack([PERCENT_REJECTED, error])
