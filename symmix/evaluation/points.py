"""Points: sizes, and exact numbers for every symbol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from symmix.numeric.arrays import Array


@dataclass(frozen=True)
class Point:
    """Sizes, and rational numbers for the symbols of a theorem that are not defined.

    Attributes
    ----------
    sizes
        Whole numbers by name.
    values
        By name, arrays of rational numbers (dtype object) with the declared axes; a scalar is 1 x 1.
    at
        Positions, from 0, of sample indices.
    """

    sizes: Mapping[str, int]
    values: Mapping[str, Array]
    at: Mapping[str, int] = field(default_factory=dict)

    def placed(self, at: Mapping[str, int]) -> Point:
        """Return the point with other positions for some sample indices."""
        return replace(self, at={**self.at, **at})

    def length(self, size: str) -> int:
        """Return what a size is there; a number is itself."""
        return int(size) if size.isdigit() else self.sizes[size]
