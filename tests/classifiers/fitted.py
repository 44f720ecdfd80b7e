"""What classifiers might have come to, for tests of tables and figures."""

from lenet98.questions.fitting import Fitted


def a_fitted(error=1.0, **changes):
    """Return a classifier's results: at nothing rejected that error, and a line down to none."""
    curve = [[float(k), error * (1 - k / 10)] for k in range(11)]
    known = {"fit_seconds": 90.0, "pattern_seconds": 2.5e-4}
    known |= {"multiply_accumulates": 340_000, "variables": 60_000}
    return Fitted(**{"error": error, "rejection": curve} | known | changes)
