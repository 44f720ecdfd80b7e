"""Stochastic diagonal Levenberg-Marquardt, one pattern at a time (Sec. III-B, App. C)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import Digits
from lenet98.data.labelled import as_digits
from lenet98.data.sizes import FRAME_SIZE, IMAGE_SIZE
from lenet98.errors import DivergenceError, require, require_whole
from lenet98.network.architecture import Architecture
from lenet98.network.network import LeNet5, Network
from lenet98.network.tables import lenet5
from lenet98.training.presentations import (
    Flanked,
    Originals,
    Presentations,
    WithDistortions,
    WithNoise,
)
from lenet98.training.recipe import TrainingConfig
from lenet98.training.record import PassRecord, errors_table

PATTERNS_A_CHUNK = 1000
"""Progress is told, and divergence noticed, after this many patterns at the latest."""

OnProgress = Callable[[int, int], None]


class Rates(NamedTuple):
    """The effective rates of one pass.

    Attributes
    ----------
    values : ndarray, (trainable,)
        What each parameter's gradient is multiplied by.
    least, greatest : float
        Of eps_k. They differ from those of `values` where averages stand for sums: a coefficient
        c of the average is 4 times that of the sum, and its rate 16 times.
    """

    values: npt.NDArray[np.floating]
    least: float
    greatest: float


def effective_rates(
    network: Network, images: npt.NDArray[Any], eta: float, recipe: TrainingConfig
) -> Rates:
    """Return eps_k = eta / (mu + h_kk), one rate for each parameter.

    Source: App. C, eq. 21.
    """
    curvature = network.curvature(
        images,
        loss=recipe.curvature_of,
        j=recipe.j,
        scale=recipe.scale,
        four_connections=recipe.four_connections,
    )
    averaged = np.ones_like(curvature)
    if recipe.subsampling == "average":
        for layer in network.architecture.layers:
            if layer.kind == "subsampling":
                network.view(layer.name, of=averaged).weights[:] = layer.field**2
    rates = eta / (recipe.mu + curvature / averaged**2)
    trained = np.ones_like(curvature)
    for name in recipe.frozen:
        for part in network.view(name, of=trained):
            part[:] = 0
    of_trained = rates[trained > 0]
    least, greatest = float(of_trained.min()), float(of_trained.max())
    return Rates(trained * rates / averaged**2, least, greatest)


def error_percent(penalties: npt.NDArray[np.floating], labels: npt.NDArray[Any]) -> float:
    """Return the percentage of patterns whose least penalty is not that of their label."""
    return 100.0 * int((penalties.argmin(axis=1) != labels).sum()) / len(labels)


class TrainingState(NamedTuple):
    """All that a run is between two passes and that its digits and recipe do not give.

    Attributes
    ----------
    parameters : ndarray, (trainable,)
    history : list of PassRecord
    generator : dict
        State of the one generator.
    order : ndarray of int64 or None
        The order of presentation; None where it is constant.
    """

    parameters: npt.NDArray[np.floating]
    history: list[PassRecord]
    generator: dict[str, Any]
    order: npt.NDArray[np.int64] | None


class Training:
    """One run: a network, its recipe, and the state between two passes.

    Parameters
    ----------
    digits : Digits
        Arrays, lists or tensors, as `lenet98.data.labelled.as_digits` takes them: of 28x28 pixels,
        or already as high as the network's input.
    recipe : TrainingConfig
    architecture : Architecture, optional
        The layer table of the network to train; by default that of LeNet-5.

    Attributes
    ----------
    digits : Digits
        What it trains on, and the test set, as bytes.
    network : Network
        A `LeNet5` where no other table is given.
    order : ndarray of int64, (patterns to present,)
        The random order of presentation, constant unless reshuffled. Source: App. C.
    history : list of PassRecord

    Raises
    ------
    ConfigurationError
        The recipe is none, or no table is given as one; it freezes a layer that is not there, or
        all of them; or it distorts or flanks what it cannot.
    PatternError
        The digits are none, as `lenet98.data.labelled.as_digits` says, or there are none.

    Examples
    --------
    >>> from lenet98 import Training, TrainingConfig, draw_digits
    >>> training = Training(draw_digits(n_train=20, n_test=10), TrainingConfig())
    >>> len(training.order), training.history
    (20, [])
    """

    def __init__(
        self, digits: Digits, recipe: TrainingConfig, architecture: Architecture | None = None
    ) -> None:
        whole = isinstance(recipe, TrainingConfig)
        require("recipe", recipe, whole, "a TrainingConfig")
        known = architecture is None or isinstance(architecture, Architecture)
        require("architecture", architecture, known, "an Architecture, such as lenet5()")
        height = lenet5().height if architecture is None else architecture.height
        checked = as_digits(digits, height)
        from_28 = recipe.distorted or recipe.flanked is not None
        fits = not from_28 or checked.train_images.shape[1] == IMAGE_SIZE
        require(
            "images of", checked.train_images.shape[1:], fits, "28x28, to distort or flank them"
        )
        framed = recipe.flanked is None or height == FRAME_SIZE
        require("flanked", recipe.flanked, framed, f"None, where input is {height} rows high")
        self.digits = checked.first(recipe.patterns)
        self.recipe = recipe
        self._rng = np.random.default_rng(recipe.seed)
        self.network: Network
        if architecture is None:
            self.network = LeNet5(self._rng, initial=recipe.initial)
        else:
            self.network = Network(architecture, self._rng, initial=recipe.initial)
        names = [layer.name for layer in self.network.architecture.layers[:-1]]
        some = set(recipe.frozen) < set(names)
        require("frozen", recipe.frozen, some, f"some of {', '.join(names)}, not all")
        self._test_penalties: npt.NDArray[np.floating] | None = None
        self._presentations = self._prepare(self._rng)
        self.order = self._rng.permutation(len(self._presentations))
        self._curvature_patterns = self._draw_curvature_patterns()
        self.history: list[PassRecord] = []

    def _prepare(self, rng: np.random.Generator) -> Presentations:
        recipe, height = self.recipe, self.network.architecture.height
        images, labels = self.digits.train_images, self.digits.train_labels
        presentations: Presentations = Originals(images, labels)
        if recipe.distorted:
            presentations = WithDistortions(
                images, labels, rng, height, recipe.copies, recipe.strength
            )
        if recipe.flanked:
            presentations = Flanked(images, labels, recipe.flanked, rng)
        if recipe.noise:
            presentations = WithNoise(presentations, recipe.noise, height, rng)
        return presentations

    @classmethod
    def resumed(
        cls,
        digits: Digits,
        recipe: TrainingConfig,
        state: TrainingState,
        architecture: Architecture | None = None,
    ) -> Training:
        """Return the run of the other three as it was when `state` was taken.

        It goes on bit for bit as the other did.

        Examples
        --------
        >>> from lenet98 import Training, TrainingConfig, draw_digits
        >>> digits, recipe = draw_digits(n_train=20, n_test=10), TrainingConfig(seed=1)
        >>> other = Training(digits, recipe)
        >>> again = Training.resumed(digits, recipe, other.state())
        >>> bool((again.network.parameters == other.network.parameters).all())
        True
        """
        training = cls(digits, recipe, architecture)
        training.network.parameters[:] = state.parameters
        training.history = list(state.history)
        training._rng.bit_generator.state = state.generator
        if state.order is not None:
            training.order = state.order.copy()
        return training

    def state(self) -> TrainingState:
        """Return a copy of the state between two passes.

        Examples
        --------
        >>> from lenet98 import Training, TrainingConfig, draw_digits
        >>> state = Training(draw_digits(n_train=20, n_test=10), TrainingConfig()).state()
        >>> state.parameters.shape
        (60000,)
        """
        return TrainingState(
            parameters=self.network.parameters.copy(),
            history=list(self.history),
            generator=dict(self._rng.bit_generator.state),
            order=self.order.copy() if self.recipe.reshuffle else None,
        )

    def _repr_html_(self) -> str:
        table = self.network._repr_html_()
        if not self.history:
            return f"{table}\n<p>not trained yet</p>"
        last = self.history[-1]
        caption = f"after pass {last.number} of {self.recipe.passes}"
        return f"{table}\n{errors_table(caption, last)}"

    def run_pass(
        self,
        on_progress: OnProgress | None = None,
        *,
        threads: int = 1,
        count_train_error: bool = True,
    ) -> PassRecord:
        """Pass once over the training set, then count the errors on both sets.

        Parameters
        ----------
        on_progress : callable, optional
            Called with the patterns passed and their total, about every 1,000 patterns.
        threads : int
            Cores for counting the errors; the pass itself is one pattern after the other.
        count_train_error : bool
            Whether to answer the training set once more after the pass, a quarter of the time.

        Raises
        ------
        DivergenceError
            A loss or a parameter is no longer finite.
        ConfigurationError
            `threads` is no whole number, or less than 1.

        Examples
        --------
        >>> from lenet98 import Training, TrainingConfig, draw_digits
        >>> recipe = TrainingConfig(curvature_patterns=1)
        >>> record = Training(draw_digits(n_train=2, n_test=1), recipe).run_pass()
        >>> record.number, record.eta
        (1, 0.0005)
        """
        require_whole("threads", threads, 1)
        begin = time.perf_counter()
        number = len(self.history) + 1
        eta = self.recipe.eta_of(number)
        if number > 1 and self.recipe.reshuffle:
            self._rng.shuffle(self.order)
        if number > 1 and self.recipe.fresh_curvature:
            self._curvature_patterns = self._draw_curvature_patterns()
        curvature_patterns = self._presentations.present(self._curvature_patterns).patterns
        rates = effective_rates(self.network, curvature_patterns, eta, self.recipe)
        self._test_penalties = None
        loss, wrong = self._descend(number, rates.values, on_progress)
        digits, train_error = self.digits, None
        if count_train_error:
            penalties = self.network.penalties(digits.train_images, threads=threads)
            train_error = error_percent(penalties, digits.train_labels)
        record = PassRecord(
            number=number,
            eta=eta,
            least_rate=rates.least,
            greatest_rate=rates.greatest,
            loss=loss / len(digits.train_labels),
            train_error_on_the_fly=100.0 * wrong / len(digits.train_labels),
            train_error=train_error,
            test_error=error_percent(self.test_penalties(threads), digits.test_labels),
            seconds=time.perf_counter() - begin,
        )
        self.history.append(record)
        return record

    def some_patterns(self, many: int, rng: np.random.Generator) -> npt.NDArray[Any]:
        """Return so many of the patterns that it presents, chosen and made with `rng`.

        Examples
        --------
        >>> from lenet98 import Training, TrainingConfig, draw_digits
        >>> training = Training(draw_digits(n_train=20, n_test=10), TrainingConfig(noise=0.1))
        >>> training.some_patterns(3, np.random.default_rng(0)).shape
        (3, 32, 32)
        """
        presentations = self._prepare(rng)
        chosen = rng.choice(len(presentations), min(many, len(presentations)), replace=False)
        return presentations.present(chosen).patterns

    def test_penalties(self, threads: int = 1) -> npt.NDArray[np.floating]:
        """Return what the network answers to the test set, (n, classes), asked once a pass.

        Parameters
        ----------
        threads : int
            Cores to spread the images over.

        Examples
        --------
        >>> from lenet98 import Training, TrainingConfig, draw_digits
        >>> training = Training(draw_digits(n_train=20, n_test=10), TrainingConfig())
        >>> training.test_penalties().shape
        (10, 10)
        """
        if self._test_penalties is None:
            self._test_penalties = self.network.penalties(self.digits.test_images, threads=threads)
        return self._test_penalties

    def _draw_curvature_patterns(self) -> npt.NDArray[np.int64]:
        originals = self.recipe.curvature_of_originals
        patterns = len(self.digits.train_labels) if originals else len(self.order)
        size = min(self.recipe.curvature_patterns, patterns)
        return self._rng.choice(patterns, size, replace=False)

    def _descend(
        self, number: int, rates: npt.NDArray[np.floating], on_progress: OnProgress | None
    ) -> tuple[float, int]:
        recipe, presentations = self.recipe, self._presentations
        in_a_pass = len(self.digits.train_labels)
        begin = (number - 1) * in_a_pass % len(self.order)
        order = self.order[begin : begin + in_a_pass]
        loss, wrong = 0.0, 0
        for start in range(0, in_a_pass, PATTERNS_A_CHUNK):
            chunk = order[start : start + PATTERNS_A_CHUNK]
            more_loss, more_wrong, passed = self.network.descend(
                *presentations.present(chunk),
                rates,
                loss=recipe.loss,
                j=recipe.j,
                scale=recipe.scale,
            )
            loss, wrong = loss + more_loss, wrong + more_wrong
            if passed < len(chunk) or not np.isfinite(self.network.parameters).all():
                raise DivergenceError(
                    f"training diverged in pass {number}, at pattern {start + passed} of it: "
                    f"the loss or a parameter is no longer finite (eta {recipe.eta_of(number):g}); "
                    "lower eta or raise mu"
                )
            if on_progress:
                on_progress(start + passed, in_a_pass)
        return loss, wrong


def train(
    digits: Digits,
    config: TrainingConfig = TrainingConfig(),
    *,
    architecture: Architecture | None = None,
    on_pass: Callable[[PassRecord], None] | None = None,
    on_progress: OnProgress | None = None,
    threads: int = 1,
) -> Training:
    """Train a network on `digits` for all passes of `config`.

    Parameters
    ----------
    digits : Digits
        Such as `load_mnist` returns, or four arrays, lists or tensors of yours.
    config : TrainingConfig
        The recipe.
    architecture : Architecture, optional
        The layer table of the network; by default that of LeNet-5.
    on_pass : callable, optional
        Called with the `PassRecord` of every finished pass.
    on_progress, threads
        As in `Training.run_pass`.

    Returns
    -------
    Training
        Its `network` is the trained one, its `history` one record a pass.

    Raises
    ------
    DivergenceError, ConfigurationError, PatternError

    Notes
    -----
    Source: Sec. III-B, App. C.

    Examples
    --------
    >>> from lenet98 import TrainingConfig, draw_digits, train
    >>> digits = draw_digits(n_train=2, n_test=1)
    >>> training = train(digits, TrainingConfig(passes=1, curvature_patterns=1))
    >>> len(training.history)
    1
    """
    training = Training(digits, config, architecture)
    for _ in range(config.passes):
        record = training.run_pass(on_progress, threads=threads)
        if on_pass:
            on_pass(record)
    return training
