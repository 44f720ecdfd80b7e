"""The flat parameters as the arrays that a framework multiplies with, and back.

C3 becomes dense, (16, 6, 5, 5): where Table I has no connection both weight and rate are 0, so
that the weight stays 0. That is the same network, and one dense convolution takes a framework
less time than 60 kernels do.
"""

import numpy as np


def to_dense(network, vector):
    """Return weights and bias of every trainable layer in turn; C5's weights as a matrix."""
    arrays = []
    for layer in network.architecture.layers[:-1]:
        weights, bias = network.view(layer.name, of=vector)
        if layer.kind == "convolution":
            sources, targets = np.array(layer.pairs).T
            dense = np.zeros(_dense_shape(layer), weights.dtype)
            dense[targets, sources] = weights
            weights = dense.reshape(layer.maps, -1) if layer.height == 1 else dense
        arrays += [weights.copy(), bias.copy()]
    return arrays


def to_flat(network, arrays):
    """Return the flat vector whose `to_dense` is `arrays`."""
    vector = np.empty_like(network.parameters)
    layers = network.architecture.layers[:-1]
    for layer, weights, bias in zip(layers, arrays[::2], arrays[1::2], strict=True):
        views = network.view(layer.name, of=vector)
        if layer.kind == "convolution":
            sources, targets = np.array(layer.pairs).T
            weights = np.reshape(weights, _dense_shape(layer))[targets, sources]
        views.weights[:], views.bias[:] = weights, bias
    return vector


def _dense_shape(layer):
    return (layer.maps, layer.maps_below, layer.field, layer.field)
