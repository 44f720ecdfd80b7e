"""Reproduce LeNet-5 (LeCun, Bottou, Bengio and Haffner, 1998): arguments and printing."""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

import lenet98
from lenet98 import command_line
from lenet98.command_line import DONE, FAILED, Options, drawing_to_files, end_with, execute, say
from lenet98.errors import ConfigurationError, DataError, WeightsError
from lenet98.training.recipe import RECIPES

if TYPE_CHECKING:
    from lenet98.plots.declared import DeclaredFigure
    from lenet98.questions.study import Study
    from lenet98.reproduction.data_sets import DataSet
    from lenet98.reproduction.machines import Machines
    from lenet98.reproduction.reproduction import Folder, Reproduction
    from lenet98.reproduction.results import Results
    from lenet98.training.recipe import TrainingConfig
    from lenet98.training.record import PassRecord

PROGRAM = "reproduce.py"

DESCRIPTION = """\
Train LeNet-5 exactly as the paper prints it, one pattern at a time, and set
every number beside the paper's.

With no argument: prints the layer table, trains on 60,000 patterns, on parts
of them and with distortions, 20 passes each and side by side, and writes
results, weights and figures to --out."""

EPILOG = """\
examples:
  python reproduce.py                     the whole reproduction
  python reproduce.py --quick             a first look, a minute or two
  python reproduce.py --data-dir ~/mnist  MNIST from a folder of yours
  python reproduce.py --figures-only      draw again from out/results.json
  python reproduce.py --resume            go on after an interruption
  python reproduce.py --only fig5,states  two of the figures, and what they need

A checkpoint is written to --out after every pass, and removed when all is done.
An --out with checkpoints is refused unless --resume is given, so that hours of
training are not lost by mistake; remove its folder checkpoints to begin anew.

A folder named by --data-dir, or else by $LENET98_DATA, must hold MNIST. Where
none is named, it is looked for in the cache of the user and where torchvision
and Keras leave it, then downloaded. Where it cannot be had, the run goes on
with built-in pen strokes, and says so.
"""

QUICK_PASSES = 3

DECLARED = re.compile(
    r'^@(figure|study)\(\s*"(.+?)",\s*"(.+?)"(?:,\s*"(.+?)")?(?:,\s*full="(.+?)")?', re.MULTILINE
)

FOR_TRAINING = ("recipe", "passes", "loss", "j", "seed", "seeds")
"""Options of which drawing again and studies take none."""


class Declared(NamedTuple):
    """What a figure or a study says of itself; empty what it does not say."""

    kind: str
    name: str
    shows: str
    takes: str
    full: str


def declared() -> list[Declared]:
    """Return the figures, and then the studies.

    They are found in the source, for to import them all takes most of a second.
    """
    package = Path(lenet98.__file__).parent
    files = [path for room in ("plots", "questions") for path in (package / room).glob("*.py")]
    found = [one for path in files for one in DECLARED.findall(path.read_text(encoding="utf-8"))]

    def place(one: Declared) -> tuple[str, bool, int, str]:
        number = re.fullmatch(r"fig(\d+)", one.name)
        return one.kind, number is None, int(number[1]) if number else 0, one.name

    return sorted((Declared(*one) for one in found), key=place)


def listing() -> str:
    """Return a line for each figure that can be asked for, and two for each study."""
    figures, studies = ["figures:"], ["studies, each only by itself; times on two cores:"]
    for one in declared():
        line = f"  {one.name:16}{one.shows}"
        if one.kind == "figure":
            figures.append(line)
        else:
            full = f"; with --full {one.full}" if one.full else ""
            studies += [line, f"  {'':16}{one.takes}{full}"]
    return "\n".join([*figures, *studies])


class Parser(command_line.Parser):
    """Its help says how long studies take, which is looked up for nothing else."""

    def format_help(self) -> str:
        """Return the help, with a line for each study of which there is more than a first look."""
        lines = [
            f"  {one.name:16}{one.full}, a first look {one.takes}\n"
            for one in declared()
            if one.full
        ]
        return super().format_help() + "".join(["\nwhat --full takes on two cores:\n", *lines])


