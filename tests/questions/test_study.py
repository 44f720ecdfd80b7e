import json
from dataclasses import replace

import pytest

from lenet98.data.strokes import draw_digits
from lenet98.errors import DataError
from lenet98.questions import study as module
from lenet98.questions.study import Bench, study, where_made
from lenet98.reproduction.data_sets import STROKES, DataSet


@study("asked", "an answer", takes="no time")
def asked(bench):
    return f"| {bench.name} |\n"


@study("asked-too", "another", takes="no time")
def asked_too(bench):
    return asked.make(bench)


@pytest.fixture
def bench(tmp_path, monkeypatch):
    dates = iter("abc")
    monkeypatch.setattr(module, "provenance", lambda: {"date": next(dates)})
    digits = draw_digits(n_train=1, n_test=1)
    return Bench("asked", tmp_path, lambda: DataSet(STROKES, digits), tell=str)


def test_a_study_writes_its_tables_and_where_they_were_made(bench):
    assert where_made(bench.folder) == {}
    assert asked(bench) == bench.file("md").read_text() == "| asked |\n"
    asked_too(replace(bench, name="asked-too"))
    assert where_made(bench.folder) == {"asked": {"date": "a"}, "asked-too": {"date": "b"}}
    asked(bench)
    assert where_made(bench.folder) == {"asked": {"date": "c"}, "asked-too": {"date": "b"}}


def test_what_is_drawn_again_was_made_where_it_was(bench):
    asked(bench)
    asked(replace(bench, again=True))
    assert where_made(bench.folder) == {"asked": {"date": "a"}}


@pytest.mark.parametrize("content", ["", "[1]", '{"asked": 1}'])
def test_another_file_of_that_name_is_refused_and_stays(bench, content):
    path = bench.folder / "studies.json"
    path.write_text(content)
    with pytest.raises(DataError, match="expected places of studies as reproduce"):
        asked(bench)
    assert path.read_text() == content
    assert list(bench.folder.iterdir()) == [path]


def test_the_machine_is_named(tmp_path, bench, monkeypatch):
    monkeypatch.undo()
    asked(bench)
    (made,) = json.loads((tmp_path / "studies.json").read_text()).values()
    assert {"lenet98", "processor", "cores", "date", "git"} <= made.keys()
