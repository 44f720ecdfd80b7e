import numpy as np
import pytest
from drawings import RUNS, drawn, lines, reproduction, strings

from lenet98.plots.invariance import invariance
from lenet98.reproduction.invariance import WAYS
from lenet98.reproduction.named_runs import DISTORTED, NOISE, WHOLE

NETS = {WHOLE: "plain", DISTORTED: "distorted", NOISE: "noise"}


def errors_of(run, way):
    """Errors of a drawn reproduction, (seeds, values)."""
    seeds = reproduction().results.seeds(run)
    return np.array([np.array(seed.measured["invariance"][way.name])[:, 1] for seed in seeds])


def test_each_way_has_a_panel_with_mean_and_range_of_each_net():
    page = invariance(reproduction())
    for axes, way in zip(page.axes, WAYS, strict=True):
        assert axes.get_xlabel().startswith(way.name)
        here = lines(axes, "here")
        assert len({line.get_color() for line in here}) == 3
        for line, band, (run, name) in zip(here, axes.collections, NETS.items(), strict=True):
            errors = errors_of(run, way)
            np.testing.assert_array_equal(line.get_xdata(), way.values)
            np.testing.assert_allclose(line.get_ydata(), errors.mean(axis=0))
            edge = {(x, round(y, 9)) for x, y in band.get_paths()[0].vertices}
            for value, column in zip(way.values, errors.T, strict=True):
                assert {(value, column.min()), (value, column.max())} <= edge
            (label,) = [text for text in axes.texts if text.get_text() == name]
            assert label.get_color() == line.get_color()


def test_claims_are_marked_where_they_end_and_only_beside_mnist():
    for axes, way in zip(invariance(reproduction()).axes, WAYS, strict=True):
        marks = [line.get_xdata()[0] for line in lines(axes, "paper")]
        assert marks == [claim.value for claim in way.claims]
        words = {text.get_text(): text.get_position()[0] for text in axes.texts}
        assert {(claim.words, claim.value) for claim in way.claims} <= words.items()
    page = invariance(reproduction("strokes"))
    assert not any(lines(axes, "paper") for axes in page.axes)
    said = " ".join(strings(page))
    assert "claims" not in said
    assert "half" not in said


@pytest.mark.parametrize("left", [[WHOLE], [WHOLE, DISTORTED]])
def test_nets_that_were_not_measured_are_not_drawn(left):
    found = reproduction(runs={run: RUNS[run] for run in left})
    for seed in found.results.seeds(DISTORTED):
        seed.measured.clear()
    for axes in invariance(found).axes:
        assert len(lines(axes, "here")) == 1
        assert "plain" in [text.get_text() for text in axes.texts]


def test_where_nothing_was_measured_the_panels_are_empty():
    found = reproduction(runs={WHOLE: RUNS[WHOLE]})
    for seed in found.results.seeds(WHOLE):
        seed.measured.clear()
    page = invariance(found)
    drawn(page)
    assert not any(lines(axes, "here") for axes in page.axes)


def test_the_detail_says_how_many_seeds_there_are():
    assert "mean and range of 3 seeds" in strings(invariance(reproduction()))[1]
    assert "one seed" in strings(invariance(reproduction(runs={NOISE: RUNS[NOISE][:1]})))[1]
