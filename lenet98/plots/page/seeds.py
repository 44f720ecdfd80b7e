"""Several seeds of one run as mean and range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from lenet98.training.record import History

Error = Literal["test_error", "train_error_on_the_fly"]


class Band(NamedTuple):
    """Errors in percent at each place, such as after each pass, over the seeds: (places,) each."""

    mean: npt.NDArray[np.floating]
    least: npt.NDArray[np.floating]
    greatest: npt.NDArray[np.floating]


def band(histories: Sequence[History], error: Error) -> Band:
    """Return mean and range over the seeds of one of the errors that `PassRecord` holds."""
    return band_of([[getattr(record, error) for record in history] for history in histories])


def band_of(errors: npt.ArrayLike) -> Band:
    """Return mean and range over the seeds of errors, (seeds, places)."""
    errors = np.asarray(errors)
    return Band(errors.mean(axis=0), errors.min(axis=0), errors.max(axis=0))


def draw_band(
    axes: Axes, places: npt.ArrayLike, here: Band, colour: str, linestyle: str = "-"
) -> None:
    """Draw the mean as a line, and the range behind it."""
    axes.fill_between(places, here.least, here.greatest, color=colour, alpha=0.2, linewidth=0)
    axes.plot(places, here.mean, color=colour, linestyle=linestyle, label="here")


def describe(seeds: int) -> str:
    """Say in a figure's own words what a line and its band are."""
    return "one seed" if seeds == 1 else f"mean and range of {seeds} seeds"
