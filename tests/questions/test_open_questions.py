from dataclasses import replace
from pathlib import Path

import pytest
from pickled import Pickled
from records import a_history

from lenet98 import LeNet5, TrainingConfig, lenet1
from lenet98.errors import DataError
from lenet98.network.choices import InitialWeights
from lenet98.paper import published
from lenet98.plots.curves import open_questions
from lenet98.questions.exploration_tables import (
    exploration_tables,
    finalists_table,
    findings_table,
    fingerprints_table,
    others_table,
)
from lenet98.questions.findings import (
    Exploration,
    Finding,
    curvatures_agree,
    distance,
    last,
    read_exploration,
    write_exploration,
)
from lenet98.questions.fingerprint import (
    factor_apart,
    fingerprint_of,
    fingerprint_of_1998,
    mean_of,
)
from lenet98.questions.grid import Extent, explore, other_answers, starts
from lenet98.questions.study import Bench
from lenet98.questions.trainings import Trainings
from lenet98.questions.validation import (
    candidates,
    held_out,
    validate,
    validation,
    validation_table,
)
from lenet98.questions.wording import label, short_label
from lenet98.reproduction.data_sets import DataSet
from lenet98.reproduction.machines import OneMachine
from lenet98.reproduction.quantities import (
    GREATEST_CURVATURE,
    LEAST_CURVATURE,
    TEST_ERROR,
    TRAIN_ERROR,
    curvature_behind,
)
from lenet98.training.recipe import ETA, LATER_ETA

TINY = Extent(early=2, whole=1, finalists=1, seeds=2, seeds_of_others=1, around=1)

AS_PRINTED = [(LEAST_CURVATURE.printed, GREATEST_CURVATURE.printed)]


@pytest.fixture(scope="module")
def few(digits):
    """So few patterns that hundreds of passes take seconds."""
    return digits._replace(
        train_images=digits.train_images[:20],
        train_labels=digits.train_labels[:20],
        test_images=digits.test_images[:20],
        test_labels=digits.test_labels[:20],
    )


def a_finding(**changes):
    """As the paper has it in all that is asked."""
    recipe, last_test = TrainingConfig(), published.FIG5_TEST[19]
    quarter, half = (
        [a_history(published.FIG6[name].test - last_test)] for name in ("15000", "30000")
    )
    return replace(
        Finding(
            recipe,
            AS_PRINTED,
            [a_history(0.0)],
            distorted=[a_history(published.TEST_ERROR_DISTORTED - last_test)],
            half=half,
            quarter=quarter,
            fingerprints=[dict(fingerprint_of_1998())],
        ),
        **changes,
    )


def test_the_paper_itself_fails_no_demand_and_each_demand_can_fail():
    agreeing = a_finding()
    assert agreeing.failed_demands() == []
    assert distance(agreeing.histories) == 0
    doubled = {name: 2 * value for name, value in fingerprint_of_1998().items()}
    for changes, failed in (
        ({"curvatures": [(AS_PRINTED[0][0] / 3, AS_PRINTED[0][1])]}, ["curvature"]),
        ({"curvatures": [(AS_PRINTED[0][0], AS_PRINTED[0][1] * 3)]}, ["curvature"]),
        ({"histories": [a_history(0.5)]}, ["curves", "test error", "training error"]),
        ({"distorted": [a_history(0.0)]}, ["distortions"]),
        ({"half": [a_history(0.5)]}, ["fewer patterns"]),
        ({"quarter": [a_history(0.0)]}, ["fewer patterns"]),
        ({"fingerprints": [doubled]}, ["fingerprint"]),
    ):
        assert a_finding(**changes).failed_demands() == failed
    assert curvatures_agree(AS_PRINTED)
    assert not curvatures_agree([(AS_PRINTED[0][0] * 3, AS_PRINTED[0][1])])


def test_the_greatest_rate_says_little_and_the_curvature_behind_it_all():
    """No rate exceeds eta / mu, which is within a factor of two of the paper's greatest."""
    rate = published.FIRST_PASS_RATES[1]
    assert 2 * rate > 5e-4 / 0.02
    assert curvature_behind(rate) == pytest.approx(0.01125)
    assert curvature_behind(0.0249, eta=5e-4, mu=0.02) < LEAST_CURVATURE.printed / 100


