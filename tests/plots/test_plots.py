"""Every declared figure is found and drawn, and nothing of it is clipped or overlaps."""

import importlib
import pkgutil
import subprocess
import sys

import numpy as np
import pytest
from drawings import (
    IMAGES,
    OTHER_STATES,
    STATES,
    SUFFIX,
    drawn,
    history,
    lines,
    reproduction,
    strings,
    texts,
)
from matplotlib import rc_context, rcParams
from matplotlib.figure import Figure
from matplotlib.text import Text

from lenet98 import plots
from lenet98.network.tables import lenet1, lenet4, lenet5
from lenet98.paper import codes
from lenet98.plots.architecture import draw_architecture
from lenet98.plots.curves import draw_hypotheses, fig5
from lenet98.plots.declared import DeclaredFigure
from lenet98.plots.page import style
from lenet98.plots.sheets import draw_distortions
from lenet98.plots.states import draw_f6_codes, draw_states
from lenet98.questions.study import Study
from lenet98.reproduction.named_runs import NAMED_RUNS, WHOLE

HYPOTHESES = {f"eq. {n % 2 + 8}, j = {n}, ±2.4/√F": [history(0.7 + n / 9, n / 9)] for n in range(8)}
FIGURES = {figure.name: figure for figure in plots.figures()}
OF_NO_DATA = {"fig2", "table1", "fig3", "cost"}

PLAIN = {
    "fig2 wide": lambda: draw_architecture(lenet5(64)),
    "fig2 LeNet-1": lambda: draw_architecture(lenet1()),
    "fig2 LeNet-4": lambda: draw_architecture(lenet4()),
}
OF_DATA = {
    "fig5 quick": lambda data: fig5(reproduction(data, {WHOLE: [history(passes=3)]})),
    "few distortions": lambda data: draw_distortions(
        IMAGES[:10], IMAGES[:100].reshape(10, 10, 28, 28), data
    ),
    "states of five": lambda data: draw_states([STATES] * 3 + [OTHER_STATES] * 2, data),
    "states alone": lambda data: draw_states([STATES], data),
    "codes": lambda data: draw_f6_codes(
        codes.digit_codes() * 0.9, codes.digit_codes(), np.arange(10.0), data
    ),
    "hypotheses": lambda data: draw_hypotheses(HYPOTHESES, data),
}
OF_DATA |= {
    name: lambda data, figure=figure: figure(reproduction(data))
    for name, figure in FIGURES.items()
    if name not in OF_NO_DATA
}
PLAIN |= {name: lambda figure=FIGURES[name]: figure(reproduction()) for name in OF_NO_DATA}
ALL = [pytest.param((draw, None), id=name) for name, draw in PLAIN.items()] + [
    pytest.param((draw, data), id=f"{name}, {data}")
    for name, draw in OF_DATA.items()
    for data in SUFFIX
]


@pytest.fixture(scope="module", params=ALL)
def rendered(request):
    draw, data = request.param
    page = draw() if data is None else draw(data)
    assert isinstance(page, Figure)
    return page, drawn(page), data


def test_every_figure_is_a_png_of_readme_width(rendered):
    png = rendered[1]
    assert png[:4] == b"\x89PNG"
    assert int.from_bytes(png[16:20], "big") == style.WIDTH == 900
    assert int.from_bytes(png[20:24], "big") < 2000


def test_no_text_is_clipped_or_touches_another(rendered):
    page = rendered[0]
    width, height = page.bbox.size
    boxes = [(text.get_text(), Text.get_window_extent(text)) for text in texts(page)]
    assert len(boxes) >= 2
    for text, box in boxes:
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= width, text
        assert box.y1 <= height, text
    for index, (text, box) in enumerate(boxes):
        for other, there in boxes[:index]:
            across = min(box.x1, there.x1) - max(box.x0, there.x0)
            down = min(box.y1, there.y1) - max(box.y0, there.y0)
            # Side by side, four dots of space; one above the other, boxes hold some of their own.
            assert across < -4 or down < 2, (text, other)


