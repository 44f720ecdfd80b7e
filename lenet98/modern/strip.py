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
    levels : ndarray, (256,)
        The grey level of each amount of ink; its type is that of all that is computed.

    Attributes
    ----------
    gradient : ndarray, (parameters,)
        Of the sum of the losses, or the sum of second derivatives, as was passed back last.
    """

    def __init__(self, model: Model, lanes: int, levels: Array) -> None:
        self._model, self._levels = model, levels
        self._input = np.full((*model.input, lanes), levels[0])
        layers = model.layers
        self._blocks = [layer.row.block(layer.below, lanes, levels.dtype) for layer in layers]
        self.gradient = np.zeros(model.parameters, levels.dtype)

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

    def _forward(self, parameters: Array, *, training: bool) -> Array:
        """Return what reaches the output, (inputs, lanes)."""
        x = self._input
        for layer, block in zip(self._model.layers, self._blocks, strict=True):
            x = block.forward(x, layer.view(parameters), training=training)
        return x.reshape(-1, x.shape[-1])

    def scores(self, parameters: Array) -> Array:
        """Return the score of each class for what was presented, (classes, lanes).

        Parameters
        ----------
        parameters : ndarray, (parameters,)
        """
        return self._model.output.scores(self._forward(parameters, training=False))

    @np.errstate(over="ignore", invalid="ignore")  # what is not finite is seen by the loss
    def pass_back(self, parameters: Array, labels: Labels) -> Outcome:
        """Set the gradient for what was presented.

        Parameters
        ----------
        parameters : ndarray, (parameters,)
        labels : ndarray of int64, (lanes,)
        """
        x, output = self._forward(parameters, training=True), self._model.output
        judged = output.judge(x, labels)
        wrong = int((output.scores(x).argmax(axis=0) != labels).sum())
        self.gradient[:] = 0
        layers, deltas = self._model.layers, judged.deltas.reshape(*self._shape_below_output(), -1)
        for k in range(len(layers) - 1, -1, -1):
            own, gradient = layers[k].view(parameters), layers[k].view(self.gradient)
            deltas = self._blocks[k].back(deltas, own, gradient, wanted=k > 0)
        return Outcome(float(judged.losses.sum()), wrong)

    def pass_curvature_back(self, parameters: Array) -> None:
        """Set the second derivatives for what was presented (App. C, eq. 25 and 27).

        Parameters
        ----------
        parameters : ndarray, (parameters,)
        """
        x, squares = self._forward(parameters, training=False), parameters**2
        deltas = self._model.output.curvature(x).reshape(*self._shape_below_output(), -1)
        self.gradient[:] = 0
        for layer, block in zip(self._model.layers[::-1], self._blocks[::-1], strict=True):
            own, curvature = layer.view(squares), layer.view(self.gradient)
            deltas = block.back_squared(deltas, own, curvature)

    def _shape_below_output(self) -> tuple[int, int, int]:
        return self._model.layers[-1].below
