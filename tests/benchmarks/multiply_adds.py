"""Multiply-adds: how many a layer takes, and how many a second one core reaches."""

import numpy as np
from numba import njit
from timing import seconds

VALUES = 1024
ROUNDS = 16
CHAINS = 8
CALLS = 2000


# "reassoc" would let the compiler fold the chains into fewer operations.
@njit(fastmath={"contract"})
def multiply_add(x, out, calls):
    """Run eight independent chains of multiply-adds on each value, all in registers."""
    for _ in range(calls):
        for i in range(x.size):
            v = x[i]
            a, b, c, d, e, f, g, h = v, v + v, v * v, -v, out[i], out[i] + v, out[i] * v, -out[i]
            for _ in range(ROUNDS):
                a, b, c, d = a * v + v, b * v + v, c * v + v, d * v + v
                e, f, g, h = e * v + v, f * v + v, g * v + v, h * v + v
            out[i] = ((a + b) + (c + d)) + ((e + f) + (g + h))


def measure_peak():
    """Return the multiply-adds a second of float32 on this core."""
    x = np.full(VALUES, 1e-3, np.float32)
    out = np.zeros(VALUES, np.float32)
    multiply_add(x, out, 1)
    least = min(seconds(lambda: multiply_add(x, out, CALLS)) for _ in range(7))
    return CALLS * VALUES * ROUNDS * CHAINS / least


def multiply_adds(layer):
    """Count the connections of a layer but for its biases."""
    return layer.connections - layer.biases * layer.height * layer.width


def step_multiply_adds(architecture):
    """Count a step's: forward, to the weights but for the fixed centres, to the states but C1's."""
    counts = [multiply_adds(layer) for layer in architecture.layers]
    return 3 * sum(counts) - counts[-1] - counts[0]
