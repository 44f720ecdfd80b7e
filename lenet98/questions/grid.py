"""What the paper leaves open, asked of its figures: starts pruned in stages, then recipes.

First the curvature of the first pass, which needs no training; then three passes for the starts
whose curvature is the paper's; then twenty passes for those nearest to Fig. 5, with several j; then
all that the paper shows of its networks for the best of these; last, each other answer to one
question around the very best. A finished cell is kept on disk and never run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lenet98.data.digits import Digits
from lenet98.network.choices import InitialWeights
from lenet98.questions.findings import (
    EARLY_PASSES,
    WHOLE_PASSES,
    Exploration,
    Extremes,
    Finding,
    Histories,
    curvatures_agree,
    distance,
)
from lenet98.questions.fingerprint import fingerprint_of
from lenet98.questions.trainings import Question, Trainings
from lenet98.reproduction.machines import Machines
from lenet98.reproduction.named_runs import DISTORTED, HALF, QUARTER, STRINGS, NamedRun
from lenet98.reproduction.quantities import GREATEST_CURVATURE, LEAST_CURVATURE
from lenet98.reproduction.side_by_side import Tell
from lenet98.training.recipe import SUBSAMPLINGS, TrainingConfig

if TYPE_CHECKING:
    from lenet98.training.training import Training

BOUNDS = (
    *((bound, 1 / 2, None) for bound in (1.5, 2.0, 2.4, 3.0)),
    *((bound, 1 / 2, 1.5) for bound in (2.4, 3.0)),
    *((bound, 2 / 3, None) for bound in (3.5, 4.0, 4.8)),
    (2.4, 1.0, None),
)
"""Of the weights at the start, the power of the fan-in, and the bound in C5 and F6."""

COEFFICIENTS = (0.15, 0.25, 0.35, 0.5)
JS = (2.0, 3.0, 4.0, 10.0)
OTHER_JS = (1.0, 1.5)
STRENGTHS, COPIES = (0.5, 0.7), (1, 3)
"""Other distortions: of Fig. 7's ranges, and copies of each pattern."""

CURVATURE_SEEDS = 3


@dataclass(frozen=True)
class Extent:
    """How much is run.

    Attributes
    ----------
    early : int or None
        Starts that get three passes, those nearest in curvature first; None for all that agree.
    whole : int
        Starts, of those, that get twenty passes with every j.
    finalists : int
        Recipes, of those, of which everything is asked.
    seeds : int
        Of each finalist, for Fig. 5.
    seeds_of_others : int
        Of each finalist, for the other figures.
    around : int
        Seeds of each other answer to one question around the first finalist.
    """

    early: int | None
    whole: int
    finalists: int
    seeds: int
    seeds_of_others: int
    around: int


REDUCED = Extent(early=4, whole=1, finalists=1, seeds=1, seeds_of_others=0, around=0)
FULL = Extent(early=None, whole=6, finalists=3, seeds=5, seeds_of_others=3, around=1)


def explore(
    digits: Digits, folder: Path, extent: Extent, machines: Machines, tell: Tell
) -> Exploration:
    """Run the exploration.

    Parameters
    ----------
    digits : Digits
    folder : Path
        Where finished cells are kept.
    extent : Extent
    machines : Machines
        Those that compute.
    tell : callable
        Called with a line of text for each finished run.
    """
    asked = Asked(digits, folder, machines, tell)
    curvatures = asked.trainings.curvatures(starts(), CURVATURE_SEEDS)
    agreeing = [recipe for recipe in curvatures if curvatures_agree(curvatures[recipe])]
    agreeing.sort(key=lambda recipe: _curvature_apart(curvatures[recipe]))
    tell(f"{len(agreeing)} of {len(curvatures)} starts have the paper's curvature")

    early = _best(asked.of_fig5(agreeing[: extent.early], EARLY_PASSES, 1))
    promising = [replace(one.recipe, j=j) for one in early[: extent.whole] for j in JS]
    whole = _best(asked.of_fig5(promising, WHOLE_PASSES, 1))
    chosen = [one.recipe for one in whole[: extent.finalists]]
    finalists = asked.of_fig5(chosen, WHOLE_PASSES, extent.seeds)
    if extent.seeds_of_others:
        finalists = asked.of_other_figures(finalists, extent.seeds_of_others)
    finalists.sort(key=lambda one: (len(one.failed_demands()), one.farthest))
    others: list[Finding] = []
    if extent.around:
        best = finalists[0].recipe
        others = asked.of_fig5(other_answers(best), WHOLE_PASSES, extent.around)
        others += asked.of_distortions(other_distortions(best), extent.around)

    findings = [*finalists, *whole[extent.finalists :], *early]
    return Exploration(len(curvatures), len(agreeing), findings, others)


