"""Training: reproducible, whatever the threads; each part of the recipe has its effect."""

from dataclasses import replace

import numpy as np
import pytest

from lenet98.data.digits import Digits
from lenet98.data.strokes import draw_digits
from lenet98.errors import ConfigurationError, DivergenceError, PatternError
from lenet98.modern import (
    SGD,
    Activation,
    Adam,
    Convolution,
    Dropout,
    Full,
    MaxPooling,
    Model,
    OneRateAWeight,
    Rbf,
    Recipe,
    RMSprop,
    Softmax,
    Subsampling,
    convnet,
    lookalike,
    perceptron,
    train,
)
from lenet98.modern.strip import Strip
from lenet98.modern.training import LANES, Run
from lenet98.network.choices import InitialWeights
from lenet98.paper.codes import place_codes

FEW = draw_digits(n_train=150, n_test=40)

SMALL = Model(
    "small",
    [
        Convolution(3, field=5, stride=2),
        Activation("relu"),
        MaxPooling(2),
        Full(20, l2=0.001),
        Activation("relu"),
        Dropout(0.3),
        Full(10),
        Softmax(),
    ],
    height=28,
    width=28,
    recipe=Recipe(RMSprop(0.001), passes=2, batch=70),
)


def parameters(model=SMALL, digits=FEW, **settings):
    return train(model, digits, **{"seed": 1, "threads": 1} | settings).parameters


def with_recipe(**changes):
    return replace(SMALL.recipe, **changes)


def test_two_runs_of_a_seed_are_the_same_bit_for_bit_and_of_another_not():
    first, again = parameters(), parameters()
    assert first.tobytes() == again.tobytes()
    assert (parameters(seed=2) != first).mean() > 0.9


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_threads_change_no_bit(threads):
    assert parameters(threads=threads).tobytes() == parameters().tobytes()


def test_one_thread_is_the_one_that_asks(monkeypatch):
    """Whoever takes the time of the thread that asks has all of it."""

    def refuse(*_):
        raise AssertionError("another thread is asked")

    monkeypatch.setattr("concurrent.futures.ThreadPoolExecutor.submit", refuse)
    parameters(threads=1)
    with pytest.raises(AssertionError, match="another thread"):
        parameters(threads=2)


def test_threads_change_no_answer(digits):
    one, three = (train(SMALL, FEW, seed=1, threads=threads) for threads in (1, 3))
    images = digits.test_images[: 3 * LANES + 1]
    np.testing.assert_array_equal(one.scores(images), three.scores(images))
    assert one.scores(images).shape == (len(images), 10)


def without_dropout():
    return replace(SMALL, rows=[row for row in SMALL.rows if not isinstance(row, Dropout)])


def penalised():
    first, *others = without_dropout().rows
    return replace(SMALL, rows=[replace(first, l2=0.05), *others])


def means_of(model, parameters, digits):
    """The gradient and the second derivatives, of one pattern at a time, without the penalty."""
    strip = Strip(model, 1, parameters, np.linspace(0, 1, 256))
    gradient, curvature = np.zeros_like(parameters), np.zeros_like(parameters)
    for k, label in enumerate(digits.train_labels):
        strip.present(digits.train_images, np.array([k]))
        strip.pass_back(np.array([label], np.int64))
        gradient += strip.gradient
        strip.pass_curvature_back()
        curvature += strip.gradient
    return gradient / len(digits.train_labels), curvature / len(digits.train_labels)


def penalty_of(model):
    """Its second derivatives: 0 for biases, and for weights without a penalty."""
    penalty = np.zeros(model.parameters)
    for layer in model.layers:
        layer.view(penalty).weights[...] = getattr(layer.row, "l2", 0)
    return penalty


@pytest.mark.parametrize("batch", [1, 7, LANES, LANES + 1, 70, 1000])
def test_a_step_is_down_the_mean_gradient_of_its_batch(batch):
    model = penalised()
    digits = Digits(FEW.train_images[:batch], FEW.train_labels[:batch], *FEW[2:])
    run = Run(model, digits, Recipe(SGD(0.5), batch=batch), 1, 1, np.float64)
    before = run.parameters.copy()
    run.run_pass()
    gradient, _ = means_of(model, before, digits)
    expected = before - 0.5 * (gradient + penalty_of(model) * before)
    np.testing.assert_allclose(run.parameters, expected, atol=1e-12)


