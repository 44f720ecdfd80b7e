"""The figures show the data they are given, and nothing of them is clipped or overlaps."""

import io
import warnings
from dataclasses import replace

import numpy as np
import pytest
from matplotlib import rc_context, rcParams
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from lenet98 import plots
from lenet98.network.network import Network
from lenet98.network.tables import lenet1, lenet4, lenet5
from lenet98.paper import codes, published
from lenet98.plots.page import style
from lenet98.plots.page.labels import spread
from lenet98.plots.page.pictures import mosaic
from lenet98.training.recipe import ETA
from lenet98.training.record import PassRecord

RNG = np.random.default_rng(1998)
IMAGES = RNG.integers(0, 256, (200, 28, 28), dtype=np.uint8)
SUFFIX = {"mnist": "MNIST", "strokes": "built-in pen strokes, not MNIST"}


def history(test=0.85, training=0.25, passes=20, later=0.0):
    """Return records whose errors fall to the given ones, in percent."""
    return [
        PassRecord(
            number=number,
            eta=ETA[number - 1],
            least_rate=1e-5,
            greatest_rate=0.016,
            loss=0.5,
            train_error_on_the_fly=training * (1 + 15 / number**2),
            train_error=7.0,
            test_error=test * (1 + 2 / number**2) + later,
            seconds=6.0,
        )
        for number in range(1, passes + 1)
    ]


HISTORIES = [history(), history(later=0.1), history(later=0.5)]
RUNS = {
    "15000": [history(1.6, 0.1)],
    "30000": [history(1.2, 0.2)],
    "60000": HISTORIES,
    "distorted": [history(0.76, 1.5)],
}
HYPOTHESES = {f"eq. {n % 2 + 8}, j = {n}, ±2.4/√F": [history(0.7 + n / 9, n / 9)] for n in range(8)}
ERRORS = [(e.pattern % 200, e.true, e.answer) for e in published.FIG8_ERRORS]
CURVE = np.stack([np.linspace(0, 10, 101), 0.8 * np.exp(-np.linspace(0, 5, 101))], axis=1)
STATES = Network(lenet5(), seed=1).states(IMAGES[0])
OTHER_STATES = Network(lenet5(), seed=2).states(IMAGES[1])
COSTS = {"LeNet-5": (340_908, 60_000), "LeNet-4": (258_406, 16_998)}

PLAIN = {
    "fig2": lambda: plots.fig2(lenet5()),
    "fig2 wide": lambda: plots.fig2(lenet5(64)),
    "fig2 LeNet-1": lambda: plots.fig2(lenet1()),
    "fig2 LeNet-4": lambda: plots.fig2(lenet4()),
    "table1": lambda: plots.table1(lenet5().layer("C3")),
    "fig3": plots.fig3,
    "cost": lambda: plots.cost(COSTS),
}
OF_DATA = {
    "fig4": lambda data: plots.fig4(IMAGES, data),
    "fig5": lambda data: plots.fig5(HISTORIES, data),
    "fig5 quick": lambda data: plots.fig5([history(passes=3)], data),
    "fig6": lambda data: plots.fig6(RUNS, data),
    "fig7": lambda data: plots.fig7(IMAGES[:10], IMAGES[:100].reshape(10, 10, 28, 28), data),
    "fig8": lambda data: plots.fig8(IMAGES, ERRORS[:40], data),
    "fig13": lambda data: plots.fig13([STATES] * 3 + [OTHER_STATES] * 2, data),
    "fig13 alone": lambda data: plots.fig13([STATES], data),
    "learned": lambda data: plots.learned(Network(lenet5(), seed=1), data),
    "f6_codes": lambda data: plots.f6_codes(
        codes.digit_codes() * 0.9, codes.digit_codes(), np.arange(10.0), data
    ),
    "rejection": lambda data: plots.rejection(CURVE, data),
    "open_questions": lambda data: plots.open_questions(HYPOTHESES, data),
}
ALL = [pytest.param(draw, id=name) for name, draw in PLAIN.items()] + [
    pytest.param(lambda draw=draw, data=data: draw(data), id=f"{name}, {data}")
    for name, draw in OF_DATA.items()
    for data in SUFFIX
]


