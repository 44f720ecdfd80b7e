import re
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from drawings import (
    BLANKED,
    OTHER,
    OTHER_STATES,
    STATES,
    measured,
    pictures,
    reproduction,
    strings,
)

from lenet98.data.printed import fig13_patterns, fig25_and_26_patterns
from lenet98.errors import PatternError
from lenet98.paper.figures import fig13 as printed_fig13
from lenet98.paper.figures import fig25_and_26 as printed_fig25_and_26
from lenet98.plots.page import style
from lenet98.plots.page.pictures import GREYS, all_states
from lenet98.plots.page.slots import middle_of, shade_of
from lenet98.plots.printed import draw_strings, draw_unusual, fig13, fig25
from lenet98.plots.strings import draw_read_strings, draw_string_errors
from lenet98.plots.strings import strings as string_figure
from lenet98.reading.answers import StringReading
from lenet98.reading.strings import read_string
from lenet98.reproduction.digit_strings import WAYS, errors_in
from lenet98.reproduction.named_runs import NOISE, STRINGS
from lenet98.reproduction.printed import patterns_read, strings_read

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
        readings.append(StringReading(text, 17.5, 20.0, path, penalties, np.full(9, 30.0)))
    return readings


@pytest.fixture(scope="module")
def page():
    """Fig. 25 and Fig. 26, read as in the paper."""
    return draw_strings(RESPONSES, readings_like_the_papers(), PRINTED, "mnist")


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


def declared(figure):
    return figure.runs, figure.rows


def test_figures_are_of_the_runs_that_their_numbers_are_of():
    assert declared(fig13) == ((NOISE,), patterns_read)
    assert declared(fig25) == ((STRINGS,), strings_read)
    assert string_figure.runs == (STRINGS,)


def test_fig13_shows_what_the_network_of_noise_says_in_the_papers_order():
    shown = pictures(fig13(reproduction()))
    for panel, pattern in enumerate(fig13_patterns()):
        np.testing.assert_array_equal(shown[7 * panel], OTHER.states(pattern)["input"][0])
        f6 = OTHER.states(pattern)["F6"].reshape(12, 7)
        np.testing.assert_array_equal(shown[7 * panel + 6], f6)


def boxes(page):
    """Return where the pictures stand, in dots from the left and from the top."""
    width, height = page.bbox.size
    placed = [axes.get_position() for axes in page.axes]
    return [
        np.rint([p.x0 * width, (1 - p.y1) * height, p.x1 * width, (1 - p.y0) * height])
        for p in placed
    ]


def assert_apart(page):
    """Assert that no two pictures meet and all are on the page."""
    width, height = page.bbox.size
    placed = boxes(page)
    for k, (left, top, right, bottom) in enumerate(placed):
        assert 0 <= left < right <= width
        assert style.HEADER <= top < bottom <= height
        for other in placed[:k]:
            assert min(right, other[2]) <= max(left, other[0]) or min(bottom, other[3]) <= max(
                top, other[1]
            )


def assert_levels(page, inputs):
    """Assert that inputs are drawn from background to foreground, states over all there are."""
    for k, axes in enumerate(axes for axes in page.axes if axes.images):
        assert axes.images[0].get_clim() == (GREYS if k in inputs else all_states())


def test_pictures_of_fig13_stand_apart_three_panels_a_row_each_unit_as_large_as_said():
    page = draw_unusual([STATES] * 9, printed_fig13().labels, "mnist")
    assert_apart(page)
    assert_levels(page, range(0, 63, 7))
    inputs = np.array(boxes(page)[::7])
    assert len({*inputs[:, 0]}) == len({*inputs[:, 1]}) == 3
    assert (np.lexsort((inputs[:, 0], inputs[:, 1])) == np.arange(9)).all()
    for part, box in zip(pictures(page)[:7], boxes(page)[:7], strict=True):
        dots = (box[3] - box[1]) / part.shape[0], (box[2] - box[0]) / part.shape[1]
        assert dots[0] == dots[1]
    # Sixteen maps of C1 and S2 are equally high; those of C5 stand in three columns.
    heights = {name: box[3] - box[1] for name, box in zip(STATES, boxes(page)[:7], strict=False)}
    assert abs(heights["C1"] - heights["S2"]) <= 10
    assert abs(heights["C3"] - heights["S4"]) <= 15
    assert pictures(page)[5].shape == (40, 3)


