r"""The order in which people write products and sums, for print: the statement itself keeps its own.

In a product: the number, then what is built of parameters (letters, sizes, sums and ratios of them), then quantities
(names in capitals, ERM), entries, expectations, norms and traces, then matrices. Within a rank the written order is
kept, and the order of matrices always is: only what commutes moves. So ``ERM (1 - c)`` reads ``(1 - c) ERM``.

Sums over indices stand side by side, over i before j, and indices have letters (see :mod:`symmix.printing.indices`).

In a sum: the written order, but ``1 - 2 m + m2`` begins with its 1, and a common number of all terms, which SymPy
multiplies into each, stands before them: ``4 z' - 2 z - 2 u`` reads ``-2 (z - 2 z' + u)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from fractions import Fraction
from functools import cache
from math import gcd
from typing import Any

from symmix.legend import legend
from symmix.printing.indices import renamed
from symmix.terms import nodes as t
from symmix.terms.base import Node

_ONE = Fraction(1)


class Rank(IntEnum):
    """Where a factor stands in a product."""

    NUMBER = 0
    PARAMETER = 1
    QUANTITY = 2
    ENTRY = 3
    EXPECTATION = 4
    NORM = 5
    MATRIX = 6


_RANKS = (
    (t.Number, Rank.NUMBER),
    (t.Size | t.Identity | t.Ones | t.Zeros, Rank.PARAMETER),
    (t.Entry | t.Delta, Rank.ENTRY),
    (t.Expectation, Rank.EXPECTATION),
    (t.Trace | t.Gradient | t.At | t.Total, Rank.NORM),
)
_SIZES = ("K", "N")  # capitals that count something


@cache
def ordered(tree: t.Expression) -> t.Expression:
    """Return a tree of the same value with its factors and terms, its sums and their indices as people write them."""
    return _arranged(renamed(tree))


@cache
def _arranged(tree: t.Expression) -> t.Expression:
    parts = tuple(_ordered(part) for part in tree.parts)
    match tree:
        case t.Total():
            return _total(parts[0], parts[1])
        case t.Multiply():
            return _product(parts[0], tree)
        case t.Add():
            return _sum(parts[0])
        case t.Quotient():
            return _quotient(parts[0], parts[1], tree)
    return type(tree)(*parts)


def _ordered(part: Any) -> Any:
    match part:
        case t.Expression():
            return _arranged(part)
        case tuple():
            return tuple(_ordered(item) for item in part)
        case Node():
            return type(part)(*(_ordered(item) for item in part.parts))
    return part


def _total(indices: tuple[t.Index, ...], body: t.Expression) -> t.Expression:
    """Return a sum over i, then j; what is summed over both at once is one sum."""
    if isinstance(body, t.Total):
        indices, body = (*indices, *body.indices), body.body
    return t.Total(tuple(sorted(indices, key=lambda index: index.name)), body)


# -- products ---


def rank(factor: t.Expression) -> Rank:
    """Return where a factor stands; what is a number only because matrices have that shape stands among matrices."""
    if factor.shape != t.SCALAR or (isinstance(factor, t.Symbol) and factor.axes):
        return Rank.MATRIX
    if isinstance(factor, t.Symbol):
        return Rank.QUANTITY if factor.name[0].isupper() and factor.name not in _SIZES else Rank.PARAMETER
    if isinstance(factor, t.Add | t.Multiply | t.Power | t.Quotient):
        return max(Rank.PARAMETER, *(_rank_within(part) for part in factor.children()))
    return next((found for kinds, found in _RANKS if isinstance(factor, kinds)), Rank.MATRIX)


def _rank_within(part: Node) -> Rank:
    """Return the rank of a part of a sum or product; a sum over indices counts as what it sums."""
    if not isinstance(part, t.Expression):
        return Rank.NUMBER
    return rank(part.body) if isinstance(part, t.Total) else rank(part)


def _product(factors: Sequence[t.Expression], written: t.Multiply) -> t.Expression:
    spread = [part for factor, before in zip(factors, written.factors, strict=True) for part in _spread(factor, before)]
    if len(spread) != len(factors):  # numbers have come together
        number = _ONE
        for factor in spread:
            number *= factor.value if isinstance(factor, t.Number) else 1
        rest = [factor for factor in spread if not isinstance(factor, t.Number)]
        spread = [*([] if number == 1 else [t.Number(number)]), *rest]
    moved = sorted(spread, key=rank)
    return moved[0] if len(moved) == 1 else t.Multiply(tuple(moved))


def _spread(factor: t.Expression, written: t.Expression) -> Sequence[t.Expression]:
    """Return a factor as several: a number that was taken out of a sum, scalars over a number, scalars in brackets."""
    if rank(factor) >= Rank.NORM:
        return (factor,)
    if isinstance(factor, t.Multiply) and (isinstance(written, t.Add) or not isinstance(factor.factors[0], t.Number)):
        return factor.factors
    match factor:
        case t.Quotient(numerator=t.Multiply(factors=above), denominator=t.Number(value=value)) if value:
            return (t.Number(1 / value), *above)
    return (factor,)


def _quotient(above: t.Expression, below: t.Expression, written: t.Quotient) -> t.Expression:
    """Return a quotient; a number that was taken out below the bar is cancelled with one above it."""
    number, other = _number(below), _number(above)
    plain = number.denominator == other.denominator == 1 and below != written.denominator
    common = gcd(number.numerator, other.numerator) if plain else 1
    if common < 2:
        return t.Quotient(above, below)
    return t.Quotient(_divided(above, Fraction(common)), _divided(below, Fraction(common)))


# -- sums ---


def _sum(terms: Sequence[t.Expression]) -> t.Expression:
    number = _common(terms)
    if number != 1:
        terms = [_divided(term, number) for term in terms]
    plain = all(rank(term) <= Rank.PARAMETER for term in terms)
    if plain and _begins_with_its_number(terms):
        terms = sorted(terms, key=_place)
    elif number < 0 or _differs_in_marks(terms):  # what came first was put there for its sign
        marked = sorted(terms, key=_place)
        terms = sorted(terms if number == 1 else marked, key=_is_negative) if _is_negative(marked[0]) else marked
    whole = t.Add(tuple(terms))
    return whole if number == 1 else t.Multiply((t.Number(number), whole))


def _common(terms: Sequence[t.Expression]) -> Fraction:
    """Return the number to take out of a sum: negative if most terms are; 1 for none."""
    numbers = [_number(term) for term in terms]
    if 0 in numbers:
        return _ONE
    plain = all(rank(term) <= Rank.PARAMETER for term in terms)
    if not plain and not all(_is_atom(_divided(term, number)) for term, number in zip(terms, numbers, strict=True)):
        return _ONE
    below = {number.denominator for number in numbers}
    if below != {1} and not (plain and len(below) == 1):
        return _ONE
    found = Fraction(gcd(*(number.numerator for number in numbers)), below.pop())
    if found == 1:
        return _ONE
    negative = sum(number < 0 for number in numbers)
    shares = plain and numbers[-1] < 0 and isinstance(terms[-1], t.Number) and not _has_size(terms)
    return -found if 2 * negative > len(numbers) or shares else found


def _is_atom(term: t.Expression) -> bool:
    """Whether a term is short enough to be put in brackets."""
    base = term.of if isinstance(term, t.Transpose) else term
    return isinstance(base, t.Symbol | t.Size | t.Entry | t.Slice | t.Expectation)


def _differs_in_marks(terms: Sequence[t.Expression]) -> bool:
    """Whether three or more terms are one letter with different marks: z - 2 z' + z_+."""
    atoms = [_divided(term, _number(term)) for term in terms if _number(term)]
    names = [atom.name for atom in atoms if isinstance(atom, t.Symbol)]
    return len(names) == len(terms) > 2 and len({name[0] for name in names}) == 1


