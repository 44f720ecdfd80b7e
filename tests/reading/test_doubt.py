"""When an answer to a pattern is unsure."""

import numpy as np
import pytest
from images import grey_png

from lenet98 import LeNet5, read_digit
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


class Answering:
    """Stands for a network that gives each view penalties of 7 and of 2, and 90 to all else."""

    def __init__(self, *views):
        self._views = [*views]

    def penalties(self, images):
        answers = np.full((len(images), 10), 90.0)
        for answer in answers:
            answer[[7, 2]] = self._views.pop(0)
        return answers


@pytest.mark.parametrize(
    ("views", "unsure"),
    [
        ([(1, 22)] * 5, False),
        ([(1, 21.9)] * 5, True),
        ([(30, 80)] * 5, False),
        ([(31, 80)] * 5, True),
        # The margins of three and the penalties of two are enough.
        ([(1, 22)] * 3 + [(60, 61)] * 2, False),
        ([(1, 22)] * 2 + [(60, 61)] * 3, True),
        ([(20, 60)] * 4 + [(1, 90)], False),
        ([(21, 60)] * 4 + [(1, 90)], True),
    ],
)
def test_it_is_unsure_where_the_margin_does_not_lead_the_penalty(views, unsure):
    reading = judged(np.zeros((28, 28), np.uint8), Answering(*views))
    assert (reading.digit, reading.second, reading.unsure) == (7, 2, unsure)


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
