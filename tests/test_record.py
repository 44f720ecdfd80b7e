import re
from dataclasses import replace

import numpy as np
import pytest
import record as script
from record_machines import machines_table
from record_values import WORDS, base_of, early_with, other_of

from lenet98.questions import grid
from lenet98.questions.findings import last
from lenet98.questions.fingerprint import fingerprint_of_1998, mean_of
from lenet98.questions.ladder_tables import apart
from lenet98.questions.validation import FINALIST_SEEDS, FINALISTS, candidates
from lenet98.questions.wording import label
from lenet98.reproduction.ladder import alone, ladder, steps
from lenet98.reproduction.named_runs import DISTORTED, WHOLE
from lenet98.reproduction.quantities import comparable
from lenet98.training.recipe import RECIPES, recipe_from

REFERENCES = re.compile(
    r"(eq|Figs?|Sec|App)\. \d+( and \d+)?|Fig\. 5's|fig\d+|\b[CFS]\d\b|float\d\d|RBF"
    r"|network[- ](of[- ])?1998|LeNet5?\.pretrained\(\"1998\"\)|LeNet-\d"
    r"|lenet(98|-\d)|fig-\d+|\bL2\b"
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
            "exploration": replace(
                files.exploration,
                starts=1,
                findings=[one for one in files.exploration.findings for _ in range(2)],
            )
        },
    }[name]
    before, after = script.values_of(files), script.values_of(files._replace(**other))
    changed = {value for value in before if before[value] != after[value]}
    assert (
        changed
        >= {
            "results": {"test", "distorted"},
            "best": {"best_distorted", "best_strength"},
            "exploration": {"starts", "whole", "finalists"},
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


def test_cells_are_shared_out_on_paper():
    cells = {"quick": [60.0] * 400, "long": [60.0, 600.0]}
    *_, quick, long = machines_table(cells, cores=2).splitlines()
    values = ["120", "1,200", "12,000", "200", "20", "2"]
    assert quick == f"| quick | 400 | 1.0 | 1.0 | {' | '.join(values)} |"
    # The longest cell bounds all of them.
    assert long.endswith("| 10 | 10 | 10 |")


def test_every_figure_at_hand_is_shown(files):
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", script.record(files))
    assert sorted(shown) == sorted(path.name for path in script.FIGURES.glob("*.png"))


def claims(files):
    """What the prose says in words, and whether the record has it so."""
    exploration, default = files.exploration, RECIPES["paper"]
    finalists = exploration.finalists
    whole = [finding for finding in exploration.findings if finding.whole]

    def error(finding, name="test_error"):
        return float(np.mean(last(finding.histories, name)))

    def found(**changes):
        return other_of(exploration, **changes)

    def misread(answer, noisy=False):
        """Percent of the strings: the mean, and of the seeds the least and the greatest."""
        (row,) = (row for row in files.open_strings.splitlines() if row.startswith(f"| {answer} |"))
        return [float(value) for value in re.findall(r"[\d.]+", row.split("|")[4 if noisy else 3])]

    def is_as_named(answer):
        """Within two deviations of a difference of means, by the range of the seeds of both."""
        rows = [misread(answer), misread("as the named run")]
        variance = sum((greatest - least) ** 2 / 4 for _, least, greatest in rows)
        return abs(rows[0][0] - rows[1][0]) <= 2 * variance**0.5

    def is_alike(finding):
        """No farther from the first finalist than its seeds are from one another."""
        first = finalists[0]
        return all(
            abs(error(finding, name) - error(first, name)) <= np.ptp(last(first.histories, name))
            for name in ("test_error", "train_error_on_the_fly")
        )

    def counting(befores, afters):
        """What is chosen in the rungs that are beyond the range of the seeds of those before."""
        pairs = zip(steps(), befores, afters, strict=True)
        return {
            word
            for step, before, after in pairs
            if apart(files.climbed[before.name], files.climbed[after.name])
            for word in (step.what, step.now)
        }

    rungs = ladder()
    ends = {end: [rungs[k]] * len(steps()) for end, k in (("1998", 0), ("today", -1))}
    ours, printed = misread("as the named run")[0], fingerprint_of_1998()
    mean = mean_of(finalists[0].fingerprints)
    js = {
        one.recipe.j
        for one in exploration.others
        if one.recipe == replace(default, j=one.recipe.j) != default
    }
    nearness = {part: abs(np.log(mean[part] / printed[part])) for part in printed}
    return {
        "The finalists have {many_seeds} seeds each, the others one": all(
            len(one.histories) == (len(finalists[0].histories) if one in finalists else 1)
            for one in whole
        ),
        "Around the first finalist, one seed each": all(
            len(one.histories or one.distorted) == 1 for one in exploration.others
        ),
        "Fig. 7 shows the whole ranges, so these are the default's": (
            base_of(exploration) == default and default.strength == 1
        ),
        "Likely*: the loss of eq. 9": {"test error", "training error"}
        <= set(found(loss="mse").failed_demands()),
        "no other start was tried with eq. 8": not any(
            one.recipe.loss == "mse" for one in exploration.findings
        ),
        "Of a smaller j the first is as printed, and the second is not": all(
            "test error" in failed and "training error" not in failed
            for failed in (found(j=j).failed_demands() for j in js if j < default.j)
        ),
        "of a greater one either the one or the other is not": all(
            {"test error", "training error"} & set(found(j=j).failed_demands())
            for j in js
            if j > default.j
        ),
        "the ones with random biases need a coefficient of {random_coefficients}": len(
            {one.recipe.initial.coefficient for one in early_with(exploration, True)}
        )
        == 1,
        "the finalists err {finalists_distorted} %": all(
            "distortions" in one.failed_demands() for one in finalists
        ),
        "what divides them is less than what divides their seeds": (
            np.ptp([error(one) for one in finalists])
            < min(np.ptp(last(one.histories, "test_error")) for one in finalists)
        ),
        "the order were drawn anew, nor which curvature a coefficient or eq. 9 had": all(
            is_alike(found(**other))
            for other in (
                {"fresh_curvature": False},
                {"reshuffle": True},
                {"four_connections": True},
                {"curvature_of": "map"},
            )
        ),
        "had smaller biases in C1 and larger states in S4 than any that we trained": all(
            one["C1 biases"] > printed["C1 biases"]
            and one["S4 states, mean size"] < printed["S4 states, mean size"]
            for finalist in finalists
            for one in finalist.fingerprints
        ),
        "In the other parts of the fingerprint those of the first finalist are nearer": all(
            nearness[part] < min(nearness["C1 biases"], nearness["S4 states, mean size"])
            for part in nearness
            if part not in ("C1 biases", "S4 states, mean size")
        ),
        "Without blanks hardly a string is read": min(misread("no blanks")) > 80,
        "with neighbours always there hardly one with noise": (
            min(misread("neighbours always there", noisy=True)) > 80
        ),
        "With the rubbish class, more strings are misread": (
            misread("the blank is the rubbish class")[0] > 1.5 * ours
        ),
        "The shift, the rates, and blanks in the middle of their gap make no difference": all(
            is_as_named(answer)
            for answer in (
                "middles not shifted",
                "rates of Sec. III-B",
                "blanks in the middle of their gap",
            )
        ),
        "ReLU, the batch and dropout counted on the way": {"ReLU", "batch", "dropout"}
        <= counting(rungs[:-1], rungs[1:]),
        "softmax, the passes and dropout in the network of 1998": {"softmax", "passes", "dropout"}
        <= counting(ends["1998"], alone("1998")),
        "the batch, the function and the passes in that of today": {"batch", "function", "passes"}
        <= counting(ends["today"], alone("today")),
        "the same j, Fig. 5's curves are missed": (
            "curves" in found(scale=1.5 - default.scale).failed_demands()
        ),
        "weaker distortions or fewer of them would explain it": all(
            any(not found(**{name: one}).failed_demands() for one in tried)
            for name, tried in (("strength", grid.STRENGTHS), ("copies", grid.COPIES))
        ),
    }


def test_what_the_prose_says_in_words_is_so_in_the_record(files, template):
    for said, holds in claims(files).items():
        assert said in flat(template), said
        assert holds, said


def test_the_recipe_of_least_error_is_one_of_those_that_erred_least(files):
    _, _, *rows = files.validation.splitlines()
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert {named for named, _, _ in cells} == {label(recipe) for recipe in candidates()}
    found = {
        named: [float(error) for error in re.findall(r"[\d.]+", errors)]
        for named, seeds, errors in cells[:FINALISTS]
        if int(seeds) == FINALIST_SEEDS
    }
    (mean, least, greatest), (other, *_) = found.pop(label(RECIPES["best"])), *found.values()
    assert abs(mean - other) < greatest - least
