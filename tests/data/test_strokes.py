"""The built-in digits: the same for the same seed, and neither trivial nor unlike MNIST."""

import hashlib
import inspect
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lenet98.data import strokes
from lenet98.data.mnist import MNIST
from lenet98.data.strokes import draw_digits
from lenet98.errors import ConfigurationError


@pytest.fixture(scope="module")
def digits():
    return draw_digits(seed=1998, n_train=6_000, n_test=2_000)


def nearest_mean_error(digits):
    images = digits.train_images.reshape(len(digits.train_images), -1).astype(np.float64)
    means = np.stack([images[digits.train_labels == digit].mean(axis=0) for digit in range(10)])
    test = digits.test_images.reshape(len(digits.test_images), -1).astype(np.float64)
    squares = (means**2).sum(axis=1) - 2 * test @ means.T
    return np.mean(squares.argmin(axis=1) != digits.test_labels)


def test_shapes_and_types(digits):
    assert digits.train_images.shape == (6_000, 28, 28)
    assert digits.test_images.shape == (2_000, 28, 28)
    assert digits.train_labels.shape == (6_000,)
    assert digits.test_labels.shape == (2_000,)
    assert all(array.dtype == np.uint8 for array in digits)


def test_the_seed_decides_everything(digits):
    assert draw_digits(1998, 6_000, 2_000).fingerprint == digits.fingerprint
    assert draw_digits(1999, 6_000, 2_000).fingerprint != digits.fingerprint


def test_the_digits_drawn_are_those_that_were_always_drawn():
    # Another processor may round the last bit of a cosine otherwise: one grey level of 255.
    path = Path(__file__).with_name("strokes_seed_1998.csv")
    table = np.loadtxt(path, dtype=int, delimiter=",", comments="#")
    digits = draw_digits(seed=1998, n_train=12, n_test=0)
    np.testing.assert_array_equal(digits.train_labels, table[:, 0])
    greys = digits.train_images.reshape(len(table), -1).astype(int)
    assert np.abs(greys - table[:, 1:]).max() <= 1


def test_no_point_of_the_shapes_is_altered():
    digest = hashlib.sha256(repr(strokes.SHAPES).encode()).hexdigest()
    assert digest == "03b3bcee84145488f3ff2193333f5231d38887e109095d8cd617a73f388c6e60"


def test_as_many_digits_as_in_mnist_are_drawn_unless_told_otherwise():
    defaults = [p.default for p in inspect.signature(draw_digits).parameters.values()]
    assert defaults == [1998, *MNIST.train_labels.shape, *MNIST.test_labels.shape]


def test_every_hand_is_drawn_from_its_normal_distribution():
    hand = strokes._random_hand(200_000, np.random.default_rng(3))
    width = np.hypot(hand.affine[:, 0, 0], hand.affine[:, 1, 0])
    cosine, sine = (hand.affine[:, :, 0] / width[:, np.newaxis]).T
    slant = -(cosine * hand.affine[:, 0, 1] + sine * hand.affine[:, 1, 1])
    for values, mean, deviation in (
        (slant, 0.12, 0.20),
        (np.arctan2(sine, cosine), 0.0, 0.09),
        (np.log(width), 0.0, 0.17),
        (hand.waves, 0.0, 0.028),
    ):
        # Five deviations of a mean of 200,000 draws.
        assert values.mean() == pytest.approx(mean, abs=0.012 * deviation)
        assert values.std() == pytest.approx(deviation, rel=0.008)
    assert hand.waves.shape == (200_000, 3 * 3, 2)


def test_the_pen_is_drawn_from_its_normal_distribution_within_its_range():
    pen = strokes._random_hand(200_000, np.random.default_rng(4)).pen
    assert (pen.min(), pen.max()) == (1.6, 4.4)
    # The range cuts the outermost: the quartiles, 0.6745 deviations off, know nothing of it.
    quartiles = np.quantile(np.log(pen), [0.25, 0.5, 0.75])
    assert quartiles == pytest.approx(0.89 + 0.6745 * 0.23 * np.array([-1, 0, 1]), abs=0.004)


