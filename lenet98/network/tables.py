"""The networks of the paper as tables: LeNet-5, LeNet-4, LeNet-1 (Sec. II-B, III-C)."""

from __future__ import annotations

from functools import cache

from lenet98.network.architecture import Architecture, Pair, Row, build
from lenet98.paper.codes import digit_codes, place_codes

# Table I: an X where the S2 map of the row feeds the C3 map of the column.
TABLE_I = """
    X . . . X X X . . X X X X . X X
    X X . . . X X X . . X X X X . X
    X X X . . . X X X . . X . X X X
    . X X X . . X X X X . . X . X X
    . . X X X . . X X X X . X X . X
    . . . X X X . . X X X X . X X X
"""

# Not in the 1998 paper, which leaves LeNet-1's table out: that of LeCun et al., NIPS 2 (1990),
# whose 98,442 connections and 2,578 parameters it meets exactly.
LENET1_TABLE = """
    X X X . X X . . . . . .
    . X X X X X . . . . . .
    . . . . . . X X X . X X
    . . . . . . . X X X X X
"""

# Inferred, in the manner of Table I: contiguous triples, contiguous fours, one map of all eight.
LENET4_TABLE = """
    X . . . . . X X X . . . . X X X
    X X . . . . . X X X . . . . X X
    X X X . . . . . X X X . . . . X
    . X X X . . . . X X X X . . . X
    . . X X X . . . . X X X X . . X
    . . . X X X . . . . X X X X . X
    . . . . X X X . . . . X X X X X
    . . . . . X X X . . . . X X X X
"""

# Inferred, three maps each as 48 links for 16 maps have it: contiguous, and every other one.
LENET4_TRIPLES = """
    X . . . . . X X X . . . X . X .
    X X . . . . . X . X . . . X . X
    X X X . . . . . X . X . . . X .
    . X X X . . . . . X . X . . . X
    . . X X X . . . X . X . X . . .
    . . . X X X . . . X . X . X . .
    . . . . X X X . . . X . X . X .
    . . . . . X X X . . . X . X . X
"""


def pairs_of(picture: str) -> tuple[Pair, ...]:
    """Read a picture such as `TABLE_I` as (from map, to map) pairs, in the order of the to maps."""
    rows = [line.split() for line in picture.split("\n") if line.strip()]
    return tuple(
        (source, target)
        for target in range(len(rows[0]))
        for source, row in enumerate(rows)
        if row[target] == "X"
    )


def lenet5(width: int = 32, *, blank: bool = False) -> Architecture:
    """LeNet-5, for input of 32 rows and `width` columns of pixels.

    With `blank`, an eleventh RBF unit stands for no character, on the code of SPACE (Sec. VII-B).
    Source: Sec. II-B, Fig. 2, Table I.

    Examples
    --------
    >>> from lenet98 import lenet5
    >>> lenet5().trainable, lenet5(blank=True).layers[-1].maps
    (60000, 11)
    """
    return _lenet5(blank).widened(width)


@cache  # for every network and every file of weights asks for it
def _lenet5(blank: bool) -> Architecture:
    codes = digit_codes(blank=blank)
    rows = (
        Row("C1", "convolution", maps=6, field=5),
        Row("S2", "subsampling", maps=6, field=2),
        Row("C3", "convolution", maps=16, field=5, pairs=pairs_of(TABLE_I)),
        Row("S4", "subsampling", maps=16, field=2),
        Row("C5", "convolution", maps=120, field=5),
        Row("F6", "full", maps=84),
        Row("OUTPUT", "rbf", maps=len(codes), centres=codes),
    )
    return build("LeNet-5", rows, height=32, width=32)


def lenet1() -> Architecture:
    """LeNet-1, for input of 28x28 pixels: about 100,000 connections, 2,600 parameters.

    Its ten squashed outputs with +1/-1 targets are RBF units centred on place codes.
    Source: Sec. III-C.7; the sizes and the table are those of LeCun et al., NIPS 2 (1990).

    Examples
    --------
    >>> from lenet98 import lenet1
    >>> lenet1().trainable
    2578
    """
    rows = (
        Row("C1", "convolution", maps=4, field=5),
        Row("S2", "subsampling", maps=4, field=2),
        Row("C3", "convolution", maps=12, field=5, pairs=pairs_of(LENET1_TABLE)),
        Row("S4", "subsampling", maps=12, field=2),
        Row("F5", "full", maps=10, field=4),
        Row("OUTPUT", "rbf", maps=10, centres=place_codes(10)),
    )
    return build("LeNet-1", rows, height=28, width=28)


def lenet4(*, complete: bool = False) -> Architecture:
    """LeNet-4, for input of 32x32 pixels: about 260,000 connections.

    The paper gives the maps and two counts, no tables, and contradicts itself: 17,000 parameters
    are less than the 48,120 of 120 units that see all of 16@5x5. So each of the 120 takes four
    or five contiguous maps here, which meets both counts; or, with `complete`, all 16 as the text
    has it, which makes 50,698 parameters. Either is inferred.
    Source: Sec. III-C.8.

    Parameters
    ----------
    complete : bool
        Whether each of the 120 units sees all maps below.

    Examples
    --------
    >>> from lenet98 import lenet4
    >>> lenet4().trainable, lenet4().connections
    (16998, 258406)
    >>> lenet4(complete=True).trainable, lenet4(complete=True).connections
    (50698, 262406)
    """
    doubled = tuple((target // 2, target) for target in range(8))
    contiguous = tuple(
        (source, unit)
        for unit in range(120)
        for source in sorted((unit + step) % 16 for step in range(4 if unit % 3 == 0 else 5))
    )
    links = LENET4_TRIPLES if complete else LENET4_TABLE
    rows = (
        Row("C1", "convolution", maps=4, field=5),
        Row("S2", "subsampling", maps=8, field=2, pairs=doubled),
        Row("C3", "convolution", maps=16, field=5, pairs=pairs_of(links)),
        Row("S4", "subsampling", maps=16, field=2),
        Row("C5", "convolution", maps=120, field=5, pairs=None if complete else contiguous),
        Row("F6", "full", maps=10),
        Row("OUTPUT", "rbf", maps=10, centres=place_codes(10)),
    )
    return build("LeNet-4", rows, height=32, width=32)


def multilayer(*hidden: int, size: int = 28) -> Architecture:
    """Ten outputs on the pixels, with hidden layers between or none, such as 28x28-300-10.

    Their squashed outputs with +1/-1 targets are RBF units centred on place codes.
    Source: Sec. III-C.1, III-C.5 and III-C.6.

    Parameters
    ----------
    *hidden : int
        Units of each hidden layer, from the input up.
    size : int
        Pixels on a side of the input: 28, or 20 of deslanted images.

    Raises
    ------
    ConfigurationError
        A layer has no unit, or the input no pixel.

    Examples
    --------
    >>> multilayer(300).trainable, multilayer(300, 100).name
    (238510, '28x28-300-100-10')
    >>> multilayer(size=20).trainable
    4010
    """
    units = [*hidden, 10]
    rows = [
        Row(f"F{k}", "full", maps=many, field=size if k == 1 else 1)
        for k, many in enumerate(units, start=1)
    ]
    output = Row("OUTPUT", "rbf", maps=10, centres=place_codes(10))
    name = "-".join([f"{size}x{size}", *(str(many) for many in units)])
    return build(name, [*rows, output], height=size, width=size)
