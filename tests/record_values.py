"""The numbers in the prose of the record, by name: each from the files or from where it stands."""

from dataclasses import replace

import numpy as np

from lenet98.data.flanking import SLOT
from lenet98.data.printed import NOT_DRAWN
from lenet98.network.choices import LOSSES
from lenet98.network.tables import lenet4, lenet5
from lenet98.paper import published
from lenet98.plots import compare
from lenet98.questions import grid
from lenet98.questions.findings import WHOLE_PASSES, label
from lenet98.questions.open_strings import GAPS, LENGTH
from lenet98.questions.validation import HELD_OUT, candidates
from lenet98.reproduction import quantities as asked
from lenet98.reproduction.digit_strings import MANY, errors_in
from lenet98.reproduction.named_runs import HALF, QUARTER, STRINGS, WHOLE
from lenet98.training.recipe import RECIPES

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


def finding_of(recipe, exploration):
    """Return what was found of a recipe."""
    for finding in exploration.findings:
        if finding.recipe == recipe:
            return finding
    raise LookupError(f"the prose asks for {label(recipe)}, which the record has not")


def with_most_seeds(exploration):
    """Return the findings of most seeds."""
    whole = [finding for finding in exploration.findings if finding.whole]
    most = max(len(finding.histories) for finding in whole)
    return [finding for finding in whole if len(finding.histories) == most]


def rates_apart(rates):
    """Return the greater factor between effective rates and the paper's, as a logarithm."""
    return float(np.abs(np.log(np.divide(rates, published.FIRST_PASS_RATES))).max())


def start_of(bound, exploration):
    """Return what was found of a start with biases at zero, within bound/√F."""
    return next(
        finding
        for finding in exploration.starts
        for initial in [finding.recipe.initial]
        if (initial.bound, initial.power, initial.random_biases) == (bound, 0.5, False)
    )


def zero_bounds(exploration):
    """Return the bounds of the starts within bound/√F with biases at zero, the least first."""
    starts = [finding.recipe.initial for finding in exploration.starts]
    return sorted(s.bound for s in starts if s.power == 0.5 and not s.random_biases)


def prose_values(results, best, exploration):
    """Return every number that the prose has, by its name in the template, as it is written."""
    return {
        **_of_runs(results, compare(results)),
        **_of_best(best, compare(best)),
        **_of_demands(),
        **_of_grid(exploration),
        **_of_one_answer(exploration),
        **_of_starts(exploration),
        **_of_networks(),
        **_of_strings(results),
    }


def _percent(value):
    return f"{value:.2f}"


def _rate(value):
    return f"{value:.1e}"


def _test(finding):
    return _percent(np.mean(finding.last("test_error")))


def _train(finding):
    return _percent(np.mean(finding.last("train_error_on_the_fly")))


def _of_runs(results, comparison):
    seeds = [left.seed for left in results.seeds(WHOLE)]
    return {
        "seeds": in_words(len(seeds)),
        "seeds count": len(seeds),
        "first_seed": seeds[0],
        "last_seed": seeds[-1],
        "test": _percent(the(asked.TEST_ERROR, comparison).here),
        "curve": _percent(the(asked.TRAIN_CURVE, comparison).here),
        "distorted": _percent(the(asked.TEST_ERROR_DISTORTED, comparison).here),
    }


def _of_best(best, comparison):
    initial = best.configuration["initial"]
    return {
        "best_j": f"{best.configuration['j']:g}",
        "best_bound": f"{initial['bound']:g}",
        "best_test": _percent(the(asked.TEST_ERROR, comparison).here),
        "best_train": _percent(the(asked.TRAIN_ERROR, comparison).here),
        "best_rate": _rate(the(asked.LEAST_RATE, comparison).here),
        "best_distorted": _percent(the(asked.TEST_ERROR_DISTORTED, comparison).here),
        "best_wrong": f"{the(asked.MISCLASSIFIED, comparison).here:.1f}",
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
        "rates_factor": f"{asked.LEAST_RATE.tolerance:g}",
        "paper_least_rate": _rate(least),
        "paper_greatest_rate": _rate(greatest),
        "paper_distorted": _percent(asked.TEST_ERROR_DISTORTED.printed),
        "paper_wrong": f"{asked.MISCLASSIFIED.printed:g}",
        "patterns": f"{published.PATTERNS:,}",
        "half": HALF.title,
        "quarter": QUARTER.title,
    }


