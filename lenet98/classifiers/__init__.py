"""The classifiers of the paper's comparison, a file for each family (Sec. III-C, Figs. 9 to 12)."""

from lenet98.classifiers.neighbours import NearestNeighbours
from lenet98.classifiers.pairwise import Pairwise
from lenet98.classifiers.quadratic import Quadratic
from lenet98.classifiers.radial_basis import RadialBasis
from lenet98.classifiers.tangent_distance import TangentDistance

__all__ = ["NearestNeighbours", "Pairwise", "Quadratic", "RadialBasis", "TangentDistance"]
