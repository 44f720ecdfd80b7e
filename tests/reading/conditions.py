"""Pictures of digits as people make them: by kinds, from public reports of what failed.

A kind takes a generator and a hand, and gives a `Picture`. Sizes in pixels, greys from 0 to 255.
"""

import io
from typing import NamedTuple

import numpy as np
from hands import letter, scribble
from PIL import Image, ImageDraw, ImageFilter


class Picture(NamedTuple):
    """The bytes of a file, and the digit it shows; None for what must not be read as one.

    Of a line of digits, their text; empty where it must not be read.
    """

    content: bytes
    digit: int | str | None


KINDS = {}


def kind(function):
    KINDS[function.__name__] = function
    return function


def saved(image, ending="png", **options):
    stream = io.BytesIO()
    image.save(stream, ending, **options)
    return stream.getvalue()


def png(pixels):
    return saved(Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8)))


def jpeg(pixels, quality=85, **options):
    image = Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))
    return saved(image, "jpeg", quality=quality, **options)


def blurred(image, radius):
    soft = Image.fromarray(np.asarray(image, np.float32))
    # Pillow's Gaussian takes bytes only; three boxes are near enough.
    for _ in range(3):
        soft = _box(np.asarray(soft), max(1, round(radius)))
        soft = Image.fromarray(soft)
    return np.asarray(soft)


def _box(image, reach):
    for axis in (0, 1):
        padded = np.pad(
            image, [(reach + 1, reach) if a == axis else (0, 0) for a in (0, 1)], "edge"
        )
        summed = padded.cumsum(axis=axis, dtype=np.float64)
        length = image.shape[axis]
        image = (
            summed.take(range(2 * reach + 1, 2 * reach + 1 + length), axis)
            - summed.take(range(length), axis)
        ) / (2 * reach + 1)
    return image.astype(np.float32)


def on(ink, height, width, y=0.5, x=0.5):
    """Ink on a field of paper; its place between the edges, 0.5 the middle."""
    field = np.zeros((height, width), np.float32)
    top, left = round(y * (height - ink.shape[0])), round(x * (width - ink.shape[1]))
    field[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return field


class Scene(NamedTuple):
    """A digit on a field, ink 0 to 1."""

    digit: int
    ink: np.ndarray


def scene(rng, hand, height=400, width=400, least=0.4, most=0.7, pen=None, spread=0.15):
    digit = int(rng.integers(10))
    tall = rng.uniform(least, most) * min(height, width)
    ink = hand(digit, tall, pen)
    y, x = rng.uniform(0.5 - spread, 0.5 + spread, 2)
    return Scene(digit, on(ink, height, width, y, x))


PAPER, PEN = np.array([245, 244, 240.0]), np.array([40, 40, 95.0])


def coloured(ink, paper=PAPER, pen=PEN):
    return ink[..., None] * np.asarray(pen, float) + (1 - ink[..., None]) * np.asarray(paper, float)


def grid(shape):
    return np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]


def photo(rng, ink, light=1.0, noise=3.0, quality=85, paper=PAPER, pen=PEN, **options):
    """Ink under a light from 0 to 1, seen by a camera."""
    soft = blurred(ink, 1)
    pixels = coloured(soft, paper, pen) * np.broadcast_to(light, ink.shape)[..., None]
    return jpeg(pixels + rng.normal(0, noise, (*ink.shape, 1)), quality, **options)


# Clean.


@kind
def clean_dark(rng, hand):
    one = scene(rng, hand, *rng.integers(100, 700, 2))
    return Picture(png(255 * (1 - one.ink)), one.digit)


@kind
def clean_light(rng, hand):
    one = scene(rng, hand, *rng.integers(100, 700, 2))
    return Picture(png(255 * one.ink), one.digit)


@kind
def clean_colour(rng, hand):
    one = scene(rng, hand)
    return Picture(png(coloured(one.ink)), one.digit)