def _of_grid(exploration):
    most = with_most_seeds(exploration)
    default = finding_of(RECIPES["paper"], exploration)
    starts = (grid.BOUNDS, grid.POWERS, grid.COEFFICIENTS, grid.SCALES, grid.SUBSAMPLINGS)
    return {
        # The biases start in two ways.
        "starts": f"{2 * np.prod([len(answers) for answers in starts]):,}",
        "values of j": in_words(len(grid.JS)),
        "losses": in_words(len(LOSSES)),
        "passes": WHOLE_PASSES,
        "whole": sum(finding.whole for finding in exploration.findings),
        "many": in_words(len(most)),
        "many_seeds": in_words(len(most[0].histories)),
        "meeting": in_words(sum(not finding.failed_demands() for finding in most)),
        # Cells are trained with seeds from 1 on.
        "first_question_seed": 1,
        "last_question_seed": len(most[0].histories),
        "rates_seed": default.recipe.seed,
        "question_test": _test(default),
        "question_train": _train(default),
    }


def _of_one_answer(exploration):
    base = base_of(exploration)
    recipe = RECIPES["paper"]

    def found(**changes):
        return finding_of(replace(base, **changes), exploration)

    def start(**changes):
        return found(initial=replace(base.initial, **changes))

    narrow, _, lesser, _, wide = grid.BOUNDS
    _, *coefficients = grid.COEFFICIENTS
    values = {
        "bound": f"{recipe.initial.bound:g}",
        "j": f"{recipe.j:g}",
        "scale": f"{recipe.scale:g}",
        "base_j": f"{base.j:g}",
        "other_scale": f"{base.scale:g}",
        "coefficient": f"{recipe.initial.coefficient:g}",
        "curvature_patterns": recipe.curvature_patterns,
        "by_F_test": _test(start(power=1.0)),
        "narrow": f"{narrow:g}",
        "narrow_test": _test(start(bound=narrow)),
        "lesser": f"{lesser:g}",
        "wide": f"{wide:g}",
        "wide_train": _train(start(bound=wide)),
        "wide_rate": _rate(start(bound=wide).rates[0]),
        "zero_test": _test(start(random_biases=False)),
        "zero_rate": _rate(start(random_biases=False).rates[0]),
        "mse_test": _test(found(loss="mse")),
        "mse_train": _train(found(loss="mse")),
        "js": in_a_row([f"{j:g}" for j in grid.JS]),
        "train_by_j": in_a_row([_train(found(j=j)) for j in grid.JS]),
        "half_train": _train(found(scale=recipe.scale)),
        "sum_rate": _rate(found(subsampling="sum").rates[0]),
        "same_test": _test(found(fresh_curvature=False)),
        "same_train": _train(found(fresh_curvature=False)),
        "reshuffled_test": _test(found(reshuffle=True)),
        "reshuffled_train": _train(found(reshuffle=True)),
    }
    for k, coefficient in enumerate(coefficients, start=1):
        values[f"c{k}"] = f"{coefficient:g}"
        values[f"c{k}_test"] = _test(start(coefficient=coefficient))
    return values


def _of_starts(exploration):
    bounds = zero_bounds(exploration)
    narrow, wide = (start_of(bound, exploration) for bound in (bounds[0], bounds[-1]))
    return {
        "start_seeds": in_words(len(narrow.distorted)),
        "narrow_distorted": _percent(distorted_error(narrow)),
        "wide_distorted": _percent(distorted_error(wide)),
        "narrow_start_rate": _rate(narrow.rates[0]),
        "wide_start_rate": _rate(wide.rates[0]),
    }


def distorted_error(finding):
    """Return the mean test error after training with distortions, in percent."""
    return float(np.mean([history[-1].test_error for history in finding.distorted]))


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
