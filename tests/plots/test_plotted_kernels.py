import numpy as np
from drawings import BLANKED, NETWORK, pictures, reproduction, strings

from lenet98 import LeNet5
from lenet98.plots.kernels import draw_beside_ours, kernels_1998, learned


def as_drawn(network):
    """C1's row and C3's matrix of a network, every kernel up to its greatest weight."""
    c1, c3 = network.view("C1").weights, network.view("C3").weights
    return [kernels / np.abs(kernels).max(axis=(1, 2), keepdims=True) for kernels in (c1, c3)]


def assert_drawn(row, matrix, network):
    first, second = as_drawn(network)
    for m, kernel in enumerate(first):
        np.testing.assert_allclose(row[:, 6 * m : 6 * m + 5], kernel)
    layer = network.architecture.layer("C3")
    assert np.isfinite(matrix).sum() == layer.weights
    for (source, target), kernel in zip(layer.pairs, second, strict=True):
        there = matrix[6 * source : 6 * source + 5, 6 * target : 6 * target + 5]
        np.testing.assert_allclose(there, kernel)


def test_learned_draws_kernels_where_table_i_has_an_x():
    assert_drawn(*pictures(learned(reproduction())), NETWORK)


def test_kernels_of_1998_stand_above_ours():
    page = draw_beside_ours(NETWORK, BLANKED, "mnist", "as well as that")
    row, matrix, own_row, own_matrix = pictures(page)
    assert_drawn(row, matrix, NETWORK)
    assert_drawn(own_row, own_matrix, BLANKED)
    tops = [axes.get_position().y1 for axes in page.axes]
    assert tops == sorted(tops, reverse=True)
    said = [text for text in strings(page) if "1998:" in text or "here:" in text]
    assert [text[:4] for text in said] == ["1998", "here"]
    assert said[0].endswith("as well as that")


def test_what_is_recovered_is_what_comes_with_the_package():
    page = kernels_1998(reproduction())
    row, *_ = pictures(page)
    first, _ = as_drawn(LeNet5.pretrained("1998"))
    # Another processor solves in another order.
    np.testing.assert_allclose(row[:, :5], first[0], atol=1e-4)
    assert any("which they explain to" in text for text in strings(page))


def test_the_greatest_weight_of_a_kernel_is_black_or_white():
    for axes in learned(reproduction()).axes:
        assert axes.images[0].get_clim() == (-1, 1)
