"""The figures' formulas at exact points: what the page's numbers are compared with.

The points are binary fractions with few digits, so that what JavaScript computes has no rounding error.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from unittest import mock

from symmix.terms import nodes as t
from tests import trees
from tests.trees import Matrix, Point

Given = Mapping[str, list[list[Fraction]]]


class Chosen(Point):
    """A point of values that are given."""

    def __init__(self, values: Given) -> None:
        super().__init__()
        self.values = values

    def drawn(self, key: object, rows: int, columns: int) -> Matrix:
        found = tuple(map(tuple, self.values[str(key)]))
        assert (len(found), len(found[0])) == (rows, columns), key
        return found


def value(expression: t.Expression, sizes: Mapping[str, int], values: Given) -> Matrix:
    """Return the exact value of a tree."""
    with mock.patch.dict(trees.AT, sizes):
        return Chosen(values).value(expression)


def number(text: str) -> list[list[Fraction]]:
    return [[Fraction(text)]]


def encoded(share: Fraction, bend: Fraction) -> list[list[Fraction]]:
    """Return the features of the figures' encoder, by hand."""
    return [[share + bend * share * (1 - share) * (1 - 2 * share)], [bend / 2 * share * (1 - share)]]


def plane(ratio: str, bend: str, error: str) -> Given:
    """Return the symbols of the first two figures."""
    lam = Fraction(ratio)
    start, end = [[Fraction(0)], [Fraction(0)]], [[Fraction(1)], [Fraction(0)]]
    mixed = encoded(1 - lam, Fraction(bend))
    gap = [[lam * a[0] + (1 - lam) * b[0] - c[0]] for a, b, c in zip(start, end, mixed, strict=True)]
    unit = [[Fraction(i == j) for j in range(4)] for i in range(4)]
    return {
        "lam": number(ratio), "W": [[Fraction(1), Fraction(0)]], "e": number(error), "e'": number(error),
        "J": unit[:2], "J'": unit[2:], "z": start, "z'": end, "z~": mixed, "gap": gap,
    }  # fmt: skip


def line(ratio: str, first: str, second: str) -> Given:
    """Return the symbols of the third figure: the ratio is lam or 1 - lam, with equal probability."""
    lam = Fraction(ratio)
    zero, one = Fraction(0), Fraction(1)
    return {
        "lam": number(ratio), "W": [[one]], "e": number(first), "e'": number(second), "J": [[one, zero]],
        "J'": [[zero, one]], "m": number("1/2"), "m2": [[(lam**2 + (1 - lam) ** 2) / 2]],
    }  # fmt: skip


def squared_length(column: Matrix) -> Fraction:
    return sum((row[0] ** 2 for row in column), Fraction(0))
