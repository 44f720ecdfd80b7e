"""Ink of thin and broad pens."""

import numpy as np
import pytest

from lenet98.data.normalisation import normalise
from lenet98.reading.pens import broadened


def stroke(pen, height=200):
    ink = np.zeros((height + 40, 160), np.float32)
    ink[20 : 20 + height, 80 : 80 + pen] = ink[20 : 20 + pen, 40:120] = 255
    return ink


@pytest.mark.parametrize("pen", [13, 14, 20, 40])
def test_a_broad_pen_is_as_it_was(pen):
    np.testing.assert_array_equal(broadened(stroke(pen)), stroke(pen))


@pytest.mark.parametrize("pen", [1, 2, 4, 8, 11, 12])
def test_a_thin_pen_becomes_as_broad_as_those_of_mnist(pen):
    broad = broadened(stroke(pen))
    width = (broad[broad.shape[0] // 2] > 0).sum()
    assert width == pytest.approx(16, abs=2)  # 1.6 pixels of 20, the digit 200 high
    assert normalise(broad).max() == 255


def test_a_broadened_stroke_ends_in_an_octagon():
    line = np.zeros((240, 160), np.float32)
    line[20:220, 80] = 255
    widths = (broadened(line) > 0).sum(axis=1)
    assert widths[widths > 0][:5].tolist() == [9, 11, 13, 15, 15]
    assert widths.max() == 15


def test_no_ink_leaves_the_paper():
    """Ink at the very edge grows beyond it."""
    ink = np.zeros((100, 30), np.float32)
    ink[:, 0] = 255
    broad = broadened(ink)
    assert (broad.sum(axis=1) > 0).sum() > 100
    assert np.ptp(np.flatnonzero(broad.any(axis=0))) >= 6
