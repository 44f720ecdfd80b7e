"""Where MNIST is looked for, and what is accepted; with a tiny set in place of the real one."""

import gzip
import hashlib
import os
import struct
from pathlib import Path

import numpy as np
import pytest

from lenet98.data import kin, mnist
from lenet98.data.digits import check_labelled
from lenet98.data.mnist import MNIST, IdxFile, IdxSet, load_idx_set, load_mnist
from lenet98.errors import DataError, MnistNotFoundError
from lenet98.paper import published

FOLDER_VARIABLE = "LENET98_DATA"
NAMES = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
]
KERAS_NAMES = ["x_train", "y_train", "x_test", "y_test"]


def idx_bytes(array):
    return struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def tiny_arrays():
    rng = np.random.default_rng(5)
    return [
        rng.integers(256, size=(6, 28, 28), dtype=np.uint8),
        rng.integers(10, size=6, dtype=np.uint8),
        rng.integers(256, size=(4, 28, 28), dtype=np.uint8),
        rng.integers(10, size=4, dtype=np.uint8),
    ]


def tiny_set(arrays):
    files = [
        IdxFile(name, array.shape, hashlib.sha256(idx_bytes(array)).hexdigest())
        for name, array in zip(NAMES, arrays, strict=True)
    ]
    return IdxSet(*files, mirrors=("http://first.invalid/", "http://second.invalid/"))


def fill(folder, arrays, spelling="{}.gz"):
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in zip(NAMES, arrays, strict=True):
        path = folder / spelling.format(name)
        path.write_bytes((gzip.compress if spelling.endswith("gz") else bytes)(idx_bytes(array)))


class Mirrors:
    """Stands in for the network: writes what is asked for, or refuses."""

    def __init__(self, arrays):
        self.contents = {n: idx_bytes(a) for n, a in zip(NAMES, arrays, strict=True)}
        self.asked = []
        self.answering = {"http://first.invalid/", "http://second.invalid/"}

    def fetch(self, urls, destination, **_named):
        for url in urls:
            self.asked.append(url)
            mirror, name = url.rsplit("/", 1)
            if mirror + "/" in self.answering:
                destination.parent.mkdir(parents=True, exist_ok=True)
                destination.write_bytes(self.contents[name.removesuffix(".gz")])
                return url
        raise DataError("no mirror delivered it")


@pytest.fixture
def arrays():
    return tiny_arrays()


@pytest.fixture
def mirrors(arrays, monkeypatch):
    network = Mirrors(arrays)
    monkeypatch.setattr(mnist, "fetch", network.fetch)
    return network


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    # Where other libraries leave MNIST.
    (tmp_path / "home").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.setattr(mnist.Path, "home", lambda: tmp_path / "home")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.setattr(mnist.sys, "platform", "linux")
    return tmp_path / "cache" / "lenet98" / "mnist"