def parser() -> Parser:
    """Describe the command line."""
    parser = Parser(PROGRAM, DESCRIPTION, EPILOG)
    add = parser.add_argument
    what = parser.add_argument_group("what to do")
    what.add_argument(
        "--only", metavar="NAME[,NAME]", help="only these figures, or a study; see --list"
    )
    what.add_argument(
        "--list", action="store_true", help="say what can be asked for with --only, and end"
    )
    what.add_argument(
        "--quick",
        action="store_true",
        help=f"{QUICK_PASSES} passes over a part of the training patterns",
    )
    what.add_argument(
        "--full", action="store_true", help="with a study: all of it, and no first look; see below"
    )
    what.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="compute on the workers of the Dask scheduler at this address",
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
    return execute(parser(), arguments, run, how_to_go_on)


def run(options: Options) -> int:
    """Do what the options ask; return the exit status."""
    if options.list:
        tell(listing())
        return DONE
    from lenet98.reproduction.reproduction import Folder

    with drawing_to_files():
        figures, study = asked(options)
        recipe = recipe_of(options)
        tell_ignored(options, study)
        folder = Folder(options.out)
        if not options.figures_only:
            folder.make()
        if study is not None:
            make_study(study, options, folder)
        elif options.figures_only:
            return draw_again(figures, options, folder)
        else:
            train_and_draw(figures, options, recipe, folder)
    return DONE


def asked(options: Options) -> tuple[list[DeclaredFigure], Study | None]:
    """Return the figures asked for, or the study."""
    from lenet98 import plots

    figures = {figure.name: figure for figure in plots.figures()}
    studies = {study.name: study for study in plots.studies()}
    names = names_of(options)
    study = studies.get(names[0]) if len(names) == 1 else None
    full = [name for name, study in studies.items() if study.full]
    if options.full and not (study and study.full):
        raise ConfigurationError(f"--full belongs to one of --only {', '.join(full)}")
    if options.scheduler is not None:
        if options.figures_only:
            raise ConfigurationError("--scheduler computes and --figures-only draws; leave out one")
        if study and not study.cells:
            raise ConfigurationError(f"--scheduler: {study.name} is too little to be shared out")
    quick = options.quick and not options.figures_only
    if not names:
        return [one for one in figures.values() if not (quick and one.whole_set)], None
    for name in names:
        if name not in figures and name not in studies:
            raise ConfigurationError(
                f"--only: expected some of {', '.join([*figures, *studies])}; found {name!r}"
            )
        if quick and (name in studies or figures[name].whole_set):
            raise ConfigurationError(f"--quick leaves out {name}; leave out one of the two")
    for name in studies:
        if name in names and len(names) > 1:
            raise ConfigurationError(f"--only: {name} is run by itself")
    if study and options.figures_only and not study.again:
        raise ConfigurationError(
            f"--figures-only draws what was found before, and {study.name} keeps nothing of that"
        )
    return [figures[name] for name in names if study is None], study


def names_of(options: Options) -> list[str]:
    """Return the names that --only gives, each once."""
    return [] if options.only is None else list(dict.fromkeys(options.only.split(",")))


def recipe_of(options: Options) -> TrainingConfig:
    """Make the recipe that the options ask for."""
    from dataclasses import replace

    if options.seeds < 1:
        raise ConfigurationError(f"--seeds is {options.seeds}; expected at least 1")
    if options.resume and options.figures_only:
        raise ConfigurationError("--resume trains and --figures-only does not; leave out one")
    if options.data == "strokes" and options.data_dir is not None:
        raise ConfigurationError("--data strokes reads no files; leave out --data-dir")
    answers = {
        "passes": QUICK_PASSES if options.quick and options.passes is None else options.passes,
        "loss": options.loss,
        "j": options.j,
        "seed": options.seed,
    }
    given = {name: value for name, value in answers.items() if value is not None}
    recipe = replace(RECIPES[options.recipe], **given)
    if recipe.loss == "mse" and options.j is not None:
        raise ConfigurationError("--j belongs to eq. 9; leave it out, or ask for --loss map")
    return recipe


