"""Matrices of anything that can be added and multiplied: rationals, polynomials, SymPy expressions. For the oracle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp


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
        assert self.shape == other.shape
        return Cells.of(self.shape, lambda i, j: self.rows[i][j] + other.rows[i][j])

    def __mul__(self, other: Cells) -> Cells:
        assert self.shape[1] == other.shape[0]
        columns = other.T.rows
        return Cells(
            [[total(x * y for x, y in zip(row, column, strict=True)) for column in columns] for row in self.rows]
        )

    def entrywise(self, other: Cells) -> Cells:
        """Return the Hadamard product."""
        assert self.shape == other.shape
        return Cells.of(self.shape, lambda i, j: self.rows[i][j] * other.rows[i][j])

    def trace(self) -> Any:
        """Return the sum of the diagonal."""
        assert self.shape[0] == self.shape[1]
        return total(self.rows[i][i] for i in range(self.shape[0]))

    def diagonal(self) -> Cells:
        """Return the diagonal as a column."""
        assert self.shape[0] == self.shape[1]
        return Cells([[self.rows[i][i]] for i in range(self.shape[0])])

    def spread(self) -> Cells:
        """Return the diagonal matrix of a row or column."""
        entries = self.entries
        assert len(entries) == max(self.shape)
        return Cells.of((len(entries), len(entries)), lambda i, j: entries[i] if i == j else 0 * entries[i])

    def power(self, exponent: int) -> Cells:
        """Return a power of a square matrix."""
        assert self.shape[0] == self.shape[1]
        result = Cells.of(self.shape, lambda i, j: sp.QQ(int(i == j)))
        for _ in range(exponent):
            result = result * self
        return result


def total(terms: Iterable[Any]) -> Any:
    """Return a sum."""
    terms = iter(terms)
    result = next(terms, sp.QQ(0))
    for term in terms:
        result = result + term
    return result
