import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import record as script
from record_tables import changed, plain
from record_values import (
    WORDS,
    base_of,
    distorted_error,
    finding_of,
    rates_apart,
    start_of,
    the,
    with_most_seeds,
    zero_bounds,
)

from lenet98 import plots
from lenet98.questions import grid
from lenet98.questions.findings import label
from lenet98.questions.validation import candidates
from lenet98.reproduction import quantities as asked
from lenet98.reproduction.named_runs import DISTORTED, WHOLE, errors_in_fig6
from lenet98.reproduction.quantities import comparable
from lenet98.training.recipe import RECIPES, recipe_from

REFERENCES = re.compile(
    r"(eq|Figs?|Sec|App)\. \d+( and \d+)?|Fig\. 5's|fig\d+|\b[CFS]\d\b|float\d\d|RBF"
    r"|network[- ](of[- ])?1998|LeNet5?\.pretrained\(\"1998\"\)|LeNet-\d"
)
"""What has a digit in it and is no number: a place in the paper, a layer, a name."""


@pytest.fixture(scope="module")
def files():
    return script.read_files()


@pytest.fixture(scope="module")
def template():
    return script.TEMPLATE.read_text(encoding="utf-8")


def flat(text):
    return " ".join(text.split())


def test_the_record_is_what_the_script_writes(files):
    written = script.RECORD.read_text(encoding="utf-8")
    assert script.record(files) == written, "run python tests/record.py"


def typed_numbers(text):
    """Every number, in digits or letters, that stands in a text itself."""
    text = REFERENCES.sub("", script.NAME.sub("", text))
    words = "|".join([*WORDS[2:], "twice", "half", "third"])
    return re.findall(rf"\d\S*|\b(?:{words})\b", text, re.IGNORECASE)


def test_no_number_of_the_prose_is_typed(template):
    assert typed_numbers(template) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("an error of 0.95 %", ["0.95"]),
        ("Three recipes", ["Three"]),
        ("within 2/√F", ["2/√F"]),
        ("{test} % in Fig. 5 and eq. 9, of LeNet-5's F6", []),
        ("Figs. 5 and 6 show 7", ["7"]),
    ],
)
def test_a_typed_number_is_seen(text, found):
    assert typed_numbers(text) == found


def test_every_number_and_table_has_its_place_and_none_is_missing(files, template):
    parts = script.tables_of(files).keys() | script.values_of(files).keys()
    assert parts == set(script.NAME.findall(template))


@pytest.mark.parametrize("name", ["results", "best", "exploration"])
def test_the_numbers_follow_the_files(files, name):
    """With another record the page is another: `best` in the place of `results`, and so on."""
    other = {
        # The recipe of least error was not run on strings.
        "results": {"results": replace(files.best, runs=files.results.runs | files.best.runs)},
        "best": {"best": files.results},
        "exploration": {
            "exploration": files.exploration.__class__(
                [finding for finding in files.exploration.findings for _ in range(2)],
                files.exploration.smaller_sets,
                files.exploration.starts,
            )
        },
    }[name]
    before, after = script.values_of(files), script.values_of(files._replace(**other))
    changed = {value for value in before if before[value] != after[value]}
    assert (
        changed
        >= {
            "results": {"test", "curve", "distorted"},
            "best": {"best_j", "best_bound", "best_test", "best_rate", "best_wrong"},
            "exploration": {"whole", "many", "meeting"},
        }[name]
    )


@pytest.mark.parametrize(("name", "recipe"), [("results", "paper"), ("best", "best")])
def test_a_record_is_of_its_recipe_and_stands_beside_the_paper(files, name, recipe):
    results = getattr(files, name)
    assert comparable(results)
    assert recipe_from(results.configuration) == RECIPES[recipe]
    assert min(len(results.seeds(run)) for run in (WHOLE, DISTORTED)) >= 5


def test_all_runs_of_both_files_have_the_same_seeds_in_a_row(files):
    seeds = {
        tuple(left.seed for left in runs)
        for results in (files.results, files.best)
        for runs in results.runs.values()
    }
    ((first, *others),) = seeds
    assert others == list(range(first + 1, first + 1 + len(others)))


def test_every_figure_at_hand_is_shown(files):
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", script.record(files))
    assert sorted(shown) == sorted(path.name for path in script.FIGURES.glob("*.png"))


