"""Images framed and scaled, and labels, as a network takes them."""

import re

import numpy as np
import pytest

from lenet98.data.patterns import as_labels, as_patterns, grey_levels, ink_of, width_of
from lenet98.errors import PatternError

BYTES = np.random.default_rng(3).integers(0, 256, (2, 28, 28), dtype=np.uint8)


def test_grey_levels_are_those_of_the_paper():
    # Sec. II-B: -0.1 for the background, 1.175 for the foreground.
    ink = np.array([0, 255, 51], np.uint8)
    np.testing.assert_allclose(grey_levels(ink, np.float64), [-0.1, 1.175, -0.1 + 1.275 / 5])
    assert grey_levels(ink).dtype == np.float32


def test_ink_is_found_again_in_grey_levels():
    ink = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    np.testing.assert_array_equal(ink_of(grey_levels(ink)), ink)
    np.testing.assert_array_equal(ink_of(np.array([-0.2, 1.3], np.float32)), [0, 255])
    assert ink_of(grey_levels(ink)).dtype == np.uint8


@pytest.mark.parametrize("height", [28, 32, 36])
def test_bytes_stand_in_the_middle_of_a_square_frame_of_background(height):
    patterns = as_patterns(BYTES, height, np.float64)
    assert patterns.shape == (2, height, height)
    assert width_of(BYTES, height) == height
    margin = (height - 28) // 2
    around = [(0, 0), (margin, margin), (margin, margin)]
    expected = np.pad(-0.1 + 1.275 / 255 * BYTES.astype(float), around, constant_values=-0.1)
    np.testing.assert_allclose(patterns, expected, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_is_the_one_asked_for(dtype):
    assert as_patterns(BYTES, 32, dtype).dtype == dtype
    assert as_patterns(np.zeros((1, 32, 40), np.float16), 32, dtype).dtype == dtype


def test_real_patterns_of_any_width_are_taken_as_they_are():
    wide = np.random.default_rng(1).uniform(-0.1, 1.175, (3, 32, 77))
    assert width_of(wide, 32) == 77
    np.testing.assert_array_equal(as_patterns(wide, 32, np.float64), wide)
    transposed = np.asfortranarray(wide)
    found = as_patterns(transposed, 32, np.float64)
    np.testing.assert_array_equal(found, wide)
    assert found.flags.c_contiguous


def test_no_image_is_a_set_too():
    assert as_patterns(BYTES[:0], 32, np.float32).shape == (0, 32, 32)


@pytest.mark.parametrize(
    ("images", "height", "said"),
    [
        (BYTES, 27, "patterns as real (n, 27, width), for images of 28x28 do not fit into 27 rows"),
        (BYTES[:, :, :27], 32, "uint8 (n, 28, 28), or patterns as real (n, 32, width)"),
        (BYTES[:, :, :27], 32, "found uint8 (2, 28, 27)"),
        (BYTES[0], 32, "found uint8 (28, 28)"),
        (BYTES.astype(np.int64), 32, "found int64 (2, 28, 28)"),
        (np.zeros((2, 31, 32)), 32, "real (n, 32, width); found float64 (2, 31, 32)"),
        (np.zeros((2, 32, 32)), 28, "real (n, 28, width); found float64 (2, 32, 32)"),
        (np.zeros((32, 32)), 32, "found float64 (32, 32)"),
        (np.zeros((1, 32, 32), complex), 32, "found complex128 (1, 32, 32)"),
    ],
)
def test_what_is_no_pattern_is_refused_whoever_asks(images, height, said):
    for ask in (width_of, lambda i, h: as_patterns(i, h, np.float32)):
        with pytest.raises(PatternError, match=re.escape(said)):
            ask(images, height)


def test_a_frame_of_28_rows_is_the_smallest_for_bytes():
    assert width_of(BYTES, 28) == 28
    assert width_of(np.zeros((1, 27, 5)), 27) == 5  # real patterns may be smaller


@pytest.mark.parametrize("level", [np.nan, np.inf, -np.inf])
def test_a_grey_level_that_is_no_number_is_refused(level):
    pattern = np.zeros((1, 32, 32))
    pattern[0, 31, 31] = level
    with pytest.raises(PatternError, match="expected finite grey levels; found a NaN or an inf"):
        as_patterns(pattern, 32, np.float32)


@pytest.mark.parametrize("labels", [[0, 9, 3], np.array([0, 9, 3], np.uint8)])
def test_labels_come_as_integers_of_eight_bytes(labels):
    found = as_labels(labels, 3, 10)
    assert found.dtype == np.int64
    assert found.tolist() == [0, 9, 3]
    assert as_labels(np.zeros(0, np.uint8), 0, 10).shape == (0,)


@pytest.mark.parametrize(
    ("labels", "patterns", "said"),
    [
        (np.array([1, 2], np.int64), 3, "expected 3 whole numbers as labels; found int64 (2,)"),
        (np.array([[1, 2]], np.int64), 2, "expected 2 whole numbers as labels; found int64 (1, 2)"),
        ([1.0, 2.0], 2, "expected 2 whole numbers as labels; found float64 (2,)"),
        ([True, False], 2, "expected 2 whole numbers as labels; found bool (2,)"),
        ([0, 10], 2, "expected labels from 0 to 9; found 0 to 10"),
        ([-1, 3], 2, "expected labels from 0 to 9; found -1 to 3"),
    ],
)
def test_what_is_no_label_is_refused(labels, patterns, said):
    with pytest.raises(PatternError, match=re.escape(said)):
        as_labels(labels, patterns, 10)
