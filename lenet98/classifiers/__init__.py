"""The classifiers of the paper's comparison, a file for each family (Sec. III-C, Figs. 9 to 12)."""

from lenet98.classifiers.boosting import BoostedLeNet4
from lenet98.classifiers.last_layers import LeNet4Local, LeNet4Neighbours
from lenet98.classifiers.lenets import LeNet1, LeNet4, LeNet5
from lenet98.classifiers.multilayer import Linear, Multilayer
from lenet98.classifiers.neighbours import NearestNeighbours
from lenet98.classifiers.pairwise import Pairwise
from lenet98.classifiers.quadratic import Quadratic
from lenet98.classifiers.radial_basis import RadialBasis
from lenet98.classifiers.reduced_set import ReducedSetSVM
from lenet98.classifiers.support_vectors import PolynomialSVM
from lenet98.classifiers.tangent_distance import TangentDistance
from lenet98.classifiers.virtual_vectors import VirtualSVM

__all__ = [
    "BoostedLeNet4",
    "LeNet1",
    "LeNet4",
    "LeNet4Local",
    "LeNet4Neighbours",
    "LeNet5",
    "Linear",
    "Multilayer",
    "NearestNeighbours",
    "Pairwise",
    "PolynomialSVM",
    "Quadratic",
    "RadialBasis",
    "ReducedSetSVM",
    "TangentDistance",
    "VirtualSVM",
]