@kind
def thin_pen(rng, hand):
    one = scene(rng, hand, pen=rng.uniform(4, 7))
    return Picture(png(coloured(one.ink)), one.digit)


@kind
def thick_pen(rng, hand):
    digit = int(rng.integers(10))
    tall = rng.uniform(180, 300)
    return Picture(png(coloured(on(hand(digit, tall, tall / 5.5), 400, 400))), digit)


@kind
def close_cut(rng, hand):
    one = scene(rng, hand)
    rows, columns = np.flatnonzero(one.ink.any(axis=1)), np.flatnonzero(one.ink.any(axis=0))
    edge = rng.integers(0, 6)
    cut = one.ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Picture(png(coloured(np.pad(cut, max(edge, 3 if one.digit == 1 else 0)))), one.digit)


@kind
def small_in_large(rng, hand):
    one = scene(rng, hand, 900, 1200, least=0.1, most=0.2, spread=0.4)
    return Picture(photo(rng, one.ink), one.digit)


# Light.


@kind
def vignette(rng, hand):
    one = scene(rng, hand)
    y, x = grid(one.ink.shape)
    return Picture(photo(rng, one.ink, 1 - rng.uniform(0.2, 0.4) * (x * x + y * y) / 2), one.digit)


@kind
def soft_shadow(rng, hand):
    one = scene(rng, hand)
    return Picture(photo(rng, one.ink, _shadow(rng, one.ink.shape, 0.25)), one.digit)


def _shadow(rng, shape, softness):
    y, x = grid(shape)
    angle = rng.uniform(0, 2 * np.pi)
    side = np.cos(angle) * x + np.sin(angle) * y + rng.uniform(-0.25, 0.25)
    dark = rng.uniform(0.45, 0.75)
    return dark + (1 - dark) * np.clip(side / softness + 0.5, 0, 1)


@kind
def hard_shadow(rng, hand):
    one = scene(rng, hand)
    light = _shadow(rng, one.ink.shape, rng.uniform(0.01, 0.1))
    return Picture(photo(rng, one.ink, light), one.digit)


@kind
def two_shadows(rng, hand):
    one = scene(rng, hand)
    light = np.minimum(*(_shadow(rng, one.ink.shape, rng.uniform(0.02, 0.1)) for _ in range(2)))
    return Picture(photo(rng, one.ink, light), one.digit)


@kind
def phone_shadow(rng, hand):
    """Of a phone held over the paper: a rectangle from the lower edge."""
    one = scene(rng, hand)
    shade = np.ones(one.ink.shape, np.float32)
    left, right = np.sort(rng.integers(0, 400, 2))
    right = max(right, left + 120)
    shade[rng.integers(100, 300) :, left:right] = rng.uniform(0.5, 0.75)
    return Picture(photo(rng, one.ink, blurred(shade, rng.integers(1, 8))), one.digit)


@kind
def spot(rng, hand):
    one = scene(rng, hand)
    y, x = grid(one.ink.shape)
    y0, x0 = rng.uniform(-0.4, 0.4, 2)
    near = np.exp(-((y - y0) ** 2 + (x - x0) ** 2) / rng.uniform(0.15, 0.6))
    dim = rng.uniform(0.35, 0.55)
    return Picture(photo(rng, one.ink, dim + (1 - dim) * near), one.digit)


@kind
def glare(rng, hand):
    """A lamp's reflection, which lightens ink and paper alike."""
    one = scene(rng, hand)
    y, x = grid(one.ink.shape)
    y0, x0 = rng.uniform(-0.8, 0.8, 2)
    haze = 70 * np.exp(-((y - y0) ** 2 + (x - x0) ** 2) / 0.1)
    pixels = coloured(blurred(one.ink, 1)) * 0.75 + haze[..., None]
    return Picture(jpeg(pixels + rng.normal(0, 3, (400, 400, 1))), one.digit)