def assert_is(digits, arrays):
    for found, expected in zip(digits, arrays, strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("spelling", ["{}", "{}.gz"])
@pytest.mark.parametrize("dotted", [False, True])
def test_reads_a_named_folder_in_every_spelling(arrays, tmp_path, mirrors, spelling, dotted):
    fill(tmp_path, arrays, spelling)
    if dotted:
        for name in NAMES:
            path = tmp_path / spelling.format(name)
            path.rename(path.with_name(path.name.replace("-idx", ".idx")))
    assert_is(load_idx_set(tiny_set(arrays), str(tmp_path)), arrays)
    assert mirrors.asked == []


def test_a_folder_of_the_name_of_a_file_is_looked_into(arrays, tmp_path):
    # Kaggle's archive has both, and the file of the other spelling may be missing.
    for name, array in zip(NAMES, arrays, strict=True):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_bytes(idx_bytes(array))
    assert_is(load_idx_set(tiny_set(arrays), tmp_path), arrays)
    inner = tmp_path / NAMES[0] / NAMES[0]
    inner.rename(tmp_path / NAMES[0].replace("-idx", ".idx"))
    assert_is(load_idx_set(tiny_set(arrays), tmp_path), arrays)
    (tmp_path / NAMES[1] / NAMES[1]).unlink()
    with pytest.raises(DataError, match=f"{NAMES[1]}: expected the file, raw or .gz, found none"):
        load_idx_set(tiny_set(arrays), tmp_path)


def test_the_home_folder_is_meant_by_a_tilde(arrays, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    fill(tmp_path / "digits", arrays)
    assert_is(load_idx_set(tiny_set(arrays), "~/digits"), arrays)
    monkeypatch.setenv(FOLDER_VARIABLE, "~/digits")
    assert_is(load_idx_set(tiny_set(arrays)), arrays)


def test_a_named_folder_may_be_torchvisions_or_keras_own(arrays, tmp_path):
    fill(tmp_path / "torch" / "MNIST" / "raw", arrays, "{}")
    assert_is(load_idx_set(tiny_set(arrays), tmp_path / "torch"), arrays)
    np.savez(tmp_path / "mnist.npz", **dict(zip(KERAS_NAMES, arrays, strict=True)))
    assert_is(load_idx_set(tiny_set(arrays), tmp_path), arrays)
    assert_is(load_idx_set(tiny_set(arrays), tmp_path / "mnist.npz"), arrays)


@pytest.mark.parametrize(
    "place", ["here/data", "here/datasets", "here", "home/data", "home/datasets", "home"]
)
def test_the_cache_of_torchvision_is_found(arrays, tmp_path, cache, mirrors, place):
    fill(tmp_path / place / "MNIST" / "raw", arrays, "{}")
    lines = []
    assert_is(load_idx_set(tiny_set(arrays), report=lines.append), arrays)
    assert mirrors.asked == []
    assert len(lines) == 1
    assert lines[0].endswith("found here, from another library.")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("moved", [False, True])
def test_the_cache_of_keras_is_found(arrays, tmp_path, cache, mirrors, monkeypatch, save, moved):
    folder = tmp_path / ("elsewhere" if moved else "home/.keras") / "datasets"
    if moved:
        monkeypatch.setenv("KERAS_HOME", str(tmp_path / "elsewhere"))
    folder.mkdir(parents=True)
    save(folder / "mnist.npz", **dict(zip(KERAS_NAMES, arrays, strict=True)))
    assert_is(load_idx_set(tiny_set(arrays)), arrays)
    assert mirrors.asked == []


def test_what_is_wrong_in_the_cache_of_another_library_is_passed_over(
    arrays, tmp_path, cache, mirrors
):
    other = [arrays[0], (arrays[1] + 1) % 10, *arrays[2:]]
    fill(tmp_path / "home" / "data" / "MNIST" / "raw", other)
    keras = tmp_path / "home" / ".keras" / "datasets" / "mnist.npz"
    keras.parent.mkdir(parents=True)
    for content in (other, [array.astype(np.float64) for array in arrays]):
        np.savez(keras, **dict(zip(KERAS_NAMES, content, strict=True)))
        lines = []
        with pytest.raises(MnistNotFoundError, match="offline"):
            load_idx_set(tiny_set(arrays), offline=True, report=lines.append)
        assert [line.endswith("Looking further.") for line in lines] == [True, True]
    keras.write_bytes(b"no archive")
    assert_is(load_idx_set(tiny_set(arrays)), arrays)
    assert len(mirrors.asked) == 4


def test_the_own_cache_comes_before_those_of_others(arrays, tmp_path, cache, mirrors):
    fill(cache, arrays)
    fill(tmp_path / "here" / "data" / "MNIST" / "raw", arrays)
    lines = []
    load_idx_set(tiny_set(arrays), report=lines.append)
    assert lines == []


@pytest.mark.parametrize("packed", [True, False])
def test_another_set_under_the_same_names_is_named(arrays, tmp_path, monkeypatch, packed):
    idx_set = tiny_set(arrays)
    other = [np.roll(array, 1, axis=0) for array in arrays]
    content = idx_bytes(other[0])
    stored = gzip.compress(content) if packed else content
    fill(tmp_path, other, "{}.gz" if packed else "{}")
    (tmp_path / f"{NAMES[0]}{'.gz' * packed}").write_bytes(stored)
    for known in (stored, content):
        digest = hashlib.md5(known, usedforsecurity=False).hexdigest()
        monkeypatch.setattr(kin, "KIN", {digest: "Fashion-MNIST"})
        with pytest.raises(DataError, match=f"{NAMES[0]} of MNIST, found a file of Fashion-MNIST"):
            load_idx_set(idx_set, tmp_path)


@pytest.mark.parametrize(("pieces", "known"), [(200, True), (256, True), (257, False)])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_another_set_is_known_by_all_of_its_file_unless_it_is_too_large(
    tmp_path, monkeypatch, pieces, known, pack
):
    content = np.random.default_rng(0).bytes(16 * pieces)
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    monkeypatch.setattr(kin, "_A_PIECE", 16)
    monkeypatch.setattr(kin, "KIN", {digest: "KMNIST"})
    (tmp_path / "of-another").write_bytes(pack(content))
    assert kin.kin_of(tmp_path / "of-another") == ("KMNIST" if known else None)


def test_no_digit_of_the_digests_of_other_sets_is_altered():
    names = ["Fashion-MNIST", "KMNIST", "QMNIST", "EMNIST"]
    assert [list(kin.KIN.values()).count(name) for name in names] == [8, 4, 4, 24]
    assert {len(digest) for digest in kin.KIN} == {32}
    printed = "".join(f"{digest}  {name}\n" for digest, name in kin.KIN.items())
    assert (
        hashlib.sha256(printed.encode()).hexdigest()
        == "4c3a3bd0f768f2f119da1b0f13fe0d7530989044fe01d58c57855c737a59ad9d"
    )


def test_the_order_is_argument_then_environment_then_cache(
    arrays, tmp_path, monkeypatch, cache, mirrors
):
    idx_set = tiny_set(arrays)
    fill(cache, arrays)
    assert_is(load_idx_set(idx_set), arrays)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "environment"))
    with pytest.raises(DataError, match="environment"):
        load_idx_set(idx_set)
    fill(tmp_path / "environment", arrays)
    assert_is(load_idx_set(idx_set), arrays)
    with pytest.raises(DataError, match="argument"):
        load_idx_set(idx_set, tmp_path / "argument")
    assert mirrors.asked == []


