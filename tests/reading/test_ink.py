"""Whether what stands out from the paper is ink."""

import numpy as np
import pytest

from lenet98.errors import NoInkError, PatternError
from lenet98.reading.ink import Seen, seen_both_ways


def seen(relief, noise=0.0):
    relief = np.asarray(relief, np.float32)
    return Seen(255 - relief, relief, noise, relief)


def bar(top, bottom, side=200, height=100.0):
    """A stroke from side to side but for a twentieth, so many grey levels above the paper."""
    relief = np.zeros((side, side), np.float32)
    relief[top:bottom, side // 20 : -side // 20] = height
    return relief


def ridge(side=200, part=0.9):
    """What rises and falls as the edge of a shadow does; part of the image wide."""
    reach = round(part * side / 2)
    rows = np.arange(side)[:, None] - side / 2
    columns = np.abs(np.arange(side) + 0.5 - side / 2)
    return np.where(columns < reach, 100 * np.exp(-12 * np.abs(rows) / side), 0)


def tiny():
    """A stroke a pixel wide, and its soft edges."""
    relief = np.zeros((19, 19), np.float32)
    relief[6:12, 1:-1] = np.array([30, 60, 100, 60, 50, 30])[:, None]
    return relief


def demand(relief, noise=0.0):
    one = seen(relief, noise)
    one.demand_strokes(one.relief > one.least_of_ink())


def test_a_few_pixels_are_not_the_blackest_ink():
    relief = bar(80, 120)
    relief[0, :8] = 200
    assert seen(relief).contrast == 100
    relief[0, :9] = 200
    assert seen(relief).contrast == 200


def test_the_core_is_what_is_nearly_as_black_as_the_blackest():
    relief = bar(80, 120)
    relief[80:90] *= 0.7
    assert seen(relief).core(relief > 0) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("height", "noise", "refusal"),
    [(19, 0, NoInkError), (19, 10, NoInkError), (90, 19, NoInkError), (150, 31, PatternError)],
)
def test_what_hardly_stands_out_is_refused(height, noise, refusal):
    with pytest.raises(PatternError) as raised:
        seen(bar(80, 120, height=height), noise).least_of_ink()
    assert raised.type is refusal


def test_ink_stands_out_by_a_fifth_and_by_five_deviations():
    assert seen(bar(80, 120), 1).least_of_ink() == pytest.approx(20)
    assert seen(bar(80, 120), 10).least_of_ink() == pytest.approx(50)


def test_a_shade_across_the_image_is_refused():
    with pytest.raises(PatternError, match="expected strokes, found soft shades") as refusal:
        demand(ridge())
    assert refusal.type is not NoInkError


@pytest.mark.parametrize(
    "relief",
    [bar(80, 120), ridge(part=0.7), tiny()],
    ids=["with a core", "with paper around", "tiny"],
)
def test_what_may_be_written_is_no_shade(relief):
    demand(relief)


def test_a_speck_in_noise_is_refused():
    speck = np.zeros((200, 200), np.float32)
    speck[90:120, 90:110] = 100
    with pytest.raises(PatternError, match="found noise of 9 grey levels"):
        demand(speck, noise=9)
    demand(speck, noise=8)
    speck[70:120] = speck[90]
    demand(speck, noise=9)


def test_soft_edges_are_kept_and_grain_is_not():
    relief = bar(80, 120)
    relief[79], relief[120], relief[121] = 0.5 * relief[80], 0.1 * relief[80], 0.5 * relief[80]
    ink = seen(relief, 4).cut_out(relief == 100)
    assert ink.dtype == np.float32
    assert ink[78:123, 100].tolist() == [0, 127.5] + 40 * [255] + [0, 0, 0]


PAPER = np.full((200, 200), 128, np.float32)


def test_ink_is_sought_both_ways_where_it_stands_out_more_first():
    image = PAPER.copy()
    image[40:60, 40:160], image[120:140, 40:160] = 28, 188
    contrasts = seen_both_ways(image, lambda one: round(one.contrast))
    assert contrasts == [100, 60]


def test_one_way_is_enough():
    image = PAPER.copy()
    image[40:60, 40:160] = 28

    assert seen_both_ways(image, lambda one: one.least_of_ink()) == [pytest.approx(20)]
    with pytest.raises(PatternError, match="found 0"):
        seen_both_ways(PAPER, lambda one: one.least_of_ink())