@kind
def dim_and_noisy(rng, hand):
    one = scene(rng, hand)
    light = rng.uniform(0.3, 0.5)
    return Picture(photo(rng, one.ink, light, noise=rng.uniform(5, 10), quality=60), one.digit)


@kind
def board(rng, hand):
    """Chalk on a board, badly wiped."""
    one = scene(rng, hand)
    smear = blurred(rng.normal(0, 1, one.ink.shape), 12)
    paper = 50 + 12 * smear / smear.std()
    grain = rng.uniform(0.75, 1, one.ink.shape)
    pixels = paper + (225 - paper) * blurred(one.ink * grain, 1)
    return Picture(
        jpeg(np.repeat(pixels[..., None], 3, 2) + rng.normal(0, 3, (400, 400, 1))), one.digit
    )


@kind
def pencil(rng, hand):
    """Grey, grainy and thin."""
    one = scene(rng, hand, pen=rng.uniform(6, 10))
    grain = blurred(rng.uniform(0, 1, one.ink.shape), 1)
    ink = one.ink * np.clip(0.3 + 1.2 * grain, 0, 1)
    return Picture(
        photo(rng, ink, pen=(110, 110, 115), light=_shadow(rng, ink.shape, 1.5)), one.digit
    )


@kind
def dry_pen(rng, hand):
    """Strokes with gaps in them."""
    one = scene(rng, hand)
    gaps = blurred(rng.normal(0, 1, one.ink.shape), 3)
    return Picture(png(coloured(one.ink * (gaps < 1.3 * gaps.std()))), one.digit)


# Phones, scanners, screens.


