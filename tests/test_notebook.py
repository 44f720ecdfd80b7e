"""What a notebook shows of a network and of results."""

from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from lenet98.data.strokes import draw_digits
from lenet98.network.network import LeNet5, Network
from lenet98.network.tables import lenet1
from lenet98.notebook import html_table
from lenet98.reading.answers import DigitReading, StringReading
from lenet98.reproduction.results import RunResult
from lenet98.training.recipe import TrainingConfig
from lenet98.training.record import PassRecord
from lenet98.training.training import Training

RECORD = PassRecord(
    number=2,
    eta=5e-4,
    least_rate=1e-5,
    greatest_rate=0.016,
    loss=0.5,
    train_error_on_the_fly=3.25,
    train_error=2.5,
    test_error=1.75,
    seconds=6.0,
)


class Table(HTMLParser):
    """The captions and the cells of tables that are well-formed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.found, self.captions, self.rows = [], [], [], []
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "caption":
            self.captions.append(data)
        elif self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data


def test_what_would_be_markup_is_text():
    table = Table(html_table("a < b & c", ["<b>"], [["<i>x</i>"]]))
    assert table.captions[0].startswith("a")
    assert table.rows == [["<b>"], ["<i>x</i>"]]


@pytest.mark.parametrize("network", [LeNet5(seed=1), Network(lenet1(), seed=1)])
def test_a_network_is_its_layer_table(network):
    table = Table(network._repr_html_())
    architecture = network.architecture
    (caption,) = table.captions
    assert caption == f"{architecture.name}: {architecture.trainable:,} trainable parameters"
    head, *rows = table.rows
    assert [row[0] for row in rows] == [layer.name for layer in architecture.layers]
    at = head.index("parameters")
    counted = [int(row[at].replace(",", "")) for row in rows if "fixed" not in row[at]]
    assert sum(counted) == architecture.trainable
    assert rows[-1][at].endswith(" fixed")
    connections = [int(row[head.index("connections")].replace(",", "")) for row in rows]
    assert sum(connections) == architecture.connections
    assert architecture._repr_html_() == network._repr_html_()


def test_a_training_is_its_network_and_its_errors():
    training = Training(draw_digits(n_train=20, n_test=10), TrainingConfig())
    assert training._repr_html_().startswith(training.network._repr_html_())
    assert "not trained yet" in training._repr_html_()
    training.history += [replace(RECORD, number=1, test_error=9.0), RECORD]
    table = Table(training._repr_html_())
    assert table.captions[1] == "after pass 2 of 20"
    assert dict(zip(*table.rows[-2:], strict=True)) == {
        "loss": "0.500",
        "training error on the fly": "3.25 %",
        "training error": "2.50 %",
        "test error": "1.75 %",
    }


def test_a_run_is_its_errors():
    run = RunResult(1998, [RECORD, replace(RECORD, train_error=None)], 120.4, [], [])
    table = Table(run._repr_html_())
    assert table.captions == ["seed 1998, after 2 passes and 120 s"]
    assert table.rows[1] == ["0.500", "3.25 %", "", "1.75 %"]


@pytest.mark.parametrize(("unsure", "said"), [(False, "7"), (True, "unsure, perhaps 7")])
def test_the_reading_of_a_digit_is_its_penalties_and_what_is_said(unsure, said):
    penalties = np.full(10, 50.0)
    penalties[7], penalties[1] = 1.5, 12.5
    table = Table(DigitReading(7, penalties, unsure)._repr_html_())
    assert table.captions == [f"{said}, margin 11.0 to 1"]
    assert table.rows[0] == ["class", *"0123456789"]
    assert [table.rows[1][k] for k in (0, 2, 8)] == ["penalty", "12.5", "1.5"]


def test_a_reading_is_its_digits_with_their_penalties():
    penalties = np.full((10, 3), 50.0)
    penalties[4, 0], penalties[2, 2] = 1.5, 2.25
    reading = StringReading("42", 17.0, 3.0, np.array([4, -1, 2]), penalties, np.zeros(3))
    table = Table(reading._repr_html_())
    assert table.captions == ["42, margin 17.0"]
    assert table.rows == [["digit", "4", "2"], ["penalty", "1.5", "2.2"]]
    nothing = StringReading("", 17.0, 3.0, np.array([-1]), penalties[:, :1], np.zeros(1))
    assert Table(nothing._repr_html_()).captions == ["no digit found, margin 17.0"]
