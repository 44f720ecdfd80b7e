"""What is called LeNet-5 now, as tables: the look-alike of the tutorials, and its kin."""

from __future__ import annotations

from typing import Literal

from lenet98.errors import require
from lenet98.modern.activation import Activation
from lenet98.modern.convolution import Convolution, Full
from lenet98.modern.dropout import Dropout
from lenet98.modern.model import Model
from lenet98.modern.optimisers import Adam, RMSprop
from lenet98.modern.output import Softmax
from lenet98.modern.pooling import MaxPooling
from lenet98.modern.recipe import Recipe

CLASSES = 10


def lookalike(padding: Literal["valid", "same"] = "valid") -> Model:
    """Return the small network that tutorials call LeNet-5.

    Of LeNet-5 it has the sizes. Its C3 is complete, and max-pooling, ReLU, softmax, dropout, L2 and
    Adam stand where the paper has subsampling, the squashing function, RBF units and one rate a
    weight. Two things are ours, of which tutorials say nothing or each something else: weights
    start as He's do; and in the ninth and the tenth pass the rate falls, for where it does not,
    the last pass is as good as chance has it.

    Parameters
    ----------
    padding : {"valid", "same"}
        Of the first convolution: the images within a frame of 32x32, or as they are, 28x28, with
        zeros in place of the frame. The parameters are as many.

    Raises
    ------
    ConfigurationError
        The padding is another.

    Examples
    --------
    >>> print(lookalike())
    LeNet-5 of the tutorials
    layer            output      parameters
    input            1 @ 32x32            0
    convolution 5x5  6 @ 28x28          156
    ReLU             6 @ 28x28            0
    max-pooling 2x2  6 @ 14x14            0
    convolution 5x5  16 @ 10x10       2,416
    ReLU             16 @ 10x10           0
    max-pooling 2x2  16 @ 5x5             0
    full             120             48,120
    ReLU             120                  0
    dropout 0.5      120                  0
    full             84              10,164
    ReLU             84                   0
    dropout 0.5      84                   0
    full             10                 850
    softmax          10                   0
    61,706 parameters, 423,038 connections
    """
    require("padding", padding, padding in ("valid", "same"), "'valid' or 'same'")
    size = 32 if padding == "valid" else 28
    rows = [
        Convolution(6, field=5, padding=padding),
        Activation("relu"),
        MaxPooling(2),
        Convolution(16, field=5),
        Activation("relu"),
        MaxPooling(2),
        Full(120, l2=0.001),
        Activation("relu"),
        Dropout(0.5),
        Full(84, l2=0.001),
        Activation("relu"),
        Dropout(0.5),
        Full(CLASSES, l2=0.001),
        Softmax(),
    ]
    recipe = Recipe(Adam(rate=0.001), passes=10, batch=64, start="he", fall=(1.0,) * 8 + (0.3, 0.1))
    return Model("LeNet-5 of the tutorials", rows, size, size, recipe)


def convnet() -> Model:
    """Return the convolutional network of 3x3 kernels that textbooks begin with.

    Its rate falls in the fourth and the fifth pass, as that of `lookalike` does in its last two.

    Examples
    --------
    >>> convnet().parameters
    93322
    """
    rows = [
        Convolution(32, field=3),
        Activation("relu"),
        MaxPooling(2),
        Convolution(64, field=3),
        Activation("relu"),
        MaxPooling(2),
        Convolution(64, field=3),
        Activation("relu"),
        Full(64),
        Activation("relu"),
        Full(CLASSES),
        Softmax(),
    ]
    recipe = Recipe(RMSprop(rate=0.001), passes=5, batch=64, fall=(1.0,) * 3 + (0.3, 0.1))
    return Model("convnet of 3x3 kernels", rows, 28, 28, recipe)


def perceptron() -> Model:
    """Return a perceptron of two layers, the floor: about as many parameters, no convolution.

    Examples
    --------
    >>> perceptron().parameters
    101770
    """
    rows = [Full(128), Activation("relu"), Full(CLASSES), Softmax()]
    recipe = Recipe(Adam(rate=0.001), passes=5, batch=64)
    return Model("perceptron of two layers", rows, 28, 28, recipe)
