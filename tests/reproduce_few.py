"""Runs reproduce.py as it is, but that the pen strokes are few hundreds."""

import functools
import runpy
from pathlib import Path

from lenet98.data import strokes

strokes.draw_digits = functools.partial(strokes.draw_digits, n_train=300, n_test=100)
runpy.run_path(str(Path(__file__).parents[1] / "reproduce.py"), run_name="__main__")
