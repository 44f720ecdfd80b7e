"""What the paper leaves open, asked of Fig. 5: a grid of recipes, pruned in stages.

The whole product would be thousands of runs. So first the effective rates of the first pass,
which need no training; then three passes for the recipes whose rates are the paper's; then twenty
passes for those nearest to Fig. 5, since three cannot tell one j from another, and more seeds for
the best of these; then each other answer to one question around the very best; last, starts
outside the grid, for what Fig. 5 does not tell: how much is gained from distortions. A finished
cell is kept on disk and never run again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from math import log
from pathlib import Path

from lenet98.data.digits import Digits
from lenet98.network.choices import InitialWeights
from lenet98.paper import published
from lenet98.questions.cells import Cells
from lenet98.questions.findings import (
    EARLY_PASSES,
    WHOLE_PASSES,
    Exploration,
    Extremes,
    Finding,
    Histories,
    distance,
    rates_agree,
)
from lenet98.reproduction.side_by_side import Tell
from lenet98.training.recipe import SUBSAMPLINGS, TrainingConfig

BOUNDS = (1.0, 1.2, 1.5, 2.0, 2.4)
POWERS = (0.5, 1.0)
COEFFICIENTS = (0.25, 0.5, 0.6, 1.0)
SCALES = (0.5, 1.0)
JS = (0.5, 1.0, 2.0, 4.0, 6.0, 10.0, 20.0)

STARTS = (
    InitialWeights(2.0, 1 / 2, random_biases=True),
    InitialWeights(2.0, 1 / 2, random_biases=False),
    InitialWeights(2.4, 1 / 2, random_biases=False),
    InitialWeights(3.0, 1 / 2, random_biases=False),
    InitialWeights(4.8, 2 / 3, random_biases=False),
)
"""Asked of distortions too, with the default's answers to the other questions."""


@dataclass(frozen=True)
class Extent:
    """How much of the grid is run.

    Attributes
    ----------
    early : int or None
        Recipes that get three passes, nearest rates first; None for all with the paper's rates.
    losses : int
        Recipes, of those, that get three passes with every other loss and j.
    whole : int
        Recipes that get twenty passes.
    survivors : int
        Recipes, of those, that get more seeds.
    seeds : int
        Of each survivor.
    seeds_around : int
        Of each other answer to one question around the nearest recipe.
    seeds_of_starts : int
        Of each start that is asked of distortions.
    """

    early: int | None
    losses: int
    whole: int
    survivors: int
    seeds: int
    seeds_around: int
    seeds_of_starts: int


REDUCED = Extent(
    early=4, losses=0, whole=1, survivors=1, seeds=1, seeds_around=0, seeds_of_starts=0
)
FULL = Extent(
    early=None, losses=6, whole=16, survivors=4, seeds=5, seeds_around=1, seeds_of_starts=2
)


def explore(digits: Digits, folder: Path, extent: Extent, cores: int, tell: Tell) -> Exploration:
    """Run the grid.

    Parameters
    ----------
    digits : Digits
    folder : Path
        Where finished cells are kept.
    extent : Extent
    cores : int
        Cells that run side by side.
    tell : callable
        Called with a line of text for each finished run.
    """
    cells = Cells(digits, folder, cores, tell)
    rates = cells.rates(_rates_grid())
    left = [recipe for recipe in rates if rates_agree(rates[recipe])]
    left.sort(key=lambda recipe: _rates_distance(rates[recipe]))
    tell(f"{len(left)} of {len(rates)} recipes have the paper's rates to a factor of 2")

    early = cells.histories(left[: extent.early], EARLY_PASSES, seeds=1)
    promising = _nearest(early)[: extent.losses]
    early |= cells.histories(
        [other for recipe in promising for other in _other_losses(recipe)], EARLY_PASSES, seeds=1
    )
    rates |= cells.rates(list(early))
    whole = cells.histories(_nearest(early)[: extent.whole], WHOLE_PASSES, seeds=1)
    survivors = _best(whole, rates)[: extent.survivors]
    whole |= cells.histories(survivors, WHOLE_PASSES, extent.seeds)
    best = _best({recipe: whole[recipe] for recipe in survivors}, rates)[0]
    smaller: dict[TrainingConfig, Histories] = {}
    if extent.seeds_around:
        others = [r for r in _other_answers(best) if r not in whole]
        whole |= cells.histories(others, WHOLE_PASSES, extent.seeds_around)
        for recipe in _on_fewer_patterns(best):
            smaller |= cells.histories([recipe], recipe.passes, extent.seeds_around)

    seeds = extent.seeds_of_starts
    starts = _with_distortions(cells, seeds) if seeds else []

    rates |= cells.rates([*whole, *smaller])
    ran_out = {recipe: early[recipe] for recipe in early if recipe not in whole}
    order = [
        *_best({recipe: whole[recipe] for recipe in survivors}, rates),
        *_best({recipe: whole[recipe] for recipe in whole if recipe not in survivors}, rates),
        *_nearest(ran_out),
    ]
    histories = whole | ran_out
    return Exploration(
        findings=[Finding(recipe, rates[recipe], histories[recipe]) for recipe in order],
        smaller_sets=[Finding(r, rates[r], histories) for r, histories in smaller.items()],
        starts=starts,
    )


