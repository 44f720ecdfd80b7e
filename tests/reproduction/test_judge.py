from pathlib import Path

import numpy as np
import pytest

from lenet98 import LeNet5, load_mnist
from lenet98.errors import MnistNotFoundError
from lenet98.reproduction.judge import PERCENT_REJECTED, judge, margins, rejection_for
from lenet98.reproduction.named_runs import NAMED_RUNS
from lenet98.reproduction.results import read_results

RECORD = Path(__file__).parents[2] / "figures" / "results.json"


def a_network_unsure_where_it_is_wrong():
    """1,000 patterns of class 0; 20 wrong ones among the 40 of the smallest margins."""
    penalties = np.full((1000, 10), 100.0)
    penalties[:, 0], penalties[:, 1] = 10.0, 60.0
    penalties[:40, 1] = 11.0 + np.arange(40) / 100
    penalties[:40:2, [0, 1]] = penalties[:40:2, [1, 0]]
    shuffled = np.random.default_rng(0).permutation(1000)
    return -penalties[shuffled], np.zeros(1000, int)


def test_the_least_sure_are_rejected_first():
    curve = judge(*a_network_unsure_where_it_is_wrong()).rejection
    np.testing.assert_array_equal(curve[:, 0], PERCENT_REJECTED)
    assert curve[0, 1] == pytest.approx(2.0)
    assert curve[20, 1] == pytest.approx(100 * 10 / 980)  # 2 % rejected, half of them wrong
    assert curve[40:, 1] == pytest.approx(0)


def test_what_to_reject_for_an_error():
    judgement = judge(*a_network_unsure_where_it_is_wrong())
    rejected = judgement.rejection_for(0.5)
    assert rejected == pytest.approx(3.1)  # 5 of 969 left wrong is 0.52 %, 4 of 969 is 0.41 %
    assert rejection_for(judgement.rejection, 0.5) == rejected
    assert judgement.rejection_for(-1.0) is None


def test_errors_and_confusions_are_counted_from_the_greatest_scores():
    scores = np.array([[0.1, 0.9, 0.0], [0.3, 0.2, 0.1], [0.0, 0.1, 0.4], [0.5, 0.6, 0.1]])
    judgement = judge(scores, np.array([1, 2, 2, 0]))
    assert judgement.error == 50.0
    assert judgement.misclassified == [(1, 2, 0), (3, 0, 1)]
    assert judgement.confusions.tolist() == [[0, 1, 0], [0, 1, 0], [1, 0, 1]]
    np.testing.assert_allclose(margins(scores), [0.8, 0.1, 0.3, 0.1])
    many = np.random.default_rng(0).normal(size=(200, 10))
    np.testing.assert_array_equal(margins(many), np.diff(np.sort(many)[:, -2:])[:, 0])


@pytest.fixture(scope="module")
def mnist():
    try:
        return load_mnist(offline=True)
    except MnistNotFoundError:
        pytest.skip("needs MNIST")


@pytest.fixture(scope="module")
def recorded():
    return read_results(RECORD)


@pytest.mark.parametrize("run", [run for run in NAMED_RUNS if run.shipped])
def test_the_shipped_networks_are_judged_as_the_first_seeds_of_the_record(mnist, recorded, run):
    first = recorded.seeds(run)[0]
    network = LeNet5.pretrained(run.shipped)
    judgement = judge(-network.penalties(mnist.test_images), mnist.test_labels)
    assert judgement.error == first.history[-1].test_error
    assert judgement.misclassified == first.misclassified
    assert judgement.rejection.tolist() == [list(point) for point in first.rejection]
