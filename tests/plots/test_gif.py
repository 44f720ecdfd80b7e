"""A file of pictures one after the other."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from lenet98.errors import DataError
from lenet98.plots.page import style
from lenet98.plots.page.gif import write_gif

RNG = np.random.default_rng(2)


def read(path):
    with Image.open(path) as film:
        pictures = []
        for number in range(film.n_frames):
            film.seek(number)
            pictures.append(np.asarray(film.convert("RGB")))
        return pictures, film.info


def test_greys_and_the_two_colours_come_back_in_order_and_in_time(tmp_path):
    greys = [np.repeat(RNG.integers(256, size=(20, 30, 1)), 3, axis=2) for _ in range(3)]
    pictures = [grey.astype(np.uint8) for grey in greys]
    colours = [np.rint(255 * np.array(to_rgb(name))) for name in (style.TEST, style.TRAINING)]
    for picture, colour in zip(pictures, colours, strict=False):
        picture[5:9, 5:9] = colour
    for picture in pictures:
        picture[0], picture[1] = 255, 0
    write_gif(tmp_path / "film.gif", iter(pictures), 0.08)
    back, about = read(tmp_path / "film.gif")
    assert len(back) == 3
    assert about["loop"] == 0
    assert about["duration"] == 80
    for picture, one in zip(pictures, back, strict=True):
        # Half of a step between two of twenty greys; Pillow looks up four levels together.
        assert np.abs(one.astype(int) - picture).max() <= 255 / 19 / 2 + 4
        assert (one[0] == 255).all()
        assert (one[1] == 0).all()
    for one, colour in zip(back, colours, strict=False):
        np.testing.assert_array_equal(one[6, 6], colour)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DataError, match=r"film\.gif"):
        write_gif(tmp_path / "no" / "film.gif", [np.zeros((4, 4, 3), np.uint8)], 0.1)
