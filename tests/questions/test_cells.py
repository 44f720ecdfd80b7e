import json
import threading
import time

import pytest

from lenet98.questions import cells as cells_module
from lenet98.questions.cells import Cell, Found, found_by
from lenet98.questions.time_left import TimeLeft
from lenet98.reproduction.machines import OneMachine
from lenet98.storage.claims import claim


def counting(name, computed, line=""):
    def compute(data, go_on):
        go_on()
        computed.append(name)
        return Found({"of": name}, line)

    return Cell([name], compute)


def test_what_is_found_is_kept_and_not_computed_again(tmp_path):
    computed, told = [], []
    cells = [counting(name, computed, line=name) for name in "abc"]
    found = found_by(cells, tmp_path / "new", OneMachine(2), told.append)
    assert found == [{"of": "a"}, {"of": "b"}, {"of": "c"}]
    assert sorted(computed) == ["a", "b", "c"]
    assert sorted(line[0] for line in told) == ["a", "b", "c"]
    assert found_by(cells[::-1], tmp_path / "new", OneMachine(1), told.append) == found[::-1]
    assert (len(computed), len(told)) == (3, 3)
    kept = [json.loads(path.read_text()) for path in (tmp_path / "new").iterdir()]
    assert sorted(one["key"] for one in kept) == [["a"], ["b"], ["c"]]


def test_a_finished_cell_lies_where_it_always_lay(tmp_path):
    cell = counting("a", [])._replace(key=["run", {"b": 1, "a": [0.5, None]}])
    found_by([cell], tmp_path, OneMachine(1), str)
    (path,) = tmp_path.iterdir()
    # SHA-256 of the key as JSON, names in order.
    assert path.name == "8b9f1550401d7d53bcad.json"
    assert path.read_text() == '{"key": ["run", {"a": [0.5, null], "b": 1}], "found": {"of": "a"}}'


def test_a_cell_has_its_data_and_arguments_and_leaves_its_files(tmp_path):
    def compute(data, one, other, go_on):
        return Found([*data, one, other], files=(("left.bin", b"left"),))

    cell = Cell(["a"], compute, [1], (2, 3))
    assert found_by([cell], tmp_path, OneMachine(1), str) == [[1, 2, 3]]
    assert (tmp_path / "left.bin").read_bytes() == b"left"


def test_the_longest_begins_first(tmp_path):
    begun = []
    minutes = {"a": 1.0, "b": 3.0, "c": 2.0, "d": 3.0}
    cells = [counting(name, begun)._replace(minutes=long) for name, long in minutes.items()]
    found = found_by(cells, tmp_path, OneMachine(1), str)
    assert begun == ["b", "d", "c", "a"]
    assert found == [{"of": name} for name in minutes]


def test_one_with_nothing_to_say_is_silent(tmp_path):
    told = []
    found_by([counting("a", [])], tmp_path, OneMachine(1), told.append)
    assert told == []


def test_what_fails_is_not_kept_and_what_was_finished_is(tmp_path):
    def fail(data, go_on):
        raise ValueError("no")

    cells = [counting("a", []), Cell(["b"], fail), counting("c", [])]
    with pytest.raises(ValueError, match="no"):
        found_by(cells, tmp_path, OneMachine(1), str)
    kept = [json.loads(path.read_text())["found"] for path in tmp_path.iterdir()]
    assert kept == [{"of": "a"}]


def test_a_cell_that_is_asked_twice_is_computed_once(tmp_path, short_turns):
    computed = []
    cells = [counting("a", computed), counting("a", computed)]
    assert found_by(cells, tmp_path, OneMachine(2), str) == [{"of": "a"}] * 2
    assert computed == ["a"]


def test_a_cell_that_another_finished_before_it_was_claimed_is_not_computed(
    tmp_path, short_turns, monkeypatch
):
    def late(path):
        path.write_text('{"key": ["a"], "found": "of another"}')
        return claim(path)

    computed = []
    monkeypatch.setattr(cells_module, "claim", late)
    found = found_by([counting("a", computed)], tmp_path, OneMachine(1), str)
    assert (found, computed) == (["of another"], [])


def test_what_another_finished_meanwhile_is_kept(tmp_path):
    def compute(data, go_on):
        (tmp_path / cells_module._name(cell)).write_text('{"key": ["a"], "found": "of another"}')
        return Found("of this one", files=(("left.bin", b"left"),))

    cell = Cell(["a"], compute)
    assert found_by([cell], tmp_path, OneMachine(1), str) == ["of another"]
    assert not (tmp_path / "left.bin").exists()


@pytest.fixture
def short_turns(monkeypatch):
    monkeypatch.setattr(cells_module, "TURN_SECONDS", 0.01)


def test_two_sweeps_into_one_folder_share_the_cells(tmp_path, short_turns):
    computed, both = [], threading.Barrier(2, timeout=30)

    def compute(data, name, go_on):
        if name < 2:
            both.wait()  # so that either sweep has one of the first two
        computed.append(name)
        return Found(name)

    cells = [Cell([name], compute, None, (name,)) for name in range(6)]
    found = {}

    def sweep(which, cells):
        found[which] = found_by(cells, tmp_path, OneMachine(1), str)

    sweeps = [threading.Thread(target=sweep, args=(k, cells[:: 1 - 2 * k])) for k in range(2)]
    for one in sweeps:
        one.start()
    for one in sweeps:
        one.join()
    assert sorted(computed) == [*range(6)]
    assert found == {0: [*range(6)], 1: [*range(6)][::-1]}
    assert len([*tmp_path.iterdir()]) == 6  # no claim is left


def test_a_cell_of_a_sweep_that_ended_is_computed_by_the_other(tmp_path, short_turns):
    computed = []
    cell = counting("a", computed)
    held = claim(tmp_path / cells_module._name(cell))
    done = threading.Thread(target=found_by, args=([cell], tmp_path, OneMachine(1), str))
    done.start()
    time.sleep(0.1)
    assert computed == []
    held.let_go()
    done.join(30)
    assert computed == ["a"]


def test_the_time_left_is_what_is_expected_at_the_pace_so_far():
    left = TimeLeft([10, 20, 30])
    assert left.on(2) == "0 of 3, about 30 minutes left"
    left.finished(10, 20 * 60)  # half as fast as expected
    assert left.on(2) == "1 of 3, about 50 minutes left"
    assert left.on(4) == "1 of 3, about 25 minutes left"
    assert left.on(0) == left.on(1)  # nobody is there yet
    left.finished(30, None)  # found, which says nothing of the pace
    assert left.on(2) == "2 of 3, about 20 minutes left"
    left.finished(20, 40 * 60)
    assert left.on(2) == "3 of 3, about 0 minutes left"
