import numpy as np
import pytest

from lenet98.data import strokes
from lenet98.errors import MnistNotFoundError
from lenet98.reproduction import data_sets
from lenet98.reproduction.data_sets import TITLES, DataSet, beside_paper, load, quick_part


@pytest.fixture
def no_mnist(monkeypatch, digits):
    """Neither MNIST nor tens of thousands of strokes."""

    def absent(folder, *, offline, report):
        raise MnistNotFoundError("not here")

    monkeypatch.setattr(data_sets, "load_mnist", absent)
    monkeypatch.setattr(strokes, "draw_digits", lambda: digits)


def test_only_mnist_as_a_whole_stands_beside_the_paper():
    assert [name for name in TITLES if beside_paper(name)] == ["mnist"]


def test_where_mnist_cannot_be_had_strokes_are_drawn_and_that_is_said(no_mnist, digits):
    told = []
    found = load(None, None, offline=True, tell=told.append)
    assert found.name == "strokes"
    assert found.digits is digits
    assert told[0] == "MNIST cannot be had: not here"
    assert "NOT MNIST" in told[1]


def test_mnist_asked_for_is_mnist_or_nothing(no_mnist):
    with pytest.raises(MnistNotFoundError):
        load("mnist", None, offline=True, tell=str)


def test_strokes_asked_for_look_for_no_mnist(monkeypatch, digits):
    monkeypatch.setattr(data_sets, "load_mnist", None)
    monkeypatch.setattr(strokes, "draw_digits", lambda: digits)
    assert load("strokes", None, offline=True, tell=str) == DataSet("strokes", digits)


def test_mnist_keeps_its_name_where_it_is_found(monkeypatch, digits):
    monkeypatch.setattr(data_sets, "load_mnist", lambda folder, *, offline, report: digits)
    assert load(None, None, offline=True, tell=str).name == "mnist"


def test_a_first_look_takes_the_first_patterns_and_every_test_pattern(monkeypatch, digits):
    monkeypatch.setattr(data_sets, "QUICK_PATTERNS", 30)
    part = quick_part(DataSet("mnist", digits))
    assert part.name == "mnist-quick"
    np.testing.assert_array_equal(part.digits.train_images, digits.train_images[:30])
    np.testing.assert_array_equal(part.digits.train_labels, digits.train_labels[:30])
    assert part.digits.test_images is digits.test_images
    assert quick_part(DataSet("strokes", digits)).name == "strokes"


def test_a_first_look_is_at_a_sixth_of_mnist(digits):
    many = digits._replace(train_images=np.zeros((60_000, 1)), train_labels=np.zeros(60_000))
    part = quick_part(DataSet("mnist", many)).digits
    assert (len(part.train_images), len(part.train_labels)) == (10_000, 10_000)
