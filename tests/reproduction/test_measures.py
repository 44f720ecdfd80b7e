import numpy as np

from lenet98.reproduction import digit_strings, invariance, measures, printed
from lenet98.reproduction.measures import MEASURES, measure


def test_every_measure_has_the_name_that_its_readers_ask_for():
    assert dict(MEASURES) == {
        "printed": printed.measure,
        "invariance": invariance.measure,
        "strings": digit_strings.measure,
    }


def test_each_measure_draws_from_the_seed_by_itself(monkeypatch):
    def ask(network, digits, rng):
        return {"asked": (network, digits, rng.random())}

    monkeypatch.setattr(measures, "MEASURES", dict.fromkeys("abc", ask))
    drawn = np.random.default_rng(5).random()
    expected = {"asked": ("network", "digits", drawn)}
    assert measure("ca", "network", "digits", 5) == {"c": expected, "a": expected}
