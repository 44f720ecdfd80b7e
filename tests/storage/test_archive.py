"""Files of weights, whole, damaged and hostile."""

import io
import json
import os
import sys
import tracemalloc
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from lenet98.errors import ArchiveError, WeightsError
from lenet98.network.architecture import Row, build
from lenet98.network.weights import read_weights, write_weights
from lenet98.storage.archive import HEADER_BYTES, read_archive, write_archive

NETWORK = build(
    "tiny",
    [
        Row("F1", "full", maps=12, field=2),
        Row("OUTPUT", "rbf", maps=2, centres=np.ones((2, 12))),
    ],
    height=2,
    width=2,
)
PARAMETERS = np.random.default_rng(0).normal(size=NETWORK.trainable).astype(np.float32)
PROVENANCE = {"seed": 1998, "data": "strokes", "configuration": {"eta": [5e-4, 2e-4], "j": None}}
MOST_BYTES = 64 << 20
"""What a file may take, whatever it claims; stated in `read_archive`."""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "weights.npz"


@pytest.fixture
def saved(path):
    write_weights(path, NETWORK, PARAMETERS, PROVENANCE)
    return path.read_bytes()


def read(path):
    return read_weights(path, NETWORK)


def mutant(content, rng):
    """Flip, overwrite, cut out, repeat, insert or swap a few bytes, or cut the end off."""
    changed = bytearray(content)
    for _ in range(rng.integers(1, 4)):
        at, size = int(rng.integers(len(changed) + 1)), int(rng.integers(1, 9))
        kind = rng.integers(7)
        if kind == 0 and at < len(changed):
            changed[at] ^= 1 << rng.integers(8)
        elif kind == 1:
            changed[at : at + size] = rng.bytes(len(changed[at : at + size]))
        elif kind == 2:
            del changed[at : at + size]
        elif kind == 3:
            changed[at:at] = rng.bytes(size)
        elif kind == 4:
            changed[at:at] = changed[at : at + 50 * size]
        elif kind == 5:
            del changed[at:]
        else:
            changed[at : at + 4] = (2**32 - 1 - rng.integers(3)).astype("<u4").tobytes()
    return bytes(changed)


def refused_or_the_same(path, contents):
    """Read every content; return how many were refused, the others being what was saved."""
    refused = 0
    for content in contents:
        # A file that is cut to nothing and filled again is flushed to the disk by some systems.
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        try:
            weights = read(path)
        except WeightsError as error:
            assert str(path) in str(error)  # noqa: PT017
            refused += 1
            continue
        assert weights.parameters.tobytes() == PARAMETERS.tobytes()
        assert weights.parameters.dtype == PARAMETERS.dtype
        assert weights.provenance == PROVENANCE
    return refused


def test_a_mutant_is_refused_or_read_as_it_was_saved(path, saved):
    rng = np.random.default_rng(1998)
    refused = refused_or_the_same(path, (mutant(saved, rng) for _ in range(6000)))
    assert 4000 < refused < 6000


