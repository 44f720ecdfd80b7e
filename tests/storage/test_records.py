from dataclasses import dataclass

import pytest

from lenet98.errors import DataError
from lenet98.storage.records import read_records, write_records


@dataclass(frozen=True)
class Kept:
    error: float
    curve: list[list[float]]


FOUND = {"LeNet-4": [Kept(1.1, [[0.0, 1.1], [10.0, 0.2]]), Kept(1.2, [])], "none": []}


def test_records_survive_a_file(tmp_path):
    write_records(tmp_path / "kept.json", FOUND)
    assert read_records(tmp_path / "kept.json", Kept, "kept things") == FOUND


@pytest.mark.parametrize(
    "content", ["", "[]", '{"a": 1}', '{"a": [{"error": 1}]}', '{"a": [{"error": 1, "more": 2}]}']
)
def test_what_are_no_such_records_is_refused(tmp_path, content):
    (tmp_path / "kept.json").write_text(content)
    with pytest.raises(DataError, match="expected kept things as reproduce.py writes them"):
        read_records(tmp_path / "kept.json", Kept, "kept things")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match="kept.json: cannot read the kept things"):
        read_records(tmp_path / "kept.json", Kept, "kept things")
