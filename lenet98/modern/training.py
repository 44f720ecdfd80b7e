"""Training by batches, each in strips that the cores share."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from lenet98.cores import usable_cores
from lenet98.data.digits import Bytes, Digits
from lenet98.data.labelled import as_digits
from lenet98.data.patterns import as_images
from lenet98.data.sizes import IMAGE_SIZE, LARGEST_GREY, LARGEST_LABEL
from lenet98.errors import DivergenceError, PatternError, require, require_whole
from lenet98.modern.kernels import are_finite, take_mean
from lenet98.modern.model import Model
from lenet98.modern.recipe import Recipe
from lenet98.modern.row import Array
from lenet98.modern.strip import Outcome, Strip

LANES = 32
"""Patterns in a strip: four vectors of float32 to a run, and two strips to a batch of 64.

Gradients are added strip by strip, so that it changes the last bits, which threads do not.
"""


@dataclass(frozen=True)
class Pass:
    """What one pass over the training set showed.

    Attributes
    ----------
    number : int
        Counted from 1.
    loss : float
        Mean over the pass, on the fly, without the penalty of L2.
    train_error_on_the_fly : float
        Percent misclassified, each batch before its own step, with what dropout drops.
    test_error : float
        Percent, with the parameters at the end of the pass.
    seconds : float
        Wall time, the test included.
    """

    number: int
    loss: float
    train_error_on_the_fly: float
    test_error: float
    seconds: float


class Run:
    """A model in training, and what it has become.

    Parameters
    ----------
    model : Model
    digits : Digits
    recipe : Recipe
    seed : int
        Of the one generator behind the start, the order and dropout.
    threads : int
        Cores to share the strips of a batch; the result is the same.
    dtype : {numpy.float32, numpy.float64}

    Attributes
    ----------
    model : Model
    recipe : Recipe
    digits : Digits
    parameters : ndarray, (parameters,)
    history : list of Pass
    """

    def __init__(
        self,
        model: Model,
        digits: Digits,
        recipe: Recipe,
        seed: int,
        threads: int,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        self.model = model
        self.recipe = recipe
        self.digits = digits
        self._threads = threads
        self._rng = np.random.default_rng(seed)
        self.parameters = model.start(recipe.start, self._rng).astype(dtype)
        self._decay = model.decay().astype(dtype)
        background, ink = recipe.levels
        self._levels = np.linspace(background, ink, LARGEST_GREY + 1).astype(dtype)
        self._descent = recipe.optimiser.start(self.parameters)
        self._strips: dict[tuple[int, int], Strip] = {}
        self._order: npt.NDArray[np.int64] | None = None
        self.history: list[Pass] = []

    def run_pass(self) -> Pass:
        """Pass once over the training set, then count the errors on the test set.

        Raises
        ------
        DivergenceError
            A loss or a parameter is no longer finite.
        """
        begin, number = time.perf_counter(), len(self.history) + 1
        images, labels = self.digits.train_images, self.digits.train_labels
        self._descent.begin_pass(self.recipe.share_of(number), self._curvature)
        if self._order is None or self.recipe.reshuffle:
            self._order = self._rng.permutation(len(labels))
        order = self._order
        loss, wrong = 0.0, 0
        with ThreadPoolExecutor(self._threads) as pool:
            for first in range(0, len(order), self.recipe.batch):
                batch = order[first : first + self.recipe.batch]
                for outcome in self._step(pool, images, labels, batch):
                    loss, wrong = loss + outcome.loss, wrong + outcome.misclassified
                if not np.isfinite(loss) or not are_finite(self.parameters):
                    raise DivergenceError(
                        f"training diverged in pass {number}, by pattern {first + len(batch)} of "
                        "it: the loss or a parameter is no longer finite; lower the learning rate"
                    )
        answers = self.classify(self.digits.test_images)
        record = Pass(
            number=number,
            loss=loss / len(labels),
            train_error_on_the_fly=100.0 * wrong / len(labels),
            test_error=100.0 * float((answers != self.digits.test_labels).mean()),
            seconds=time.perf_counter() - begin,
        )
        self.history.append(record)
        return record

    def _step(
        self, pool: ThreadPoolExecutor, images: Bytes, labels: Bytes, batch: npt.NDArray[np.int64]
    ) -> list[Outcome]:
        parts = [batch[first : first + LANES] for first in range(0, len(batch), LANES)]
        strips = [self._strip(place, len(part)) for place, part in enumerate(parts)]
        for strip in strips:
            strip.draw(self._rng)

        def pass_back(strip: Strip, part: npt.NDArray[np.int64]) -> Outcome:
            strip.present(images, part)
            return strip.pass_back(labels[part].astype(np.int64))

        # A strip alone needs no thread, which takes longer to wake than a pattern to pass.
        spread = map if min(len(strips), self._threads) == 1 else pool.map
        outcomes = [*spread(pass_back, strips, parts)]
        gradient = strips[0].gradient
        for strip in strips[1:]:
            gradient += strip.gradient
        take_mean(gradient, len(batch), self._decay, self.parameters)
        self._descent.step(gradient)
        return outcomes

    def _strip(self, place: int, lanes: int) -> Strip:
        key = place, lanes
        if key not in self._strips:
            self._strips[key] = Strip(self.model, lanes, self.parameters, self._levels)
        return self._strips[key]

    def _curvature(self, patterns: int) -> Array:
        """Return the mean second derivatives over so many training patterns, drawn anew."""
        images = self.digits.train_images
        many = min(patterns, len(images))
        chosen = self._rng.choice(len(images), many, replace=False)
        total = np.zeros_like(self.parameters)
        for first in range(0, many, LANES):
            part = chosen[first : first + LANES]
            strip = self._strip(0, len(part))
            strip.present(images, part)
            strip.pass_curvature_back()
            total += strip.gradient
        return np.asarray(total / many + self._decay)

    def scores(self, images: npt.ArrayLike) -> Array:
        """Return the score of each class for each image, (n, classes), the greater the likelier.

        Parameters
        ----------
        images : array_like, (n, 28, 28)
            Grey levels of ink, 0 to 255, or one such image.

        Raises
        ------
        PatternError
            The images are none.
        """
        pixels = _as_ink(images)
        scores = np.empty((len(pixels), self.model.classes), self.parameters.dtype)
        starts = range(0, len(pixels), LANES)

        def score(thread: int) -> None:
            for first in starts[thread :: self._threads]:
                part = np.arange(first, min(first + LANES, len(pixels)))
                strip = self._strip(thread, len(part))
                strip.present(pixels, part)
                scores[part] = strip.scores().T

        if self._threads == 1:
            score(0)
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                list(pool.map(score, range(self._threads)))
        return scores

    def classify(self, images: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Return the class of each image, (n,); parameters and errors are those of `scores`."""
        return np.asarray(self.scores(images).argmax(axis=1))


