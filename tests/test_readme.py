import re

from readme import README, ROOT, written_anew

from lenet98.comparison import compare
from lenet98.results import read_results


def test_the_tables_of_the_readme_are_those_of_the_record():
    text = README.read_text(encoding="utf-8")
    assert written_anew(text) == text, "run python tests/readme.py"


def test_the_record_is_judged_as_the_code_judges():
    results = read_results(ROOT / "figures" / "results.json")
    assert results.comparison == compare(results)
    assert all(row.verdict for row in results.comparison)


def test_the_record_is_mnist_with_five_seeds_where_it_matters():
    results = read_results(ROOT / "figures" / "results.json")
    assert results.data == "mnist"
    assert min(len(results.runs[run]) for run in ("60000", "distorted")) >= 5


def test_every_picture_and_file_that_the_readme_names_is_there():
    text = README.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert (ROOT / target).exists(), target
