"""Microseconds of each layer and direction on one core: `python tests/benchmarks/stages.py`.

Each kernel runs on the layer's own records and memory, many times inside a compiled loop, so
that Python's call does not count. Steps and slopes are set so that no value runs away.
"""

import statistics
from typing import NamedTuple

import numpy as np
from multiply_adds import measure_peak, multiply_adds
from numba import njit
from timing import describe_machine, in_turn, keep_to_one_core, print_table

from lenet98 import LeNet5, kernels
from lenet98.patterns import as_patterns
from lenet98.plan import CORRELATION, SUBSAMPLING, lay_out, workspace
from lenet98.strokes import draw_digits

REPEATS = 7
CALLS = 1000
J, SCALE = 4.0, 0.5


class Stage(NamedTuple):
    """One kernel on one layer."""

    direction: str
    layer: str
    kernel: object
    arguments: tuple
    multiply_adds: int


def main():
    """Time all stages in turn, and beside them the whole step and the whole pass forward."""
    keep_to_one_core()
    print(describe_machine(("numpy", "numba")))
    digits = draw_digits(n_train=CALLS, n_test=10)
    labels = digits.train_labels.astype(np.int64)
    patterns = as_patterns(digits.train_images, 32, np.float32)
    network = LeNet5()
    stages = stages_of(network, patterns[0], labels[0])
    loops = {kernel: repeated(kernel) for kernel in {stage.kernel for stage in stages}}

    def job(stage):
        return lambda: loops[stage.kernel](CALLS, *stage.arguments)

    still = np.zeros_like(network.parameters)
    jobs = {k: job(stage) for k, stage in enumerate(stages)}
    jobs["step"] = lambda: network.descend(patterns, labels, still, loss="map", j=J, scale=SCALE)
    jobs["fprop"] = lambda: network.penalties(patterns)
    times = in_turn(jobs, REPEATS)
    microseconds = {name: 1e6 * statistics.median(own) / CALLS for name, own in times.items()}
    print_stages(stages, microseconds, measure_peak())


def repeated(kernel):
    """Return a compiled loop over calls of `kernel`."""

    @njit
    def loop(calls, *arguments):
        for _ in range(calls):
            kernel(*arguments)

    return loop


def stages_of(network, pattern, label):
    """Return every kernel call of one online training step, in order."""
    plan = lay_out(network.architecture)
    space = workspace(plan, np.float32)
    space.states[: pattern.size] = pattern.ravel()
    parameters, centres = network.parameters, network.view("OUTPUT").weights
    kernels.fprop(plan, parameters, centres, space)
    last, before = plan.layers[-1], plan.layers[-2]
    penalties = space.states[last.at : last.at + last.maps]
    names = ["input", *(layer.name for layer in network.architecture.layers)]
    forward = [0, *(multiply_adds(layer) for layer in network.architecture.layers)]
    # A factor of one: the deltas keep their size however often they are multiplied.
    factors = np.ones_like(space.slopes)
    still, target = np.zeros_like(parameters), parameters.copy()
    stages = []
    for k in range(1, len(names) - 1):
        here, below = plan.layers[k], plan.layers[k - 1]
        kernel, arguments = fprop_of(here, below, plan, parameters, space)
        stages.append(Stage("fprop", names[k], kernel, arguments, forward[k]))
        part = space.states[here.at : here.at + here.extent].copy()
        stages.append(Stage("squash", names[k], kernels.squash, (part,), 0))
    own = (last, before, centres, space)
    penalties_own = (last, before, plan, centres, space)
    stages.append(Stage("fprop", names[-1], kernels.find_penalties, penalties_own, forward[-1]))
    loss = (penalties, label, kernels.MAP, J, SCALE, space.penalty_deltas)
    stages.append(Stage("loss", names[-1], kernels.find_loss, loss, 0))
    stages.append(Stage("bprop", names[-1], kernels.seed_deltas, own, forward[-1]))
    slopes = (space.states, space.slopes.copy())
    stages.append(Stage("slopes", "all", kernels.find_slopes, slopes, 0))
    for k in range(len(names) - 2, 0, -1):
        here, below = plan.layers[k], plan.layers[k - 1]
        part = slice(here.at, here.at + here.extent)
        times_slopes = (space.deltas[part].copy(), factors[part])
        stages.append(Stage("times slopes", names[k], kernels.multiply, times_slopes, 0))
        kernel, arguments = bprop_of(here, below, plan, parameters, space, still, target)
        ways = 1 if k == 1 else 2  # the input has no use for derivatives
        stages.append(Stage("bprop", names[k], kernel, arguments, ways * forward[k]))
    return stages


def fprop_of(here, below, plan, parameters, space):
    """Return the kernel that computes a layer's weighted sums, and its arguments."""
    if here.form == CORRELATION:
        return kernels.fprop_correlation, (here, below, plan, parameters, space.states)
    if here.form == SUBSAMPLING:
        return kernels.fprop_subsampling, (here, below, plan, parameters, space.states)
    return kernels.fprop_dense, (here, below, plan, parameters, space)


def bprop_of(here, below, plan, parameters, space, steps, target):
    """Return the kernel that carries a layer's derivatives back and updates, and its arguments."""
    if here.form == CORRELATION:
        kernel = kernels.bprop_correlation
    elif here.form == SUBSAMPLING:
        kernel = kernels.bprop_subsampling
    else:
        return kernels.bprop_dense, (here, below, plan, parameters, space, steps, target)
    return kernel, (here, below, plan, parameters, space, steps, target)


def print_stages(stages, microseconds, peak):
    """Print a row a stage, then sums beside the times of the whole."""
    rows = [
        row(stage.direction, stage.layer, microseconds[k], stage.multiply_adds, peak)
        for k, stage in enumerate(stages)
    ]
    forward = [k for k, stage in enumerate(stages) if stage.direction in ("fprop", "squash")]
    of_forward = sum(stages[k].multiply_adds for k in forward)
    of_all = sum(stage.multiply_adds for stage in stages)
    sum_of_forward = sum(microseconds[k] for k in forward)
    sum_of_all = sum(microseconds[k] for k in range(len(stages)))
    rows += [
        row("sum of the stages", "forward", sum_of_forward, of_forward, peak),
        row("penalties, a pattern", "whole", microseconds["fprop"], of_forward, peak),
        row("sum of the stages", "all", sum_of_all, of_all, peak),
        row("online training step", "whole", microseconds["step"], of_all, peak),
    ]
    heads = ["", "layer", "us", "multiply-adds", "G a second", "of the peak"]
    print_table(f"Stages in order (medians of {REPEATS}; peak {peak / 1e9:.0f} G)", heads, rows)


def row(direction, layer, us, count, peak):
    """Return one row of the table as text."""
    if not count:
        return [direction, layer, f"{us:.2f}", "", "", ""]
    rate = count / us * 1e6
    return [
        direction,
        layer,
        f"{us:.2f}",
        f"{count:,}",
        f"{rate / 1e9:.1f}",
        f"{rate / peak:.0%}",
    ]


if __name__ == "__main__":
    main()
