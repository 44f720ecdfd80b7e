"""A digit changed in several ways at once."""

import numpy as np
import pytest

from lenet98.data.changes import Change, changed
from lenet98.data.patterns import BACKGROUND, FOREGROUND, as_patterns
from lenet98.data.strokes import draw_digits
from lenet98.data.transformations import placing, thicken, transform

DIGIT = draw_digits(n_train=1, n_test=1).train_images[0]
PLAIN = as_patterns(DIGIT[None], 32, np.float32)[0]


def with_noise(share):
    return changed(DIGIT, Change(noise=share), np.random.default_rng(3))


def test_without_a_change_it_is_the_digit_in_its_frame():
    pattern = changed(DIGIT, Change(), np.random.default_rng(3))
    assert pattern.dtype == np.float32
    np.testing.assert_array_equal(pattern, PLAIN)


@pytest.mark.parametrize(
    "amounts",
    [{"squeeze": 0.7}, {"scale": 1.3}, {"degrees": 20.0}, {"right": 3.5}, {"down": -4.0}],
)
def test_each_amount_of_a_place_is_what_it_is_called(amounts):
    expected = transform(DIGIT[None], placing(**amounts))[0]
    assert not np.array_equal(expected, PLAIN)
    np.testing.assert_array_equal(
        changed(DIGIT, Change(**amounts), np.random.default_rng(3)), expected
    )


def test_strokes_are_thickened_at_the_size_they_are_seen():
    thin = changed(DIGIT, Change(scale=0.5), np.random.default_rng(3))
    thick = changed(DIGIT, Change(scale=0.5, thicker=1), np.random.default_rng(3))
    ink = (thin - BACKGROUND) * (255 / (FOREGROUND - BACKGROUND))
    seen = (thick - BACKGROUND) * (255 / (FOREGROUND - BACKGROUND))
    # Grey levels in float32 are right to a millionth of their range.
    np.testing.assert_allclose(seen, thicken(ink, 1), atol=255e-6)


def test_more_noise_inverts_the_same_pixels_and_more():
    few, many = (with_noise(share) != PLAIN for share in (0.05, 0.2))
    assert 0 < few.sum() < many.sum()
    assert not (few & ~many).any()
    np.testing.assert_array_equal(with_noise(1.0), np.float32(BACKGROUND + FOREGROUND) - PLAIN)
