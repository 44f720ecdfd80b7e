"""Grey levels from colours and alpha."""

import numpy as np
import pytest

from lenet98.reading.colours import grey_of

INK = np.zeros((20, 20), bool)
INK[4:16, 9:12] = True


def painted(paper, pen):
    return np.where(INK[..., None], np.uint8(pen), np.uint8(paper)).astype(np.uint8)


def contrast(grey):
    return abs(float(grey[INK].mean() - grey[~INK].mean()))


def test_grey_is_brightness_where_that_tells_ink_from_paper():
    grey = grey_of(painted((255, 255, 255), (0, 0, 255)), 1)
    np.testing.assert_allclose(grey[INK], 0.114 * 255, rtol=1e-5)
    np.testing.assert_allclose(grey[~INK], 255, rtol=1e-5)


@pytest.mark.parametrize(
    ("paper", "pen"), [((70, 150, 90), (232, 58, 60)), ((90, 130, 220), (200, 110, 60))]
)
def test_ink_as_bright_as_its_paper_is_told_by_its_colour(paper, pen):
    assert abs(float((np.subtract(paper, pen) * (0.299, 0.587, 0.114)).sum())) < 25
    for one in (painted(paper, pen), painted(pen, paper)):
        assert contrast(grey_of(one, 1)) > 200


def test_the_tint_of_half_the_paper_turns_no_colour_away_from_the_ink():
    pixels = painted((70, 150, 90), (232, 58, 60))
    pixels[:, :8] = 55, 147, 150
    assert contrast(grey_of(pixels, 1)) > 200


def test_blocks_are_averaged():
    pixels = np.arange(42, dtype=np.uint8).reshape(6, 7)
    grey = grey_of(pixels, 3)
    assert grey.shape == (2, 2)
    assert grey[0, 0] == pixels[:3, :3].mean()


@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (250, 240, 60)])
@pytest.mark.parametrize("clear", [None, (0, 0, 0), (255, 255, 255)])
def test_of_one_colour_the_alpha_is_the_ink(colour, clear):
    pixels = np.empty((20, 20, 4), np.uint8)
    pixels[..., :3], pixels[..., 3] = colour, 255 * INK
    if clear is not None:
        pixels[~INK, :3] = clear
    np.testing.assert_allclose(grey_of(pixels, 1), np.where(INK, 0, 255), atol=1e-3)


def test_where_colours_tell_what_is_clear_is_white():
    pixels = np.dstack([painted((240, 240, 240), (10, 10, 10)), np.full((20, 20), 255)])
    pixels[:2, :2, 3] = 0
    grey = grey_of(pixels.astype(np.uint8), 1)
    assert (grey[:2, :2] == 255).all()
    assert contrast(grey) > 200
