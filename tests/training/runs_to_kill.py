"""Trains a few strokes with checkpoints, in a process to be killed: a folder a line on stdin.

Prints the process that trains, and then how it ended. It is forked, so that being killed twenty
times costs no start of the interpreter.
"""

import os
import sys
from pathlib import Path

from lenet98 import TrainingConfig, draw_digits
from lenet98.reproduction.machines import OneMachine
from lenet98.reproduction.named_runs import DISTORTED, WHOLE
from lenet98.reproduction.runs import run_all, runs_of
from lenet98.training.checkpoint import Checkpoints
from lenet98.training.training import Training

RECIPE = TrainingConfig(passes=15, reshuffle=True, curvature_patterns=50)
RUNS = runs_of([DISTORTED, WHOLE], RECIPE, seeds=2)


class NoWatch:
    """Takes what it is told."""

    def on_resume(self, run, config, passes):
        pass

    def on_pass(self, run, config, record):
        pass

    def on_progress(self, run, config, done, total):
        pass


def draw_few():
    return draw_digits(n_train=100, n_test=50)


def main():
    digits = draw_few()
    # Whatever is compiled, is compiled before the fork.
    Training(digits, RUNS[0].recipe).run_pass()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            run_all(digits, RUNS, OneMachine(2), NoWatch(), Checkpoints(Path(line.strip()), digits))
            os._exit(0)
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    main()
