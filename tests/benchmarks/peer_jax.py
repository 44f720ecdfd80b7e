"""The same network and the same online training step in JAX: jit, `lax.scan` over the patterns."""

import jax
import numpy as np
from dense import to_dense, to_flat
from jax import lax
from jax import numpy as jnp

from lenet98.network.kernels import A, S


class JaxPeer:
    """JAX with its own convolution.

    All is written for one pattern and mapped over many in bulk: an axis of one pattern would make
    the matrix products of `JaxWindowsPeer` batched ones, and its step half as long again. Tried
    and no faster: another order of axes; `lax.reduce_window` or a rearranged sum for subsampling.
    """

    name = "JAX, jit and scan"
    patterns_timed = 300

    def __init__(self, network, j, scale):
        self._network, self._scale = network, scale
        self._centres = jnp.asarray(network.architecture.centres, jnp.float32)
        self._rubbish = jnp.array([-float(j)])
        self._scan = jax.jit(self._updates)
        self._side_by_side = jax.jit(jax.vmap(self._fprop, (None, 0)))

    def descend(self, patterns, labels, rates):
        """Return the parameters after one update for each pattern."""
        parameters = to_dense(self._network, self._network.parameters)
        after = self._scan(parameters, to_dense(self._network, rates), patterns, labels)
        return to_flat(self._network, [np.asarray(p) for p in after])

    def penalties(self, patterns, batch):
        """Return the penalties of all patterns, computed `batch` at a time."""
        parameters = to_dense(self._network, self._network.parameters)
        parts = np.split(patterns, range(batch, len(patterns), batch))
        return np.concatenate([self._side_by_side(parameters, part) for part in parts])

    def _updates(self, parameters, rates, patterns, labels):
        def step(parameters, pattern_and_label):
            gradient = self._gradient(parameters, *pattern_and_label)
            steps = zip(parameters, rates, gradient, strict=True)
            return [p - rate * g for p, rate, g in steps], None

        # Unrolled by two a step takes some hundredths less time, and by four no less than by two.
        return lax.scan(step, parameters, (patterns, labels), unroll=2)[0]

    def _gradient(self, parameters, pattern, label):
        return jax.grad(self._loss)(parameters, pattern, label)

    def _loss(self, parameters, pattern, label):
        y = self._scale * self._fprop(parameters, pattern)
        return y[label] + jax.nn.logsumexp(jnp.append(-y, self._rubbish))

    def _fprop(self, parameters, pattern):
        *_, x6 = self._states(parameters, pattern)
        return ((x6 - self._centres) ** 2).sum(1)

    def _states(self, parameters, pattern):
        c1, c1_bias, s2, s2_bias, c3, c3_bias, s4, s4_bias, c5, c5_bias, f6, f6_bias = parameters
        x1 = squash(self._correlate(pattern[None], c1) + spread(c1_bias))
        x2 = squash(spread(s2) * add_fours(x1) + spread(s2_bias))
        x3 = squash(self._correlate(x2, c3) + spread(c3_bias))
        x4 = squash(spread(s4) * add_fours(x3) + spread(s4_bias))
        x5 = squash(c5 @ x4.ravel() + c5_bias)
        x6 = squash(f6 @ x5 + f6_bias)
        return x1, x2, x3, x4, x5, x6

    def _correlate(self, x, kernels):
        return lax.conv_general_dilated(x[None], kernels, (1, 1), "VALID")[0]


class JaxWindowsPeer(JaxPeer):
    """JAX with the windows of a convolution laid side by side for one matrix product.

    Few would write it so, but a step then takes less than a third of the time.
    """

    name = "JAX, windows gathered"

    def _correlate(self, x, kernels):
        maps, _, field, _ = kernels.shape
        sums = kernels.reshape(maps, -1) @ gather_windows(x, field)
        return sums.reshape(maps, *sizes_above(x, field))


