"""Sets that come under the names of MNIST's files and are not MNIST, told by their digests."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from lenet98.storage.files import read_file

# MD5, as their authors and the libraries that fetch them publish it, of the files as they are
# served; of Fashion-MNIST of the inflated ones too.
_PUBLISHED = {
    "Fashion-MNIST": (
        "8d4fb7e6c68d591d4c3dfef9ec88bf0d 25c81989df183df01b3e8a0aad5dffbe"
        " bef4ecab320f06d8554ea6380940ec79 bb300cfdad3c16e7a12a480ee83cd310"
        " f4a8712d7a061bf5bd6d2ca38dc4d50a 9018921c3c673c538a1fc5bad174d6f9"
        " 8181f5470baa50b63fa0f6fddb340f0a 15d484375f8d13e6eb1aabb0c3f46965"
    ),
    "KMNIST": (
        "bdb82020997e1d708af4cf47b453dcf7 e144d726b3acfaa3e44228e80efcd344"
        " 5c965bf0a639b31b8f53240b1b52f4d7 7320c461ea6c1c855c0b718fb2a4b134"
    ),
    "QMNIST": (
        "ed72d4157d28c017586c42bc6afe6370 0058f8dd561b90ffdd0f734c6a30e5e4"
        " 1394631089c404de565df7b7aeaf9412 5b5b05890a5e13444e108efe57b788aa"
    ),
    "EMNIST": (
        # byclass, bymerge, balanced, letters, digits, mnist
        "712dda0bd6f00690f32236ae4325c377 ee299a3ee5faf5c31e9406763eae7e43"
        " 1435209e34070a9002867a9ab50160d7 7a0f934bd176c798ecba96b36fda6657"
        " 4a792d4df261d7e1ba27979573bf53f3 491be69ef99e1ab1f5b7f9ccc908bb26"
        " 8eb5d34c91f1759a55831c37ec2a283f c13f4cd5211cdba1b8fa992dae2be992"
        " 4041b0d6f15785d3fa35263901b5496b 7a35cc7b2b7ee7671eddf028570fbd20"
        " 6818d20fe2ce1880476f747bbc80b22b acd3694070dcbf620e36670519d4b32f"
        " 8795078f199c478165fe18db82625747 c16de4f1848ddcdddd39ab65d2a7be52"
        " 382093a19703f68edac6d01b8dfdfcad d4108920cd86601ec7689a97f2de7f59"
        " d2662ecdc47895a6bbfce25de9e9a677 2223fcfee618ac9c89ef20b6e48bcf9e"
        " a159b8b3bd6ab4ed4793c1cb71a2f5cc 8afde66ea51d865689083ba6bb779fac"
        " 3663598a39195d030895b6304abb5065 6c092f03c9bb63e678f80f8bc605fe37"
        " fb51b6430fc4dd67deaada1bf25d4524 ae7f6be798a9a5d5f2bd32e078a402dd"
    ),
}

KIN: Mapping[str, str] = MappingProxyType(
    {digest: name for name, digests in _PUBLISHED.items() for digest in digests.split()}
)
"""The name of the set by the MD5 of a file of it, 32 hexadecimal digits."""

_A_PIECE = 1 << 20
_MOST_PIECES = 256
"""A file of more than so many MiB is none of theirs."""


def kin_of(path: Path) -> str | None:
    """Return the name of the set that a file is of, if it is known and not MNIST.

    Raises
    ------
    DataError
        The file cannot be read.
    """
    stored = read_file(path, _md5)
    return KIN.get(stored) or KIN.get(read_file(path, _md5_inflated))


def _md5(stream: BinaryIO | gzip.GzipFile) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    for _ in range(_MOST_PIECES):
        digest.update(stream.read(_A_PIECE))
    return digest.hexdigest()


def _md5_inflated(stream: BinaryIO) -> str:
    try:
        with gzip.GzipFile(fileobj=stream) as inflated:
            return _md5(inflated)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        return ""
