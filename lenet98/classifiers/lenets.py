"""The convolutional nets LeNet-1, LeNet-4 and LeNet-5 (Sec. III-C.7, III-C.8, II-B)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lenet98.classifiers.nets import Net
from lenet98.data.digits import Bytes
from lenet98.data.reduction import REDUCED_SIZE, reduce
from lenet98.data.sizes import IMAGE_SIZE
from lenet98.network.architecture import Architecture, Layer
from lenet98.network.tables import lenet1, lenet4, lenet5
from lenet98.training.recipe import TrainingConfig

_MARGIN = (IMAGE_SIZE - REDUCED_SIZE) // 2


class LeNet1(Net):
    """LeNet-1, on images of 16x16 pixels in the middle of its input of 28x28.

    Keywords are those of `Net`.

    Notes
    -----
    Source: Sec. III-C.7.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> digits = draw_digits(n_train=50, n_test=20)
    >>> net = LeNet1(passes=1).fit(digits.train_images, digits.train_labels)
    >>> net.multiply_accumulates, net.variables
    (98442, 2578)
    """

    def _table(self) -> Architecture:
        return lenet1()

    def _inputs(self, images: Bytes) -> Bytes:
        around = (_MARGIN, IMAGE_SIZE - REDUCED_SIZE - _MARGIN)
        return np.pad(reduce(images), ((0, 0), around, around))


class LeNet4(Net):
    """LeNet-4, with 120 hidden units that see all maps below.

    Keywords are those of `Net`.

    Notes
    -----
    The paper contradicts itself: such units alone have 48,120 parameters, and the whole net is
    said to have 17,000. A table that meets both counts, which `lenet98.network.tables.lenet4` has
    too, makes more errors on patterns held out of the training set. Source: Sec. III-C.8.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> digits = draw_digits(n_train=50, n_test=20)
    >>> net = LeNet4(passes=1).fit(digits.train_images, digits.train_labels)
    >>> net.multiply_accumulates, net.variables
    (262306, 50698)
    """

    def _table(self) -> Architecture:
        return lenet4(complete=True)


class LeNet5(Net):
    """LeNet-5.

    Parameters
    ----------
    distorted : bool
        Whether distorted patterns are presented too: nine for each original.
    passes, seed
        As in `Net`.

    Notes
    -----
    Fig. 11 has 401,000 multiplications, which is the sum of connections and parameters.
    Source: Sec. II-B, III-B.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> digits = draw_digits(n_train=50, n_test=20)
    >>> net = LeNet5(passes=1).fit(digits.train_images, digits.train_labels)
    >>> net.multiply_accumulates, net.variables
    (340908, 60000)
    """

    def __init__(self, distorted: bool = False, passes: int = 20, seed: int = 1998) -> None:
        super().__init__(passes, seed)
        self.distorted = distorted

    def _table(self) -> Architecture:
        return lenet5()

    def _recipe(self) -> TrainingConfig:
        return replace(super()._recipe(), distorted=self.distorted)

    def _layers(self) -> tuple[Layer, ...]:
        return self.network_.architecture.layers