def test_a_mutant_takes_no_memory(path, saved):
    rng = np.random.default_rng(2026)
    tracemalloc.start()
    refused_or_the_same(path, (mutant(saved, rng) for _ in range(500)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MOST_BYTES


def test_a_mutant_with_right_check_sums_is_refused_or_read_as_it_was_saved(path, saved):
    # The zip's own check sums say nothing of these: only the digest guards them.
    rng = np.random.default_rng(1998)
    with zipfile.ZipFile(io.BytesIO(saved)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}

    def forged():
        changed = dict(members)
        name = rng.choice(list(members))
        changed[name] = mutant(members[name], rng)
        return zipped(changed)

    assert refused_or_the_same(path, (forged() for _ in range(1500))) > 1400


def zipped(members, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def npy(array):
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array), allow_pickle=True)
    return file.getvalue()


def claiming(descr, shape):
    """Return an array's file that claims a type and shape, and has eight bytes of them."""
    file = io.BytesIO()
    header = {"descr": descr, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)
    return file.getvalue() + bytes(8)


def preamble(literal, version=b"\x01\x00"):
    """Return the parameters' file with any text where NumPy writes a literal."""
    size = len(literal).to_bytes(2, "little")
    return b"\x93NUMPY" + version + size + literal + PARAMETERS.tobytes()


HEADER = npy(b"{}")
LITERAL = b"{'descr': '<f4', 'fortran_order': False, 'shape': (60,)}"
HOSTILE = {
    "claims gigabytes": {"header.npy": HEADER, "parameters.npy": claiming("<f8", (10**9,))},
    "claims a long word": {"header.npy": claiming("<U999999999", ()), "parameters.npy": b""},
    "claims an absurd shape": {"header.npy": HEADER, "parameters.npy": claiming("<f8", (9**19,))},
    "no such type": {"header.npy": HEADER, "parameters.npy": claiming("<f3", (2,))},
    "inflates to 100 MB": {"header.npy": HEADER, "parameters.npy": bytes(100 << 20)},
    "header of 100 MB": {"header.npy": bytes(100 << 20), "parameters.npy": npy(PARAMETERS)},
    "pickle": {"header.npy": HEADER, "parameters.npy": npy(np.array([{}], object))},
    "nested": {"header.npy": npy(b"[" * 10**6), "parameters.npy": npy(PARAMETERS)},
    "no dict": {"header.npy": npy(b"[1]"), "parameters.npy": npy(PARAMETERS)},
    "many values": {"header.npy": npy(b"[" + b"[]," * 600_000 + b"1]"), "parameters.npy": b""},
    "other members": {"header.npy": HEADER, "parameters.npy": b"", "more.npy": b""},
    "many members": {f"{k}.npy": b"" for k in range(15_000)},
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_a_file_claims_is_not_allocated(path, content):
    path.write_bytes(zipped(content))
    tracemalloc.start()
    with pytest.raises(WeightsError, match="weights.npz"):
        read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MOST_BYTES


PREAMBLES = {
    "open bracket": preamble(LITERAL.replace(b"(60,)}", b"(60,")),
    "open text": preamble(LITERAL + b" '"),
    "indented": preamble(b"  " + LITERAL + b"\n 1L"),
    "deep": preamble(b"-" * 250 + b"1"),
    "Python 2": preamble(LITERAL.replace(b"60", b"60L")),
    "escape": preamble(LITERAL.replace(b"<f4", rb"\<f4")),
    "of another version": preamble(LITERAL, b"\x01\x01"),
    "of version 2": preamble(b"\0\0" + LITERAL, b"\x02\x00"),
    "column by column": preamble(LITERAL.replace(b"False", b"True")),
    "less than none": preamble(LITERAL.replace(b"60", b"-1")),
    "truth values": preamble(LITERAL.replace(b"<f4", b"|b1").replace(b"60", b"240")),
    "records": preamble(LITERAL.replace(b"'<f4'", b"[('a', '<f4')]")),
    "objects": preamble(LITERAL.replace(b"<f4", b"|O").replace(b"60", b"30")),
    "long": preamble(LITERAL + b" " * 300),
    "beyond the end": preamble(LITERAL)[:20],
}


def test_the_preamble_that_the_next_test_spoils_is_sound(path, saved):
    with zipfile.ZipFile(io.BytesIO(saved)) as archive:
        members = {"header.npy": archive.read("header.npy"), "parameters.npy": preamble(LITERAL)}
    assert refused_or_the_same(path, [zipped(members)]) == 0


@pytest.mark.parametrize("content", PREAMBLES.values(), ids=PREAMBLES)
def test_an_array_that_numpy_would_not_write_so_is_refused(path, content):
    path.write_bytes(zipped({"header.npy": HEADER, "parameters.npy": content}))
    with pytest.raises(ArchiveError, match="a damaged or foreign file"):
        read_archive(path, {"parameters": len(PARAMETERS)})


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_other_compressions_are_refused_before_they_take_memory(path, method):
    path.write_bytes(zipped({"header.npy": HEADER, "parameters.npy": npy(PARAMETERS)}, method))
    with pytest.raises(WeightsError, match="neither stored nor deflated"):
        read(path)


def test_what_is_no_file_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "absent", tmp_path / "nul\0byte"):
        with pytest.raises(WeightsError):
            read(path)


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
def test_a_pipe_does_not_block(path):
    os.mkfifo(path)
    with pytest.raises(WeightsError, match="folder or a device"):
        read(path)


def test_numpy_reads_the_file_too(path, saved):
    with np.load(io.BytesIO(saved), allow_pickle=False) as file:
        assert json.loads(file["header"].item())["provenance"] == PROVENANCE
        np.testing.assert_array_equal(file["parameters"], PARAMETERS)


def test_provenance_is_kept_as_json_keeps_it(path):
    write_weights(path, NETWORK, PARAMETERS, {10: (1, 2), 9: float("inf")})
    assert read(path).provenance == {"10": [1, 2], "9": float("inf")}


def test_arrays_of_all_shapes_survive(path):
    arrays = {"a": np.arange(6).reshape(2, 3), "b": np.empty(0), "c": np.float64(2.5)}
    write_archive(path, {}, arrays)
    archive = read_archive(path, {"a": 6, "b": 0, "c": 1})
    archive.check_digest(path)
    for name, array in arrays.items():
        np.testing.assert_array_equal(archive.arrays[name], array)


def test_an_array_is_read_again_however_it_lay_in_memory(path):
    array = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    write_archive(path, {}, {"a": array})
    archive = read_archive(path, {"a": 6})
    archive.check_digest(path)
    np.testing.assert_array_equal(archive.arrays["a"], array)


@pytest.mark.parametrize(
    ("name", "array"),
    [("header", np.ones(2)), ("a", np.ones(2, bool)), ("a", np.ones(2, complex))],
)
def test_an_array_that_could_not_be_read_again_is_not_written(path, name, array):
    with pytest.raises(ArchiveError, match=f"expected arrays of real.*found {name}: {array.dtype}"):
        write_archive(path, {}, {name: array})
    assert not path.exists()


def test_a_header_too_long_to_be_read_again_is_not_written(path):
    with pytest.raises(ArchiveError, match="at most"):
        write_archive(path, {"text": "x" * HEADER_BYTES}, {})
    assert not path.exists()


def test_weights_of_another_table_of_the_same_name_are_refused(path, saved):
    rows = [NETWORK.rows[0], replace(NETWORK.rows[1], centres=-np.ones((2, 12)))]
    with pytest.raises(WeightsError, match="another table of that name"):
        read_weights(path, build("tiny", rows, 2, 2))
    with pytest.raises(WeightsError, match="expected weights of other; found those of tiny"):
        read_weights(path, build("other", NETWORK.rows, 2, 2))


def test_of_several_tables_that_of_the_file_is_found(path, saved):
    rows = [NETWORK.rows[0], replace(NETWORK.rows[1], centres=-np.ones((2, 12)))]
    other = build("tiny", rows, 2, 2)
    assert read_weights(path, other, NETWORK).architecture is NETWORK


def test_weights_of_before_their_table_was_written_are_read(path):
    header = {"format": 1, "network": "tiny", "provenance": PROVENANCE}
    write_archive(path, header, {"parameters": PARAMETERS})
    np.testing.assert_array_equal(read(path).parameters, PARAMETERS)
