"""The shape of what a layer gives: so many maps of one size."""

from __future__ import annotations

from typing import NamedTuple


class Shape(NamedTuple):
    """Maps, and their size; units of a full layer are maps of one by one.

    Attributes
    ----------
    maps, height, width : int

    Examples
    --------
    >>> print(Shape(6, 28, 28), Shape(84, 1, 1))
    6 @ 28x28 84
    """

    maps: int
    height: int
    width: int

    @property
    def units(self) -> int:
        """Units of all maps."""
        return self.maps * self.height * self.width

    def flat(self) -> Shape:
        """Return the same units as maps of one by one."""
        return Shape(self.units, 1, 1)

    def __str__(self) -> str:
        if self.height == self.width == 1:
            return str(self.maps)
        return f"{self.maps} @ {self.height}x{self.width}"