def texts(figure):
    """Return all texts that are drawn."""
    found = list(figure.texts)
    for axes in figure.axes:
        found += axes.texts
        if axes.axison:
            found += [axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label]
            for axis in (axes.xaxis, axes.yaxis):
                low, high = sorted(axis.get_view_interval())
                ticks = axis.get_major_ticks()
                shown = [tick for tick in ticks if low <= tick.get_loc() <= high]
                found += [label for tick in shown for label in (tick.label1, tick.label2)]
    return [text for text in found if text.get_visible() and text.get_text()]


def strings(figure):
    return [text.get_text() for text in texts(figure)]


def drawn(figure):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(file := io.BytesIO(), format="png")
    return file.getvalue()


def lines(axes, label):
    return [line for line in axes.lines if line.get_label() == label]


def images(figure):
    return [np.ma.filled(axes.images[0].get_array(), np.nan) for axes in figure.axes if axes.images]


@pytest.fixture(scope="module", params=ALL)
def rendered(request):
    figure = request.param()
    assert isinstance(figure, Figure)
    return figure, drawn(figure)


def test_every_figure_is_a_png_of_readme_width(rendered):
    png = rendered[1]
    assert png[:4] == b"\x89PNG"
    assert int.from_bytes(png[16:20], "big") == style.WIDTH == 900
    assert int.from_bytes(png[20:24], "big") < 2000


def test_no_text_is_clipped_or_touches_another(rendered):
    figure = rendered[0]
    width, height = figure.bbox.size
    boxes = [(text.get_text(), Text.get_window_extent(text)) for text in texts(figure)]
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


@pytest.mark.parametrize("data", SUFFIX)
@pytest.mark.parametrize("name", OF_DATA)
def test_the_title_names_the_data(name, data):
    assert OF_DATA[name](data).texts[0].get_text().endswith(SUFFIX[data])


def test_users_settings_neither_change_a_figure_nor_are_changed():
    before = drawn(plots.fig5(HISTORIES, "mnist"))
    with rc_context({"axes.linewidth": 9, "font.size": 20, "figure.dpi": 30}):
        assert drawn(plots.fig5(HISTORIES, "mnist")) == before
        assert rcParams["font.size"] == 20


@pytest.mark.parametrize("architecture", [lenet5(), lenet5(64), lenet1(), lenet4()])
def test_fig2_draws_a_sheet_for_each_map_with_the_sizes_of_the_table(architecture):
    figure = plots.fig2(architecture)
    sheets = {c.get_label(): c.get_paths() for c in figure.axes[0].collections}
    assert len(sheets["INPUT"]) == 1
    for layer in architecture.layers:
        assert len(sheets[layer.name]) == layer.maps
        size = sheets[layer.name][0].get_extents().size
        np.testing.assert_allclose(size, (layer.width, layer.height))
        (label,) = [text for text in strings(figure) if text.startswith(layer.name)]
        assert str(layer.maps) in label
        if layer.height > 1:
            assert f"{layer.maps}@{layer.width}x{layer.height}" in label
    assert f"{architecture.trainable:,}" in figure.texts[1].get_text()
    assert f"{architecture.connections:,}" in figure.texts[1].get_text()


def test_fig2_names_layers_and_connections_as_the_paper_does():
    found = strings(plots.fig2(lenet5()))
    for name in ("C1: feature maps\n6@28x28", "S4: f. maps\n16@5x5", "C5: layer\n120"):
        assert name in found
    full, gaussian = "Full\nconnection", "Gaussian\nconnections"
    kinds = ["Convolutions", "Subsampling"] * 2 + [full, full, gaussian]
    assert [text for text in found if text in kinds] == kinds
    # On a wider input C5 is no longer a full connection (Sec. II-B).
    assert strings(plots.fig2(lenet5(64))).count(full) == 0


