"""The classifiers of the paper's comparison, a file for each family (Sec. III-C, Figs. 9 to 12)."""

from lenet98.classifiers.neighbours import NearestNeighbours
from lenet98.classifiers.pairwise import Pairwise
from lenet98.classifiers.quadratic import Quadratic
from lenet98.classifiers.radial_basis import RadialBasis
from lenet98.classifiers.reduced_set import ReducedSetSVM
from lenet98.classifiers.support_vectors import PolynomialSVM
from lenet98.classifiers.tangent_distance import TangentDistance
from lenet98.classifiers.virtual_vectors import VirtualSVM

__all__ = [
    "NearestNeighbours",
    "Pairwise",
    "PolynomialSVM",
    "Quadratic",
    "RadialBasis",
    "ReducedSetSVM",
    "TangentDistance",
    "VirtualSVM",
]
