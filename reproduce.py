"""Reproduce LeNet-5 (LeCun, Bottou, Bengio and Haffner, 1998): arguments and printing."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from lenet98.errors import ConfigurationError, DataError, Lenet98Error, MnistNotFoundError
from lenet98.reproduction.experiments import (
    EXPERIMENTS,
    OPEN_QUESTIONS,
    VALIDATION,
    configuration_of,
    runs_for,
)
from lenet98.training.recipe import RECIPES
from lenet98.version import VERSION

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lenet98.data.digits import Digits
    from lenet98.network.network import LeNet5
    from lenet98.plots.drawing import Material
    from lenet98.reproduction.results import Results
    from lenet98.training.checkpoint import Checkpoints, Job
    from lenet98.training.recipe import TrainingConfig
    from lenet98.training.record import PassRecord

DESCRIPTION = """\
Train LeNet-5 exactly as the paper prints it, one pattern at a time, and set
every number beside the paper's.

With no argument: prints the layer table, trains on 60,000 patterns, on parts
of them and with distortions, 20 passes each and side by side, and writes
results, weights and figures to --out."""

EPILOG = """\
examples:
  python reproduce.py                     the whole reproduction
  python reproduce.py --quick             a first look, under a minute
  python reproduce.py --data-dir ~/mnist  MNIST from a folder of yours
  python reproduce.py --figures-only      draw again from out/results.json
  python reproduce.py --resume            go on after an interruption

A checkpoint is written to --out after every pass, and removed when all is done.
An --out with checkpoints is refused unless --resume is given, so that hours of
training are not lost by mistake; remove its folder checkpoints to begin anew.

MNIST is looked for in --data-dir, then $LENET98_DATA, then the cache of the
user, then downloaded. Where it cannot be had, the run goes on with built-in
pen strokes, and says so."""

QUICK_PATTERNS = 10_000
QUICK_PASSES = 3
COUNTED = ("Sec. II-B", "Fig. 11", "Fig. 12")
"""Sources of what is counted from the layer table, whatever the data."""

INTERRUPTED = 130
"""Exit status, as of a shell's command that Ctrl-C ended."""

SHIPPED = {"60000": "mnist", "distorted": "distorted"}
"""The runs whose networks are drawn, and where the package ships them."""

QUICK_LEAVES_OUT = ("fig6", OPEN_QUESTIONS, VALIDATION)
"""They are about the whole training set."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Report a wrong command line and end."""
        self.exit(2, f"{self.prog}: {message}; --help says more\n")


