"""The classifiers of Fig. 9, a row each: which one of ours it is, and how it works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lenet98.paper import published
from lenet98.reproduction.comparison import Quantity

if TYPE_CHECKING:
    from lenet98.classifiers.classifier import Classifier

FIRST_SEED = 1998

TOLERANCE = 0.3
"""Percent points: three times what Fig. 9's caption calls the uncertainty of its own numbers."""

_LAYERS = {
    1: "one layer of hidden units between pixels and outputs",
    2: "two layers of hidden units between pixels and outputs",
}
"""How a fully connected net works, by its hidden layers."""

_TRAINED = (
    "the paper tells neither loss nor rates of such a net, and 10 to 20 passes of them all; by "
    "LeNet-5's recipe it has fewer errors than are printed"
)


@dataclass(frozen=True)
class Row:
    """One row of Fig. 9.

    Attributes
    ----------
    name : str
        As Figs. 9 and 10 print it.
    classifier : Classifier
        Not yet fitted.
    how : str
        How it works, in a line.
    minutes : float
        That one seed takes to be fitted to MNIST and judged, on one core of the record's machine.
    cost : str
        Its name in Fig. 11; empty where Figs. 11 and 12 have it not.
    seeds : int
        Of one that draws its start; 1 of others.
    word : str
        Where the print contradicts itself, or ours is not as printed.
    """

    name: str
    classifier: Classifier
    how: str
    minutes: float
    cost: str = ""
    seeds: int = 1
    word: str = ""

    @property
    def printed(self) -> float:
        """Percent misclassified. Source: Fig. 9."""
        return published.FIG9_TEST_ERROR[self.name]

    @property
    def error(self) -> Quantity:
        """The error that Fig. 9 has, and what is wanted of ours."""
        return Quantity(self.name, self.printed, "%", "Fig. 9", "less", TOLERANCE)

    def seeded(self) -> list[Classifier]:
        """Return a classifier for each seed, alike but for that."""
        keywords = self.classifier.get_params()
        if "seed" not in keywords:
            return [self.classifier]
        return [
            type(self.classifier)(**keywords | {"seed": FIRST_SEED + k}) for k in range(self.seeds)
        ]


