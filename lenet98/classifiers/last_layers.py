"""LeNet-4 with another classifier in place of its last layer (Sec. III-C.8)."""

from __future__ import annotations

import numpy as np

from lenet98.classifiers.classifier import CLASSES, Labels, Scores
from lenet98.classifiers.lenets import LeNet4
from lenet98.classifiers.neighbours import nearest, require_enough, votes_of_nearest
from lenet98.data.digits import Bytes
from lenet98.errors import require_positive, require_whole
from lenet98.network import kernels
from lenet98.network.architecture import Row, build
from lenet98.network.network import Network

_A_BLOCK = 256
"""Patterns that local classifiers are trained for at a time."""


class _OnHiddenUnits(LeNet4):
    """LeNet-4 whose 120 hidden units are compared with those of the training patterns.

    A state is kept as a byte, for the paper counts one of each: 0 for the least that a squashed
    unit answers, 255 for the greatest.
    """

    k: int

    network_below_: Network
    features_: Bytes
    labels_: Labels

    def _check(self) -> None:
        super()._check()
        require_whole("k", self.k, 1)

    def _fit(self, images: Bytes, labels: Labels) -> None:
        require_enough(self.k, images)
        super()._fit(images, labels)
        self.network_below_ = _without_last_layer(self.network_)
        self.features_, self.labels_ = self._features(images), labels

    def _features(self, images: Bytes) -> Bytes:
        squares = self.network_below_.penalties(images)
        states = (squares[:, :1] - squares[:, 1:] + 1) / 2
        return np.rint((states / kernels.A + 1) / 2 * 255).clip(0, 255).astype(np.uint8)

    @property
    def _multiply_accumulates(self) -> int:
        """Connections of the net, its last layer aside, and a distance to each pattern."""
        last = self._layers()[-1].connections
        return super()._multiply_accumulates - last + int(self.features_.size)

    @property
    def _variables(self) -> int:
        """Parameters of the net, its last layer aside, and the training patterns."""
        return super()._variables - self._layers()[-1].trainable + int(self.features_.size)


class LeNet4Neighbours(_OnHiddenUnits):
    """LeNet-4 whose last layer is replaced by its K nearest neighbours.

    Parameters
    ----------
    k : int
        Neighbours that vote. Ours: the least error on patterns held out of the training set.
    passes, seed
        As in `Net`.

    Notes
    -----
    Neighbours are near in the states of the 120 hidden units, and vote as those of
    `NearestNeighbours` do. Source: Sec. III-C.8.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> digits = draw_digits(n_train=50, n_test=20)
    >>> net = LeNet4Neighbours(passes=1).fit(digits.train_images, digits.train_labels)
    >>> net.features_.shape
    (50, 120)
    """

    def __init__(self, k: int = 3, passes: int = 20, seed: int = 1998) -> None:
        super().__init__(passes, seed)
        self.k = k

    def _scores(self, images: Bytes) -> Scores:
        return votes_of_nearest(self.features_, self.labels_, self._features(images), self.k)


class LeNet4Local(_OnHiddenUnits):
    """LeNet-4 whose last layer is trained anew for each pattern, on its nearest neighbours.

    Parameters
    ----------
    k : int
        Neighbours that it is trained on. Ours, as the decay: the least error on patterns held out
        of the training set.
    decay : float
        Of its weights, not of its biases: the penalty on their squares beside the sum of squared
        errors.
    passes, seed
        As in `Net`.

    Notes
    -----
    The layer is linear, with targets +1 and -1. Its least squares are solved by as many unknowns
    as it has neighbours: for so few, the shorter way.
    Source: Sec. III-C.8; Bottou and Vapnik, Neural Computation 4 (1992).

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> digits = draw_digits(n_train=50, n_test=20)
    >>> net = LeNet4Local(k=20, passes=1).fit(digits.train_images, digits.train_labels)
    >>> net.decision_function(digits.test_images).shape
    (20, 10)
    """

    def __init__(
        self, k: int = 100, decay: float = 100.0, passes: int = 20, seed: int = 1998
    ) -> None:
        super().__init__(passes, seed)
        self.k = k
        self.decay = decay

    def _check(self) -> None:
        super()._check()
        require_positive("decay", self.decay)

    def _scores(self, images: Bytes) -> Scores:
        features = self._features(images)
        indices = nearest(self.features_, features, self.k).indices
        targets = 2.0 * (self.labels_[:, None] == np.arange(CLASSES)) - 1
        scores = np.empty((len(images), CLASSES))
        for begin in range(0, len(images), _A_BLOCK):
            block = slice(begin, begin + _A_BLOCK)
            near = indices[block]
            scores[block] = self._local(features[block], self.features_[near], targets[near])
        return scores

    @property
    def _multiply_accumulates(self) -> int:
        """Those of finding the neighbours, and of a layer trained on them and asked."""
        units: int = self.features_.shape[1]
        products = self.k * (self.k + 1) * units
        elimination = self.k * self.k * self.k // 3
        return super()._multiply_accumulates + products + elimination + self.k * CLASSES

    def _local(self, features: Bytes, near: Bytes, targets: Scores) -> Scores:
        """Return what linear classifiers answer, each trained for one pattern.

        Without decay of the biases they answer the mean target at the mean of the neighbours.
        """
        scale = 2 * kernels.A / 255
        inputs, patterns = scale * near.astype(np.float64), scale * features.astype(np.float64)
        mean_input, mean_target = inputs.mean(axis=1), targets.mean(axis=1)
        inputs -= mean_input[:, None]
        products = inputs @ inputs.transpose(0, 2, 1) + self.decay * np.eye(self.k)
        own = inputs @ (patterns - mean_input)[:, :, None]
        shares = np.linalg.solve(products, own)
        answers = shares.transpose(0, 2, 1) @ (targets - mean_target[:, None])
        return np.asarray(mean_target + answers[:, 0])


def _without_last_layer(network: Network) -> Network:
    """Return the network below its last layer of weights, with RBF units at 0 and at unit vectors.

    The squares of these distances tell the states that they are of.
    """
    whole = network.architecture
    units = whole.layers[-2].maps_below
    centres = np.eye(1 + units, units, k=-1)
    output = Row("OUTPUT", "rbf", maps=1 + units, centres=centres)
    rows = [*whole.rows[:-2], output]
    below = Network(build(f"{whole.name} below", rows, whole.height, whole.width))
    below.parameters[:] = network.parameters[: below.architecture.trainable]
    return below