@kind
def phone_turned(rng, hand):
    """A JPEG that says by its EXIF how it is to be turned."""
    one = scene(rng, hand, *((400, 300) if rng.random() < 0.5 else (300, 400)))
    # As it lies in the file so that each orientation sets it upright.
    lay = {
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        6: lambda a: np.rot90(a, 1),
        8: lambda a: np.rot90(a, -1),
    }
    orientation = int(rng.choice([3, 6, 6, 8, 8, 2]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    return Picture(photo(rng, lay[orientation](one.ink), exif=exif), one.digit)


def _framed(pixels, widths, grey):
    """Bars of a grey above, to the right, below and to the left, so many pixels wide."""
    above, right, below, left = (int(width) for width in widths)
    return np.pad(pixels, ((above, below), (left, right), (0, 0)), constant_values=grey)


@kind
def side_bars(rng, hand):
    one = scene(rng, hand)
    width = rng.integers(40, 260)
    widths = (0, width, 0, width) if rng.random() < 0.7 else (width, 0, width, 0)
    return Picture(png(_framed(coloured(one.ink), widths, 0)), one.digit)


@kind
def scanner_edges(rng, hand):
    one = scene(rng, hand)
    widths = rng.integers(2, 40, 4) * (rng.random(4) < 0.6)
    widths[rng.integers(4)] = 10
    bars = _framed(coloured(one.ink), widths, rng.uniform(0, 70))
    return Picture(jpeg(bars + rng.normal(0, 2, (*bars.shape[:2], 1)), 80), one.digit)


@kind
def thin_outline(rng, hand):
    one = scene(rng, hand)
    inset = int(rng.choice([0, 0, 1, 5, 20]))
    width = int(rng.integers(1, 3))
    ink = one.ink.copy()
    edge = np.ones_like(ink, bool)
    edge[inset + width : -inset - width, inset + width : -inset - width] = False
    if inset:
        edge[:inset] = edge[-inset:] = False
        edge[:, :inset] = edge[:, -inset:] = False
    ink[edge] = 1
    return Picture(png(coloured(ink)), one.digit)


@kind
def on_a_desk(rng, hand):
    """A sheet of paper, not quite straight, on a darker desk."""
    one = scene(rng, hand)
    sheet = Image.fromarray(coloured(one.ink).astype(np.uint8)).convert("RGBA")
    sheet = sheet.rotate(rng.normal(0, 4), Image.Resampling.BICUBIC, expand=True)
    desk = tuple(int(grey) for grey in rng.choice([(90, 60, 40), (60, 60, 65), (120, 95, 70)]))
    page = Image.new("RGBA", (sheet.width + 60, sheet.height + 60), (*desk, 255))
    page.alpha_composite(sheet, tuple(int(k) for k in rng.integers(0, 60, 2)))
    pixels = np.asarray(page.convert("RGB"), np.float32)
    return Picture(jpeg(pixels + rng.normal(0, 3, (*pixels.shape[:2], 1))), one.digit)


@kind
def desk_corner(rng, hand):
    """The desk shows in a corner."""
    one = scene(rng, hand)
    y, x = grid(one.ink.shape)
    y, x = y * rng.choice([-1, 1]), x * rng.choice([-1, 1])
    desk = rng.uniform(0.6, 1.4) * x + y > rng.uniform(1.3, 1.6)
    pixels = coloured(blurred(one.ink, 1))
    pixels[desk] = (70, 50, 40)
    return Picture(jpeg(pixels + rng.normal(0, 3, (400, 400, 1))), one.digit)


@kind
def finger(rng, hand):
    one = scene(rng, hand, spread=0.05)
    width, depth = rng.uniform(30, 55), rng.uniform(40, 75)
    at = rng.uniform(80, 320)
    rows, columns = np.mgrid[:400, :400]
    tip = ((columns - at) / width) ** 2 + (rows / depth) ** 2 < 1
    pixels = coloured(blurred(one.ink, 1))
    pixels[blurred(tip, 1) > 0.5] = (175, 120, 95)
    return Picture(jpeg(pixels + rng.normal(0, 3, (400, 400, 1))), one.digit)


@kind
def screenshot(rng, hand):
    """A phone's screen: a bar of state above, one for the thumb below."""
    one = scene(rng, hand, 600, 300, spread=0.1, most=0.6)
    page = Image.fromarray((255 * one.ink).astype(np.uint8))
    draw = ImageDraw.Draw(page)
    draw.text((12, 5), f"{rng.integers(24)}:{rng.integers(10, 60)}", 230)
    draw.rectangle((262, 7, 282, 14), 230)
    draw.rectangle((240, 9, 252, 13), 230)
    draw.rectangle((110, 590, 190, 593), 230)
    pixels = np.asarray(page)
    return Picture(png(pixels if rng.random() < 0.5 else 255 - pixels), one.digit)


@kind
def screenshot_bars(rng, hand):
    """A screen whose bars are of another colour than the page."""
    one = scene(rng, hand, 600, 300, spread=0.1, most=0.6)
    pixels = coloured(one.ink, (255, 255, 255), (0, 0, 0))
    pixels[:24] = rng.choice([(30, 90, 200), (20, 20, 20), (120, 120, 120)])
    page = Image.fromarray(pixels.astype(np.uint8))
    ImageDraw.Draw(page).text((12, 6), "12:45   paint", (255, 255, 255))
    if rng.random() < 0.5:
        ImageDraw.Draw(page).rectangle((0, 560, 300, 600), (20, 20, 20))
    return Picture(saved(page), one.digit)


# What stands around the digit.


@kind
def boxed(rng, hand):
    one = scene(rng, hand, least=0.35, most=0.5, spread=0.05)
    page = Image.fromarray(one.ink)
    rows, columns = np.nonzero(one.ink > 0.1)
    gap = rng.integers(12, 45)
    box = (columns.min() - gap, rows.min() - gap, columns.max() + gap, rows.max() + gap)
    ImageDraw.Draw(page).rectangle(
        [int(k) for k in box], outline=1.0, width=int(rng.integers(1, 9))
    )
    return Picture(png(coloured(np.asarray(page))), one.digit)


@kind
def circled(rng, hand):
    one = scene(rng, hand, 500, 500, least=0.35, most=0.5, spread=0.02)
    y, x = np.nonzero(one.ink > 0.1)
    y0, x0 = (y.min() + y.max()) / 2, (x.min() + x.max()) / 2
    radius = np.hypot(y - y0, x - x0).max() + rng.uniform(12, 30)
    pen = rng.uniform(2, 8)
    rows, columns = np.mgrid[:500, :500]
    ring = np.clip(pen / 2 - abs(np.hypot(rows - y0, columns - x0) - radius) + 0.5, 0, 1)
    return Picture(png(coloured(np.maximum(one.ink, ring))), one.digit)


@kind
def underlined(rng, hand):
    one = scene(rng, hand, spread=0.05, most=0.6)
    rows, columns = np.nonzero(one.ink > 0.1)
    y = rows.max() + rng.integers(10, 40)
    page = Image.fromarray(one.ink)
    ends = columns.min() - rng.integers(0, 50), columns.max() + rng.integers(0, 50)
    tilt = rng.integers(-5, 6)
    ends = [(int(ends[0]), int(y - tilt)), (int(ends[1]), int(y + tilt))]
    ImageDraw.Draw(page).line(ends, 1.0, int(rng.integers(3, 10)))
    return Picture(png(coloured(np.asarray(page))), one.digit)


@kind
def cut_neighbour(rng, hand):
    one = scene(rng, hand, spread=0.03, most=0.55)
    other = hand(int(rng.integers(10)), rng.uniform(0.4, 0.55) * 400)
    part = int(rng.uniform(0.2, 0.7) * other.shape[1])
    ink = one.ink.copy()
    free = np.flatnonzero(ink.any(axis=0)).min() - 15
    part = max(3, min(part, free))
    ink[100 : 100 + len(other), :part] = other[:, -part:]
    return Picture(png(coloured(ink)), one.digit)


@kind
def specks(rng, hand):
    """Crumbs and a hair."""
    one = scene(rng, hand)
    page = Image.fromarray(one.ink)
    for x, y in rng.integers(5, 390, (8, 2)):
        size = int(rng.integers(1, 5))
        ImageDraw.Draw(page).ellipse([int(x), int(y), int(x) + size, int(y) + size], 1.0)
    return Picture(photo(rng, np.asarray(page)), one.digit)


@kind
def punched(rng, hand):
    """Two holes of a file at the left."""
    one = scene(rng, hand, 500, 500, spread=0.05)
    rows, columns = np.mgrid[:500, :500]
    ink = one.ink.copy()
    for y in (130, 370):
        ink[np.hypot(rows - y, columns - 28) < 16] = 0.8
    return Picture(photo(rng, ink), one.digit)


# Lines of the paper.


def _lined(one, rng, pitch, pixels, colour, strength, across):
    offset = rng.integers(pitch)
    thick = int(rng.integers(1, 3))
    lines = np.zeros(one.ink.shape, np.float32)
    for k in range(thick):
        lines[offset + k :: pitch] = strength
        if across:
            lines[:, offset + k :: pitch] = strength
    return pixels + (1 - one.ink[..., None]) * lines[..., None] * (np.asarray(colour) - pixels)


@kind
def ruled(rng, hand):
    one = scene(rng, hand, 600, 600)
    pitch = int(rng.integers(40, 90))
    pixels = _lined(one, rng, pitch, coloured(one.ink), (120, 160, 220), 0.8, False)
    return Picture(png(pixels), one.digit)


@kind
def squared(rng, hand):
    one = scene(rng, hand, 600, 600)
    pitch = int(rng.integers(25, 60))
    pixels = _lined(one, rng, pitch, coloured(one.ink), (120, 160, 220), 0.8, True)
    return Picture(png(pixels), one.digit)


@kind
def ruled_dark(rng, hand):
    """Lines as dark as pencil."""
    one = scene(rng, hand, 600, 600)
    pitch = int(rng.integers(50, 110))
    pixels = _lined(one, rng, pitch, coloured(one.ink), (100, 100, 100), 1.0, False)
    return Picture(png(pixels), one.digit)


@kind
def ruled_photo(rng, hand):
    one = scene(rng, hand, 600, 600)
    pitch = int(rng.integers(40, 90))
    pixels = _lined(one, rng, pitch, coloured(one.ink), (120, 160, 220), 0.8, rng.random() < 0.5)
    sheet = Image.fromarray(pixels.astype(np.uint8))
    sheet = sheet.rotate(rng.normal(0, 1.5), Image.Resampling.BICUBIC).crop((20, 20, 580, 580))
    soft = np.asarray(sheet.filter(ImageFilter.GaussianBlur(1)), np.float32)
    soft = soft * _shadow(rng, soft.shape[:2], 1.5)[..., None]
    return Picture(jpeg(soft + rng.normal(0, 3, (*soft.shape[:2], 1))), one.digit)


@kind
def margin_line(rng, hand):
    one = scene(rng, hand, 500, 500, spread=0.03, most=0.6)
    pixels = _lined(one, rng, 60, coloured(one.ink), (150, 180, 225), 0.8, False)
    x = int(rng.integers(30, 70))
    pixels[:, x : x + 2] = (230, 110, 110)
    return Picture(png(pixels), one.digit)


@kind
def dotted_paper(rng, hand):
    one = scene(rng, hand, 600, 600)
    pixels = coloured(one.ink)
    pitch = int(rng.integers(25, 45))
    for i in range(2):
        for j in range(2):
            pixels[5 + i :: pitch, 5 + j :: pitch] = np.minimum(
                pixels[5 + i :: pitch, 5 + j :: pitch], 140
            )
    return Picture(png(pixels), one.digit)


# Formats.


@kind
def dithered(rng, hand):
    one = scene(rng, hand)
    grey = 235 - rng.uniform(180, 200) * one.ink - rng.uniform(0, 25)
    return Picture(saved(Image.fromarray(grey.astype(np.uint8)).convert("1")), one.digit)


@kind
def halftone(rng, hand):
    """Ordered dots, as a printer makes them."""
    one = scene(rng, hand)
    tile = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) * 16 + 8
    grey = 230 - rng.uniform(0, 30) - 190 * one.ink
    bits = grey > np.tile(tile, (100, 100))
    return Picture(saved(Image.fromarray(bits)), one.digit)


@kind
def salt_and_pepper(rng, hand):
    one = scene(rng, hand)
    pixels = 255 * (one.ink < 0.5)
    flipped = rng.random(pixels.shape) < rng.uniform(0.01, 0.06)
    pixels = np.where(flipped, 255 - pixels, pixels)
    return Picture(saved(Image.fromarray(pixels.astype(np.uint8)).convert("1")), one.digit)


@kind
def bits_12_in_16(rng, hand):
    one = scene(rng, hand)
    pixels = np.rint(4095 * (0.95 - 0.8 * one.ink)).astype(np.uint16)
    return Picture(saved(Image.fromarray(pixels), rng.choice(["png", "tiff"])), one.digit)


@kind
def bits_16(rng, hand):
    one = scene(rng, hand)
    pixels = np.rint(65535 * (0.95 - 0.8 * one.ink)).astype(np.uint16)
    return Picture(saved(Image.fromarray(pixels), rng.choice(["png", "tiff"])), one.digit)


@kind
def float_tiff(rng, hand):
    one = scene(rng, hand)
    reals = (0.95 - 0.8 * one.ink).astype(np.float32) * rng.choice([1, 255, 65535])
    return Picture(saved(Image.fromarray(reals.astype(np.float32)), "tiff"), one.digit)


@kind
def one_bit(rng, hand):
    one = scene(rng, hand)
    return Picture(saved(Image.fromarray(one.ink < 0.5)), one.digit)


@kind
def palette(rng, hand):
    one = scene(rng, hand)
    image = Image.fromarray(coloured(one.ink).astype(np.uint8)).quantize(int(rng.integers(2, 16)))
    return Picture(saved(image, rng.choice(["png", "gif"])), one.digit)


@kind
def cmyk(rng, hand):
    one = scene(rng, hand)
    image = Image.fromarray(coloured(one.ink).astype(np.uint8)).convert("CMYK")
    return Picture(saved(image, "jpeg"), one.digit)


def _with_alpha(ink, colour, alpha):
    pixels = np.empty((*ink.shape, 4))
    pixels[..., :3] = colour
    pixels[..., 3] = 255 * alpha
    return pixels


@kind
def ink_in_alpha(rng, hand):
    """One colour, white among them; the digit in the alpha alone."""
    one = scene(rng, hand)
    pen = rng.choice([(255, 255, 255), (0, 0, 0), (250, 240, 60), (200, 30, 30), (240, 240, 240)])
    pixels = _with_alpha(one.ink, pen, one.ink)
    if rng.random() < 0.5:
        pixels[one.ink == 0, :3] = 0  # as many programs leave what is clear
    return Picture(png(pixels), one.digit)


@kind
def rounded_screen(rng, hand):
    """Opaque but for its corners."""
    one = scene(rng, hand)
    mask = Image.new("L", (400, 400))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, 399, 399), 60, 255)
    dark = rng.random() < 0.5
    paper, pen = ((20, 20, 25), (240, 240, 240)) if dark else ((250, 250, 250), (30, 30, 30))
    pixels = np.dstack([coloured(one.ink, paper, pen), np.asarray(mask)])
    pixels[pixels[..., 3] == 0] = 0
    return Picture(png(pixels), one.digit)


