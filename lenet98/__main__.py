"""Read digits from image files: ``python -m lenet98 digit.png``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lenet98 import maps_command
from lenet98.command_line import (
    DONE,
    FAILED,
    Options,
    Parser,
    check_figure,
    drawing_to_files,
    end_with,
    execute,
    say,
)
from lenet98.errors import ConfigurationError, Lenet98Error, WeightsError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from lenet98.network.network import LeNet5
    from lenet98.reading.answers import StringReading

    Response = Mapping[str, npt.NDArray[np.floating]]

PROGRAM = "python -m lenet98"

DESCRIPTION = """\
Let LeNet-5 read digits from image files.

Prints for each file the answer, the penalties of the ten classes with the least
of them in brackets, and the margin: the difference of the two least penalties.
The smaller the margin, the less sure is the answer (Sec. III-D). Where the ink
hardly looks like a digit, or like two, it says "unsure" before its best guess.

With --string it reads several digits in one line (Sec. VII), and prints the
penalty of each; the margin is then to the next best text, and where that is
small it says "unsure", too."""

EPILOG = """\
an image shows one digit (with --string: one line of them), upright, on plain paper:
  PNG, JPEG, TIFF, or another format that Pillow reads; grey or colour; any size
  up to 25 million pixels; dark ink on light paper or light on dark. Shadows,
  noise, specks, ruled lines, boxes, and what touches the edge are taken away, and
  the digit is size-normalised and centred by mass as the paper's were.

examples:
  python -m lenet98 digit.png
  python -m lenet98 one.png two.jpg --figure maps.png
  python -m lenet98 digit.png --weights yours.npz
  python -m lenet98 --string number.png
  python -m lenet98 --draw
  python -m lenet98 maps photo.png    what kernels make of a picture; maps --help says more"""

DIGITS_A_ROW = 10
"""Of a string whose penalties are printed: as many as there are classes."""


def parser() -> Parser:
    """Describe the command line."""
    parser = Parser(PROGRAM, DESCRIPTION, EPILOG)
    add = parser.add_argument
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "images",
        nargs="*",
        type=Path,
        default=[],
        metavar="digit.png",
        help="an image of one digit",
    )
    what.add_argument(
        "--draw", action="store_true", help="open a window to draw digits in, answered as you draw"
    )
    add("--string", action="store_true", help="each image shows several digits, in one line")
    add(
        "--figure",
        type=Path,
        metavar="out.png",
        help="draw the feature maps of all layers, as Fig. 13 does; of strings, what is said at "
        "each slot, as Fig. 25 does (.png, .pdf or .svg)",
    )
    add(
        "--weights",
        type=Path,
        metavar="FILE",
        help="of a network you trained (those shipped, of MNIST with distortions)",
    )
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == [maps_command.WORD]:
        return execute(maps_command.parser(PROGRAM), given[1:], maps_command.run)
    return execute(parser(), given, run)


def run(options: Options) -> int:
    """Do what the options ask; return the exit status."""
    if options.draw:
        return draw_by_hand(options)
    with drawing_to_files():
        return read(options)


def read(options: Options) -> int:
    """Read every image; fail if one of them could not be read."""
    if options.figure is not None:
        check_figure(options.figure, options.images)
    network = load_network(options.weights, "strings" if options.string else "distorted")
    data = data_of(options.weights) if options.figure is not None else None
    read: list[Any] = []
    for path in options.images:
        try:
            read.append((answer_string if options.string else answer)(network, path))
        except Lenet98Error as error:
            say(PROGRAM, str(error))
    if data is not None and read:
        (draw_strings if options.string else draw)(read, data, options.figure)
    return DONE if len(read) == len(options.images) else FAILED


def draw_by_hand(options: Options) -> int:
    """Open a window to draw in, and wait until it is closed."""
    if options.string or options.figure is not None:
        raise ConfigurationError("--draw opens a window; leave out --string and --figure")
    from lenet98.plots.live.display import open_window

    own = options.weights
    open_window(own and {own.stem: load_network(own, "")})
    return DONE


def load_network(weights: Path | None, shipped: str) -> LeNet5:
    """Load the weights asked for, or those that come with the package under a name."""
    from lenet98.network.network import LeNet5

    return LeNet5.pretrained(shipped) if weights is None else LeNet5.load(weights)


def data_of(weights: Path | None) -> str:
    """Return what the network was trained on."""
    from lenet98.network.tables import lenet5
    from lenet98.network.weights import read_weights
    from lenet98.reproduction.data_sets import MNIST, TITLES

    if weights is None:
        return MNIST
    tables = lenet5(), lenet5(blank=True)
    data = str(read_weights(weights, *tables).provenance.get("data"))
    if data not in TITLES:
        raise WeightsError(
            f"{weights}: expected the data set in the provenance, for the title of the figure; "
            f"found {data}. Leave out --figure."
        )
    return data


def answer(network: LeNet5, path: Path) -> Response:
    """Print the answer to one image; return what every layer says to it."""
    from lenet98.reading.doubt import judged
    from lenet98.reading.handwriting import read_pattern

    pattern = read_pattern(path)
    reading = judged(pattern, network)
    columns = [f"{penalty:.1f} " for penalty in reading.penalties]
    columns[reading.digit] = f"[{reading.penalty:.1f}]"
    print(f"{path}: {reading}")
    print_penalties("class", range(len(columns)), columns)
    return network.states(pattern)


def answer_string(network: LeNet5, path: Path) -> tuple[Response, StringReading]:
    """Print the text of one image, its margin, and the penalty of each of its digits.

    Returns what every layer says, and the reading.
    """
    from lenet98.reading.line import read_line
    from lenet98.reading.strings import read_string

    pattern = read_line(path)
    reading = read_string(pattern, network)
    print(f"{path}: {reading}")
    columns = [f"{penalty:.1f} " for penalty in reading.penalties_of_text]
    for first in range(0, len(columns), DIGITS_A_ROW):
        row = slice(first, first + DIGITS_A_ROW)
        print_penalties("digit", reading.text[row], columns[row])
    return network.states(pattern), reading


def print_penalties(head: str, labels: Iterable[object], penalties: Sequence[str]) -> None:
    """Print labels, and their penalties below."""
    print(f"  {head:7}" + "".join(f"{label:>5}   " for label in labels).rstrip())
    print("  penalty" + "".join(f"{penalty:>8}" for penalty in penalties).rstrip())


def draw(responses: Sequence[Response], data: str, path: Path) -> None:
    """Draw the feature maps of all images read."""
    from lenet98.plots.page.style import save
    from lenet98.plots.states import draw_states

    save(draw_states(responses, data), path)
    print(f"Drew {path}.")


def draw_strings(read: Sequence[tuple[Response, StringReading]], data: str, path: Path) -> None:
    """Draw all strings read, and what is said at each of their slots."""
    from lenet98.plots.page.style import save
    from lenet98.plots.strings import draw_read_strings

    responses, readings = zip(*read, strict=True)
    save(draw_read_strings(responses, readings, data), path)
    print(f"Drew {path}.")


if __name__ == "__main__":
    end_with(main)
