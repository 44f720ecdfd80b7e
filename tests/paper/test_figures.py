from itertools import permutations

import numpy as np

from lenet98.data.printed import fig25_and_26_patterns
from lenet98.network.network import LeNet5
from lenet98.paper.codes import digit_codes
from lenet98.paper.figures import (
    INK_GREY,
    NO_LABEL,
    PAPER_GREY,
    PENALTY_WHITE,
    fig13,
    fig25_and_26,
)


def test_the_panels_of_fig_13_stand_row_by_row():
    printed = fig13()
    assert printed.labels == (4, 4, 4, 4, 3, 8, 4, 3, 3)
    ink = (printed.inputs < 111).sum(axis=(1, 2))
    # The first 4 fills all rows, the second is small; the fifth is the scribble.
    rows = [np.flatnonzero((panel < 111).any(axis=1)) for panel in printed.inputs]
    assert (len(rows[0]), rows[1][-1] - rows[1][0] + 1) == (32, 14)
    assert ink[1] == ink.min()


def test_maps_of_fig_13_have_the_sizes_of_the_layers():
    sizes = {name: maps.shape for name, maps in fig13().states.items()}
    assert sizes == {
        "C1": (9, 6, 28, 28),
        "S2": (9, 6, 14, 14),
        "C3": (9, 16, 10, 10),
        "S4": (9, 16, 5, 5),
        "C5": (9, 120, 1, 1),
        "F6": (9, 1, 12, 7),
    }


def test_maps_belong_to_their_inputs():
    # A subsampling map follows the map below: their greys go together, up or down.
    states = fig13().states
    for panel in range(9):
        c1 = states["C1"][panel].reshape(6, 14, 2, 14, 2).mean(axis=(2, 4))
        for own, below in zip(states["S2"][panel], c1, strict=True):
            assert abs(np.corrcoef(own.ravel(), below.ravel())[0, 1]) > 0.95


def likeness(maps):
    """Return how far apart the panels are, pair by pair."""
    flat = maps.reshape(9, -1).astype(float)
    return [np.linalg.norm(flat[k] - flat[other]) for k in range(9) for other in range(k)]


def test_panels_alike_in_one_layer_are_alike_in_the_next():
    states = fig13().states
    for below, here in (("S2", "C3"), ("C3", "S4"), ("S4", "C5"), ("C5", "F6")):
        # 0.6 to 0.95; with the panels of one of them in another order, 0.15.
        assert np.corrcoef(likeness(states[below]), likeness(states[here]))[0, 1] > 0.5


def windows(greys):
    """Return the 5x5 receptive fields of C1, and a 1 for the bias."""
    fields = np.lib.stride_tricks.sliding_window_view(greys.astype(float), (5, 5))
    return np.insert(fields.reshape(-1, 25), 25, 1, axis=1)


def sums(c1):
    """Return the weighted sums behind drawn states of C1; what is white or black is cut."""
    return np.arctanh((c1.reshape(6, -1).T / 127.5 - 1).clip(-0.97, 0.97))


def alike(kernels, greys, c1):
    return np.corrcoef((windows(greys) @ kernels).ravel(), sums(c1).ravel())[0, 1]


def test_c1_is_a_convolution_of_its_own_input_in_both_figures():
    printed, strings = fig13(), fig25_and_26()
    inputs, c1 = np.concatenate([windows(one) for one in printed.inputs]), printed.states["C1"]
    wanted = np.concatenate([sums(one) for one in c1])
    kernels, *_ = np.linalg.lstsq(inputs, wanted, rcond=None)
    found = [[alike(kernels, one, maps) for maps in c1] for one in printed.inputs]
    assert np.argmax(found, axis=1).tolist() == [*range(9)]
    whole = np.pad(strings.inputs, ((0, 0), (0, 0), (6, 6)), constant_values=PAPER_GREY)
    found = [alike(kernels, one, strings.states["C1"]) for one in whole]
    assert np.argmax(found) == 0
    # As well as its own panels; with two maps in each other's place, under 0.8.
    assert found[0] > 0.8


def test_every_string_is_the_one_that_its_winners_read():
    winners = fig25_and_26().winners
    penalties = LeNet5.pretrained("distorted").penalties(fig25_and_26_patterns())
    # One string is read badly, so not each by itself but all in the order of least penalty.
    found = [
        [
            np.mean([own[int(label), k] for k, label in enumerate(labels) if label != NO_LABEL])
            for labels in winners
        ]
        for own in penalties
    ]
    orders = permutations(range(5))
    assert min(orders, key=lambda order: np.trace(np.array(found)[:, order])) == (0, 1, 2, 3, 4)


def test_greys_are_those_of_paper_and_ink():
    for inputs in (fig13().inputs, fig25_and_26().inputs):
        assert np.bincount(inputs.ravel()).argmax() == PAPER_GREY
        assert inputs.min() == INK_GREY


def test_the_grey_of_a_label_of_fig_13_grows_with_the_distance_from_its_code():
    printed, codes = fig13(), digit_codes()
    distances = [
        ((codes[label] - 1 + state.ravel() / 127.5) ** 2).sum()
        for label, state in zip(printed.labels, printed.states["F6"], strict=True)
    ]
    # Drawn in steps of a grey level; with two labels' greys in each other's place, under 0.9.
    assert np.corrcoef(distances, printed.label_greys)[0, 1] > 0.95
    assert max(*printed.label_greys, fig25_and_26().label_greys.max()) < PENALTY_WHITE == 63


def test_the_strings_are_fig_25s_and_then_those_of_fig_26():
    printed = fig25_and_26()
    assert printed.answers == ("2345", "540", "1114", "678", "3514")
    assert printed.winners == ("2..33.4.5", "55...4.0.", "1.1.1.441", "6.777..88", "3.55.114.")
    for winners, greys in zip(printed.winners, printed.label_greys, strict=True):
        assert [grey < 0 for grey in greys] == [label == NO_LABEL for label in winners]
    assert printed.inputs.shape == (5, 32, 52)
    assert printed.f6.shape == (5, 9, 12, 7)
    assert {name: maps.shape for name, maps in printed.states.items()} == {
        "C1": (6, 28, 60),
        "C3": (16, 10, 26),
        "C5": (120, 1, 9),
    }


def test_the_drawn_f6_of_a_labelled_slot_is_nearest_to_the_code_of_its_label():
    printed, codes = fig25_and_26(), digit_codes()
    right = []
    for winners, states in zip(printed.winners, printed.f6, strict=True):
        for label, state in zip(winners, states, strict=True):
            if label != NO_LABEL:
                drawn = 1 - state.ravel() / 127.5
                right.append(((codes - drawn) ** 2).sum(axis=1).argmin() == int(label))
    assert all(right)
