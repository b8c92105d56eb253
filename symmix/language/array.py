"""A kernel expression with the shape of a SymPy matrix."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from symmix.errors import UnsupportedError
from symmix.kernel.networks import Expression
from symmix.kernel.scalars import ZERO, Polynomial

ROW, COLUMN = "\N{DOWNWARDS ARROW}", "\N{RIGHTWARDS ARROW}"  # free indices that no user symbol can be called


@dataclass(frozen=True)
class Array:
    """A kernel expression with its SymPy shape: ``ROW`` and ``COLUMN`` are free unless that size is 1 (None)."""

    expression: Expression
    rows: str | None = None
    columns: str | None = None

    @property
    def shape(self) -> tuple[str, str]:
        """The shape as a user would write it."""
        return self.rows or "1", self.columns or "1"

    @property
    def transposed(self) -> Array:
        """The transpose."""
        swapped = self.expression.rename({ROW: COLUMN, COLUMN: ROW})
        return Array(swapped, self.columns, self.rows)


def axes(rows: str | None, columns: str | None) -> dict[str, str]:
    """Return the free indices of an array of the given sizes; a size 1 (None) has none."""
    return {slot: dim for slot, dim in ((ROW, rows), (COLUMN, columns)) if dim is not None}


def as_coefficient(expression: Expression, source: sp.Basic) -> Polynomial:
    """Return an expression that is a mere coefficient; ``source`` is what the error names."""
    if expression.free or any(product for product in expression.terms):
        raise UnsupportedError(
            "a scalar built from numbers, named scalars and sizes",
            str(source),
            "divide by and take powers of such scalars only; name anything else and state what it satisfies",
        )
    return expression.terms.get((), ZERO)
