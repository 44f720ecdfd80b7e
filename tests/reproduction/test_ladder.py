"""The ladder: from the paper's choices to those of the look-alike, by one choice at a time."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from lenet98.modern import lookalike
from lenet98.modern.strip import Strip
from lenet98.network.network import Network
from lenet98.reproduction.between import faithful_of, model_of, recipe_of, trainer_of
from lenet98.reproduction.ladder import PAPER, RATES, TODAY, Choices, alone, ladder, steps
from lenet98.training.recipe import ETA, TrainingConfig

RUNGS = ladder() + alone("1998") + alone("today")
FAITHFUL = {rung.choices for rung in RUNGS if rung.choices.faithful}


def changed(some, others):
    one, other = asdict(some), asdict(others)
    return {name for name in one if one[name] != other[name]}


def test_the_ladder_goes_from_the_paper_to_the_look_alike():
    rungs = ladder()
    assert rungs[0].choices == PAPER == Choices()
    assert rungs[-1].choices == TODAY
    (rate,) = rungs[-1].to_try
    model = lookalike()
    assert [*model_of(TODAY).rows] == [*model.rows]
    assert recipe_of(TODAY, rate) == model.recipe


def test_each_rung_has_one_choice_changed():
    rungs = ladder()
    assert len(rungs) == len(steps()) + 1
    for step, below, above in zip(steps(), rungs, rungs[1:], strict=False):
        assert changed(below.choices, above.choices) == set(step.after)
    for end, choices in (("1998", PAPER), ("today", TODAY)):
        for step, rung in zip(steps(), alone(end), strict=True):
            assert changed(choices, rung.choices) == set(step.after)


def test_steps_say_what_changes():
    words = {step.what: (step.then, step.now) for step in steps()}
    _, now = words["passes"]
    assert words["passes"][0] == f"{PAPER.passes}, falling"
    assert now == f"{TODAY.passes}, falling late (ours)"
    assert TODAY.fall[: TODAY.passes // 2] == (1.0,) * (TODAY.passes // 2)
    assert words["start of the weights"] == (
        f"±{PAPER.start.bound:g}/√F",
        f"±{6**0.5:.2f}/√F (He, ours)",
    )
    for name, what in (("dropout", "dropout"), ("l2", "L2")):
        assert words[what] == ("none", f"{getattr(TODAY, name):g}")
        assert getattr(PAPER, name) == 0
    assert words["batch"] == ("one pattern", f"{TODAY.batch} patterns")
    assert words["input"] == tuple(
        f"{one.levels[0]:g} to {one.levels[1]:g}" for one in (PAPER, TODAY)
    )


def test_every_choice_that_differs_has_its_step():
    stepped = {name for step in steps() for name in step.after}
    assert stepped == changed(PAPER, TODAY) == {*asdict(PAPER)}
    names = [rung.name for rung in RUNGS]
    assert len(set(names)) == len(names)
    assert {(rung.choices.rates, rung.choices.batch) for rung in RUNGS} == set(RATES)


def test_the_paper_s_end_is_the_paper_s_network_and_recipe():
    table, recipe = faithful_of(PAPER, ETA[0], seed=3)
    assert (table.trainable, table.connections) == (60_000, 340_908)
    expected = TrainingConfig(seed=3)
    assert recipe.eta == pytest.approx(expected.eta)
    assert replace(recipe, eta=expected.eta) == expected


@pytest.mark.parametrize("choices", FAITHFUL, ids=str)
def test_both_engines_compute_the_same_network(choices, digits):
    """With the parameters of one in the other, whose coefficients are of the average."""
    table, recipe = faithful_of(choices, 0.001, seed=1)
    network = Network(table, 1, dtype=np.float64, initial=recipe.initial)
    model = model_of(choices)
    assert (model.parameters, model.connections) == (table.trainable, table.connections)
    parameters = network.parameters.copy()
    for name in ("S2", "S4"):
        network.view(name, of=parameters).weights[:] *= 4
    levels = np.linspace(*choices.levels, 256)
    strip = Strip(model, 2, parameters, levels)
    strip.present(digits.test_images, np.arange(2))
    expected = network.penalties(digits.test_images[:2])
    np.testing.assert_allclose(-strip.scores().T, expected, rtol=1e-9)


@pytest.mark.parametrize("choices", FAITHFUL, ids=str)
def test_both_engines_start_within_the_same_bounds(choices):
    table, recipe = faithful_of(choices, 0.001, seed=1)
    network = Network(table, 1, dtype=np.float64, initial=recipe.initial)
    model = model_of(choices)
    start = model.start(recipe_of(choices, 0.001).start, np.random.default_rng(1))
    layers = [layer for layer in model.layers if layer.parameters]
    for layer, other in zip(layers, table.layers[:-1], strict=True):
        weights, theirs = layer.view(start).weights, network.view(other.name).weights
        if other.kind == "subsampling":
            np.testing.assert_allclose(weights, 4 * theirs)
        else:
            # Of a hundred draws or more, the greatest is within some percent of the bound.
            assert abs(weights).max() == pytest.approx(abs(theirs).max(), rel=0.05)


def test_one_rate_for_all_is_one_whatever_the_curvature(digits):
    choices = replace(PAPER, rates="sgd", fall=(1.0,), passes=1)
    trainer = trainer_of(choices, 0.01, 1, digits)
    trainer.run_pass()
    (record,) = trainer._training.history
    assert record.least_rate == pytest.approx(0.01, rel=1e-3)
    assert record.greatest_rate == pytest.approx(0.01, rel=1e-3)


@pytest.mark.parametrize(
    ("changes", "faithful"),
    [
        ({}, True),
        ({"output": "places", "rates": "sgd", "complete": True}, True),
        ({"start": "he", "reshuffle": True, "passes": 1}, True),
        ({"output": "softmax"}, False),
        ({"rates": "adam"}, False),
        ({"batch": 2}, False),
        ({"pooling": "average"}, False),
        ({"function": "relu"}, False),
        ({"levels": (0.0, 1.0)}, False),
        ({"dropout": 0.1}, False),
        ({"l2": 0.1}, False),
    ],
)
def test_what_the_paper_s_engine_computes(changes, faithful):
    assert replace(PAPER, **changes).faithful == faithful


@pytest.mark.parametrize("rung", [ladder()[5], ladder()[-1]], ids=str)
def test_both_engines_learn(rung, digits):
    trainer = trainer_of(replace(rung.choices, passes=3), rung.to_try[0], 1, digits)
    errors = [trainer.run_pass() for _ in range(3)]
    answers = trainer.classify(digits.test_images)
    assert errors[-1] == pytest.approx(100 * (answers != digits.test_labels).mean())
    # Chance is 90 percent.
    assert errors[-1] < 50


def test_units_that_rbf_units_see_are_squashed_and_never_dropped():
    for output, before in (("codes", ["squash"]), ("places", ["squash"]), ("softmax", [])):
        rows = model_of(replace(TODAY, output=output)).rows
        kinds = [getattr(row, "function", str(row)) for row in rows[-4:]]
        assert kinds[3 - len(before) : 3] == before
        assert sum(str(row).startswith("dropout") for row in rows) == 1 + (output != "codes")


@pytest.mark.parametrize("reshuffle", [False, True])
def test_both_engines_are_told_of_the_order(reshuffle):
    choices = replace(PAPER, reshuffle=reshuffle)
    assert recipe_of(choices, 1.0).reshuffle == reshuffle
    assert faithful_of(choices, 1.0, 1)[1].reshuffle == reshuffle
