"""Expressions with the shape of a matrix: the two axes are free indices that no symbol's index can be called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symmix.kernel.networks import Expression, ones
from symmix.kernel.products import Tensor

ROW, COLUMN = "\N{DOWNWARDS ARROW}", "\N{RIGHTWARDS ARROW}"
_INNER = COLUMN + ROW


@dataclass(frozen=True)
class Array:
    """An expression over ``ROW`` and ``COLUMN``, each unless that size is 1 (None), and over sample indices."""

    expression: Expression
    rows: str | None = None
    columns: str | None = None

    @property
    def shape(self) -> tuple[str, str]:
        """The shape as it is written."""
        return self.rows or "1", self.columns or "1"

    @property
    def transposed(self) -> Array:
        """The transpose."""
        return Array(self.expression.rename({ROW: COLUMN, COLUMN: ROW}), self.columns, self.rows)

    def __matmul__(self, other: Array) -> Array:
        if self.columns is None:
            return Array(self.expression * other.expression, self.rows, other.columns)
        product = self.expression.rename({COLUMN: _INNER}) * other.expression.rename({ROW: _INNER})
        return Array(product.sum(_INNER), self.rows, other.columns)


def dim(size: str) -> str | None:
    """Return the kernel's dimension for a size: none for 1."""
    return None if size == "1" else size


def axes(rows: str | None, columns: str | None) -> dict[str, str]:
    """Return the free indices of an array of the given sizes."""
    return {slot: size for slot, size in ((ROW, rows), (COLUMN, columns)) if size is not None}


def tensor(name: str, sizes: Sequence[str]) -> Tensor:
    """Return the tensor of a symbol: it has a slot for each axis whose size is not 1."""
    return Tensor(name, tuple(size for size in sizes if size != "1"))


def aligned(expressions: Sequence[Expression]) -> list[Expression]:
    """Give all expressions the same free indices: what does not depend on a sample holds for each of them."""
    free: dict[str, str] = {}
    for expression in expressions:
        free.update(expression.free)
    return [
        e * ones(**lack) if (lack := {i: d for i, d in free.items() if i not in e.free}) else e for e in expressions
    ]
