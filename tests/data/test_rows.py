"""Tables with a row for each digit, as they are handed round."""

import gzip
import re

import numpy as np
import pytest

from lenet98 import digits_from_rows
from lenet98.errors import DataError, PatternError


@pytest.fixture
def few(digits):
    """Images with blank corners, and their labels, some of them above 0."""
    images, labels = digits.test_images[:6], digits.test_labels[:6]
    assert labels.any()
    assert not images[:, [0, -1], [0, -1]].any()
    return images, labels


def table_of(images, labels=None, at=0):
    pixels = images.reshape(len(images), 784).astype(int)
    return pixels if labels is None else np.insert(pixels, at, labels, axis=1)


def written(path, table, names=None):
    lines = [] if names is None else [",".join(names)]
    lines += [",".join(map(str, row)) for row in table]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def assert_is(found, images, labels):
    np.testing.assert_array_equal(found[0], images)
    assert found[0].dtype == np.uint8
    if labels is None:
        assert found[1] is None
    else:
        np.testing.assert_array_equal(found[1], labels)
        assert found[1].dtype == np.uint8


@pytest.mark.parametrize("at", [0, 784])
def test_labels_stand_before_the_pixels_or_behind_or_nowhere(few, at):
    images, labels = few
    for make in (np.asarray, np.ndarray.tolist, lambda table: table / 1.0, np.float32):
        assert_is(digits_from_rows(make(table_of(images, labels, at))), images, labels)
        assert_is(digits_from_rows(make(table_of(images))), images, None)


def test_one_row_is_a_table_too(few):
    images, labels = few
    assert_is(digits_from_rows(table_of(images)[0]), images[:1], None)
    assert_is(digits_from_rows(table_of(images, labels)[0]), images[:1], labels[:1])


@pytest.mark.parametrize("name", ["label", "Class", '"label"'])
@pytest.mark.parametrize("at", [0, 784])
def test_files_are_read_with_names_and_without(few, tmp_path, name, at):
    images, labels = few
    table = table_of(images, labels, at)
    names = np.insert(np.array([f"pixel{k}" for k in range(784)], object), at, name)
    for path in (
        written(tmp_path / "with.csv", table, names),
        written(tmp_path / "without.csv", table),
    ):
        assert_is(digits_from_rows(path), images, labels)
        assert_is(digits_from_rows(str(path)), images, labels)
    packed = tmp_path / "with.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert_is(digits_from_rows(packed), images, labels)
    pixels = [f"1x{k}" for k in range(784)]
    named = written(tmp_path / "pixels.csv", table_of(images), pixels)
    assert_is(digits_from_rows(named), images, None)
    for path in (named, written(tmp_path / "without.csv", table_of(images))):
        # As spreadsheets save it.
        path.write_text("\ufeff" + path.read_text().replace("\n", "\r\n"), encoding="utf-8")
        assert_is(digits_from_rows(path), images, None)


def test_the_home_folder_is_meant_by_a_tilde(few, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    written(tmp_path / "digits.csv", table_of(*few))
    assert_is(digits_from_rows("~/digits.csv"), *few)


class Frame:
    """What a data frame has: names of columns, and a way to NumPy."""

    def __init__(self, table, names):
        self.columns, self.table = names, table

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.table, dtype)


def test_the_names_of_a_data_frame_tell_where_the_labels_are(few):
    images, labels = few
    table = table_of(images, labels, 784)
    table[:, 0] = 9  # else the blank corners would tell
    images = images.copy()
    images[:, 0, 0] = 9
    names = [f"pixel{k}" for k in range(784)]
    assert_is(digits_from_rows(Frame(table, [*names, "class"])), images, labels)
    as_text = table.astype(object)
    as_text[:, 784] = labels.astype(str)
    assert_is(digits_from_rows(Frame(as_text, [*names, "class"])), images, labels)
    for unnamed in ([], [*names, "thing"], ["label", *names[1:], "class"]):
        with pytest.raises(PatternError, match="table: expected a column named label"):
            digits_from_rows(Frame(table, unnamed))


def test_a_data_frame_is_read(few, tmp_path):
    pandas = pytest.importorskip("pandas")
    images, labels = few
    frame = pandas.read_csv(
        written(tmp_path / "a.csv", table_of(images, labels), ["label", *map(str, range(784))])
    )
    assert_is(digits_from_rows(frame), images, labels)
    assert_is(digits_from_rows(frame.drop(columns="label")), images, None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t[:, 1:784], "found int64 (6, 783). Leave out the other columns"),
        (lambda t: np.pad(t, ((0, 0), (1, 1))), "expected 784 columns of pixels, and one of"),
        (lambda t: t[None], "found int64 (1, 6, 785)"),
        (
            lambda t: Frame(t[:, :784], ["label", *map(str, range(783))]),
            "found 784 in all, one of them named label. Give all pixels.",
        ),
        (lambda t: t.astype(float) / 255, "table: expected 6 whole numbers as labels"),
        (lambda t: t[:, 1:] / 255, "Give 255 * pixels."),
        (lambda t: t[:, 1:] + 200, "expected pixels from 0"),
        (lambda t: np.where(np.arange(785), t, t + 10), "table: expected labels from 0 to 9"),
        (lambda t: np.where(np.arange(785), t, np.nan), "whole numbers as labels"),
        (lambda t: [*t.astype(object).tolist(), ["x"] * 785], "table: expected numb"),
        (lambda t: [["x"] * 785], "table: expected numbers; found list, <U1 (1, 785)"),
        (lambda t: [[1, 2], [3]], "table: expected what NumPy takes as an array"),
    ],
)
def test_what_is_no_table_of_digits_is_refused(few, change, said):
    with pytest.raises(PatternError, match=re.escape(said)):
        digits_from_rows(change(table_of(*few)))


@pytest.mark.parametrize(
    "content",
    [b"", b"label,a,b\n", b"1,2\n3\n", b"1,x\n", b"\xff\xfe\0", b"\x1f\x8bdamaged", b"<html>"],
)
def test_a_file_that_is_no_table_is_refused_by_its_name(tmp_path, content):
    path = tmp_path / "digits.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match="digits.csv: expected a table of numbers"):
        digits_from_rows(path)


def test_a_file_that_is_not_there_or_too_narrow_is_refused_by_its_name(tmp_path):
    with pytest.raises(DataError, match="none.csv: expected a file, found none"):
        digits_from_rows(tmp_path / "none.csv")
    with pytest.raises(PatternError, match=r"few.csv: expected 784 columns .*\(2, 3\)"):
        digits_from_rows(written(tmp_path / "few.csv", np.zeros((2, 3), int)))
