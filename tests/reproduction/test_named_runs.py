from lenet98 import TrainingConfig
from lenet98.network.weights import shipped
from lenet98.reproduction.measures import MEASURES
from lenet98.reproduction.named_runs import (
    DISTORTED,
    HALF,
    NAMED_RUNS,
    QUARTER,
    WHOLE,
    in_order,
    measures_of,
)


def test_the_runs_of_the_paper_are_in_the_table():
    recipes = {run.name: run.recipe() for run in NAMED_RUNS}
    assert [*recipes] == ["strings", "distorted", "noise", "60000", "30000", "15000"]
    fewer = {name: recipe.patterns for name, recipe in recipes.items() if recipe.patterns}
    assert fewer == {"30000": 30_000, "15000": 15_000}
    assert [name for name, recipe in recipes.items() if recipe.distorted] == ["distorted"]
    assert [name for name, recipe in recipes.items() if recipe.noise] == ["strings", "noise"]
    assert [name for name, recipe in recipes.items() if recipe.flanked] == ["strings"]
    assert {run.architecture().name for run in NAMED_RUNS} == {"LeNet-5"}


def test_what_is_asked_of_a_network_can_be_asked():
    assert {name for run in NAMED_RUNS for name in run.measures} == MEASURES.keys()
    assert measures_of("noise") == ("printed", "invariance")
    assert measures_of("another") == ()


def test_a_run_keeps_the_rest_of_the_recipe_asked_for():
    asked = TrainingConfig(passes=3, j=4.0)
    assert WHOLE.recipe(asked) == asked
    assert HALF.recipe(asked) == TrainingConfig(passes=3, j=4.0, patterns=30_000)


def test_the_shipped_networks_are_those_of_runs():
    of_runs = {run.shipped for run in NAMED_RUNS if run.shipped}
    assert {*shipped()} == of_runs | {"1998"}  # which was recovered
    assert (WHOLE.shipped, DISTORTED.shipped) == ("mnist", "distorted")


def test_runs_asked_for_twice_are_done_once_the_longest_first():
    assert in_order([QUARTER, WHOLE, QUARTER, DISTORTED]) == [DISTORTED, WHOLE, QUARTER]
