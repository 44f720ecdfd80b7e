"""The blocks as functions of plain arrays, against loops over single values."""

import re

import numpy as np
import pytest

from lenet98.errors import ConfigurationError, Lenet98Error, PatternError
from lenet98.modern import average_pool, correlate, max_pool, relu, sigmoid, squash, tanh

import naive

ZEROS = {"valid": lambda side: (0, 0), "same": lambda side: ((side - 1) // 2, side // 2)}


def maps_of(many, height, width, seed=0):
    return np.random.default_rng(seed).normal(size=(many, height, width))


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same", 0, 1, 3])
@pytest.mark.parametrize("side", [1, 2, 3, 5])
def test_correlate_is_what_loops_compute(side, padding, stride):
    maps = maps_of(2, 7, 9)
    kernels = np.random.default_rng(1).normal(size=(4, 2, side, side))
    zeros = ZEROS[padding](side) if padding in ZEROS else (padding, padding)
    expected = naive.correlate(maps, kernels, stride, zeros)
    found = correlate(maps, kernels, stride, padding)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, atol=1e-13)


@pytest.mark.parametrize("to", range(1, 8))
@pytest.mark.parametrize("below", range(1, 6))
def test_correlate_takes_any_number_of_maps(below, to):
    maps = maps_of(below, 4, 5)
    kernels = np.random.default_rng(1).normal(size=(to, below, 3, 3))
    expected = naive.correlate(maps, kernels)
    np.testing.assert_allclose(correlate(maps, kernels), expected, atol=1e-13)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("side", [1, 2, 3, 4])
def test_same_keeps_the_size_at_stride_1_and_divides_it_otherwise(side, stride):
    kernels = np.ones((1, 1, side, side))
    found = correlate(np.ones((1, 7, 8)), kernels, stride=stride, padding="same")
    assert found.shape == (1, -(-7 // stride), -(-8 // stride))


@pytest.mark.parametrize("stride", [None, 1, 2, 3])
@pytest.mark.parametrize("size", [1, 2, 3, 4])
@pytest.mark.parametrize(("ours", "of_window"), [(max_pool, np.max), (average_pool, np.mean)])
def test_pooling_is_what_loops_compute(ours, of_window, size, stride):
    maps = maps_of(3, 7, 10)
    expected = naive.pool(maps, size, size if stride is None else stride, of_window)
    found = ours(maps, size, stride)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("size", [2, 3])
def test_a_nan_is_never_hidden(size):
    for place in np.ndindex(size, size):
        maps = np.ones((1, size, size))
        maps[0][place] = np.nan
        assert np.isnan(max_pool(maps, size)).all()
        assert np.isnan(average_pool(maps, size)).all()
        assert np.isnan(correlate(maps, np.ones((1, 1, size, size)))).all()
    assert np.isnan(relu([np.nan])).all()


@pytest.mark.parametrize("size", [2, 3])
def test_the_greatest_of_what_has_no_bottom(size):
    assert max_pool(np.full((1, size, size), -np.inf), size) == -np.inf


def test_functions_are_what_they_are_called():
    x = np.linspace(-4, 4, 31)
    np.testing.assert_array_equal(relu(x), np.where(x > 0, x, 0))
    np.testing.assert_allclose(sigmoid(x), 1 / (1 + np.exp(-x)), rtol=1e-12)
    np.testing.assert_allclose(tanh(x), np.sinh(x) / np.cosh(x), atol=1e-15)
    np.testing.assert_allclose(squash(x), 1.7159 * np.tanh(2 * x / 3), rtol=1e-12)
    assert relu([-np.inf, np.inf]).tolist() == [0, np.inf]
    assert relu(3).shape == ()
    assert relu(np.ones((2, 1, 3))).shape == (2, 1, 3)


@pytest.mark.parametrize("function", [sigmoid, tanh, squash])
def test_functions_in_single_precision_are_those_in_double(function):
    x = np.linspace(-30, 30, 60_001)
    # Within 2e-7 of tanh, times up to 1.7159, and rounded.
    np.testing.assert_allclose(function(x.astype(np.float32)), function(x), rtol=0, atol=6e-7)
    far = np.array([-np.inf, np.inf, np.nan], np.float32)
    np.testing.assert_allclose(function(far), function(far.astype(np.float64)), atol=6e-7)


@pytest.mark.parametrize("block", [relu, sigmoid, tanh, squash, lambda x: max_pool(x, 2)])
def test_what_is_given_stays_as_it_is(block):
    x = maps_of(1, 4, 4)
    before = x.copy()
    block(x)
    np.testing.assert_array_equal(x, before)


def test_single_precision_stays_and_all_else_becomes_double():
    maps, kernels = np.ones((1, 4, 4), np.float32), np.ones((1, 1, 2, 2), np.float32)
    assert correlate(maps, kernels).dtype == max_pool(maps, 2).dtype == np.float32
    assert correlate(maps, kernels.astype(np.float64)).dtype == np.float64
    assert correlate(maps.astype(np.uint8), kernels.astype(np.int64)).dtype == np.float64
    assert relu(np.ones(3, np.float16)).dtype == np.float64


def test_arrays_of_any_layout_and_lists_will_do():
    maps = maps_of(2, 6, 5)
    kernels = np.random.default_rng(1).normal(size=(1, 2, 3, 3))
    expected = correlate(maps, kernels)
    turned = np.asfortranarray(maps)
    np.testing.assert_array_equal(correlate(turned, kernels.tolist()), expected)
    np.testing.assert_array_equal(
        max_pool(maps[:, ::-1], 2), max_pool(np.ascontiguousarray(maps[:, ::-1]), 2)
    )


MAPS, KERNELS = np.ones((2, 5, 6)), np.ones((3, 2, 3, 3))


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: correlate(MAPS[0], KERNELS), PatternError, "maps as real numbers of 3 axes"),
        (lambda: correlate(MAPS * 1j, KERNELS), PatternError, "found complex128 (2, 5, 6)"),
        (lambda: correlate(MAPS[:0], KERNELS), PatternError, "none of them empty"),
        (lambda: correlate(MAPS, KERNELS[0]), PatternError, "kernels as real numbers of 4 axes"),
        (lambda: correlate(MAPS, KERNELS[:, :1]), PatternError, "as (to, 2, side, side)"),
        (lambda: correlate(MAPS, KERNELS[..., :2]), PatternError, "as (to, 2, side, side)"),
        (
            lambda: correlate(MAPS, np.ones((1, 2, 8, 8)), padding=1),
            ConfigurationError,
            "the maps, 5 x 6, and their padding, 1; found 8 x 8. Give smaller kernels",
        ),
        (lambda: correlate(MAPS, KERNELS, stride=0), ConfigurationError, "stride is 0"),
        (lambda: correlate(MAPS, KERNELS, stride=1.5), ConfigurationError, "stride is 1.5"),
        (lambda: correlate(MAPS, KERNELS, padding=-1), ConfigurationError, "padding is -1"),
        (lambda: correlate(MAPS, KERNELS, padding="full"), ConfigurationError, "padding is 'full'"),
        (lambda: correlate(MAPS, KERNELS, padding=True), ConfigurationError, "padding is True"),
        (lambda: correlate(MAPS, KERNELS, padding=None), ConfigurationError, "padding is None"),
        (lambda: correlate(MAPS, KERNELS, padding=0.5), ConfigurationError, "padding is 0.5"),
        (lambda: max_pool(MAPS[0], 2), PatternError, "of 3 axes"),
        (lambda: max_pool(MAPS, 0), ConfigurationError, "size is 0"),
        (lambda: max_pool(MAPS, 6), ConfigurationError, "no more than the maps' 5"),
        (lambda: max_pool(MAPS, 2, 0), ConfigurationError, "stride is 0"),
        (lambda: average_pool(MAPS, 2, -1), ConfigurationError, "stride is -1"),
        (lambda: average_pool([[["a"]]], 1), PatternError, "maps as real numbers"),
        (lambda: relu("text"), PatternError, "x as real numbers; found"),
        (lambda: relu([[1], [1, 2]]), PatternError, "x: expected what NumPy takes"),
    ],
)
def test_what_is_none_is_refused_in_a_line(call, error, said):
    with pytest.raises(error, match=re.escape(said)) as raised:
        call()
    assert isinstance(raised.value, Lenet98Error)
    assert "\n" not in str(raised.value)