def _as_ink(images: npt.ArrayLike) -> Bytes:
    pixels = as_images(images, IMAGE_SIZE).pixels
    if pixels.dtype != np.uint8 or pixels.shape[2] != IMAGE_SIZE:
        raise PatternError(
            f"expected images as ink, uint8 (n, {IMAGE_SIZE}, {IMAGE_SIZE}); found "
            f"{pixels.dtype} {pixels.shape}. Give them as they were before they were scaled."
        )
    return np.ascontiguousarray(pixels)


def train(
    model: Model,
    digits: Digits,
    recipe: Recipe | None = None,
    *,
    passes: int | None = None,
    seed: int = 1998,
    threads: int | None = None,
    on_pass: Callable[[Pass], None] | None = None,
) -> Run:
    """Train a model.

    Parameters
    ----------
    model : Model
        Such as `lookalike` or `convnet` returns.
    digits : Digits
        Such as `lenet98.load_mnist` returns, or four arrays, lists or tensors of yours.
    recipe : Recipe, optional
        The model's own by default.
    passes : int, optional
        Those of the recipe by default.
    seed : int
        Of all that is random; two runs of one seed are the same, bit for bit.
    threads : int, optional
        Cores to use, all by default; the result is the same.
    on_pass : callable, optional
        Called with the `Pass` of every finished pass.

    Returns
    -------
    Run
        With the `history` of its passes; it classifies images.

    Raises
    ------
    ConfigurationError
        A setting is out of its range, or the model takes no digits.
    PatternError
        The digits are none.
    DivergenceError
        A loss or a parameter is no longer finite.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> from lenet98.modern import perceptron
    >>> digits = draw_digits(n_train=300, n_test=10)
    >>> run = train(perceptron(), digits, passes=2, seed=1)
    >>> len(run.history), run.classify(digits.test_images).shape
    (2, (10,))
    """
    require("model", model, isinstance(model, Model), "a Model, such as lookalike()")
    chosen = model.recipe if recipe is None else recipe
    require("recipe", chosen, isinstance(chosen, Recipe), "a Recipe")
    if passes is not None:
        require_whole("passes", passes, 1)
        chosen = replace(chosen, passes=passes)
    require_whole("seed", seed, 0)
    if threads is not None:
        require_whole("threads", threads, 1)
    _check_takes_digits(model)
    run = Run(model, as_digits(digits), chosen, seed, threads or usable_cores())
    for _ in range(chosen.passes):
        record = run.run_pass()
        if on_pass:
            on_pass(record)
    return run


def _check_takes_digits(model: Model) -> None:
    maps, height, width = model.input
    frame = maps == 1 and height == width >= IMAGE_SIZE and (height - IMAGE_SIZE) % 2 == 0
    expected = f"one square map, {IMAGE_SIZE} pixels wide or an even number more"
    require("input", str(model.input), frame, expected)
    require("classes", model.classes, model.classes > LARGEST_LABEL, "one for each digit")