@pytest.mark.parametrize("architecture", [lenet5(), lenet4()])
def test_table1_has_an_x_for_each_pair(architecture):
    layer = architecture.layer("C3")
    axes = plots.table1(layer).axes[0]
    crosses = axes.lines[0]
    assert [(y, x) for x, y in crosses.get_xydata()] == list(layer.pairs)
    assert len(axes.get_xticks()) == layer.maps
    assert len(axes.get_yticks()) == layer.maps_below


def test_fig3_shows_all_codes_in_order():
    (picture,) = images(plots.fig3())
    bitmaps = codes.bitmaps()
    np.testing.assert_array_equal(picture[:12, 9:16], bitmaps[1])
    np.testing.assert_array_equal(picture[14:26, :7], bitmaps[ord("0") - codes.FIRST])
    assert np.isfinite(picture).sum() == bitmaps.size == 96 * 84


def test_fig4_shows_the_first_100_patterns_ten_a_row():
    (picture,) = images(plots.fig4(IMAGES, "mnist"))
    np.testing.assert_array_equal(picture[29:57, 58:86], IMAGES[12])
    assert np.isfinite(picture).sum() == 100 * 28 * 28


def test_fig5_plots_mean_and_range_of_the_seeds_over_the_papers_curves():
    axes = plots.fig5(HISTORIES, "mnist").axes[0]
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
    figure = plots.fig5(HISTORIES, "mnist")
    falls = [line.get_xdata()[0] for line in lines(figure.axes[0], "eta falls")]
    assert falls == [2, 5, 8, 12]
    etas = ["0.0005", "0.0002", "0.0001", "0.00005", "0.00001"]
    assert [text for text in strings(figure) if text in etas] == etas


def test_fig5_labels_name_the_last_errors():
    found = strings(plots.fig5([history(0.85)], "mnist"))
    last = history(0.85)[-1]
    assert f"test, here: {last.test_error:.2f} %" in found
    assert f"training, here: {last.train_error_on_the_fly:.2f} %" in found
    assert "test, 1998: 0.96 %" in found


@pytest.mark.parametrize("name", ["fig5", "fig6", "rejection", "open_questions"])
def test_the_paper_is_drawn_beside_mnist_and_never_beside_strokes(name):
    for data, expected in (("mnist", True), ("strokes", False)):
        figure = OF_DATA[name](data)
        assert any(lines(axes, "paper") for axes in figure.axes) is expected
        marked = [t for t in strings(figure)[2:] if "1998" in t or "Boosted" in t]
        assert bool(marked) is expected


def test_fig6_sets_ours_beside_the_papers_points():
    axes = plots.fig6(RUNS, "mnist").axes[0]
    test, training = lines(axes, "here")
    means = [np.mean([h[-1].test_error for h in histories]) for histories in RUNS.values()]
    np.testing.assert_allclose(test.get_ydata(), means)
    trained = [RUNS[name][0][-1].train_error_on_the_fly for name in ("15000", "30000", "60000")]
    np.testing.assert_allclose(training.get_ydata(), trained)
    theirs = [list(line.get_ydata()) for line in lines(axes, "paper")]
    assert theirs == [[1.68, 1.14, 0.94, 0.82], [0.05, 0.31, 0.35]]
    ranges = axes.collections[0].get_segments()
    sixty = [h[-1].test_error for h in HISTORIES]
    np.testing.assert_allclose(ranges[2][:, 1], (min(sixty), max(sixty)))


def test_fig6_draws_only_the_runs_there_are():
    axes = plots.fig6({"60000": HISTORIES}, "mnist").axes[0]
    assert [len(line.get_xdata()) for line in axes.lines] == [1, 1, 1, 1]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["60,000"]


