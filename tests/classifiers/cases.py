"""The classifiers, each so small that it is fitted in a moment."""

from lenet98.classifiers import (
    NearestNeighbours,
    Pairwise,
    PolynomialSVM,
    Quadratic,
    RadialBasis,
    ReducedSetSVM,
    TangentDistance,
    VirtualSVM,
)

CASES = [
    NearestNeighbours(),
    NearestNeighbours(k=1, deslanted=True),
    Pairwise(deslanted=True),
    PolynomialSVM(),
    PolynomialSVM(degree=1, offset=1.0, deslanted=True),
    Quadratic(components=10),
    RadialBasis(units=20),
    ReducedSetSVM(vectors=20),
    TangentDistance(candidates=50),
    VirtualSVM(),
]
