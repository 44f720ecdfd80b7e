"""What the exploration found of each recipe, and which demands of the paper's figures it fails."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from math import inf
from pathlib import Path
from typing import Any

import numpy as np

from lenet98.questions.fingerprint import (
    Fingerprint,
    factor_apart,
    fingerprint_of_1998,
    mean_of,
)
from lenet98.reproduction.comparison import Comparison, Quantity
from lenet98.reproduction.named_runs import HALF, QUARTER
from lenet98.reproduction.quantities import (
    GREATEST_CURVATURE,
    LEAST_CURVATURE,
    TEST_CURVE,
    TEST_ERROR,
    TEST_ERROR_DISTORTED,
    TRAIN_CURVE,
    TRAIN_ERROR,
    distance_to_fig5,
    fewer_patterns_error,
)
from lenet98.storage.files import read_json, write_whole
from lenet98.training.recipe import TrainingConfig, recipe_from
from lenet98.training.record import PassRecord, history_from, plain_history

EARLY_PASSES, WHOLE_PASSES = 3, 20

FINGERPRINT = Quantity(
    "factor between the fingerprints", 1.0, "", "Fig. 13", "near", 1.5, factor=True
)
"""Of a recipe trained on strings: its seeds are within 1.2 of their mean; a factor of two is no
likeness."""

Extremes = tuple[float, float]
"""Least and greatest curvature h of the first pass."""

Histories = list[list[PassRecord]]


@dataclass(frozen=True)
class Finding:
    """What one recipe did; what was not asked of it is empty.

    Attributes
    ----------
    recipe : TrainingConfig
        Seed and passes aside.
    curvatures : list of tuple of float
        The least and the greatest of the first pass, of each seed.
    histories : list of list of PassRecord
        One history a seed, of three or twenty passes; shorter where training diverged.
    distorted : list of list of PassRecord
        The same of training with distortions.
    half, quarter : list of list of PassRecord
        The same on Fig. 6's smaller sets.
    fingerprints : list of dict of str to float
        Of the networks that it left when trained on strings, as Fig. 13's was.
    """

    recipe: TrainingConfig
    curvatures: list[Extremes]
    histories: Histories = field(default_factory=list)
    distorted: Histories = field(default_factory=list)
    half: Histories = field(default_factory=list)
    quarter: Histories = field(default_factory=list)
    fingerprints: list[Fingerprint] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether every seed got its twenty passes."""
        return _are_whole(self.histories)

    @cached_property
    def apart(self) -> float:
        """The factor between its fingerprint, the mean of the seeds, and that of 1998."""
        return factor_apart(mean_of(self.fingerprints), fingerprint_of_1998())

    def demands(self) -> dict[str, list[Comparison]]:
        """Return by name of the demand how what was asked for it is judged."""
        least, greatest = zip(*self.curvatures, strict=True)
        judged = {"curvature": [LEAST_CURVATURE.judge(least), GREATEST_CURVATURE.judge(greatest)]}
        if self.whole:
            test, train = zip(*map(distance_to_fig5, self.histories), strict=True)
            judged |= {
                "curves": [TEST_CURVE.judge(test), TRAIN_CURVE.judge(train)],
                "test error": [TEST_ERROR.judge(last(self.histories, "test_error"))],
                "training error": [
                    TRAIN_ERROR.judge(last(self.histories, "train_error_on_the_fly"))
                ],
            }
        if _are_whole(self.distorted):
            errors = last(self.distorted, "test_error")
            judged["distortions"] = [TEST_ERROR_DISTORTED.judge(errors)]
        smaller = {QUARTER: self.quarter, HALF: self.half}
        if all(map(_are_whole, smaller.values())):
            judged["fewer patterns"] = [
                fewer_patterns_error(run).judge(last(some, "test_error"))
                for run, some in smaller.items()
            ]
        if self.fingerprints:
            judged["fingerprint"] = [FINGERPRINT.judge([self.apart])]
        return judged

    def failed_demands(self) -> list[str]:
        """Return which of the demands do not hold, of those that were asked.

        It is convergence alone where a run diverged, or was not to have all its passes.
        """
        asked = (self.histories, self.distorted, self.half, self.quarter)
        if any(some and not _are_whole(some) for some in asked):
            return ["convergence"]
        return [
            name
            for name, rows in self.demands().items()
            if any(row.verdict != "agrees" for row in rows)
        ]

    @property
    def farthest(self) -> float:
        """How far what is farthest from the paper is from it, in tolerances."""
        return max(row.off for rows in self.demands().values() for row in rows)


