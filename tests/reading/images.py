"""Image files to read patterns from."""

import struct
import zlib

import numpy as np


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width, height, depth, colour, rows):
    """Encode a PNG of any kind, rows as bytes, for matplotlib writes RGBA of 8 bits only."""
    header = struct.pack(">2I5B", width, height, depth, colour, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def grey_png(grey):
    return png(grey.shape[1], grey.shape[0], 8, 0, [row.tobytes() for row in grey])


def enlarged(digit, times, height=None, width=None, top=0, left=0):
    """Each pixel as a block, on a larger field of background."""
    blocks = np.kron(digit, np.ones((times, times), np.uint8))
    field = np.zeros((height or blocks.shape[0], width or blocks.shape[1]), np.uint8)
    field[top : top + blocks.shape[0], left : left + blocks.shape[1]] = blocks
    return field


def on_paper(ink, *, noise=5.0, paper=190.0, pen=60.0, shade=40.0, seed=3):
    """Ink on grey paper that is lit from the left and darker towards its corners."""
    y = np.linspace(-1, 1, ink.shape[0])[:, None]
    x = np.linspace(-1, 1, ink.shape[1])[None, :]
    light = shade * (0.5 * x - 0.2 * y - 0.25 * (x * x + y * y))
    grain = np.random.default_rng(seed).normal(0, noise, ink.shape)
    return np.clip(paper + (pen - paper) * (ink / 255) + light + grain, 0, 255).astype(np.uint8)
