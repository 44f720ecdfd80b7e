"""What the classifiers that are networks of the one engine have in common (App. C)."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from lenet98.classifiers.classifier import Classifier, Labels, Scores
from lenet98.data.digits import Bytes, Digits
from lenet98.errors import require_whole
from lenet98.network.architecture import Architecture, Layer
from lenet98.network.network import Network
from lenet98.training.recipe import TrainingConfig
from lenet98.training.training import Training


class Net(Classifier):
    """A network of the paper, trained by stochastic diagonal Levenberg-Marquardt.

    A net of its own says what its table is (`_table`), how images go in (`_inputs`), and in what
    its recipe differs from the one of LeNet-5 (`_recipe`).

    Parameters
    ----------
    passes : int
        Over the training set.
    seed : int
        Of initial weights, order and curvature patterns.

    Attributes
    ----------
    network_ : Network
        The trained one.

    Notes
    -----
    A score is a negated penalty: of two classes, penalties of squashed outputs with +1/-1
    targets differ as the outputs themselves do. Source: Sec. III-C, App. C.
    """

    network_: Network

    def __init__(self, passes: int = 20, seed: int = 1998) -> None:
        self.passes = passes
        self.seed = seed

    def _check(self) -> None:
        require_whole("passes", self.passes, 1)
        require_whole("seed", self.seed, 0)

    def _fit(self, images: Bytes, labels: Labels) -> None:
        self.network_ = trained(self._inputs(images), labels, self._recipe(), self._table())

    def _scores(self, images: Bytes) -> Scores:
        return np.negative(self.network_.penalties(self._inputs(images)))

    @property
    def _multiply_accumulates(self) -> int:
        """Connections."""
        return sum(layer.connections for layer in self._layers())

    @property
    def _variables(self) -> int:
        """Trainable parameters."""
        return self.network_.architecture.trainable

    @abstractmethod
    def _table(self) -> Architecture:
        """Return the layer table."""

    def _inputs(self, images: Bytes) -> Bytes:
        """Return images that passed the check as the network takes them."""
        return images

    def _recipe(self) -> TrainingConfig:
        """Return the training recipe."""
        return TrainingConfig(passes=self.passes, seed=self.seed)

    def _layers(self) -> tuple[Layer, ...]:
        """Return the layers that the paper's net has: our RBF units on place codes are none."""
        return self.network_.architecture.layers[:-1]


def trained(
    images: Bytes, labels: Labels, recipe: TrainingConfig, architecture: Architecture
) -> Network:
    """Return a network trained for all passes of a recipe.

    Parameters
    ----------
    images : ndarray of uint8, (n, 28, 28) or (n, height, height)
        The latter of the height of the network's input.
    labels : ndarray of int64, (n,)
    recipe : TrainingConfig
    architecture : Architecture
    """
    # Training asks for a test set: the first pattern stands in for it.
    digits = Digits(images, labels.astype(np.uint8), images[:1], labels[:1].astype(np.uint8))
    training = Training(digits, recipe, architecture)
    for _ in range(recipe.passes):
        training.run_pass(count_train_error=False)
    return training.network