def test_the_rate_of_a_weight_knows_its_penalty():
    model = penalised()
    recipe = Recipe(OneRateAWeight(eta=0.1, mu=0.02), batch=len(FEW.train_labels))
    run = Run(model, FEW, recipe, 1, 1, np.float64)
    before = run.parameters.copy()
    run.run_pass()
    (gradient, curvature), penalty = means_of(model, before, FEW), penalty_of(model)
    rates = 0.1 / (0.02 + curvature + penalty)
    expected = before - rates * (gradient + penalty * before)
    np.testing.assert_allclose(run.parameters, expected, atol=1e-12)


def test_every_pattern_is_in_each_pass_once():
    shown = []
    run = Run(SMALL, FEW, SMALL.recipe, 1, 1)
    step = run._step

    def watched(pool, images, labels, batch):
        shown.append(batch)
        return step(pool, images, labels, batch)

    run._step = watched
    run.run_pass()
    run.run_pass()
    assert [len(batch) for batch in shown] == [70, 70, 10] * 2
    first, second = np.concatenate(shown[:3]), np.concatenate(shown[3:])
    assert sorted(first) == sorted(second) == [*range(150)]
    assert first.tolist() != second.tolist()


def test_history_tells_of_each_pass():
    told = []
    run = train(SMALL, FEW, seed=1, passes=3, on_pass=told.append)
    assert run.history == told
    assert [record.number for record in told] == [1, 2, 3]
    answers = run.classify(FEW.test_images)
    assert told[-1].test_error == pytest.approx(100 * (answers != FEW.test_labels).mean())
    assert 0 < told[-1].loss < told[0].loss < 5
    assert 0 < told[0].train_error_on_the_fly <= 100
    assert all(record.seconds > 0 for record in told)


def test_the_recipe_of_the_model_is_used_where_none_is_given():
    assert len(train(SMALL, FEW, threads=1).history) == 2
    other = with_recipe(optimiser=Adam(), passes=1)
    assert len(train(SMALL, FEW, other, threads=1).history) == 1
    assert (parameters(recipe=other, passes=2) != parameters()).mean() > 0.9


@pytest.mark.parametrize(
    "changes",
    [
        {"batch": 64},
        {"levels": (-0.1, 1.175)},
        {"start": "he"},
        {"fall": (1.0, 0.5)},
        {"reshuffle": False},
        {"optimiser": RMSprop(0.002)},
    ],
)
def test_each_setting_of_the_recipe_makes_a_difference(changes):
    changed = parameters(recipe=with_recipe(**changes))
    assert (changed != parameters()).mean() > 0.5


def test_l2_makes_weights_smaller():
    def rows(l2):
        return [replace(row, l2=l2) if isinstance(row, Full) else row for row in SMALL.rows]

    norms = [
        np.abs(parameters(replace(SMALL, rows=rows(l2)), passes=20)).mean() for l2 in (0.0, 0.06)
    ]
    assert norms[1] < 0.9 * norms[0]


def test_dropout_is_of_training_alone(digits):
    run, other = (Run(model, FEW, SMALL.recipe, 1, 1) for model in (SMALL, without_dropout()))
    np.testing.assert_array_equal(
        run.scores(digits.test_images[:50]), other.scores(digits.test_images[:50])
    )
    assert (run.run_pass().loss, run.parameters[0]) != (other.run_pass().loss, other.parameters[0])


def test_dropout_is_drawn_anew_at_each_step():
    unmoved = Recipe(SGD(1e-30), passes=3, batch=len(FEW.train_labels), reshuffle=False)
    runs = [train(model, FEW, unmoved, seed=1) for model in (SMALL, without_dropout())]
    assert [len({record.loss for record in run.history}) for run in runs] == [3, 1]


def test_dropout_silences_its_share_and_makes_the_others_louder():
    block = Dropout(0.3).block(SMALL.layers[-2].shape, 4000, np.float32)
    block.draw(np.random.default_rng(0))
    x = np.ones((10, 1, 1, 4000), np.float32)
    given = block.forward(x, None, training=True)
    assert set(np.unique(given)) == {0, np.float32(1 / 0.7)}
    # Of 40,000 draws, five standard deviations.
    assert (given == 0).mean() == pytest.approx(0.3, abs=0.0115)


