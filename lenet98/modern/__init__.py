"""From 1998 to today: the blocks of today's networks, and what is called LeNet-5 now.

systems      lookalike(), convnet(), perceptron(); Model of any table; train() returns a Run
rows         Convolution, Full, MaxPooling, AveragePooling, Subsampling, Activation, Dropout;
             at the end Softmax or Rbf
recipes      Recipe; SGD, RMSprop, Adam, OneRateAWeight
arrays       correlate(), max_pool(), average_pool(), relu(), sigmoid(), tanh(), squash()

Today's words are right here: batch, learning rate, softmax; an epoch is a pass.
"""

from lenet98.modern.activation import Activation
from lenet98.modern.convolution import Convolution, Full
from lenet98.modern.dropout import Dropout
from lenet98.modern.model import Model
from lenet98.modern.optimisers import SGD, Adam, OneRateAWeight, RMSprop
from lenet98.modern.output import Rbf, Softmax
from lenet98.modern.plain import average_pool, correlate, max_pool, relu, sigmoid, squash, tanh
from lenet98.modern.pooling import AveragePooling, MaxPooling, Subsampling
from lenet98.modern.recipe import Recipe
from lenet98.modern.systems import convnet, lookalike, perceptron
from lenet98.modern.training import Run, train

__all__ = [
    "SGD",
    "Activation",
    "Adam",
    "AveragePooling",
    "Convolution",
    "Dropout",
    "Full",
    "MaxPooling",
    "Model",
    "OneRateAWeight",
    "RMSprop",
    "Rbf",
    "Recipe",
    "Run",
    "Softmax",
    "Subsampling",
    "average_pool",
    "convnet",
    "correlate",
    "lookalike",
    "max_pool",
    "perceptron",
    "relu",
    "sigmoid",
    "squash",
    "tanh",
    "train",
]
