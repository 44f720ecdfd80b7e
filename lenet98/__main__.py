"""Read digits from image files: ``python -m lenet98 digit.png``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lenet98.command_line import (
    DONE,
    FAILED,
    Options,
    Parser,
    drawing_to_files,
    end_with,
    execute,
    say,
)
from lenet98.errors import ConfigurationError, Lenet98Error, WeightsError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from lenet98.modern.bank import Bank
    from lenet98.network.network import LeNet5
    from lenet98.reading.answers import StringReading

    Response = Mapping[str, npt.NDArray[np.floating]]

PROGRAM = "python -m lenet98"

DESCRIPTION = """\
Let LeNet-5 read digits from image files.

Prints for each file the answer, the penalties of the ten classes with the least
of them in brackets, and the margin: the difference of the two least penalties.
The smaller the margin, the less sure is the answer (Sec. III-C). Where the ink
hardly looks like a digit, or like two, it says "unsure" before its best guess.

With --string it reads several digits in one line (Sec. VII), and prints the
penalty of each; the margin is then to the next best text."""

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

MAPS = "maps"
"""The first word that asks for the maps of pictures; a file of that name is ./maps."""

LEARNED = "C1"
"""The kernels that are no file; one of that name is ./C1."""

MAPS_DESCRIPTION = """\
Draw what kernels make of a picture: its maps after a convolution, after ReLU,
and after max-pooling. A colour picture has three maps, red, green and blue, and
each kernel one part for each."""

MAPS_EPILOG = """\
examples:
  python -m lenet98 maps photo.png
  python -m lenet98 maps photo.png --kernels C1 --figure learned.png
  python -m lenet98 maps photo.png --kernels yours.npy"""

DIGITS_A_ROW = 10
"""Of a string whose penalties are printed: as many as there are classes."""

FIGURE_ENDINGS = (".png", ".pdf", ".svg")


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


def maps_parser() -> Parser:
    """Describe the command line of maps."""
    parser = Parser(f"{PROGRAM} {MAPS}", MAPS_DESCRIPTION, MAPS_EPILOG)
    add = parser.add_argument
    add("image", type=Path, metavar="photo.png", help="a picture of any kind, grey or colour")
    add(
        "--kernels",
        metavar=f"{LEARNED}|FILE.npy",
        help="those of C1 of the network that reads digits, or your own: an array (kernels, side, "
        "side), or (kernels, maps, side, side) for each map of the picture (such as see edges)",
    )
    add(
        "--figure",
        type=Path,
        metavar="out.png",
        help="what to draw to, .png, .pdf or .svg (the picture's name and -maps.png, here)",
    )
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == [MAPS]:
        return execute(maps_parser(), given[1:], draw_maps_of)
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


def draw_maps_of(options: Options) -> int:
    """Draw the maps of a picture; return the exit status."""
    image = options.image
    figure = options.figure or Path(f"{image.stem}-{MAPS}.png")
    check_figure(figure, [image])
    with drawing_to_files():
        from lenet98.modern.picture import read_picture
        from lenet98.plots.maps import HEIGHT, WIDTH, draw_maps
        from lenet98.plots.page.style import save

        picture = read_picture(image, HEIGHT, WIDTH)
        save(draw_maps(picture, bank_of(options.kernels, len(picture)), image.name), figure)
    print(f"Drew {figure}.")
    return DONE


def bank_of(kernels: str | None, maps: int) -> Bank:
    """Return the kernels asked for, for so many maps of a picture."""
    from lenet98.modern.bank import edge_bank, learned_bank, read_bank

    if kernels is None:
        return edge_bank(maps)
    return learned_bank(maps) if kernels == LEARNED else read_bank(Path(kernels), maps)


def draw_by_hand(options: Options) -> int:
    """Open a window to draw in, and wait until it is closed."""
    if options.string or options.figure is not None:
        raise ConfigurationError("--draw opens a window; leave out --string and --figure")
    from lenet98.plots.live.display import open_window

    own = options.weights
    open_window(own and {own.stem: load_network(own, "")})
    return DONE


def check_figure(figure: Path, images: Sequence[Path]) -> None:
    """Refuse a figure of unknown format, where none can be, or that would replace an image."""
    if figure.suffix.lower() not in FIGURE_ENDINGS:
        raise ConfigurationError(
            f"--figure: expected a name ending in {', '.join(FIGURE_ENDINGS)}; found {figure}"
        )
    if figure.is_dir():
        raise ConfigurationError(f"--figure: expected the name of a file; found a folder {figure}")
    folder = figure.parent
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        raise ConfigurationError(
            f"--figure {figure}: expected a folder that can be written to; found none at {folder}. "
            "Make it, or choose another."
        )
    if figure.resolve() in [image.resolve() for image in images]:
        raise ConfigurationError(f"--figure would replace the image {figure}; choose another name")


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
    print(f"{path}: {reading.text or 'no digit found'}, margin {reading.margin:.1f}")
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