def test_fig7_shows_each_original_in_the_row_of_its_distortions():
    distorted = RNG.uniform(0, 255, (3, 4, 32, 32))
    column, grid = images(plots.fig7(IMAGES[:3], distorted, "mnist"))
    np.testing.assert_array_equal(column[36:64, 2:30], IMAGES[1])
    np.testing.assert_array_equal(grid[34:66, 68:100], distorted[1, 2])
    assert np.isfinite(grid).sum() == distorted.size


@pytest.mark.parametrize("count", [1, 150])
def test_fig8_shows_and_captions_every_error(count):
    errors = [(n, n % 10, (n + 1) % 10) for n in range(count)]
    figure = plots.fig8(IMAGES, errors, "strokes")
    shown = images(figure)
    assert len(shown) == count
    np.testing.assert_array_equal(shown[-1], IMAGES[count - 1])
    captions = [text for text in strings(figure)[2:] if "→" in text]
    assert captions == [f"{true}→{answer}" for _, true, answer in errors]


def test_fig8_frames_those_that_the_1998_network_missed():
    many = np.zeros((300, 28, 28), np.uint8)
    errors = [(246, 4, 6), (247, 4, 9), (248, 1, 7)]
    for data, framed in (("mnist", [0, 1, 0]), ("strokes", [0, 0, 0])):
        figure = plots.fig8(many, errors, data)
        frames = [sum(isinstance(p, Rectangle) for p in axes.patches) for axes in figure.axes]
        assert frames == framed
        weights = [text.get_weight() == "bold" for text in figure.texts[2:]]
        assert weights == [bool(frame) for frame in framed]
    assert "the 1 that" in plots.fig8(many, errors, "mnist").texts[1].get_text()


def test_fig13_shows_every_map_of_every_layer():
    shown = images(plots.fig13([STATES, OTHER_STATES], "mnist"))
    names = [*STATES][:-1]
    assert len(shown) == 2 * len(names)
    for name, picture in zip(names, shown[len(names) :], strict=True):
        assert np.isfinite(picture).sum() == OTHER_STATES[name].size
    c3 = shown[names.index("C3")]
    np.testing.assert_array_equal(c3[12:22, 24:34], STATES["C3"][6])
    np.testing.assert_array_equal(shown[names.index("F6")].ravel(), STATES["F6"].ravel())


def test_fig13_names_the_answer_and_greys_labels_by_penalty():
    figure = plots.fig13([STATES], "mnist")
    penalties = STATES["OUTPUT"].ravel()
    best = int(penalties.argmin())
    assert f"answer {best}, penalty {penalties[best]:.1f}" in strings(figure)
    shades = [float(t.get_color()) for t in figure.texts if t.get_text() in "0123456789"]
    assert np.argsort(shades).tolist() == np.argsort(penalties).tolist()
    assert min(shades) == 0


def test_learned_draws_kernels_where_table_i_has_an_x():
    network = Network(lenet5(), seed=3)
    c1, c3 = images(plots.learned(network, "mnist"))
    np.testing.assert_array_equal(c1[:, 6:11], network.view("C1").weights[1])
    layer = network.architecture.layer("C3")
    assert np.isfinite(c3).sum() == layer.weights
    kernel = layer.pairs.index((5, 3))
    np.testing.assert_array_equal(c3[30:35, 18:23], network.view("C3").weights[kernel])


def test_f6_codes_sets_means_beside_codes():
    centres = codes.digit_codes()
    means = RNG.uniform(-1, 1, centres.shape)
    figure = plots.f6_codes(means, centres, np.arange(10) / 4, "mnist")
    shown = images(figure)
    assert len(shown) == 2 * len(centres)
    np.testing.assert_array_equal(shown[6].ravel(), means[3])
    np.testing.assert_array_equal(shown[7].ravel(), centres[3])
    assert "3: 0.8" in strings(figure)


