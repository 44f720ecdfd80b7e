import logging
import threading

import pytest

from lenet98.storage import compiling
from lenet98.storage.compiling import BEGINS, ENDS, LOG, told_when_long

LONG = 30


@pytest.fixture
def told(monkeypatch):
    """Do not wait, but for what is told."""
    monkeypatch.setattr(compiling, "PATIENCE", 0.01)
    return threading.Event()


def test_it_is_told_when_something_has_been_compiling_for_a_while(told):
    with told_when_long(told.set):
        LOG.info(BEGINS, "outer")
        LOG.info(BEGINS, "inner")
        LOG.info(ENDS, "inner")
        assert told.wait(LONG)


def test_it_is_told_once(told):
    times = []

    def tell():
        times.append(1)
        told.set()

    with told_when_long(tell):
        LOG.info(BEGINS, "one")
        assert told.wait(LONG)
        LOG.info(ENDS, "one")
        told.clear()
        LOG.info(BEGINS, "other")
        assert not told.wait(0.1)
    assert times == [1]


def test_the_next_may_be_told_where_the_first_was_short(told, monkeypatch):
    monkeypatch.setattr(compiling, "PATIENCE", 0.2)
    with told_when_long(told.set):
        LOG.info(BEGINS, "short")
        LOG.info(ENDS, "short")
        assert not told.wait(0.4)
        LOG.info(BEGINS, "long")
        assert told.wait(LONG)


def test_nothing_is_told_behind_the_end(told, monkeypatch):
    monkeypatch.setattr(compiling, "PATIENCE", 0.2)
    with told_when_long(told.set):
        LOG.info(BEGINS, "broken off")
    LOG.info(BEGINS, "other")
    assert not told.wait(0.4)


def test_the_log_is_left_as_it_was():
    handlers = list(LOG.handlers)
    with told_when_long(lambda: None):
        assert LOG.isEnabledFor(logging.INFO)
    assert (LOG.handlers, LOG.level) == (handlers, logging.NOTSET)
