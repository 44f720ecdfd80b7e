"""Tasks that go on side by side, and end together when one of them fails."""

import threading
import time
from concurrent.futures import as_completed

import pytest

from lenet98.reproduction.side_by_side import GRACE_SECONDS, StoppedError, in_threads


def side_by_side(work, tasks, cores):
    """Return what each task found, or raise what the first to fail raised."""
    with in_threads(cores) as submit:
        futures = [submit(work, task) for task in tasks]
        for future in as_completed(futures):
            future.result()
        return [future.result() for future in futures]


def test_what_each_task_found_comes_in_the_order_of_the_tasks():
    def work(task, go_on):
        go_on()
        time.sleep(0.02 * task)
        return 10 * task

    assert side_by_side(work, [3, 0, 2, 1], 4) == [30, 0, 20, 10]
    assert side_by_side(work, [], 2) == []


def test_no_more_tasks_go_on_than_there_are_cores():
    lock, under_way, most = threading.Lock(), [], []

    def work(task, go_on):
        with lock:
            under_way.append(task)
            most.append(len(under_way))
        time.sleep(0.02)
        with lock:
            under_way.remove(task)

    side_by_side(work, range(8), 2)
    assert max(most) == 2


def test_when_one_fails_its_error_is_raised_and_the_others_stop():
    begun, stopped, another = [], [], threading.Event()

    def work(task, go_on):
        begun.append(task)
        if task == 0:
            another.wait(30)
            raise ValueError("of the first")
        another.set()
        try:
            while True:
                go_on()
                time.sleep(0.001)
        except StoppedError:
            stopped.append(task)
            raise

    with pytest.raises(ValueError, match="of the first"):
        side_by_side(work, range(20), 2)
    assert sorted(stopped) == sorted(task for task in begun if task)  # which is first, is chance
    assert len(begun) < 20  # those that wait for a core never begin


def test_a_task_deaf_to_being_stopped_is_not_waited_for_long():
    begun, release = threading.Event(), threading.Event()

    def work(task, go_on):
        if task:
            begun.set()
            release.wait(30)
        else:
            begun.wait(30)
            raise ValueError

    begin = time.monotonic()
    with pytest.raises(ValueError):  # noqa: PT011
        side_by_side(work, [0, 1], 2)
    took = time.monotonic() - begin
    release.set()
    assert 1.0 == GRACE_SECONDS <= took < 10
