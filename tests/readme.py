"""The generated parts of the README; `python tests/readme.py` writes them anew."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from lenet98 import plots  # noqa: E402
from lenet98.network.tables import lenet5  # noqa: E402
from lenet98.questions.findings import read_exploration, smaller_sets_table, starts_table, table  # noqa: E402
from lenet98.reproduction.report import comparison_table, layer_table  # noqa: E402
from lenet98.reproduction.results import read_results  # noqa: E402

README = ROOT / "README.md"


def parts():
    """Return what stands between each pair of marks."""
    figures = ROOT / "figures"
    best = plots.compare(read_results(figures / "best.json"))
    exploration = read_exploration(figures / "open-questions.json")
    return {
        "comparison": comparison_table(plots.compare(read_results(figures / "results.json"))),
        "layers": layer_table(lenet5()),
        "findings": table(exploration, least_seeds=5),
        "smaller sets": smaller_sets_table(exploration),
        "starts": starts_table(exploration),
        "best": comparison_table([row for row in best if row.unit in ("%", "patterns")]),
    }


def written_anew(text):
    """Return the README with every generated part as the records have it."""
    for name, part in parts().items():
        between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if len(between.findall(text)) != 1:
            raise SystemExit(f"README.md: expected one part <!-- {name} --> ... <!-- end -->")
        text = between.sub(lambda marks, part=part: f"{marks[1]}\n{part}\n{marks[2]}", text)
    return text


if __name__ == "__main__":
    README.write_text(written_anew(README.read_text(encoding="utf-8")), encoding="utf-8")