def test_what_was_not_asked_is_not_failed():
    only = Finding(TrainingConfig(), AS_PRINTED)
    assert (only.whole, only.failed_demands()) == (False, [])


def test_a_run_that_diverged_is_infinitely_far_and_does_not_converge():
    for history in (a_history()[:7], []):
        assert distance([history]) == float("inf")
        finding = Finding(TrainingConfig(), AS_PRINTED, [history])
        assert finding.failed_demands() == ["convergence"]


def test_what_diverged_with_distortions_or_on_fewer_patterns_does_not_converge():
    for name in ("distorted", "half", "quarter"):
        diverged = a_finding(**{name: [a_history(), a_history()[:7]]})
        assert diverged.failed_demands() == ["convergence"]


def test_labels_tell_recipes_apart():
    recipe = TrainingConfig()
    others = [
        *other_answers(recipe),
        replace(recipe, strength=0.5),
        replace(recipe, copies=3),
        replace(recipe, curvature_of_originals=True),
        replace(recipe, eta=LATER_ETA),
        replace(recipe, initial=InitialWeights(full_bound=1.0)),
    ]
    distinct = set(others) | {recipe}
    assert len(distinct) == len(others) + 1
    assert len({label(other) for other in distinct}) == len(distinct)
    assert len({short_label(other, recipe) for other in others}) == len(others)


def test_findings_survive_a_file_and_fill_the_tables(tmp_path):
    recipe = TrainingConfig()
    two = [a_history(), a_history(0.1)]
    other = replace(recipe, strength=0.5)
    exploration = Exploration(
        7,
        3,
        [a_finding(histories=two), Finding(recipe, AS_PRINTED, [a_history()[:3]])],
        [
            Finding(replace(recipe, j=9.0), AS_PRINTED, [a_history(0.5)]),
            Finding(other, AS_PRINTED, distorted=[a_history(-0.15), a_history(-0.11)]),
            Finding(replace(recipe, j=20.0), AS_PRINTED, [[]]),
        ],
    )
    write_exploration(tmp_path / "found.json", exploration)
    assert read_exploration(tmp_path / "found.json") == exploration
    assert exploration.finalists == exploration.findings[:1]
    found = findings_table(exploration.findings)
    assert "| 2 | 0.011 to 7.1 | 1.01 (0.96 to 1.06) |" in found
    assert found.count("\n") == 3  # not what got three passes
    assert "| 0.80 | 1.68 | 1.14 | 1.00 | nothing |" in finalists_table(exploration)
    assert "| C1 weights | 2.2 | 2.2 |" in fingerprints_table(exploration)
    others = others_table(exploration)
    assert "| eq. 9, j 9 | 1 | 0.011 to 7.1 | 1.46 |" in others
    assert "| 0.83 (0.81 to 0.85) | nothing |" in others
    assert "| diverged | | | | convergence |" in " ".join(others.split())
    (tmp_path / "found.json").write_text("{}")
    with pytest.raises(DataError, match="found.json"):
        read_exploration(tmp_path / "found.json")
    with pytest.raises(DataError, match="cannot read"):
        read_exploration(tmp_path / "absent.json")


def test_a_fingerprint_is_of_the_network_and_of_its_states_on_fig13():
    """The shipped network of 1998 has C1 to S4 of that one; another net is farther."""
    printed = fingerprint_of_1998()
    own = fingerprint_of(LeNet5.pretrained("1998"))
    of_layers = [name for name in printed if not name.startswith("C5")]
    # Its parameters are float32, the drawn states eight bits.
    assert {name: own[name] for name in of_layers} == pytest.approx(
        {name: printed[name] for name in of_layers}, rel=0.02
    )
    assert factor_apart(own, printed) < factor_apart(
        fingerprint_of(LeNet5.pretrained("mnist")), printed
    )
    assert factor_apart(own, own) == 1
    assert factor_apart({"a": 2.0, "b": 2.0}, {"a": 1.0, "b": 4.0}) == pytest.approx(2)
    assert mean_of([{"a": 1.0}, {"a": 4.0}]) == {"a": pytest.approx(2)}


