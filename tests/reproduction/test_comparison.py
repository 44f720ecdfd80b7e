import numpy as np
import pytest

from lenet98.reproduction.comparison import Quantity


def a_quantity(aim, tolerance=0.1, printed=1.0, **changes):
    return Quantity("a number", printed, "%", "Fig. 0", aim, tolerance, **changes)


@pytest.mark.parametrize(
    ("aim", "here", "verdict"),
    [
        ("same", 1.0, "exact"),
        ("same", 1.01, "differs"),
        ("near", 0.9, "agrees"),
        ("near", 1.1, "agrees"),
        ("near", 0.89, "differs"),
        ("near", 1.11, "differs"),
        ("less", 0.9, "agrees"),
        ("less", 1.1, "agrees"),
        ("less", 0.89, "better"),
        ("less", 1.11, "differs"),
    ],
)
def test_each_aim_has_its_verdicts(aim, here, verdict):
    assert a_quantity(aim).judge([here]).verdict == verdict


@pytest.mark.parametrize(
    ("here", "verdict"), [(0.49, "differs"), (0.5, "agrees"), (2.0, "agrees"), (2.01, "differs")]
)
def test_nearness_may_be_by_a_factor(here, verdict):
    row = a_quantity("near", 2.0, factor=True).judge([here])
    assert (row.verdict, row.criterion) == (verdict, "within a factor of 2")


def test_a_claim_without_a_number_is_left_to_the_reader():
    row = a_quantity("claimed", printed=None).judge([3.0, 5.0])
    assert (row.paper, row.here, row.verdict) == (None, 4.0, "claimed")
    assert row.criterion == "nothing: the paper gives no number"


def test_an_overlap_is_held_against_chance():
    quantity = a_quantity("beyond chance", 10, printed=82)
    assert quantity.judge([9], chance=0.8).verdict == "agrees"
    assert quantity.judge([8], chance=0.8).verdict == "differs"
    row = quantity.judge([9], chance=1.0)
    assert row.verdict == "differs"
    assert row.criterion == "over 10 times what chance would give, 1"


def test_the_mean_over_the_seeds_is_judged_and_their_range_kept():
    row = a_quantity("less").judge([0.7, 1.3])
    assert (row.here, row.least, row.greatest) == (1.0, 0.7, 1.3)
    assert (row.verdict, row.criterion) == ("agrees", "within 0.1")


def test_the_last_bit_of_a_mean_does_not_decide():
    errors = (1.05, 1.13, 1.12, 0.87, 1.08)
    assert np.mean(errors) - 0.95 > 0.1  # 1.05 - 0.95, in floats
    assert a_quantity("less", printed=0.95).judge(errors).verdict == "agrees"
