"""The network of 1998: C1 to S4 recovered from the figures, C5 and F6 trained on top of them.

The figures show 18 states of C5 and 54 of F6, which do not determine the 58,284 parameters of these
layers. So they are trained, in several ways, while the layers below stay as they were recovered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lenet98.data.digits import Digits
from lenet98.network.architecture import Architecture
from lenet98.network.tables import lenet5
from lenet98.paper.figures import fig13, fig25_and_26
from lenet98.questions.cells import Files
from lenet98.questions.evidence_1998 import evidence_tables
from lenet98.questions.holding import Shown, distance, hold, shown
from lenet98.questions.recovery import LAYERS, Recovered, printed_drawings, recover, set_recovered
from lenet98.questions.study import Bench, study
from lenet98.questions.trainings import Question, Trainings
from lenet98.questions.wording import mean_and_range
from lenet98.reading.answers import CHARACTERS
from lenet98.reproduction.machines import Machines
from lenet98.reproduction.named_runs import STRINGS
from lenet98.reproduction.side_by_side import Tell
from lenet98.storage.records import write_records
from lenet98.training.recipe import ETA, TrainingConfig

if TYPE_CHECKING:
    from lenet98.network.network import Network
    from lenet98.training.training import Training

SEEDS = 5

OTHERS = 2_000
"""Patterns whose answers a move of C5 and F6 is to change the least."""


class Way(NamedTuple):
    """A way to train C5 and F6 on top of the recovered layers.

    Attributes
    ----------
    name : str
    recipe : TrainingConfig
    architecture : Architecture
    held : bool
        Whether C5 and F6 are moved after every pass to what the figures show of them.
    """

    name: str
    recipe: TrainingConfig
    architecture: Architecture
    held: bool = False


@dataclass(frozen=True)
class Trained:
    """What a network is whose C5 and F6 were trained on top of the recovered layers.

    Attributes
    ----------
    test_error : float
        Percent.
    panels, strings : int
        Of Fig. 13's nine inputs and of the five strings, those read.
    c5, f6 : float
        Distance of its states to those that are shown.
    """

    test_error: float
    panels: int
    strings: int
    c5: float
    f6: float


def ways() -> list[Way]:
    """Return the ways that are tried: on patterns, on noisy ones, on strings, and these held."""
    strings = replace(STRINGS.recipe(), frozen=LAYERS)
    noisy = replace(strings, flanked=None, eta=ETA)
    return [
        Way("patterns", replace(noisy, noise=0.0), lenet5()),
        Way("noise", noisy, lenet5()),
        Way("strings", strings, STRINGS.architecture()),
        Way("strings, states held", strings, STRINGS.architecture(), held=True),
    ]


@study("network-1998", "the network of 1998, read out of the printed figures", "20 minutes")
def network_1998(bench: Bench) -> str:
    """Recover C1 to S4, train C5 and F6 on top of them, and leave the networks."""
    digits = bench.mnist("trains C5 and F6 on MNIST, so it needs MNIST")
    trained = train_ways(digits, bench.cells, bench.machines, bench.tell)
    write_records(bench.file("json"), trained)
    return f"{evidence_tables(printed_drawings())}\n{ways_table(trained)}"


def train_ways(
    digits: Digits, folder: Path, machines: Machines, tell: Tell
) -> dict[str, list[Trained]]:
    """Train C5 and F6 in each way with several seeds; leave the networks in the folder.

    Parameters
    ----------
    digits : Digits
    folder, machines, tell
        As in `lenet98.questions.trainings.Trainings`.

    Returns
    -------
    dict of str to list of Trained
        By name of the way, one for each seed that did not diverge.
    """
    recovered, known = recover(printed_drawings()), shown()

    found = {}
    for way in ways():
        question = Question(
            f"1998 on {way.name}",
            ask=partial(_what_it_is, known=known),
            begin=partial(_begin, way=way, known=known, recovered=recovered),
            after_pass=partial(_hold, way=way, known=known),
            leave=partial(_network, way=way),
        )
        trainings = Trainings(digits, folder, machines, tell, way.architecture)
        left = trainings.after_training(question, [way.recipe], SEEDS)[way.recipe]
        found[way.name] = [Trained(**one) for one in left if one is not None]
    return found


def _begin(training: Training, way: Way, known: Sequence[Shown], recovered: Recovered) -> None:
    set_recovered(training.network, recovered)
    _hold(training, way, known)


def _hold(training: Training, way: Way, known: Sequence[Shown]) -> None:
    if way.held:
        rng = np.random.default_rng(len(training.history))
        hold(training.network, known, training.some_patterns(OTHERS, rng))


def _what_it_is(training: Training, known: Sequence[Shown]) -> dict[str, Any]:
    return asdict(what_it_is(training.network, training.digits, known))


def _network(training: Training, way: Way) -> Files:
    """Return the file of the network."""
    origin = {"data": "mnist", "C1 to S4": "recovered from Figs. 13 and 25"}
    origin |= {"C5 and F6": f"trained on {way.name}"}
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{way.name}-{training.recipe.seed}.npz"
        training.network.save(path, origin | {"configuration": training.recipe.as_dict()})
        return ((path.name, path.read_bytes()),)


def what_it_is(network: Network, digits: Digits, known: Sequence[Shown]) -> Trained:
    """Return what a network says to the test set and to the paper's pictures.

    Parameters
    ----------
    network : Network
    digits : Digits
    known : sequence of Shown
    """
    from lenet98.reading.strings import read_strings
    from lenet98.training.training import error_percent

    penalties = network.penalties(digits.test_images)[:, :CHARACTERS]
    panels = np.stack([one.pattern for one in known[:9]])
    answers = network.penalties(panels)[:, :CHARACTERS].argmin(axis=1)
    readings = read_strings(np.stack([one.pattern for one in known[9:]]), network)
    texts = [reading.text for reading in readings]
    c5, f6 = distance(network, known)
    return Trained(
        test_error=error_percent(penalties, digits.test_labels),
        panels=int((answers == fig13().labels).sum()),
        strings=sum(map(str.__eq__, texts, fig25_and_26().answers)),
        c5=c5,
        f6=f6,
    )


def ways_table(found: Mapping[str, Sequence[Trained]]) -> str:
    """Return what each way led to as a table in Markdown: means over the seeds, and ranges."""
    lines = [
        "| C5 and F6 trained on | seeds | test error, % | Fig. 13's inputs read | strings read "
        "| distance of C5's states | of F6's |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, seeds in found.items():
        fields = ("test_error", "panels", "strings", "c5", "f6")
        values = [mean_and_range([getattr(one, field) for one in seeds]) for field in fields]
        lines.append(f"| {name} | {len(seeds)} | {' | '.join(values)} |")
    return "\n".join(lines) + "\n"
