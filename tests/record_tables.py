"""The generated tables of the record and of the README, each as Markdown."""

import re
import textwrap

import numpy as np
from record_values import in_words

from lenet98 import plots
from lenet98.data.flanking import SLOT
from lenet98.data.sizes import FRAME_SIZE
from lenet98.network.tables import lenet5
from lenet98.paper import published
from lenet98.questions.findings import last
from lenet98.questions.fitted_tables import compared, says_of_errors
from lenet98.questions.ladder_tables import errors_of
from lenet98.questions.open_strings import LENGTH
from lenet98.questions.recovery import printed_drawings, recover
from lenet98.questions.wording import label
from lenet98.reproduction.compared import rows
from lenet98.reproduction.digit_strings import (
    LENGTHS,
    NOISES,
    SINGLE_GAPS,
    WAYS,
    errors_in,
)
from lenet98.reproduction.ladder import ladder, steps
from lenet98.reproduction.named_runs import NAMED_RUNS, STRINGS
from lenet98.reproduction.quantities import (
    GREATEST_CURVATURE,
    LEAST_CURVATURE,
    TEST_ERROR,
    TEST_ERROR_DISTORTED,
    TRAIN_ERROR,
)
from lenet98.reproduction.report import comparison_table, layer_table
from lenet98.storage.provenance import BIT_MAKERS, DEPENDENCIES
from lenet98.training.recipe import recipe_from


def layers():
    """Return the layers of LeNet-5, the paper's counts beside ours."""
    in_all = published.LayerCount("trainable", published.TRAINABLE, published.CONNECTIONS)
    return layer_table(lenet5(), [*published.LAYER_COUNTS, in_all])


def everything(results):
    """Return every row of the paper beside results."""
    return comparison_table(plots.compare(results))


def trained(results, names=None, aside=None):
    """Return the rows of the paper that hang on what was trained.

    Of those figures, if named; without the quantities that a pattern finds.
    """
    figures = [figure for figure in plots.figures() if figure.runs]
    rows = [
        row
        for figure in figures
        if names is None or figure.name in names
        for row in figure.rows(results)
        if not (aside and aside.search(row.quantity))
    ]
    return comparison_table(rows)


def study_named(name):
    """Return the study of that name."""
    (study,) = (study for study in plots.studies() if study.name == name)
    return study


def filled(text):
    """Return a paragraph in lines as long as this project's."""
    return textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False)


def recovered(trained):
    """Return in a few words how well the network of 1998 is known, and what it does."""
    drawings = printed_drawings()
    panels, string = drawings[:-1], drawings[-1:]
    found = recover(panels, ("C1",))
    own, other = (found.residuals(some, "C1") for some in (panels, string))
    error = np.mean([one.test_error for one in trained["patterns"]])
    panels_read = np.mean([one.panels for one in trained["noise"]])
    text = (
        "Fig. 13 prints every map of C1 to S4 for nine inputs, and Fig. 25 those of C1 and C3 for "
        "a string. So the weights of these layers follow by regression. "
        f"C1's kernels answer the inputs of Fig. 13 to {own.min():.1f} to {own.max():.1f} of 255 "
        f"grey levels, and predict the maps of Fig. 25 to {other.min():.1f} to {other.max():.1f}: "
        "both show one network. With C5 and F6 trained on top of it, "
        f"{error:.2f} % of the test set are misclassified; with noise, {panels_read:.1f} of the "
        f"{in_words(len(panels))} are read. "
        "[The record](figures/README.md#the-network-of-1998) has what a sceptic asks."
    )
    return filled(text)


def classifiers(fitted):
    """Return in a few words how the classifiers of Fig. 9 came out."""
    study = study_named("fig9")
    said = says_of_errors(rows(), compared(rows(), fitted))
    text = (
        f"{said} `--only fig9` takes {study.takes}, with `--full` {study.full}. "
        "[The record](figures/README.md#all-classifiers-of-fig-9) has all figures."
    )
    return filled(text)


