from dataclasses import replace

import numpy as np
import pytest

from lenet98 import LeNet5, draw_digits
from lenet98.reading.answers import (
    BLANK,
    LEAST_MARGIN,
    RUBBISH_PENALTY,
    StringReading,
    characters_on,
    text_of,
)


def a_reading(path, penalties, blank=8.0):
    path, grid = np.array(path), np.array(penalties, float)
    return StringReading(text_of(path), 1.0, 0.0, path, grid, np.full(len(path), blank))


@pytest.mark.parametrize("name", ["mnist", "distorted", "noise"])
def test_the_rubbish_penalty_divides_digits_from_empty_paper(name):
    network, images = LeNet5.pretrained(name), draw_digits(n_train=10, n_test=200).test_images
    least = network.penalties(images).min(axis=1)
    assert (least < RUBBISH_PENALTY).mean() > 0.7
    assert network.penalties(np.zeros((1, 28, 28), np.uint8)).min() > 5 * RUBBISH_PENALTY


@pytest.mark.parametrize(
    ("path", "margin", "unsure", "said"),
    [
        ([4, BLANK, 2], LEAST_MARGIN, False, "42, margin 10.0"),
        ([4, BLANK, 2], LEAST_MARGIN - 0.1, True, "unsure, perhaps 42, margin 9.9"),
        ([BLANK] * 3, 1.0, False, "no digit found, margin 1.0"),
    ],
)
def test_a_string_is_unsure_where_another_text_is_nearly_as_likely(path, margin, unsure, said):
    reading = replace(a_reading(path, np.ones((10, 3))), margin=margin)
    assert reading.unsure is unsure
    assert str(reading) == said


def test_the_winner_of_a_slot_is_the_class_of_least_penalty_or_the_blank():
    reading = a_reading([0, BLANK, BLANK], [[3, 9, 20], [5, 7, 30]])
    assert reading.winners.tolist() == [0, 1, BLANK]


def test_the_penalty_of_a_character_is_the_least_where_it_stands():
    # The 1 at slot 6 is of less penalty still, but stands on no character.
    grid = [[9, 4, 9, 9, 9, 9, 9, 2], [9, 1, 9, 5, 3, 6, 0, 9]]
    reading = a_reading([0, 0, BLANK, 1, 1, 1, BLANK, 0], grid)
    assert reading.text == "010"
    assert reading.penalties_of_text == [4, 3, 2]
    assert all(type(penalty) is float for penalty in reading.penalties_of_text)


@pytest.mark.parametrize(
    ("path", "expected"),
    [([BLANK, 1, 1, BLANK, 1], [4, 6]), ([BLANK, BLANK, 0], [9]), ([BLANK] * 3, []), ([0], [5])],
)
def test_there_is_a_penalty_for_each_character(path, expected):
    grid = [[5, 7, 9, 8, 9], [1, 4, 5, 3, 6]]
    reading = a_reading(path, np.array(grid)[:, : len(path)])
    assert reading.penalties_of_text == expected
    assert len(expected) == len(reading.text) == len(characters_on(reading.path))
