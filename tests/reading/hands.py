"""Digits in ink, of any size and pen: strokes of the house, and MNIST's where it is."""

from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lenet98.data import strokes

LETTERS = "AEFHKMNRTWX"
"""That no one takes for a digit."""

_FONTS = Path(matplotlib.get_data_path(), "fonts", "ttf")


def cut(ink):
    """Cut the paper around the ink away."""
    rows, columns = np.flatnonzero(ink.max(axis=1) > 0.1), np.flatnonzero(ink.max(axis=0) > 0.1)
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def written(rng, digit, height, pen=None):
    """A digit of pen strokes: ink from 0 to 1, so many pixels high, by a pen so many wide."""
    shapes = strokes.SHAPES[digit]
    shape = strokes._ready_shape(shapes[rng.integers(len(shapes))])
    hand = strokes._random_hand(1, rng)
    order = np.arange(3)
    basis = np.cos(np.pi * order * (shape.points[:, :, None] + 0.5))
    basis = (basis[:, 0, :, None] * basis[:, 1, None, :]).reshape(len(shape.points), -1)
    points = shape.curve @ (shape.points + basis @ hand.waves[0]) @ hand.affine[0].T
    pen = hand.pen[0] / 20 * height if pen is None else pen
    return drawn(points, shape.pen_down, height, pen)


def drawn(points, pen_down, height, pen):
    """Lines between points where the pen is down."""
    points = points - points.min(axis=0)
    points = points * (height - pen) / max(np.ptp(points[:, 1]), 0.5 * np.ptp(points[:, 0]))
    points += pen / 2 + 2
    width, rows = (int(np.ceil(reach + pen / 2)) + 3 for reach in points.max(axis=0))
    canvas = np.zeros((rows, width), np.float32)
    for k in np.flatnonzero(pen_down):
        strokes.ink_line(points[k], points[k + 1], pen / 2, 1, canvas)
    return cut(canvas)


def scribble(rng, height, pen):
    """One long stroke through points at random."""
    knots = rng.uniform(0, 1, (rng.integers(9, 16), 2)) * (1, 0.8)
    points = strokes._spline(len(knots)) @ knots
    pen_down = np.append(np.ones(len(points) - 1, bool), False)
    return drawn(points, pen_down, height, pen)


def letter(rng, height):
    """A printed capital, upright or oblique."""
    name = rng.choice(["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf"])
    font = ImageFont.truetype(str(_FONTS / name), int(1.3 * height))
    page = Image.new("L", (3 * height, 3 * height))
    ImageDraw.Draw(page).text((height, height), str(rng.choice([*LETTERS])), 255, font)
    return cut(np.asarray(page.rotate(rng.normal(0, 4)), np.float32) / 255)


def traced(pattern, height):
    """A pattern of 28x28, its longer side of another size, and its edge sharp."""
    soft = cut(pattern.astype(np.float32) / 255)
    scale = height / max(soft.shape)
    size = tuple(max(3, round(scale * side)) for side in soft.shape[::-1])
    if scale < 1.5:
        return np.asarray(Image.fromarray(soft).resize(size, Image.Resampling.BOX))
    smooth = np.asarray(
        Image.fromarray(np.pad(soft, 2)).resize(
            (round(scale * (soft.shape[1] + 4)), round(scale * (soft.shape[0] + 4))),
            Image.Resampling.BICUBIC,
        )
    )
    return cut(np.clip((smooth - 0.4) * scale / 2 + 0.5, 0, 1).astype(np.float32))


class Hand:
    """Writes digits: every other one of MNIST's, where patterns of it are given.

    Attributes
    ----------
    rng : Generator
    patterns, labels : ndarray or None
    """

    def __init__(self, rng, patterns=None, labels=None):
        self.rng, self.patterns, self.labels = rng, patterns, labels

    def __call__(self, digit, height, pen=None):
        height = int(height)
        if self.patterns is None or pen is not None or self.rng.random() < 0.5:
            return written(self.rng, digit, height, pen)
        chosen = self.rng.choice(np.flatnonzero(self.labels == digit))
        return traced(self.patterns[chosen], height)
