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

from lenet98 import LeNet5
from lenet98.data.patterns import as_patterns
from lenet98.data.strokes import draw_digits
from lenet98.network import kernels
from lenet98.network.kernels import CONVOLUTION, LANES, SUBSAMPLING
from lenet98.network.plan import Objective, Way, lay_out, workspace

REPEATS = 7
CALLS = 1000
J, SCALE = 4.0, 0.5


class Stage(NamedTuple):
    """One kernel on one layer."""

    direction: str
    layer: str
    kernel: object
    arguments: tuple
    multiply_adds: int  # of one pattern
    patterns: int = 1  # in one call


def main():
    """Time all stages in turn, and beside them the whole step and the whole pass forward."""
    keep_to_one_core()
    print(describe_machine(("numpy", "numba")))
    digits = draw_digits(n_train=CALLS, n_test=10)
    labels = digits.train_labels.astype(np.int64)
    patterns = as_patterns(digits.train_images, 32, np.float32)
    network = LeNet5()
    online, side_by_side = step_of(network, patterns[0], labels[0]), bulk_of(network, patterns)
    every = online + side_by_side
    loops = {kernel: repeated(kernel) for kernel in {stage.kernel for stage in every}}

    def job(stage):
        return lambda: loops[stage.kernel](CALLS // stage.patterns, *stage.arguments)

    still = np.zeros_like(network.parameters)
    jobs = {k: job(stage) for k, stage in enumerate(every)}
    jobs["step"] = lambda: network.descend(patterns, labels, still, loss="map", j=J, scale=SCALE)
    jobs["bulk"] = lambda: network.penalties(patterns)
    times = in_turn(jobs, REPEATS)
    microseconds = {name: 1e6 * statistics.median(own) / CALLS for name, own in times.items()}
    peak = measure_peak()
    each = [microseconds[k] for k in range(len(every))]
    title = "An online training step, stage by stage"
    print_stages(title, online, each[: len(online)], microseconds["step"], peak)
    title = f"Classification in bulk, {LANES} patterns side by side"
    print_stages(title, side_by_side, each[len(online) :], microseconds["bulk"], peak)


def repeated(kernel):
    """Return a compiled loop over calls of `kernel`."""

    @njit
    def loop(calls, *arguments):
        for _ in range(calls):
            kernel(*arguments)

    return loop


def step_of(network, pattern, label):
    """Return every kernel call of one online training step, in order."""
    plan = lay_out(network.architecture, np.float32)
    space = passed_forward(plan, network, pattern.reshape(1, -1))
    parameters = network.parameters.copy()
    way = Way(kernels.DESCENT, parameters, np.zeros_like(parameters), parameters)
    last, before = plan.layers[-1], plan.layers[-2]
    penalties = space.states[last.at : last.at + last.maps]
    names, forward = names_of(network), forward_of(network)
    # A slope of one: the deltas keep their size however often they are multiplied.
    slope_of_one = np.full_like(space.states, (kernels.A**2 - kernels.A / kernels.S) ** 0.5)
    stages = forward_stages(plan, network, space)
    objective = Objective(kernels.MAP, J, SCALE)
    loss = (penalties, label, objective, space.penalty_deltas[0])
    stages.append(Stage("loss", names[-1], kernels.find_loss, loss, 0))
    own = (last, before, plan, space)
    stages.append(Stage("bprop", names[-1], kernels.bprop_penalties, own, forward[-1]))
    for k in range(len(names) - 2, 0, -1):
        here, below = plan.layers[k], plan.layers[k - 1]
        part = slice(here.at, here.at + here.extent)
        times_slopes = (space.deltas[part].copy(), slope_of_one[part])
        stages.append(Stage("times slopes", names[k], kernels.multiply_by_slopes, times_slopes, 0))
        ways = 1 if k == 1 else 2  # the input has no use for derivatives
        back = (here, below, plan, way, space)
        stages.append(Stage("bprop", names[k], bprop_of(here), back, ways * forward[k]))
    return stages


def bulk_of(network, patterns):
    """Return every kernel call that answers as many patterns as there are lanes, in order."""
    plan = lay_out(network.architecture, np.float32, LANES)
    flat = patterns.reshape(len(patterns), -1)
    space = passed_forward(plan, network, flat)
    present = (plan, flat, 0, space.states.copy())
    stages = [Stage("present", "input", kernels.present, present, 0)]
    stages += forward_stages(plan, network, space)
    return [stage._replace(patterns=LANES) for stage in stages]


def passed_forward(plan, network, patterns):
    """Return a workspace through which the first patterns, each flat, have passed."""
    space = workspace(plan)
    kernels.present(plan, patterns, 0, space.states)
    kernels.fprop(plan, network.parameters, space)
    return space


def forward_stages(plan, network, space):
    """Return the kernel calls from the input's states to the penalties."""
    names, forward, stages = names_of(network), forward_of(network), []
    for k in range(1, len(names) - 1):
        here, below = plan.layers[k], plan.layers[k - 1]
        arguments = (here, below, plan, network.parameters, space)
        stages.append(Stage("fprop", names[k], fprop_of(here), arguments, forward[k]))
        part = space.states[here.at : here.at + here.extent].copy()
        stages.append(Stage("squash", names[k], kernels.squash, (part,), 0))
    own = (plan.layers[-1], plan.layers[-2], plan, space)
    stages.append(Stage("fprop", names[-1], kernels.find_penalties, own, forward[-1]))
    return stages


def names_of(network):
    """Return the names of the layers, the input's first."""
    return ["input", *(layer.name for layer in network.architecture.layers)]


def forward_of(network):
    """Return the multiply-adds of each layer on the way forward, none for the input."""
    return [0, *(multiply_adds(layer) for layer in network.architecture.layers)]


def fprop_of(here):
    """Return the kernel that computes a layer's weighted sums."""
    if here.form == CONVOLUTION:
        return kernels.fprop_convolution
    return kernels.fprop_subsampling if here.form == SUBSAMPLING else kernels.fprop_dense


def bprop_of(here):
    """Return the kernel that carries a layer's derivatives back and updates."""
    if here.form == CONVOLUTION:
        return kernels.bprop_convolution
    return kernels.bprop_subsampling if here.form == SUBSAMPLING else kernels.bprop_dense


def print_stages(title, stages, microseconds, whole, peak):
    """Print a row a stage, then their sum beside the time of the whole."""
    rows = [
        row(stage.direction, stage.layer, us, stage.multiply_adds, peak)
        for stage, us in zip(stages, microseconds, strict=True)
    ]
    of_all = sum(stage.multiply_adds for stage in stages)
    rows += [
        row("sum of the stages", "all", sum(microseconds), of_all, peak),
        row("measured as one", "all", whole, of_all, peak),
    ]
    heads = ["", "layer", "us a pattern", "multiply-adds", "G a second", "of the peak"]
    print_table(f"{title} (medians of {REPEATS}; peak {peak / 1e9:.0f} G)", heads, rows)


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
