"""What the passes of a run showed, and its way to and from JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lenet98.notebook import html_table


@dataclass(frozen=True)
class PassRecord:
    """What one pass over the training set showed.

    Attributes
    ----------
    number : int
        Counted from 1.
    eta : float
        The global learning rate.
    least_rate, greatest_rate : float
        Of the effective rates eps_k. Source: Sec. III-B.
    loss : float
        Mean over the pass, on the fly.
    train_error_on_the_fly : float
        Percent answered wrongly, each pattern before its own update: the training error of Fig. 5.
    train_error : float or None
        Percent, with the parameters at the end of the pass; None where it was not asked for.
    test_error : float
        Percent, with the parameters at the end of the pass.
    seconds : float
        Wall time of the pass, curvature and both errors included.
    """

    number: int
    eta: float
    least_rate: float
    greatest_rate: float
    loss: float
    train_error_on_the_fly: float
    train_error: float | None
    test_error: float
    seconds: float


History = Sequence[PassRecord]
"""One record a pass."""


def plain_history(history: History) -> list[dict[str, Any]]:
    """Return a history as plain values, ready for JSON."""
    return [asdict(record) for record in history]


def history_from(values: Sequence[dict[str, Any]]) -> list[PassRecord]:
    """Return the history that `plain_history` wrote.

    Raises
    ------
    TypeError
        The values are not those of records.
    """
    return [PassRecord(**record) for record in values]


def errors_table(caption: str, record: PassRecord) -> str:
    """Return in HTML what one pass showed."""
    after = "" if record.train_error is None else f"{record.train_error:.2f} %"
    row = (
        f"{record.loss:.3f}",
        f"{record.train_error_on_the_fly:.2f} %",
        after,
        f"{record.test_error:.2f} %",
    )
    head = ("loss", "training error on the fly", "training error", "test error")
    return html_table(caption, head, [row])
