"""Runs reproduce.py as it is, but on few pen strokes, and with the curvature of few patterns."""

import functools
import runpy
from dataclasses import replace
from pathlib import Path

from lenet98.data import strokes
from lenet98.training import recipe

FEW = {"n_train": 200, "n_test": 100}
OF_FEW = {
    name: replace(one, curvature_patterns=50) if name == "paper" else one
    for name, one in recipe.RECIPES.items()
}

if __name__ == "__main__":
    strokes.draw_digits = functools.partial(strokes.draw_digits, **FEW)
    recipe.RECIPES = OF_FEW
    runpy.run_path(str(Path(__file__).parents[1] / "reproduce.py"), run_name="__main__")
