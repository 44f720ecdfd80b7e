from itertools import pairwise, product

import numpy as np
import pytest

from lenet98.errors import PatternError
from lenet98.reading import viterbi
from lenet98.reading.answers import BLANK, characters_on, text_of
from lenet98.reading.viterbi import least_path


def all_texts(penalties, blanks):
    """The least penalty of each text, over all paths that the character model allows."""
    classes, slots = penalties.shape
    least = {}
    for path in product(range(BLANK, classes), repeat=slots):
        if any(one != other and BLANK not in (one, other) for one, other in pairwise(path)):
            continue
        penalty = sum(
            blanks[slot] if label == BLANK else penalties[label, slot]
            for slot, label in enumerate(path)
        )
        text = tuple(characters_on(np.array(path)))
        least[text] = min(penalty, least.get(text, np.inf))
    return least


@pytest.mark.parametrize("seed", range(60))
def test_path_and_margin_are_those_of_all_paths_tried(seed):
    rng = np.random.default_rng(seed)
    classes, slots = rng.integers(1, 4), rng.integers(1, 7)
    penalties, blanks = rng.random((classes, slots)), rng.random(slots)
    least, second, *_ = sorted(all_texts(penalties, blanks).values())
    found = least_path(penalties, blanks)
    assert found.penalty == pytest.approx(least, abs=1e-12)
    assert found.margin == pytest.approx(second - least, abs=1e-12)
    own = all_texts(penalties, blanks)[tuple(characters_on(found.labels))]
    assert own == pytest.approx(least, abs=1e-12)


def test_equal_texts_by_other_paths_do_not_make_a_margin():
    # The character may stand at the first slot, the second, or both, at the same penalty.
    found = least_path([[0.0, 0.0], [9.0, 9.0]], blank=0.0)
    assert found.penalty == 0
    assert found.margin == 0  # the empty text
    found = least_path([[0.0, 0.0], [9.0, 9.0]], blank=1.0)
    assert (found.penalty, found.margin) == (0, 2)


@pytest.mark.parametrize(
    ("winners", "text"),
    [
        ("2..33.4.5", [2, 3, 4, 5]),
        ("55...4.0.", [5, 4, 0]),
        ("6.777..88", [6, 7, 8]),
        ("1.1.1.4..", [1, 1, 1, 4]),
        (".........", []),
    ],
)
def test_contiguous_labels_are_one_character(winners, text):
    penalties = np.full((10, len(winners)), 50.0)
    for slot, label in enumerate(winners):
        if label != ".":
            penalties[int(label), slot] = 1.0
    found = least_path(penalties, blank=10.0)
    assert characters_on(found.labels) == text
    assert text_of(found.labels) == "".join(map(str, text))


def test_two_characters_do_not_stand_on_contiguous_slots():
    # A blank at 10 is dearer than the 4, but a 1 beside it is not allowed.
    penalties = np.full((10, 3), 50.0)
    penalties[1, :2], penalties[4, 1:] = (1.0, 6.0), (7.0, 1.0)
    found = least_path(penalties, blank=10.0)
    assert found.labels.tolist() == [1, BLANK, 4]
    assert found.penalty == 12


def test_thousands_of_slots_are_read():
    rng = np.random.default_rng(0)
    path = np.repeat(rng.integers(0, 10, 1500), 2)
    path[::2] = BLANK
    penalties = rng.uniform(40, 50, (10, 3000))
    stands = np.flatnonzero(path != BLANK)
    penalties[path[stands], stands] = 1
    found = least_path(penalties, blank=20.0)
    np.testing.assert_array_equal(found.labels, path)
    assert found.penalty == 1500 * 21
    assert found.margin == pytest.approx(19)


@pytest.mark.parametrize(
    "penalties", [np.zeros(3), np.zeros((10, 0)), np.zeros((0, 3)), np.full((10, 3), np.nan)]
)
def test_what_is_no_graph_is_refused(penalties):
    with pytest.raises(PatternError, match="penalties"):
        least_path(penalties, 1.0)


def test_a_blank_that_is_no_number_is_refused():
    with pytest.raises(PatternError, match="finite penalties"):
        least_path(np.zeros((2, 3)), [1.0, np.nan, 1.0])


@pytest.mark.parametrize("seed", range(20))
def test_the_tree_of_texts_has_room_for_all(seed, monkeypatch):
    # Compiled code looks at no bounds; where blanks cost nothing, every slot begins new texts.
    penalties, blanks = np.random.default_rng(seed).random((2, 12)), np.zeros(12)
    found = least_path(penalties, blanks)
    monkeypatch.setattr(viterbi, "_search", viterbi._search.py_func)
    labels, penalty, margin = least_path(penalties, blanks)
    assert (labels.tolist(), penalty, margin) == (
        found.labels.tolist(),
        found.penalty,
        found.margin,
    )
