from itertools import pairwise

import numpy as np

from lenet98.classifiers.quasi_newton import Height, minimise


def valley(point):
    """Rosenbrock's function: least, and 0, where both are 1."""
    x, y = point
    value = (1 - x) ** 2 + 100 * (y - x * x) ** 2
    return Height(value, np.array([2 * (x - 1) - 400 * x * (y - x * x), 200 * (y - x * x)]))


def test_the_bottom_of_a_curved_valley_is_found():
    found = minimise(valley, np.array([-1.2, 1.0]), first=0.1, rounds=100)
    np.testing.assert_allclose(found, 1, atol=1e-6)


def test_a_round_never_ends_higher():
    heights = [
        valley(minimise(valley, np.array([-1.2, 1.0]), first=5.0, rounds=k)).value
        for k in range(20)
    ]
    assert heights[0] == valley(np.array([-1.2, 1.0])).value
    assert all(after <= before for before, after in pairwise(heights))


def test_a_bowl_of_many_sides_takes_few_rounds():
    curvatures = np.geomspace(1, 100, 200).reshape(20, 10)

    def bowl(point):
        return Height(float((curvatures * point**2).sum() / 2), curvatures * point)

    found = minimise(bowl, np.ones((20, 10)), first=1.0, rounds=80)
    np.testing.assert_allclose(found, 0, atol=1e-5)


def test_the_bottom_is_left_alone():
    assert (minimise(valley, np.ones(2), first=1.0, rounds=5) == 1).all()


def test_a_gradient_that_leads_nowhere_is_given_up():
    start = np.ones(3)
    assert (minimise(lambda point: Height(0.0, -start), start, 1.0, 5) == 1).all()