def test_the_best_recipe_is_chosen_without_the_test_set(few, tmp_path, monkeypatch):
    monkeypatch.setattr("lenet98.questions.validation.HELD_OUT", 10)
    monkeypatch.setattr("lenet98.questions.validation.STRENGTHS", (1.0,))
    monkeypatch.setattr("lenet98.questions.validation.ETAS", (ETA,))
    monkeypatch.setattr("lenet98.questions.validation.FINALISTS", 1)
    split = held_out(few)
    assert (split.train_images == few.train_images[:-10]).all()
    assert (split.test_labels == few.train_labels[-10:]).all()
    blind = few._replace(test_labels=9 - few.test_labels)
    found = validate(few, tmp_path / "one", Pickled(2), str)
    assert found == validate(blind, tmp_path / "two", OneMachine(2), str)
    assert [len(values) for values in found.values()] == [5, 1, 1]
    assert validation_table(found).count("\n") == 5


def test_recipes_of_more_seeds_stand_before_those_of_one(few, tmp_path, monkeypatch):
    shifts = dict(zip(candidates(), [*[0.5] * 7, 0.0, 0.1, 0.2, 0.3, 0.4], strict=True))

    class Lucky:
        """Training, whose first seed is the best."""

        def __init__(self, *where):
            pass

        def histories(self, recipes, passes, seeds):
            return {
                recipe: [a_history(shifts[recipe] + 5.0 * (seed > 0)) for seed in range(seeds)]
                for recipe in recipes
            }

    monkeypatch.setattr("lenet98.questions.validation.Trainings", Lucky)
    found = validate(few, tmp_path, OneMachine(1), str)
    assert [len(values) for values in found.values()] == [5, 5] + [1] * 10
    assert [*found] == sorted(shifts, key=shifts.get)


def test_stages_prune_and_finished_cells_are_not_run_again(few, tmp_path, monkeypatch):
    monkeypatch.setattr("lenet98.questions.grid.BOUNDS", ((2.0, 1 / 2, None), (4.0, 2 / 3, 1.5)))
    monkeypatch.setattr("lenet98.questions.grid.JS", (2.0, 4.0))
    monkeypatch.setattr("lenet98.questions.grid.COEFFICIENTS", (0.25,))
    # No start has the paper's curvature on so few patterns.
    monkeypatch.setattr("lenet98.questions.grid.curvatures_agree", lambda _: True)
    told = []
    found = explore(few, tmp_path / "cells", TINY, Pickled(2), told.append)
    assert found.starts == len(starts()) == 2 * 2  # bounds, biases
    (first, *others) = found.findings
    assert found.finalists == [first]
    assert (len(first.histories), len(first.distorted), len(first.quarter)) == (2, 1, 1)
    assert all(len(one.histories) == 1 for one in others)
    assert [len(one.histories[0]) for one in others] == [20, 3, 3]
    assert {one.recipe for one in found.others} >= set(other_answers(first.recipe))
    assert any("starts have the paper's curvature" in line for line in told)
    again = []
    assert explore(few, tmp_path / "cells", TINY, OneMachine(1), again.append) == found
    assert len(again) == 1  # the count of starts; no run


class Pretended:
    """Answers as recipes might, untrained.

    By the bound of the start, the factor from the paper's least curvature; by j, the shift from
    Fig. 5 of one seed and of more.
    """

    def __init__(self, factors, shifts):
        self.trainings, self._factors, self._shifts = self, factors, shifts
        self.asked = []

    def __call__(self, digits, folder, machines, tell):
        return self

    def curvatures(self, recipes, seeds):
        least, greatest = AS_PRINTED[0]
        factors = [self._factors.get(recipe.initial.bound, 1.0) for recipe in recipes]
        return {r: [(least * f, greatest)] for r, f in zip(recipes, factors, strict=True)}

    def of_fig5(self, recipes, passes, seeds):
        self.asked.append(([(r.initial.bound, r.j) for r in recipes], passes, seeds))
        curvatures = self.curvatures(recipes, 1)
        shifts = [self._shifts.get(recipe.j, (0.0, 0.0))[seeds > 1] for recipe in recipes]
        return [
            Finding(recipe, curvatures[recipe], [a_history(shift)[:passes]] * seeds)
            for recipe, shift in zip(recipes, shifts, strict=True)
        ]

    def of_distortions(self, recipes, seeds):
        return []


