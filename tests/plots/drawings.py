"""A reproduction to draw from, and what a drawn figure shows."""

import io
import warnings

import numpy as np

from lenet98.data.digits import Digits
from lenet98.network.network import LeNet5
from lenet98.paper import published
from lenet98.reproduction.invariance import WAYS
from lenet98.reproduction.named_runs import DISTORTED, HALF, NOISE, QUARTER, WHOLE
from lenet98.reproduction.reproduction import Reproduction
from lenet98.reproduction.results import Results, RunResult
from lenet98.training.recipe import ETA, TrainingConfig
from lenet98.training.record import PassRecord

RNG = np.random.default_rng(1998)
DIGITS = Digits(
    RNG.integers(0, 256, (400, 28, 28), dtype=np.uint8),
    np.arange(400, dtype=np.uint8) % 10,
    RNG.integers(0, 256, (200, 28, 28), dtype=np.uint8),
    np.arange(200, dtype=np.uint8) % 10,
)
IMAGES = DIGITS.test_images
SUFFIX = {"mnist": "MNIST", "strokes": "built-in pen strokes, not MNIST"}
NETWORK, OTHER = LeNet5(seed=1), LeNet5(seed=2)
STATES, OTHER_STATES = NETWORK.states(IMAGES[0]), OTHER.states(IMAGES[1])


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
    QUARTER: [history(1.6, 0.1)],
    HALF: [history(1.2, 0.2)],
    WHOLE: HISTORIES,
    DISTORTED: [history(0.76, 1.5), history(0.8, 1.5)],
    NOISE: [history(0.9, 0.5), history(1.0, 0.5)],
}
ERRORS = [(e.pattern % 200, e.true, e.answer) for e in published.FIG8_ERRORS][:40]
CURVE = np.stack([np.linspace(0, 10, 101), 0.8 * np.exp(-np.linspace(0, 5, 101))], axis=1)


def measured(least):
    """Return what is measured of a network, its errors from the least on, in percent."""
    errors = {
        way.name: [[value, least + 7 * index] for index, value in enumerate(way.values)]
        for way in WAYS
    }
    return {"invariance": errors}


def reproduction(data="mnist", runs=RUNS, errors=ERRORS, curve=CURVE, digits=DIGITS):
    """Return a reproduction; the errors and the curve are of the first seed with distortions."""
    results = {
        run.name: [
            RunResult(1, one, 120.0, [], [(0.0, 9.0), (10.0, 8.0)], measured(place + 5.0 * seed))
            for seed, one in enumerate(histories)
        ]
        for place, (run, histories) in enumerate(runs.items())
    }
    for first in results.get(DISTORTED.name, [])[:1]:
        first.misclassified.extend(errors)
        first.rejection[:] = curve.tolist()
    recipe = TrainingConfig().as_dict()
    networks = {WHOLE.name: NETWORK, DISTORTED.name: OTHER}
    return Reproduction(Results(data, "0" * 64, recipe, {}, results), digits, networks)


def texts(page):
    """Return all texts that are drawn."""
    found = list(page.texts)
    for axes in page.axes:
        found += axes.texts
        if axes.axison:
            found += [axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label]
            for axis in (axes.xaxis, axes.yaxis):
                low, high = sorted(axis.get_view_interval())
                ticks = axis.get_major_ticks()
                shown = [tick for tick in ticks if low <= tick.get_loc() <= high]
                found += [label for tick in shown for label in (tick.label1, tick.label2)]
    return [text for text in found if text.get_visible() and text.get_text()]


def strings(page):
    return [text.get_text() for text in texts(page)]


def drawn(page):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page.savefig(file := io.BytesIO(), format="png")
    return file.getvalue()


def lines(axes, label):
    return [line for line in axes.lines if line.get_label() == label]


def pictures(page):
    return [np.ma.filled(axes.images[0].get_array(), np.nan) for axes in page.axes if axes.images]
