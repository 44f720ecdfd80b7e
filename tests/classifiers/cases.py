"""The classifiers, each so small that it is fitted in a moment."""

from lenet98.classifiers import NearestNeighbours

CASES = [NearestNeighbours(), NearestNeighbours(k=1, deslanted=True)]