def test_the_number_of_threads_does_not_matter(digits):
    script = (
        "from lenet98.data import strokes; print(strokes.draw_digits(1998, 6000, 2000).fingerprint)"
    )
    one_thread = {"NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    printed = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **one_thread},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.strip() == digits.fingerprint


def test_the_test_patterns_are_not_the_training_patterns(digits):
    training = {image.tobytes() for image in digits.train_images}
    assert len(training) == len(digits.train_images)
    assert not training & {image.tobytes() for image in digits.test_images}
    assert not np.array_equal(digits.train_labels[:2_000], digits.test_labels)


def test_the_test_patterns_do_not_depend_on_the_number_of_training_patterns(digits):
    np.testing.assert_array_equal(draw_digits(1998, 10, 2_000).test_images, digits.test_images)


def test_the_digits_are_about_equally_many(digits):
    counts = np.bincount(digits.train_labels, minlength=10)
    assert len(counts) == 10
    assert counts.min() > 500
    assert counts.max() < 700


def test_there_is_something_to_learn(digits):
    assert 0.05 < nearest_mean_error(digits) < 0.25


def test_the_ink_is_like_that_of_mnist(digits):
    # The training patterns of MNIST: mean grey level 33.3, 104 pixels above 127, 58 nearly black.
    images = digits.train_images
    assert images.mean() == pytest.approx(33.3, abs=3)
    assert (images > 127).sum(axis=(1, 2)).mean() == pytest.approx(104, abs=10)
    assert (images >= 250).sum(axis=(1, 2)).mean() == pytest.approx(58, abs=10)


def test_every_pattern_is_normalised(digits):
    ink = digits.train_images > 0
    heights = ink.any(axis=2).sum(axis=1)
    widths = ink.any(axis=1).sum(axis=1)
    assert np.maximum(heights, widths).max() <= 20
    assert np.maximum(heights, widths).min() >= 18
    weights = digits.train_images / digits.train_images.sum(axis=(1, 2), keepdims=True)
    centres = np.stack(
        [
            (weights.sum(axis=2) * np.arange(28)).sum(axis=1),
            (weights.sum(axis=1) * np.arange(28)).sum(axis=1),
        ]
    )
    assert np.mean(np.abs(centres - 13.5) <= 0.55) > 0.99


def test_every_digit_has_several_shapes():
    assert len(strokes.SHAPES) == 10
    assert all(len(shapes) >= 3 for shapes in strokes.SHAPES)


def test_a_curve_goes_through_its_points_and_a_line_is_straight():
    rng = np.random.default_rng(2)
    points = rng.random((5, 2))
    vertices = strokes._spline(5) @ points
    np.testing.assert_allclose(vertices[:: strokes._PIECES_PER_CURVE], points)
    straight = strokes._spline(3) @ np.array([[0, 0], [1, 2], [2, 4]])
    np.testing.assert_allclose(straight[:, 1], 2 * straight[:, 0], atol=1e-12)


def test_a_corner_belongs_to_both_sides_and_the_pen_is_lifted_between_strokes():
    runs = strokes._smooth_runs("0,0 50,0! 50,100")
    np.testing.assert_array_equal(runs[0], [[0, 0], [0.5, 0]])
    np.testing.assert_array_equal(runs[1], [[0.5, 0], [0.5, 1]])
    shape = strokes._ready_shape(("0,0 50,0", "0,50 50,50"))
    pieces = strokes._PIECES_PER_CURVE
    assert np.flatnonzero(~shape.pen_down).tolist() == [pieces, 2 * pieces + 1]


def test_a_line_is_inked_as_wide_as_the_pen_to_the_edge_of_the_canvas():
    rng = np.random.default_rng(5)
    size = np.array([30, 20])  # columns, rows
    y, x = np.indices(size[::-1]) + 0.5
    for begin, end in rng.uniform(0, 1, (50, 2, 2)) * size:
        radius = rng.uniform(0.8, 2.2)
        canvas = np.zeros(size[::-1], np.float32)
        strokes.ink_line(begin, end, radius, 255, canvas)
        along = end - begin
        part = ((x - begin[0]) * along[0] + (y - begin[1]) * along[1]) / (along**2).sum()
        part = np.clip(part, 0, 1)
        distance = np.hypot(x - begin[0] - part * along[0], y - begin[1] - part * along[1])
        expected = 255 * np.clip(radius + 0.5 - distance, 0, 1)
        # Single precision of 255, with room.
        np.testing.assert_allclose(canvas, expected, atol=0.001)


@pytest.mark.parametrize(
    ("name", "value"), [("seed", None), ("seed", -1), ("n_train", 1.5), ("n_test", -1)]
)
def test_numbers_that_make_no_sense_are_refused(name, value):
    with pytest.raises(ConfigurationError, match=f"{name} is {value}; expected a whole number, 0"):
        draw_digits(**{"n_train": 1, "n_test": 1, name: value})


def test_no_patterns_at_all():
    assert [len(array) for array in draw_digits(1, 0, 0)] == [0, 0, 0, 0]