def claims(files):
    """What the prose says in words, and whether the record has it so."""
    exploration = files.exploration
    here, best = plots.compare(files.results), plots.compare(files.best)
    most, base, default = with_most_seeds(exploration), base_of(exploration), RECIPES["paper"]
    meeting = [finding for finding in most if not finding.failed_demands()]
    nearest = min(meeting, key=lambda finding: rates_apart(finding.rates))
    others = [finding for finding in exploration.findings if finding.whole and finding not in most]
    starts = [start_of(bound, exploration) for bound in zero_bounds(exploration)]
    printed, halved = (
        finding_of(recipe, exploration)
        for recipe in (recipe_from(default.as_dict() | {"scale": base.scale}), default)
    )

    def verdict(quantity, comparison):
        return the(quantity, comparison).verdict

    def agree(comparison, *quantities):
        return {verdict(quantity, comparison) for quantity in quantities} == {"agrees"}

    def off(finding):
        return abs(np.mean(finding.last("train_error_on_the_fly")) - asked.TRAIN_ERROR.printed)

    def around(field, answer):
        (found,) = (
            finding
            for finding in exploration.findings
            if changed(base, finding.recipe) == [field] and plain(finding.recipe)[field] == answer
        )
        return found

    def is_alike(finding):
        errors = [
            float(np.mean(one.last("test_error")))
            for one in (finding, finding_of(base, exploration))
        ]
        return abs(errors[0] - errors[1]) <= asked.TEST_ERROR.tolerance

    def misread(answer):
        (row,) = (row for row in files.open_strings.splitlines() if row.startswith(f"| {answer} |"))
        return float(row.split("|")[3].split()[0])

    ours = misread("as the named run")
    # Of 15,000 patterns for as many passes and for as many updates, then of 30,000.
    smaller = [
        abs(f.last("train_error_on_the_fly")[0] - errors_in_fig6(f.recipe).train)
        for f in exploration.smaller_sets
    ]
    return {
        "have {many_seeds} seeds each, the others one": all(len(f.histories) == 1 for f in others),
        "The first {many}": exploration.findings[: len(most)] == most,
        "The default is the one of them whose rates are nearest to the paper's": (
            nearest.recipe == default
        ),
        "Around the first recipe above, one seed each": all(
            len(f.histories) == 1 for f in others if len(changed(base, f.recipe)) == 1
        ),
        "{lesser}/√F does as well": not around("bound", grid.BOUNDS[2]).failed_demands(),
        "j = {base_j} at scale {other_scale} does as well": (
            not finding_of(base, exploration).failed_demands()
        ),
        "the errors are alike": is_alike(around("subsampling", "sum")),
        "{same_train} % training error | no difference seen": is_alike(
            around("fresh_curvature", False)
        ),
        "{reshuffled_train} % training error | no difference seen": is_alike(
            around("reshuffle", True)
        ),
        "{quarter} patterns look like as many updates": smaller[1] < smaller[0],
        "{half} look like neither": min(smaller[2:]) > asked.TRAIN_ERROR.tolerance,
        "The first recipe again": all(
            label(f.recipe) == label(base) for f in exploration.smaller_sets
        ),
        "the wider the start, the more distortions help": is_falling(
            [distorted_error(finding) for finding in starts]
        ),
        "the wider the start, the smaller the least rate": is_falling(
            [finding.rates[0] for finding in starts]
        ),
        "The default explains the rates of the first pass, and Fig. 5's training curve": agree(
            here, asked.LEAST_RATE, asked.GREATEST_RATE, asked.TRAIN_CURVE
        ),
        "It does not explain the gain from distortions": (
            verdict(asked.TEST_ERROR_DISTORTED, here) == "differs"
        ),
        "`best` explains that gain": agree(
            best, asked.TEST_ERROR_DISTORTED, asked.MISCLASSIFIED, asked.TEST_ERROR
        ),
        "But its least rate is": verdict(asked.LEAST_RATE, best) == "differs",
        "and its training error ends": verdict(asked.TRAIN_ERROR, best) == "differs",
        "Without blanks, or with neighbours always there, hardly a string is read": (
            min(misread("no blanks"), misread("neighbours always there")) > 80
        ),
        "With the rubbish class, more strings are misread": (
            misread("the blank is the rubbish class") > 1.5 * ours
        ),
        "The shift and the rates make no difference that so few seeds show": all(
            abs(misread(answer) - ours) < 0.5
            for answer in ("middles not shifted", "rates of Sec. III-B")
        ),
        "the training error and the rates are farther from the paper's": (
            off(printed) > off(halved) and rates_apart(printed.rates) > rates_apart(halved.rates)
        ),
    }


def is_falling(values):
    return len(values) > 1 and all(a > b for a, b in pairwise(values))


def test_what_the_prose_says_in_words_is_so_in_the_record(files, template):
    for said, holds in claims(files).items():
        assert said in flat(template), said
        assert holds, said


def test_the_recipe_of_least_error_is_the_one_that_was_chosen(files):
    _, _, first, *others = files.validation.splitlines()
    assert first.startswith(f"| {label(RECIPES['best'])} |")
    chosen_among = {row.split("|")[1].strip() for row in (first, *others)}
    assert chosen_among == {label(recipe) for recipe in candidates()}
