"""Digits drawn by a pen-stroke generator, for a machine without MNIST."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lenet98.data.digits import Bytes, Digits
from lenet98.data.normalisation import BOX_SIZE, normalise_all
from lenet98.data.sizes import IMAGE_SIZE, LARGEST_GREY
from lenet98.errors import require_whole
from lenet98.storage.cache import cached_njit

Reals = npt.NDArray[np.float64]

# Every shape is one or several strokes; a stroke is a smooth curve through the points x,y in
# hundredths of the digit's height, y down; a point marked ! is a corner.
SHAPES: tuple[tuple[tuple[str, ...], ...], ...] = (
    (  # 0: upright, begun with a hook, round
        ("35,0 12,12 3,50 14,88 35,100 58,88 68,50 57,12 35,0 12,12",),
        ("52,10 32,2 12,22 4,55 14,88 34,99 56,84 64,48 54,16 36,3 22,10",),
        ("45,0 14,15 2,50 14,86 45,100 76,86 88,50 76,14 45,0 14,15",),
    ),
    (  # 1: a bar, a bowed bar, with a short flag, with flag and foot
        ("34,0 34,50 34,100",),
        ("36,0 31,50 36,100",),
        ("22,16 34,0! 34,50 34,100",),
        ("20,14 34,0! 34,50 34,100", "12,100 34,100 56,100"),
    ),
    (  # 2: a corner at the foot, a loop at the foot, an angular one, a swung foot
        ("5,22 25,1 52,10 52,36 28,70 2,98! 32,97 65,96",),
        ("8,20 28,0 52,12 48,42 22,78 4,92 6,78 24,82 42,96 66,92",),
        ("6,8 34,2 56,8! 30,54 4,97! 35,97 62,95",),
        ("4,26 24,2 50,8 54,32 34,64 6,96! 22,84 42,96 68,90",),
    ),
    (  # 3: a corner in the middle, a small loop in the middle, a flat top
        ("8,12 30,0 54,10 52,34 26,46! 54,54 62,78 40,99 4,90",),
        ("8,10 34,0 54,16 40,40 22,48 30,52 54,60 56,84 30,100 4,90",),
        ("8,2 32,3 56,2! 28,40! 54,50 60,78 36,99 4,88",),
    ),
    (  # 4: open, closed, open and curved
        ("14,0 8,30 4,56! 32,54 66,52", "52,4 50,50 46,100"),
        ("50,0 24,34 2,64! 34,65 70,64", "50,0 49,50 47,100"),
        ("10,2 5,30 8,52 30,57 58,50", "60,0 55,50 50,100"),
    ),
    (  # 5: in one stroke, with a bar of its own, without corners
        ("58,2 38,2 18,3! 12,42! 36,36 60,54 56,84 32,100 4,90",),
        ("16,6 12,42! 38,38 58,58 52,86 28,99 2,88", "16,6 40,4 68,0"),
        ("60,5 34,2 16,18 24,40 48,54 54,80 34,99 4,92",),
    ),
    (  # 6: a bow, a straight stem with a small loop, a hooked top
        ("50,0 22,24 6,60 14,92 36,99 56,84 50,60 30,56 10,74",),
        ("40,0 20,34 8,72 20,97 42,97 52,80 40,64 22,68 10,84",),
        ("60,8 42,0 16,26 5,62 18,94 42,99 60,80 48,58 24,60 8,76",),
    ),
    (  # 7: plain, with a bar, with a serif, without corners
        ("4,6 34,4 62,3! 41,48 24,100",),
        ("4,6 34,4 62,3! 41,48 24,100", "20,54 40,51 62,48"),
        ("4,20 6,4! 34,6 62,2! 44,44 30,100",),
        ("4,8 36,2 58,10 52,40 36,72 32,100",),
    ),
    (  # 8: in one stroke, two rings, open at the top
        ("54,14 34,0 12,14 20,36 44,54 56,78 34,100 12,80 24,54 46,36 54,14",),
        (
            "34,0 14,12 16,36 34,46 52,36 54,12 34,0 14,12",
            "34,46 12,58 10,86 34,100 58,86 56,58 34,46 12,58",
        ),
        ("60,4 36,2 14,18 24,40 48,58 54,82 34,100 12,84 20,60 44,38 64,8",),
    ),
    (  # 9: straight tail, curved tail, a leaning tail
        ("54,14 32,0 8,14 8,38 30,48 52,34 54,14! 52,55 48,100",),
        ("54,12 32,0 8,16 10,42 34,46 54,26 56,12! 58,50 50,86 26,100 6,92",),
        ("52,12 28,2 6,22 16,44 40,38 54,10! 46,55 36,100",),
    ),
)

# Normal distributions as (mean, deviation): chosen by eye beside MNIST.
_SLANT = (0.12, 0.20)
_ROTATION_RADIANS = (0.0, 0.09)
_LOG_SQUEEZE = (0.0, 0.17)
_LOG_PEN_PIXELS = (0.89, 0.23)
_PEN_PIXELS_RANGE = (1.6, 4.4)
_WAVE = (0.0, 0.028)

# Waves over the digit's plane that displace its points: 0, 1, 2 half-waves in x and in y.
_HALF_WAVES = 3
_PIECES_PER_CURVE = 6
# Drawn at twice the final size, like the scanned originals that were made smaller.
_ENLARGEMENT = 2
_CANVAS_SIZE = _ENLARGEMENT * BOX_SIZE + 4
_DRAWN_AT_ONCE = 1000


def draw_digits(seed: int = 1998, n_train: int = 60_000, n_test: int = 10_000) -> Digits:
    """Draw training and test patterns; the same seed always draws the same.

    Parameters
    ----------
    seed : int, optional
        Seed of the NumPy generator that all the randomness comes from.
    n_train, n_test : int, optional
        How many patterns to draw.

    Returns
    -------
    Digits
        Patterns made like those of MNIST, the ten digits equally likely.

    Raises
    ------
    ConfigurationError
        One of them is no whole number, or less than 0.

    Notes
    -----
    Not in the paper. The patterns are size-normalised and centred as Sec. III-A describes.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> draw_digits(n_train=2, n_test=1).train_images.shape
    (2, 28, 28)
    """
    for name, value in (("seed", seed), ("n_train", n_train), ("n_test", n_test)):
        require_whole(name, value, 0)
    train_rng, test_rng = np.random.default_rng(seed).spawn(2)
    return Digits(*_draw_patterns(n_train, train_rng), *_draw_patterns(n_test, test_rng))


class _Shape(NamedTuple):
    """A shape ready to be bent and drawn.

    `points` (points, 2) are the control points in a box of height 1, centred on 0; `curve`
    (vertices, points) turns control points into the vertices of poly-lines; `pen_down` (vertices,)
    says which vertices have a line to the next.
    """

    points: Reals
    curve: Reals
    pen_down: npt.NDArray[np.bool_]


class _Hand(NamedTuple):
    """The randomness of n patterns: affine maps (n, 2, 2), pen widths in pixels (n,), waves."""

    affine: Reals
    pen: Reals
    waves: Reals


def _draw_patterns(n: int, rng: np.random.Generator) -> tuple[Bytes, Bytes]:
    labels = rng.integers(len(SHAPES), size=n).astype(np.uint8)
    preference = rng.random(n)
    hand = _random_hand(n, rng)
    images = np.empty((n, IMAGE_SIZE, IMAGE_SIZE), np.uint8)
    for digit, shapes in enumerate(SHAPES):
        chosen = (preference * len(shapes)).astype(np.int64)
        for index, strokes in enumerate(shapes):
            shape = _ready_shape(strokes)
            members = np.flatnonzero((labels == digit) & (chosen == index))
            for start in range(0, len(members), _DRAWN_AT_ONCE):
                some = members[start : start + _DRAWN_AT_ONCE]
                images[some] = _drawn(shape, _Hand(*(values[some] for values in hand)))
    return images, labels


def _random_hand(n: int, rng: np.random.Generator) -> _Hand:
    slant = rng.normal(*_SLANT, n)
    angle = rng.normal(*_ROTATION_RADIANS, n)
    width = np.exp(rng.normal(*_LOG_SQUEEZE, n))
    pen = np.clip(np.exp(rng.normal(*_LOG_PEN_PIXELS, n)), *_PEN_PIXELS_RANGE)
    waves = rng.normal(*_WAVE, (n, _HALF_WAVES * _HALF_WAVES, 2))
    cosine, sine = np.cos(angle), np.sin(angle)
    # Rotation times slant times squeeze, written out; y is down, so a slant to the right is minus.
    affine = np.empty((n, 2, 2))
    affine[:, 0, 0] = cosine * width
    affine[:, 0, 1] = -cosine * slant - sine
    affine[:, 1, 0] = sine * width
    affine[:, 1, 1] = -sine * slant + cosine
    return _Hand(affine, pen, waves)


def _ready_shape(strokes: tuple[str, ...]) -> _Shape:
    runs = [run for stroke in strokes for run in _smooth_runs(stroke)]
    points = np.concatenate(runs)
    pieces = [_spline(len(run)) for run in runs]
    curve = np.zeros((sum(len(piece) for piece in pieces), len(points)))
    pen_down = np.ones(len(curve), np.bool_)
    row = column = 0
    for piece in pieces:
        curve[row : row + piece.shape[0], column : column + piece.shape[1]] = piece
        row, column = row + piece.shape[0], column + piece.shape[1]
        pen_down[row - 1] = False
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return _Shape(points - middle, curve, pen_down)


def _smooth_runs(stroke: str) -> list[Reals]:
    """Split a stroke at its corners, which belong to both sides."""
    runs: list[list[list[float]]] = [[]]
    for word in stroke.split():
        point = [float(part) / 100 for part in word.rstrip("!").split(",")]
        runs[-1].append(point)
        if word.endswith("!"):
            runs.append([point])
    return [np.array(run) for run in runs]


def _spline(n_points: int) -> Reals:
    """Matrix from control points to vertices of the Catmull-Rom curve through them."""
    reach = np.zeros((n_points + 2, n_points))
    reach[1:-1] = np.eye(n_points)
    # Beyond its ends the curve goes straight on.
    reach[0, :2] = 2, -1
    reach[-1, -2:] = -1, 2
    t = np.arange(_PIECES_PER_CURVE)[:, np.newaxis] / _PIECES_PER_CURVE
    blend = np.hstack(
        [
            -(t**3) + 2 * t**2 - t,
            3 * t**3 - 5 * t**2 + 2,
            -3 * t**3 + 4 * t**2 + t,
            t**3 - t**2,
        ]
    )
    curves = [blend / 2 @ reach[first : first + 4] for first in range(n_points - 1)]
    return np.concatenate([*curves, reach[-2:-1]])


def _drawn(shape: _Shape, hand: _Hand) -> Bytes:
    """Draw one shape by many hands; no BLAS, whose rounding depends on its threads."""
    order = np.arange(_HALF_WAVES)
    basis = np.cos(np.pi * order * (shape.points[:, :, np.newaxis] + 0.5))
    basis = (basis[:, 0, :, np.newaxis] * basis[:, 1, np.newaxis, :]).reshape(len(shape.points), -1)
    bent = shape.points + np.einsum("pw,nwc->npc", basis, hand.waves)
    vertices = np.einsum("vp,npc->nvc", shape.curve, bent)
    vertices = np.einsum("nij,nvj->nvi", hand.affine, vertices)
    canvases = np.zeros((len(vertices), _CANVAS_SIZE, _CANVAS_SIZE), np.float32)
    radii, box = _ENLARGEMENT * hand.pen / 2, _ENLARGEMENT * BOX_SIZE
    _ink_all(vertices, shape.pen_down, radii, box, LARGEST_GREY, canvases)
    return normalise_all(canvases)


@cached_njit()
def _ink_all(
    vertices: Reals,
    pen_down: npt.NDArray[np.bool_],
    radii: Reals,
    box: int,
    ink: int,
    canvases: npt.NDArray[np.float32],
) -> None:
    for index in range(len(vertices)):
        _fit(vertices[index], radii[index], box, canvases.shape[1])
        for vertex in range(len(pen_down)):
            if pen_down[vertex]:
                ink_line(
                    vertices[index, vertex],
                    vertices[index, vertex + 1],
                    radii[index],
                    ink,
                    canvases[index],
                )


@cached_njit()
def _fit(vertices: Reals, radius: float, box: int, canvas_size: int) -> None:
    """Scale and move the vertices so that the pen just stays within the box on the canvas."""
    low_x, high_x = vertices[:, 0].min(), vertices[:, 0].max()
    low_y, high_y = vertices[:, 1].min(), vertices[:, 1].max()
    scale = (box - 2 * radius) / max(high_x - low_x, high_y - low_y)
    vertices[:, 0] = (vertices[:, 0] - (low_x + high_x) / 2) * scale + canvas_size / 2
    vertices[:, 1] = (vertices[:, 1] - (low_y + high_y) / 2) * scale + canvas_size / 2


@cached_njit()
def ink_line(
    begin: Reals, end: Reals, radius: float, ink: int, canvas: npt.NDArray[np.float32]
) -> None:
    """Draw a line with a round pen, grey where the pen's edge crosses a pixel.

    Parameters
    ----------
    begin, end : ndarray of float64, (2,)
        x and y of its ends, in pixels from the corner of the canvas; may lie outside.
    radius : float
        Of the pen, in pixels.
    ink : int
        Grey level.
    canvas : ndarray of float32, (height, width)
        Drawn upon; where it is blacker already, it stays.
    """
    along_x, along_y = end[0] - begin[0], end[1] - begin[1]
    length_squared = along_x * along_x + along_y * along_y + 1e-12
    reach = radius + 0.5
    first_row = int(min(begin[1], end[1]) - reach)
    last_row = int(max(begin[1], end[1]) + reach)
    first_column = int(min(begin[0], end[0]) - reach)
    last_column = int(max(begin[0], end[0]) + reach)
    for row in range(max(first_row, 0), min(last_row + 1, canvas.shape[0])):
        for column in range(max(first_column, 0), min(last_column + 1, canvas.shape[1])):
            x, y = column + 0.5 - begin[0], row + 0.5 - begin[1]
            part = min(max((x * along_x + y * along_y) / length_squared, 0.0), 1.0)
            away_x, away_y = x - part * along_x, y - part * along_y
            distance = np.sqrt(away_x * away_x + away_y * away_y)
            cover = min(max(reach - distance, 0.0), 1.0)
            canvas[row, column] = max(canvas[row, column], np.float32(ink * cover))
