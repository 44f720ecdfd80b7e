"""The classifiers of Fig. 9 fitted and judged, each in a cell of its own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lenet98.data.digits import Digits
from lenet98.questions.cells import Cell, Found, found_by
from lenet98.reproduction.compared import Row
from lenet98.reproduction.judge import judge, rejection_for
from lenet98.reproduction.machines import Machines
from lenet98.reproduction.side_by_side import GoOn, Tell
from lenet98.storage.provenance import bit_makers

if TYPE_CHECKING:
    from lenet98.classifiers.classifier import Classifier


@dataclass(frozen=True)
class Fitted:
    """What one seed of a classifier came to.

    Attributes
    ----------
    error : float
        Percent of the test set misclassified.
    rejection : list of [float, float]
        Percent rejected, and percent misclassified of the others.
    fit_seconds, pattern_seconds : float
        To be fitted, and to answer one pattern among ten thousand: time of one core's own work,
        which others beside it do not lengthen by waiting.
    multiply_accumulates, variables : int
        As Figs. 11 and 12 count them.
    """

    error: float
    rejection: list[list[float]]
    fit_seconds: float
    pattern_seconds: float
    multiply_accumulates: int
    variables: int

    def rejected_for(self, error: float) -> float | None:
        """Return the percentage to reject for an error; None beyond the curve."""
        return rejection_for(np.array(self.rejection), error)


def fit_rows(
    rows: Sequence[Row], digits: Digits, folder: Path, machines: Machines, tell: Tell
) -> dict[str, list[Fitted]]:
    """Fit and judge every seed of every row.

    Parameters
    ----------
    rows : sequence of Row
    digits : Digits
    folder : Path
        Where finished cells are kept.
    machines : Machines
        Those that fit.
    tell : callable
        Called with a line of text for each that is finished.

    Returns
    -------
    dict of str to list of Fitted
        By name of the row.
    """
    asked = [(row, classifier) for row in rows for classifier in row.seeded()]
    made_of = [digits.fingerprint, bit_makers()]
    cells = [
        Cell(
            ["fig9", repr(classifier), *made_of],
            fit_and_judge,
            digits,
            (classifier, row.name),
            row.minutes,
        )
        for row, classifier in asked
    ]
    found: dict[str, list[Fitted]] = {row.name: [] for row in rows}
    for (row, _), one in zip(asked, found_by(cells, folder, machines, tell), strict=True):
        found[row.name].append(Fitted(**one))
    return found


def fit_and_judge(digits: Digits, classifier: Classifier, name: str, go_on: GoOn) -> Found:
    """Return as plain values what a classifier comes to.

    Parameters
    ----------
    digits : Digits
    classifier : Classifier
    name : str
        By which it is told of.
    go_on : callable
        Raises where it is not to go on.
    """
    go_on()
    begin = time.thread_time()
    classifier.fit(digits.train_images, digits.train_labels)
    fitted = time.thread_time()
    go_on()
    judged = judge(classifier.decision_function(digits.test_images), digits.test_labels)
    seconds = time.thread_time() - fitted
    found = Fitted(
        error=judged.error,
        rejection=judged.rejection.tolist(),
        fit_seconds=fitted - begin,
        pattern_seconds=seconds / len(digits.test_labels),
        multiply_accumulates=classifier.multiply_accumulates,
        variables=classifier.variables,
    )
    return Found(asdict(found), f"{name}: {judged.error:.2f} %")
