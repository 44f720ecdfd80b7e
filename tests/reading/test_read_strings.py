import numpy as np
import pytest

from lenet98 import LeNet5, read_string
from lenet98.data.patterns import grey_levels
from lenet98.data.strings import draw_strings
from lenet98.errors import PatternError
from lenet98.reading.answers import RUBBISH_PENALTY
from lenet98.reading.strings import read_strings

STRINGS_NET = LeNet5.pretrained("strings")


def test_the_columns_are_the_network_on_each_window():
    rng = np.random.default_rng(0)
    pattern = rng.uniform(-0.1, 1.175, (32, 96)).astype(np.float32)
    reading = read_string(pattern)
    windows = np.stack([pattern[:, 4 * k : 4 * k + 32] for k in range(17)])
    penalties = STRINGS_NET.penalties(windows)
    # Sums are taken in another order.
    np.testing.assert_allclose(reading.penalties.T, penalties[:, :10], rtol=1e-4)
    np.testing.assert_allclose(reading.blank, penalties[:, 10], rtol=1e-4)


@pytest.mark.parametrize("length", [1, 2, 4, 7])
def test_strings_of_pen_strokes_are_read(digits, length):
    rng = np.random.default_rng(length)
    few = digits.test_images[:40], digits.test_labels[:40]
    strings = draw_strings(*few, length, (2, 4), 30, rng)
    readings = read_strings(grey_levels(strings.images), STRINGS_NET)
    right = [one.text == text for one, text in zip(readings, strings.texts, strict=True)]
    assert np.mean(right) > 0.5  # of another hand than MNIST's, and 0.1^n by chance


def test_a_reading_agrees_with_itself(digits):
    strings = draw_strings(
        digits.test_images, digits.test_labels, 3, (1, 3), 5, np.random.default_rng(1)
    )
    for reading in read_strings(grey_levels(strings.images), STRINGS_NET):
        slots = np.arange(len(reading.path))
        arcs = np.vstack([reading.penalties, reading.blank])[reading.path, slots]
        assert reading.penalty == pytest.approx(arcs.sum(), rel=1e-5)
        assert reading.margin > 0
        assert reading.winners.shape == reading.path.shape
        least = np.minimum(reading.penalties.min(axis=0), reading.blank)
        found = np.vstack([reading.penalties, reading.blank])[reading.winners, slots]
        np.testing.assert_array_equal(found, least)


def test_a_string_is_read_from_ink_as_from_patterns(digits):
    ink = draw_strings(*digits[2:], 2, (2, 4), 1, np.random.default_rng(3)).images[0]
    expected = read_string(grey_levels(ink))
    # A width of 784 columns is no set of flat images here.
    wide = np.pad(ink, ((0, 0), (0, 784 - ink.shape[1])))
    for same in (ink, ink[None], ink[..., None], ink.tolist(), ink / 1.0):
        np.testing.assert_array_equal(read_string(same).penalties, expected.penalties)
    assert len(read_string(wide).path) == (784 - 32) // 4 + 1


def test_blank_paper_is_the_empty_string():
    for width in (32, 64, 400):
        reading = read_string(np.full((32, width), -0.1))
        assert (reading.text, reading.path.tolist()) == ("", [-1] * ((width - 32) // 4 + 1))


@pytest.mark.parametrize("width", [61, 62, 63, 64])
def test_any_width_is_filled_up_to_a_whole_slot(width):
    pattern = np.random.default_rng(2).uniform(-0.1, 1.175, (32, width))
    filled = np.pad(pattern, ((0, 0), (0, 64 - width)), constant_values=-0.1)
    reading, expected = read_string(pattern), read_string(filled)
    assert len(reading.path) == 9
    np.testing.assert_array_equal(reading.penalties, expected.penalties)


def test_a_network_without_a_blank_has_the_rubbish_class():
    reading = read_string(np.full((32, 64), -0.1), LeNet5.pretrained("mnist"))
    assert (reading.blank == RUBBISH_PENALTY).all()
    assert reading.penalties.shape == (10, 9)
    (dearer,) = read_strings(np.full((1, 32, 64), -0.1), LeNet5.pretrained("mnist"), rubbish=3.5)
    assert (dearer.blank == 3.5).all()


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (np.zeros((32, 31)), "at least 32 pixels wide"),
        (np.zeros((28, 64)), r"real \(32, width\)"),
        (np.zeros((2, 32, 64)), r"one image .*real \(32, width\); found float64 \(2, 32, 64\)"),
        (np.zeros((31, 64), np.uint8), r"real \(32, width\); found uint8 \(31, 64\)"),
        (np.random.default_rng(0).random((32, 64)), r"Give 255 \* pattern\."),
        (np.full((32, 64), np.nan), "finite"),
    ],
)
def test_what_is_no_pattern_is_refused(pattern, message):
    with pytest.raises(PatternError, match=message):
        read_string(pattern)
