"""The drawing of what kernels make of a picture."""

import numpy as np
import pytest

from lenet98.errors import ConfigurationError
from lenet98.modern import correlate, max_pool, relu
from lenet98.modern.bank import Bank, edge_bank, learned_bank
from lenet98.plots.maps import HEIGHT, WIDTH, draw_maps
from lenet98.plots.page import style

RNG = np.random.default_rng(0)


def pictures(page):
    """The arrays that are shown, from the first drawn to the last."""
    return [np.ma.getdata(axes.images[0].get_array()) for axes in page.axes]


def texts(page):
    return [text.get_text() for text in page.texts]


def test_each_kernel_has_a_row_of_what_it_makes():
    picture, bank = RNG.random((1, 20, 24)), edge_bank(1)
    page = draw_maps(picture, bank, "photo.png")
    shown, *rows = pictures(page)
    np.testing.assert_array_equal(shown, -picture[0])
    correlated = correlate(picture, bank.kernels)
    assert len(rows) == 4 * len(bank.names)
    for k in range(len(bank.names)):
        kernel, *maps = rows[4 * k : 4 * k + 4]
        np.testing.assert_allclose(kernel, bank.kernels[k, 0] / np.abs(bank.kernels[k]).max())
        expected = correlated[k], relu(correlated)[k], max_pool(relu(correlated), 2)[k]
        for found, one in zip(maps, expected, strict=True):
            np.testing.assert_array_equal(found, one)
    assert texts(page)[0] == "The maps of photo.png"
    assert {*bank.names, "picture", "convolution", "ReLU", "max-pooling 2x2"} <= {*texts(page)}


def test_grey_is_0_after_the_convolution_and_white_after_relu():
    picture = RNG.random((1, 20, 24))
    page = draw_maps(picture, edge_bank(1), "photo.png")
    for k in range(5):
        _, convolution, rectified, pooled = (
            axes.images[0].get_clim() for axes in page.axes[1 + 4 * k :][:4]
        )
        greatest = np.abs(correlate(picture, edge_bank(1).kernels)[k]).max()
        assert convolution == (-greatest, greatest)
        assert rectified == pooled == (0, greatest)


def test_a_colour_picture_shows_its_three_maps_and_each_kernel_s_parts():
    picture = RNG.random((3, 20, 24))
    page = draw_maps(picture, edge_bank(3), "photo.png")
    assert {"red", "green", "blue"} <= {*texts(page)}
    assert len(page.axes) == 3 + 4 * 5
    assert pictures(page)[3].shape == (3, 3)  # one is all of them
    own = Bank(["mine"], RNG.normal(size=(1, 3, 3, 3)))
    kernels = pictures(draw_maps(picture, own, "photo.png"))[3]
    assert kernels.shape == (11, 3)


def test_what_takes_ink_is_given_ink():
    picture, bank = RNG.random((1, 20, 24)), learned_bank(1)
    shown = pictures(draw_maps(picture, bank, "digit.png"))
    np.testing.assert_array_equal(shown[2], correlate(1 - picture, bank.kernels)[0])


@pytest.mark.parametrize("size", [(5, 5), (28, 28), (HEIGHT, 60), (30, WIDTH), (HEIGHT, WIDTH)])
@pytest.mark.parametrize("maps", [1, 3])
def test_nothing_reaches_over_the_page_or_over_something_else(size, maps):
    bank = Bank(["a", "b"], RNG.normal(size=(2, maps, 3, 3)))
    page = draw_maps(RNG.random((maps, *size)), bank, "photo.png")
    boxes = [axes.get_position() for axes in page.axes]
    assert round(page.get_figwidth() * style.DOTS_PER_INCH) == style.WIDTH
    for k, box in enumerate(boxes):
        assert 0 <= box.x0 < box.x1 <= 1
        assert 0 <= box.y0 < box.y1 <= 1
        for other in boxes[:k]:
            apart = box.x0 >= other.x1 or other.x0 >= box.x1
            assert apart or box.y0 >= other.y1 or other.y0 >= box.y1


def test_an_even_surface_is_drawn():
    page = draw_maps(np.ones((1, 9, 9)), Bank(["none"], np.zeros((1, 1, 3, 3))), "white.png")
    assert all(np.isfinite(picture).all() for picture in pictures(page))


def test_kernels_larger_than_the_picture_are_refused():
    bank = Bank(["wide"], np.ones((1, 1, 7, 7)))
    with pytest.raises(ConfigurationError, match="a picture of 8 x 8 pixels or more.*found 7 x 9"):
        draw_maps(np.ones((1, 7, 9)), bank, "small.png")
    draw_maps(np.ones((1, 8, 8)), bank, "least.png")
