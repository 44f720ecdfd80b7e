"""A few pictures of every kind that people make of their digits, read as a whole.

`measure_pictures.py` measures many.
"""

from collections import Counter

import numpy as np
import pytest
from conditions import KINDS
from hands import Hand
from measure_pictures import outcome

from lenet98 import LeNet5

EACH = 2
NETWORK = LeNet5.pretrained("distorted")
NO_DIGITS = ("letters", "scribbles", "clouds", "noise")
"""Some of which look like digits."""


@pytest.fixture(scope="module")
def outcomes():
    return Counter()


@pytest.mark.parametrize("name", KINDS)
def test_of_every_kind_some_are_read_and_none_read_wrong(name, tmp_path, outcomes):
    rng = np.random.default_rng([2, *name.encode()])
    pictures = [KINDS[name](rng, Hand(rng)) for _ in range(EACH)]
    found = Counter(outcome(tmp_path / "digit", picture, NETWORK) for picture in pictures)
    outcomes.update(found)
    assert found["right"] >= 1
    assert found["wrong"] == 0 or name in NO_DIGITS


def test_of_all_kinds_hardly_any_is_not_read(outcomes):
    if outcomes.total() < EACH * len(KINDS):
        pytest.skip("of some kinds only")
    assert outcomes["right"] >= 0.93 * outcomes.total()
    assert outcomes["wrong"] <= 0.03 * outcomes.total()