def colours(page, text):
    return [one.get_color() for one in page.texts if one.get_text() == text]


def test_fig13_says_each_answer_as_dark_as_its_penalty_is_small():
    label = int(STATES["OUTPUT"].argmin())
    states = [
        STATES | {"OUTPUT": np.where(np.arange(10) == label, penalty, 99.0)[:, None, None]}
        for penalty in (0.0, 10.0, 20.0, 40.0)
    ]
    page = draw_unusual(states, [label] * 3 + [label + 1], "mnist")
    assert colours(page, str(label)) == ["0.0", "0.425", "0.85", "0.85"]
    assert colours(page, f"the paper: {label + 1}") == [style.TRAINING]
    assert "penalty 40.0" in strings(page)


def test_names_of_the_layers_stand_above_the_middles_of_their_columns():
    page = draw_unusual([STATES] * 2, [0, 1], "mnist")
    for name, panel in (("C1", 1), ("S2", 2), ("C3", 3), ("S4", 4), ("C5", 5), ("F6", 6)):
        places = [one.get_position() for one in page.texts if one.get_text() == name]
        for place, box in zip(places, boxes(page)[panel::7], strict=True):
            assert place[0] * 900 == pytest.approx((box[0] + box[2]) / 2, abs=1)
            assert 0 < box[1] - (1 - place[1]) * page.bbox.height < 20


def test_fig13_tells_where_the_answer_is_not_the_papers():
    answer = int(STATES["OUTPUT"].argmin())
    labels = [answer] * 4 + [(answer + 1) % 10] * 5
    said = strings(draw_unusual([STATES] * 9, labels, "mnist"))
    assert said.count(f"the paper: {(answer + 1) % 10}") == 5
    assert said.count(f"penalty {STATES['OUTPUT'].min():.1f}") == 9


def test_fig25_shows_f6_at_every_slot_and_both_rows_of_winners(page):
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


def test_pictures_of_fig25_stand_apart_and_the_maps_are_those_of_the_first_string(page):
    assert_apart(page)
    assert_levels(page, range(0, 50, 10))
    for maps, name in zip(pictures(page)[-3:], ("C1", "C3", "C5"), strict=True):
        drawn = maps[np.isfinite(maps)]
        np.testing.assert_array_equal(np.sort(drawn), np.sort(RESPONSES[0][name].ravel()))
    np.testing.assert_array_equal(pictures(page)[-1], RESPONSES[0]["C5"][:, 0])
    # Fig. 25's alone; then two and two of Fig. 26.
    lefts, tops = np.array(boxes(page)[:50:10])[:, :2].T
    assert lefts[0] == lefts[1] == lefts[3] < lefts[2] == lefts[4]
    assert tops[0] < tops[1] == tops[2] < tops[3] == tops[4]