def pretend_grid(monkeypatch, factors, shifts):
    asked = Pretended(factors, shifts)
    bounds = tuple((bound, 1 / 2, None) for bound in factors)
    changes = {"BOUNDS": bounds, "COEFFICIENTS": (0.25,), "JS": tuple(shifts), "Asked": asked}
    for name, value in changes.items():
        monkeypatch.setattr(f"lenet98.questions.grid.{name}", value)
    return asked


def test_the_starts_that_get_passes_are_the_nearest_in_curvature(few, tmp_path, monkeypatch):
    asked = pretend_grid(monkeypatch, {1.5: 1.2, 2.0: 1.3, 3.0: 1.05}, {2.0: (0.0, 0.0)})
    explore(few, tmp_path, replace(TINY, early=4, seeds_of_others=0, around=0), None, str)
    early, passes, seeds = asked.asked[0]
    assert ([bound for bound, _ in early], passes, seeds) == ([3.0, 3.0, 1.5, 1.5], 3, 1)


def test_the_finalist_that_fails_least_with_all_its_seeds_is_the_first(few, tmp_path, monkeypatch):
    asked = pretend_grid(monkeypatch, {2.0: 1.0}, {2.0: (0.0, 0.5), 4.0: (0.01, 0.01)})
    extent = Extent(early=1, whole=1, finalists=2, seeds=2, seeds_of_others=0, around=1)
    found = explore(few, tmp_path, extent, None, str)
    assert [recipes for recipes, *_ in asked.asked[1:3]] == [[(2.0, 2.0), (2.0, 4.0)]] * 2
    assert [one.recipe.j for one in found.findings[:2]] == [4.0, 2.0]
    assert [one.recipe for one in found.others] == other_answers(found.findings[0].recipe)


def test_cells_of_other_data_recipes_tables_or_versions_are_not_taken_for_these(
    few, tmp_path, monkeypatch
):
    told, known = [], TrainingConfig()

    def runs_for(digits=few, recipe=known, architecture=None):
        before = len(told)
        Trainings(digits, tmp_path, OneMachine(1), told.append, architecture).histories(
            [recipe], 1, seeds=1
        )
        return len(told) - before

    assert [runs_for(), runs_for()] == [1, 0]
    other = few._replace(train_labels=few.train_labels[::-1].copy())
    assert [runs_for(other), runs_for(other)] == [1, 0]
    assert runs_for(recipe=replace(known, j=3.0)) == 1
    assert runs_for(architecture=lenet1()) == 1
    monkeypatch.setattr("lenet98.storage.provenance.VERSION", "0.0.7")
    assert runs_for() == 1


def test_what_the_record_found_is_read_and_judged_as_its_tables_say():
    record = Path(__file__).parents[2] / "figures"
    exploration = read_exploration(record / "open-questions.json")
    assert exploration_tables(exploration) == (record / "open-questions.md").read_text("utf-8")


def test_a_demand_is_met_by_the_verdict_of_the_same_number_in_the_table():
    better = Finding(TrainingConfig(), AS_PRINTED, [a_history(-0.12)])
    assert better.failed_demands() == ["test error", "training error"]
    test, train = (last(better.histories, e) for e in ("test_error", "train_error_on_the_fly"))
    assert TEST_ERROR.judge(test).verdict == "better"
    assert TRAIN_ERROR.judge(train).verdict == "differs"


def a_bench(few, folder, name, **changes):
    return Bench(name, folder, load=lambda: DataSet("strokes", few), tell=str, **changes)


def test_a_study_of_other_data_than_mnist_is_refused(few, tmp_path):
    for study, said in ((open_questions, "they need MNIST"), (validation, "it needs MNIST")):
        with pytest.raises(DataError, match=f"{study.name} .*{said}"):
            study(a_bench(few, tmp_path, study.name))


def test_open_questions_are_drawn_again_from_what_was_found(few, tmp_path):
    record = Path(__file__).parents[2] / "figures"
    (tmp_path / "open-questions.json").write_bytes((record / "open-questions.json").read_bytes())
    tables = open_questions(a_bench(few, tmp_path, "open-questions", again=True))
    assert tables == (tmp_path / "open-questions.md").read_text("utf-8")
    assert (tmp_path / "open-questions.png").read_bytes()[:4] == b"\x89PNG"
