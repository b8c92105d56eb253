"""Exact linear algebra over polynomials: whether a row is a combination of others, and which.

Rows are eliminated with pivots that are units; only what is left when there are none is multiplied crosswise, and then
a multiple of the goal is what is combined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, TypeVar

from symmix.kernel.products import Product
from symmix.kernel.scalars import ONE, ZERO, Polynomial

Key = TypeVar("Key")


@dataclass
class Combined:
    """A row with the combination of the given rows that it is."""

    row: dict[Product, Polynomial]
    of: dict[int, Polynomial]

    def minus(self, other: Combined, scale: Polynomial) -> Combined:
        """Return this minus a multiple of another."""
        return Combined(_minus(self.row, other.row, scale), _minus(self.of, other.of, scale))

    def times(self, scale: Polynomial) -> Combined:
        """Return a multiple."""
        return Combined({c: x * scale for c, x in self.row.items()}, {c: x * scale for c, x in self.of.items()})


@dataclass
class System:
    """Rows that have been eliminated so far."""

    is_unit: Callable[[Polynomial], bool]
    rank: Callable[[Product], Any]  # the highest is eliminated first
    pivots: dict[Product, Combined] = field(default_factory=dict)
    hard: list[Combined] = field(default_factory=list)  # rows in which no coefficient is a unit
    nothing: list[dict[int, Polynomial]] = field(default_factory=list)  # combinations of rows that are zero
    count: int = 0

    def copy(self) -> System:
        """Return a system of its own with the same rows."""
        return replace(self, pivots=dict(self.pivots), hard=list(self.hard), nothing=[])

    def add(self, row: Mapping[Product, Polynomial], *, told: bool = True) -> None:
        """Add a row; how often one is taken that is not ``told`` is left out of all combinations."""
        self._enter(Combined(dict(row), {self.count: ONE} if told else {}))
        self.count += told

    def _enter(self, new: Combined) -> None:
        new = self._reduced(new)
        units = [c for c, x in new.row.items() if self.is_unit(x)]
        if not units:
            if new.row:
                self.hard.append(new)
            else:
                self.nothing.append(new.of)
            return
        column = max(units, key=self.rank)
        inverse = new.row[column].reciprocal()
        self.pivots[column] = new if inverse is None else new.times(inverse)
        waiting, self.hard = self.hard, []
        for other in waiting:
            self._enter(other)

    def _reduced(self, new: Combined) -> Combined:
        """Subtract pivots until no column of one is left."""
        while found := [c for c in new.row if c in self.pivots]:
            column = max(found, key=self.rank)
            new = new.minus(self.pivots[column], new.row[column])
        return new

    def solve(self, goal: Mapping[Product, Polynomial]) -> tuple[Polynomial, dict[int, Polynomial]] | None:
        """Return a factor and the combination of the rows that is the goal times the factor, or None."""
        left = self._reduced(Combined(dict(goal), {}))
        factor = ONE
        if left.row:
            solved = self._crosswise(left)
            if solved is None:
                return None
            left, factor = solved
        return factor, {number: -x for number, x in left.of.items()}

    def _crosswise(self, left: Combined) -> tuple[Combined, Polynomial] | None:
        """Eliminate with pivots that are no units; the goal is multiplied by them, and divided by what goes out."""
        rows = [self._reduced(row) for row in self.hard]
        rows = [row for row in rows if row.row]
        factor = ONE
        while left.row:
            column = max(left.row, key=self.rank)
            able = [row for row in rows if column in row.row]
            if not able:
                return None
            pivot = min(able, key=lambda row: len(row.row[column].terms))
            rows = [_crossed(row, pivot, column)[0] for row in rows if row is not pivot]
            rows = [row for row in rows if row.row]
            left, scale = _crossed(left, pivot, column)
            factor = factor * scale
        return _cancelled(left, factor)


def _crossed(row: Combined, pivot: Combined, column: Product) -> tuple[Combined, Polynomial]:
    """Return a multiple of a row without a column, and the factor: one if the entry divides."""
    if column not in row.row:
        return row, ONE
    above, below = row.row[column], pivot.row[column]
    whole = quotient(above, below)
    if whole is not None:
        return row.minus(pivot, whole), ONE
    return row.times(below).minus(pivot, above), below


def _cancelled(left: Combined, factor: Polynomial) -> tuple[Combined, Polynomial]:
    """Divide goal and combination by the factor where that goes without rest."""
    if factor == ONE:
        return left, factor
    divided = {number: quotient(x, factor) for number, x in left.of.items()}
    if all(x is not None for x in divided.values()):
        return Combined({}, {number: x for number, x in divided.items() if x is not None}), ONE
    return left, factor


def _minus(row: Mapping[Key, Polynomial], other: Mapping[Key, Polynomial], scale: Polynomial) -> dict[Key, Polynomial]:
    total, scale = dict(row), -scale
    for column, x in other.items():
        value = scale * x + total[column] if column in total else scale * x
        if value.is_zero:
            total.pop(column, None)
        else:
            total[column] = value
    return total


# -- polynomials ---


def quotient(dividend: Polynomial, divisor: Polynomial) -> Polynomial | None:
    """Return dividend / divisor if that is a polynomial (with negative powers of what has them), else None."""
    inverse = divisor.reciprocal()
    if inverse is not None and not divisor.names:
        return dividend * inverse
    shifted, down = _without_negative(dividend)
    below, up = _without_negative(divisor)
    names = sorted(shifted.names | below.names)
    lead = max(below.terms, key=lambda powers: _exponents(powers, names))
    found, rest = ZERO, shifted
    while not rest.is_zero:
        top = max(rest.terms, key=lambda powers: _exponents(powers, names))
        difference = [a - b for a, b in zip(_exponents(top, names), _exponents(lead, names), strict=True)]
        if any(e < 0 for e in difference):
            return None
        powers = tuple((name, e) for name, e in zip(names, difference, strict=True) if e)
        term = Polynomial([(powers, Fraction(rest.terms[top], below.terms[lead]))])
        found, rest = found + term, rest - term * below
    return found * up * _inverse(down)


def _without_negative(polynomial: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Return a polynomial without negative powers, and the term that it was multiplied by."""
    least: dict[str, int] = {}
    for powers in polynomial.terms:
        for name, exponent in powers:
            least[name] = min(least.get(name, 0), exponent)
    scale = Polynomial([(tuple(sorted((name, -e) for name, e in least.items() if e)), 1)])
    return polynomial * scale, scale


def _inverse(term: Polynomial) -> Polynomial:
    found = term.reciprocal()
    return ONE if found is None else found


def _exponents(powers: tuple[tuple[str, int], ...], names: list[str]) -> tuple[int, ...]:
    known = dict(powers)
    return tuple(known.get(name, 0) for name in names)
