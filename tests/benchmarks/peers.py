"""Time this package, PyTorch and JAX in turn on one core: `python tests/benchmarks/peers.py`.

All compute the same network and, online, with the same rates, one pattern at a time. Before
anything is timed, their penalties and the parameters after a few updates are held against this
package's.
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

MODULES = {"torch": "peer_torch", "jax": "peer_jax"}
"""By the package each needs; a module lists its peers to time in `ONLINE` and in `BULK`."""


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
    online, bulk = installed_peers(network)
    if complaint := disagreement(ours, online, bulk, patterns, labels, rates):
        sys.exit(f"peers.py: not the same network: {complaint}")
    if online or bulk:
        print(
            f"Checked on {CHECKED} patterns: penalties agree within {PENALTY_TOLERANCE:g} of their "
            f"value, parameters after {CHECKED} updates within {PARAMETER_TOLERANCE:g} of the "
            "largest change."
        )
    report_online(network, [ours, *online], patterns, labels, rates)
    report_bulk(ours, bulk, patterns)
    report_own(network, images, patterns, labels, rates)


def installed_peers(network):
    """Return the peers to train online, and those to classify; say what cannot be imported."""
    online, bulk = [], []
    for package, name in MODULES.items():
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != package:
                raise
            print(f"{package} is not installed, so not timed: pip install 'lenet98[bench]'")
            continue
        kinds = dict.fromkeys(module.ONLINE + module.BULK)
        peers = {kind: kind(network, J, SCALE) for kind in kinds}
        online += [peers[kind] for kind in module.ONLINE]
        bulk += [peers[kind] for kind in module.BULK]
    return online, bulk


def disagreement(ours, online, bulk, patterns, labels, rates):
    """Return which peer is beyond the tolerances from `ours`, and in what; "" if none is."""
    few, their_labels = patterns[:CHECKED], labels[:CHECKED]
    expected = ours.penalties(few, CHECKED)
    for peer in dict.fromkeys(online + bulk):
        off = np.abs(peer.penalties(few, CHECKED) / expected - 1).max()
        if not off <= PENALTY_TOLERANCE:
            return f"penalties of {peer.name} are off by {off:.1e}"
    before = ours.descend(few[:0], their_labels[:0], rates)
    expected = ours.descend(few, their_labels, rates)
    for peer in online:
        found = peer.descend(few, their_labels, rates)
        off = np.abs(found - expected).max() / np.abs(expected - before).max()
        if not off <= PARAMETER_TOLERANCE:
            return f"updates of {peer.name} are off by {off:.1e} of the largest change"
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


def report_bulk(ours, peers, patterns):
    """Time classification, each peer at its best batch size."""

    def job(one, batch):
        return lambda: one.penalties(patterns, batch)

    batched = [
        {f"{peer.name}, batches of {batch}": job(peer, batch) for batch in BATCHES}
        for peer in peers
    ]
    jobs = {ours.name: job(ours, PATTERNS)}
    for own in batched:
        jobs |= own
    times = in_turn(jobs, REPEATS)
    best = [min(own, key=lambda name: statistics.median(times[name])) for own in batched]
    a_pattern = {name: [t / PATTERNS for t in times[name]] for name in [ours.name, *best]}
    print_comparison("Classification in bulk, each at its best batch size", a_pattern)


def print_comparison(title, a_pattern):
    """Print the times, and how many times lenet98's they are, the fastest peer first; name it."""
    ours = a_pattern[Ours.name]
    ratios = {name: median_ratio(ours, times) for name, times in a_pattern.items()}
    peers = sorted(ratios.keys() - {Ours.name}, key=ratios.get)
    rows = [
        [
            name,
            f"{1e6 * statistics.median(a_pattern[name]):.1f}",
            f"{1e6 * min(a_pattern[name]):.1f}",
            f"{ratios[name]:.1f}",
        ]
        for name in [Ours.name, *peers]
    ]
    heads = ["", "us a pattern", "least", "times lenet98's"]
    print_table(f"{title} (medians of {REPEATS})", heads, rows)
    if peers:
        print(f"Best peer: {peers[0]}; {ratios[peers[0]]:.2f} times lenet98's, median of rounds.")


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
