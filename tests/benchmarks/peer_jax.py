"""The same network and the same online training step in JAX: jit, `lax.scan` over the patterns."""

import jax
import numpy as np
from dense import to_dense, to_flat
from jax import lax
from jax import numpy as jnp

from lenet98.network.kernels import A, S


class JaxPeer:
    """JAX with its own convolution.

    Tried and no faster: another order of axes; a rearranged or a strided sum for subsampling.
    """

    name = "JAX, jit and scan"
    patterns_timed = 300

    def __init__(self, network, j, scale):
        self._network = network
        centres = jnp.asarray(network.architecture.centres, jnp.float32)
        correlate = self._correlate

        def fprop(parameters, x):
            c1, c1_bias, s2, s2_bias, c3, c3_bias, s4, s4_bias, *full = parameters
            c5, c5_bias, f6, f6_bias = full
            x = squash(correlate(x[:, None], c1) + spread(c1_bias))
            x = squash(subsample(x, s2, s2_bias))
            x = squash(correlate(x, c3) + spread(c3_bias))
            x = squash(subsample(x, s4, s4_bias)).reshape(len(x), -1)
            x = squash(x @ c5.T + c5_bias)
            x = squash(x @ f6.T + f6_bias)
            return ((x[:, None] - centres) ** 2).sum(2)

        def loss(parameters, pattern, label):
            y = scale * fprop(parameters, pattern[None])[0]
            return y[label] + jax.nn.logsumexp(jnp.append(-y, -float(j)))

        def descend(parameters, rates, patterns, labels):
            def step(parameters, pattern_and_label):
                gradient = jax.grad(loss)(parameters, *pattern_and_label)
                steps = zip(parameters, rates, gradient, strict=True)
                return [p - rate * g for p, rate, g in steps], None

            return lax.scan(step, parameters, (patterns, labels))[0]

        self._fprop, self._descend = jax.jit(fprop), jax.jit(descend)

    def descend(self, patterns, labels, rates):
        """Return the parameters after one update for each pattern."""
        parameters = to_dense(self._network, self._network.parameters)
        after = self._descend(parameters, to_dense(self._network, rates), patterns, labels)
        return to_flat(self._network, [np.asarray(p) for p in after])

    def penalties(self, patterns, batch):
        """Return the penalties of all patterns, computed `batch` at a time."""
        parameters = to_dense(self._network, self._network.parameters)
        parts = np.split(patterns, range(batch, len(patterns), batch))
        return np.concatenate([self._fprop(parameters, part) for part in parts])

    def _correlate(self, x, kernels):
        return lax.conv_general_dilated(x, kernels, (1, 1), "VALID")


class JaxWindowsPeer(JaxPeer):
    """JAX with the windows of a convolution laid side by side for one matrix product.

    Few would write it so, but a convolution of one pattern then takes a third of the time.
    """

    name = "JAX, windows gathered"

    def _correlate(self, x, kernels):
        maps, _, field, _ = kernels.shape
        n, _, height, width = x.shape
        rows, columns = height - field + 1, width - field + 1
        windows = [
            x[:, :, dy : dy + rows, dx : dx + columns] for dy in range(field) for dx in range(field)
        ]
        inputs = jnp.stack(windows, 2).reshape(n, -1, rows * columns)
        sums = jnp.einsum("ok,nkp->nop", kernels.reshape(maps, -1), inputs)
        return sums.reshape(n, maps, rows, columns)


def squash(a):
    """Return the squashing function of eq. 6."""
    return A * jnp.tanh(S * a)


def spread(vector):
    """Return one value a map, in a shape that meets (patterns, maps, height, width)."""
    return vector[:, None, None]


def subsample(x, coefficient, bias):
    """Return four inputs added, times a coefficient, plus a bias."""
    four = lax.reduce_window(x, 0.0, lax.add, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
    return spread(coefficient) * four + spread(bias)
