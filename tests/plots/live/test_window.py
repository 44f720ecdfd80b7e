"""The window, by events on Agg."""

import numpy as np
import pytest
from drawings import strings
from matplotlib.backend_bases import KeyEvent, MouseEvent
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lenet98.network.network import LeNet5
from lenet98.plots.live.desk import Desk
from lenet98.plots.live.window import Window
from lenet98.plots.page import style
from lenet98.plots.page.pictures import strips_of

NETWORKS = {"plain": LeNet5(seed=1), "noise": LeNet5(seed=2)}
POINTS = [(40, 40), (140, 40), (110, 100), (80, 160)]


def on_agg(**settings):
    page = Figure(**settings)
    FigureCanvasAgg(page)
    return page


def opened():
    window = Window(Desk(NETWORKS, "plain"), on_agg)
    window.page.canvas.draw()
    return window


@pytest.fixture
def fresh():
    return opened()


@pytest.fixture(scope="module")
def once_opened():
    return opened()


@pytest.fixture
def window(once_opened):
    """One that others have used, with an empty desk."""
    once_opened.desk = Desk(NETWORKS, "plain")
    once_opened._drawing = False
    once_opened._show()
    once_opened.page.canvas.draw()
    return once_opened


def mouse(window, name, point, button=1):
    x, y = window._paper.transData.transform(point)
    MouseEvent(name, window.page.canvas, x, y, button)._process()


def draw(window, points=POINTS):
    first, *others = points
    mouse(window, "button_press_event", first)
    for point in others:
        mouse(window, "motion_notify_event", point)
    mouse(window, "button_release_event", points[-1])


def key(window, name):
    KeyEvent("key_press_event", window.page.canvas, name)._process()


def seen(window):
    return np.asarray(window.page.canvas.buffer_rgba()).copy()


def shown(window):
    """The pictures on the page, those that are empty aside."""
    pictures = [image.get_array() for axes in window.page.axes for image in axes.images]
    return [np.ma.filled(picture, np.nan) for picture in pictures]


def assert_up_to_date(window):
    """All that is shown is what the desk says, and is on the screen."""
    response = window.desk.response()
    ink, pattern, *strips = shown(window)
    np.testing.assert_array_equal(ink, window.desk.paper.ink)
    np.testing.assert_array_equal(pattern, response["input"][0])
    expected = [*strips_of(response).values()][1:]
    assert len(strips) == len(expected) == 6
    for strip, of_layer in zip(strips, expected, strict=True):
        np.testing.assert_array_equal(strip, of_layer)
    penalties = response["OUTPUT"].ravel()
    assert f"penalty {penalties.min():.1f}" in strings(window.page)
    on_screen = seen(window)
    window.page.canvas.draw()
    np.testing.assert_array_equal(on_screen, seen(window))


def test_at_each_stroke_everything_is_up_to_date(fresh):
    assert_up_to_date(fresh)
    blank = seen(fresh)
    draw(fresh)
    assert not np.array_equal(seen(fresh), blank)
    assert_up_to_date(fresh)
    draw(fresh, [(20, 20), (20, 180)])
    assert len(fresh.desk.paper.strokes) == 2
    assert_up_to_date(fresh)


def test_the_ink_is_where_the_mouse_was(window):
    draw(window)
    # A mouse is at whole dots, of which a cell has two.
    np.testing.assert_allclose(window.desk.paper.strokes, [POINTS], atol=0.5)
    assert window.desk.paper.ink[40, 140] == 255


def test_a_stroke_ends_where_the_button_is_released(window):
    draw(window)
    mouse(window, "motion_notify_event", (10, 10))
    assert len(window.desk.paper.strokes[0]) == len(POINTS)


def test_a_stroke_may_leave_the_paper_and_come_back(window):
    draw(window, [(180, 100), (400, 100), (400, 150), (180, 150)])
    ink = window.desk.paper.ink
    assert ink[100, 190] == ink[150, 190] == 255
    assert len(window.desk.paper.strokes) == 1


def test_only_the_left_button_draws_and_only_on_the_paper(window):
    mouse(window, "button_press_event", (50, 50), button=3)
    mouse(window, "button_press_event", (50, -20))
    mouse(window, "motion_notify_event", (60, 60))
    assert window.desk.paper.strokes == []


@pytest.mark.parametrize("name", ["t", "n", "left", "+", "2", "u", "c"])
def test_after_a_key_everything_is_up_to_date(window, name):
    draw(window)
    before = seen(window)
    key(window, name)
    assert not np.array_equal(seen(window), before)
    assert_up_to_date(window)


