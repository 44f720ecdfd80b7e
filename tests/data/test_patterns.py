"""Images framed and scaled, and labels, as a network takes them."""

import re

import numpy as np
import pytest

from lenet98.data.patterns import (
    as_images,
    as_label,
    as_labels,
    as_patterns,
    framed,
    grey_levels,
    ink_of,
)
from lenet98.errors import PatternError

BYTES = np.random.default_rng(3).integers(0, 256, (2, 28, 28), dtype=np.uint8)
FRAMED = np.random.default_rng(4).uniform(-0.1, 1.175, (3, 32, 77))


def a_digit(dtype=np.uint8):
    """An upright stroke of full ink on blank paper."""
    image = np.zeros((28, 28), dtype)
    image[6:22, 12:15] = 255
    return image


def test_grey_levels_are_those_of_the_paper():
    # Sec. II-B: -0.1 for the background, 1.175 for the foreground.
    ink = np.array([0, 255, 51], np.uint8)
    np.testing.assert_allclose(grey_levels(ink, np.float64), [-0.1, 1.175, -0.1 + 1.275 / 5])
    assert grey_levels(ink).dtype == np.float32


def test_ink_is_found_again_in_grey_levels():
    ink = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    np.testing.assert_array_equal(ink_of(grey_levels(ink)), ink)
    np.testing.assert_array_equal(ink_of(np.array([-0.2, 1.3], np.float32)), [0, 255])
    assert ink_of(grey_levels(ink)).dtype == np.uint8


@pytest.mark.parametrize("height", [28, 32, 36])
def test_bytes_stand_in_the_middle_of_a_square_frame_of_background(height):
    patterns = as_patterns(BYTES, height, np.float64)
    assert patterns.shape == (2, height, height)
    assert as_images(BYTES, height).width(height) == height
    margin = (height - 28) // 2
    around = [(0, 0), (margin, margin), (margin, margin)]
    expected = np.pad(-0.1 + 1.275 / 255 * BYTES.astype(float), around, constant_values=-0.1)
    np.testing.assert_allclose(patterns, expected, rtol=1e-12)


def test_bytes_as_high_as_the_frame_are_scaled_where_they_are():
    wide = np.random.default_rng(3).integers(0, 256, (2, 32, 50), dtype=np.uint8)
    assert as_images(wide, 32).width(32) == 50
    np.testing.assert_array_equal(as_patterns(wide, 32, np.float32), grey_levels(wide))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_is_the_one_asked_for(dtype):
    assert as_patterns(BYTES, 32, dtype).dtype == dtype
    assert as_patterns(np.zeros((1, 32, 40), np.float16), 32, dtype).dtype == dtype


def test_real_patterns_of_any_width_are_taken_as_they_are():
    assert as_images(FRAMED, 32).width(32) == 77
    np.testing.assert_array_equal(as_patterns(FRAMED, 32, np.float64), FRAMED)
    transposed = np.asfortranarray(FRAMED)
    found = as_patterns(transposed, 32, np.float64)
    np.testing.assert_array_equal(found, FRAMED)
    assert found.flags.c_contiguous


def test_what_is_right_already_is_not_copied():
    assert as_images(BYTES, 32).pixels is BYTES
    assert np.shares_memory(as_images(FRAMED, 32).pixels, FRAMED)
    assert framed(FRAMED, 32, np.float64) is FRAMED


def test_no_image_is_a_set_too():
    assert as_patterns(BYTES[:0], 32, np.float32).shape == (0, 32, 32)
    assert as_patterns(FRAMED[:0], 32, np.float32).shape == (0, 32, 77)


