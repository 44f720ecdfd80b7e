"""Several seeds of one run as mean and range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.training.record import History

Error = Literal["test_error", "train_error_on_the_fly"]


class Band(NamedTuple):
    """Errors in percent after each pass, over the seeds: three arrays of shape (passes,)."""

    mean: npt.NDArray[np.floating]
    least: npt.NDArray[np.floating]
    greatest: npt.NDArray[np.floating]


def band(histories: Sequence[History], error: Error) -> Band:
    """Return mean and range over the seeds of one of the errors that `PassRecord` holds."""
    errors = np.array([[getattr(record, error) for record in history] for history in histories])
    return Band(errors.mean(axis=0), errors.min(axis=0), errors.max(axis=0))


def describe(seeds: int) -> str:
    """Say in a figure's own words what a line and its band are."""
    return "one seed" if seeds == 1 else f"mean and range of {seeds} seeds"
