"""Matrices of anything that can be added and multiplied: rationals, polynomials, rational functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from symmix.errors import DimensionError


@dataclass(frozen=True)
class Cells:
    """A matrix, row by row, with the operations of SymPy's matrix expressions by their definitions."""

    rows: Sequence[Sequence[Any]]

    @classmethod
    def of(cls, shape: tuple[int, int], entry: Callable[[int, int], Any]) -> Cells:
        """Return the matrix with the given entries."""
        return cls([[entry(i, j) for j in range(shape[1])] for i in range(shape[0])])

    @property
    def shape(self) -> tuple[int, int]:
        """The two sizes."""
        return len(self.rows), len(self.rows[0])

    @property
    def entries(self) -> list[Any]:
        """All entries, row by row."""
        return [x for row in self.rows for x in row]

    @property
    def T(self) -> Cells:  # noqa: N802 - as SymPy and NumPy call it
        """The transpose."""
        return Cells([list(column) for column in zip(*self.rows, strict=True)])

    def map(self, function: Callable[[Any], Any]) -> Cells:
        """Return the matrix with a function applied to each entry."""
        return Cells([[function(x) for x in row] for row in self.rows])

    def __add__(self, other: Cells) -> Cells:
        _require(self.shape == other.shape, "two matrices of one shape", f"{self.shape} and {other.shape}")
        return Cells.of(self.shape, lambda i, j: self.rows[i][j] + other.rows[i][j])

    def __mul__(self, other: Cells) -> Cells:
        _require(self.shape[1] == other.shape[0], "matching inner sizes", f"{self.shape} and {other.shape}")
        columns = other.T.rows
        return Cells(
            [[total(x * y for x, y in zip(row, column, strict=True)) for column in columns] for row in self.rows]
        )

    def entrywise(self, other: Cells) -> Cells:
        """Return the Hadamard product."""
        _require(self.shape == other.shape, "two matrices of one shape", f"{self.shape} and {other.shape}")
        return Cells.of(self.shape, lambda i, j: self.rows[i][j] * other.rows[i][j])

    def trace(self) -> Any:
        """Return the sum of the diagonal."""
        _require(self.shape[0] == self.shape[1], "a square matrix", f"{self.shape}")
        return total(self.rows[i][i] for i in range(self.shape[0]))

    def diagonal(self) -> Cells:
        """Return the diagonal as a column."""
        _require(self.shape[0] == self.shape[1], "a square matrix", f"{self.shape}")
        return Cells([[self.rows[i][i]] for i in range(self.shape[0])])

    def spread(self) -> Cells:
        """Return the diagonal matrix of a row or column."""
        entries = self.entries
        _require(len(entries) == max(self.shape), "a row or a column", f"{self.shape}")
        return Cells.of((len(entries), len(entries)), lambda i, j: entries[i] if i == j else 0 * entries[i])

    def power(self, exponent: int) -> Cells:
        """Return a power of a square matrix."""
        _require(self.shape[0] == self.shape[1], "a square matrix", f"{self.shape}")
        result = Cells.of(self.shape, lambda i, j: int(i == j))
        for _ in range(exponent):
            result = result * self
        return result


def total(terms: Iterable[Any]) -> Any:
    """Return a sum."""
    terms = iter(terms)
    result = next(terms, 0)
    for term in terms:
        result = result + term
    return result


def _require(holds: bool, required: str, arrived: str) -> None:  # noqa: FBT001 - reads as a sentence where it is used
    if not holds:
        raise DimensionError(required, arrived, "check the shapes of the symbols")
