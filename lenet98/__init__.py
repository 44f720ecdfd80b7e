"""LeNet-5 as printed: LeCun, Bottou, Bengio and Haffner, Proc. IEEE 86(11), 1998.

Every public name is imported at its first use, so that what needs no kernels starts at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lenet98.architecture import Architecture, build, lenet1, lenet4, lenet5
    from lenet98.configuration import InitialWeights, TrainingConfig
    from lenet98.digits import Digits
    from lenet98.errors import Lenet98Error
    from lenet98.mnist import load_mnist
    from lenet98.network import LeNet5, Network
    from lenet98.strokes import draw_digits
    from lenet98.training import Training, train

__version__ = "0.1.0"

__all__ = [
    "Architecture",
    "Digits",
    "InitialWeights",
    "LeNet5",
    "Lenet98Error",
    "Network",
    "Training",
    "TrainingConfig",
    "build",
    "draw_digits",
    "lenet1",
    "lenet4",
    "lenet5",
    "load_mnist",
    "train",
]

_HOMES = {
    "architecture": ("Architecture", "build", "lenet1", "lenet4", "lenet5"),
    "configuration": ("InitialWeights", "TrainingConfig"),
    "digits": ("Digits",),
    "errors": ("Lenet98Error",),
    "mnist": ("load_mnist",),
    "network": ("LeNet5", "Network"),
    "strokes": ("draw_digits",),
    "training": ("Training", "train"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"lenet98.{home}"), name)
    raise AttributeError(f"module 'lenet98' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