def rows() -> list[Row]:
    """Return the rows in the order of Fig. 9."""
    from lenet98.classifiers import (
        BoostedLeNet4,
        LeNet1,
        LeNet4,
        LeNet4Local,
        LeNet4Neighbours,
        LeNet5,
        Linear,
        Multilayer,
        NearestNeighbours,
        Pairwise,
        PolynomialSVM,
        Quadratic,
        RadialBasis,
        ReducedSetSVM,
        TangentDistance,
        VirtualSVM,
    )

    linear = "ten weighted sums of the pixels, squashed; the greatest wins"
    neighbours = "three nearest training patterns vote, near by the difference of the pixels"
    searched = "a plain search has fewer errors than are printed"
    states = (
        "24,000,000 variables of Fig. 12 are 60,000 images of 20x20 pixels; here the 120 states of "
        "each pattern are kept"
    )
    one_of_several = "of several ways to train it the paper does not say which gave 12.0 %"
    return [
        Row("Linear", Linear(), linear, 0.1, seeds=5, word=one_of_several),
        Row("[deslant] Linear", Linear(deslanted=True), linear, 0.1, "Linear", seeds=5),
        Row(
            "Pairwise",
            Pairwise(deslanted=True),
            "45 weighted sums, each for one digit against one other; their answers are added",
            0.1,
            "Pairwise",
            word="the text has regular images, and Figs. 11 and 12 count their pixels; 7.6 % is "
            "what deslanted ones give",
        ),
        Row("K-NN Euclidean", NearestNeighbours(), neighbours, 0.2, word=searched),
        Row(
            "[deslant] K-NN Euclidean",
            NearestNeighbours(deslanted=True),
            neighbours,
            0.1,
            "[deslant] K-NN Euclidean",
            word=searched,
        ),
        Row(
            "40 PCA + quadratic",
            Quadratic(),
            "40 directions in which the images differ most, all products of two, weighted sums",
            0.1,
            "40 PCA + quadratic",
        ),
        Row(
            "1000 RBF + linear",
            RadialBasis(),
            "nearness to 1,000 typical images, 100 of each digit, and weighted sums of it",
            0.3,
            "1000 RBF",
            seeds=5,
        ),
        Row(
            "[16x16] Tangent Distance",
            TangentDistance(),
            "nearest training pattern, where small shifts, turns, scalings and thicker strokes "
            "count for nothing",
            0.7,
            "[16x16] Tangent Distance",
        ),
        Row(
            "SVM poly 4",
            PolynomialSVM(degree=4),
            "weighted sums of the fourth power of the likeness to the patterns hardest to tell",
            1.6,
            "SVM poly 4",
            word="the text has 1.4 % on the regular set, and 1.1 % of another paper",
        ),
        Row(
            "RS-SVM poly 5",
            ReducedSetSVM(deslanted=True, vectors=1585),
            "such sums, on far fewer vectors that are made to stand for all",
            1.3,
            "RS-SVM poly 5",
            word="the text has 1.1 %; of regular images as many multiply-accumulates are too few, "
            "and MNIST's page names deslanted ones",
        ),
        Row(
            "[dist] V-SVM poly 9",
            VirtualSVM(),
            "such sums, found again on the hardest patterns shifted by a pixel each way",
            15,
            "[dist] V-SVM poly 9",
            word="of degree 5 in Fig. 12; 1.0 % in the text, and 0.8 % for a modified one; more "
            "vectors here than Figs. 11 and 12 count",
        ),
        _fully_connected(
            300,
            minutes=1.1,
            word=f"{_TRAINED}, and so it has by eq. 8, which MNIST's page names for it",
        ),
        _fully_connected(300, minutes=1.2, distorted=True),
        Row(
            "[deslant] 20x20-300-10",
            Multilayer((300,), deslanted=True),
            _LAYERS[1],
            0.6,
            "[deslant] 20x20-300-10",
            seeds=5,
        ),
        _fully_connected(1000, minutes=3.7, seeds=3),
        _fully_connected(1000, minutes=3.5, seeds=3, distorted=True),
        _fully_connected(300, 100, minutes=1.2),
        _fully_connected(300, 100, minutes=1.3, distorted=True),
        _fully_connected(
            500,
            150,
            minutes=2.1,
            word=f"1000-150 in the text, whose 469,160 weights are those of 500-150; {_TRAINED}",
        ),
        _fully_connected(500, 150, minutes=2.2, distorted=True),
        Row(
            "[16x16] LeNet-1",
            LeNet1(),
            "shared 5x5 weights find features, halved in size twice, and then outputs",
            0.5,
            "[16x16] LeNet-1",
            seeds=5,
        ),
        Row(
            "LeNet-4",
            LeNet4(),
            "LeNet-1 with more feature maps and 120 hidden units",
            1,
            "LeNet-4",
            seeds=5,
            word="17,000 parameters do not hold 120 units that see all maps: 50,698 here",
        ),
        Row(
            "LeNet-4 / Local",
            LeNet4Local(),
            "LeNet-4, whose outputs are trained anew for each pattern, on those like it",
            1.2,
            "LeNet-4 / Local",
            seeds=5,
            word=states,
        ),
        Row(
            "LeNet-4 / K-NN",
            LeNet4Neighbours(),
            "LeNet-4, whose hidden units are compared with those of the training patterns",
            1.1,
            "LeNet-4 / K-NN",
            seeds=5,
            word=states,
        ),
        Row(
            "LeNet-5",
            LeNet5(),
            "more maps again, and an output that compares 84 units with a drawn code",
            1.2,
            "LeNet-5",
            seeds=5,
        ),
        Row(
            "[dist] LeNet-5", LeNet5(distorted=True), "LeNet-5, on distorted patterns", 1.4, seeds=5
        ),
        Row(
            "[dist] Boosted LeNet-4",
            BoostedLeNet4(),
            "three LeNet-4s, each trained on what those before it find hard; added",
            5.3,
            "Boosted LeNet-4",
            seeds=3,
        ),
    ]


def _fully_connected(
    *hidden: int, minutes: float, seeds: int = 5, distorted: bool = False, word: str = _TRAINED
) -> Row:
    """Return the row of a net on regular images; Figs. 11 and 12 have some, without distortions."""
    from lenet98.classifiers import Multilayer

    name = "-".join(["28x28", *map(str, hidden), "10"])
    cost = "" if distorted or name not in published.FIG11_MULTIPLY_ACCUMULATES else name
    return Row(
        f"[dist] {name}" if distorted else name,
        Multilayer(hidden, distorted=distorted),
        _LAYERS[len(hidden)],
        minutes,
        cost,
        seeds,
        word,
    )