def test_a_key_of_nothing_does_nothing(window):
    draw(window)
    before = seen(window)
    for name in ("x", "shift", None):
        key(window, name)
    np.testing.assert_array_equal(seen(window), before)


def test_every_button_does_what_its_key_does(window):
    for axes, action in window._buttons.items():
        desk = Desk(NETWORKS, "plain")
        window.desk = Desk(NETWORKS, "plain")
        for paper in (desk.paper, window.desk.paper):
            paper.begin((20, 20))
            paper.begin((20, 180))
        x, y = axes.transAxes.transform((0.5, 0.5))
        MouseEvent("button_press_event", window.page.canvas, x, y, 1)._process()
        action.do(desk)
        assert window.desk.change == desk.change
        assert window.desk.chosen == desk.chosen
        assert window.desk.paper.strokes == desk.paper.strokes
    assert_up_to_date(window)


def test_a_key_in_the_midst_of_a_stroke_ends_it(window):
    mouse(window, "button_press_event", (50, 50))
    key(window, "c")
    mouse(window, "motion_notify_event", (60, 60))
    assert window.desk.paper.strokes == []
    assert_up_to_date(window)


def test_no_artist_is_made_after_the_first(fresh):
    before = {id(artist) for artist in fresh.page.findobj()}
    draw(fresh)
    key(fresh, "2")
    key(fresh, "n")
    assert {id(artist) for artist in fresh.page.findobj()} == before


def test_the_answer_stands_out_where_something_is_drawn(window):
    def colours():
        best = str(window.desk.response()["OUTPUT"].argmin())
        return {text.get_color() for text in window.page.texts if text.get_text() == best}

    assert style.TEST not in colours()
    draw(window)
    assert style.TEST in colours()


def test_the_network_that_answers_is_marked(window):
    def marked():
        texts = [text for axes in window._buttons for text in axes.texts]
        return [text.get_text() for text in texts if text.get_color() == style.TEST]

    assert marked() == ["plain  1"]
    key(window, "2")
    assert marked() == ["noise  2"]


def test_another_size_of_the_window_is_drawn_anew(fresh):
    draw(fresh)
    fresh.page.set_size_inches(9, 7)
    fresh.page.canvas.draw()
    draw(fresh, [(20, 20), (20, 180)])
    assert_up_to_date(fresh)


def test_a_mouse_faster_than_the_drawing_is_not_followed_at_each_step(window):
    mouse(window, "button_press_event", (50, 50))
    window._took = 1e9  # until it is drawn again
    before = seen(window)
    mouse(window, "motion_notify_event", (150, 150))
    np.testing.assert_array_equal(seen(window), before)
    mouse(window, "button_release_event", (150, 150))
    assert_up_to_date(window)


def test_where_nothing_can_be_drawn_over_the_whole_is_drawn(monkeypatch):
    monkeypatch.setattr(FigureCanvasAgg, "supports_blit", False)
    window = Window(Desk(NETWORKS, "plain"), on_agg)
    window.page.canvas.draw()
    draw(window)
    assert_up_to_date(window)


def test_no_text_is_clipped_or_touches_another(window):
    draw(window)
    for name in ("n", "n", "left", "down", "t", "-", "2"):
        key(window, name)
    width, height = window.page.bbox.size
    found = [*window.page.texts, *(text for axes in window._buttons for text in axes.texts)]
    boxes = [(text.get_text(), text.get_window_extent()) for text in found]
    for index, (text, box) in enumerate(boxes):
        assert box.x0 >= 0, text
        assert box.x1 <= width, text
        assert box.y0 >= 0, text
        assert box.y1 <= height, text
        for other, there in boxes[:index]:
            across = min(box.x1, there.x1) - max(box.x0, there.x0)
            down = min(box.y1, there.y1) - max(box.y0, there.y0)
            assert across < 0 or down < 2, (text, other)
    paper = window._paper.get_window_extent()
    told = next(box for text, box in boxes if "inverted" in text)
    assert told.x1 <= paper.x1


def test_a_network_with_a_class_of_no_character_is_shown_too():
    window = Window(Desk({"own": LeNet5(seed=3, blank=True)}, "own"), on_agg)
    window.page.canvas.draw()
    draw(window)
    assert "–" in strings(window.page)
    assert_up_to_date(window)
