"""Windows for few patterns compute what those for many do."""

import numpy as np
import pytest

from lenet98.modern.shape import Shape
from lenet98.modern.windows import Windows, windows_over

# Below, maps, field, stride, lanes.
FEW = {
    "the whole": (Shape(3, 4, 4), 5, 4, 1, 1),
    "single values": (Shape(7, 1, 1), 5, 1, 1, 1),
    "one pattern": (Shape(3, 7, 6), 5, 3, 1, 1),
    "few patterns": (Shape(3, 7, 6), 4, 3, 1, 5),
    "one column": (Shape(2, 7, 3), 4, 3, 1, 2),
}
MANY = {
    "long rows": (Shape(2, 4, 66), 3, 3, 1, 1),
    "many patterns": (Shape(2, 5, 5), 3, 3, 1, 32),
    "one row of few": (Shape(2, 3, 3), 3, 3, 1, 5),
    "one place of a larger map": (Shape(2, 4, 4), 3, 3, 2, 1),
    "stride": (Shape(2, 7, 7), 3, 3, 2, 1),
}


@pytest.mark.parametrize("name", [*FEW, *MANY])
def test_the_fastest_windows_compute_what_the_plain_ones_do(name):
    setting = (FEW | MANY)[name]
    below, maps, field, _, lanes = setting
    plain, fastest = Windows(*setting), windows_over(*setting, np.float64)
    assert (type(fastest) is Windows) == (name in MANY)
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(maps, below.maps * field**2))
    x = rng.normal(size=(*below, lanes))
    for _ in range(2):  # what the first time leaves behind must not matter
        deltas = rng.normal(size=(*plain.above, lanes))
        found = []
        for windows in (plain, fastest):
            out, back, gradient = (np.ones_like(like) for like in (deltas, x, weights))
            windows.add_back(weights, deltas, back)
            windows.add_forward(weights, x, out)
            windows.add_gradient(deltas, x, gradient)
            found.append((out, back, gradient))
        for expected, given in zip(*found, strict=True):
            np.testing.assert_allclose(given, expected, atol=1e-12)