def _has_size(terms: Sequence[t.Expression]) -> bool:
    return any(isinstance(node, t.Size) for term in terms for node in term.walk())


def _number(term: t.Expression) -> Fraction:
    match term:
        case t.Number(value=value):
            return value
        case t.Multiply(factors=(t.Number(value=value), *rest)):
            return value * _number(rest[0]) if len(rest) == 1 else value
        case t.Quotient(numerator=numerator, denominator=t.Number(value=value)) if value:
            return _number(numerator) / value
    return _ONE


def _divided(term: t.Expression, by: Fraction) -> t.Expression:
    """Return a term over a number that divides its own."""
    number = _number(term) / by
    match term:
        case t.Number():
            return t.Number(number)
        case t.Multiply(factors=(t.Number(), *rest)):
            body: Sequence[t.Expression] = [_divided(rest[0], _number(rest[0]))] if len(rest) == 1 else rest
        case t.Quotient(numerator=numerator) if _number(numerator):
            inner = _divided(numerator, _number(numerator))
            body = inner.factors if isinstance(inner, t.Multiply) else [inner]
        case _:
            body = [term]
    factors = [*([] if number == 1 else [t.Number(number)]), *(x for x in body if x != t.Number(_ONE))]
    if not factors:
        return t.Number(_ONE)
    return factors[0] if len(factors) == 1 else t.Multiply(tuple(factors))


def _begins_with_its_number(terms: Sequence[t.Expression]) -> bool:
    """Whether a sum of parameters has a positive number and something to take away from it."""
    numbers = [term for term in terms if isinstance(term, t.Number)]
    return len(numbers) == 1 and numbers[0].value > 0 and any(map(_is_negative, terms))


def _is_negative(term: t.Expression) -> bool:
    return _number(term) < 0


def _place(term: t.Expression) -> tuple[int, str]:
    """Return where a term stands by its first name in the legend; a number comes first."""
    names = [node.name for node in term.walk() if isinstance(node, t.Symbol | t.Size)]
    return min(((_places().get(name, len(_places())), name) for name in names), default=(-1, ""))


@cache
def _places() -> dict[str, int]:
    return {entry.name: place for place, entry in enumerate(legend())}
