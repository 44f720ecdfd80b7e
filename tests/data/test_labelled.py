"""Digits made by hand, of whatever NumPy takes."""

import re

import numpy as np
import pytest

from lenet98.data.digits import Digits
from lenet98.data.labelled import as_digits
from lenet98.errors import PatternError


def few(digits):
    return Digits(*(part[:4] for part in digits))


def test_what_is_right_already_is_not_copied(digits):
    for found, given in zip(as_digits(digits), digits, strict=True):
        assert found is given


def test_lists_and_other_types_become_bytes_with_the_same_fingerprint(digits):
    expected = few(digits)
    for make in (
        lambda part: part.tolist(),
        lambda part: part.astype(np.int64),
        lambda part: part[:, None],
        lambda part: part.reshape(4, -1),
    ):
        made = as_digits(Digits(*map(make, expected)))
        assert made.fingerprint == expected.fingerprint
        assert {part.dtype for part in made} == {np.dtype(np.uint8)}
    lists = Digits(*(part.tolist() for part in expected))
    assert lists.fingerprint == Digits(*map(np.asarray, lists)).fingerprint


def test_images_may_have_the_height_that_is_asked_for(digits):
    larger = few(digits)
    larger = larger._replace(train_images=np.pad(larger.train_images, ((0, 0), (2, 2), (2, 2))))
    assert as_digits(larger, 32).train_images is larger.train_images
    with pytest.raises(PatternError, match=re.escape("(n, 28, 28)")):
        as_digits(larger)
    wide = larger._replace(train_images=np.pad(larger.train_images, ((0, 0), (0, 0), (4, 4))))
    with pytest.raises(PatternError, match=re.escape("uint8 (n, 28, 28) or (n, 32, 32)")):
        as_digits(wide, 32)


def test_tensors_become_bytes(digits):
    torch = pytest.importorskip("torch")
    expected = few(digits)
    made = as_digits(Digits(*(torch.from_numpy(part.copy()) for part in expected)))
    assert made.fingerprint == expected.fingerprint
    long = as_digits(Digits(*(torch.from_numpy(part.copy()).long() for part in expected)))
    assert long.fingerprint == expected.fingerprint


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (
            "train_labels",
            lambda given: given[:3],
            "expected 4 whole numbers as train_labels; found uint8",
        ),
        (
            "test_labels",
            lambda given: given[None],
            "4 whole numbers as test_labels; found uint8 (1, 4)",
        ),
        ("test_labels", lambda given: given / 1.0, "test_labels; found float64 (4,)"),
        ("train_labels", lambda given: given + 10, "expected train_labels from 0 to 9; found 1"),
        ("train_images", lambda i: i / 255, "Give 255 * train_images."),
        ("test_images", lambda i: 255 - i, "Give 255 - test_images."),
        ("test_images", lambda i: i[:0], "at least one pattern as test_images; found uint8 (0, 28"),
        ("train_images", lambda i: i[:0], "at least one pattern as train_images; found uint8 (0, "),
        ("train_images", lambda i: 1.275 / 255 * i - 0.1, "uint8 (n, 28, 28), grey levels of ink"),
        ("train_images", lambda i: np.pad(i, ((0, 0), (0, 0), (2, 2))), "found uint8 (4, 28, 32)"),
    ],
)
def test_what_is_no_set_of_digits_is_refused_by_its_name(digits, name, change, said):
    wrong = few(digits)
    wrong = wrong._replace(**{name: change(getattr(wrong, name))})
    with pytest.raises(PatternError, match=re.escape(said)):
        as_digits(wrong)


def test_what_is_no_digits_is_refused(digits):
    with pytest.raises(PatternError, match="expected digits as Digits; found tuple. Give Digits"):
        as_digits(tuple(digits))
