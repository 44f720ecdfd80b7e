"""Time this package, PyTorch and JAX in turn on one core: `python tests/benchmarks/peers.py`.

All compute the same network, with the same rates, one pattern at a time; before anything is
timed, their penalties and the parameters after a few updates are held against this package's.
"""

import importlib
import statistics
import sys

import numpy as np
from multiply_adds import measure_peak, step_multiply_adds
from timing import describe_machine, in_turn, keep_to_one_core, median_ratio, print_table

from lenet98 import LeNet5
from lenet98.data.distortions import distort, draw_affine_maps
from lenet98.data.patterns import as_patterns, grey_levels
from lenet98.data.strokes import draw_digits

REPEATS = 5
LOSS, J, SCALE = "map", 4.0, 0.5
RATE = 1e-3
PATTERNS, CHECKED = 1000, 20
BATCHES = (20, 100, 500)
PENALTY_TOLERANCE = 1e-5
PARAMETER_TOLERANCE = 1e-4
"""The first relative to the penalty, the second to the largest change of a parameter."""

PEERS = (
    ("torch", "peer_torch", "TorchPeer"),
    ("torch", "peer_torch", "CompiledTorchPeer"),
    ("jax", "peer_jax", "JaxPeer"),
    ("jax", "peer_jax", "JaxWindowsPeer"),
)


class Ours:
    """This package, asked in the way the peers are."""

    name = "lenet98"
    patterns_timed = PATTERNS

    def __init__(self, network):
        self._network = network
        self._start = network.parameters.copy()

    def descend(self, patterns, labels, rates):
        """Return the parameters after one update for each pattern; begin from the same ones."""
        self._network.descend(patterns, labels, rates, loss=LOSS, j=J, scale=SCALE)
        after = self._network.parameters.copy()
        self._network.parameters[:] = self._start
        return after

    def penalties(self, patterns, batch):
        """Return the penalties of all patterns; this package has no batches."""
        return self._network.penalties(patterns)


def main():
    """Check the peers, time all, print the tables."""
    keep_to_one_core()
    digits = draw_digits(n_train=PATTERNS, n_test=10)
    images, labels = digits.train_images, digits.train_labels.astype(np.int64)
    patterns = as_patterns(images, 32, np.float32)
    network = LeNet5()
    rates = np.full_like(network.parameters, RATE)
    print(describe_machine(("numpy", "numba", "torch", "jax")))
    ours = Ours(network)
    everyone = [ours]
    for peer in installed_peers(network):
        if complaint := disagreement(ours, peer, patterns, labels, rates):
            sys.exit(f"peers.py: {peer.name} does not compute the same: {complaint}")
        everyone.append(peer)
    if everyone[1:]:
        print(
            f"Checked on {CHECKED} patterns: penalties agree within {PENALTY_TOLERANCE:g} of their "
            f"value, parameters after {CHECKED} updates within {PARAMETER_TOLERANCE:g} of the "
            "largest change."
        )
    report_online(network, everyone, patterns, labels, rates)
    report_bulk(everyone, patterns)
    report_own(network, images, patterns, labels, rates)


def installed_peers(network):
    """Return a peer for each that can be imported; say which cannot."""
    peers, missing = [], set()
    for package, module, name in PEERS:
        try:
            peer = getattr(importlib.import_module(module), name)
        except ModuleNotFoundError as error:
            if error.name != package:
                raise
            missing.add(package)
            continue
        peers.append(peer(network, J, SCALE))
    for package in sorted(missing):
        print(f"{package} is not installed, so not timed: pip install 'lenet98[bench]'")
    return peers


def disagreement(ours, peer, patterns, labels, rates):
    """Return in what `peer` differs from `ours` beyond the tolerances; "" where it does not."""
    few, their_labels = patterns[:CHECKED], labels[:CHECKED]
    expected, found = ours.penalties(few, CHECKED), peer.penalties(few, CHECKED)
    off = np.abs(found / expected - 1).max()
    if not off <= PENALTY_TOLERANCE:
        return f"penalties are off by {off:.1e}"
    before = ours.descend(few[:0], their_labels[:0], rates)
    expected = ours.descend(few, their_labels, rates)
    found = peer.descend(few, their_labels, rates)
    off = np.abs(found - expected).max() / np.abs(expected - before).max()
    if not off <= PARAMETER_TOLERANCE:
        return f"parameters after {CHECKED} updates are off by {off:.1e} of the largest change"
    return ""


def report_online(network, everyone, patterns, labels, rates):
    """Time the online training step."""

    def job(one):
        n = one.patterns_timed
        return lambda: one.descend(patterns[:n], labels[:n], rates)

    times = in_turn({one.name: job(one) for one in everyone}, REPEATS)
    a_pattern = {one.name: [t / one.patterns_timed for t in times[one.name]] for one in everyone}
    print_comparison("Online training, one pattern and one update at a time", a_pattern)
    multiply_adds = step_multiply_adds(network.architecture)
    rate = multiply_adds / statistics.median(a_pattern[Ours.name])
    peak = measure_peak()
    print(
        f"lenet98: {multiply_adds:,} multiply-adds a step, {rate / 1e9:.1f} G a second, "
        f"{rate / peak:.0%} of this core's measured peak of {peak / 1e9:.0f} G (float32)"
    )


def report_bulk(everyone, patterns):
    """Time classification, each at its best batch size."""
    jobs = {
        (one.name, batch): lambda one=one, batch=batch: one.penalties(patterns, batch)
        for one in everyone
        for batch in (BATCHES if one is not everyone[0] else (PATTERNS,))
    }
    times = in_turn(jobs, REPEATS)
    best = {}
    for one in everyone:
        own = {key: statistics.median(times[key]) for key in jobs if key[0] == one.name}
        name, batch = min(own, key=own.get)
        label = name if one is everyone[0] else f"{name}, batches of {batch}"
        best[label] = [t / len(patterns) for t in times[name, batch]]
    print_comparison("Classification in bulk, each at its best batch size", best)


def print_comparison(title, a_pattern):
    """Print median times, least times, and how many times longer than the first each takes."""
    ours = next(iter(a_pattern.values()))
    rows = [
        [
            name,
            f"{1e6 * statistics.median(times):.1f}",
            f"{1e6 * min(times):.1f}",
            f"{median_ratio(ours, times):.1f}",
        ]
        for name, times in a_pattern.items()
    ]
    heads = ["", "us a pattern", "least", "times lenet98's"]
    print_table(f"{title} (medians of {REPEATS})", heads, rows)


def report_own(network, images, patterns, labels, rates):
    """Time what the peers have no counterpart of: curvature, and the preparation of input."""
    ours = Ours(network)
    rng = np.random.default_rng(1998)
    jobs = {
        "online training step": lambda: ours.descend(patterns, labels, rates),
        "curvature": lambda: network.curvature(patterns),
        "frame and grey levels": lambda: as_patterns(images, 32, np.float32),
        "distortion, frame and grey levels": lambda: grey_levels(
            distort(images, draw_affine_maps(len(images), rng))
        ),
    }
    times = in_turn(jobs, REPEATS)
    rows = [
        [
            name,
            f"{1e6 * statistics.median(own) / PATTERNS:.1f}",
            f"{median_ratio(times['online training step'], own):.2f}",
        ]
        for name, own in times.items()
    ]
    heads = ["", "us a pattern", "of a step"]
    print_table(f"This package's other work (medians of {REPEATS})", heads, rows)


if __name__ == "__main__":
    main()
