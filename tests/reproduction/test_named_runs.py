from lenet98 import TrainingConfig
from lenet98.network.weights import shipped
from lenet98.reproduction.named_runs import (
    DISTORTED,
    HALF,
    NAMED_RUNS,
    QUARTER,
    WHOLE,
    in_order,
)


def test_the_runs_of_the_paper_are_in_the_table():
    assert [run.name for run in NAMED_RUNS] == ["distorted", "60000", "30000", "15000"]
    assert [run.recipe().patterns for run in NAMED_RUNS] == [None, None, 30_000, 15_000]
    assert [run.recipe().distorted for run in NAMED_RUNS] == [True, False, False, False]
    assert {run.architecture().name for run in NAMED_RUNS} == {"LeNet-5"}


def test_a_run_keeps_the_rest_of_the_recipe_asked_for():
    asked = TrainingConfig(passes=3, j=4.0)
    assert WHOLE.recipe(asked) == asked
    assert HALF.recipe(asked) == TrainingConfig(passes=3, j=4.0, patterns=30_000)


def test_the_shipped_networks_are_those_of_two_runs():
    assert {run.shipped for run in NAMED_RUNS if run.shipped} == shipped().keys()
    assert (WHOLE.shipped, DISTORTED.shipped) == ("mnist", "distorted")


def test_runs_asked_for_twice_are_done_once_the_longest_first():
    assert in_order([QUARTER, WHOLE, QUARTER, DISTORTED]) == [DISTORTED, WHOLE, QUARTER]