def test_rejection_plots_the_curve_and_finds_half_a_percent():
    figure = plots.rejection(CURVE, "mnist")
    axes = figure.axes[0]
    np.testing.assert_array_equal(lines(axes, "here")[0].get_xydata(), CURVE)
    ((enough, error),) = lines(axes, "enough")[0].get_xydata()
    assert error == 0.5
    assert CURVE[CURVE[:, 0] < enough, 1].min() > 0.5 >= CURVE[CURVE[:, 0] == enough, 1]
    assert f"LeNet-5, here: {enough:.1f} %" in strings(figure)
    theirs = lines(axes, "paper")[0].get_xdata()
    assert list(theirs) == list(published.FIG10_REJECTION.values())


def test_rejection_marks_nothing_where_half_a_percent_is_not_reached():
    figure = plots.rejection(CURVE * (1, 200), "strokes")
    assert not lines(figure.axes[0], "enough")
    assert "LeNet-5, here" not in " ".join(strings(figure))


def test_cost_sets_ours_below_the_papers_row_of_the_same_network():
    figure = plots.cost(COSTS)
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(names) == len(published.FIG11_MULTIPLY_ACCUMULATES) + len(COSTS)
    assert names[names.index("LeNet-5") + 1] == "LeNet-5, here"
    for axes, which in zip(figure.axes, (0, 1), strict=True):
        ours = {line.get_ydata()[0]: line.get_xdata()[0] for line in lines(axes, "here")}
        for network, counts in COSTS.items():
            assert ours[names.index(f"{network}, here")] == counts[which]
        theirs = [line.get_xdata()[0] for line in lines(axes, "paper")]
        tables = (published.FIG11_MULTIPLY_ACCUMULATES, published.FIG12_MEMORY)
        assert theirs == list(tables[which].values())


def test_open_questions_plots_each_hypothesis_in_both_panels():
    figure = plots.open_questions(HYPOTHESES, "mnist")
    fields = ("test_error", "train_error_on_the_fly")
    for axes, field in zip(figure.axes, fields, strict=True):
        here = lines(axes, "here")
        assert len(here) == len(HYPOTHESES)
        assert len({line.get_color() for line in here}) == len(HYPOTHESES)
        for line, (label, (records,)) in zip(here, HYPOTHESES.items(), strict=True):
            np.testing.assert_allclose(line.get_ydata(), [getattr(r, field) for r in records])
            assert any(text.get_text().startswith(f"{label}: ") for text in axes.texts)


def test_open_questions_keeps_a_label_on_the_page_when_no_error_is_left():
    records = [replace(r, test_error=0.0) if r.number > 3 else r for r in history()]
    figure = plots.open_questions({"perfect": [records], "other": [history()]}, "strokes")
    drawn(figure)
    (label,) = [text for text in figure.axes[0].texts if "perfect: 0.00 %" in text.get_text()]
    assert figure.bbox.y0 < label.get_window_extent().y0


def test_mosaic_sets_pictures_row_after_row():
    grid = mosaic(np.arange(1, 4)[:, None, None] * np.ones((3, 1, 2)), columns=2, gap=1)
    n = np.nan
    expected = [[1, 1, n, 2, 2], [n, n, n, n, n], [3, 3, n, n, n]]
    np.testing.assert_array_equal(grid, expected)


def test_spread_moves_labels_apart_and_keeps_their_order():
    wanted = np.array([0.5, 0.52, 0.1, 0.51, 0.99])
    placed = spread(wanted, 0.1)
    assert np.argsort(placed).tolist() == np.argsort(wanted).tolist()
    assert np.diff(np.sort(placed)).min() > 0.1 - 1e-12
    np.testing.assert_allclose(placed[[2, 4]], [0.1, 0.99])
    np.testing.assert_allclose(placed[[0, 3, 1]], [0.41, 0.51, 0.61])
    assert spread(np.array([0.0, 0.0]), 0.1).tolist() == [0.0, 0.1]
