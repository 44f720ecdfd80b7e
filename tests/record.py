"""Write figures/README.md and the README's tables: `python tests/record.py`."""

import re
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import record_tables as tables  # noqa: E402
from record_machines import machines_table, seconds_of_cells  # noqa: E402
from record_values import prose_values  # noqa: E402

from lenet98.questions.climbing import Climbed  # noqa: E402
from lenet98.questions.exploration_tables import (  # noqa: E402
    finalists_table,
    findings_table,
    fingerprints_table,
    others_table,
)
from lenet98.questions.findings import Exploration, read_exploration  # noqa: E402
from lenet98.questions.fitted_tables import fitted_tables  # noqa: E402
from lenet98.questions.fitting import Fitted  # noqa: E402
from lenet98.questions.ladder_tables import ladder_tables  # noqa: E402
from lenet98.questions.network_1998 import Trained  # noqa: E402
from lenet98.questions.study import where_made  # noqa: E402
from lenet98.reproduction.compared import rows  # noqa: E402
from lenet98.reproduction.results import Results, read_results  # noqa: E402
from lenet98.storage.records import read_records  # noqa: E402

README, FIGURES = ROOT / "README.md", ROOT / "figures"
RECORD = FIGURES / "README.md"
TEMPLATE, SPEED = ROOT / "tests" / "record.md", ROOT / "tests" / "speed.md"
PICTURES = ROOT / "tests" / "pictures.md"

HEADLINES = ("fig5", "fig8", "fig13", "fig25")
"""The figures whose rows stand in the README; the record has all."""

ASIDE = re.compile("curvature h|mean distance|misclassified|read, 60,000( with noise)?$|distorted$")
"""Rows of theirs that do not."""

NAME = re.compile(r"\{([^{}]+)\}")
"""What stands in the template for a number or a table."""


class Files(NamedTuple):
    """What the record is written from."""

    results: Results
    best: Results
    made: dict
    exploration: Exploration
    validation: str
    open_strings: str
    tables_1998: str
    trained_1998: dict
    fitted: dict
    climbed: dict
    animation: str
    pictures: str
    speed: str


def read_files():
    """Read all that the record is written from."""
    return Files(
        read_results(FIGURES / "results.json"),
        read_results(FIGURES / "best.json"),
        where_made(FIGURES),
        read_exploration(FIGURES / "open-questions.json"),
        (FIGURES / "validation.md").read_text(encoding="utf-8"),
        (FIGURES / "open-strings.md").read_text(encoding="utf-8"),
        (FIGURES / "network-1998.md").read_text(encoding="utf-8"),
        read_records(FIGURES / "network-1998.json", Trained, "networks of 1998"),
        read_records(FIGURES / "fig9.json", Fitted, "fitted classifiers"),
        read_records(FIGURES / "ladder.json", Climbed, "rungs"),
        (FIGURES / "animation.md").read_text(encoding="utf-8"),
        PICTURES.read_text(encoding="utf-8"),
        SPEED.read_text(encoding="utf-8"),
    )


def record(files):
    """Return figures/README.md as the files have it."""
    parts = tables_of(files) | values_of(files)
    return NAME.sub(lambda name: parts[name[1]].strip(), TEMPLATE.read_text(encoding="utf-8"))


def values_of(files):
    """Return the numbers of the prose by name."""
    values = prose_values(files.results, files.best, files.exploration)
    return {name: str(value) for name, value in values.items()}


def tables_of(files):
    """Return the tables of the record by name."""
    return {
        "provenance table": tables.provenance(files.results, files.best),
        "studies table": tables.studies(files.made),
        "layer table": tables.layers(),
        "results table": tables.everything(files.results),
        "best table": tables.trained(files.best),
        "validation table": files.validation,
        "findings table": findings_table(files.exploration.findings),
        "finalists table": finalists_table(files.exploration),
        "fingerprints table": fingerprints_table(files.exploration),
        "one answer table": others_table(files.exploration),
        "what open-questions shows": tables.study_named("open-questions").shows,
        "strings by gap": tables.strings_by_gap(files.results),
        "strings by length": tables.strings_by_length(files.results),
        "open strings table": files.open_strings,
        "replication table": tables.replication(files.results),
        "network 1998 tables": files.tables_1998,
        "fig9 tables": fitted_tables(rows(), files.fitted),
        "ladder tables": ladder_tables(files.climbed),
        "machines table": machines_table(
            seconds_of_cells(files), files.results.provenance["cores"]
        ),
        "figures": tables.figures(),
        "animation table": files.animation,
        "pictures table": files.pictures,
        "pictures in short": tables.pictures_in_short(files.pictures),
        "speed": files.speed,
    }


def readme(text, files):
    """Return the README with every generated part as the files have it."""
    parts = {
        "recovered": tables.recovered(files.trained_1998),
        "opened": tables.opened(files.exploration),
        "today": tables.today(files.climbed),
        "classifiers": tables.classifiers(files.fitted),
        "what it takes": tables.what_it_takes(files.results),
        "comparison": tables.trained(files.results, HEADLINES, ASIDE),
    }
    for name, part in parts.items():
        between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if len(between.findall(text)) != 1:
            raise SystemExit(f"README.md: expected one part <!-- {name} --> ... <!-- end -->")
        text = between.sub(lambda marks, part=part: f"{marks[1]}{part.strip()}\n{marks[2]}", text)
    return text


if __name__ == "__main__":
    files = read_files()
    RECORD.write_text(record(files), encoding="utf-8")
    README.write_text(readme(README.read_text(encoding="utf-8"), files), encoding="utf-8")
