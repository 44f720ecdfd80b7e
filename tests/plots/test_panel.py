"""The panel that shows one response after the other."""

import numpy as np
import pytest
from drawings import NETWORK, OTHER_STATES, STATES, strings
from matplotlib.colors import to_hex

from lenet98.plots.page import panel, style
from lenet98.plots.page.panel import Panel

PENALTIES = np.array([40, 300, 12.25, 70, 80.5, 90, 3.5, 110, 120, 130], np.float32)


@pytest.fixture
def page():
    return style.styled(style.page)("Title", "Detail", panel.HEIGHT + 100)


@pytest.fixture
def shown(page):
    return Panel(page, STATES, 20, 0, (500, 100))


def bars(page):
    return next(axes for axes in page.axes if axes.patches).patches


def test_the_answer_the_next_and_every_penalty_are_told(page, shown):
    shown.show(OTHER_STATES | {"OUTPUT": PENALTIES.reshape(10, 1, 1)})
    told = strings(page)
    assert "penalty 3.5" in told
    assert "next is 2, 12.2" in told
    assert [text for text in told if text in ("40", "300", "12", "110")] == [
        "40",
        "300",
        "12",
        "110",
    ]
    (answer,) = (text for text in page.texts if text.get_size() > 30)
    assert answer.get_text() == "6"
    assert to_hex(answer.get_color()) == style.TEST


def test_each_bar_is_as_high_as_its_penalty_and_the_least_has_the_colour_of_the_answer(page, shown):
    shown.show(STATES | {"OUTPUT": PENALTIES.reshape(10, 1, 1)}, style.TRAINING)
    heights = [bar.get_height() for bar in bars(page)]
    np.testing.assert_allclose(heights, np.minimum(PENALTIES, 150))
    colours = [to_hex(bar.get_facecolor()) for bar in bars(page)]
    assert colours[6] == style.TRAINING
    assert set(colours[:6] + colours[7:]) == {style.FAINT}


def test_all_that_changes_is_among_its_artists(page, shown):
    before = {id(artist) for artist in page.findobj()}
    shown.show(OTHER_STATES)
    assert {id(artist) for artist in page.findobj()} == before
    images = {id(image) for axes in page.axes for image in axes.images}
    assert images <= {id(artist) for artist in shown.artists}
    assert len(images) == len(NETWORK.architecture.layers) - 1
    assert {id(bar) for bar in bars(page)} <= {id(artist) for artist in shown.artists}


def test_it_is_as_wide_and_as_high_as_it_says(page, shown):
    shown.show(STATES)
    boxes = [axes.get_window_extent() for axes in page.axes]
    assert max(box.x1 for box in boxes) == pytest.approx(20 + panel.WIDTH, abs=10)
    assert max(box.x1 for box in boxes) <= 20 + panel.WIDTH + 0.5
    boxes += [text.get_window_extent() for text in page.texts]
    lowest = page.bbox.height - style.HEADER - min(box.y0 for box in boxes)
    assert lowest <= panel.HEIGHT
    assert lowest == pytest.approx(panel.HEIGHT, abs=2)
