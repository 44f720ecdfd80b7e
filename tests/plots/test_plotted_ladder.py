"""The figure of the ladder, drawn from what its rungs might have come to."""

import re

import numpy as np
import pytest
from climbed import a_climbed
from drawings import strings
from matplotlib.colors import same_color
from matplotlib.image import imread

from lenet98 import draw_digits
from lenet98.errors import DataError
from lenet98.plots import ladder as module
from lenet98.plots.ladder import draw_ladder, ladder
from lenet98.plots.page import style
from lenet98.questions.study import Bench
from lenet98.reproduction.data_sets import DataSet
from lenet98.reproduction.ladder import alone, steps
from lenet98.reproduction.ladder import ladder as rungs_up
from lenet98.storage.records import write_records

ALL = rungs_up() + alone("1998") + alone("today")
FOUND = {
    rung.name: [a_climbed(0.8 + 0.01 * k), a_climbed(1.0 + 0.01 * k)] for k, rung in enumerate(ALL)
}
UNEVEN = {name: [*seeds, a_climbed(1.3)] for name, seeds in FOUND.items()}
PANELS = rungs_up(), [rungs_up()[0], *alone("1998")], [rungs_up()[-1], *alone("today")]
SYSTEMS = {"convnet": [a_climbed()], "perceptron": [a_climbed()]}


def a_bench(folder, data="mnist", **changes):
    digits = draw_digits(n_train=120, n_test=20)
    return Bench("ladder", folder, load=lambda: DataSet(data, digits), tell=str, **changes)


def dots(axes):
    return [line for line in axes.lines if line.get_marker() == "o"]


def means_of(rungs):
    return [np.mean([one.test_error for one in UNEVEN[rung.name]]) for rung in rungs]


def test_each_panel_has_a_row_for_each_rung_and_a_dot_for_each_seed():
    panels = draw_ladder(FOUND).axes
    assert len(panels) == 3
    for axes, rungs in zip(panels, (rungs_up(), alone("1998"), alone("today")), strict=True):
        rows = dots(axes)
        assert len(rows) == len(steps()) + 1
        for row, rung in zip(rows[::-1], rungs[::-1], strict=False):
            errors = [one.test_error for one in FOUND[rung.name]]
            assert [*row.get_xdata()] == errors
        assert [row.get_ydata()[0] for row in rows] == [*range(len(rows))]


def test_each_row_has_a_mark_at_the_mean_of_its_seeds():
    for axes, rungs in zip(draw_ladder(UNEVEN).axes, PANELS, strict=True):
        marks = [path for one in axes.collections for path in one.get_paths()]
        assert [mark.vertices[0, 0] for mark in marks] == pytest.approx(means_of(rungs))
        assert [mark.vertices[:, 1].mean() for mark in marks] == [*range(len(rungs))]


def test_a_line_goes_from_mean_to_mean_of_what_was_changed_one_after_the_other():
    lines = [
        [line for line in axes.lines if line.get_marker() != "o"]
        for axes in draw_ladder(UNEVEN).axes
    ]
    assert [len(some) for some in lines] == [1, 0, 0]
    ((line,), _, _) = lines
    assert [*line.get_xdata()] == pytest.approx(means_of(PANELS[0]))
    assert [*line.get_ydata()] == [*range(len(PANELS[0]))]


def test_grey_is_the_range_of_the_first_row():
    ranges = [
        patch.get_window_extent().transformed(axes.transData.inverted()).intervalx.tolist()
        for axes in draw_ladder(UNEVEN).axes
        for patch in axes.patches
        if same_color(patch.get_facecolor()[:3], style.FAINT)
    ]
    last = [one.test_error for one in UNEVEN[rungs_up()[-1].name]]
    assert ranges == [pytest.approx([0.8, 1.3]), pytest.approx([min(last), max(last)])]


def test_every_step_is_named():
    written = strings(draw_ladder(FOUND))
    for step in steps():
        assert {step.what, f"{step.then} → {step.now}"} <= set(written)


def test_what_is_off_the_scale_has_its_number():
    far = FOUND | {rungs_up()[3].name: [a_climbed(12.0), a_climbed(12.5)]}
    for found, numbers in ((FOUND, []), (far, ["12.2 →"])):
        written = strings(draw_ladder(found))
        assert [text for text in written if re.fullmatch(r"[\d.]+ →", text)] == numbers


@pytest.mark.parametrize("spread", [0.1, 1.0])
def test_a_narrow_axis_has_numbers_too(spread):
    found = {name: [a_climbed(1.0), a_climbed(1.0 + spread)] for name in FOUND}
    for axes in draw_ladder(found).axes:
        least, greatest = axes.get_xlim()
        assert sum(least <= tick <= greatest for tick in axes.get_xticks()) >= 2


def test_a_first_look_has_one_panel():
    first = {rung.name: FOUND[rung.name][:1] for rung in rungs_up()}
    drawn = draw_ladder(first)
    assert len(drawn.axes) == 1
    assert any("A first look, at a part of the patterns" in text for text in strings(drawn))


def test_the_ladder_is_climbed_drawn_and_drawn_again(tmp_path, monkeypatch):
    asked = []

    def pretend(rungs, digits, seeds, *where):
        asked.append((len(rungs), len(digits.train_labels), len(seeds)))
        return {rung.name: FOUND[rung.name] for rung in rungs}

    def pretend_too(digits, seeds, *where):
        asked.append((len(digits.train_labels), len(seeds)))
        return SYSTEMS

    monkeypatch.setattr(module, "climb", pretend)
    monkeypatch.setattr(module, "train_systems", pretend_too)
    monkeypatch.setattr(module, "FIRST_PATTERNS", 50)
    ladder(a_bench(tmp_path))
    text = ladder(a_bench(tmp_path, full=True))
    assert asked == [(len(rungs_up()), 50, 1), (50, 1), (len(ALL), 120, 3), (120, 3)]
    assert (tmp_path / "ladder.md").read_text(encoding="utf-8") == text
    drawn = (tmp_path / "ladder.png").read_bytes()
    assert imread(tmp_path / "ladder.png").shape[1] == 900
    (tmp_path / "ladder.png").unlink()
    assert ladder(a_bench(tmp_path, again=True)) == text
    assert (tmp_path / "ladder.png").read_bytes() == drawn


def test_other_data_than_mnist_is_refused(tmp_path):
    with pytest.raises(DataError, match="ladder is about MNIST"):
        ladder(a_bench(tmp_path, "strokes"))


def test_what_is_drawn_again_may_be_the_first_look(tmp_path):
    write_records(tmp_path / "ladder.json", {r.name: FOUND[r.name] for r in rungs_up()} | SYSTEMS)
    assert "by itself" not in ladder(a_bench(tmp_path, again=True))
