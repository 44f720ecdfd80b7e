from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest

from lenet98 import LeNet5
from lenet98.data.noise import invert
from lenet98.data.patterns import grey_levels, ink_of
from lenet98.data.strings import draw_strings
from lenet98.network.tables import lenet5
from lenet98.reading.answers import text_of
from lenet98.reading.pieces import read_pieces
from lenet98.reading.strings import read_strings
from lenet98.reproduction import digit_strings
from lenet98.reproduction.digit_strings import (
    LENGTHS,
    SINGLE_GAPS,
    WAYS,
    errors_in,
    errors_of,
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
def few(digits):
    return digits._replace(test_images=digits.test_images[:60], test_labels=digits.test_labels[:60])


@pytest.fixture(scope="module")
def measured(few):
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


def test_errors_are_those_of_strings_drawn_and_read_one_set_after_the_other(few, measured):
    network, distorted = LeNet5.pretrained("strings"), LeNet5.pretrained("distorted")
    rng, found = np.random.default_rng(0), iter(measured["errors"])
    for length, gaps in product(LENGTHS, [(-1, 4), *((gap, gap) for gap in SINGLE_GAPS)]):
        strings = draw_strings(few.test_images, few.test_labels, length, gaps, strings_of(few), rng)
        clean = grey_levels(strings.images)
        for patterns in (clean, invert(clean, 0.1, rng)):
            readings, one = read_strings(patterns, network), next(found)
            greedy = [text_of(reading.winners) for reading in readings]
            assert one["Viterbi"] == errors_of([own.text for own in readings], strings.texts)
            assert one["greedy"] == errors_of(greedy, strings.texts)
            pieces = read_pieces(ink_of(patterns), distorted)
            assert one["pieces"] == errors_of(pieces, strings.texts)


def test_the_errors_are_those_of_the_set_asked_for():
    sets = product((2, 3), ([0, 0], [0, 1]), (0.0, 0.1), WAYS)
    errors = [
        {"length": length, "gaps": gaps, "noise": noise, way: [place, -1]}
        for place, (length, gaps, noise, way) in enumerate(sets)
    ]
    merged = [errors[k] | errors[k + 1] | errors[k + 2] for k in range(0, len(errors), 3)]
    for one in errors:
        (way,) = one.keys() & WAYS
        asked = one["length"], tuple(one["gaps"]), one["noise"]
        assert list(errors_in({"errors": merged}, way, *asked)) == one[way]


def test_seconds_are_medians_of_pairs_after_a_first_one(monkeypatch):
    shown, now = [], 0.0
    # The first pair compiles; of the others one was disturbed.
    pairs = [(90, 95)] + [(k, 10 * k) for k in (5, 3, 1, 50, 2, 4, 6)]
    ticks = []
    for replicated, windows in pairs:
        ticks += [now, now + replicated, now + replicated + windows]
        now = ticks[-1] + 1000
    monkeypatch.setattr(digit_strings.time, "perf_counter", iter(ticks).__next__)
    network = SimpleNamespace(
        architecture=lenet5(), penalties=lambda patterns: shown.append(patterns.shape)
    )
    assert digit_strings._seconds(network, 64) == [64, 4, 40]
    assert shown == [(1, 32, 64), (9, 32, 32)] * 8


def test_the_network_is_timed_on_columns_that_double():
    assert [32 * 2**k for k in range(7)] == [*digit_strings.COLUMNS]


def test_pieces_are_read_where_there_are_gaps_and_not_under_noise(measured):
    assert errors_in(measured, "pieces", 2, (4, 4), 0.0)[0] < 60
    assert errors_in(measured, "pieces", 4, (4, 4), 0.1)[0] == 100
    assert errors_in(measured, "Viterbi", 2, (4, 4), 0.0)[0] < 60
    with pytest.raises(KeyError, match="no strings of 9"):
        errors_in(measured, "Viterbi", 9, (4, 4), 0.0)


def test_windows_take_longer_than_the_replicated_network(measured):
    columns, replicated, windows = zip(*measured["seconds"], strict=True)
    assert columns == (32, 256)
    assert windows[1] > replicated[1] > replicated[0] > 0
