"""A strip of patterns side by side, through all blocks of a model and back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import Bytes
from lenet98.modern.kernels import present
from lenet98.modern.model import Model
from lenet98.modern.row import Array

Labels = npt.NDArray[np.int64]


class Outcome(NamedTuple):
    """What a strip showed.

    Attributes
    ----------
    loss : float
        The sum over its patterns.
    misclassified : int
    """

    loss: float
    misclassified: int


class Strip:
    """The memory and the blocks for so many patterns.

    Parameters
    ----------
    model : Model
    lanes : int
        Patterns.
    parameters : ndarray, (parameters,)
        Its type is that of all that is computed; what they are when a pass begins, counts.
    levels : ndarray, (256,)
        The grey level of each amount of ink.

    Attributes
    ----------
    gradient : ndarray, (parameters,)
        Of the sum of the losses, or the sum of second derivatives, as was passed back last;
        who asks for it may write over it.
    """

    def __init__(self, model: Model, lanes: int, parameters: Array, levels: Array) -> None:
        self._model, self._parameters, self._levels = model, parameters, levels
        layers, dtype = model.layers, parameters.dtype
        self._input = np.full((*model.input, lanes), levels[0], dtype)
        self._blocks = [layer.row.block(layer.below, lanes, dtype) for layer in layers]
        self.gradient = np.zeros_like(parameters)
        self._own = [layer.view(parameters) for layer in layers]
        self._gradients = [layer.view(self.gradient) for layer in layers]

    def draw(self, rng: np.random.Generator) -> None:
        """Draw what is random in the next pass forward in training."""
        for block in self._blocks:
            block.draw(rng)

    def present(self, images: Bytes, chosen: npt.NDArray[np.int64]) -> None:
        """Set the input to some of the images, in the middle of its frame.

        Parameters
        ----------
        images : ndarray of uint8, (n, height, width)
        chosen : ndarray of int64, (lanes,)
        """
        margin = (self._model.height - images.shape[1]) // 2
        present(images, chosen, self._levels, margin, self._input)

    def _forward(self, *, training: bool) -> Array:
        """Return what reaches the output, (inputs, lanes)."""
        x = self._input
        for block, own in zip(self._blocks, self._own, strict=True):
            x = block.forward(x, own, training=training)
        return x.reshape(-1, x.shape[-1])

    def scores(self) -> Array:
        """Return the score of each class for what was presented, (classes, lanes)."""
        return self._model.output.scores(self._forward(training=False))

    @np.errstate(over="ignore", invalid="ignore")  # what is not finite is seen by the loss
    def pass_back(self, labels: Labels) -> Outcome:
        """Set the gradient for what was presented.

        Parameters
        ----------
        labels : ndarray of int64, (lanes,)
        """
        x, output = self._forward(training=True), self._model.output
        judged = output.judge(x, labels)
        wrong = int((judged.scores.argmax(axis=0) != labels).sum())
        self.gradient[:] = 0
        deltas = judged.deltas.reshape(*self._model.layers[-1].below, -1)
        for k in range(len(self._blocks) - 1, -1, -1):
            own, gradient = self._own[k], self._gradients[k]
            deltas = self._blocks[k].back(deltas, own, gradient, wanted=k > 0)
        return Outcome(float(judged.losses.sum()), wrong)

    def pass_curvature_back(self) -> None:
        """Set the second derivatives for what was presented (App. C, eq. 25 and 27)."""
        x, squares = self._forward(training=False), self._parameters**2
        layers = self._model.layers
        deltas = self._model.output.curvature(x).reshape(*layers[-1].below, -1)
        self.gradient[:] = 0
        for k in range(len(layers) - 1, -1, -1):
            own, curvature = layers[k].view(squares), self._gradients[k]
            deltas = self._blocks[k].back_squared(deltas, own, curvature)
