"""A window where there is a display, and one line where there is none."""

import pytest
from matplotlib import pyplot, rcParams
from matplotlib.backend_bases import FigureManagerBase

from lenet98.errors import DisplayError
from lenet98.network.network import LeNet5
from lenet98.plots.live.display import SHIPPED, open_window

OWN = {"own": LeNet5(seed=1)}


@pytest.fixture
def on_agg():
    pyplot.switch_backend("agg")
    yield
    pyplot.close("all")


def test_without_a_display_it_is_told_what_would_show_the_window(on_agg):
    with pytest.raises(DisplayError, match=r"backend agg.*MPLBACKEND=WebAgg") as raised:
        open_window(OWN)
    assert "\n" not in str(raised.value)
    assert pyplot.get_fignums() == []


def test_a_backend_that_cannot_be_loaded_is_no_display(monkeypatch):
    def figure(**_):
        raise ImportError("Cannot load backend")

    monkeypatch.setattr(pyplot, "figure", figure)
    with pytest.raises(DisplayError, match="expected a display"):
        open_window(OWN)


class Manager(FigureManagerBase):
    """Of a backend with windows."""

    title = ""

    def set_window_title(self, title):
        self.title = title

    def get_window_title(self):
        return self.title


@pytest.fixture
def shown(on_agg, monkeypatch):
    """What is shown, and with which settings."""
    found = []

    def show(*, block):
        page = pyplot.gcf()
        keys = {name: rcParams[name] for name in ("keymap.save", "keymap.back", "keymap.quit")}
        found.append((page, block, rcParams["toolbar"], keys))

    monkeypatch.setattr(pyplot.figure().canvas.__class__, "manager_class", Manager)
    pyplot.close("all")
    monkeypatch.setattr(pyplot, "show", show)
    return found


def test_the_window_has_no_tools_and_no_keys_but_its_own_and_the_one_to_close_it(shown):
    before = dict(rcParams)
    open_window(OWN)
    ((page, block, toolbar, keys),) = shown
    assert block
    assert toolbar == "None"
    assert keys == {
        "keymap.save": [],
        "keymap.back": [],
        "keymap.quit": before["keymap.quit"],
    }
    assert page.canvas.manager.get_window_title() == "LeNet-5 live"
    assert dict(rcParams) == before


def test_the_shipped_networks_can_be_chosen_and_the_paper_is_empty(shown):
    open_window()
    ((page, *_),) = shown
    labels = [text.get_text() for axes in page.axes for text in axes.texts]
    assert labels[-3:] == ["plain  1", "distorted  2", "noise  3"]
    assert [*SHIPPED] == ["plain", "distorted", "noise"]
    assert (page.axes[2].images[0].get_array() == 0).all()
