import numpy as np
import pytest
from drawings import drawn, reproduction, strings

from lenet98.network.tables import lenet1, lenet4, lenet5
from lenet98.plots.architecture import draw_architecture, draw_pairs, fig2, table1


@pytest.mark.parametrize("architecture", [lenet5(), lenet5(64), lenet1(), lenet4()])
def test_fig2_draws_a_sheet_for_each_map_with_the_sizes_of_the_table(architecture):
    page = draw_architecture(architecture)
    sheets = {c.get_label(): c.get_paths() for c in page.axes[0].collections}
    assert len(sheets["INPUT"]) == 1
    for layer in architecture.layers:
        assert len(sheets[layer.name]) == layer.maps
        size = sheets[layer.name][0].get_extents().size
        np.testing.assert_allclose(size, (layer.width, layer.height))
        (label,) = [text for text in strings(page) if text.startswith(layer.name)]
        assert str(layer.maps) in label
        if layer.height > 1:
            assert f"{layer.maps}@{layer.width}x{layer.height}" in label
    assert f"{architecture.trainable:,}" in page.texts[1].get_text()
    assert f"{architecture.connections:,}" in page.texts[1].get_text()


def test_fig2_names_layers_and_connections_as_the_paper_does():
    found = strings(draw_architecture(lenet5()))
    for name in ("C1: feature maps\n6@28x28", "S4: f. maps\n16@5x5", "C5: layer\n120"):
        assert name in found
    full, gaussian = "Full\nconnection", "Gaussian\nconnections"
    kinds = ["Convolutions", "Subsampling"] * 2 + [full, full, gaussian]
    assert [text for text in found if text in kinds] == kinds
    # On a wider input C5 is no longer a full connection (Sec. II-B).
    assert strings(draw_architecture(lenet5(64))).count(full) == 0


@pytest.mark.parametrize("architecture", [lenet5(), lenet4()])
def test_table1_has_an_x_for_each_pair(architecture):
    layer = architecture.layer("C3")
    axes = draw_pairs(layer).axes[0]
    crosses = axes.lines[0]
    assert [(y, x) for x, y in crosses.get_xydata()] == list(layer.pairs)
    assert len(axes.get_xticks()) == layer.maps
    assert len(axes.get_yticks()) == layer.maps_below


def test_the_paper_has_both_of_lenet5():
    assert drawn(fig2(reproduction())) == drawn(draw_architecture(lenet5()))
    assert drawn(table1(reproduction())) == drawn(draw_pairs(lenet5().layer("C3")))
