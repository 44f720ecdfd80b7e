import re

import pytest
from readme import README, ROOT, written_anew

from lenet98.reproduction.named_runs import DISTORTED, WHOLE
from lenet98.reproduction.quantities import comparable
from lenet98.reproduction.results import read_results
from lenet98.training.recipe import RECIPES, configuration_from


def test_the_tables_of_the_readme_are_those_of_the_record():
    text = README.read_text(encoding="utf-8")
    assert written_anew(text) == text, "run python tests/readme.py"


@pytest.mark.parametrize(("name", "recipe"), [("results", "paper"), ("best", "best")])
def test_a_record_is_of_its_recipe_and_stands_beside_the_paper(name, recipe):
    results = read_results(ROOT / "figures" / f"{name}.json")
    assert comparable(results)
    assert configuration_from(results.configuration) == RECIPES[recipe]
    assert min(len(results.seeds(run)) for run in (WHOLE, DISTORTED)) >= 5


def test_every_picture_and_file_that_the_readme_names_is_there():
    text = README.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert (ROOT / target).exists(), target
