from dataclasses import replace

import numpy as np
from drawings import HISTORIES, RUNS, drawn, history, lines, reproduction, strings

from lenet98.paper import published
from lenet98.plots.curves import draw_hypotheses, fig5, fig6
from lenet98.reproduction.named_runs import DISTORTED, HALF, QUARTER, WHOLE

HYPOTHESES = {f"eq. {n % 2 + 8}, j = {n}, ±2.4/√F": [history(0.7 + n / 9, n / 9)] for n in range(8)}


def test_fig5_plots_mean_and_range_of_the_seeds_over_the_papers_curves():
    axes = fig5(reproduction()).axes[0]
    fields = ("test_error", "train_error_on_the_fly")
    curves = (published.FIG5_TEST, published.FIG5_TRAIN)
    here, theirs = lines(axes, "here"), lines(axes, "paper")
    assert len(here) == len(theirs) == len(axes.collections) == 2
    for field, points, mean, curve, band in zip(
        fields, curves, here, theirs, axes.collections, strict=True
    ):
        values = np.array([[getattr(record, field) for record in h] for h in HISTORIES])
        np.testing.assert_array_equal(mean.get_xdata(), np.arange(1, 21))
        np.testing.assert_allclose(mean.get_ydata(), values.mean(axis=0))
        np.testing.assert_array_equal(curve.get_xdata(), np.arange(1, 22))
        np.testing.assert_array_equal(curve.get_ydata(), points)
        edge = {(x, round(y, 9)) for x, y in band.get_paths()[0].vertices}
        for n in range(20):
            assert (n + 1, round(values[:, n].min(), 9)) in edge
            assert (n + 1, round(values[:, n].max(), 9)) in edge


def test_fig5_marks_the_passes_after_which_eta_falls():
    page = fig5(reproduction())
    falls = [line.get_xdata()[0] for line in lines(page.axes[0], "eta falls")]
    assert falls == [2, 5, 8, 12]
    etas = ["0.0005", "0.0002", "0.0001", "0.00005", "0.00001"]
    assert [text for text in strings(page) if text in etas] == etas


def test_fig5_labels_name_the_last_errors():
    found = strings(fig5(reproduction(runs={WHOLE: [history(0.85)]})))
    last = history(0.85)[-1]
    assert f"test, here: {last.test_error:.2f} %" in found
    assert f"training, here: {last.train_error_on_the_fly:.2f} %" in found
    assert "test, 1998: 0.96 %" in found


def test_fig6_sets_ours_beside_the_papers_points():
    axes = fig6(reproduction()).axes[0]
    test, training = lines(axes, "here")
    sizes = (QUARTER, HALF, WHOLE, DISTORTED)
    means = [np.mean([h[-1].test_error for h in RUNS[run]]) for run in sizes]
    np.testing.assert_allclose(test.get_ydata(), means)
    trained = [RUNS[run][0][-1].train_error_on_the_fly for run in (QUARTER, HALF, WHOLE)]
    np.testing.assert_allclose(training.get_ydata(), trained)
    theirs = [list(line.get_ydata()) for line in lines(axes, "paper")]
    assert theirs == [[1.68, 1.14, 0.94, 0.82], [0.05, 0.31, 0.35]]
    ranges = axes.collections[0].get_segments()
    sixty = [h[-1].test_error for h in HISTORIES]
    np.testing.assert_allclose(ranges[2][:, 1], (min(sixty), max(sixty)))


def test_fig6_draws_only_the_runs_there_are():
    axes = fig6(reproduction(runs={WHOLE: HISTORIES})).axes[0]
    assert [len(line.get_xdata()) for line in axes.lines] == [1, 1, 1, 1]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["60,000"]


def test_open_questions_plots_each_hypothesis_in_both_panels():
    page = draw_hypotheses(HYPOTHESES, "mnist")
    fields = ("test_error", "train_error_on_the_fly")
    for axes, field in zip(page.axes, fields, strict=True):
        here = lines(axes, "here")
        assert len(here) == len(HYPOTHESES)
        assert len({line.get_color() for line in here}) == len(HYPOTHESES)
        for line, (label, (records,)) in zip(here, HYPOTHESES.items(), strict=True):
            np.testing.assert_allclose(line.get_ydata(), [getattr(r, field) for r in records])
            assert any(text.get_text().startswith(f"{label}: ") for text in axes.texts)


def test_open_questions_keeps_a_label_on_the_page_when_no_error_is_left():
    records = [replace(r, test_error=0.0) if r.number > 3 else r for r in history()]
    page = draw_hypotheses({"perfect": [records], "other": [history()]}, "strokes")
    drawn(page)
    (label,) = [text for text in page.axes[0].texts if "perfect: 0.00 %" in text.get_text()]
    assert page.bbox.y0 < label.get_window_extent().y0
