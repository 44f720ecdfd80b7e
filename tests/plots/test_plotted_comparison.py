"""Figs. 9 to 12, drawn from what classifiers might have come to."""

import pytest
from drawings import strings
from fitted import a_fitted
from matplotlib.image import imread

from lenet98 import draw_digits
from lenet98.classifiers import NearestNeighbours, RadialBasis
from lenet98.errors import DataError
from lenet98.paper import published
from lenet98.plots import comparison
from lenet98.plots.comparison import draw_errors, draw_rejection, fig9, short_rows
from lenet98.questions.study import Bench
from lenet98.reproduction.compared import Row, rows
from lenet98.reproduction.data_sets import DataSet
from lenet98.storage.records import write_records

FOUND = {row.name: [a_fitted(row.printed), a_fitted(row.printed + 0.2)] for row in rows()}
FEW = [
    Row("[deslant] K-NN Euclidean", NearestNeighbours(deslanted=True), "votes", 1),
    Row("1000 RBF + linear", RadialBasis(units=20), "nearness", 2, "1000 RBF"),
]


def a_bench(folder, data="mnist", **changes):
    digits = draw_digits(n_train=100, n_test=20)
    return Bench("fig9", folder, load=lambda: DataSet(data, digits), tell=str, **changes)


def bars(axes):
    return [patch for patch in axes.patches if patch.get_height() < 0.5]


def test_every_row_has_the_papers_bar_above_ours():
    (axes,) = draw_errors(rows(), FOUND).axes
    paper, here = bars(axes)[::2], bars(axes)[1::2]
    assert len(paper) == len(here) == len(published.FIG9_TEST_ERROR)
    for row, hollow, full in zip(rows(), paper, here, strict=True):
        printed = row.printed
        assert full.get_y() > hollow.get_y()
        assert hollow.get_facecolor()[3] == 0
        if printed < 5:
            assert hollow.get_width() == pytest.approx(printed)
            assert full.get_width() == pytest.approx(printed + 0.1)
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == [*published.FIG9_TEST_ERROR]


def test_what_is_off_the_scale_has_its_number():
    page = draw_errors(rows(), FOUND)
    assert {"12", "12.10 (12.00 to 12.20)"} <= set(strings(page))
    assert max(bar.get_width() for bar in bars(page.axes[0])) <= page.axes[0].get_xlim()[1]


def test_fig10_has_its_rows_and_every_curve():
    above, below = draw_rejection(rows(), FOUND).axes
    names = [label.get_text() for label in above.get_yticklabels()]
    assert set(names) == set(published.FIG10_REJECTION)
    paper, here = bars(above)[::2], bars(above)[1::2]
    for name, hollow, full in zip(names, paper, here, strict=True):
        ours = [one.rejected_for(published.FIG10_ERROR) for one in FOUND[name]]
        assert hollow.get_width() == pytest.approx(published.FIG10_REJECTION[name])
        assert full.get_width() == pytest.approx(sum(ours) / 2)
    curves = [line for line in below.lines if len(line.get_xdata()) == 11]
    assert len(curves) == len(rows())


def test_what_is_beyond_the_curve_is_said():
    beyond = FOUND | {"LeNet-4": [a_fitted(rejection=[[0.0, 1.0], [10.0, 0.9]])]}
    assert "over 10" in strings(draw_rejection(rows(), beyond))
    assert "over 10" not in strings(draw_rejection(rows(), FOUND))


def test_less_than_all_is_what_is_short_with_a_seed_each():
    short = short_rows()
    assert 0 < len(short) < len(rows())
    assert {row.seeds for row in short} == {1}
    assert max(row.minutes for row in short) < 5


def test_classifiers_are_fitted_drawn_and_drawn_again(tmp_path, monkeypatch):
    monkeypatch.setattr(comparison, "rows", lambda: FEW)
    text = fig9(a_bench(tmp_path))
    assert "| [deslant] K-NN Euclidean | 2.40 % |" in text
    names = {"fig9.png", "fig10.png", "fig11.png"}
    drawn = {name: (tmp_path / name).read_bytes() for name in names}
    assert imread(tmp_path / "fig9.png").shape[1] == 900
    for name in names:
        (tmp_path / name).unlink()
    assert fig9(a_bench(tmp_path, again=True)) == text
    assert {name: (tmp_path / name).read_bytes() for name in names} == drawn


def test_what_is_drawn_again_may_be_all_of_it(tmp_path):
    write_records(tmp_path / "fig9.json", FOUND)
    assert f"Of the {len(rows())} classifiers of Fig. 9" in fig9(a_bench(tmp_path, again=True))


def test_other_data_than_mnist_is_refused(tmp_path):
    with pytest.raises(DataError, match="fig9 is about MNIST"):
        fig9(a_bench(tmp_path, "strokes"))