def _with_distortions(cells: Cells, seeds: int) -> list[Finding]:
    recipes = [replace(TrainingConfig(), initial=start) for start in STARTS]
    rates = cells.rates(recipes)
    plain = cells.histories(recipes, WHOLE_PASSES, seeds)
    distorted = cells.histories([replace(r, distorted=True) for r in recipes], WHOLE_PASSES, seeds)
    return [Finding(r, rates[r], plain[r], distorted[replace(r, distorted=True)]) for r in recipes]


def _best(
    histories: dict[TrainingConfig, Histories], rates: dict[TrainingConfig, Extremes]
) -> list[TrainingConfig]:
    """Order recipes of twenty passes: those that fail fewest demands, then the nearest."""

    def rank(recipe: TrainingConfig) -> tuple[int, float]:
        finding = Finding(recipe, rates[recipe], histories[recipe])
        return len(finding.failed_demands()), distance(histories[recipe])

    return sorted(histories, key=rank)


def _nearest(histories: dict[TrainingConfig, Histories]) -> list[TrainingConfig]:
    return sorted(histories, key=lambda recipe: distance(histories[recipe]))


def _rates_distance(rates: Extremes) -> float:
    """Return the larger of the two factors between the rates and the paper's, as a logarithm."""
    return max(abs(log(r / p)) for r, p in zip(rates, published.FIRST_PASS_RATES, strict=True))


def _rates_grid() -> list[TrainingConfig]:
    return [
        TrainingConfig(
            loss="map",
            j=4.0,
            scale=scale,
            subsampling=subsampling,
            initial=InitialWeights(bound, power, coefficient, random_biases),
        )
        for power, bound, coefficient, random_biases, scale, subsampling in product(
            POWERS, BOUNDS, COEFFICIENTS, (False, True), SCALES, SUBSAMPLINGS
        )
    ]


def _other_losses(recipe: TrainingConfig) -> list[TrainingConfig]:
    recipes = [replace(recipe, loss="mse"), *(replace(recipe, loss="map", j=j) for j in JS)]
    return [other for other in recipes if other != recipe]


def _other_answers(recipe: TrainingConfig) -> list[TrainingConfig]:
    """Return the recipes that differ from `recipe` in the answer to one question."""
    initial = recipe.initial
    others = [
        replace(recipe, loss="mse" if recipe.loss == "map" else "map"),
        *(replace(recipe, j=j) for j in JS if recipe.loss == "map"),
        replace(recipe, scale=1.5 - recipe.scale),
        *(replace(recipe, subsampling=subsampling) for subsampling in SUBSAMPLINGS),
        replace(recipe, reshuffle=not recipe.reshuffle),
        replace(recipe, fresh_curvature=not recipe.fresh_curvature),
        replace(recipe, initial=replace(initial, random_biases=not initial.random_biases)),
        replace(recipe, initial=replace(initial, power=1.0)),
        *(replace(recipe, initial=replace(initial, bound=bound)) for bound in BOUNDS),
        *(replace(recipe, initial=replace(initial, coefficient=c)) for c in COEFFICIENTS),
    ]
    return [other for other in dict.fromkeys(others) if other != recipe]


def _on_fewer_patterns(recipe: TrainingConfig) -> list[TrainingConfig]:
    """Return Fig. 6's smaller sets: for 20 passes, and for as many updates as 60,000 had."""
    passes = len(recipe.eta)
    return [
        replace(
            recipe,
            patterns=published.PATTERNS // part,
            passes=passes * stretch,
            eta=tuple(eta for eta in recipe.eta for _ in range(stretch)),
        )
        for part in (4, 2)
        for stretch in (1, part)
    ]
