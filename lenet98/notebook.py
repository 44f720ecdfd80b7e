"""A few lines of HTML, which is what a notebook shows of a value in place of its repr."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def html_table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table of text and numbers.

    Parameters
    ----------
    caption : str
    head : sequence of str
        Names of the columns.
    rows : iterable of sequence

    Examples
    --------
    >>> print(html_table("S < C", ["layer", "maps"], [("C1", 6)]))
    <table><caption>S &lt; C</caption>
    <tr><th>layer</th><th>maps</th></tr>
    <tr><td>C1</td><td>6</td></tr>
    </table>
    """

    def line(mark: str, values: Sequence[object]) -> str:
        cells = "".join(f"<{mark}>{escape(str(value))}</{mark}>" for value in values)
        return f"<tr>{cells}</tr>"

    lines = [line("th", head), *(line("td", row) for row in rows)]
    return "\n".join([f"<table><caption>{escape(caption)}</caption>", *lines, "</table>"])
