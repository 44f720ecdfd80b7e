import json

import numba
import pytest
from regression import STORED, measure

# Another instruction set rounds otherwise. Parameters changed at the start by 3e-7 of themselves,
# or one pixel of one pattern by one grey level, move losses by 4e-7, rates by 5e-7 and parameters
# by 3e-7. A change of mu by one part in a hundred moves them by 3e-4, 1e-2 and 5e-5.
RELATIVE = 1e-5
PARAMETERS = 1e-5
ONE_TEST_PATTERN, ONE_TRAINING_PATTERN = 1.01, 0.34
TOLERANCES = {
    "test_error": {"abs": ONE_TEST_PATTERN},
    "train_error_on_the_fly": {"abs": ONE_TRAINING_PATTERN},
    "parameters": {"abs": PARAMETERS},
}


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="trains, which takes compilation")
def test_three_passes_give_what_they_gave():
    stored, found = json.loads(STORED.read_text()), measure()
    assert stored.keys() == found.keys()
    for name in stored:
        tolerance = TOLERANCES.get(name, {"rel": RELATIVE})
        assert found[name] == pytest.approx(stored[name], **tolerance), name