LADDER = {
    "RBF on the codes, eq. 9": [Full(84), Activation("squash"), Rbf(j=2.0, scale=0.5)],
    "RBF on the codes, eq. 8": [Full(84), Activation("squash"), Rbf(loss="mse", scale=0.5)],
    "RBF on place codes": [Full(10), Activation("squash"), Rbf(place_codes(10), scale=0.5)],
    "softmax": [Full(84), Activation("squash"), Full(10), Softmax()],
}


@pytest.mark.parametrize("output", LADDER)
@pytest.mark.parametrize("optimiser", [OneRateAWeight(), SGD(0.005), Adam()])
def test_choices_of_then_and_now_go_together(optimiser, output, digits):
    rows = [Convolution(4, field=5), Activation("squash"), Subsampling(), Activation("squash")]
    recipe = Recipe(
        optimiser,
        passes=2,
        batch=1 if isinstance(optimiser, OneRateAWeight) else 16,
        levels=(-0.1, 1.175),
        start=InitialWeights(),
    )
    some = Digits(digits.train_images[:400], digits.train_labels[:400], *digits[2:])
    run = train(Model("of both", [*rows, *LADDER[output]], 28, 28), some, recipe, seed=1)
    # Chance is 90 percent.
    assert run.history[-1].test_error < 60


@pytest.mark.slow
@pytest.mark.parametrize("system", [lookalike, convnet, perceptron])
def test_the_systems_learn_pen_strokes(system, digits):
    run = train(system(), digits, passes=4, seed=1)
    assert run.history[-1].test_error < 5


def test_one_image_and_lists_are_classified():
    run = train(SMALL, FEW, passes=1, seed=1)
    one = run.classify(FEW.test_images[0])
    assert one.shape == (1,)
    assert run.classify(FEW.test_images[:3].tolist())[0] == one[0]


def test_divergence_is_said():
    wild = with_recipe(optimiser=SGD(1e30))
    with pytest.raises(DivergenceError, match="diverged in pass 1, by pattern 140 of it"):
        train(SMALL, FEW, wild, seed=1)


def test_parameters_that_are_not_finite_are_said_of_a_finite_loss():
    # Units that are full up hide what is below them; one batch is all of the pass.
    rows = [Full(84), Activation("squash"), Rbf(loss="mse", scale=1e4)]
    wild = Recipe(SGD(1e38), passes=1, batch=len(FEW.train_labels))
    run = Run(Model("wild", rows, 28, 28), FEW, wild, 1, 1)
    with pytest.raises(DivergenceError, match="by pattern 150 of it"):
        run.run_pass()
    assert not np.isfinite(run.parameters).all()


@pytest.mark.parametrize(
    ("settings", "error", "said"),
    [
        ({"model": "lookalike"}, ConfigurationError, "a Model, such as lookalike"),
        ({"recipe": Adam()}, ConfigurationError, "expected a Recipe"),
        ({"passes": 0}, ConfigurationError, "passes is 0"),
        ({"seed": -1}, ConfigurationError, "seed is -1"),
        ({"seed": None}, ConfigurationError, "seed is None"),
        ({"threads": 0}, ConfigurationError, "threads is 0"),
        ({"digits": FEW[:2]}, PatternError, "expected digits as Digits"),
        ({"model": Model("m", [Full(10), Softmax()], 27, 27)}, ConfigurationError, "28 pixels"),
        ({"model": Model("m", [Full(10), Softmax()], 29, 29)}, ConfigurationError, "even number"),
        ({"model": Model("m", [Full(10), Softmax()], 28, 30)}, ConfigurationError, "square"),
        ({"model": Model("m", [Full(10), Softmax()], 28, 28, maps=3)}, ConfigurationError, "one"),
        ({"model": Model("m", [Full(9), Softmax()], 28, 28)}, ConfigurationError, "classes is 9"),
    ],
)
def test_what_cannot_be_trained_is_refused(settings, error, said):
    with pytest.raises(error, match=said):
        train(**{"model": SMALL, "digits": FEW} | settings)


def test_images_in_the_network_s_own_levels_are_refused():
    run = train(SMALL, FEW, passes=1, seed=1)
    with pytest.raises(PatternError, match="as ink"):
        run.classify(np.random.default_rng(0).uniform(-0.1, 1.175, (2, 28, 28)))
