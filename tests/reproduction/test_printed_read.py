import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from records import a_history, a_result, results_of

from lenet98 import LeNet5
from lenet98.data.printed import fig13_patterns, fig25_and_26_patterns
from lenet98.paper.figures import fig13, fig25_and_26
from lenet98.reading.strings import read_string
from lenet98.reproduction import printed
from lenet98.reproduction.named_runs import NAMED_RUNS, NOISE, STRINGS
from lenet98.reproduction.results import read_results


def test_the_paper_s_pictures_are_read_with_digits_alone():
    found = printed.measure(LeNet5.pretrained("strings"), None, np.random.default_rng(0))
    assert len(found["fig13"]) == 9
    assert set(found["fig13"]) <= set(range(10))
    assert len(found["fig25 and 26"]) == 5
    # By chance one in ten.
    right = sum(one == there for one, there in zip(found["fig13"], fig13().labels, strict=True))
    assert right >= 6
    assert json.loads(json.dumps(found)) == found


def test_every_string_is_read_as_it_stands_and_no_pattern_is_a_blank():
    network = LeNet5(seed=11, blank=True)  # reads every string otherwise, and blanks
    found = printed.measure(network, None, np.random.default_rng(0))
    answers = network.penalties(fig13_patterns())
    assert (answers.argmin(axis=1) == 10).any()
    assert found["fig13"] == answers[:, :10].argmin(axis=1).tolist()
    readings = [read_string(one, network) for one in fig25_and_26_patterns()]
    assert found["fig25 and 26"] == [reading.text for reading in readings]


@pytest.mark.parametrize("run", [run for run in NAMED_RUNS if run.shipped])
def test_the_shipped_networks_read_what_the_first_seeds_of_the_record_read(run):
    results = read_results(Path(__file__).parents[2] / "figures" / "results.json")
    recorded = results.measured(run, "printed")[0]
    network = LeNet5.pretrained(run.shipped)
    found = printed.measure(network, None, np.random.default_rng(0))
    assert found["fig13"] == recorded["fig13"]
    for pattern, text in zip(fig25_and_26_patterns(), recorded["fig25 and 26"], strict=True):
        reading = read_string(pattern, network)
        # Last bits, which differ from processor to processor, decide between texts as near.
        assert reading.text == text or reading.margin < 0.01


def measured(run_results):
    return [
        replace(a_result(a_history(), seed=seed), measured={"printed": found})
        for seed, found in enumerate(run_results)
    ]


def test_rows_count_what_is_read():
    all_nine, all_five = list(fig13().labels), list(fig25_and_26().answers)
    most = [9, *all_nine[1:]]
    runs = {
        NOISE: measured([{"fig13": most, "fig25 and 26": []}]),
        STRINGS: measured(
            [
                {"fig13": all_nine, "fig25 and 26": all_five},
                {"fig13": most, "fig25 and 26": ["2345", "540", "1114", "6", "3"]},
            ]
        ),
    }
    rows = {row.quantity: row for row in printed.patterns_read(results_of(runs))}
    strings, noise = (rows[f"Fig. 13's inputs read, {run.title}"] for run in (STRINGS, NOISE))
    assert (strings.paper, strings.here, strings.verdict) == (9, 8.5, "agrees")
    assert (noise.here, noise.verdict) == (8, "differs")
    assert {row.source for row in rows.values()} == {"Fig. 13"}
    (row,) = printed.strings_read(results_of(runs))
    assert row.source == "Figs. 25, 26"
    assert (row.paper, row.here, row.least, row.greatest) == (5, 4, 3, 5)
    assert row.verdict == "agrees"


def test_two_strings_not_read_are_too_many():
    found = {"fig13": list(fig13().labels), "fig25 and 26": ["2345", "540", "1114", "6", "3"]}
    (row,) = printed.strings_read(results_of({STRINGS: measured([found])}))
    assert (row.here, row.verdict) == (3, "differs")


def test_runs_not_asked_have_no_rows():
    results = results_of({NOISE: [a_result(a_history())]})
    assert list(printed.patterns_read(results)) == list(printed.strings_read(results)) == []
