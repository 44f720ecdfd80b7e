import importlib
import os
import re
import subprocess
import sys

import pytest
from record import README, RECORD, ROOT, read_files, readme

import lenet98
from lenet98 import lenet5, plots
from lenet98.reproduction.named_runs import DISTORTED, NOISE, WHOLE
from lenet98.reproduction.quantities import MISCLASSIFIED, TEST_ERROR_DISTORTED
from lenet98.reproduction.results import read_results


@pytest.fixture(scope="module")
def text():
    return README.read_text(encoding="utf-8")


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def anchors(text):
    """The places in a page that its own headings make, as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_the_readme_is_read_in_one_sitting(text):
    assert len(text.splitlines()) < 150


def test_the_counts_are_those_of_the_table(text):
    for layer in lenet5().layers:
        where = "fixed ones in the output" if layer.kind == "rbf" else f"in {layer.name}"
        assert f"{layer.parameters:,} {where}" in " ".join(text.split())


def test_the_tables_of_the_readme_are_those_of_the_record(text):
    assert readme(text, read_files()) == text, "run python tests/record.py"


def test_a_part_that_is_not_marked_is_missed(text):
    with pytest.raises(SystemExit, match="comparison"):
        readme(text.replace("<!-- comparison -->", ""), read_files())


def test_what_the_readme_says_to_differ_is_what_differs(text):
    said = " ".join(text.split())
    assert "gains less from distortions" in said
    assert "training error on 15,000 patterns stays higher and on 30,000 lower" in said
    assert "reads fewer of the paper's own pictures" in said
    compared = plots.compare(read_results(ROOT / "figures" / "results.json"))
    assert {row.quantity for row in compared if row.verdict == "differs"} == {
        "multiply-accumulates",  # a way to count, which the record explains
        "training error on the fly, 15,000 patterns",
        "training error on the fly, 30,000 patterns",
        TEST_ERROR_DISTORTED.name,
        MISCLASSIFIED.name,
        *(f"Fig. 13's inputs read, {run.title}" for run in (DISTORTED, NOISE, WHOLE)),
        "strings of Figs. 25 and 26 read",
    }
    for row in compared:
        if row.unit and row.verdict == "differs":
            less = "read" in row.quantity or "30,000" in row.quantity
            assert (row.here < row.paper) == less


def test_the_python_of_the_readme_runs_and_prints_what_it_says(text, tmp_path):
    (code,) = blocks(text, "python")
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    expected = re.findall(r"^print\(.+\)  # (.+)$", code, re.MULTILINE)
    assert ran.stdout.splitlines() == expected
    assert len(expected) == code.count("print(") == 2
    assert (tmp_path / "lenet1.npz").exists()


@pytest.mark.parametrize("page", [README, RECORD], ids=["README", "record"])
def test_every_picture_and_every_link_leads_somewhere(page):
    targets = re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    assert targets
    for target in targets:
        if target.startswith("http"):
            continue
        path, _, anchor = target.partition("#")
        there = page.parent / path if path else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there.read_text(encoding="utf-8")), target


def test_the_map_names_every_folder_and_where_each_equation_is(text):
    package = ROOT / "lenet98"
    folders = re.findall(r"^\| \[(\w+)\]\(lenet98/\1\) ", text, re.MULTILINE)
    assert sorted(folders) == sorted(path.parent.name for path in package.glob("*/__init__.py"))
    rows = [row.split("|") for row in text.splitlines() if row.startswith("| [")]
    found = [(re.findall(r"\w+", row[1])[0], code) for row in rows for code in quoted(row[3])]
    assert len(found) == 6
    for folder, code in found:
        module, *names = code.split(".")
        there = importlib.import_module(f"lenet98.{folder}.{module}")
        for name in names:
            there = getattr(there, name)


def test_every_file_and_every_public_name_in_code_marks_is_there(text):
    for code in set(quoted(text)):
        if path := re.search(r"\w+/\S+\.(py|md)$", code):
            assert any((root / path[0]).exists() for root in (ROOT, ROOT / "lenet98")), code
        if re.fullmatch(r"\w+\(\)|Row|build", code):
            assert code.removesuffix("()") in lenet98.__all__


def test_the_commands_that_a_clean_clone_is_checked_by_stand_first(text):
    first, second, *_ = blocks(text, "sh")
    assert first == "python -m pip install --quiet . && python reproduce.py\n"
    assert second == "python -m pip install --quiet '.[test]' && python -m pytest\n"


def quoted(text):
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)
