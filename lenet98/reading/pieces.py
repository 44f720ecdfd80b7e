"""A string cut at its empty columns and read piece by piece: what strings are held against.

Source: Sec. VII-A, where cutting before reading is what the replicated network does without.
"""

from __future__ import annotations

import numpy as np

from lenet98.data.digits import Bytes
from lenet98.data.normalisation import normalise_all
from lenet98.data.patterns import framed
from lenet98.network.network import Network


def read_pieces(images: Bytes, network: Network, *, threads: int = 1) -> list[str]:
    """Read strings by their pieces: each the columns between two empty ones.

    Parameters
    ----------
    images : ndarray of uint8, (n, 32, width)
        Grey levels, 0 for the background.
    network : Network
        Reads every piece, size-normalised and centred as Sec. III-A says.
    threads : int
        Cores to spread the pieces over.

    Returns
    -------
    list of str
        A digit for each piece.
    """
    pieces, strings = [], []
    for k, image in enumerate(images):
        inked = np.pad(image.max(axis=0) > 0, 1)
        edges = np.flatnonzero(np.diff(inked))
        for first, behind in edges.reshape(-1, 2):
            pieces.append(normalise_all(image[None, :, first:behind].astype(np.float32))[0])
            strings.append(k)
    texts = [""] * len(images)
    if not pieces:
        return texts
    # Framed here: of the faintest ink, bytes would be taken for zeros and ones to be mended.
    patterns = framed(np.array(pieces), network.architecture.height, np.float32)
    answers = network.classify(patterns, threads=threads)
    for k, answer in zip(strings, answers, strict=True):
        texts[k] += str(answer)
    return texts
