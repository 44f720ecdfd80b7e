"""The numbers in the prose of the record, by name: each from the files or from where it stands."""

from dataclasses import replace

import numpy as np

from lenet98.data.flanking import SLOT
from lenet98.data.printed import NOT_DRAWN
from lenet98.network.tables import lenet4, lenet5
from lenet98.paper import published
from lenet98.plots import compare
from lenet98.questions import grid
from lenet98.questions.findings import EARLY_PASSES, FINGERPRINT, WHOLE_PASSES, distance, last
from lenet98.questions.fingerprint import SATURATED
from lenet98.questions.open_strings import GAPS, LENGTH
from lenet98.questions.validation import HELD_OUT, candidates
from lenet98.questions.wording import label
from lenet98.reproduction import quantities as asked
from lenet98.reproduction.digit_strings import MANY, errors_in
from lenet98.reproduction.named_runs import HALF, QUARTER, STRINGS, WHOLE
from lenet98.training.recipe import RECIPES, TrainingConfig, recipe_from

WORDS = (*("no", "one", "two", "three", "four", "five", "six", "seven", "eight"), "nine", "ten")


def in_words(number):
    """Return a small number in letters, another in digits."""
    return WORDS[number] if number < len(WORDS) else f"{number:,}"


def in_a_row(values):
    """Return "a, b and c"."""
    *first, last = values
    return f"{', '.join(first)} and {last}"


def the(quantity, comparison):
    """Return the row of a comparison that judges a quantity."""
    return next(row for row in comparison if row.quantity == quantity.name)


def base_of(exploration):
    """Return the recipe around which one answer was changed at a time."""
    return exploration.findings[0].recipe


def changed(recipe, other):
    """Return the fields in which two recipes differ, those of their starts among them."""
    one, another = (made.as_dict() | made.as_dict()["initial"] for made in (recipe, other))
    return [name for name in one if name != "initial" and one[name] != another[name]]


def other_of(exploration, **changes):
    """Return what was found of the base with other answers, those of its start among them."""
    base = base_of(exploration)
    of_start = {name: changes.pop(name) for name in list(changes) if hasattr(base.initial, name)}
    recipe = replace(base, initial=replace(base.initial, **of_start), **changes)
    for finding in exploration.others:
        if finding.recipe == recipe:
            return finding
    raise LookupError(f"the prose asks for {label(recipe)}, which the record has not")


def prose_values(results, best, exploration):
    """Return every number that the prose has, by its name in the template, as it is written."""
    return {
        **_of_runs(results, compare(results)),
        **_of_best(best, compare(best)),
        **_of_demands(),
        **_of_exploration(exploration),
        **_of_one_answer(exploration),
        **_of_networks(),
        **_of_strings(results),
    }


def _percent(value):
    return f"{value:.2f}"


def _rate(value):
    return f"{value:.1e}"


def _test(finding):
    return _percent(np.mean(last(finding.histories, "test_error")))


def _train(finding):
    return _percent(np.mean(last(finding.histories, "train_error_on_the_fly")))


def _of_runs(results, comparison):
    seeds = [left.seed for left in results.seeds(WHOLE)]
    return {
        "seeds": in_words(len(seeds)),
        "seeds count": len(seeds),
        "first_seed": seeds[0],
        "last_seed": seeds[-1],
        "test": _percent(the(asked.TEST_ERROR, comparison).here),
        "distorted": _percent(the(asked.TEST_ERROR_DISTORTED, comparison).here),
    }


def _of_best(best, comparison):
    return {
        "best_label": label(recipe_from(best.configuration)),
        "best_strength": f"{best.configuration['strength']:g}",
        "best_distorted": _percent(the(asked.TEST_ERROR_DISTORTED, comparison).here),
        "candidates": in_words(len(candidates())),
        "held_out": f"{HELD_OUT:,}",
    }


def _of_demands():
    least, greatest = published.FIRST_PASS_RATES
    return {
        "paper_test": _percent(asked.TEST_ERROR.printed),
        "test_tolerance": f"{asked.TEST_ERROR.tolerance:g}",
        "paper_train": _percent(asked.TRAIN_ERROR.printed),
        "train_tolerance": f"{asked.TRAIN_ERROR.tolerance:g}",
        "curve_tolerance": f"{asked.TRAIN_CURVE.tolerance:g}",
        "curvature_factor": f"{asked.LEAST_CURVATURE.tolerance:g}",
        "paper_least_rate": _rate(least),
        "paper_greatest_rate": _rate(greatest),
        "largest_rate": f"{TrainingConfig.eta[0] / TrainingConfig.mu:g}",
        "paper_least_curvature": f"{asked.LEAST_CURVATURE.printed:.2g}",
        "paper_greatest_curvature": f"{asked.GREATEST_CURVATURE.printed:.2g}",
        "paper_distorted": _percent(asked.TEST_ERROR_DISTORTED.printed),
        "subset_tolerance": f"{asked.SUBSET_TOLERANCE:g}",
        "paper_half": _percent(asked.fewer_patterns_error(HALF).printed),
        "paper_quarter": _percent(asked.fewer_patterns_error(QUARTER).printed),
        "fingerprint_factor": f"{FINGERPRINT.tolerance:g}",
    }


