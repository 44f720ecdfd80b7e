"""The same network and the same online training step in PyTorch, eager and compiled."""

import logging

import numpy as np
import torch
from dense import to_dense, to_flat
from torch.nn import functional

from lenet98.network.kernels import A, S


class TorchClassifier:
    """What the peers share: one thread, and the penalties; `_fprop` is each one's own."""

    def __init__(self, network, j, scale):
        torch.set_num_threads(1)
        self._network, self._scale = network, scale
        self._centres = torch.tensor(network.architecture.centres, dtype=torch.float32)
        self._rubbish = torch.tensor([-float(j)])

    @torch.no_grad()
    def penalties(self, patterns, batch):
        """Return the penalties of all patterns, computed `batch` at a time."""
        parameters = self._tensors(self._network.parameters)
        parts = torch.from_numpy(patterns).split(batch)
        return np.concatenate([self._fprop(parameters, part).numpy() for part in parts])

    def _tensors(self, vector):
        return [torch.from_numpy(array) for array in to_dense(self._network, vector)]

    def _penalties(self, f6):
        return ((f6[:, None] - self._centres) ** 2).sum(2)


class TorchPeer(TorchClassifier):
    """PyTorch, one thread, eager.

    Tried and slower: windows gathered by `unfold` for one matrix product; a rearranged sum in
    place of the pooling.
    """

    name = "PyTorch, eager"
    patterns_timed = 100

    def descend(self, patterns, labels, rates):
        """Return the parameters after one update for each pattern."""
        parameters, rates = self._tensors(self._network.parameters), self._tensors(rates)
        labels = torch.from_numpy(labels)[:, None]
        for pattern, label in zip(torch.from_numpy(patterns), labels, strict=True):
            parameters = self._step(parameters, rates, pattern, label)
        return to_flat(self._network, [p.detach().numpy() for p in parameters])

    def _step(self, parameters, rates, pattern, label):
        leaves = [p.requires_grad_() for p in parameters]
        gradient = torch.autograd.grad(self._loss(leaves, pattern, label), leaves)
        with torch.no_grad():
            torch._foreach_addcmul_(leaves, gradient, rates, value=-1.0)
        return leaves

    def _loss(self, parameters, pattern, label):
        y = self._scale * self._fprop(parameters, pattern[None])[0]
        total = torch.logsumexp(torch.cat((-y, self._rubbish)), 0)
        return y.index_select(0, label)[0] + total

    def _fprop(self, parameters, x):
        c1, c1_bias, s2, s2_bias, c3, c3_bias, s4, s4_bias, c5, c5_bias, f6, f6_bias = parameters
        x = squash(functional.conv2d(x[:, None], c1, c1_bias))
        x = squash(subsample(x, s2, s2_bias))
        x = squash(functional.conv2d(x, c3, c3_bias))
        x = squash(subsample(x, s4, s4_bias)).flatten(1)
        x = squash(functional.linear(x, c5, c5_bias))
        x = squash(functional.linear(x, f6, f6_bias))
        return self._penalties(x)


class CompiledTorchPeer(TorchPeer):
    """PyTorch, one thread, with the whole step and the pass forward through `torch.compile`."""

    name = "PyTorch, torch.compile"

    def __init__(self, network, j, scale):
        super().__init__(network, j, scale)
        logging.getLogger("torch._inductor").setLevel(logging.ERROR)
        self._step = torch.no_grad()(torch.compile(self._whole_step, dynamic=False))
        self._fprop = torch.compile(self._fprop, dynamic=False)

    def _whole_step(self, parameters, rates, pattern, label):
        gradient = torch.func.grad(self._loss)(parameters, pattern, label)
        return [p - rate * g for p, rate, g in zip(parameters, rates, gradient, strict=True)]


class FoldedTorchPeer(TorchClassifier):
    """PyTorch, one thread, eager, with A and S in the weights and subsampling as a convolution.

    Weights prepared so are not the ones that a rate belongs to: it only classifies. Tried and no
    faster: tanh in place; |x|^2 - 2 x c + |c|^2 for the penalties; `torch.inference_mode`.
    """

    name = "PyTorch, constants folded, strided"

    def _tensors(self, vector):
        c1, c1_bias, s2, s2_bias, c3, c3_bias, s4, s4_bias, *full = super()._tensors(vector)
        c5, c5_bias, f6, f6_bias = full
        weights = A * four_of_each(s2), A * c3, A * four_of_each(s4), A * c5, A * f6
        biases = c1_bias, s2_bias, c3_bias, s4_bias, c5_bias, f6_bias
        return [S * tensor for pair in zip((c1, *weights), biases, strict=True) for tensor in pair]

    def _fprop(self, parameters, x):
        c1, c1_bias, s2, s2_bias, c3, c3_bias, s4, s4_bias, c5, c5_bias, f6, f6_bias = parameters
        x = torch.tanh(functional.conv2d(x[:, None], c1, c1_bias))
        x = torch.tanh(functional.conv2d(x, s2, s2_bias, stride=2, groups=len(s2)))
        x = torch.tanh(functional.conv2d(x, c3, c3_bias))
        x = torch.tanh(functional.conv2d(x, s4, s4_bias, stride=2, groups=len(s4))).flatten(1)
        x = torch.tanh(functional.linear(x, c5, c5_bias))
        x = A * torch.tanh(functional.linear(x, f6, f6_bias))
        return self._penalties(x)


def squash(a):
    """Return the squashing function of eq. 6."""
    return A * torch.tanh(S * a)


def subsample(x, coefficient, bias):
    """Return four inputs added, times a coefficient, plus a bias."""
    four = functional.avg_pool2d(x, 2, divisor_override=1)
    return four * coefficient[:, None, None] + bias[:, None, None]


def four_of_each(coefficient):
    """Return subsampling's coefficients as kernels, one map each."""
    return coefficient[:, None, None, None].expand(-1, 1, 2, 2)


ONLINE = (TorchPeer, CompiledTorchPeer)
BULK = (TorchPeer, CompiledTorchPeer, FoldedTorchPeer)
