"""Time passes of today's systems here and in PyTorch, in turn: `python tests/benchmarks/modern.py`.

Both on all cores, or with `--one-core` both on one, by the time of the processor: that is the fair
one where other programs run. Before anything is timed, the gradients of a batch are compared.
"""

import statistics
import sys
import time

from timing import describe_machine, in_turn, keep_to_one_core, median_ratio, print_table

ONE_CORE = "--one-core" in sys.argv[1:]
if ONE_CORE:
    keep_to_one_core()

import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402

from lenet98.cores import usable_cores  # noqa: E402
from lenet98.data.strokes import draw_digits  # noqa: E402
from lenet98.modern import Convolution, Dropout, Full, convnet, lookalike  # noqa: E402
from lenet98.modern.strip import Strip  # noqa: E402
from lenet98.modern.training import Run  # noqa: E402

REPEATS, PATTERNS, BATCH = 7, 6400, 64
TOLERANCE = 1e-4
"""Of the largest gradient."""


def in_torch(model):
    """Return a model of the same table, with a softmax in its loss."""
    layers = []
    for layer in model.layers[:-1]:
        row, below = layer.row, layer.below
        if isinstance(row, Convolution):
            layers.append(nn.Conv2d(below.maps, row.maps, row.field))
        elif isinstance(row, Full):
            layers += [nn.Flatten(), nn.Linear(below.units, row.units)]
        elif isinstance(row, Dropout):
            layers.append(nn.Dropout(row.rate))
        else:
            layers.append(nn.ReLU() if str(row) == "ReLU" else nn.MaxPool2d(2))
    return nn.Sequential(*layers)


def weighted(peer):
    """Return the layers of a model in PyTorch that have weights."""
    return [layer for layer in peer if hasattr(layer, "weight")]


class Peer:
    """The same training in PyTorch."""

    def __init__(self, model, images, labels):
        self.peer = in_torch(model)
        frame = (model.height - images.shape[1]) // 2
        framed = np.pad(images, ((0, 0), (frame, frame), (frame, frame)))
        self._patterns = torch.from_numpy(framed[:, None] / np.float32(255))
        self._labels = torch.from_numpy(labels.astype(np.int64))
        self._loss = nn.CrossEntropyLoss()
        decay = [row.l2 for row in model.rows if isinstance(row, Convolution | Full)]
        groups = [
            group
            for layer, l2 in zip(weighted(self.peer), decay, strict=True)
            for group in (
                {"params": [layer.weight], "weight_decay": l2},
                {"params": [layer.bias]},
            )
        ]
        adam = type(model.recipe.optimiser).__name__ == "Adam"
        self._optimiser = torch.optim.Adam(groups) if adam else torch.optim.RMSprop(groups, 0.001)

    def run_pass(self):
        """Pass once over the patterns."""
        for batch in torch.randperm(len(self._labels)).split(BATCH):
            self._optimiser.zero_grad()
            self._loss(self.peer(self._patterns[batch]), self._labels[batch]).backward()
            self._optimiser.step()

    def gradient(self, model, parameters, many):
        """Return the gradient of the first patterns' summed loss, at those parameters, flat."""
        layers = [layer for layer in model.layers if layer.parameters]
        for layer, own in zip(layers, weighted(self.peer), strict=True):
            view = layer.view(parameters)
            own.weight.data = torch.from_numpy(view.weights.reshape(own.weight.shape).copy())
            own.bias.data = torch.from_numpy(view.biases.copy())
        self.peer.eval()
        (many * self._loss(self.peer(self._patterns[:many]), self._labels[:many])).backward()
        self.peer.train()
        parts = [
            part.grad.ravel() for own in weighted(self.peer) for part in (own.weight, own.bias)
        ]
        return torch.cat(parts).numpy()


def check(model, run, peer, digits):
    """Compare the gradients; without dropout, which draws other numbers."""
    rows = [row for row in model.rows if not isinstance(row, Dropout)]
    still = type(model)(model.name, rows, model.height, model.width)
    levels = np.linspace(0, 1, 256).astype(np.float32)
    strip = Strip(still, 32, run.parameters, levels)
    strip.present(digits.train_images, np.arange(32))
    strip.pass_back(digits.train_labels[:32].astype(np.int64))
    expected = peer.gradient(model, run.parameters, 32)
    assert np.abs(strip.gradient - expected).max() < TOLERANCE * np.abs(expected).max()


def main():
    """Check, time, print."""
    digits = draw_digits(n_train=PATTERNS, n_test=1)
    threads = 1 if ONE_CORE else usable_cores()
    torch.set_num_threads(threads)
    clock = time.process_time if ONE_CORE else time.perf_counter
    print(describe_machine(["torch", "numba", "numpy"], f"{threads} core(s)"))
    rows = []
    for model in (lookalike(), convnet()):
        run = Run(model, digits, model.recipe, 1, threads)
        peer = Peer(model, digits.train_images, digits.train_labels)
        check(model, run, peer, digits)
        times = in_turn({"ours": run.run_pass, "torch": peer.run_pass}, REPEATS, clock)
        ours, theirs = (1e3 * statistics.median(one) * BATCH / PATTERNS for one in times.values())
        ratio = 1 / median_ratio(*times.values())
        rows.append([model.name, f"{ours:.2f}", f"{theirs:.2f}", f"{ratio:.2f}"])
    print_table("milliseconds for a batch of 64", ["", "lenet98", "PyTorch", "ratio"], rows)


if __name__ == "__main__":
    main()