# Colours.


@kind
def equal_brightness(rng, hand):
    one = scene(rng, hand)
    pairs = [
        ((70, 150, 90), (232, 58, 60)),
        ((90, 130, 220), (200, 110, 60)),
        ((150, 150, 150), (240, 120, 80)),
        ((225, 110, 190), (90, 180, 120)),
    ]
    paper, pen = pairs[rng.integers(len(pairs))]
    paper, pen = (paper, pen) if rng.random() < 0.5 else (pen, paper)
    return Picture(png(coloured(one.ink, paper, pen)), one.digit)


@kind
def colours(rng, hand):
    """A light pen on dark paper, or a dark one on light, both in strong colours."""
    one = scene(rng, hand)
    pairs = [
        ((250, 230, 80), (200, 40, 40)),
        ((30, 60, 160), (250, 220, 60)),
        ((255, 190, 210), (60, 90, 200)),
        ((20, 100, 50), (240, 240, 230)),
        ((250, 250, 250), (255, 150, 30)),
        ((250, 250, 250), (120, 190, 250)),
    ]
    paper, pen = pairs[rng.integers(len(pairs))]
    return Picture(photo(rng, one.ink, paper=paper, pen=pen), one.digit)


@kind
def highlighter(rng, hand):
    """Yellow on white: hardly darker, but much bluer."""
    one = scene(rng, hand)
    return Picture(png(coloured(one.ink, (255, 255, 255), (255, 245, 90))), one.digit)


