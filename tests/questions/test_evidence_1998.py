import re

import pytest

from lenet98.questions.evidence_1998 import evidence_tables, grey_residual
from lenet98.questions.recovery import recover


@pytest.fixture(scope="module")
def tables(printed):
    return evidence_tables(printed)


def test_the_scale_of_greys_is_that_of_the_squashing_function(printed):
    """The coefficients of S2 explain its maps best where white is 1.7159."""
    residuals = {w: grey_residual(printed[:9], w) for w in (1.5, 1.6, 1.7159, 1.8, 1.9)}
    assert min(residuals, key=residuals.get) == 1.7159
    assert residuals[1.7159] < 2.5 < residuals[1.5]


def test_every_layer_has_a_row_of_its_own_numbers(printed, tables):
    whole = recover(printed)
    for name, parameters in (("C1", "156"), ("S2", "12"), ("C3", "1,516"), ("S4", "32")):
        (row,) = re.findall(rf"^\| {name} \| {parameters} \|.*$", tables, re.MULTILINE)
        residuals = whole.residuals(printed[:9], name)
        assert f"| {residuals.min():.1f} to {residuals.max():.1f} |" in row


def test_what_the_drawings_leave_open_has_a_row_for_each_map(printed, tables):
    """C3's last map sees all of S2 and is seldom between its ends: a fifth of it is not known."""
    rows = re.findall(
        r"^\| (C[13] \d+) \| (\d+) \| (\d+) \| (\S+) \| (.*) \|$", tables, re.MULTILINE
    )
    assert [row[0] for row in rows] == [
        *(f"C1 {m}" for m in range(6)),
        *(f"C3 {m}" for m in range(16)),
    ]
    assert sum(int(row[1]) for row in rows) == 156 + 1516
    assert all(row[1] == row[2] for row in rows[:6])
    *_, (_, parameters, determined, error, where) = rows
    assert int(parameters) - int(determined) > 25
    errors, combinations = recover(printed).fits["C3"][15].combinations
    assert float(error) == pytest.approx(errors[0], abs=5e-4)
    share = (combinations[0, 25:50] ** 2).sum()
    assert where.startswith(f"the kernel from S2 1 ({100 * share:.0f} %)")


def test_every_panel_and_the_string_are_predicted_unseen(printed, tables):
    rows = re.findall(r"^\| (?:panel \d|Fig\. 25).*$", tables, re.MULTILINE)
    assert len(rows) == 10
    others = [one for one in printed if one is not printed[3]]
    unseen = recover(others, ("C1",)).residuals([printed[3]], "C1")
    assert rows[3].startswith("| panel 4 of Fig. 13")
    assert f"| {unseen.min():.1f} to {unseen.max():.1f} |" in rows[3]
    alone = recover(printed[:9], ("C1",)).residuals(printed[9:], "C1")
    assert f"| {alone.min():.1f} to {alone.max():.1f} |" in rows[9]


def test_coefficients_stand_with_their_signs_and_errors(printed, tables):
    whole = recover(printed)
    for name, maps in (("S2", 6), ("S4", 16)):
        for m in range(maps):
            fit = whole.fits[name][m]
            row = f"| {name} {m} | {fit.weights[0]:.4f} ± {fit.errors[0]:.4f} | {fit.bias:.3f} ±"
            assert row in tables
    assert whole.fits["S4"][5].weights[0] < -0.008
