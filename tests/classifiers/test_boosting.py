import numpy as np
import pytest

from lenet98 import draw_digits
from lenet98.classifiers import BoostedLeNet4, nets
from lenet98.classifiers import boosting as module

DIGITS = draw_digits(n_train=80, n_test=40)


@pytest.fixture(scope="module")
def taught():
    """Return a boosted committee, and the patterns that its nets were trained on."""
    sets = []

    def trained(images, labels, recipe, architecture):
        sets.append((images, labels, recipe))
        return original(images, labels, recipe, architecture)

    original = module.trained
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "trained", trained)
        patch.setattr(nets, "trained", trained)
        boosted = BoostedLeNet4(passes=2).fit(DIGITS.train_images, DIGITS.train_labels)
    return boosted, sets


def test_the_second_net_learns_what_the_first_gets_half_right_and_half_wrong(taught):
    boosted, [_, (images, labels, _), _] = taught
    assert images.shape == (80, 32, 32)
    assert (boosted.network_.classify(images) == labels).sum() == pytest.approx(40, abs=1)


def test_the_third_net_learns_what_the_two_disagree_on(taught):
    boosted, [_, _, (images, labels, _)] = taught
    second, _ = boosted.others_
    assert len(images) == len(labels) == 80
    # Ink is rounded to whole grey levels, which may decide a pattern or two anew.
    disagreed = boosted.network_.classify(images) != second.classify(images)
    assert disagreed.sum() >= 78


def test_the_first_net_is_distorted_filtered_patterns_no_longer_and_no_two_nets_are_alike(taught):
    _, sets = taught
    assert [recipe.distorted for _, _, recipe in sets] == [True, False, False]
    assert len({recipe.seed for _, _, recipe in sets}) == 3


def test_outputs_are_added_unless_the_first_net_is_confident(taught):
    boosted, _ = taught
    penalties = [net.penalties(DIGITS.train_images) for net in (boosted.network_, *boosted.others_)]
    two = np.sort(penalties[0], axis=1)
    asked = two[:, 1] - two[:, 0] < boosted.confident_
    assert asked.sum() == 30  # 0.375 of 80
    scores = boosted.decision_function(DIGITS.train_images)
    np.testing.assert_allclose(scores[asked], -sum(penalties)[asked], rtol=1e-5)
    np.testing.assert_allclose(scores[~asked], -3 * penalties[0][~asked], rtol=1e-5)


def test_a_net_that_makes_no_error_stays_alone(monkeypatch):
    drawn = []

    def hard(self, patterns, labels):
        drawn.append(len(patterns))
        return np.arange(0)

    monkeypatch.setattr(BoostedLeNet4, "_hard", hard)
    alone = BoostedLeNet4(passes=1).fit(DIGITS.train_images, DIGITS.train_labels)
    assert alone.others_ == []
    # The 80 patterns and fifty copies of each, for each of the two.
    assert drawn == [80 + 50 * 80] * 2
    assert alone.variables == alone.network_.architecture.trainable
    expected = -alone.network_.penalties(DIGITS.test_images)
    np.testing.assert_array_equal(alone.decision_function(DIGITS.test_images), expected)


def test_the_supply_is_drawn_no_longer_than_the_set_is_filled(monkeypatch):
    monkeypatch.setattr(module, "_A_BLOCK", 20)
    drawn = []

    def hard(self, patterns, labels):
        drawn.append(len(patterns))
        return np.arange(7)

    monkeypatch.setattr(BoostedLeNet4, "_hard", hard)
    BoostedLeNet4(passes=1).fit(DIGITS.train_images, DIGITS.train_labels)
    # 12 blocks of 7 are 84, for each of the two.
    assert drawn == [20] * 24
