"""The numbers the paper reports, each once, with its source (Proc. IEEE 86(11), November 1998).

Stated in the paper: everything without another word. Read off: measured in the vector figures of
the authors' preprint, good to the tolerance given beside it. Errors are in percent of the patterns.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

TEST_ERROR = 0.95
"""Percent, 60,000 training patterns. Source: Sec. III-B, p. 2288."""

TRAIN_ERROR = 0.35
"""Percent, after 19 passes. Source: Sec. III-B, p. 2288."""

TEST_ERROR_DISTORTED = 0.8
"""Percent, trained with distorted patterns. Source: Sec. III-B, p. 2288."""

UNCERTAINTY = 0.1
"""Percent, of every test error in Fig. 9. Source: Sec. III-C."""

PATTERNS = 60_000
"""Of the training set. Source: Sec. III-A."""

FIRST_PASS_RATES = (7e-5, 0.016)
"""Least and greatest effective rate eps_k of the first pass. Source: Sec. III-B, p. 2288."""

DAYS_1998 = (2, 3)
"""Least and most for 10 to 20 passes, on one 200 MHz R10000 processor. Source: p. 2293."""


class LayerCount(NamedTuple):
    """What Sec. II-B counts in one layer: free parameters (the output's are fixed), connections."""

    name: str
    parameters: int
    connections: int


LAYER_COUNTS = (
    LayerCount("C1", 156, 122_304),
    LayerCount("S2", 12, 5_880),
    LayerCount("C3", 1_516, 151_600),
    LayerCount("S4", 32, 2_000),
    LayerCount("C5", 48_120, 48_120),
    LayerCount("F6", 10_164, 10_164),
    LayerCount("OUTPUT", 840, 840),
)
"""Source: Sec. II-B, pp. 2284-2286; C3's connections as in the preprint (the journal misprints)."""

TRAINABLE = 60_000
CONNECTIONS = 340_908
"""Source: Sec. II-B, p. 2286; the connections as in the preprint (the journal misprints them)."""

FIG5_TEST = (2.65, 2.24, 1.48, 1.43, 1.43, 1.09, 1.04, 1.07, 0.99, 0.96, 0.96, 0.99) + (0.96,) * 9
FIG5_TRAIN = (4.89, 3.04, 1.77, 1.48, 1.22, 0.91, 0.78, 0.7, 0.57, 0.49, 0.47, 0.44, 0.42) + (
    (0.39,) * 4 + (0.36,) * 4
)
"""Percent misclassified after each of the 21 passes drawn; training errors are on the fly.

The points carry no numbers; that the first is pass 1 follows from the falls after passes 2, 5, 8
and 12, where eta falls. Source: Fig. 5, read off, +-0.02.
"""


class FinalErrors(NamedTuple):
    """Errors in percent at the end of a run; the paper may not give the training error."""

    test: float
    train: float | None


FIG6: Mapping[str, FinalErrors] = MappingProxyType(
    {
        "15000": FinalErrors(1.68, 0.05),
        "30000": FinalErrors(1.14, 0.31),
        "60000": FinalErrors(0.94, 0.35),
        "distorted": FinalErrors(0.82, None),
    }
)
"""By number of training patterns; "distorted" adds 540,000. Source: Fig. 6, read off, +-0.005."""

FIG7_TRAIN_INDICES = (359, 366, 339, 330, 336, 376, 331, 337, 333, 334)
"""The ten training patterns distorted in Fig. 7, found in MNIST's file of training images."""


class Misclassified(NamedTuple):
    """A test pattern, counted from 0 in the t10k file; its true class; the network's answer."""

    pattern: int
    true: int
    answer: int


# Fig. 8, pattern:true>answer.
_FIG8 = """
    247:4>6  449:3>5  582:8>2  659:2>1  674:5>3
    829:4>8  926:2>8  938:3>5  1014:6>5  1039:7>3
    1232:9>4  1319:8>0  1328:7>8  1393:5>3  1530:8>7
    1621:0>6  1681:3>7  1790:2>7  1878:8>3  1901:9>4
    1955:8>2  2035:5>3  2043:4>8  2109:3>9  2118:6>0
    2129:9>8  2130:4>9  2135:6>1  2293:9>4  2387:9>1
    2414:9>4  2462:2>0  2654:6>1  2921:3>5  2927:3>2
    2939:9>5  3030:6>0  3422:6>0  3520:6>0  3762:6>8
    3780:4>6  3808:7>3  3869:9>4  3941:4>6  4176:2>7
    4224:9>7  4265:4>3  4369:9>4  4405:9>4  4425:9>4
    4497:8>7  4575:4>2  4601:8>4  4740:3>5  4956:8>4
    5736:6>5  5749:8>5  5955:3>8  5973:3>8  6091:9>8
    6101:1>5  6173:9>8  6538:6>3  6557:0>2  6558:6>5
    6571:9>5  6597:0>7  6783:1>6  7434:4>9  8059:2>1
    8094:2>8  8408:8>5  8527:4>9  9009:7>2  9015:7>2
    9679:6>5  9692:9>7  9698:6>1  9729:5>6  9770:5>0
    9792:4>9  9904:2>8
"""


def _misclassified(entry: str) -> Misclassified:
    pattern, classes = entry.split(":")
    true, answer = classes.split(">")
    return Misclassified(int(pattern), int(true), int(answer))


FIG8_ERRORS = tuple(_misclassified(entry) for entry in _FIG8.split())
"""The 82 errors of the network trained with distortions.

Source: Fig. 8; the classes are printed there, the indices were found in the public file.
"""

FIG9_TEST_ERROR: Mapping[str, float] = MappingProxyType(
    {
        "Linear": 12.0,
        "[deslant] Linear": 8.4,
        "Pairwise": 7.6,
        "K-NN Euclidean": 5.0,
        "[deslant] K-NN Euclidean": 2.4,
        "40 PCA + quadratic": 3.3,
        "1000 RBF + linear": 3.6,
        "[16x16] Tangent Distance": 1.1,
        "SVM poly 4": 1.1,
        "RS-SVM poly 5": 1.0,
        "[dist] V-SVM poly 9": 0.8,
        "28x28-300-10": 4.7,
        "[dist] 28x28-300-10": 3.6,
        "[deslant] 20x20-300-10": 1.6,
        "28x28-1000-10": 4.5,
        "[dist] 28x28-1000-10": 3.8,
        "28x28-300-100-10": 3.05,
        "[dist] 28x28-300-100-10": 2.5,
        "28x28-500-150-10": 2.95,
        "[dist] 28x28-500-150-10": 2.45,
        "[16x16] LeNet-1": 1.7,
        "LeNet-4": 1.1,
        "LeNet-4 / Local": 1.1,
        "LeNet-4 / K-NN": 1.1,
        "LeNet-5": 0.95,
        "[dist] LeNet-5": 0.8,
        "[dist] Boosted LeNet-4": 0.7,
    }
)
"""Percent, by classifier. Source: Fig. 9."""

FIG10_ERROR = 0.5
"""Percent of the patterns not rejected. Source: Fig. 10."""

FIG10_REJECTION: Mapping[str, float] = MappingProxyType(
    {
        "[deslant] K-NN Euclidean": 8.1,
        "[16x16] Tangent Distance": 1.9,
        "SVM poly 4": 1.8,
        "[deslant] 20x20-300-10": 3.2,
        "[16x16] LeNet-1": 3.7,
        "LeNet-4": 1.8,
        "LeNet-4 / Local": 1.4,
        "LeNet-4 / K-NN": 1.6,
        "[dist] Boosted LeNet-4": 0.5,
    }
)
"""Percent of the test patterns to reject for 0.5 % error on the others. Source: Fig. 10."""

FIG11_MULTIPLY_ACCUMULATES: Mapping[str, int] = MappingProxyType(
    {
        "Linear": 4_000,
        "Pairwise": 36_000,
        "[deslant] K-NN Euclidean": 24_000_000,
        "40 PCA + quadratic": 39_000,
        "1000 RBF": 794_000,
        "[16x16] Tangent Distance": 20_000_000,
        "SVM poly 4": 14_000_000,
        "RS-SVM poly 5": 650_000,
        "[dist] V-SVM poly 9": 28_000_000,
        "[deslant] 20x20-300-10": 123_000,
        "28x28-1000-10": 795_000,
        "28x28-300-100-10": 267_000,
        "28x28-500-150-10": 469_000,
        "[16x16] LeNet-1": 100_000,
        "LeNet-4": 260_000,
        "LeNet-4 / Local": 20_000_000,
        "LeNet-4 / K-NN": 10_000_000,
        "LeNet-5": 401_000,
        "Boosted LeNet-4": 460_000,
    }
)
"""For one pattern; the paper prints thousands. Source: Fig. 11."""

FIG12_MEMORY: Mapping[str, int] = MappingProxyType(
    {
        "Linear": 4_000,
        "Pairwise": 35_000,
        "[deslant] K-NN Euclidean": 24_000_000,
        "40 PCA + quadratic": 40_000,
        "1000 RBF": 794_000,
        "[16x16] Tangent Distance": 25_000_000,
        "SVM poly 4": 14_000_000,
        "RS-SVM poly 5": 650_000,
        "[dist] V-SVM poly 5": 28_000_000,
        "[deslant] 20x20-300-10": 123_000,
        "28x28-1000-10": 795_000,
        "28x28-300-100-10": 267_000,
        "28x28-500-150-10": 469_000,
        "[16x16] LeNet-1": 3_000,
        "LeNet-4": 17_000,
        "LeNet-4 / Local": 24_000_000,
        "LeNet-4 / K-NN": 24_000_000,
        "LeNet-5": 60_000,
        "Boosted LeNet-4": 51_000,
    }
)
"""Variables to store; the paper prints thousands. Source: Fig. 12."""

INVARIANT_SCALE = 2.0
"""Factor up to which recognition is estimated to be accurate; taken here as larger and as smaller.

Source: Sec. III-E.
"""

INVARIANT_SHIFT = 0.5
"""Of the height of the character, up and down, the same. Source: Sec. III-E."""

INVARIANT_ROTATION = 30.0
"""Degrees, to the left and to the right, the same. Source: Sec. III-E."""

NOISE = 0.1
"""Probability that a pixel is inverted. Source: Sec. III-E, VII-B."""

STRING_GAPS = (-1, 4)
"""Least and most pixels between the bounding boxes of neighbours. Source: Sec. VII-B."""
