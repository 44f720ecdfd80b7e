import re

from record import README, ROOT

from lenet98.version import VERSION

CITATION = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
PACKAGE, PAPER = CITATION.split("preferred-citation:\n")
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def value_of(name, text):
    (found,) = re.findall(rf"^ *(?:- )?{name}: (.+)$", text, re.MULTILINE)
    return found.strip('"')


def test_the_package_is_cited_with_its_version_and_its_licence():
    assert value_of("cff-version", PACKAGE) == "1.2.0"
    assert value_of("version", PACKAGE.replace("cff-version", "cff")) == VERSION
    assert value_of("license", PACKAGE) == "MIT"
    assert value_of("name", PACKAGE) == "the lenet98 authors"
    assert 'authors = [{ name = "the lenet98 authors" }]' in PROJECT
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")


def test_the_paper_is_cited_where_it_was_printed():
    assert value_of("type", PAPER) == "article"
    assert re.findall(r"family-names: (\w+)", PAPER) == ["LeCun", "Bottou", "Bengio", "Haffner"]
    printed = ("journal", "volume", "issue", "start", "end", "month", "year", "doi")
    assert [value_of(name, PAPER) for name in printed] == [
        *("Proceedings of the IEEE", "86", "11", "2278", "2324", "11", "1998"),
        "10.1109/5.726791",
    ]


def test_the_readme_names_the_same_paper():
    title, readme = value_of("title", PAPER), README.read_text(encoding="utf-8")
    assert f"[{title}](http://yann.lecun.com/exdb/publis/pdf/lecun-01a.pdf)" in readme
    assert "Proceedings of the IEEE 86(11), pp. 2278-2324, November 1998" in readme


def test_a_citation_indents_by_spaces_and_has_a_value_on_every_line():
    for line in CITATION.splitlines():
        assert re.fullmatch(r"(  )*(- )?[a-z-]+:( \S.*)?", line), line
