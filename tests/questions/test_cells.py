import json

import pytest

from lenet98.questions.cells import Cell, found_by
from lenet98.questions.time_left import TimeLeft


def counting(name, computed, **changes):
    def compute(go_on):
        go_on()
        computed.append(name)
        return {"of": name}

    return Cell([name], compute, **changes)


def test_what_is_found_is_kept_and_not_computed_again(tmp_path):
    computed, told = [], []
    cells = [counting(name, computed, say=lambda found: found["of"]) for name in "abc"]
    found = found_by(cells, tmp_path / "new", 2, told.append)
    assert found == [{"of": "a"}, {"of": "b"}, {"of": "c"}]
    assert sorted(computed) == ["a", "b", "c"]
    assert sorted(line[0] for line in told) == ["a", "b", "c"]
    assert found_by(cells[::-1], tmp_path / "new", 1, told.append) == found[::-1]
    assert (len(computed), len(told)) == (3, 3)
    kept = [json.loads(path.read_text()) for path in (tmp_path / "new").iterdir()]
    assert sorted(one["key"] for one in kept) == [["a"], ["b"], ["c"]]


def test_one_with_nothing_to_say_is_silent(tmp_path):
    told = []
    found_by([counting("a", [])], tmp_path, 1, told.append)
    assert told == []


def test_what_fails_is_not_kept(tmp_path):
    def fail(go_on):
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        found_by([Cell(["a"], fail)], tmp_path, 1, str)
    assert not [*tmp_path.iterdir()]


def test_the_time_left_is_what_is_expected_at_the_pace_so_far():
    left = TimeLeft([10, 20, 30], cores=2)
    assert str(left) == "0 of 3, about 30 minutes left"
    left.finished(10, 20 * 60)  # half as fast as expected
    assert str(left) == "1 of 3, about 50 minutes left"
    left.finished(30, None)  # found, which says nothing of the pace
    assert str(left) == "2 of 3, about 20 minutes left"
    left.finished(20, 40 * 60)
    assert str(left) == "3 of 3, about 0 minutes left"
