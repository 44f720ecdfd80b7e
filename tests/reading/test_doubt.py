"""When an answer to a pattern is unsure."""

import numpy as np
import pytest
from images import grey_png

from lenet98 import LeNet5, read_digit
from lenet98.reading import doubt
from lenet98.reading.answers import DigitReading
from lenet98.reading.doubt import judged

NETWORK = LeNet5.pretrained("distorted")


def test_hardly_any_digit_is_unsure_and_most_that_are_misread_are(digits):
    readings = [judged(image, NETWORK) for image in digits.test_images[:200]]
    right = np.array([one.digit for one in readings]) == digits.test_labels[:200]
    unsure = np.array([one.unsure for one in readings])
    assert unsure[right].mean() < 0.06
    assert unsure[~right].mean() > 0.4


def test_the_penalties_are_those_of_the_pattern_alone(digits):
    reading = judged(digits.test_images[0], NETWORK)
    expected = NETWORK.penalties(digits.test_images[:1])[0]
    np.testing.assert_array_equal(reading.penalties, expected)
    ranked = np.sort(expected)
    assert reading.digit == expected.argmin()
    assert reading.penalty == ranked[0]
    assert reading.margin == pytest.approx(ranked[1] - ranked[0])
    assert expected[reading.second] == ranked[1]


@pytest.mark.parametrize(("limit", "value"), [("MOST_PENALTY", -1.0), ("LEAST_MARGIN", 1e9)])
def test_either_limit_makes_unsure(digits, monkeypatch, limit, value):
    sure = next(image for image in digits.test_images if not judged(image, NETWORK).unsure)
    monkeypatch.setattr(doubt, limit, value)
    assert judged(sure, NETWORK).unsure


def test_a_blank_class_is_no_digit(digits):
    blank = LeNet5.pretrained("strings")
    assert judged(digits.test_images[0], blank).penalties.shape == (10,)


def test_a_file_is_read_by_the_shipped_network(digits, tmp_path):
    path = tmp_path / "digit.png"
    path.write_bytes(grey_png(digits.test_images[0]))
    reading = read_digit(path)
    assert isinstance(reading, DigitReading)
    assert reading.digit == digits.test_labels[0]
    np.testing.assert_array_equal(read_digit(path, NETWORK).penalties, reading.penalties)
