"""Pixels of image files: upright, of any depth."""

import io

import numpy as np
import pytest
from PIL import Image

from lenet98.errors import DataError
from lenet98.reading.pictures import read_pixels

CORNER = np.arange(54, dtype=np.uint8).reshape(6, 9) * 4


@pytest.fixture
def read(tmp_path):
    def _read(image, ending="png", **options):
        path = tmp_path / "digit"
        stream = io.BytesIO()
        image.save(stream, ending, **options)
        path.write_bytes(stream.getvalue())
        return read_pixels(path)

    return _read


@pytest.mark.parametrize(
    ("orientation", "lay"),
    [
        (1, lambda a: a),
        (2, lambda a: a[:, ::-1]),
        (3, lambda a: a[::-1, ::-1]),
        (4, lambda a: a[::-1]),
        (5, lambda a: a.T),
        (6, lambda a: np.rot90(a, 1)),
        (7, lambda a: np.rot90(a.T, 2)),
        (8, lambda a: np.rot90(a, -1)),
    ],
)
def test_a_picture_is_turned_as_its_exif_says(read, orientation, lay):
    exif = Image.Exif()
    exif[0x0112] = orientation
    np.testing.assert_array_equal(read(Image.fromarray(lay(CORNER).copy()), exif=exif), CORNER)


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("ending", ["png", "tiff"])
def test_samples_fill_the_least_depth_that_holds_them(read, bits, ending):
    samples = np.full((6, 9), 2**bits - 1, np.uint16)
    samples[2, 3] = 0
    pixels = read(Image.fromarray(samples), ending)
    np.testing.assert_allclose(pixels, np.where(samples, 255.0, 0.0))


@pytest.mark.parametrize("largest", [1, 255, 65535])
def test_reals_may_end_at_one_or_at_a_depth(read, largest):
    reals = np.linspace(0, largest, 54, dtype=np.float32).reshape(6, 9)
    pixels = read(Image.fromarray(reals), "tiff")
    np.testing.assert_allclose(pixels, reals * (255 / largest), rtol=1e-6)


def test_negative_reals_are_lifted(read):
    reals = np.linspace(-1, 0, 54, dtype=np.float32).reshape(6, 9)
    np.testing.assert_allclose(read(Image.fromarray(reals), "tiff"), (reals + 1) * 255, atol=1e-4)


def test_what_is_not_a_number_is_refused(read):
    reals = np.ones((6, 9), np.float32)
    reals[0, 0] = np.nan
    with pytest.raises(DataError, match="expected an image"):
        read(Image.fromarray(reals), "tiff")


def test_one_bit_palette_and_printers_colours(read):
    np.testing.assert_array_equal(read(Image.fromarray(CORNER > 99)), np.where(CORNER > 99, 255, 0))
    red = Image.new("RGB", (9, 6), (200, 0, 0))
    for image in (red, red.quantize(4)):
        np.testing.assert_array_equal(read(image), np.broadcast_to([200, 0, 0], (6, 9, 3)))
    printed = read(red.convert("CMYK"), "tiff")
    np.testing.assert_array_equal(printed, np.broadcast_to([200, 0, 0], (6, 9, 3)))


def test_a_clear_colour_of_a_palette_is_alpha(read):
    image = Image.new("P", (9, 6), 1)
    image.putpalette([0, 0, 0, 200, 0, 0])
    image.putpixel((4, 2), 0)
    pixels = read(image, transparency=0)
    assert pixels.shape == (6, 9, 4)
    assert pixels[2, 4, 3] == 0
    assert (pixels[..., 3] > 0).sum() == 53