def parser() -> Parser:
    """Describe the command line."""
    parser = Parser(
        prog="reproduce.py",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--version", action="version", version=f"lenet98 {VERSION}")
    what = parser.add_argument_group("what to do")
    what.add_argument(
        "--only", metavar="NAME[,NAME]", help=f"only these experiments: {', '.join(EXPERIMENTS)}"
    )
    what.add_argument(
        "--quick",
        action="store_true",
        help=f"{QUICK_PASSES} passes over the first {QUICK_PATTERNS:,} patterns",
    )
    what.add_argument(
        "--full", action="store_true", help=f"with --only {OPEN_QUESTIONS}: the whole grid, hours"
    )
    what.add_argument(
        "--figures-only", action="store_true", help="draw from results.json, train nothing"
    )
    what.add_argument(
        "--resume",
        action="store_true",
        help="go on from the checkpoints in --out; give the same other options again",
    )
    recipe = parser.add_argument_group("the recipe")
    recipe.add_argument(
        "--recipe", choices=tuple(RECIPES), default="paper", help="where to start from (paper)"
    )
    recipe.add_argument("--passes", type=int, metavar="N", help="passes over the set (20)")
    recipe.add_argument("--loss", choices=("mse", "map"), help="eq. 8 or eq. 9")
    recipe.add_argument("--j", type=float, metavar="J", help="of eq. 9, above 0")
    recipe.add_argument("--seed", type=int, metavar="N", help="of the one random generator (1998)")
    recipe.add_argument(
        "--seeds", type=int, default=1, metavar="N", help="repeat with so many seeds (1)"
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
    except KeyboardInterrupt:
        if sys.stdout.isatty():
            print()
        print(f"reproduce.py: interrupted; {how_to_go_on(options)}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # What is still to be printed has nowhere to go, and would complain at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(
            f"reproduce.py: the reader of its output has gone; {how_to_go_on(options)}",
            file=sys.stderr,
        )
        return 2
    return 0


def run(options: argparse.Namespace) -> None:
    """Do what the options ask."""
    names = experiments(options)
    recipe = configuration(options)
    out = make_folders(options.out)
    if names == [OPEN_QUESTIONS]:
        answer_open_questions(options, out)
        return
    if names == [VALIDATION]:
        choose_best(options, out)
        return
    if options.figures_only:
        draw_again(names, options, out)
        return
    check_checkpoints(options)
    make_folders(out, "checkpoints", "weights")
    data, digits = load_digits(options)
    if options.quick:
        data, digits = quick_part(data, digits)
    print_layer_table()
    train_and_draw(names, options.seeds, data, digits, recipe, out)


def experiments(options: argparse.Namespace) -> list[str]:
    """Return the names of the experiments asked for."""
    if options.full and options.only != OPEN_QUESTIONS:
        raise ConfigurationError(f"--full belongs to --only {OPEN_QUESTIONS}")
    if options.only is None:
        left_out = QUICK_LEAVES_OUT if options.quick else ()
        return [
            name
            for name, experiment in EXPERIMENTS.items()
            if name not in left_out and not experiment.on_request
        ]
    names: list[str] = list(dict.fromkeys(options.only.split(",")))
    for name in names:
        if name not in EXPERIMENTS:
            raise ConfigurationError(
                f"--only: expected some of {', '.join(EXPERIMENTS)}; found {name!r}"
            )
        if options.quick and name in QUICK_LEAVES_OUT:
            raise ConfigurationError(f"--quick leaves out {name}, which needs the whole sets")
    for name in (OPEN_QUESTIONS, VALIDATION):
        if name in names and len(names) > 1:
            raise ConfigurationError(f"--only: {name} is run by itself")
    return names


def configuration(options: argparse.Namespace) -> TrainingConfig:
    """Make the recipe that the options ask for."""
    from dataclasses import replace

    if options.seeds < 1:
        raise ConfigurationError(f"--seeds is {options.seeds}; expected at least 1")
    if options.resume and options.figures_only:
        raise ConfigurationError("--resume trains and --figures-only does not; leave out one")
    if options.data == "strokes" and options.data_dir is not None:
        raise ConfigurationError("--data strokes reads no files; leave out --data-dir")
    asked = {
        "passes": QUICK_PASSES if options.quick and options.passes is None else options.passes,
        "loss": options.loss,
        "j": options.j,
        "seed": options.seed,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    recipe = replace(RECIPES[options.recipe], **given)
    if recipe.loss == "mse" and options.j is not None:
        raise ConfigurationError("--j belongs to eq. 9; leave it out, or ask for --loss map")
    return recipe


def make_folders(out: Path, *parts: str) -> Path:
    """Make the output folder and parts of it, and see that they can be written to."""
    for folder in (out, *(out / part for part in parts)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(
                f"--out {out}: cannot make the folder {folder}: {error.strerror}; give another"
            ) from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise DataError(f"--out {out}: cannot write to the folder {folder}; give another")
    return out


def checkpoints_folder(options: argparse.Namespace) -> Path:
    """Return where the checkpoints are kept."""
    folder: Path = options.out / "checkpoints"
    return folder


def check_checkpoints(options: argparse.Namespace) -> None:
    """Refuse to begin anew over checkpoints, which may be hours of work."""
    folder = checkpoints_folder(options)
    found = any(folder.glob("*.npz"))
    if found and not options.resume:
        raise DataError(
            f"--out {options.out}: an unfinished training left checkpoints in {folder}; "
            f"go on with --resume, or give another --out, or remove {folder}"
        )
    if options.resume and not found:
        print(f"No checkpoints in {folder}: nothing to resume, beginning at the start.")


def how_to_go_on(options: argparse.Namespace) -> str:
    """Say what an interrupted command left, and how to go on."""
    if options.figures_only:
        return "the same command draws again"
    if options.only in (OPEN_QUESTIONS, VALIDATION):
        return "finished cells are kept; the same command goes on"
    if any(checkpoints_folder(options).glob("*.npz")):
        return "what was finished is kept; go on with the same command and --resume"
    return "no pass was finished yet; the same command begins again"


def load_digits(options: argparse.Namespace) -> tuple[str, Digits]:
    """Return the name of the data set and the set itself."""
    from lenet98.data.mnist import load_mnist
    from lenet98.data.strokes import draw_digits

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
    from lenet98.network.tables import lenet5

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


def quick_part(data: str, digits: Digits) -> tuple[str, Digits]:
    """Return the part of the data set that --quick trains on, and its name."""
    part = digits._replace(
        train_images=digits.train_images[:QUICK_PATTERNS],
        train_labels=digits.train_labels[:QUICK_PATTERNS],
    )
    return ("mnist-quick" if data == "mnist" else data), part


def train_and_draw(
    names: list[str], seeds: int, data: str, digits: Digits, recipe: TrainingConfig, out: Path
) -> None:
    """Do the runs that the experiments need; write results, weights and figures."""
    from lenet98.reproduction.runs import jobs_for
    from lenet98.training.checkpoint import Checkpoints

    jobs = jobs_for(recipe, runs_for(names), seeds)
    checkpoints = Checkpoints(out / "checkpoints", digits)
    material = train(jobs, data, digits, recipe, checkpoints, out)
    draw_figures(names, material, out)
    # Not before all stands that they would be needed for.
    checkpoints.remove(jobs)
    print_comparison(material.results)


def train(
    jobs: list[Job],
    data: str,
    digits: Digits,
    recipe: TrainingConfig,
    checkpoints: Checkpoints,
    out: Path,
) -> Material:
    """Do the jobs; write weights and results."""
    from lenet98.plots.drawing import Material
    from lenet98.reproduction.comparison import compare
    from lenet98.reproduction.results import Results, write_results
    from lenet98.reproduction.runs import run_all
    from lenet98.storage.provenance import provenance

    lines = PassLines(sys.stdout, passes=sum(job.config.passes for job in jobs))
    begin = time.perf_counter()
    outcomes = run_all(digits, jobs, os.cpu_count() or 1, lines, checkpoints)
    wall_seconds = round(time.perf_counter() - begin, 1)
    origin = provenance() | {"wall_seconds": wall_seconds, "resumed": lines.resumed}
    results = Results(
        data=data,
        fingerprint=digits.fingerprint,
        configuration=recipe.as_dict(),
        provenance=origin,
        runs={run: [outcome.result for outcome in some] for run, some in outcomes.items()},
    )
    results.comparison.extend(compare(results))
    for run, some in outcomes.items():
        recipe_of_run = configuration_of(run, recipe).as_dict()
        some[0].network.save(
            out / "weights" / f"{run}.npz",
            {"data": data, "configuration": recipe_of_run, **origin},
        )
    write_results(out / "results.json", results)
    print(f"\n{wall_seconds:.0f} seconds. Wrote {out / 'results.json'} and {out / 'weights'}.")
    return Material(results, digits, {run: some[0].network for run, some in outcomes.items()})


class PassLines:
    """A line for each pass of each run, and on a terminal the progress and the time left."""

    def __init__(self, stream: TextIO, passes: int) -> None:
        self.resumed = False
        self._stream = stream
        self._live = stream.isatty()
        self._lock = threading.Lock()
        self._begin = time.perf_counter()
        self._all = passes
        self._finished = 0
        self._under_way: dict[tuple[str, int], float] = {}
        if passes:
            print(
                "run        seed pass     eta   effective rates     loss   training error, %    "
                "test   seconds\n"
                "                               least   greatest            on the fly    after  "
                "error, %",
                file=stream,
            )

    def on_resume(self, run: str, config: TrainingConfig, passes: int) -> None:
        """Print where a run goes on."""
        with self._lock:
            self.resumed = True
            self._all -= passes
            self._write(f"{run:10}{config.seed:5}{passes:5}  goes on after this pass")

    def on_pass(self, run: str, config: TrainingConfig, record: PassRecord) -> None:
        """Print the line of a finished pass."""
        after = "" if record.train_error is None else f"{record.train_error:.2f}"
        with self._lock:
            self._finished += 1
            self._under_way.pop((run, config.seed), None)
            self._write(
                f"{run:10}{config.seed:5}{record.number:5}{record.eta:8.0e}"
                f"{record.least_rate:10.1e}{record.greatest_rate:9.1e}{record.loss:9.3f}"
                f"{record.train_error_on_the_fly:13.2f}{after:>9}{record.test_error:8.2f}"
                f"{record.seconds:10.1f}"
            )

    def _write(self, line: str) -> None:
        if self._live:
            self._stream.write("\r\x1b[K")
        print(line, file=self._stream, flush=True)

    def on_progress(self, run: str, config: TrainingConfig, done: int, total: int) -> None:
        """Show how far the runs are, on a terminal."""
        if not self._live:
            return
        with self._lock:
            self._under_way[run, config.seed] = done / total
            share = (self._finished + sum(self._under_way.values())) / self._all
            left = (time.perf_counter() - self._begin) * (1 - share) / share
            self._stream.write(f"\r{share:6.1%} done, about {left:.0f} s left \x1b[K")
            self._stream.flush()


def draw_again(names: list[str], options: argparse.Namespace, out: Path) -> None:
    """Draw from what an earlier run left."""
    from lenet98.plots.drawing import Material
    from lenet98.reproduction.results import read_results

    results = read_results(out / "results.json")
    drawable = [n for n in names if set(runs_for([n])) <= set(results.runs)]
    if options.only is not None and drawable != names:
        missing = ", ".join(n for n in names if n not in drawable)
        raise DataError(f"{out / 'results.json'} has not the runs for {missing}; train them first")
    options.data = "strokes" if results.data == "strokes" else "mnist"
    data, whole = load_digits(options)
    for digits in (whole, quick_part(data, whole)[1]):
        if digits.fingerprint == results.fingerprint:
            break
    else:
        raise DataError(
            f"{out / 'results.json'}: expected the data it was made on, SHA-256 "
            f"{results.fingerprint}; found {whole.fingerprint}"
        )
    networks = {
        run: trained_network(run, data, out) for run in runs_for(drawable) if run in SHIPPED
    }
    draw_figures(drawable, Material(results, digits, networks), out)


def trained_network(run: str, data: str, out: Path) -> LeNet5:
    """Return the network that a run left, or for MNIST the one that the package ships."""
    from lenet98.network.network import LeNet5

    path = out / "weights" / f"{run}.npz"
    if data == "mnist" and not path.exists():
        return LeNet5.pretrained(SHIPPED[run])
    return LeNet5.load(path)


def answer_open_questions(options: argparse.Namespace, out: Path) -> None:
    """Explore the grid, or read what an earlier run found; write tables and figure."""
    from lenet98 import plots
    from lenet98.questions.findings import (
        hypotheses,
        read_exploration,
        smaller_sets_table,
        starts_table,
        table,
        write_exploration,
    )
    from lenet98.questions.grid import FULL, REDUCED, explore
    from lenet98.storage.files import write_whole

    path = out / f"{OPEN_QUESTIONS}.json"
    if options.figures_only:
        exploration = read_exploration(path)
    else:
        data, digits = load_digits(options)
        if data != "mnist":
            raise DataError(f"{OPEN_QUESTIONS} are asked of Fig. 5, so they need MNIST")
        extent = FULL if options.full else REDUCED
        cells, cores = out / OPEN_QUESTIONS, os.cpu_count() or 1
        exploration = explore(digits, cells, extent, cores, lambda line: print(line, flush=True))
        write_exploration(path, exploration)
    tables = "\n".join(make(exploration) for make in (table, smaller_sets_table, starts_table))
    write_whole(out / f"{OPEN_QUESTIONS}.md", tables.encode())
    figure = plots.open_questions(hypotheses(exploration), "mnist")
    save_figure(figure, out / f"{OPEN_QUESTIONS}.png")
    print(f"\n{tables}\nWrote {path}, the tables and the figure beside it.")


def choose_best(options: argparse.Namespace, out: Path) -> None:
    """Choose the recipe of least error on patterns held out of the training set."""
    from lenet98.questions.validation import validate, validation_table
    from lenet98.storage.files import write_whole

    data, digits = load_digits(options)
    if data != "mnist":
        raise DataError(f"{VALIDATION} chooses among recipes for MNIST, so it needs MNIST")
    cells, cores = out / VALIDATION, os.cpu_count() or 1
    found = validate(digits, cells, cores, lambda line: print(line, flush=True))
    table = validation_table(found)
    write_whole(out / f"{VALIDATION}.md", table.encode())
    print(f"\n{table}\nWrote {out / f'{VALIDATION}.md'}.")


def draw_figures(names: list[str], material: Material, out: Path) -> None:
    """Draw the figures of the experiments into a folder."""
    from lenet98.plots.drawing import draw

    for name in names:
        save_figure(draw(name, material), out / f"{name}.png")
    print(f"Drew {', '.join(names)} in {out}.")


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure, whole or not at all."""
    from lenet98.storage.files import write_whole

    content = io.BytesIO()
    figure.savefig(content, format="png")
    write_whole(path, content.getvalue())


def print_comparison(results: Results) -> None:
    """Print the table paper | here | verdict."""
    from lenet98.reproduction.report import cells

    rows = [("", "paper", "here", "verdict"), *(cells(row) for row in results.comparison)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print()
    for quantity, paper, here, verdict in rows:
        print(f"{quantity:{widths[0]}}  {paper:>{widths[1]}}  {here:>{widths[2]}}  {verdict}")
    if all(row.source in COUNTED for row in results.comparison):
        print("\nErrors are left out: only 20 passes over all of MNIST stand beside the paper's.")


if __name__ == "__main__":
    # What ends a session or a batch job is an interruption too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    status = main()
    if status == INTERRUPTED:
        # Every file is whole at any moment, and a kernel may take long to be compiled.
        sys.stdout.flush()
        os._exit(status)
    sys.exit(status)