@pytest.mark.parametrize(
    ("images", "alone"),
    [
        (BYTES[..., None], False),
        (BYTES[:, None], False),
        (BYTES.reshape(2, 784), False),
        (BYTES.tolist(), False),
        (BYTES.astype(np.int64), False),
        (BYTES.astype(np.uint16), False),
        (BYTES.astype(np.float64), False),
        (BYTES.astype(np.float16), False),
        (BYTES / 255 * 255, False),
        (BYTES - 0.3, False),
        (list(BYTES), False),
        (BYTES[0], True),
        (BYTES[0, ..., None], True),
        (BYTES[0].ravel(), True),
        (BYTES[0].astype(float), True),
        (BYTES[:1], False),
        (BYTES[:1, None], False),
        (BYTES[:1].reshape(1, 784), False),
    ],
)
def test_the_same_pixels_are_taken_in_every_shape_and_type(images, alone):
    found = as_images(images, 32)
    assert found.alone is alone
    assert found.pixels.dtype == np.uint8
    np.testing.assert_array_equal(found.pixels, BYTES[: len(found.pixels)])
    assert len(found.pixels) == (1 if alone or np.size(images) == 784 else 2)


@pytest.mark.parametrize(
    ("patterns", "alone"),
    [
        (FRAMED[:, None], False),
        (FRAMED[..., None], False),
        (FRAMED.tolist(), False),
        (FRAMED[0], True),
        (FRAMED[0, ..., None], True),
    ],
)
def test_real_patterns_are_taken_in_every_shape(patterns, alone):
    found = as_images(patterns, 32)
    assert found.alone is alone
    np.testing.assert_array_equal(found.pixels, FRAMED[:1] if alone else FRAMED)


def test_a_matrix_of_784_columns_is_of_flat_images_or_of_one_wide_pattern():
    flat = np.random.default_rng(0).integers(0, 256, (32, 784), dtype=np.uint8)
    assert as_images(flat, 32).pixels.shape == (32, 28, 28)
    assert as_images(flat, 32, one=True).pixels.shape == (1, 32, 784)
    assert as_images(grey_levels(flat), 32).pixels.shape == (1, 32, 784)
    assert as_images(flat[:1], 32, one=True).pixels.shape == (1, 28, 28)


def test_tensors_are_taken_as_arrays_are():
    torch = pytest.importorskip("torch")
    tensor = torch.from_numpy(BYTES.copy())
    for same in (tensor, tensor[:, None], tensor.long(), tensor.float(), list(tensor)):
        np.testing.assert_array_equal(as_images(same, 32).pixels, BYTES)
    assert as_labels(torch.tensor([3, 4]), 2, 10).tolist() == [3, 4]
    assert as_label(torch.tensor(3), 10) == 3
    with pytest.raises(PatternError, match="images: .* found Tensor: .*requires grad"):
        as_images(tensor.float().requires_grad_(), 32)


def test_the_arithmetic_of_a_message_mends_tensors():
    torch = pytest.importorskip("torch")
    images = torch.from_numpy(a_digit())[None, None]
    for wrong in (images / 255, images / 127.5 - 1, (images / 255 - 0.1307) / 0.3081, 255 - images):
        with pytest.raises(PatternError, match="found Tensor, ") as caught:
            as_images(wrong, 32)
        mend = str(caught.value).rpartition("Give ")[2].rstrip(".")
        mended = as_images(eval(mend, {"images": wrong}), 32)
        np.testing.assert_array_equal(mended.pixels[0], a_digit())


def test_pictures_are_taken_as_arrays_are():
    pictures = pytest.importorskip("PIL.Image")
    one = pictures.fromarray(BYTES[0])
    assert as_images(one, 32).alone
    np.testing.assert_array_equal(as_images(one, 32).pixels, BYTES[:1])
    both = [one, pictures.fromarray(BYTES[1])]
    np.testing.assert_array_equal(as_images(both, 32).pixels, BYTES)
    with pytest.raises(PatternError, match=r"found Image, uint8 \(28, 28, 3\). Make the colours"):
        as_images(one.convert("RGB"), 32)
    with pytest.raises(PatternError, match=r"found Image, bool .* Give 255 \* np.asarray\(images"):
        as_images(one.convert("1"), 32)