def test_fig25_has_both_rows_of_labels_in_their_greys_and_marks_what_is_read_otherwise():
    readings = readings_like_the_papers()
    readings[1] = replace(readings[1], text="")
    page = draw_strings(RESPONSES, readings, PRINTED, "mnist")
    assert colours(page, "read here: 2345, in 1998: 2345") == [style.INK]
    assert colours(page, "read here: nothing, in 1998: 540") == [style.TRAINING]
    labels = {}
    for text in page.texts:
        if text.get_text() in [*"0123456789"]:
            left, up = text.get_position()
            labels.setdefault(round(left * 900), []).append((-up, text.get_color()))
    here, there = sorted(labels[20 + 96])[:2]  # the first slot of the first string: a 2
    assert here[1] == "0.085"  # 0.85 by a penalty of 2 over 20
    assert there[1] == str(round(0.85 * PRINTED.label_greys[0, 0] / 63, 3))
    rows = {text: -page.texts[k].get_position()[1] for k, text in enumerate(strings(page))}
    assert rows["here"] < rows["1998"]
    first = [(text, place[1]) for text, place in texts_at(page) if text in ("here", "1998")][:2]
    assert [place for _, place in first] == [-here[0], -there[0]]
    assert [text for text, _ in first] == ["here", "1998"]


def texts_at(page):
    return [(text.get_text(), text.get_position()) for text in page.texts]


def test_f6_and_winner_of_a_slot_stand_on_its_middle(page):
    string, *slots = boxes(page)[:10]
    for slot, box in enumerate(slots):
        # To a dot, for F6 is an odd number of units wide.
        assert abs((box[0] + box[2]) / 2 - string[0] - middle_of(slot, 6)) <= 1
        assert box[1] > string[3]
        assert (box[2] - box[0], box[3] - box[1]) == (21, 36)  # the most below 24 dots a slot
    assert {text.get_ha() for text in page.texts if text.get_text() == "2"} == {"center"}


def test_labels_stand_below_the_middles_of_their_slots(page):
    assert [middle_of(slot, 6) for slot in (0, 1, 8)] == [96, 120, 288]
    twos = [text.get_position()[0] * 900 for text in page.texts if text.get_text() == "2"]
    np.testing.assert_allclose(twos, 20 + 96)


def test_labels_are_the_darker_the_smaller_the_penalty():
    assert shade_of(0.0) == 0 < shade_of(5.0) < shade_of(19.0) < 1


def test_own_strings_of_any_width_fit_on_the_page():
    widths = (32, 64, 200, 428)
    patterns = [np.full((32, width), -0.1, np.float32) for width in widths]
    responses = [BLANKED.states(pattern) for pattern in patterns]
    readings = [read_string(pattern, BLANKED) for pattern in patterns]
    page = draw_read_strings(responses, readings, "mnist")
    assert max(box[2] for box in boxes(page)) <= 900
    assert min(box[2] - box[0] for box in boxes(page)) >= 7  # a dot for each unit of F6
    assert max(box[3] for box in boxes(page)) <= page.bbox.height
    places = np.cumsum([0, *(1 + len(reading.path) for reading in readings)])[:-1]
    shown = [box[2] - box[0] for box in np.array(boxes(page))[places]]
    assert shown == [32 * 6, 64 * 6, 200 * 4, 428 * 2]  # whole dots, six at the most
    said = [text for text in strings(page) if "margin" in text]
    assert said == [str(reading) for reading in readings]


def test_own_strings_stand_below_one_another_each_with_its_own_states():
    readings = readings_like_the_papers()[:2]
    readings[1] = replace(readings[1], text="")
    page = draw_read_strings(RESPONSES[:2], readings, "mnist")
    assert_apart(page)
    for k, response in enumerate(RESPONSES[:2]):
        np.testing.assert_array_equal(pictures(page)[10 * k], response["input"][0])
    assert [text for text in strings(page) if "margin" in text] == [
        "2345, margin 17.5",
        "no digit found, margin 17.5",
    ]
    margins = [1 - place[1] for text, place in texts_at(page) if "margin" in text]
    bottoms = np.array(boxes(page))[9::10, 3] / page.bbox.height
    tops = np.array(boxes(page))[[10, 10], 1] / page.bbox.height
    assert bottoms[0] < margins[0] < tops[0]
    assert bottoms[1] < margins[1] < 1


