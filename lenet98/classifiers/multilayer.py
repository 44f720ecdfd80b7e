"""Linear and fully connected multilayer nets (Sec. III-C.1, III-C.5, III-C.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lenet98.classifiers.nets import Net
from lenet98.data.deslanting import deslant
from lenet98.data.digits import Bytes
from lenet98.data.normalisation import BOX_SIZE
from lenet98.data.sizes import IMAGE_SIZE
from lenet98.errors import require, require_whole
from lenet98.network.architecture import Architecture
from lenet98.network.tables import multilayer
from lenet98.training.recipe import TrainingConfig


class _OfPixels(Net):
    """A net that sees all pixels of a regular image, or of a deslanted one."""

    deslanted: bool

    def _inputs(self, images: Bytes) -> Bytes:
        return deslant(images) if self.deslanted else images

    def _hidden(self) -> Sequence[int]:
        """Return the units of each hidden layer."""
        return ()

    def _table(self) -> Architecture:
        return multilayer(*self._hidden(), size=BOX_SIZE if self.deslanted else IMAGE_SIZE)


class Linear(_OfPixels):
    """Ten squashed units on the pixels, and the greatest wins.

    Parameters
    ----------
    deslanted : bool
        Whether images are deslanted, and of 20x20 pixels.
    passes, seed
        As in `Net`.

    Notes
    -----
    The paper does not say which loss; eq. 8 has its errors, and eq. 9 some two percent points
    less. Source: Sec. III-C.1.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> digits = draw_digits(n_train=50, n_test=20)
    >>> linear = Linear(passes=3).fit(digits.train_images, digits.train_labels)
    >>> linear.variables
    7850
    """

    def __init__(self, deslanted: bool = False, passes: int = 20, seed: int = 1998) -> None:
        super().__init__(passes, seed)
        self.deslanted = deslanted

    def _recipe(self) -> TrainingConfig:
        return replace(super()._recipe(), loss="mse")


class Multilayer(_OfPixels):
    """A fully connected net with hidden layers, such as 28x28-300-10.

    Parameters
    ----------
    hidden : sequence of int
        Units of each hidden layer, from the input up.
    deslanted : bool
        Whether images are deslanted, and of 20x20 pixels.
    distorted : bool
        Whether distorted patterns are presented too: nine for each original. Of regular images.
    passes, seed
        As in `Net`.

    Notes
    -----
    Source: Sec. III-C.5 and III-C.6.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> digits = draw_digits(n_train=50, n_test=20)
    >>> net = Multilayer(hidden=(30,), deslanted=True, passes=3)
    >>> net.fit(digits.train_images, digits.train_labels).network_.architecture.name
    '20x20-30-10'
    """

    def __init__(
        self,
        hidden: Sequence[int] = (300,),
        deslanted: bool = False,
        distorted: bool = False,
        passes: int = 20,
        seed: int = 1998,
    ) -> None:
        super().__init__(passes, seed)
        self.hidden = hidden
        self.deslanted = deslanted
        self.distorted = distorted

    def _check(self) -> None:
        super()._check()
        some = isinstance(self.hidden, Sequence) and len(self.hidden) > 0
        require("hidden", self.hidden, some, "units of one hidden layer or more, such as (300,)")
        for units in self.hidden:
            require_whole("hidden", units, 1)
        alone = not (self.deslanted and self.distorted)
        require("distorted", self.distorted, alone, "False where deslanted is True")

    def _hidden(self) -> Sequence[int]:
        return self.hidden

    def _recipe(self) -> TrainingConfig:
        return replace(super()._recipe(), distorted=self.distorted)