@dataclass(frozen=True)
class Exploration:
    """What a run of the exploration found.

    Attributes
    ----------
    starts, agreeing : int
        How many starts were asked for their curvature, and how many have the paper's.
    findings : list of Finding
        The finalists, of which everything was asked, those that fail fewest demands first, and of
        these the one of which nothing is far from the paper; then the others that got passes,
        those of twenty first, and of these the nearest to Fig. 5.
    others : list of Finding
        The first finalist with the answer to one question changed.
    """

    starts: int
    agreeing: int
    findings: list[Finding]
    others: list[Finding]

    @property
    def finalists(self) -> list[Finding]:
        """Those of which everything was asked."""
        return [finding for finding in self.findings if finding.fingerprints]


def last(histories: Histories, error: str) -> list[float]:
    """Return an error of the last pass, in percent, of each seed."""
    return [getattr(history[-1], error) for history in histories]


def curvatures_agree(curvatures: Sequence[Extremes]) -> bool:
    """Return whether both extremes of the curvature are the paper's, as far as judged."""
    judged = zip((LEAST_CURVATURE, GREATEST_CURVATURE), zip(*curvatures, strict=True), strict=True)
    return all(quantity.judge(values).verdict == "agrees" for quantity, values in judged)


def distance(histories: Histories) -> float:
    """Return the mean distance to Fig. 5's two curves, percent points, over passes and seeds.

    Infinite where training diverged.
    """
    if any(len(history) not in (EARLY_PASSES, WHOLE_PASSES) for history in histories):
        return inf
    return float(np.mean([distance_to_fig5(history) for history in histories]))


def write_exploration(path: Path, exploration: Exploration) -> None:
    """Write the findings to a JSON file.

    Raises
    ------
    DataError
        The file cannot be written.
    """
    content = {
        "starts": exploration.starts,
        "agreeing": exploration.agreeing,
        "findings": [_as_dict(finding) for finding in exploration.findings],
        "others": [_as_dict(finding) for finding in exploration.others],
    }
    write_whole(path, (json.dumps(content) + "\n").encode())


def read_exploration(path: Path) -> Exploration:
    """Read what `write_exploration` wrote.

    Raises
    ------
    DataError
        The file is missing, or is not what `write_exploration` writes.
    """
    return read_json(path, _exploration, "findings")


_HISTORIES = ("histories", "distorted", "half", "quarter")


def _as_dict(finding: Finding) -> dict[str, Any]:
    values = {one.name: getattr(finding, one.name) for one in fields(finding)}
    values |= {name: [plain_history(one) for one in values[name]] for name in _HISTORIES}
    return values | {"recipe": finding.recipe.as_dict()}


def _exploration(content: dict[str, Any]) -> Exploration:
    findings, others = (
        [_finding(values) for values in content[name]] for name in ("findings", "others")
    )
    return Exploration(int(content["starts"]), int(content["agreeing"]), findings, others)


def _finding(values: Mapping[str, Any]) -> Finding:
    read = dict(values)
    read |= {name: [history_from(one) for one in values[name]] for name in _HISTORIES}
    read["curvatures"] = [
        (float(least), float(greatest)) for least, greatest in values["curvatures"]
    ]
    return Finding(**read | {"recipe": recipe_from(values["recipe"])})


def _are_whole(histories: Histories) -> bool:
    return bool(histories) and all(len(history) == WHOLE_PASSES for history in histories)
