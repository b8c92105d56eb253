"""A kernel expression with the shape of a SymPy matrix."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from symmix.errors import DimensionError, UnsupportedError
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


def times(left: Array, right: Array, node: sp.Basic) -> Array:
    """Return the matrix product; ``node`` is what the error names."""
    if left.columns != right.rows:
        raise DimensionError(
            f"matching inner sizes in the product {node}",
            f"a factor of shape {left.shape} before one of shape {right.shape}",
            "transpose a factor; a 1x1 matrix M becomes a scalar as M[0, 0]",
        )
    if left.columns is None:
        return Array(left.expression * right.expression, left.rows, right.columns)
    inner = "\N{RIGHTWARDS ARROW}\N{DOWNWARDS ARROW}"
    product = left.expression.rename({COLUMN: inner}) * right.expression.rename({ROW: inner})
    return Array(product.sum(inner), left.rows, right.columns)


def entrywise(left: Array, right: Array, node: sp.Basic) -> Array:
    """Return the Hadamard product."""
    if left.shape != right.shape:
        raise DimensionError(f"factors of one shape in {node}", f"{left.shape} and {right.shape}", "check the shapes")
    return Array(left.expression * right.expression, left.rows, left.columns)


def require_square(array: Array, node: sp.Basic) -> None:
    """Refuse an array that is not square."""
    if array.rows != array.columns:
        raise DimensionError("a square matrix", f"shape {array.shape} in {node}", "check the order of the factors")
