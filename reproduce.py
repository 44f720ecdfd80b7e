"""Reproduce LeNet-5 (LeCun, Bottou, Bengio and Haffner, 1998): arguments and printing."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import lenet98
from lenet98.errors import ConfigurationError, DataError, Lenet98Error, MnistNotFoundError

if TYPE_CHECKING:
    from lenet98.configuration import TrainingConfig
    from lenet98.digits import Digits
    from lenet98.results import Comparison, Results
    from lenet98.training import PassRecord

DESCRIPTION = """\
Train LeNet-5 exactly as the paper prints it, one pattern at a time, and set
every number beside the paper's.

With no argument: prints the layer table, trains on the 60,000 patterns for 20
passes, and writes results, weights and figures to --out."""

EPILOG = """\
examples:
  python reproduce.py                     the whole reproduction
  python reproduce.py --quick             a first look, under a minute
  python reproduce.py --data-dir ~/mnist  MNIST from a folder of yours
  python reproduce.py --figures-only      draw again from out/results.json

MNIST is looked for in --data-dir, then $LENET98_DATA, then the cache of the
user, then downloaded. Where it cannot be had, the run goes on with built-in
pen strokes, and says so."""

QUICK_PATTERNS = 10_000
QUICK_PASSES = 3


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = argparse.ArgumentParser(
        prog="reproduce.py",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--version", action="version", version=f"lenet98 {lenet98.__version__}")
    what = parser.add_argument_group("what to do")
    what.add_argument("--only", metavar="NAME[,NAME]", help="only these experiments: fig5")
    what.add_argument(
        "--quick",
        action="store_true",
        help=f"{QUICK_PASSES} passes over the first {QUICK_PATTERNS:,} patterns",
    )
    what.add_argument(
        "--figures-only", action="store_true", help="draw from results.json, train nothing"
    )
    recipe = parser.add_argument_group("the recipe")
    recipe.add_argument("--passes", type=int, metavar="N", help="passes over the set (20)")
    recipe.add_argument("--seed", type=int, metavar="N", help="of the one random generator (1998)")
    recipe.add_argument("--loss", choices=("mse", "map"), help="eq. 8 or eq. 9 (map)")
    recipe.add_argument("--j", type=float, metavar="J", help="of eq. 9, above 0 (4)")
    recipe.add_argument(
        "--literal-weights",
        action="store_true",
        help="initial weights within 2.4 / F as App. A has it, not 2.4 / sqrt(F)",
    )
    data = parser.add_argument_group("the data")
    data.add_argument("--data-dir", type=Path, metavar="DIR", help="the folder of MNIST's files")
    data.add_argument(
        "--data",
        choices=("mnist", "strokes"),
        help="mnist: nothing else will do; strokes: the built-in pen strokes",
    )
    data.add_argument("--offline", action="store_true", help="never download")
    add("--out", type=Path, default=Path("out"), metavar="DIR", help="where to write (out)")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    options = parser().parse_args(arguments)
    try:
        run(options)
    except Lenet98Error as error:
        print(f"reproduce.py: {error}", file=sys.stderr)
        return 2
    return 0


def run(options: argparse.Namespace) -> None:
    """Do what the options ask."""
    check_only(options.only)
    config = configuration(options)
    out = make_folder(options.out)
    if options.figures_only:
        from lenet98.results import read_results

        draw_figures(read_results(out / "results.json"), out)
        return
    data, digits = load_digits(options)
    if options.quick:
        digits = digits._replace(
            train_images=digits.train_images[:QUICK_PATTERNS],
            train_labels=digits.train_labels[:QUICK_PATTERNS],
        )
    print_layer_table()
    results = train(data, digits, config, out)
    draw_figures(results, out)
    print_comparison(results)


def check_only(only: str | None) -> None:
    """Refuse names that are no experiment."""
    from lenet98.experiments import EXPERIMENTS

    known = [experiment.name for experiment in EXPERIMENTS]
    for name in only.split(",") if only is not None else []:
        if name not in known:
            raise ConfigurationError(
                f"--only: expected some of {', '.join(known)}; found {name!r}"
            )


def configuration(options: argparse.Namespace) -> TrainingConfig:
    """Make the recipe that the options ask for."""
    from lenet98.configuration import InitialWeights, TrainingConfig

    if options.loss == "mse" and options.j is not None:
        raise ConfigurationError("--j belongs to eq. 9; leave it out, or ask for --loss map")
    if options.data == "strokes" and options.data_dir is not None:
        raise ConfigurationError("--data strokes reads no files; leave out --data-dir")
    asked = {
        "passes": options.passes or (QUICK_PASSES if options.quick else None),
        "seed": options.seed,
        "loss": options.loss,
        "j": options.j,
        "initial": InitialWeights(power=1) if options.literal_weights else None,
    }
    if options.passes is not None:
        asked["passes"] = options.passes
    return TrainingConfig(**{name: value for name, value in asked.items() if value is not None})


def make_folder(folder: Path) -> Path:
    """Make the output folder and what it holds."""
    try:
        for part in (folder, folder / "figures", folder / "weights"):
            part.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"--out {folder}: cannot make the folder: {error.strerror}") from error
    return folder


def load_digits(options: argparse.Namespace) -> tuple[str, Digits]:
    """Return the name of the data set and the set itself."""
    from lenet98.mnist import load_mnist
    from lenet98.strokes import draw_digits

    if options.data != "strokes":
        try:
            digits = load_mnist(options.data_dir, offline=options.offline, report=print)
        except MnistNotFoundError as error:
            if options.data == "mnist":
                raise
            print(f"MNIST cannot be had: {error}")
        else:
            print(f"Data: MNIST, {len(digits.train_labels):,} training patterns.")
            return "mnist", digits
    print(
        "Data: built-in pen strokes, NOT MNIST. "
        "No number of this run is comparable with the paper's."
    )
    return "strokes", draw_digits()


def print_layer_table() -> None:
    """Print the layer table with its counts."""
    from lenet98.architecture import lenet5

    network = lenet5()
    print(f"\n{'layer':8}{'kind':14}{'maps @ size':>14}{'parameters':>12}{'connections':>13}")
    for layer in network.layers:
        size = f"{layer.maps} @ {layer.height}x{layer.width}"
        fixed = " fixed" if layer.kind == "rbf" else ""
        print(
            f"{layer.name:8}{layer.kind:14}{size:>14}"
            f"{layer.parameters:>12,}{layer.connections:>13,}{fixed}"
        )
    print(f"{'':8}{'trainable':14}{'':14}{network.trainable:>12,}{network.connections:>13,}\n")


def train(data: str, digits: Digits, config: TrainingConfig, out: Path) -> Results:
    """Train, and write results and weights."""
    from lenet98.comparison import compare
    from lenet98.experiments import run_60000
    from lenet98.provenance import provenance
    from lenet98.results import Results, write_results

    begin = time.perf_counter()
    lines = PassLines(sys.stdout)
    result, network = run_60000(digits, config, lines.on_pass, lines.on_progress)
    origin = provenance() | {"wall_seconds": round(time.perf_counter() - begin, 1)}
    results = Results(
        data=data,
        fingerprint=digits.fingerprint,
        configuration=config.as_dict(),
        provenance=origin,
        runs={"60000": [result]},
    )
    results.comparison.extend(compare(results))
    network.save(
        out / "weights" / "60000.npz",
        {"data": data, "configuration": config.as_dict(), **origin},
    )
    write_results(out / "results.json", results)
    print(f"\n{origin['wall_seconds']:.0f} seconds. Wrote {out / 'results.json'} and the weights.")
    return results


class PassLines:
    """A line for each pass, and on a terminal the progress within it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._begin = time.perf_counter()
        print(
            "pass      eta  effective rates    loss   training error, %     test error, %  seconds\n"
            "               least    greatest          on the fly  after it",
            file=stream,
        )

    def on_pass(self, record: PassRecord) -> None:
        """Print the line of a finished pass."""
        self._clear()
        print(
            f"{record.number:4}  {record.eta:.0e}  {record.least_rate:.1e}  "
            f"{record.greatest_rate:.1e}{record.loss:8.3f}{record.train_error_on_the_fly:12.2f}"
            f"{record.train_error:10.2f}{record.test_error:18.2f}{record.seconds:9.1f}",
            file=self._stream,
            flush=True,
        )
        self._begin = time.perf_counter()

    def on_progress(self, done: int, total: int) -> None:
        """Show how far the pass is, on a terminal."""
        if self._live:
            seconds = time.perf_counter() - self._begin
            left = seconds * (total - done) / done
            line = f"{done:,} of {total:,} patterns, {left:.0f} s left in the pass"
            self._stream.write(f"\r{line} ")
            self._stream.flush()

    def _clear(self) -> None:
        if self._live:
            self._stream.write("\r\x1b[K")


def draw_figures(results: Results, out: Path) -> None:
    """Draw the figures of the results."""
    from lenet98.plots import fig5

    path = out / "figures" / "fig5.png"
    fig5(results.histories("60000"), results.data).savefig(path)
    print(f"Drew {path}.")


def print_comparison(results: Results) -> None:
    """Print the table paper | here | verdict."""
    rows = [
        (row.quantity, number(row.paper, row), number(row.here, row), row.verdict)
        for row in results.comparison
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print()
    for row in [("", "paper", "here", "verdict"), *rows]:
        quantity, paper, here, verdict = row
        print(f"{quantity:{widths[0]}}  {paper:>{widths[1]}}  {here:>{widths[2]}}  {verdict}")
    if results.data != "mnist":
        print("\nErrors are left out: built-in pen strokes are not the paper's data.")


def number(value: float, row: Comparison) -> str:
    """Write a number as its row wants it."""
    if row.unit == "%":
        return f"{value:.2f} %"
    return f"{value:,}" if isinstance(value, int) else f"{value:.1e}"


if __name__ == "__main__":
    sys.exit(main())