def opened(exploration):
    """Return in half a page what the figures say of what the paper leaves open."""
    first = exploration.finalists[0]
    least, greatest = np.mean(first.curvatures, axis=0)
    failed = " and ".join(first.failed_demands()) or "none"
    test, train, distorted = (
        f"{np.mean(last(histories, name)):.2f}"
        for histories, name in (
            (first.histories, "test_error"),
            (first.histories, "train_error_on_the_fly"),
            (first.distorted, "test_error"),
        )
    )
    text = (
        "The paper does not give its start, its loss or its j. So its figures were asked, by "
        f"{exploration.starts} starts and {sum(one.whole for one in exploration.findings)} whole "
        f"recipes. The nearest is the default: {label(first.recipe)}. Its curvature goes from "
        f"{least:.2g} to {greatest:.2g} (by the printed rates: {LEAST_CURVATURE.printed:.2g} to "
        f"{GREATEST_CURVATURE.printed:.2g}), its errors are {test} and {train} % "
        f"({TEST_ERROR.printed} and {TRAIN_ERROR.printed}). It fails one demand, {failed}: "
        f"{distorted} % for {TEST_ERROR_DISTORTED.printed:.2f} %. "
        "[The evidence](figures/README.md#what-the-paper-leaves-open) and every "
        "[departure](figures/README.md#departures-from-the-paper) are in the record."
    )
    return filled(text)


def what_it_takes(results):
    """Return the time that all runs of one seed take, and on which machine."""
    made, seeds = results.provenance, len(next(iter(results.runs.values())))
    return (
        f"It trains {in_words(len(results.runs))} networks, {results.configuration['passes']} "
        f"passes each: {made['wall_seconds'] / seeds:.0f} seconds on {in_words(made['cores'])} "
        f"cores of an {made['processor']}."
    )


def provenance(results, best):
    """Return how the two files of results were made."""
    files = (results, best)
    made = [one.provenance for one in files]
    rows = {
        "recipe": [label(recipe_from(one.configuration)) for one in files],
        "training patterns": [
            "; ".join(run.title for run in NAMED_RUNS if one.seeds(run)) for one in files
        ],
        "seeds of each": [
            ", ".join(str(left.seed) for left in next(iter(one.runs.values()))) for one in files
        ],
        "passes": [one.configuration["passes"] for one in files],
        "date": [one["date"][:10] for one in made],
        "processor": [f"{one['processor']}, {one['cores']} cores" for one in made],
        "system": [one["system"] for one in made],
        **{name: [one[name] for one in made] for name in ("lenet98", "python", *DEPENDENCIES)},
        "commit": [one["git"] for one in made],
        "wall time, all seeds": [f"{one['wall_seconds']:.0f} s" for one in made],
        "SHA-256 of the data": [f"{one.fingerprint[:16]}..." for one in files],
    }
    lines = ["| | results.json | best.json |", "|---|---|---|"]
    lines += [f"| {name} | {of_results} | {best} |" for name, (of_results, best) in rows.items()]
    return "\n".join(lines)


