"""What becomes of a gradient: SGD, RMSprop, Adam, and the paper's one rate a weight."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lenet98.errors import is_finite, require, require_positive, require_whole
from lenet98.modern.kernels import (
    descend,
    descend_by_moments,
    descend_by_rms,
    descend_with_momentum,
)
from lenet98.training.recipe import ETA, TrainingConfig

Vector = npt.NDArray[Any]


class Descent(ABC):
    """The parameters of one run on their way down.

    Attributes
    ----------
    share : float
        Of the learning rate, that holds in this pass.
    """

    share = 1.0

    @abstractmethod
    def step(self, gradient: Vector) -> None:
        """Change the parameters after one batch.

        Parameters
        ----------
        gradient : ndarray, (parameters,)
            Of the mean loss over the batch.
        """

    def begin_pass(self, share: float, curvature: Callable[[int], Vector]) -> None:
        """Prepare for a pass.

        Parameters
        ----------
        share : float
            Of the learning rate, that holds in it.
        curvature : callable
            Takes a number of patterns, and returns the mean second derivatives over as many.
        """
        self.share = share


class Optimiser(ABC):
    """The settings of a way down."""

    @abstractmethod
    def start(self, parameters: Vector) -> Descent:
        """Return the way down of these parameters, which it changes."""


def _require_kept(name: str, share: object) -> None:
    kept = is_finite(share) and 0 <= share < 1
    require(name, share, kept, "a number of 0 or more, below 1")


@dataclass(frozen=True)
class SGD(Optimiser):
    """One learning rate for all parameters.

    Attributes
    ----------
    rate : float
        The learning rate.
    momentum : float
        The share of the last move that is made again.

    Raises
    ------
    ConfigurationError
        A value is out of its range.

    Examples
    --------
    >>> parameters = np.ones(2)
    >>> SGD(rate=0.5).start(parameters).step(np.array([1.0, -1.0]))
    >>> parameters.tolist()
    [0.5, 1.5]
    """

    rate: float = 0.01
    momentum: float = 0.0

    def __post_init__(self) -> None:
        require_positive("rate", self.rate)
        _require_kept("momentum", self.momentum)

    def start(self, parameters: Vector) -> Descent:
        """Return the way down of these parameters, which it changes."""
        return _WithMomentum(self, parameters)


class _WithMomentum(Descent):
    def __init__(self, settings: SGD, parameters: Vector) -> None:
        self._settings, self._parameters = settings, parameters
        self._velocity = np.zeros_like(parameters)

    def step(self, gradient: Vector) -> None:
        settings = self._settings
        rate = self.share * settings.rate
        descend_with_momentum(self._parameters, gradient, self._velocity, rate, settings.momentum)


@dataclass(frozen=True)
class RMSprop(Optimiser):
    """A learning rate divided by the root of the running mean of the squared gradient.

    Source: Tieleman and Hinton (2012).

    Attributes
    ----------
    rate : float
        The learning rate.
    decay : float
        Of the running mean: the share of it that a step keeps.
    least : float
        Added under the root, as Keras does: gradients far below its root move by less.

    Raises
    ------
    ConfigurationError
        A value is out of its range.

    Examples
    --------
    >>> parameters = np.ones(2)
    >>> RMSprop(rate=0.1).start(parameters).step(np.array([1.0, -9.0]))
    >>> parameters.round(2).tolist()
    [0.68, 1.32]
    """

    rate: float = 0.001
    decay: float = 0.9
    least: float = 1e-7

    def __post_init__(self) -> None:
        require_positive("rate", self.rate)
        _require_kept("decay", self.decay)
        require_positive("least", self.least)

    def start(self, parameters: Vector) -> Descent:
        """Return the way down of these parameters, which it changes."""
        return _ByRms(self, parameters)


class _ByRms(Descent):
    def __init__(self, settings: RMSprop, parameters: Vector) -> None:
        self._settings, self._parameters = settings, parameters
        self._square = np.zeros_like(parameters)

    def step(self, gradient: Vector) -> None:
        decay, least = self._settings.decay, self._settings.least
        rate = self.share * self._settings.rate
        descend_by_rms(self._parameters, gradient, self._square, rate, decay, least)


@dataclass(frozen=True)
class Adam(Optimiser):
    """RMSprop of a running mean of gradients, both means free of their start from 0.

    Source: Kingma and Ba (2015).

    Attributes
    ----------
    rate : float
        The learning rate.
    decays : (float, float)
        Of the running means of the gradient and of its square.
    least : float
        Added to the root.

    Raises
    ------
    ConfigurationError
        A value is out of its range.

    Examples
    --------
    >>> parameters = np.ones(2)
    >>> Adam(rate=0.1).start(parameters).step(np.array([1.0, -9.0]))
    >>> parameters.round(2).tolist()
    [0.9, 1.1]
    """

    rate: float = 0.001
    decays: tuple[float, float] = (0.9, 0.999)
    least: float = 1e-7

    def __post_init__(self) -> None:
        require_positive("rate", self.rate)
        two = isinstance(self.decays, tuple) and len(self.decays) == 2
        require("decays", self.decays, two, "a tuple of two")
        for decay in self.decays:
            _require_kept("one of decays", decay)
        require_positive("least", self.least)

    def start(self, parameters: Vector) -> Descent:
        """Return the way down of these parameters, which it changes."""
        return _ByMoments(self, parameters)


class _ByMoments(Descent):
    def __init__(self, settings: Adam, parameters: Vector) -> None:
        self._settings, self._parameters = settings, parameters
        self._mean, self._square = np.zeros_like(parameters), np.zeros_like(parameters)
        self._steps = 0

    def step(self, gradient: Vector) -> None:
        self._steps += 1
        first, second = (1 - decay**self._steps for decay in self._settings.decays)
        rate = self.share * self._settings.rate * math.sqrt(second) / first
        moments = self._mean, self._square
        decays, least = self._settings.decays, self._settings.least
        descend_by_moments(self._parameters, gradient, *moments, rate, decays, least)


@dataclass(frozen=True)
class OneRateAWeight(Optimiser):
    """The paper's rates eps_k = eta / (mu + h_kk), estimated anew before each pass.

    Source: Sec. III-B; App. C, eq. 21.

    Attributes
    ----------
    eta : float
        The global learning rate.
    mu : float
        Keeps the rates bounded where the curvature is small.
    patterns : int
        That the curvature is estimated on.

    Raises
    ------
    ConfigurationError
        A value is out of its range.

    Examples
    --------
    >>> parameters = np.ones(2)
    >>> descent = OneRateAWeight(eta=0.1, mu=0.5).start(parameters)
    >>> descent.begin_pass(1.0, lambda patterns: np.array([0.0, 1.5]))
    >>> descent.step(np.array([1.0, 1.0]))
    >>> parameters.tolist()
    [0.8, 0.95]
    """

    eta: float = ETA[0]
    mu: float = TrainingConfig.mu
    patterns: int = TrainingConfig.curvature_patterns

    def __post_init__(self) -> None:
        require_positive("eta", self.eta)
        require_positive("mu", self.mu)
        require_whole("patterns", self.patterns, 1)

    def start(self, parameters: Vector) -> Descent:
        """Return the way down of these parameters, which it changes."""
        return _ByCurvature(self, parameters)


class _ByCurvature(Descent):
    def __init__(self, settings: OneRateAWeight, parameters: Vector) -> None:
        self._settings, self._parameters = settings, parameters
        self._rates = np.zeros_like(parameters)

    def begin_pass(self, share: float, curvature: Callable[[int], Vector]) -> None:
        settings = self._settings
        self._rates[:] = share * settings.eta / (settings.mu + curvature(settings.patterns))

    def step(self, gradient: Vector) -> None:
        descend(self._parameters, gradient, self._rates)
