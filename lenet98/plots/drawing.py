"""Which results, patterns and networks each figure is drawn from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lenet98 import plots
from lenet98.data.digits import Digits
from lenet98.data.distortions import affine_maps, distort, draw_affine_maps
from lenet98.data.patterns import BACKGROUND, FOREGROUND, as_patterns, grey_levels
from lenet98.network.network import LeNet5
from lenet98.network.tables import lenet1, lenet4, lenet5
from lenet98.paper import published
from lenet98.reproduction.judge import margins
from lenet98.reproduction.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHRUNK, SHRUNK_RISE = 0.6, 6.0
"""Of a pattern in Fig. 13: smaller than any in training, so much higher in pixels."""

DISTORTIONS_SHOWN = 10
"""Of each of the ten originals. Source: Fig. 7."""


class Material(NamedTuple):
    """What figures are drawn from.

    Attributes
    ----------
    results : Results
    digits : Digits
        The data set of the results.
    networks : mapping of str to LeNet5
        The trained network of each run.
    """

    results: Results
    digits: Digits
    networks: Mapping[str, LeNet5]


def draw(name: str, material: Material) -> Figure:
    """Draw the figure of an experiment.

    Parameters
    ----------
    name : str
        One of `lenet98.reproduction.experiments.EXPERIMENTS`.
    material : Material
        With the runs that the experiment needs.
    """
    return _FIGURES[name](material)


def _fig5(material: Material) -> Figure:
    return plots.fig5(material.results.histories("60000"), material.results.data)


def _fig6(material: Material) -> Figure:
    results = material.results
    return plots.fig6({run: results.histories(run) for run in results.runs}, results.data)


def _fig7(material: Material) -> Figure:
    digits, results = material.digits, material.results
    indices = np.array(published.FIG7_TRAIN_INDICES)
    if results.data != "mnist":
        indices = np.array([np.argmax(digits.train_labels == digit) for digit in range(10)])
    originals = digits.train_images[indices]
    maps = draw_affine_maps(
        len(indices) * DISTORTIONS_SHOWN, np.random.default_rng(results.configuration["seed"])
    )
    distorted = distort(np.repeat(originals, DISTORTIONS_SHOWN, axis=0), maps)
    distorted = distorted.reshape(len(indices), DISTORTIONS_SHOWN, *distorted.shape[1:])
    return plots.fig7(originals, distorted, results.data)


def _fig8(material: Material) -> Figure:
    results = material.results
    return plots.fig8(
        material.digits.test_images,
        results.runs["distorted"][0].misclassified,
        results.data,
    )


def _fig13(material: Material) -> Figure:
    """Draw a plain pattern, the same shrunk, with the noise of Sec. III-E, and the least sure."""
    digits, results = material.digits, material.results
    network = material.networks["distorted"]
    rng = np.random.default_rng(results.configuration["seed"])
    height = network.architecture.height
    plain = as_patterns(digits.test_images[:1], height, np.float32)
    shrink = affine_maps(scale=SHRUNK, squeeze=0, shear=0, shift_x=0, shift_y=-SHRUNK_RISE)
    shrunk = grey_levels(distort(digits.test_images[:1], shrink))
    flipped = rng.random(plain.shape) < published.FIG13_NOISE
    noisy = np.where(flipped, BACKGROUND + FOREGROUND - plain, plain)
    least_sure = np.argmin(margins(-network.penalties(digits.test_images)))
    odd = as_patterns(digits.test_images[[least_sure]], height, np.float32)
    shown = np.concatenate([plain, shrunk, noisy, odd])
    return plots.fig13([network.states(pattern) for pattern in shown], results.data)


def _f6_codes(material: Material) -> Figure:
    digits, network = material.digits, material.networks["60000"]
    classes = range(len(network.architecture.centres))
    few = [np.flatnonzero(digits.test_labels == c)[:100] for c in classes]
    states = [
        np.mean([network.states(digits.test_images[k])["F6"].ravel() for k in some], axis=0)
        for some in few
    ]
    penalties = [
        network.penalties(digits.test_images[digits.test_labels == c])[:, c].mean() for c in classes
    ]
    return plots.f6_codes(
        np.array(states), network.architecture.centres, np.array(penalties), material.results.data
    )


def _rejection(material: Material) -> Figure:
    result = material.results.runs["distorted"][0]
    return plots.rejection(np.array(result.rejection), material.results.data)


def _cost(_: Material) -> Figure:
    return plots.cost(
        {
            network.name: (network.connections, network.trainable)
            for network in (lenet1(), lenet4(), lenet5())
        }
    )


_FIGURES: Mapping[str, Callable[[Material], Figure]] = MappingProxyType(
    {
        "fig2": lambda _: plots.fig2(lenet5()),
        "table1": lambda _: plots.table1(lenet5().layer("C3")),
        "fig3": lambda _: plots.fig3(),
        "fig4": lambda material: plots.fig4(material.digits.test_images, material.results.data),
        "fig5": _fig5,
        "fig6": _fig6,
        "fig7": _fig7,
        "fig8": _fig8,
        "fig13": _fig13,
        "learned": lambda material: plots.learned(
            material.networks["60000"], material.results.data
        ),
        "f6_codes": _f6_codes,
        "rejection": _rejection,
        "cost": _cost,
    }
)