def test_what_is_missing_from_a_named_folder_is_no_reason_to_fall_back(
    arrays, tmp_path, cache, mirrors
):
    fill(tmp_path / "named", arrays)
    fill(cache, arrays)
    (tmp_path / "named" / f"{NAMES[3]}.gz").unlink()
    with pytest.raises(DataError, match=NAMES[3]) as caught:
        load_idx_set(tiny_set(arrays), tmp_path / "named")
    assert not isinstance(caught.value, MnistNotFoundError)
    assert mirrors.asked == []


def test_fetches_into_the_cache_once(arrays, cache, mirrors):
    for _ in range(2):
        assert_is(load_idx_set(tiny_set(arrays)), arrays)
    assert [url.rsplit("/", 1)[1] for url in mirrors.asked] == [f"{name}.gz" for name in NAMES]
    assert sorted(path.name for path in cache.iterdir()) == sorted(NAMES)


def test_goes_on_with_the_mirror_that_answered(arrays, cache, mirrors):
    mirrors.answering = {"http://second.invalid/"}
    load_idx_set(tiny_set(arrays))
    assert [url.startswith("http://first") for url in mirrors.asked] == [True] + [False] * 4


def test_not_to_be_had_is_told_from_damaged(arrays, cache, mirrors):
    idx_set = tiny_set(arrays)
    with pytest.raises(MnistNotFoundError, match="offline"):
        load_idx_set(idx_set, offline=True)
    assert mirrors.asked == []
    mirrors.answering = set()
    with pytest.raises(MnistNotFoundError, match="no mirror"):
        load_idx_set(idx_set)


def test_a_damaged_file_in_the_cache_is_reported_and_replaced(arrays, cache, mirrors):
    idx_set = tiny_set(arrays)
    fill(cache, arrays)
    damaged = cache / f"{NAMES[1]}.gz"
    damaged.write_bytes(gzip.compress(idx_bytes((arrays[1] + 1) % 10)))
    with pytest.raises(DataError, match="SHA-256") as caught:
        load_idx_set(idx_set, offline=True)
    assert not isinstance(caught.value, MnistNotFoundError)

    answering, mirrors.answering = mirrors.answering, set()
    with pytest.raises(DataError, match="SHA-256") as caught:
        load_idx_set(idx_set)
    assert not isinstance(caught.value, MnistNotFoundError)

    mirrors.answering = answering
    lines = []
    assert_is(load_idx_set(idx_set, report=lines.append), arrays)
    assert len(lines) == 1
    assert str(damaged) in lines[0]
    assert_is(load_idx_set(idx_set, offline=True), arrays)


