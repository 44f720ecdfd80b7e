"""Pictures as maps, and the banks of kernels for them."""

import io
import re

import numpy as np
import pytest
from PIL import Image

from lenet98.errors import DataError
from lenet98.modern import correlate
from lenet98.modern.bank import MOST, edge_bank, learned_bank, read_bank
from lenet98.modern.picture import read_picture
from lenet98.network.network import LeNet5

RNG = np.random.default_rng(0)


@pytest.fixture
def saved(tmp_path):
    """Save bytes as a picture, and return its path."""

    def _saved(pixels, name="picture.png"):
        Image.fromarray(pixels).save(tmp_path / name)
        return tmp_path / name

    return _saved


def test_colours_are_three_maps(saved):
    pixels = RNG.integers(0, 256, (9, 12, 3), np.uint8)
    maps = read_picture(saved(pixels), 100, 100)
    assert maps.shape == (3, 9, 12)
    np.testing.assert_allclose(maps, pixels.transpose(2, 0, 1) / 255, rtol=1e-6)


@pytest.mark.parametrize("channels", [1, 3])
def test_grey_is_one_map_however_it_is_stored(saved, channels):
    grey = RNG.integers(0, 256, (9, 12), np.uint8)
    stored = grey if channels == 1 else np.repeat(grey[..., None], 3, axis=2)
    maps = read_picture(saved(stored), 100, 100)
    np.testing.assert_allclose(maps, grey[None] / 255, rtol=1e-6)


def test_what_is_clear_is_white(saved):
    pixels = np.zeros((6, 6, 4), np.uint8)
    pixels[:3, :, 0], pixels[3:, :, 2], pixels[:3, :, 3] = 255, 255, 255
    maps = read_picture(saved(pixels), 100, 100)
    assert maps[:, 0, 0].tolist() == [1, 0, 0]
    assert maps[:, 5, 0].tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("height", "width", "expected"),
    [(6, 100, (6, 9)), (100, 6, (4, 6)), (8, 12, (8, 12)), (7, 7, (4, 7)), (5, 5, (3, 5))],
)
def test_a_picture_that_is_too_large_keeps_its_shape_and_its_mean(saved, height, width, expected):
    pixels = RNG.integers(0, 256, (8, 12, 3), np.uint8)
    maps = read_picture(saved(pixels), height, width)
    assert maps.shape[1:] == expected
    np.testing.assert_allclose(maps.mean(axis=(1, 2)), pixels.mean(axis=(0, 1)) / 255, rtol=1e-5)


def test_half_the_size_is_the_average_of_two_by_two(saved):
    pixels = RNG.integers(0, 256, (8, 12), np.uint8)
    expected = pixels.reshape(4, 2, 6, 2).mean(axis=(1, 3)) / 255
    np.testing.assert_allclose(read_picture(saved(pixels), 4, 6)[0], expected, rtol=1e-5)


def test_a_very_long_picture_is_a_pixel_high(saved):
    assert read_picture(saved(RNG.integers(0, 256, (5, 900), np.uint8)), 60, 60).shape == (1, 1, 60)


def test_edges_of_each_direction_are_seen_and_no_even_surface():
    step = np.zeros((1, 5, 5))
    step[:, :, 3:] = 1  # brighter at the right
    bank = edge_bank(1)
    answers = dict(zip(bank.names, correlate(step, bank.kernels)[:, 1, 1], strict=True))
    assert answers["brighter right"] == 1
    assert answers["brighter below"] == 0
    assert answers["brighter up right"] == answers["brighter down right"] == 0.75
    assert answers["outline"] < 0
    below = dict(
        zip(bank.names, correlate(step.swapaxes(1, 2), bank.kernels)[:, 1, 1], strict=True)
    )
    assert below["brighter below"] == 1
    assert below["brighter up right"] == -below["brighter down right"] == -0.75
    np.testing.assert_allclose(correlate(np.ones((1, 5, 5)), bank.kernels), 0, atol=1e-15)


@pytest.mark.parametrize("bank", [edge_bank, learned_bank])
def test_on_three_equal_maps_a_bank_says_what_it_says_on_one(bank):
    one = RNG.normal(size=(1, 8, 8))
    of_three = correlate(np.repeat(one, 3, axis=0), bank(3).kernels)
    np.testing.assert_allclose(of_three, correlate(one, bank(1).kernels), rtol=1e-5, atol=1e-5)


def test_what_c1_learned_takes_ink():
    bank = learned_bank(1)
    expected = LeNet5.pretrained("distorted").view("C1").weights
    np.testing.assert_array_equal(bank.kernels[:, 0], expected)
    assert bank.of_ink
    assert not edge_bank(1).of_ink
    assert bank.names[0] == "C1, map 0"


def test_kernels_of_ones_own(tmp_path):
    kernels = RNG.normal(size=(4, 3, 5, 5))
    np.save(tmp_path / "own.npy", kernels)
    bank = read_bank(tmp_path / "own.npy", 3)
    np.testing.assert_array_equal(bank.kernels, kernels)
    assert [*bank.names] == ["kernel 0", "kernel 1", "kernel 2", "kernel 3"]
    np.save(tmp_path / "own.npy", kernels[:, 0])
    np.testing.assert_allclose(
        read_bank(tmp_path / "own.npy", 3).kernels.sum(axis=1), kernels[:, 0]
    )


@pytest.mark.parametrize(
    ("kernels", "said"),
    [
        (np.ones((2, 2, 3, 3)), "(kernels, 3, side, side)"),
        (np.ones((2, 3, 3, 4)), "found float64 (2, 3, 3, 4)"),
        (np.ones((3, 3)), "found float64 (3, 3)"),
        (np.ones((MOST + 1, 3, 3)), f"expected 1 to {MOST} kernels"),
        (np.ones((0, 3, 3)), "expected 1 to"),
        (np.ones((2, 0, 0)), "expected 1 to"),
        (np.full((2, 3, 3), np.nan), "finite numbers"),
        (np.full((2, 3, 3), 1j), "found complex128"),
        (np.full((2, 3, 3), "a"), "found <U1"),
    ],
)
def test_kernels_that_are_none(tmp_path, kernels, said):
    np.save(tmp_path / "own.npy", kernels)
    with pytest.raises(DataError, match=re.escape(said)) as raised:
        read_bank(tmp_path / "own.npy", 3)
    assert "\n" not in str(raised.value)


def claiming(shape):
    """What numpy.save writes of an array, but for its values."""
    file = io.BytesIO()
    header = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"kernels", b"\x93NUMPY", claiming((30, 10**6, 10**6)), claiming((2, 3))[:60]],
)
def test_files_that_hold_no_array(tmp_path, content):
    (tmp_path / "own.npy").write_bytes(content)
    with pytest.raises(DataError, match="that numpy.save wrote"):
        read_bank(tmp_path / "own.npy", 1)


def test_archives_and_missing_files(tmp_path):
    np.savez(tmp_path / "own.npz", a=np.ones(3))
    with pytest.raises(DataError, match="that numpy.save wrote"):
        read_bank(tmp_path / "own.npz", 1)
    with pytest.raises(DataError, match="expected a file, found none"):
        read_bank(tmp_path / "none.npy", 1)
