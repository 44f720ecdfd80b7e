"""How recipes and errors are written in tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lenet98.training.recipe import LATER_ETA, TrainingConfig


def label(recipe: TrainingConfig) -> str:
    """Name a recipe by its answers to the open questions."""
    return "; ".join(_answers(recipe))


def short_label(recipe: TrainingConfig, other: TrainingConfig) -> str:
    """Name a recipe by the answers in which it differs from another."""
    known = _answers(other)
    return "; ".join(answer for answer in _answers(recipe) if answer not in known)


def short_name(recipe: TrainingConfig) -> str:
    """Name a recipe by its j and the bounds of its start alone, for a figure."""
    loss, _, bound, *_ = _answers(recipe)
    full = recipe.initial.full_bound
    return ", ".join(
        [loss.removeprefix("eq. 9, "), bound, *([] if full is None else [f"C5 and F6 ±{full:g}"])]
    )


def labels_apart(recipes: Sequence[TrainingConfig]) -> list[str]:
    """Name recipes by the answers that they do not all share."""
    answers = [_answers(recipe) for recipe in recipes]
    shared = set.intersection(*map(set, answers))
    return ["; ".join([one for one in some if one not in shared] or some[:1]) for some in answers]


def _answers(recipe: TrainingConfig) -> list[str]:
    initial = recipe.initial
    fan_in = {1 / 2: "√F", 2 / 3: "F^⅔", 3 / 4: "F^¾", 1.0: "F"}[initial.power]
    answers = [
        f"eq. 9, j {recipe.j:g}" if recipe.loss == "map" else "eq. 8",
        f"scale {recipe.scale:g}",
        f"±{initial.bound:g}/{fan_in}",
        f"{recipe.subsampling}, coefficient {initial.coefficient:g}",
        "random biases" if initial.random_biases else "zero biases",
    ]
    if initial.full_bound is not None:
        answers.insert(3, f"C5 and F6 ±{initial.full_bound:g}/{fan_in}")
    said = {
        "four connections": recipe.four_connections,
        "curvature of eq. 9": recipe.curvature_of == "map",
        "curvature of originals": recipe.curvature_of_originals,
        "rates that fall later": recipe.eta == LATER_ETA,
        "reshuffled": recipe.reshuffle,
        "the same 500": not recipe.fresh_curvature,
        f"{recipe.strength:g} of Fig. 7's ranges": recipe.strength != 1,
        f"{recipe.copies} distorted copies": recipe.copies != TrainingConfig.copies,
    }
    return answers + [answer for answer, given in said.items() if given]


def mean_and_range(values: Sequence[float]) -> str:
    """Write an error in percent: of one seed, or the mean with the least and the greatest."""
    if len(values) == 1:
        return f"{values[0]:.2f}"
    return f"{np.mean(values):.2f} ({min(values):.2f} to {max(values):.2f})"