class JaxByHandPeer(JaxWindowsPeer):
    """JAX with the gradient written out, which spares it what `jax.grad` makes of the gathering.

    In bulk it is `JaxWindowsPeer`.
    """

    name = "JAX, windows gathered, gradient by hand"

    def _gradient(self, parameters, pattern, label):
        _, _, s2, _, c3, _, s4, _, c5, _, f6, _ = parameters
        x1, x2, x3, x4, x5, x6 = self._states(parameters, pattern)
        deltas6 = self._deltas(x6, label) * slope(x6)
        deltas5 = deltas6 @ f6 * slope(x5)
        deltas4 = (deltas5 @ c5).reshape(x4.shape) * slope(x4)
        deltas3 = repeat_in_fours(spread(s4) * deltas4) * slope(x3)
        deltas2 = correlate_back(deltas3, c3) * slope(x2)
        deltas1 = repeat_in_fours(spread(s2) * deltas2) * slope(x1)
        return [
            *convolution_gradient(deltas1, pattern[None]),
            *subsampling_gradient(deltas2, x1),
            *convolution_gradient(deltas3, x2),
            *subsampling_gradient(deltas4, x3),
            *full_gradient(deltas5, x4),
            *full_gradient(deltas6, x5),
        ]

    def _deltas(self, x6, label):
        from_centres = x6 - self._centres
        y = self._scale * (from_centres**2).sum(1)
        posterior = jax.nn.softmax(jnp.append(-y, self._rubbish))[:-1]
        return 2 * self._scale * (jax.nn.one_hot(label, len(y)) - posterior) @ from_centres


def squash(a):
    """Return the squashing function of eq. 6."""
    return A * jnp.tanh(S * a)


def slope(x):
    """Return the slope of the squashing function where its value is `x`."""
    return S / A * (A * A - x * x)


def spread(vector):
    """Return one value a map, in a shape that meets (maps, height, width)."""
    return vector[:, None, None]


def add_fours(x):
    """Return the four inputs of each subsampling unit added."""
    rows = x[:, ::2] + x[:, 1::2]
    return rows[:, :, ::2] + rows[:, :, 1::2]


def repeat_in_fours(deltas):
    """Return what each subsampling unit hands to its four inputs."""
    return jnp.repeat(jnp.repeat(deltas, 2, 1), 2, 2)


def sizes_above(x, field):
    """Return height and width of the maps that a convolution makes of `x`."""
    return [size - field + 1 for size in x.shape[1:]]


def gather_windows(x, field):
    """Return a matrix of one column a window: maps below, kernel rows, kernel columns."""
    rows, columns = sizes_above(x, field)
    taps = [x[:, dy : dy + rows, dx : dx + columns] for dy in range(field) for dx in range(field)]
    return jnp.stack(taps, 1).reshape(-1, rows * columns)


def correlate_back(deltas, kernels):
    """Return the deltas of the maps below: those of all windows, added where windows overlap."""
    maps, below, field, _ = kernels.shape
    windows = kernels.reshape(maps, -1).T @ deltas.reshape(maps, -1)
    windows = windows.reshape(below, field, field, *deltas.shape[1:])
    return add_staggered(add_staggered(windows))


def add_staggered(x):
    """Return the sum over axis 1, its member k moved by k places along the axis after the next."""
    last, others = x.shape[1] - 1, [(0, 0)] * (x.ndim - 4)
    return sum(jnp.pad(x[:, k], [(0, 0), (0, 0), (k, last - k), *others]) for k in range(last + 1))


def convolution_gradient(deltas, x):
    """Return the gradient of the kernels of all pairs of maps, and of the biases."""
    maps, rows, _ = deltas.shape
    field = x.shape[1] - rows + 1
    kernels = deltas.reshape(maps, -1) @ gather_windows(x, field).T
    return kernels.reshape(maps, -1, field, field), deltas.sum((1, 2))


def subsampling_gradient(deltas, x):
    """Return the gradient of the coefficients and of the biases."""
    return (deltas * add_fours(x)).sum((1, 2)), deltas.sum((1, 2))


def full_gradient(deltas, x):
    """Return the gradient of the weights and of the biases."""
    return jnp.outer(deltas, x), deltas


ONLINE = (JaxPeer, JaxWindowsPeer, JaxByHandPeer)
BULK = (JaxPeer, JaxWindowsPeer)
