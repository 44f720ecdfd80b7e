import numpy as np
import pytest

from lenet98.data.noise import invert
from lenet98.errors import ConfigurationError

PATTERNS = np.random.default_rng(0).uniform(-0.1, 1.175, (40, 32, 32)).astype(np.float32)


def test_as_many_pixels_are_inverted_as_asked_and_the_others_stay():
    noisy = invert(PATTERNS, 0.1, np.random.default_rng(1))
    changed = noisy != PATTERNS
    np.testing.assert_array_equal(noisy[changed], np.float32(1.075) - PATTERNS[changed])
    deviation = np.sqrt(0.1 * 0.9 / PATTERNS.size)
    assert abs(changed.mean() - 0.1) < 4 * deviation


def test_the_frame_is_inverted_as_the_rest_is():
    changed = invert(PATTERNS, 0.5, np.random.default_rng(2)) != PATTERNS
    corner = changed[:, :2, :2].mean()
    assert abs(corner - 0.5) < 4 * np.sqrt(0.25 / (4 * len(PATTERNS)))


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, PATTERNS), (1.0, np.float32(1.075) - PATTERNS)]
)
def test_none_or_all_are_inverted(share, expected):
    np.testing.assert_array_equal(invert(PATTERNS, share, np.random.default_rng(3)), expected)


def test_every_call_draws_anew_and_a_seed_repeats_it():
    rng = np.random.default_rng(4)
    first, second = invert(PATTERNS, 0.1, rng), invert(PATTERNS, 0.1, rng)
    assert (first != second).any()
    np.testing.assert_array_equal(first, invert(PATTERNS, 0.1, np.random.default_rng(4)))


@pytest.mark.parametrize("layout", [np.asfortranarray, lambda a: a[::-1, :, ::-1], np.float64])
def test_any_layout_of_memory_will_do(layout):
    given = layout(PATTERNS)
    noisy = invert(given, 0.5, np.random.default_rng(6))
    again = invert(np.array(given, np.float32), 0.5, np.random.default_rng(6))
    assert noisy.dtype == np.float32
    np.testing.assert_array_equal(noisy, again)


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan, "half"])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ConfigurationError, match="share is .*; expected a number from 0 to 1"):
        invert(PATTERNS, share, np.random.default_rng(7))


def test_what_is_given_stays_as_it_is():
    before = PATTERNS.copy()
    invert(PATTERNS, 0.5, np.random.default_rng(5))
    np.testing.assert_array_equal(PATTERNS, before)
