"""Three LeNet-4s, each trained on what those before it find hard (Sec. III-C.9)."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.classifiers.classifier import Labels, Scores
from lenet98.classifiers.lenets import LeNet4
from lenet98.classifiers.nets import trained
from lenet98.data.digits import Bytes
from lenet98.data.patterns import Patterns, ink_of
from lenet98.network.network import Network
from lenet98.training.presentations import WithDistortions
from lenet98.training.recipe import TrainingConfig

Indices = npt.NDArray[np.int64]

COPIES = 50
"""Distorted copies of each training pattern, from which a filter may choose besides. Ours."""

ASKED = 0.375
"""Share of the training patterns that all three nets answer, for 1.75 times the cost of one net.

Source: Sec. III-C.9 for the 1.75.
"""

_A_BLOCK = 5000
"""Distorted patterns in memory before they are filtered."""


class _Patterns(NamedTuple):
    images: Bytes
    labels: Labels


class BoostedLeNet4(LeNet4):
    """Three LeNet-4s, whose outputs are added where the first one is not confident.

    The first is trained with distortions. The second is trained on patterns, nearly all of them
    distorted, of which the first gets half right and half wrong; the third on others, drawn in
    the same way, on which the two disagree.
    Keywords are those of `Net`.

    Attributes
    ----------
    others_ : list of Network
        The second and the third. One is missing if no pattern passes its filter.
    confident_ : float
        The difference between the two least penalties of the first net, from where on the others
        are not asked.

    Notes
    -----
    Each filtered set has as many patterns as the training set, or what passes of that and of 50
    distorted copies of each pattern. These numbers are ours, for the paper has none.
    Source: Sec. III-C.9.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> digits = draw_digits(n_train=50, n_test=20)
    >>> boosted = BoostedLeNet4(passes=1).fit(digits.train_images, digits.train_labels)
    >>> len(boosted.others_), boosted.variables
    (2, 152094)
    """

    others_: list[Network]
    confident_: float

    def _recipe(self) -> TrainingConfig:
        return replace(super()._recipe(), distorted=True)

    def _fit(self, images: Bytes, labels: Labels) -> None:
        super()._fit(images, labels)
        self.confident_ = float(np.quantile(_gaps(super()._scores(images)), ASKED))
        rng = np.random.default_rng(self.seed)
        self.others_ = []
        for number in (1, 2):
            hard = self._filtered(images, labels, rng)
            if len(hard.labels):
                recipe = replace(self._recipe(), distorted=False, seed=self.seed + number)
                self.others_.append(trained(*hard, recipe, self._table()))

    def _filtered(self, images: Bytes, labels: Labels, rng: np.random.Generator) -> _Patterns:
        """Return as many hard patterns as there are images, or all of those that were drawn."""
        height, strength = self._table().height, self._recipe().strength
        supply = WithDistortions(images, labels.astype(np.uint8), rng, height, COPIES, strength)
        order = rng.permutation(len(supply))
        hard: list[_Patterns] = []
        for begin in range(0, len(order), _A_BLOCK):
            presented, classes = supply.present(order[begin : begin + _A_BLOCK])
            patterns = np.asarray(presented, np.float32)
            chosen = self._hard(patterns, classes)
            hard.append(_Patterns(ink_of(patterns[chosen]), classes[chosen]))
            if sum(len(some.labels) for some in hard) >= len(images):
                break
        return _Patterns(
            *(np.concatenate(parts)[: len(images)] for parts in zip(*hard, strict=True))
        )

    def _hard(self, patterns: Patterns, labels: Labels) -> Indices:
        """Return which patterns the next net is trained on."""
        first = self.network_.classify(patterns)
        if self.others_:
            return np.flatnonzero(first != self.others_[0].classify(patterns))
        wrong, right = np.flatnonzero(first != labels), np.flatnonzero(first == labels)
        many = min(len(wrong), len(right))
        return np.stack([wrong[:many], right[:many]], axis=1).ravel()

    def _scores(self, images: Bytes) -> Scores:
        first = super()._scores(images)
        # Alone, the first counts for all.
        scores = (1 + len(self.others_)) * first
        asked = _gaps(first) < self.confident_
        if asked.any():
            answers = [network.penalties(images[asked]) for network in self.others_]
            scores[asked] = first[asked] - sum(answers)
        return scores

    @property
    def _multiply_accumulates(self) -> int:
        """Connections of the first net, and of the others as often as they are asked."""
        return round((1 + len(self.others_) * ASKED) * super()._multiply_accumulates)

    @property
    def _variables(self) -> int:
        """Trainable parameters of all nets."""
        return (1 + len(self.others_)) * super()._variables


def _gaps(scores: Scores) -> Scores:
    """Return how much greater the greatest score of each pattern is than the second."""
    second, greatest = np.partition(scores, -2, axis=1)[:, -2:].T
    return np.asarray(greatest - second)