# Small.


def _small(rng, hand, side):
    digit = int(rng.integers(10))
    ink = hand(digit, 300)
    longest = max(ink.shape)
    ink = on(ink, longest, longest)
    edge = int(rng.uniform(0, 0.15) * longest)
    page = Image.fromarray((255 * (1 - np.pad(ink, edge))).astype(np.uint8))
    return Picture(saved(page.resize((side, side), Image.Resampling.LANCZOS)), digit)


@kind
def tiny_10(rng, hand):
    return _small(rng, hand, 10)


@kind
def tiny_16(rng, hand):
    return _small(rng, hand, int(rng.integers(12, 20)))


@kind
def small_28(rng, hand):
    return _small(rng, hand, 28)


# What is no single digit.


@kind
def two_digits(rng, hand):
    a, b = (hand(int(k), 400 * rng.uniform(0.4, 0.55)) for k in rng.integers(0, 10, 2))
    gap = np.zeros((400, int(rng.integers(25, 90))), np.float32)
    pair = np.hstack(
        [
            np.pad(on(a, 400, a.shape[1]), ((0, 0), (40, 0))),
            gap,
            np.pad(on(b, 400, b.shape[1]), ((0, 0), (0, 40))),
        ]
    )
    return Picture(png(coloured(pair)), None)