def _of_exploration(exploration):
    finalists = exploration.finalists
    first = finalists[0]
    return {
        "starts": f"{exploration.starts:,}",
        "agreeing": in_words(exploration.agreeing),
        "passes": WHOLE_PASSES,
        "early_passes": in_words(EARLY_PASSES),
        "tried js": in_a_row([f"{j:g}" for j in grid.JS]),
        "whole": sum(finding.whole for finding in exploration.findings),
        "finalists": in_words(len(finalists)),
        "many_seeds": in_words(len(first.histories)),
        "few_seeds": in_words(len(first.distorted)),
        # Cells are trained with seeds from 1 on.
        "first_question_seed": 1,
        "last_question_seed": len(first.histories),
        "curvature_seeds": in_words(len(first.curvatures)),
        "question_test": _test(first),
        "random_coefficients": ", ".join(
            sorted({f"{one.recipe.initial.coefficient:g}" for one in early_with(exploration, True)})
        ),
        "random_apart": f"{times_as_far(exploration):.0f}",
        "finalists_distorted": in_a_row([_distorted(one) for one in finalists]),
        "saturated": f"{SATURATED:g}",
    }


def early_with(exploration, random_biases):
    """Return the findings of few passes whose biases started so."""
    return [
        one
        for one in exploration.findings
        if len(one.histories[0]) == EARLY_PASSES
        and one.recipe.initial.random_biases is random_biases
    ]


def times_as_far(exploration):
    """Return how many times farther from Fig. 5 starts with random biases are, median by median."""
    random, zero = (
        np.median([distance(one.histories) for one in early_with(exploration, biases)])
        for biases in (True, False)
    )
    return random / zero


def _of_one_answer(exploration):
    base, recipe = base_of(exploration), RECIPES["paper"]

    def found(**changes):
        return other_of(exploration, **changes)

    js = sorted({f.recipe.j for f in exploration.others if changed(base, f.recipe) == ["j"]})
    values = {
        "start": label(recipe).split("; ")[2],
        "j": f"{recipe.j:g}",
        "scale": f"{recipe.scale:g}",
        "other_scale": f"{1.5 - base.scale:g}",
        "coefficient": f"{recipe.initial.coefficient:g}",
        "curvature_patterns": recipe.curvature_patterns,
        "random_test": _test(found(random_biases=True)),
        "random_h": _least(found(random_biases=True)),
        "mse_test": _test(found(loss="mse")),
        "mse_train": _train(found(loss="mse")),
        "js": in_a_row([f"{j:g}" for j in js]),
        "train_by_j": in_a_row([_train(found(j=j)) for j in js]),
        "test_by_j": in_a_row([_test(found(j=j)) for j in js]),
        "literal_start_test": _test(found(bound=2.4, power=1.0)),
        "scale_train": _train(found(scale=1.5 - base.scale)),
        "sum_test": _test(found(subsampling="sum")),
        "sum_greatest": _greatest(found(subsampling="sum")),
        "fours_test": _test(found(four_connections=True)),
        "fours_train": _train(found(four_connections=True)),
        "exact_test": _test(found(curvature_of="map")),
        "exact_train": _train(found(curvature_of="map")),
        "same_test": _test(found(fresh_curvature=False)),
        "same_train": _train(found(fresh_curvature=False)),
        "reshuffled_test": _test(found(reshuffle=True)),
        "reshuffled_train": _train(found(reshuffle=True)),
        "originals_distorted": _distorted(found(curvature_of_originals=True)),
        "strengths": in_a_row([f"{strength:g}" for strength in grid.STRENGTHS]),
        "by_strength": in_a_row([_distorted(found(strength=one)) for one in grid.STRENGTHS]),
        "copies": in_a_row([f"{copies:g}" for copies in grid.COPIES]),
        "by_copies": in_a_row([_distorted(found(copies=one)) for one in grid.COPIES]),
        "all_copies": recipe.copies,
    }
    others = [c for c in grid.COEFFICIENTS if c != base.initial.coefficient]
    for k, coefficient in enumerate(others, start=1):
        values[f"c{k}"] = f"{coefficient:g}"
        values[f"c{k}_test"] = _test(found(coefficient=coefficient))
    return values


def _least(finding):
    return f"{np.mean(finding.curvatures, axis=0)[0]:.2g}"


def _greatest(finding):
    return f"{np.mean(finding.curvatures, axis=0)[1]:.2g}"


def _distorted(finding):
    return _percent(np.mean(last(finding.distorted, "test_error")))


def _of_strings(results):
    measured = results.measured(STRINGS, "strings")
    least, widest = GAPS

    def error(noise):
        gaps = range(least, widest + 1)
        found = [
            errors_in(one, "Viterbi", LENGTH, (gap, gap), noise)[0]
            for one in measured
            for gap in gaps
        ]
        return f"{np.mean(found):.1f}"

    return {
        "noise": f"{published.NOISE:g}",
        "strings many": f"{MANY:,}",
        "strings length": in_words(LENGTH),
        "least_gap": published.STRING_GAPS[0],
        "closed_gap": least,
        "widest_gap": widest,
        "not_drawn": in_words(NOT_DRAWN),
        "strings_clean": error(0.0),
        "strings_noisy": error(published.NOISE),
        "slot": in_words(SLOT),
    }


def _of_networks():
    complete = lenet5().layer("C5")
    return {
        "printed_macs": f"{published.FIG11_MULTIPLY_ACCUMULATES['LeNet-5']:,}",
        "literal_bound": f"{RECIPES['literal'].initial.bound:g}",
        "fours": in_words(lenet5().layer("S2").field ** 2),
        "lenet4_units": lenet4().layer("C5").maps,
        "lenet4_parameters": f"{complete.parameters:,}",
        "lenet4_printed": f"{published.FIG12_MEMORY['LeNet-4']:,}",
    }