@pytest.mark.parametrize(
    ("images", "height", "said"),
    [
        (BYTES, 27, "patterns as real (n, 27, width), for images of 28x28 do not fit into 27 rows"),
        (BYTES[:, :, :27], 32, "uint8 (n, 28, 28), or patterns as real (n, 32, width)"),
        (BYTES[:, :, :27], 32, "found uint8 (2, 28, 27)"),
        (BYTES[0, :27], 32, "found uint8 (27, 28)"),
        (BYTES[0, 0], 32, "found uint8 (28,)"),
        (BYTES[0, 0, 0], 32, "found uint8 ()"),
        (BYTES[None, None], 32, "found uint8 (1, 1, 2, 28, 28)"),
        (np.stack([BYTES] * 3, -1), 32, "found uint8 (2, 28, 28, 3). Make the colours grey"),
        (BYTES[:, :8, :8].tolist(), 32, "found list, int64 (2, 8, 8)"),
        (np.zeros((2, 31, 32)), 32, "real (n, 32, width); found float64 (2, 31, 32)"),
        (np.zeros((2, 32, 32)), 28, "real (n, 28, width); found float64 (2, 32, 32)"),
        (np.zeros((2, 28, 28)), 32, "found float64 (2, 28, 28)"),
        (grey_levels(BYTES), 32, "found float32 (2, 28, 28)"),
        (np.zeros((1, 32, 32), complex), 32, "found complex128 (1, 32, 32)"),
        ("digits", 32, "found str, <U6 ()"),
        (None, 32, "found NoneType, object ()"),
        ([[1, 2], [3]], 32, "images: expected what NumPy takes as an array of one shape; found li"),
    ],
)
def test_what_is_no_pattern_is_refused_with_its_own_shape(images, height, said):
    with pytest.raises(PatternError, match=re.escape(said)):
        as_patterns(images, height, np.float32)


def test_where_one_image_is_wanted_several_are_refused():
    assert len(as_images(BYTES[:1], 32, one=True).pixels) == 1
    with pytest.raises(PatternError, match=r"one image as uint8 \(28, 28\).*found uint8 \(2, 28"):
        as_images(BYTES, 32, one=True)


def test_a_frame_of_28_rows_is_the_smallest_for_bytes():
    assert as_images(BYTES, 28).width(28) == 28
    assert as_images(np.zeros((1, 27, 5)), 27).width(27) == 5  # real patterns may be smaller


@pytest.mark.parametrize("level", [np.nan, np.inf, -np.inf])
def test_a_grey_level_that_is_no_number_is_refused(level):
    pattern = np.zeros((1, 32, 32))
    pattern[0, 31, 31] = level
    with pytest.raises(PatternError, match="expected finite grey levels as images; found a NaN"):
        as_patterns(pattern, 32, np.float32)


@pytest.mark.parametrize("framed_already", [False, True])
@pytest.mark.parametrize(
    ("altered", "mend"),
    [
        (lambda ink: ink / 255, "255 * images"),
        (lambda ink: (ink > 0).astype(np.uint8), "255 * images"),
        (lambda ink: (ink > 0).astype(np.int64), "255 * images"),
        (lambda ink: ink > 0, "255 * images"),
        (lambda ink: ink / 127.5 - 1, "127.5 * (images + 1)"),
        (lambda ink: (ink / 255 - 0.1307) / 0.3081, "255 * (0.3081 * images + 0.1307)"),
        (lambda ink: 255 - ink, "255 - images"),
        (lambda ink: 255.0 - ink, "255 - images"),
    ],
)
def test_other_grey_levels_are_refused_with_what_mends_them(altered, mend, framed_already):
    ink = np.stack([a_digit(), a_digit()])
    if framed_already:
        ink = np.pad(ink, [(0, 0), (2, 2), (2, 2)])
    with pytest.raises(PatternError, match=re.escape(f"Give {mend}.")):
        as_images(altered(ink), 32)
    mended = as_images(eval(mend, {"images": altered(ink)}), 32)
    np.testing.assert_array_equal(mended.pixels, ink)