def test_a_string_wider_than_the_page_is_not_drawn():
    pattern = np.full((32, 432), -0.1, np.float32)
    reading = read_string(pattern, BLANKED)
    with pytest.raises(PatternError, match="at most 430 pixels wide to draw, found 432"):
        draw_read_strings([BLANKED.states(pattern)], [reading], "mnist")


@pytest.fixture(scope="module")
def found():
    """Two seeds, with an error of its own for every set and way."""
    rng, seeds = np.random.default_rng(0), []
    for _ in range(2):
        one = measured(0.0)["strings"]
        for some in one["errors"]:
            some.update({way: [rng.uniform(0, 100), 0.0] for way in WAYS})
        one["seconds"] = [[columns, *rng.uniform(0.001, 1, 2)] for columns, *_ in one["seconds"]]
        seeds.append(one)
    return seeds


def test_errors_are_drawn_for_every_way_with_noise_and_without(found):
    by_gap, by_length, _ = draw_string_errors(found, 1000, "mnist").axes
    gaps = [(gap, 4, (gap, gap)) for gap in range(-1, 5)]
    lengths = [(length, length, (-1, 4)) for length in (2, 3, 4, 5)]
    for axes, sets in ((by_gap, gaps), (by_length, lengths)):
        assert list(axes.get_xticks()) == [place for place, _, _ in sets]
        assert axes.get_xlim() == (sets[0][0], sets[-1][0])
        assert axes.get_ylim()[0] == 0
        assert axes.get_ylim()[1] > 100
        ways = product(WAYS, (0.0, 0.1))
        shown = zip(axes.lines, axes.collections, axes.texts, ways, strict=True)
        for line, area, label, (way, noise) in shown:
            errors = [[errors_in(one, way, *own[1:], noise)[0] for own in sets] for one in found]
            mean = np.mean(errors, axis=0)
            np.testing.assert_allclose(line.get_ydata(), mean)
            assert line.get_linestyle() == ("--" if noise else "-")
            assert line.get_color() == dict(zip(WAYS, style.HUES, strict=False))[way]
            heights = area.get_paths()[0].vertices[:, 1]
            assert {*np.ravel(errors).round(9)} <= {*heights.round(9)}
            assert label.get_text() == f"{way}: {mean[-1]:.1f} %"
            assert label.get_color() == line.get_color()


def test_times_are_drawn_in_milliseconds_against_the_columns(found):
    *_, by_width = draw_string_errors(found, 1000, "mnist").axes
    seconds = np.median([one["seconds"] for one in found], axis=0)
    for line, times in zip(by_width.lines, seconds[:, 1:].T, strict=True):
        np.testing.assert_allclose(line.get_data(), (seconds[:, 0], 1e3 * times))
    assert [text.get_text() for text in by_width.texts] == [
        f"replicated: {1e3 * seconds[-1, 1]:.1f} ms",
        f"windows: {1e3 * seconds[-1, 2]:.1f} ms",
    ]
    assert (by_width.get_xscale(), by_width.get_yscale()) == ("log", "log")
    ticks = [label.get_text() for label in by_width.get_xticklabels()]
    assert ticks == ["32", "64", "128", "256", "512", "1,024", "2,048"]
    by_width.figure.draw_without_rendering()
    told = [label.get_text() for label in by_width.get_yticklabels(which="both")]
    assert all(re.fullmatch(r"[\d.]+ ms", one) for one in told), told


def test_labels_of_lines_lead_to_their_ends(found):
    page = draw_string_errors(found, 1000, "mnist")
    assert_apart(page)
    for axes in page.axes:
        ends = [line.get_xydata()[-1] for line in axes.lines]
        ends = axes.transAxes.inverted().transform(axes.transData.transform(ends))
        np.testing.assert_allclose([text.xy for text in axes.texts], ends, atol=1e-6)


def test_it_is_said_how_many_strings_and_seeds_there_were():
    said = strings(string_figure(reproduction()))  # of 200 test patterns
    assert any("Percent of 20 strings misread, mean and range of 2 seeds" in text for text in said)