def tell_ignored(options: Options, study: Study | None) -> None:
    """Say which of the options given are of no effect."""
    if study is not None:
        what = f"--only {study.name} has its own recipes"
        ignored = [*FOR_TRAINING, "resume"]
    elif options.figures_only:
        what = "--figures-only draws what results.json tells of"
        ignored = [*FOR_TRAINING, "data", "quick"]
    else:
        return
    default = parser().get_default
    given = [f"--{one}" for one in ignored if getattr(options, one) != default(one)]
    if given:
        say(PROGRAM, f"{what}; ignored: {', '.join(given)}")


def how_to_go_on(options: Options) -> str:
    """Say what an interrupted command left, and how to go on."""
    from lenet98 import plots
    from lenet98.reproduction.reproduction import Folder

    if options.figures_only:
        return "the same command draws again"
    for study in plots.studies():
        if names_of(options) == [study.name] and study.cells:
            return "finished cells are kept; the same command goes on"
    if Folder(options.out).unfinished:
        return "what was finished is kept; go on with the same command and --resume"
    return "no pass was finished yet; the same command begins again"


def load(options: Options, name: str | None) -> DataSet:
    """Load the data set of that name, or the one at hand."""
    from lenet98.reproduction import data_sets

    return data_sets.load(name, options.data_dir, offline=options.offline, tell=tell)


def tell(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)


@contextmanager
def machines_for(options: Options) -> Iterator[Machines]:
    """Use the machines that the options ask for."""
    from lenet98.reproduction.machines import machines_at

    with machines_at(options.scheduler) as machines:
        if options.scheduler:
            cores = machines.cores()
            tell(f"{options.scheduler}: {cores or 'waiting for'} cores of its workers")
        yield machines


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


def train_and_draw(
    figures: list[DeclaredFigure],
    options: Options,
    recipe: TrainingConfig,
    folder: Folder,
) -> None:
    """Do the runs that the figures need; write results, weights and figures."""
    from lenet98.reproduction.runs import runs_of

    runs = runs_of([run for figure in figures for run in figure.runs], recipe, options.seeds)
    folder.refuse_to_lose(runs)
    if not options.resume:
        folder.refuse_unfinished()
    elif not folder.unfinished:
        print(f"No checkpoints in {folder.checkpoints}: nothing to resume, beginning at the start.")
    folder.make(folder.checkpoints, folder.weights)
    data = load(options, options.data)
    print_layer_table()

    from lenet98 import plots
    from lenet98.network.compilation import compilation_shared
    from lenet98.reproduction.data_sets import quick_part
    from lenet98.reproduction.reproduction import reproduce

    if options.quick:
        data = quick_part(data)
    lines = PassLines(sys.stdout, passes=sum(run.recipe.passes for run in runs))

    def draw(reproduction: Reproduction) -> None:
        seconds = reproduction.results.provenance["wall_seconds"]
        print(f"\n{seconds:.0f} seconds. Wrote {folder.results} and {folder.weights}.")
        plots.draw(figures, reproduction, folder.path)
        tell_drawn(figures, folder)

    with machines_for(options) as machines, compilation_shared():
        reproduction = reproduce(runs, data, recipe, folder, machines, lines, plots.compare, draw)
    print_comparison(reproduction.results)