@pytest.mark.parametrize(
    "levels",
    [(-128, 127), (0, 65535), (-0.5, 0.5), (-0.42, 9.0), (-3.0, 200.0), (0.0, 300.0), (0.0, 4.0)],
)
def test_grey_levels_of_no_known_kind_are_refused(levels):
    image = np.full((1, 28, 28), levels[0])
    image[0, 9:19, 12:15] = levels[1]
    with pytest.raises(PatternError, match=f"from {levels[0]:g} to {levels[1]:g}. Give images sca"):
        as_images(image, 32)


def test_a_list_is_mended_as_an_array():
    with pytest.raises(PatternError, match=r"Give 255 \* np.asarray\(images\)"):
        as_images((a_digit() / 255).tolist(), 32)


def test_inverted_patterns_are_refused_but_where_noise_may_have_done_it():
    pattern = as_patterns(a_digit(), 32, np.float32)
    with pytest.raises(PatternError, match=r"ink all round image 0: inverted. Give 1.075 - images"):
        as_images(1.075 - pattern, 32)
    assert len(as_images(1.075 - pattern, 32, noisy=True).pixels) == 1
    with pytest.raises(PatternError, match="inverted"):  # bytes are none of noise's
        as_images(255 - a_digit(), 32, noisy=True)


@pytest.mark.parametrize("labels", [[0, 9, 3], np.array([0, 9, 3], np.uint8), [[0], [9], [3]]])
def test_labels_come_as_integers_of_eight_bytes(labels):
    found = as_labels(labels, 3, 10)
    assert found.dtype == np.int64
    assert found.tolist() == [0, 9, 3]
    assert as_labels(np.zeros(0, np.uint8), 0, 10).shape == (0,)


@pytest.mark.parametrize(
    ("labels", "patterns", "said"),
    [
        (np.array([1, 2], np.int64), 3, "expected 3 whole numbers as labels; found int64 (2,)"),
        (np.array([[1, 2]], np.int64), 2, "expected 2 whole numbers as labels; found int64 (1, 2)"),
        (np.eye(10, dtype=np.int64)[:2], 2, "found int64 (2, 10). Give labels.argmax(1)."),
        ([1.0, 2.0], 2, "found list, float64 (2,). Give np.asarray(labels) as whole numbers."),
        ([True, False], 2, "expected 2 whole numbers as labels; found list, bool (2,)"),
        (["1", "2"], 2, "expected 2 whole numbers as labels; found list, <U1 (2,)"),
        (5, 1, "expected 1 whole numbers as labels; found int, int64 ()"),
        ([0, 10], 2, "expected labels from 0 to 9; found 0 to 10"),
        ([-1, 3], 2, "expected labels from 0 to 9; found -1 to 3"),
    ],
)
def test_what_is_no_label_is_refused(labels, patterns, said):
    with pytest.raises(PatternError, match=re.escape(said)):
        as_labels(labels, patterns, 10)


@pytest.mark.parametrize("label", [3, np.uint8(3), np.array(3), [3], np.array([[3]])])
def test_the_label_of_one_pattern_is_a_whole_number_or_an_array_of_one(label):
    assert as_label(label, 10) == 3


@pytest.mark.parametrize(
    ("label", "said"),
    [
        (10, "from 0 to 9 as label; found 10"),
        (-1, "found -1"),
        (2.5, "found 2.5"),
        (True, "found True"),
        ("3", "found '3'"),
        ([1, 2], "found list, int64 (2,)"),
        ([], "found list, float64 (0,)"),
    ],
)
def test_what_is_no_label_of_one_pattern_is_refused(label, said):
    with pytest.raises(PatternError, match=re.escape(said)):
        as_label(label, 10)
