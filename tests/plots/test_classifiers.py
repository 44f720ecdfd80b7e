import numpy as np
from drawings import CURVE, drawn, lines, reproduction, strings

from lenet98.network.tables import lenet1, lenet4, lenet5
from lenet98.paper import published
from lenet98.plots.classifiers import cost, draw_cost, rejection

COSTS = {"LeNet-5": (340_908, 60_000), "LeNet-4": (258_406, 16_998)}


def test_rejection_plots_the_curve_and_finds_half_a_percent():
    page = rejection(reproduction())
    axes = page.axes[0]
    np.testing.assert_array_equal(lines(axes, "here")[0].get_xydata(), CURVE)
    ((enough, error),) = lines(axes, "enough")[0].get_xydata()
    assert error == 0.5
    assert CURVE[CURVE[:, 0] < enough, 1].min() > 0.5 >= CURVE[CURVE[:, 0] == enough, 1]
    assert f"LeNet-5, here: {enough:.1f} %" in strings(page)
    theirs = lines(axes, "paper")[0].get_xdata()
    assert list(theirs) == list(published.FIG10_REJECTION.values())


def test_rejection_marks_nothing_where_half_a_percent_is_not_reached():
    page = rejection(reproduction("strokes", curve=CURVE * (1, 200)))
    assert not lines(page.axes[0], "enough")
    assert "LeNet-5, here" not in " ".join(strings(page))


def test_cost_sets_ours_below_the_papers_row_of_the_same_network():
    page = draw_cost(COSTS)
    names = [label.get_text() for label in page.axes[0].get_yticklabels()]
    assert len(names) == len(published.FIG11_MULTIPLY_ACCUMULATES) + len(COSTS)
    assert names[names.index("LeNet-5") + 1] == "LeNet-5, here"
    for axes, which in zip(page.axes, (0, 1), strict=True):
        ours = {line.get_ydata()[0]: line.get_xdata()[0] for line in lines(axes, "here")}
        for network, counts in COSTS.items():
            assert ours[names.index(f"{network}, here")] == counts[which]
        theirs = [line.get_xdata()[0] for line in lines(axes, "paper")]
        tables = (published.FIG11_MULTIPLY_ACCUMULATES, published.FIG12_MEMORY)
        assert theirs == list(tables[which].values())


def test_cost_is_counted_from_the_layer_tables():
    counts = {
        "[16x16] LeNet-1": (98_442, lenet1().trainable),
        # As all of Fig. 9's rows of it are fitted.
        "LeNet-4": (262_306, lenet4(complete=True).trainable),
        "LeNet-5": (lenet5().connections, lenet5().trainable),
    }
    assert drawn(cost(reproduction())) == drawn(draw_cost(counts))