class Asked:
    """Asks the paper's figures of recipes.

    Parameters
    ----------
    digits, folder, machines, tell
        As in `lenet98.questions.trainings.Trainings`.
    """

    def __init__(self, digits: Digits, folder: Path, machines: Machines, tell: Tell) -> None:
        self.trainings = Trainings(digits, folder, machines, tell)

    def of_fig5(self, recipes: Sequence[TrainingConfig], passes: int, seeds: int) -> list[Finding]:
        """Train so many seeds of each recipe for so many passes."""
        curvatures = self.trainings.curvatures(recipes, CURVATURE_SEEDS)
        histories = self.trainings.histories(recipes, passes, seeds)
        return [Finding(recipe, curvatures[recipe], histories[recipe]) for recipe in recipes]

    def of_distortions(self, recipes: Sequence[TrainingConfig], seeds: int) -> list[Finding]:
        """Train so many seeds of each recipe with distortions alone."""
        curvatures = self.trainings.curvatures(recipes, CURVATURE_SEEDS)
        distorted = self._trained(DISTORTED, recipes, seeds)
        return [Finding(r, curvatures[r], distorted=distorted[r]) for r in recipes]

    def of_other_figures(self, findings: Sequence[Finding], seeds: int) -> list[Finding]:
        """Add to findings of Fig. 5 what Figs. 6, 8 and 13 are asked, of so many seeds."""
        recipes = [finding.recipe for finding in findings]
        distorted, half, quarter = (
            self._trained(run, recipes, seeds) for run in (DISTORTED, HALF, QUARTER)
        )
        # Without a central character the rubbish class is desired: so the states of F6 at Fig. 26's
        # empty slots have it, which are far from the code of SPACE.
        stream = {name: STRINGS.changes[name] for name in ("noise", "flanked")}
        on_strings = {recipe: replace(recipe, **stream) for recipe in recipes}
        question = Question("_fingerprint", _fingerprint)
        left = self.trainings.after_training(question, list(on_strings.values()), seeds)
        return [
            replace(
                finding,
                distorted=distorted[recipe],
                half=half[recipe],
                quarter=quarter[recipe],
                fingerprints=[one for one in left[on_strings[recipe]] if one],
            )
            for finding, recipe in zip(findings, recipes, strict=True)
        ]

    def _trained(
        self, run: NamedRun, recipes: Sequence[TrainingConfig], seeds: int
    ) -> dict[TrainingConfig, Histories]:
        changed = {recipe: run.recipe(recipe) for recipe in recipes}
        found = self.trainings.histories(list(changed.values()), WHOLE_PASSES, seeds)
        return {recipe: found[changed[recipe]] for recipe in recipes}


def _fingerprint(training: Training) -> dict[str, float]:
    return fingerprint_of(training.network)


def _best(findings: Iterable[Finding]) -> list[Finding]:
    """Order findings: those that fail fewest demands, then the nearest to Fig. 5."""
    return sorted(findings, key=lambda one: (len(one.failed_demands()), distance(one.histories)))


def _curvature_apart(curvatures: Sequence[Extremes]) -> float:
    """Return the larger factor between mean curvature and the paper's, as a logarithm."""
    factors = np.mean(curvatures, axis=0) / [LEAST_CURVATURE.printed, GREATEST_CURVATURE.printed]
    return float(np.abs(np.log(factors)).max())


def starts() -> list[TrainingConfig]:
    """Return every start that is asked, with the default's answers to the other questions."""
    return [
        TrainingConfig(
            j=JS[0], initial=InitialWeights(bound, power, coefficient, random_biases, full_bound)
        )
        for (bound, power, full_bound), coefficient, random_biases in product(
            BOUNDS, COEFFICIENTS, (False, True)
        )
    ]


def other_answers(recipe: TrainingConfig) -> list[TrainingConfig]:
    """Return the recipes that differ from `recipe` in the answer to one question."""
    initial = recipe.initial
    others = [
        replace(recipe, loss="mse" if recipe.loss == "map" else "map"),
        *(replace(recipe, j=j) for j in (*OTHER_JS, *JS)),
        replace(recipe, scale=1.5 - recipe.scale),
        *(replace(recipe, subsampling=subsampling) for subsampling in SUBSAMPLINGS),
        replace(recipe, four_connections=not recipe.four_connections),
        replace(recipe, curvature_of="map" if recipe.curvature_of == "mse" else "mse"),
        replace(recipe, fresh_curvature=not recipe.fresh_curvature),
        replace(recipe, reshuffle=not recipe.reshuffle),
        replace(recipe, initial=replace(initial, random_biases=not initial.random_biases)),
        *(
            replace(recipe, initial=replace(initial, bound=bound, power=power, full_bound=full))
            for bound, power, full in BOUNDS
        ),
        *(replace(recipe, initial=replace(initial, coefficient=c)) for c in COEFFICIENTS),
    ]
    return [other for other in dict.fromkeys(others) if other != recipe]


def other_distortions(recipe: TrainingConfig) -> list[TrainingConfig]:
    """Return the recipes that differ from `recipe` in their distortions alone."""
    return [
        *(replace(recipe, strength=strength) for strength in STRENGTHS),
        *(replace(recipe, copies=copies) for copies in COPIES),
        replace(recipe, curvature_of_originals=True),
    ]
