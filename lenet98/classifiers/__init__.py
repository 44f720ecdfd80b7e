"""The classifiers of the paper's comparison, a file for each family (Sec. III-C, Figs. 9 to 12)."""

from lenet98.classifiers.neighbours import NearestNeighbours

__all__ = ["NearestNeighbours"]