def test_a_digest_that_differs_names_file_and_both_digests(arrays, tmp_path):
    idx_set = tiny_set(arrays)
    arrays[2][0, 0, 0] ^= 1
    fill(tmp_path, arrays)
    with pytest.raises(DataError) as caught:
        load_idx_set(idx_set, tmp_path)
    for part in (NAMES[2], idx_set.test_images.sha256, tiny_set(arrays).test_images.sha256):
        assert part in str(caught.value)


def test_labels_must_be_digits_one_for_each_image(arrays, tmp_path):
    arrays[3][2] = 10
    fill(tmp_path, arrays)
    with pytest.raises(DataError, match="found 10 at pattern 2"):
        load_idx_set(tiny_set(arrays), tmp_path)
    arrays[3] = arrays[3][:2]
    fill(tmp_path, arrays)
    with pytest.raises(DataError, match="4 images and 2 labels"):
        load_idx_set(tiny_set(arrays), tmp_path)
    check_labelled(arrays[0], arrays[1], "training")


def test_the_cache_of_each_system(monkeypatch, tmp_path):
    monkeypatch.setattr(mnist.Path, "home", lambda: tmp_path)
    monkeypatch.setattr(mnist.sys, "platform", "linux")
    for value in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        assert mnist._cache_folder() == tmp_path / ".cache" / "lenet98" / "mnist"
    monkeypatch.setattr(mnist.sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert mnist._cache_folder() == tmp_path / "local" / "lenet98" / "mnist"


def test_without_a_home_mnist_is_not_found(monkeypatch, cache):
    def homeless():
        raise RuntimeError("no home")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(mnist.Path, "home", homeless)
    with pytest.raises(MnistNotFoundError, match="no home"):
        load_mnist()


def test_load_mnist_asks_for_the_set_of_the_paper(cache):
    with pytest.raises(MnistNotFoundError, match=NAMES[0]):
        load_mnist(offline=True)
    assert [file.name for file in MNIST[:4]] == NAMES
    assert [file.shape for file in MNIST[:4]] == [
        (60_000, 28, 28),
        (60_000,),
        (10_000, 28, 28),
        (10_000,),
    ]


def test_no_digit_of_the_digests_of_mnist_is_altered():
    # Of what `sha256sum` prints for the four files.
    printed = "".join(f"{file.sha256}  {file.name}\n" for file in MNIST[:4])
    assert (
        hashlib.sha256(printed.encode()).hexdigest()
        == "d0a3eec1f5a454401d758fdbf15b9b0163a7034963586d671960c180b97e2c1a"
    )


def test_the_mirrors_of_mnist_are_those_known_the_safe_ones_first():
    assert MNIST.mirrors == (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://yann.lecun.com/exdb/mnist/",
        "http://yann.lecun.com/exdb/mnist/",
    )


@pytest.mark.skipif(FOLDER_VARIABLE not in os.environ, reason="names no folder with MNIST")
def test_mnist_itself_is_the_set_of_the_paper():
    digits = load_mnist()
    for labels, counts in (
        (digits.train_labels, [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]),
        (digits.test_labels, [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]),
    ):
        assert np.bincount(labels).tolist() == counts
    assert digits.train_labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    # Figs. 7 and 8 show which digits stand at these places.
    assert digits.train_labels[list(published.FIG7_TRAIN_INDICES)].tolist() == list(range(10))
    for error in published.FIG8_ERRORS:
        assert digits.test_labels[error.pattern] == error.true


def test_the_fingerprint_follows_the_content(arrays, tmp_path):
    fill(tmp_path, arrays)
    digits = load_idx_set(tiny_set(arrays), Path(tmp_path))
    assert digits.fingerprint == digits._replace().fingerprint
    for index in range(4):
        changed = list(arrays)
        changed[index] = arrays[index].copy()
        changed[index].flat[0] ^= 1
        assert type(digits)(*changed).fingerprint != digits.fingerprint
