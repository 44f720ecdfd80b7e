"""Every figure of the paper, and a few of its kind: results in, a matplotlib `Figure` out.

The only drawing with matplotlib. Nothing here trains, opens a window or touches pyplot.
"""

from lenet98.plots.classifiers import cost, rejection
from lenet98.plots.layers import fig2, table1
from lenet98.plots.parameters import learned
from lenet98.plots.passes import fig5, open_questions
from lenet98.plots.sheets import fig3, fig4, fig7, fig8
from lenet98.plots.sizes import fig6
from lenet98.plots.states import f6_codes, fig13

__all__ = [
    "cost",
    "f6_codes",
    "fig2",
    "fig3",
    "fig4",
    "fig5",
    "fig6",
    "fig7",
    "fig8",
    "fig13",
    "learned",
    "open_questions",
    "rejection",
    "table1",
]
