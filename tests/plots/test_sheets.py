import numpy as np
import pytest
from drawings import DIGITS, IMAGES, RNG, pictures, reproduction, strings
from matplotlib.patches import Rectangle

from lenet98.paper import codes, published
from lenet98.plots.sheets import draw_distortions, fig3, fig4, fig7, fig8


def test_fig3_shows_all_codes_in_order():
    (picture,) = pictures(fig3(reproduction()))
    bitmaps = codes.bitmaps()
    np.testing.assert_array_equal(picture[:12, 9:16], bitmaps[1])
    np.testing.assert_array_equal(picture[14:26, :7], bitmaps[ord("0") - codes.FIRST])
    assert np.isfinite(picture).sum() == bitmaps.size == 96 * 84


def test_fig4_shows_the_first_100_patterns_ten_a_row():
    (picture,) = pictures(fig4(reproduction()))
    np.testing.assert_array_equal(picture[29:57, 58:86], IMAGES[12])
    assert np.isfinite(picture).sum() == 100 * 28 * 28


def test_fig7_shows_each_original_in_the_row_of_its_distortions():
    distorted = RNG.uniform(0, 255, (3, 4, 32, 32))
    column, grid = pictures(draw_distortions(IMAGES[:3], distorted, "mnist"))
    np.testing.assert_array_equal(column[36:64, 2:30], IMAGES[1])
    np.testing.assert_array_equal(grid[34:66, 68:100], distorted[1, 2])
    assert np.isfinite(grid).sum() == distorted.size


def test_fig7_distorts_the_papers_patterns_and_elsewhere_one_of_each_class():
    for data, indices in (("mnist", published.FIG7_TRAIN_INDICES), ("strokes", range(10))):
        column, grid = pictures(fig7(reproduction(data)))
        for place, index in enumerate(indices):
            framed = column[34 * place : 34 * place + 32]
            np.testing.assert_array_equal(framed[2:30, 2:30], DIGITS.train_images[index])
        distorted = [grid[:32, 34 * k : 34 * k + 32] for k in range(10)]
        assert np.isfinite(distorted).all()
        assert len({picture.tobytes() for picture in distorted}) == 10


@pytest.mark.parametrize("count", [1, 150])
def test_fig8_shows_and_captions_every_error(count):
    errors = [(n, n % 10, (n + 1) % 10) for n in range(count)]
    page = fig8(reproduction("strokes", errors=errors))
    shown = pictures(page)
    assert len(shown) == count
    np.testing.assert_array_equal(shown[-1], IMAGES[count - 1])
    captions = [text for text in strings(page)[2:] if "→" in text]
    assert captions == [f"{true}→{answer}" for _, true, answer in errors]


def test_fig8_frames_those_that_the_1998_network_missed():
    many = DIGITS._replace(test_images=np.zeros((300, 28, 28), np.uint8))
    errors = [(246, 4, 6), (247, 4, 9), (248, 1, 7)]
    for data, framed in (("mnist", [0, 1, 0]), ("strokes", [0, 0, 0])):
        page = fig8(reproduction(data, errors=errors, digits=many))
        frames = [sum(isinstance(p, Rectangle) for p in axes.patches) for axes in page.axes]
        assert frames == framed
        weights = [text.get_weight() == "bold" for text in page.texts[2:]]
        assert weights == [bool(frame) for frame in framed]
    assert "the 1 that" in fig8(reproduction(errors=errors, digits=many)).texts[1].get_text()