def test_the_title_names_the_data(rendered):
    page, _, data = rendered
    if data is not None:
        assert page.texts[0].get_text().endswith(SUFFIX[data])


def test_users_settings_neither_change_a_figure_nor_are_changed():
    before = drawn(fig5(reproduction()))
    with rc_context({"axes.linewidth": 9, "font.size": 20, "figure.dpi": 30}):
        assert drawn(fig5(reproduction())) == before
        assert rcParams["font.size"] == 20


@pytest.mark.parametrize("name", ["fig5", "fig6", "rejection", "hypotheses"])
def test_the_paper_is_drawn_beside_mnist_and_never_beside_strokes(name):
    for data, expected in (("mnist", True), ("strokes", False)):
        page = OF_DATA[name](data)
        assert any(lines(axes, "paper") for axes in page.axes) is expected
        marked = [t for t in strings(page)[2:] if "1998" in t or "Boosted" in t]
        assert bool(marked) is expected


def test_the_figures_of_the_paper_come_by_number_and_then_the_others():
    names = [figure.name for figure in plots.figures()]
    assert names == [
        *("fig2", "fig3", "fig4", "fig5", "fig6", "fig7", "fig8", "fig13", "fig25"),
        *("cost", "f6_codes", "invariance", "kernels-1998", "learned", "rejection", "states"),
        *("strings", "table1"),
    ]
    studies = ["fig9", "animation", "ladder", "network-1998"]
    studies += ["open-questions", "open-strings", "validation"]
    assert [study.name for study in plots.studies()] == studies


def test_whatever_is_declared_in_a_module_is_found_once():
    from lenet98 import questions

    values = [
        value
        for room in (plots, questions)
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}.")
        for value in vars(importlib.import_module(module.name)).values()
    ]
    for kind, found in ((DeclaredFigure, plots.figures()), (Study, plots.studies())):
        assert {id(one) for one in values if isinstance(one, kind)} == {id(one) for one in found}
    names = [one.name for one in (*plots.figures(), *plots.studies())]
    assert len(set(names)) == len(names)


def test_counts_come_first_and_trained_numbers_only_where_they_are_comparable():
    rows = plots.compare(reproduction().results)
    counted = [row.source in {"Sec. II-B", "Fig. 11", "Fig. 12"} for row in rows]
    assert counted == sorted(counted, reverse=True)
    assert 0 < sum(counted) < len(counted)
    assert plots.compare(reproduction("strokes").results) == rows[: sum(counted)]


def test_the_figures_that_the_paper_has_numbers_of_set_theirs_beside_them():
    results = reproduction().results
    rows = {figure.name: len(list(figure.rows(results))) for figure in plots.figures()}
    numbers = {"fig2": 16, "fig5": 7, "fig6": 4, "fig8": 3, "fig13": 6, "fig25": 1}
    numbers |= {"cost": 2, "invariance": 7}
    assert {name: count for name, count in rows.items() if count} == numbers
    assert len(plots.compare(results)) == sum(numbers.values())


def test_a_figure_has_no_rows_where_its_runs_were_not_done():
    assert {figure.name for figure in plots.figures() if figure.runs} >= {"fig5", "fig6", "fig8"}
    for figure in plots.figures():
        if figure.runs:
            assert list(figure.rows(reproduction(runs={}).results)) == []
            assert set(figure.runs) <= set(NAMED_RUNS)


def test_figures_are_written_by_their_names(tmp_path):
    asked = [FIGURES["fig5"], FIGURES["fig3"]]
    plots.draw(asked, reproduction(), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"fig3.png", "fig5.png"}
    assert (tmp_path / "fig5.png").read_bytes() == drawn(fig5(reproduction()))


def test_the_figures_are_listed_without_numba():
    code = (
        "import sys, lenet98.plots as plots; assert plots.figures() and plots.studies();"
        "from lenet98.reproduction import comparison, results; from lenet98.questions import grid;"
        "sys.exit(bool({'numba', 'lenet98.training.training'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
