import numpy as np
import pytest
from matplotlib import rc_context, rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg

from lenet98.plots.page import style
from lenet98.plots.page.labels import spread
from lenet98.plots.page.pictures import mosaic, show


@style.styled
def a_figure():
    """A page with ticks, which are made while it is written."""
    figure = style.page("title", "detail", 100)
    style.place(figure, 100, 10, 300, 80).plot([1, 2, 3], [1e6, 2e6, 4e6])
    return figure


@pytest.mark.parametrize(
    "own",
    [
        {"text.usetex": True, "text.latex.preamble": r"\nothing"},
        {"savefig.bbox": "tight", "savefig.facecolor": "red", "savefig.dpi": 30},
        {"xtick.direction": "in", "axes.formatter.use_mathtext": True, "path.sketch": (5, 9, 3)},
    ],
)
def test_no_setting_of_the_user_shows(own, tmp_path):
    style.save(a_figure(), tmp_path / "plain.png")
    with rc_context(own):
        style.save(a_figure(), tmp_path / "own.png")
        assert all(rcParams[name] == value for name, value in own.items())
    assert (tmp_path / "own.png").read_bytes() == (tmp_path / "plain.png").read_bytes()


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


def test_of_whole_dots_every_cell_is_a_square():
    picture = np.random.default_rng(1).uniform(-2, 2, (9, 14))
    page = style.styled(style.page)("Title", "Detail", 200)
    axes = show(page, picture, 40, 20, 12, (-1, 1))
    canvas = FigureCanvasAgg(page)
    canvas.draw()
    drawn = np.asarray(canvas.buffer_rgba())
    top = round(len(drawn) - axes.bbox.y1)
    cells = axes.images[0].to_rgba(picture, bytes=True).repeat(12, axis=0).repeat(12, axis=1)
    np.testing.assert_array_equal(drawn[top : top + 108, 40 : 40 + 168], cells)


@pytest.mark.parametrize("inches", [None, (6.37, 1.93)], ids=["whole dots", "of another size"])
def test_a_picture_is_drawn_as_matplotlib_draws_it(inches):
    picture = np.random.default_rng(1).uniform(-2, 2, (9, 14))
    picture[:, 5] = np.nan
    pages = []
    for ours in (True, False):
        page = style.styled(style.page)("Title", "Detail", 200)
        axes = show(page, picture, 40, 20, 12, (-1, 1))
        if not ours:
            axes.images[0].remove()
            extent = (0, 14, 9, 0)
            axes.imshow(picture, "gray_r", vmin=-1, vmax=1, aspect="auto", extent=extent)
            axes.images[0].set_interpolation("nearest")
        if inches:
            page.set_size_inches(*inches)
        FigureCanvasAgg(page).draw()
        pages.append(np.asarray(page.canvas.buffer_rgba()))
    differ = (pages[0] != pages[1]).any(axis=2)
    # The edge of a cell may fall on the one dot or the next; in matplotlib 3.8 on whole dots too.
    assert differ.mean() < 0.02
    assert (pages[0] != pages[0][-1, -1]).any(axis=2).mean() > 0.05
