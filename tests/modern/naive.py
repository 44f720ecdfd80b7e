"""The blocks as plain loops, a value at a time."""

from itertools import product

import numpy as np


def padded(maps, before, after):
    return np.pad(maps, ((0, 0), (before, after), (before, after)))


def places(height, width, side, stride):
    rows, columns = (height - side) // stride + 1, (width - side) // stride + 1
    return np.zeros((rows, columns)), product(range(rows), range(columns))


def correlate(maps, kernels, stride=1, zeros=(0, 0)):
    maps = padded(maps, *zeros)
    out = []
    for kernel in kernels:
        one, where = places(*maps.shape[1:], kernel.shape[-1], stride)
        for row, column in where:
            for m, i, j in np.ndindex(kernel.shape):
                one[row, column] += kernel[m, i, j] * maps[m, row * stride + i, column * stride + j]
        out.append(one)
    return np.array(out)


def pool(maps, size, stride, of_window):
    out = []
    for map_ in maps:
        one, where = places(*map_.shape, size, stride)
        for row, column in where:
            top, left = row * stride, column * stride
            one[row, column] = of_window(map_[top : top + size, left : left + size])
        out.append(one)
    return np.array(out)
