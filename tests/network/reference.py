"""LeNet-5 written out slowly and obviously in NumPy: what the kernels are held against.

It shares the layer table with the package, and none of its arithmetic. Every connection is
written as the paper counts it, so that counting terms counts connections.
"""

import numpy as np

A, S = 1.7159, 2 / 3


def squashing_function(a):
    return A * np.tanh(S * a)


def slope(a):
    return A * S / np.cosh(S * a) ** 2


def fprop(network, pattern):
    """Return the weighted sums and the states of every layer, and the connections counted."""
    sums, states, terms = {}, {"input": pattern[None]}, {}
    below = states["input"]
    for layer in network.architecture.layers[:-1]:
        weights, bias = network.view(layer.name)
        a = np.zeros((layer.maps, layer.height, layer.width))
        count = 0
        for m, y, x in np.ndindex(a.shape):
            total, uses = unit_sum(layer, weights, below, m, y, x)
            a[m, y, x] = total + bias[m]
            count += uses + 1
        sums[layer.name], terms[layer.name] = a, count
        below = states[layer.name] = squashing_function(a)
    output = network.architecture.layers[-1]
    centres = network.architecture.centres
    columns = below.shape[2]
    states[output.name] = np.zeros((output.maps, columns))
    terms[output.name] = 0
    for i, column in np.ndindex(output.maps, columns):
        for x, w in zip(below[:, 0, column], centres[i], strict=True):
            states[output.name][i, column] += (x - w) ** 2
            terms[output.name] += 1
    return sums, states, terms


def unit_sum(layer, weights, below, m, y, x):
    """Return the weighted sum of one unit without its bias, and the weights it used."""
    field = layer.field
    if layer.kind == "subsampling":
        source = [s for s, target in layer.pairs if target == m]
        inputs = below[source, field * y : field * (y + 1), field * x : field * (x + 1)]
        return weights[m] * inputs.sum(), inputs.size
    if layer.kind == "full":
        window = below[:, y : y + field, x : x + field].ravel()
        return weights[m] @ window, window.size
    total, uses = 0.0, 0
    for kernel, (source, target) in zip(weights, layer.pairs, strict=True):
        if target == m:
            window = below[source, y : y + field, x : x + field]
            total += (kernel * window).sum()
            uses += window.size
    return total, uses


def curvature(network, pattern, scale, four_connections):
    """Return h_kk of one pattern, connection by connection (App. C, eq. 23 to 27).

    A subsampling unit has four connections, or one to the sum of four.
    """
    sums, states, _ = fprop(network, pattern)
    h = np.zeros(network.architecture.trainable)
    layers = network.architecture.layers
    below_output = layers[-2]
    state_h = np.full(sums[below_output.name].shape, 2.0 * scale)
    for index in range(len(layers) - 2, -1, -1):
        layer = layers[index]
        x = states[layers[index - 1].name] if index else states["input"]
        weights, _ = network.view(layer.name)
        weights_h, bias_h = network.view(layer.name, of=h)
        sum_h = slope(sums[layer.name]) ** 2 * state_h  # eq. 27
        state_h = np.zeros(x.shape)
        field = layer.field
        for m, row, column in np.ndindex(sum_h.shape):
            d = sum_h[m, row, column]
            bias_h[m] += d
            if layer.kind == "subsampling" and not four_connections:
                weights_h[m] += d * unit_sum(layer, np.ones(layer.maps), x, m, row, column)[0] ** 2
            for k, (source, target) in enumerate(layer.pairs):
                if target != m:
                    continue
                step = field if layer.kind == "subsampling" else 1
                for dy, dx in np.ndindex(field, field):
                    at = (source, step * row + dy, step * column + dx)
                    if layer.kind == "subsampling":
                        where = (m,)
                    elif layer.kind == "full":
                        where = (m, source * field * field + dy * field + dx)
                    else:
                        where = (k, dy, dx)
                    if layer.kind != "subsampling" or four_connections:
                        weights_h[where] += d * x[at] ** 2  # eq. 23 and 25
                    state_h[at] += weights[where] ** 2 * d  # eq. 27
    return h


def loss(penalties, label, kind, j, scale):
    """Eq. 8 or eq. 9, of one pattern, as printed."""
    y = scale * penalties
    if kind == "mse":
        return y[label]
    return y[label] + np.log(np.exp(-j) + np.exp(-y).sum())
