"""Sizes, grey levels and labels of patterns: numbers that need no library."""

IMAGE_SIZE = 28
"""Pixels on a side, of MNIST's images."""

FRAME_SIZE = 32
"""Pixels on a side, of the network's frame."""

LARGEST_GREY = 255
"""The blackest ink; 0 is the background."""

LARGEST_LABEL = 9
