import pytest

from lenet98.network.tables import lenet1
from lenet98.paper.published import LayerCount
from lenet98.reproduction.comparison import VERDICTS, Quantity
from lenet98.reproduction.report import comparison_table, layer_table, written


def a_quantity(aim, printed=1.0, unit="%"):
    return Quantity("a number", printed, unit, "Fig. 0", aim, 0.1)


@pytest.mark.parametrize(
    ("unit", "values", "here"),
    [
        ("%", [1.0], "1.00 %"),
        ("%", [0.7, 1.3], "1.00 % (0.70 to 1.30)"),
        ("s", [119.4, 121.4], "120 s (119 to 121)"),
        ("patterns", [93, 115.5], "104.2 patterns (93 to 115.5)"),
        ("", [0.011, 0.014], "0.013 (0.011 to 0.014)"),
        ("", [340_908], "340,908"),
    ],
)
def test_a_mean_stands_with_its_unit_and_the_range_of_the_seeds(unit, values, here):
    assert written(a_quantity("near", unit=unit).judge(values))[2] == here


def test_the_verdicts_given_are_explained_below_the_table():
    rows = [a_quantity("same").judge([1.0]), a_quantity("near").judge([3.0])]
    table, words = comparison_table(rows).split("\n\n")
    assert "| a number | 1.00 % | 3.00 % | differs (within 0.1) | Fig. 0 |" in table
    assert "| a number | 1.00 % | 1.00 % | exact | Fig. 0 |" in table
    for word, meaning in VERDICTS.items():
        assert (f"*{word}*: {meaning}." in words) is (word in ("exact", "differs"))


def test_a_claim_stands_without_a_number_of_the_papers():
    table, words = comparison_table([a_quantity("claimed", None).judge([3.0])]).split("\n\n")
    assert "| a number | recognised | 3.00 % | claimed | Fig. 0 |" in table
    assert words == "*claimed*: the paper claims it without a number.\n"


def test_the_counts_of_a_layer_stand_beside_the_papers():
    network = lenet1()
    printed = [LayerCount(layer.name, 1, 22) for layer in network.layers]
    first, *_, output, in_all = layer_table(
        network, [*printed, LayerCount("in all", 2_600, 100_000)]
    ).splitlines()[2:]
    assert first == "| C1 | convolution | 4 @ 24x24 | 1 | 104 | 22 | 59,904 |"
    assert "| 1 fixed | 100 fixed | 22 | 100 |" in output
    assert in_all.startswith("| in all | | | 2,600 | **")
    assert in_all.endswith(f"| 100,000 | **{network.connections:,}** |")


def test_a_count_is_asked_for_every_layer():
    with pytest.raises(ValueError, match="shorter"):
        layer_table(lenet1(), [LayerCount("C1", 1, 2), LayerCount("in all", 1, 2)])
