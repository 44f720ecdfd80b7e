"""What many machines would take for the cells of the record, from what each took here."""

import numpy as np

from lenet98.reproduction.quantities import TEST_PATTERNS

MACHINES = (1, 10, 100)


def seconds_of_cells(files):
    """Return by what is computed the seconds of one core for each cell of it."""
    asked = [*files.exploration.findings, *files.exploration.others]
    histories = [
        history
        for one in asked
        for some in (one.histories, one.distorted, one.half, one.quarter)
        for history in some
    ]
    return {
        "named runs, a seed each": [
            one.seconds for seeds in files.results.runs.values() for one in seeds
        ],
        "trainings of the open questions": [
            sum(record.seconds for record in history) for history in histories
        ],
        "classifiers of Fig. 9": [
            one.fit_seconds + TEST_PATTERNS * one.pattern_seconds
            for seeds in files.fitted.values()
            for one in seeds
        ],
        "rungs of the ladder": [one.seconds for seeds in files.climbed.values() for one in seeds],
    }


def machines_table(cells, cores):
    """Return cells an hour, and minutes for all of them, as a table in Markdown.

    Each machine has so many cores.

    Nothing waits for anything else, and no cell is divided: the longest one bounds all.
    """
    heads = [
        f"{what}, {many} machine" if many == MACHINES[0] else f"{many}"
        for what in ("cells an hour", "minutes for all")
        for many in MACHINES
    ]
    heads = ["", "cells", "minutes of one, mean", "most", *heads]
    lines = [f"| {' | '.join(heads)} |", "|---" + "|--:" * (len(heads) - 1) + "|"]
    for name, seconds in cells.items():
        minutes = np.array(seconds) / 60
        an_hour = [60 * cores * many / minutes.mean() for many in MACHINES]
        whole = [max(minutes.max(), minutes.sum() / (cores * many)) for many in MACHINES]
        values = [f"{value:,.0f}" for value in (*an_hour, *whole)]
        one = [f"{len(minutes)}", f"{minutes.mean():.1f}", f"{minutes.max():.1f}"]
        lines.append(f"| {' | '.join([name, *one, *values])} |")
    return "\n".join(lines) + "\n"