def studies(made):
    """Return where each study was made."""
    names = ("lenet98", *BIT_MAKERS)
    heads = ["study", "date", "processor", *names, "commit"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for name, one in sorted(made.items()):
        processor = f"{one['processor']}, {one['cores']} cores"
        cells = [name, one["date"][:10], processor, *(one[maker] for maker in names), one["git"]]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def strings_by_gap(results):
    """Return the string errors at each gap, in each way, with noise and without."""
    sets = {f"{gap:g}": (LENGTH, (gap, gap)) for gap in SINGLE_GAPS}
    return string_errors(results, "gap, pixels", sets)


def strings_by_length(results):
    """Return the string errors at each length, over all gaps of the paper."""
    sets = {f"{length}": (length, published.STRING_GAPS) for length in LENGTHS}
    return string_errors(results, "digits", sets)


def string_errors(results, head, sets):
    """Return string errors in sets of (length, gaps) by their name."""
    measured = results.measured(STRINGS, "strings")
    # String errors of every way, and the digit errors of the first.
    columns = [
        (way, kind, noise)
        for noise in NOISES
        for way, kind in [*((way, 0) for way in WAYS), (WAYS[0], 1)]
    ]
    heads = [
        f"{way}{', digits' if kind else ''}{', noise' if noise else ''}"
        for way, kind, noise in columns
    ]
    lines = [f"| {' | '.join([head, *heads])} |", "|---" * (1 + len(heads)) + "|"]
    for name, (length, gaps) in sets.items():
        errors = [
            np.mean([errors_in(one, way, length, gaps, noise)[kind] for one in measured])
            for way, kind, noise in columns
        ]
        lines.append(f"| {' | '.join([name, *(f'{error:.1f}' for error in errors)])} |")
    return "\n".join(lines) + "\n"


def replication(results):
    """Return the times of the replicated network and of its windows."""
    times = np.median([one["seconds"] for one in results.measured(STRINGS, "strings")], axis=0)
    lines = [
        "| columns of pixels | slots | replicated, ms | windows, ms | ratio "
        "| connections, replicated | windows | ratio |",
        "|--:" * 8 + "|",
    ]
    for columns, replicated, windows in times:
        slots = int(columns - FRAME_SIZE) // SLOT + 1
        connections = lenet5(int(columns)).connections, slots * lenet5().connections
        lines.append(
            f"| {columns:,.0f} | {slots} | {1e3 * replicated:.2f} | {1e3 * windows:.2f} "
            f"| {windows / replicated:.1f} | {connections[0]:,} | {connections[1]:,} "
            f"| {connections[1] / connections[0]:.1f} |"
        )
    return "\n".join(lines) + "\n"


def today(climbed):
    """Return what the paper chose and what tutorials choose, and what that came to.

    Choices of one kind stand in one row.
    """
    together = (
        ["C3", "pooling"],
        ["function", "output"],
        ["input", "start of the weights"],
        ["rates", "passes"],
        ["batch", "order of the patterns"],
        ["dropout", "L2"],
    )
    lines = ["| | the paper | the LeNet-5 of tutorials |", "|---|---|---|"]
    for names in together:
        of_each = [[step for step in steps() if step.what == name] for name in names]
        then = "; ".join(some[0].then for some in of_each)
        now = "; ".join(some[-1].now for some in of_each)
        lines.append(f"| {'; '.join(names)} | {then} | {now} |")
    first, last = (np.mean(errors_of(climbed[ladder()[end].name])) for end in (0, -1))
    study = study_named("ladder")
    text = (
        f"`lenet98.modern` has that network: {last:.2f} % test error, {first:.2f} % that of 1998. "
        f"`--only ladder` ({study.takes}, with `--full` {study.full}) goes from one to the other; "
        "[the record](figures/README.md#what-is-called-lenet-5-today) says what each choice brings."
    )
    return "\n".join([*lines, "", filled(text)])


def pictures_in_short(table):
    """Return in a line what is read of pictures of every kind."""
    head, _, *kinds, whole = table.splitlines()
    (_, *outcomes), (_, *shares) = (line.strip("| ").split(" | ") for line in (head, whole))
    said = ", ".join(f"{one} {share} %" for one, share in zip(outcomes, shares, strict=True))
    return f"Of {len(kinds)} kinds: {said}"


def figures():
    """Return every declared figure with its caption."""
    return "\n\n".join(
        f"{title(figure.name)}: {figure.shows}.\n\n"
        f"![{title(figure.name)}: {figure.shows}]({figure.name}.png)"
        for figure in plots.figures()
    )


def title(name):
    """Return the paper's number of a figure, or our name for it."""
    return re.sub(r"^fig(\d+)$", r"Fig. \1", name)
