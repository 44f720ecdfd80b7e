"""The classifiers, each so small that it is fitted in a moment."""

from lenet98.classifiers import (
    NearestNeighbours,
    Pairwise,
    Quadratic,
    RadialBasis,
    TangentDistance,
)

CASES = [
    NearestNeighbours(),
    NearestNeighbours(k=1, deslanted=True),
    Pairwise(deslanted=True),
    Quadratic(components=10),
    RadialBasis(units=20),
    TangentDistance(candidates=50),
]
