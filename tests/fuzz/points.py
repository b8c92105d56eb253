"""Exact points that meet a claim's assumptions, conditions and hypotheses, several sizes at a time."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from itertools import product
from random import Random
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from symmix.language import ForAll
from tests.fuzz.algebra import Meaningless, Undefined
from tests.fuzz.claims import Claim, listed, ranges_of
from tests.fuzz.components import Index, Scope, matrix, scalar, size
from tests.fuzz.moments import possible

_NUMBERS = [Fraction(n, d) for n, d in ((0, 1), (1, 1), (-1, 1), (2, 1), (3, 1), (-2, 1), (1, 2), (-1, 2), (1, 3))]
_NUMBERS += [Fraction(5), Fraction(-3), Fraction(3, 2), Fraction(7, 4), Fraction(-5, 3), Fraction(2, 3), Fraction(4)]
_TRIES = 40


def drawn(claim: Claim, random: Random) -> Scope | None:
    """Return a point where the claim has to hold, or None if none was found."""
    for _ in range(_TRIES):
        scope = _draw(claim, random)
        try:
            if scope is not None:
                scope = _solved(scope, claim, random)
            if scope is not None and meets(claim, scope):
                return scope
        except Undefined:
            continue
    return None


def meets(claim: Claim, scope: Scope) -> bool:
    """Whether conditions hold, hypotheses vanish, and the moments are those of some distribution."""
    return (
        all(holds(relation, scope) for relation in claim.conditions)
        and all(value for e in listed(claim.provided) for row in matrix(e, scope) for value in row)
        and all(is_met(hypothesis, scope) for hypothesis in listed(claim.where))
        and possible(claim, scope)
    )


def is_met(hypothesis: Any, scope: Scope) -> bool:
    """Whether a hypothesis holds: about the samples of the scope, or about all."""
    if not isinstance(hypothesis, ForAll):
        return vanishes(hypothesis, scope)
    ranges = [
        [(index, Index(position)) for position in range(size(length, scope))] for index, length in ranges_of(hypothesis)
    ]
    return all(vanishes(hypothesis.body, scope.bound(dict(picked))) for picked in product(*ranges))


def vanishes(expression: sp.Basic, scope: Scope) -> bool:
    """Whether all entries are zero."""
    return not any(value for row in matrix(expression, scope) for value in row)


def holds(relation: Any, scope: Scope) -> bool:
    """Evaluate a relation between scalars."""
    if relation in (sp.true, sp.false):
        return bool(relation)
    left, right = scalar(relation.lhs, scope), scalar(relation.rhs, scope)
    return bool(sp.sympify(type(relation)(sp.Rational(str(left)), sp.Rational(str(right)))))


@cache
def fits(symbol: sp.Symbol, value: Fraction) -> bool:
    """Whether a number has every property that SymPy assumes of a symbol."""
    number = sp.Rational(value.numerator, value.denominator)
    for fact, truth in symbol.assumptions0.items():
        known = getattr(number, f"is_{fact}")
        if known is not None and known != truth:
            return False
    return True


def number_for(symbol: sp.Symbol, random: Random) -> Fraction | None:
    """Draw a number that a symbol may stand for."""
    for _ in range(60):
        value = random.choice(_NUMBERS)
        if fits(symbol, value):
            return value
    return None


def _draw(claim: Claim, random: Random) -> Scope | None:
    symbols = claim.all_symbols
    scalars, tensors, sizes = (sorted(kind, key=_order) for kind in (symbols.scalars, symbols.tensors, symbols.sizes))
    values: dict[sp.Basic, Any] = {}
    lengths = random.sample(range(1, max(4, len(sizes) + 1)), len(sizes))
    if random.random() < 0.2:  # different sizes are the rule; equal ones hide what different ones show, and conversely
        lengths = [random.randint(1, 3) for _ in sizes]
    for symbol, length in zip(sizes, lengths, strict=True):
        values[symbol] = length if fits(symbol, Fraction(length)) else _length(symbol, random)
    for symbol in scalars:
        if symbol not in values:
            value = _ranged(claim, symbol, random) if symbol in claim.ranges else number_for(symbol, random)
            if value is None:
                return None
            values[symbol] = int(value) if value.denominator == 1 else value
    plain = Scope(values)
    for tensor in tensors:
        values[tensor] = entries_for(tensor, plain, random)
        if tensor in claim.properties:
            values[tensor] = made(values[tensor], claim.properties[tensor])
    samples = {i: Index(random.randrange(int(values.get(length, length)))) for i, length in claim.indices.items()}
    return Scope(values, samples, samples, claim.definitions)


def entries_for(tensor: Any, scope: Scope, random: Random) -> Any:
    """Draw the entries of a matrix or an array."""
    shape = [int(scalar(sp.sympify(length), scope)) for length in tensor.shape]  # type: ignore[arg-type]
    entries = {place: _entry(random) for place in product(*map(range, shape))}
    return as_rows(entries, shape) if isinstance(tensor, sp.MatrixSymbol) else entries


def made(rows: list[list[Any]], word: str) -> list[list[Any]]:
    """Return a square matrix with a property, made of any."""
    sign = {"symmetric": 1, "skew": -1}.get(word, 0)
    places = range(len(rows))
    turned = [[rows[i][j] + sign * rows[j][i] for j in places] for i in places]
    return turned if sign else [[x if i == j else 0 for j, x in enumerate(row)] for i, row in enumerate(rows)]


def as_rows(entries: Mapping[tuple[int, ...], Any], shape: list[int]) -> list[list[Any]]:
    """Lay a table with two indices out as rows."""
    return [[entries[r, c] for c in range(shape[1])] for r in range(shape[0])]


def _order(symbol: Any) -> tuple[str, str]:
    return str(symbol.name), str(sorted(getattr(symbol, "assumptions0", {}).items()))


def _length(symbol: sp.Symbol, random: Random) -> int:
    return next((s for s in random.sample(range(1, 8), 7) if fits(symbol, Fraction(s))), 1)


def _entry(random: Random) -> int | Fraction:
    return Fraction(random.randint(-5, 5), 2) if random.random() < 0.1 else random.randint(-3, 3)


def _ranged(claim: Claim, symbol: sp.Symbol, random: Random) -> Fraction | None:
    low, high = (sp.sympify(bound) for bound in claim.ranges[symbol])
    for _ in range(60):
        share = Fraction(random.randint(1, 19), 20)
        if low == -sp.oo:
            value = (Fraction(0) if high == sp.oo else Fraction(int(high.p), int(high.q))) - (
                share - Fraction(int(high == sp.oo), 2)
            ) * random.choice([1, 5, 40])
        elif high == sp.oo:
            value = Fraction(int(low.p), int(low.q)) + share * random.choice([1, 5, 40])
        else:
            value = Fraction(int(low.p), int(low.q)) * (1 - share) + Fraction(int(high.p), int(high.q)) * share
        value = Fraction(round(value)) if symbol.is_integer else value
        if fits(symbol, value) and low < value < high:
            return value
    return None


def _solved(scope: Scope, claim: Claim, random: Random) -> Scope | None:
    for target, expression in random.choice(claim.solutions):
        value = matrix(sp.sympify(expression), scope)
        if isinstance(target, MatrixElement):
            rows = [list(row) for row in scope.of(target.parent)]
            rows[scope.indices[target.i].position if target.i in scope.indices else int(target.i)][
                scope.indices[target.j].position if target.j in scope.indices else int(target.j)
            ] = value[0][0]
            scope = scope.having({target.parent: rows})
        elif isinstance(target, sp.MatrixSymbol):
            scope = scope.having({target: value})
        else:
            number = value[0][0]
            if not isinstance(number, int | Fraction) or not fits(target, Fraction(number)):
                return None
            scope = scope.having({target: number})
    return scope


__all__ = ["Meaningless", "as_rows", "drawn", "entries_for", "fits", "holds", "made", "meets", "number_for", "vanishes"]
