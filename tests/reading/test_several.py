"""The ink of a line of digits on paper that is lit unevenly."""

import numpy as np
import pytest
from images import on_paper

from lenet98.errors import NoInkError, PatternError
from lenet98.reading.several import find_line

SHAPE = (200, 500)


def sevens(grey=20.0, paper=200.0):
    """Four sevens side by side, their ink so grey."""
    image = np.full(SHAPE, paper, np.float32)
    for left in range(60, 400, 100):
        image[50:64, left : left + 60] = image[50:150, left + 46 : left + 60] = grey
    return image


INK = sevens() == 20


def rows_and_columns():
    return np.mgrid[-1 : 1 : SHAPE[0] * 1j, -1 : 1 : SHAPE[1] * 1j].astype(np.float32)


def shadow(softness):
    """Light that is half as strong on one side of a slanting edge."""
    y, x = rows_and_columns()
    return 0.5 + 0.5 * np.clip((x + 0.4 * y) / softness + 0.5, 0, 1)


def lamp():
    """A spot of light in the dark, broader than a digit."""
    y, x = rows_and_columns()
    return 0.45 + 0.55 * np.exp(-(y**2 + (x - 0.3) ** 2) / 0.4)


def found(image):
    return find_line(image) > 100


@pytest.mark.parametrize("grey", [20.0, 250.0])
def test_clean_ink_comes_back_as_it_is(grey):
    np.testing.assert_array_equal(find_line(sevens(grey, 135.0)), np.where(INK, 255, 0))


def glow(image):
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    image += 150 * np.exp(-((y - 100) ** 2 + (x - 20) ** 2) / 60**2).astype(np.float32)


def dots(image):
    image[170:190:10, 20:480:20] = image[171:191:10, 20:480:20] = 250


def streak(image):
    image[10:190, 20:30] += 30


@pytest.mark.parametrize("light", [glow, dots, streak], ids=lambda light: light.__name__)
def test_what_is_soft_or_low_or_faint_is_not_taken_for_the_ink(light):
    """Where ink is taken for light: a glow and dots stand out by more, a streak is higher."""
    image = sevens(grey=30.0, paper=100.0)
    light(image)
    assert (found(image) != INK).mean() < 0.1 * INK.mean()


def test_a_lamp_over_blank_paper_is_refused():
    with pytest.raises(PatternError, match="soft shades") as refusal:
        find_line(np.full(SHAPE, 200, np.float32) * lamp())
    assert refusal.type is not NoInkError


@pytest.mark.parametrize("noise", [12, 20])
def test_noise_on_the_paper_of_a_small_line_is_no_ink(noise):
    small = INK[::5, ::5]
    ink = find_line(on_paper(np.where(small, 255, 0), noise=noise, shade=0).astype(np.float32))
    assert (ink[~small] > 0).mean() < 0.01
    assert (ink[small] > 100).mean() > 0.9


@pytest.mark.parametrize(
    ("grey", "refusal"),
    [
        (np.full((40, 40), 255, np.float32), NoInkError),
        (np.full(SHAPE, 200, np.float32) * shadow(0.1), NoInkError),
        (np.pad(np.full((90, 90), 255, np.float32), 5), NoInkError),
        (np.random.default_rng(0).uniform(0, 255, (60, 60)).astype(np.float32), PatternError),
    ],
    ids=["blank", "in the shadow", "a framed sheet", "noise"],
)
def test_blank_is_told_from_unreadable(grey, refusal):
    with pytest.raises(PatternError) as raised:
        find_line(grey)
    assert raised.type is refusal
