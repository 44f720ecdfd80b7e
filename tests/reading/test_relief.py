"""What stands out from the paper, by how much, and what is paper of another kind."""

import numpy as np
import pytest

from lenet98.reading.paper import Soft, relief_of, smoothed

SIDE = 200
"""Of the images, pixels: windows of 74, 52, 37 and 26 pixels fit strokes."""

PAPER, INK = 200.0, 60.0

ROUGHLY = 0.2
"""Part by which noise may be off: it is that of the plainer tiles, beside a mean of it."""


def sheet(side=SIDE):
    return np.full((side, side), PAPER, np.float32)


def written(left=90, right=110, side=SIDE):
    """An upright stroke that reaches neither edge."""
    grey = sheet(side)
    grey[side // 5 : -side // 5, left:right] = INK
    return grey


def board():
    """A framed dark sheet, and bright strokes so near to one another that a window spans gaps."""
    grey = sheet()
    grey[15:185, 15:185] = INK
    for left in (40, 90, 140):
        grey[20:180, left : left + 20] = PAPER
    return grey


def grained(grey, noise):
    return (grey + np.random.default_rng(1).normal(0, noise, grey.shape)).astype(np.float32)


def clean(grey):
    return Soft(grey, 0.0, grey)


def relief(grey):
    return relief_of(smoothed(grey))


def test_a_clean_image_stays_as_it_is():
    soft = smoothed(written())
    np.testing.assert_array_equal(soft.grey, written())
    np.testing.assert_array_equal(soft.calm, written())
    assert soft.noise == 0


def test_noise_is_smoothed_until_little_is_left():
    soft = smoothed(grained(written(), 5))
    # Means of three by three pixels have a third of the deviation, and 1.5 % of 140 are 2.1.
    assert soft.noise == pytest.approx(5 / 3, rel=ROUGHLY)
    assert soft.grey[:30, :60].std() == pytest.approx(5 / 3, rel=0.1)
    assert soft.calm is soft.grey


def test_an_image_that_is_noisy_even_so_has_a_calmer_one():
    soft = smoothed(grained(written(), 20))
    # No wider windows than of five pixels fit forty times into it.
    assert soft.noise == pytest.approx(20 / 5, rel=ROUGHLY)
    assert soft.calm[:30, :60].std() < 0.9 * soft.grey[:30, :60].std()


def test_edges_all_over_a_small_image_are_no_noise():
    small = written(12, 20, side=32)
    small[6:26, 14:18] = PAPER
    np.testing.assert_array_equal(smoothed(small).grey, small)
    assert smoothed(small).noise == 0


def test_the_negative_has_dark_for_light():
    one, other = np.float32([[1, 2]]), np.float32([[3, 4]])
    negative = Soft(one, 0.5, other).negative()
    np.testing.assert_array_equal(negative.grey, -one)
    np.testing.assert_array_equal(negative.calm, -other)
    assert negative.noise == 0.5


@pytest.mark.parametrize("light", [False, True])
def test_ink_stands_out_by_its_difference_from_the_paper(light):
    soft = smoothed(260 - written() if light else written())
    found = relief_of(soft.negative() if light else soft)
    np.testing.assert_array_equal(found.height, PAPER - written())
    np.testing.assert_array_equal(found.widest, found.height)


def test_ink_in_the_shade_has_the_contrast_of_full_light():
    grey = written()
    grey[:100] *= 0.5
    height = relief(grey).height
    assert height[60, 100] == pytest.approx(PAPER - INK, rel=0.01)
    assert height[140, 100] == PAPER - INK
    assert height[:, :80].max() == height[:, 120:].max() == 0


def test_what_is_nearly_black_paper_is_not_lit_without_end():
    grey = written()
    grey[:100] *= 0.05
    assert relief(grey).height[60, 100] < 4 * 0.05 * (PAPER - INK)


def test_a_narrow_shadow_is_no_ink():
    grey = written(150, 170)
    grey[:, 40:100] -= 60
    found = relief(grey)
    assert found.height[100, 160] == PAPER - INK
    assert found.height[100, 70] == 0
    assert found.widest[100, 70] > 50


def test_a_broad_stroke_is_not_lost_with_the_shadow():
    # A part of it fits a window of 52 pixels, as the shadow does not, and none of 37.
    grey = written(150, 165)
    grey[80:125, 150:195] = INK
    grey[:, 40:100] -= 60
    height = relief(grey).height
    assert height[100, 172] == PAPER - INK
    assert height[100, 70] == 0


def test_most_of_what_is_weak_must_vanish_in_a_smaller_window():
    # One shadow fits a window of 52 pixels, as the stroke does, and one does not.
    grey = written(153, 198)
    grey[:, 10:70] -= 60
    grey[:, 80:125] -= 60
    height = relief(grey).height
    assert height[100, 40] == 0
    assert height[100, 100] > 50


def test_soft_edges_of_ink_are_no_shadow():
    grey = written(80, 120)
    grey[40:160, 75:80] = grey[40:160, 120:125] = 150
    # Gone in smaller windows, as the stroke is: all is taken from the widest.
    np.testing.assert_array_equal(relief(grey).height, PAPER - grey)


def test_a_dark_sheet_between_bright_strokes_is_no_ink():
    assert relief(board()).height.max() < 0.1 * (PAPER - INK)


def test_a_heavy_digit_with_a_small_eye_is_no_sheet():
    grey = sheet()
    grey[50:150, 50:150] = INK
    grey[90:110, 90:110] = PAPER
    assert relief(grey).height[100, 70] == PAPER - INK


def test_ruled_lines_make_no_dark_sheet_of_the_paper():
    grey = written()
    for line in range(0, SIDE, 20):
        grey[line : line + 3] = grey[:, line : line + 3] = INK
    assert relief_of(clean(grey)).height[105, 105] == PAPER - INK


def test_the_paper_is_sought_where_the_image_is_calm():
    specked = written(92, 108)
    specked[::20, ::20] = 255
    height = relief_of(Soft(specked, 5.0, written(92, 108))).height
    assert height[90, 98] == PAPER - INK


def test_paper_does_not_stand_out_by_its_own_grain():
    found = relief(grained(written(), 5))
    assert abs(np.median(found.height)) < 0.1
    assert found.noise == pytest.approx(5 / 3, rel=ROUGHLY)


def test_no_more_than_grain_is_taken_off_where_most_is_ink():
    grey = sheet()
    grey[:, 24:88] = grey[:, 120:184] = INK
    found = relief(grained(grey, 2))
    assert np.median(found.height) > PAPER - INK - 6 * found.noise
