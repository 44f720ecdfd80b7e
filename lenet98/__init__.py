"""LeNet-5 as printed: LeCun, Bottou, Bengio and Haffner, Proc. IEEE 86(11), 1998.

What there is, and help() says more of each:

networks     LeNet5, and Network of any table, such as lenet5(), lenet4(), lenet1();
             build() makes an Architecture of Row by Row; InitialWeights
training     train(), Training, TrainingConfig
digits       load_mnist(), draw_digits(), Digits; digits_from_rows() of a table
reading      read_digit(), read_string()
errors       Lenet98Error, of which all others are

In rooms of their own: lenet98.classifiers, all others of Fig. 9; lenet98.modern, what is called
LeNet-5 today, and the blocks of such networks.

Examples
--------
>>> from lenet98 import LeNet5, draw_digits
>>> network = LeNet5.pretrained("distorted")
>>> digits = draw_digits(n_train=1, n_test=2)
>>> bool((network.classify(digits.test_images) == digits.test_labels).all())
True
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lenet98.version import VERSION

if TYPE_CHECKING:
    from lenet98.data.digits import Digits
    from lenet98.data.mnist import load_mnist
    from lenet98.data.rows import digits_from_rows
    from lenet98.data.strokes import draw_digits
    from lenet98.errors import Lenet98Error
    from lenet98.network.architecture import Architecture, Row, build
    from lenet98.network.choices import InitialWeights
    from lenet98.network.network import LeNet5, Network
    from lenet98.network.tables import lenet1, lenet4, lenet5
    from lenet98.reading.digits import read_digit
    from lenet98.reading.strings import read_string
    from lenet98.training.recipe import TrainingConfig
    from lenet98.training.training import Training, train

__version__ = VERSION

__all__ = [
    "Architecture",
    "Digits",
    "InitialWeights",
    "LeNet5",
    "Lenet98Error",
    "Network",
    "Row",
    "Training",
    "TrainingConfig",
    "build",
    "digits_from_rows",
    "draw_digits",
    "lenet1",
    "lenet4",
    "lenet5",
    "load_mnist",
    "read_digit",
    "read_string",
    "train",
]

# Imported at their first use, so that what needs no kernels starts at once.
_HOMES = {
    "data.digits": ("Digits",),
    "data.mnist": ("load_mnist",),
    "data.rows": ("digits_from_rows",),
    "data.strokes": ("draw_digits",),
    "errors": ("Lenet98Error",),
    "network.architecture": ("Architecture", "Row", "build"),
    "network.choices": ("InitialWeights",),
    "network.network": ("LeNet5", "Network"),
    "network.tables": ("lenet1", "lenet4", "lenet5"),
    "reading.digits": ("read_digit",),
    "reading.strings": ("read_string",),
    "training.recipe": ("TrainingConfig",),
    "training.training": ("Training", "train"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"lenet98.{home}"), name)
    raise AttributeError(f"module 'lenet98' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
