import numpy as np

from lenet98.data.printed import fig13_patterns, fig25_and_26_patterns
from lenet98.paper.figures import fig13, fig25_and_26


def test_background_and_ink_are_those_of_the_network():
    patterns, greys = fig13_patterns(), fig13().inputs
    assert patterns.dtype == np.float32
    np.testing.assert_allclose(patterns[greys == 222], -0.1, atol=1e-6)
    np.testing.assert_allclose(patterns[greys == 0], 1.175, atol=1e-6)
    assert np.median(patterns) == np.float32(-0.1)


def test_strings_get_back_the_six_columns_that_are_not_drawn():
    patterns = fig25_and_26_patterns()
    assert patterns.shape == (5, 32, 64)
    for side in (patterns[..., :6], patterns[..., -6:]):
        assert (side == np.float32(-0.1)).all()
    darker = fig25_and_26().inputs.astype(int)
    assert np.corrcoef(patterns[..., 6:-6].ravel(), -darker.ravel())[0, 1] > 0.9999
