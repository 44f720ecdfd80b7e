import numpy as np
import pytest
from drawings import BLANKED, OTHER_STATES, STATES, pictures, reproduction, strings

from lenet98.data.printed import fig25_and_26_patterns
from lenet98.errors import PatternError
from lenet98.paper.figures import fig13 as printed_fig13
from lenet98.paper.figures import fig25_and_26 as printed_fig25_and_26
from lenet98.plots.page.slots import middle_of, shade_of
from lenet98.plots.printed import draw_strings, draw_unusual, fig25
from lenet98.plots.strings import draw_read_strings, draw_string_errors
from lenet98.reading.answers import StringReading
from lenet98.reading.strings import read_string

PATTERNS = fig25_and_26_patterns()
RESPONSES = [BLANKED.states(pattern) for pattern in PATTERNS]
PRINTED = printed_fig25_and_26()


def readings_like_the_papers():
    """What would be read if the paper's winners were ours, each with the penalty 2."""
    readings = []
    for text, winners in zip(PRINTED.answers, PRINTED.winners, strict=True):
        penalties = np.full((10, 9), 60.0)
        path = np.array([-1 if label == "." else int(label) for label in winners])
        for slot, label in enumerate(path):
            if label >= 0:
                penalties[label, slot] = 2.0
        readings.append(StringReading(text, 7.5, 20.0, path, penalties, np.full(9, 30.0)))
    return readings


def test_fig13_shows_every_map_in_the_columns_of_the_paper():
    responses = [STATES] * 4 + [OTHER_STATES] * 5
    page = draw_unusual(responses, printed_fig13().labels, "mnist")
    shown = pictures(page)
    assert len(shown) == 9 * 7
    for panel, response in enumerate(responses):
        parts = shown[7 * panel : 7 * panel + 7]
        for part, name in zip(parts, ("input", "C1", "S2", "C3", "S4", "C5", "F6"), strict=True):
            drawn = part[np.isfinite(part)]
            np.testing.assert_array_equal(np.sort(drawn), np.sort(response[name].ravel()))
    assert [text for text in strings(page) if text in ("C1", "C5", "F6")] == ["C1", "C5", "F6"] * 3


def test_fig13_tells_where_the_answer_is_not_the_papers():
    answer = int(STATES["OUTPUT"].argmin())
    labels = [answer] * 4 + [(answer + 1) % 10] * 5
    said = strings(draw_unusual([STATES] * 9, labels, "mnist"))
    assert said.count(f"the paper: {(answer + 1) % 10}") == 5
    assert said.count(f"penalty {STATES['OUTPUT'].min():.1f}") == 9


def test_fig25_shows_f6_at_every_slot_and_both_rows_of_winners():
    page = draw_strings(RESPONSES, readings_like_the_papers(), PRINTED, "mnist")
    shown = pictures(page)
    assert len(shown) == 5 * (1 + 9) + 3
    np.testing.assert_array_equal(shown[0], PATTERNS[0])
    for k, response in enumerate(RESPONSES):
        for slot in range(9):
            f6 = response["F6"][:, 0, slot].reshape(12, 7)
            np.testing.assert_array_equal(shown[10 * k + 1 + slot], f6)
    said = strings(page)
    labels = "".join(winners.replace(".", "") for winners in PRINTED.winners)
    for digit in "0123456789":
        assert said.count(digit) == 2 * labels.count(digit)
    assert said.count("read here: 2345, in 1998: 2345") == 1


def test_fig25_is_of_the_network_of_strings():
    page = fig25(reproduction())
    text = read_string(PATTERNS[1], BLANKED).text
    assert f"read here: {text or 'nothing'}, in 1998: 540" in strings(page)


def test_labels_stand_below_the_middles_of_their_slots():
    assert [middle_of(slot, 6) for slot in (0, 1, 8)] == [96, 120, 288]
    page = draw_strings(RESPONSES, readings_like_the_papers(), PRINTED, "mnist")
    twos = [text.get_position()[0] * 900 for text in page.texts if text.get_text() == "2"]
    np.testing.assert_allclose(twos, 20 + 96)


def test_labels_are_the_darker_the_smaller_the_penalty():
    assert shade_of(0.0) == 0 < shade_of(5.0) < shade_of(19.0) < 1


def test_own_strings_of_any_width_fit_on_the_page():
    widths = (32, 64, 200, 860)
    patterns = [np.full((32, width), -0.1, np.float32) for width in widths]
    responses = [BLANKED.states(pattern) for pattern in patterns]
    readings = [read_string(pattern, BLANKED) for pattern in patterns]
    page = draw_read_strings(responses, readings, "mnist")
    for axes in page.axes:
        assert axes.get_position().x1 <= 1


def test_a_string_wider_than_the_page_is_not_drawn():
    pattern = np.full((32, 864), -0.1, np.float32)
    reading = read_string(pattern, BLANKED)
    with pytest.raises(PatternError, match="at most 860 pixels wide to draw, found 864"):
        draw_read_strings([BLANKED.states(pattern)], [reading], "mnist")


def test_errors_are_drawn_for_every_way_with_noise_and_without():
    found = [one.measured["strings"] for one in reproduction().results.runs["strings"]]
    by_gap, by_length, by_width = draw_string_errors(found, 1000, "mnist").axes
    for axes, points in ((by_gap, 6), (by_length, 4)):
        assert len(axes.lines) == 6
        assert {len(line.get_xdata()) for line in axes.lines} == {points}
        assert sorted(line.get_linestyle() for line in axes.lines) == ["-"] * 3 + ["--"] * 3
    viterbi = by_gap.lines[0].get_ydata()
    expected = np.mean([one["errors"][0]["Viterbi"][0] for one in found])
    np.testing.assert_allclose(viterbi, expected)
    replicated, windows = by_width.lines
    assert (windows.get_ydata() > replicated.get_ydata()).all()
