"""Exact linear algebra over polynomials: whether a row is a combination of others, and which.

Rows are eliminated with pivots that are units; only what is left when there are none is multiplied crosswise, and then
a multiple of the goal is what is combined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from heapq import heapify, heappop, heappush
from operator import add, neg, sub
from typing import Any, TypeVar

from symmix.kernel.products import Product
from symmix.kernel.scalars import ONE, Polynomial, Powers, Rational, exact
from symmix.metering import spend

Key = TypeVar("Key")
Exponents = tuple[int, ...]


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
    pivots: list[tuple[Product, Combined]] = field(default_factory=list)  # with the column that each is solved for
    ages: dict[Product, int] = field(default_factory=dict)  # the place of each column among the pivots
    hard: list[Combined] = field(default_factory=list)  # rows in which no coefficient is a unit
    nothing: list[dict[int, Polynomial]] = field(default_factory=list)  # combinations of rows that are zero
    count: int = 0

    def copy(self) -> System:
        """Return a system of its own with the same rows."""
        return replace(self, pivots=list(self.pivots), ages=dict(self.ages), hard=list(self.hard), nothing=[])

    def add(self, row: Mapping[Product, Polynomial], *, told: bool = True) -> None:
        """Add a row; how often one is taken that is not ``told`` is left out of all combinations."""
        self._enter(Combined(dict(row), {self.count: ONE} if told else {}))
        self.count += told

    def reduced(self, row: Mapping[Product, Polynomial]) -> Mapping[Product, Polynomial]:
        """Return what is left of a row that pivots are subtracted from: as a row of a copy it is the same."""
        return self._reduced(Combined(dict(row), {})).row

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
        self.ages[column] = len(self.pivots)
        self.pivots.append((column, new if inverse is None else new.times(inverse)))
        waiting, self.hard = self.hard, []
        for other in waiting:
            self._enter(other)

    def _reduced(self, new: Combined) -> Combined:
        """Subtract pivots until no column of one is left: the eldest first, which leave none for those before them."""
        row, of = dict(new.row), dict(new.of)
        waiting = [self.ages[c] for c in row if c in self.ages]
        heapify(waiting)
        while waiting:
            column, pivot = self.pivots[heappop(waiting)]
            scale = row.get(column)
            if scale is None:  # it has gone since, or was twice in the queue
                continue
            for other in _subtract(row, pivot.row, scale):
                if other in self.ages:
                    heappush(waiting, self.ages[other])
            _subtract(of, pivot.of, scale)
        return Combined(row, of)

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
        """Eliminate with pivots that are no units; the goal is multiplied by them, and divided by what goes out.

        What was multiplied by a pivot is divided by the one before, as Bareiss does: entries are determinants of the
        rows then, and no powers of them.
        """
        rows = [self._reduced(row) for row in self.hard]
        rows = [row for row in rows if row.row]
        factor, before = ONE, ONE
        while left.row:
            column = max(left.row, key=self.rank)
            able = [row for row in rows if column in row.row]
            if not able:
                return None
            pivot = min(able, key=lambda row: len(row.row[column].terms))
            others = [_crossed(row, pivot, column) for row in rows if row is not pivot]
            rows = [row if scale == ONE else _lowered(row, before) or row for row, scale in others if row.row]
            left, scale = _crossed(left, pivot, column)
            if scale != ONE:
                left, factor = _cancelled(left, factor * scale, before)
            before = pivot.row[column]
        return _cancelled(left, factor, factor)


def _crossed(row: Combined, pivot: Combined, column: Product) -> tuple[Combined, Polynomial]:
    """Return a multiple of a row without a column, and the factor: one if the entry divides."""
    if column not in row.row:
        return row, ONE
    above, below = row.row[column], pivot.row[column]
    whole = quotient(above, below)
    if whole is not None:
        return row.minus(pivot, whole), ONE
    return row.times(below).minus(pivot, above), below


def _cancelled(left: Combined, factor: Polynomial, by: Polynomial) -> tuple[Combined, Polynomial]:
    """Divide a combination and the factor of the goal where that goes without rest."""
    less = quotient(factor, by)
    lower = None if less is None else _lowered(left, by)
    return (left, factor) if less is None or lower is None else (lower, less)


def _lowered(row: Combined, by: Polynomial) -> Combined | None:
    """Divide a row and its combination, if that goes without rest."""
    if by == ONE:
        return row
    entries, of = _divided(row.row, by), _divided(row.of, by)
    return None if entries is None or of is None else Combined(entries, of)


def _divided(row: Mapping[Key, Polynomial], by: Polynomial) -> dict[Key, Polynomial] | None:
    found: dict[Key, Polynomial] = {}
    for key, x in row.items():
        whole = quotient(x, by)
        if whole is None:
            return None
        found[key] = whole
    return found


def _minus(row: Mapping[Key, Polynomial], other: Mapping[Key, Polynomial], scale: Polynomial) -> dict[Key, Polynomial]:
    total = dict(row)
    _subtract(total, other, scale)
    return total


def _subtract(row: dict[Key, Polynomial], other: Mapping[Key, Polynomial], scale: Polynomial) -> list[Key]:
    """Subtract a multiple of another row from a row, and return the columns that this brings."""
    brought, scale = list[Key](), -scale
    for column, x in other.items():
        value = scale * x
        if column not in row:
            brought.append(column)
            row[column] = value
        elif (total := value + row[column]).is_zero:
            del row[column]
        else:
            row[column] = total
    return brought


# -- polynomials ---


def quotient(dividend: Polynomial, divisor: Polynomial) -> Polynomial | None:
    """Return dividend / divisor if that is a polynomial (with negative powers of what has them), else None."""
    inverse = divisor.reciprocal()
    if inverse is not None and not divisor.names:
        return dividend * inverse
    shifted, down = _without_negative(dividend)
    below, up = _without_negative(divisor)
    names = sorted(shifted.names | below.names)
    (lead, first), *tail = sorted(_by_exponents(below, names).items(), reverse=True)
    rest, found = _by_exponents(shifted, names), list[tuple[Powers, Rational]]()
    waiting = [_turned(exponents) for exponents in rest]  # the highest comes first
    heapify(waiting)
    while waiting:
        top = _turned(heappop(waiting))
        value = rest.pop(top, 0)
        if not value:
            continue
        over = tuple(map(sub, top, lead))
        if min(over, default=0) < 0:
            return None
        spend(1 + len(tail))
        part = exact(Fraction(value) / first)
        found.append((tuple((name, e) for name, e in zip(names, over, strict=True) if e), part))
        for exponents, x in tail:
            place = tuple(map(add, over, exponents))
            if place not in rest:
                heappush(waiting, _turned(place))
            rest[place] = rest.get(place, 0) - part * x
    return Polynomial(found) * up * _inverse(down)


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


def _by_exponents(polynomial: Polynomial, names: list[str]) -> dict[Exponents, Rational]:
    known = [(dict(powers), c) for powers, c in polynomial.terms.items()]
    return {tuple([powers.get(name, 0) for name in names]): c for powers, c in known}


def _turned(exponents: Exponents) -> Exponents:
    """Return exponents of which the least are those of the highest term, and back."""
    return tuple(map(neg, exponents))
