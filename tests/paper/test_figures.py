import numpy as np

from lenet98.paper.codes import digit_codes
from lenet98.paper.figures import NO_LABEL, fig13, fig25_and_26


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