@kind
def more_digits(rng, hand):
    inks = [
        hand(int(k), 400 * rng.uniform(0.3, 0.4)) for k in rng.integers(0, 10, rng.integers(3, 6))
    ]
    parts = [np.pad(on(ink, 300, ink.shape[1]), ((0, 0), (15, 15))) for ink in inks]
    return Picture(photo(rng, np.pad(np.hstack(parts), 20)), None)


@kind
def letters(rng, hand):
    return Picture(png(coloured(on(letter(rng, int(rng.integers(150, 260))), 400, 400))), None)


@kind
def scribbles(rng, hand):
    ink = scribble(rng, rng.uniform(150, 280), rng.uniform(6, 20))
    return Picture(png(coloured(on(ink, 500, 700))), None)


@kind
def noise(rng, hand):
    side = int(rng.integers(40, 400))
    cell = int(rng.integers(1, 9))
    grey = rng.integers(0, 256, (-(-side // cell),) * 2).repeat(cell, 0).repeat(cell, 1)
    return Picture(png(grey), None)


@kind
def clouds(rng, hand):
    """Soft blobs: a photograph of nothing."""
    soft = blurred(rng.normal(0, 1, (300, 300)), rng.integers(3, 30))
    return Picture(jpeg(128 + 50 * soft[..., None].repeat(3, 2) / soft.std()), None)


@kind
def blank(rng, hand):
    ink = np.zeros((400, 400), np.float32)
    return Picture(photo(rng, ink, _shadow(rng, ink.shape, rng.uniform(0.02, 0.5))), None)


# Lines of digits.


def line_of(rng, hand, light):
    """Three to five digits side by side, under the light that a function makes."""
    digits = rng.integers(0, 10, rng.integers(3, 6))
    tall = rng.uniform(70, 120)
    inks = [hand(int(digit), tall) for digit in digits]
    gap = round(rng.uniform(0.15, 0.4) * tall)
    field = np.zeros((round(2.5 * tall), round(2 * tall) + sum(k.shape[1] + gap for k in inks)))
    left = round(tall)
    for ink in inks:
        top = (len(field) - len(ink)) // 2
        field[top : top + len(ink), left : left + ink.shape[1]] = ink
        left += ink.shape[1] + gap
    return Picture(photo(rng, field, light(field.shape)), "".join(map(str, digits)))


@kind
def line(rng, hand):
    return line_of(rng, hand, np.ones)


@kind
def line_in_soft_shadow(rng, hand):
    return line_of(rng, hand, lambda shape: _shadow(rng, shape, 0.5))


@kind
def line_in_hard_shadow(rng, hand):
    return line_of(rng, hand, lambda shape: _shadow(rng, shape, rng.uniform(0.01, 0.1)))


@kind
def line_under_a_lamp(rng, hand):
    def lamp(shape):
        y, x = grid(shape)
        near = np.exp(-(y**2 + (x - rng.uniform(-0.4, 0.4)) ** 2) / rng.uniform(0.3, 0.6))
        return 0.45 + 0.55 * near

    return line_of(rng, hand, lamp)


@kind
def no_line(rng, hand):
    """A blank sheet in the shade, or clouds."""
    one = blank(rng, hand) if rng.random() < 0.5 else clouds(rng, hand)
    return Picture(one.content, "")
