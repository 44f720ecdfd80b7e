"""Clusters of pixels and the boxes around them."""

import numpy as np

from lenet98.reading.clusters import boxes_around, clusters

MARKED = np.array([[int(c) for c in row] for row in ["110001", "001001", "000000", "101100"]], bool)


def test_pixels_that_touch_at_a_corner_are_one_cluster():
    numbers = clusters(MARKED)
    np.testing.assert_array_equal(numbers > 0, MARKED)
    assert numbers[0, 0] == numbers[0, 1] == numbers[1, 2]
    assert numbers[0, 5] == numbers[1, 5]
    assert numbers[3, 2] == numbers[3, 3]
    assert sorted(set(numbers[MARKED].tolist())) == [1, 2, 3, 4]


def test_a_box_goes_from_the_first_pixel_to_behind_the_last():
    numbers = clusters(MARKED)
    boxes = np.stack(boxes_around(numbers), axis=1)
    assert boxes[numbers[0, 0] - 1].tolist() == [0, 2, 0, 3]
    assert boxes[numbers[0, 5] - 1].tolist() == [0, 2, 5, 6]
    assert boxes[numbers[3, 2] - 1].tolist() == [3, 4, 2, 4]
    assert boxes_around(clusters(np.zeros((3, 3), bool))).top.size == 0


def test_a_cluster_that_winds_is_one():
    spiral = np.zeros((9, 9), bool)
    spiral[0] = spiral[:, 8] = spiral[8] = spiral[2:, 0] = spiral[2, :7] = spiral[2:7, 6] = True
    assert clusters(spiral).max() == 1
    spiral[4, 3] = True
    assert clusters(spiral).max() == 2