class PassLines:
    """A line for each pass of each run, and on a terminal the progress and the time left."""

    def __init__(self, stream: TextIO, passes: int) -> None:
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

    def on_resume(self, run: str, recipe: TrainingConfig, passes: int) -> None:
        """Print where a run goes on."""
        with self._lock:
            self._all -= passes
            self._write(f"{run:10}{recipe.seed:5}{passes:5}  goes on after this pass")

    def on_pass(self, run: str, recipe: TrainingConfig, record: PassRecord) -> None:
        """Print the line of a finished pass."""
        after = "" if record.train_error is None else f"{record.train_error:.2f}"
        with self._lock:
            self._finished += 1
            self._under_way.pop((run, recipe.seed), None)
            self._write(
                f"{run:10}{recipe.seed:5}{record.number:5}{record.eta:8.0e}"
                f"{record.least_rate:10.1e}{record.greatest_rate:9.1e}{record.loss:9.3f}"
                f"{record.train_error_on_the_fly:13.2f}{after:>9}{record.test_error:8.2f}"
                f"{record.seconds:10.1f}"
            )

    def _write(self, line: str) -> None:
        if self._live:
            self._stream.write("\r\x1b[K")
        print(line, file=self._stream, flush=True)

    def on_progress(self, run: str, recipe: TrainingConfig, done: int, total: int) -> None:
        """Show how far the runs are, on a terminal."""
        if not self._live:
            return
        with self._lock:
            self._under_way[run, recipe.seed] = done / total
            share = (self._finished + sum(self._under_way.values())) / self._all
            left = (time.perf_counter() - self._begin) * (1 - share) / share
            self._stream.write(f"\r{share:6.1%} done, about {left:.0f} s left \x1b[K")
            self._stream.flush()


def draw_again(figures: list[DeclaredFigure], options: Options, folder: Folder) -> int:
    """Draw from what an earlier run left; fail if a network for it is gone."""
    from lenet98 import plots
    from lenet98.reproduction.reproduction import reopen
    from lenet98.reproduction.results import read_results

    results = read_results(folder.results)
    missing = [one for one in figures if not all(map(results.seeds, one.runs))]
    if options.only is not None and missing:
        names = ", ".join(figure.name for figure in missing)
        raise DataError(f"{folder.results} has not the runs for {names}; train them first")
    reproduction = reopen(results, folder, lambda name: load(options, name))
    drawn, status = [], DONE
    for figure in figures:
        if figure in missing:
            continue
        try:
            plots.draw([figure], reproduction, folder.path)
        except WeightsError as error:
            say(PROGRAM, f"{figure.name} is left out: {error}")
            status = FAILED
        else:
            drawn.append(figure)
    tell_drawn(drawn, folder)
    return status


def tell_drawn(figures: list[DeclaredFigure], folder: Folder) -> None:
    """Print which figures were drawn, and where."""
    print(f"Drew {', '.join(figure.name for figure in figures) or 'none'} in {folder.path}.")


def make_study(study: Study, options: Options, folder: Folder) -> None:
    """Make a study, or draw again what it found; print its tables."""
    from lenet98.questions.study import Bench

    with machines_for(options) as machines:
        bench = Bench(
            study.name,
            folder.path,
            load=lambda: load(options, options.data),
            tell=tell,
            full=options.full,
            again=options.figures_only,
            machines=machines,
        )
        tables = study(bench)
    print(f"\n{tables}\nWrote {bench.file('md')} and what belongs to it.")


def print_comparison(results: Results) -> None:
    """Print the table paper | here | verdict."""
    from lenet98 import plots
    from lenet98.reproduction.quantities import comparable
    from lenet98.reproduction.report import written

    rows = [("", "paper", "here", "verdict"), *map(written, plots.compare(results))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print()
    for quantity, paper, here, verdict in rows:
        print(f"{quantity:{widths[0]}}  {paper:>{widths[1]}}  {here:>{widths[2]}}  {verdict}")
    if not comparable(results):
        print("\nErrors are left out: only 20 passes over all of MNIST stand beside the paper's.")


if __name__ == "__main__":
    # What is computed side by side has a core each; libraries that take all cores would wait.
    for library in ("OPENBLAS", "MKL", "OMP", "VECLIB"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    end_with(main)
