"""Draw what kernels make of a picture: ``python -m lenet98 maps photo.png``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lenet98.command_line import DONE, Options, Parser, check_figure, drawing_to_files

if TYPE_CHECKING:
    from lenet98.modern.bank import Bank

WORD = "maps"
"""What asks for it, as the first word; a picture of that name is ./maps."""

LEARNED = "C1"
"""The kernels that are no file; one of that name is ./C1."""

DESCRIPTION = """\
Draw what kernels make of a picture: its maps after a convolution, after ReLU,
and after max-pooling. A colour picture has three maps, red, green and blue, and
each kernel one part for each."""

EPILOG = """\
examples:
  python -m lenet98 maps photo.png
  python -m lenet98 maps photo.png --kernels C1 --figure learned.png
  python -m lenet98 maps photo.png --kernels yours.npy"""


def parser(program: str) -> Parser:
    """Describe the command line, which begins with the program."""
    parser = Parser(f"{program} {WORD}", DESCRIPTION, EPILOG)
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


def run(options: Options) -> int:
    """Draw the maps of a picture; return the exit status."""
    image = options.image
    figure = options.figure or Path(f"{image.stem}-{WORD}.png")
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
