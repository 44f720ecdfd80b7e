"""K-nearest neighbours by tangent distance (Sec. III-C.10)."""

from __future__ import annotations

import numpy as np

from lenet98.classifiers.classifier import CLASSES, Classifier, Labels, Scores
from lenet98.classifiers.neighbours import require_enough, votes_of
from lenet98.classifiers.pixels import Vectors
from lenet98.classifiers.tangents import PRODUCTS, Images, Numbers, smoothed, tangent_squares
from lenet98.data.digits import Bytes
from lenet98.data.reduction import REDUCED_SIZE, reduce
from lenet98.data.sizes import LARGEST_GREY
from lenet98.errors import require, require_positive, require_whole
from lenet98.storage.cache import cached_njit

_COARSE, _FINE = 4, 8
"""Pixels on a side of the images that choose candidates. Ours."""

_MORE = 8
"""Times as many candidates the coarse images leave to the fine ones. Ours."""


class TangentDistance(Classifier):
    """The class that most of the nearest training patterns have, by tangent distance.

    Images are compared at 16x16 pixels, up to small changes of either: translations, scaling,
    rotation, two hyperbolic deformations and thickness of lines, each as far as its tangent goes.

    Parameters
    ----------
    k : int
        Neighbours that vote. Ours.
    smoothing : float
        Standard deviation of the Gaussian that images are smoothed by, in pixels. Ours.
    candidates : int
        Training patterns of which the tangent distance is taken, those that are nearest by
        Euclidean distance at 4x4 and then at 8x8 pixels. Ours.

    Notes
    -----
    Scores are those of `NearestNeighbours`. The paper gives none of the three keywords. Where the
    first 50,000 training patterns are known, k and smoothing misclassify the fewest of the last
    10,000, of a few that were tried; more candidates make no difference beyond chance.
    Source: Sec. III-C.10.

    Examples
    --------
    >>> from lenet98 import draw_digits
    >>> digits = draw_digits(n_train=200, n_test=10)
    >>> fitted = TangentDistance().fit(digits.train_images, digits.train_labels)
    >>> fitted.decision_function(digits.test_images).shape
    (10, 10)
    """

    def __init__(self, k: int = 4, smoothing: float = 0.6, candidates: int = 500) -> None:
        self.k = k
        self.smoothing = smoothing
        self.candidates = candidates

    def _check(self) -> None:
        require_whole("k", self.k, 1)
        require_whole("candidates", self.candidates, 1)
        enough = self.candidates >= self.k
        require("candidates", self.candidates, enough, f"at least k = {self.k}")
        require_positive("smoothing", self.smoothing)

    def _fit(self, images: Bytes, labels: Labels) -> None:
        require_enough(self.k, images)
        self.labels_ = labels
        self.images_ = self._smoothed(images)
        self.coarse_ = _averages(self.images_, _COARSE)
        self.fine_ = _averages(self.images_, _FINE)

    def _scores(self, images: Bytes) -> Scores:
        patterns = self._smoothed(images)
        coarse, fine = _averages(patterns, _COARSE), _averages(patterns, _FINE)
        everything = np.arange(len(self.images_))
        labels = np.empty((len(images), self.k), np.int64)
        of_classes = np.full((len(images), CLASSES), np.inf)
        for n in range(len(images)):
            some = _nearer(self.coarse_, coarse[n], everything, self.candidates * _MORE)
            few = _nearer(self.fine_, fine[n], some, self.candidates)
            found = tangent_squares(patterns[n], self.images_, few)
            labels[n] = self.labels_[few[found.argsort(kind="stable")[: self.k]]]
            np.minimum.at(of_classes[n], self.labels_[few], found)
        return votes_of(labels, of_classes)

    def _smoothed(self, images: Bytes) -> Images:
        ink = reduce(images) / np.float32(LARGEST_GREY)
        return smoothed(ink, float(self.smoothing))

    @property
    def _multiply_accumulates(self) -> int:
        """Euclidean distances at both resolutions, and tangent distances.

        What is done once for a pattern, or once for a pair and not for each of its pixels, is
        less than a fiftieth, and left out.
        """
        coarse = min(len(self.coarse_), self.candidates * _MORE)
        fine = min(coarse, self.candidates)
        pixels = self.images_[0].size
        return int(self.coarse_.size + coarse * self.fine_.shape[1] + fine * pixels * PRODUCTS)

    @property
    def _variables(self) -> int:
        """The training patterns at three resolutions."""
        return int(self.coarse_.size + self.fine_.size + self.images_.size)


def _averages(images: Images, size: int) -> Vectors:
    """Return the area averages of images at size x size pixels, (n, size * size)."""
    side = REDUCED_SIZE // size
    parts = images.reshape(len(images), size, side, size, side)
    return np.asarray(parts.mean(axis=(2, 4)).reshape(len(images), -1), np.float32)


def _nearer(known: Vectors, pixels: Vectors, chosen: Numbers, count: int) -> Numbers:
    """Return those of the chosen that are nearest by Euclidean distance, in their order."""
    if len(chosen) <= count:
        return chosen
    squares = _euclidean_squares(known, pixels, chosen)
    return chosen[np.sort(np.argpartition(squares, count)[:count])]


@cached_njit(nogil=True)
def _euclidean_squares(known: Vectors, pixels: Vectors, chosen: Numbers) -> Vectors:
    squares = np.zeros(len(chosen), np.float32)
    for n in range(len(chosen)):
        for pixel in range(len(pixels)):
            difference = known[chosen[n], pixel] - pixels[pixel]
            squares[n] += difference * difference
    return squares
