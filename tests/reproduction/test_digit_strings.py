from itertools import product

import numpy as np
import pytest

from lenet98 import LeNet5
from lenet98.reproduction import digit_strings
from lenet98.reproduction.digit_strings import (
    LENGTHS,
    SINGLE_GAPS,
    WAYS,
    errors_of,
    string_error,
    strings_of,
)


@pytest.mark.parametrize(
    ("read", "texts", "expected"),
    [
        (["12"], ["12"], [0, 0]),
        (["13"], ["12"], [100, 50]),
        (["2"], ["12"], [100, 50]),
        (["112"], ["12"], [100, 50]),
        ([""], ["12"], [100, 100]),
        (["21"], ["12"], [100, 100]),
        (["12", "3445"], ["12", "345"], [50, 20]),
    ],
)
def test_digits_replaced_left_out_or_put_in_are_errors(read, texts, expected):
    assert errors_of(read, texts) == expected


@pytest.fixture(scope="module")
def measured(digits):
    few = digits._replace(
        test_images=digits.test_images[:200], test_labels=digits.test_labels[:200]
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digit_strings, "COLUMNS", (32, 256))
        network = LeNet5.pretrained("strings")
        return digit_strings.measure(network, few, np.random.default_rng(0))


@pytest.mark.parametrize(("patterns", "strings"), [(10_000, 1000), (200, 20), (5, 1)])
def test_fewer_strings_are_made_of_fewer_patterns(digits, patterns, strings):
    assert strings_of(digits._replace(test_labels=np.zeros(patterns, np.uint8))) == strings


def test_every_length_and_gap_is_read_with_noise_and_without(measured):
    sets = [(one["length"], tuple(one["gaps"]), one["noise"]) for one in measured["errors"]]
    gaps = [(-1, 4), *((gap, gap) for gap in SINGLE_GAPS)]
    assert sets == list(product(LENGTHS, gaps, (0.0, 0.1)))
    for one in measured["errors"]:
        for way in WAYS:
            assert one[way][1] >= 0
            assert 0 <= one[way][0] <= 100


def test_pieces_are_read_where_there_are_gaps_and_not_under_noise(measured):
    assert string_error(measured, "pieces", 2, (4, 4), 0.0) < 60
    assert string_error(measured, "pieces", 4, (4, 4), 0.1) == 100
    assert string_error(measured, "Viterbi", 2, (4, 4), 0.0) < 60
    with pytest.raises(KeyError, match="no strings of 9"):
        string_error(measured, "Viterbi", 9, (4, 4), 0.0)


def test_windows_take_longer_than_the_replicated_network(measured):
    columns, replicated, windows = zip(*measured["seconds"], strict=True)
    assert columns == (32, 256)
    assert windows[1] > replicated[1] > replicated[0] > 0
