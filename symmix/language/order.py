"""The order in which sums and products are read.

SymPy sorts the arguments of what it evaluates: ``y - W z`` arrives as ``-W z + y``. Where they stand in SymPy's order,
the written order is lost, and they are put in the order in which the field reads them. Where they do not, the user
chose the order, and it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cache, cached_property, cmp_to_key, lru_cache
from typing import cast

import sympy as sp
from sympy.core.sorting import default_sort_key

from symmix.notation import legend
from symmix.terms import nodes as t

_compared = cmp_to_key(sp.Basic.compare)
MINUS_ONE = t.Number(Fraction(-1))


# -- what SymPy sorted ---


def is_sorted(node: sp.Basic) -> bool:
    """Whether the arguments of a sum or product stand in the order in which SymPy puts them."""
    if isinstance(node, sp.MatAdd):
        return list(node.args) == sorted(node.args, key=default_sort_key)
    if isinstance(node, sp.MatMul):  # a number or product of scalars, then matrices
        return all(isinstance(arg, sp.MatrixExpr) for arg in node.args[1:])
    number = [arg for arg in node.args if isinstance(arg, sp.Number)]
    rest = [arg for arg in node.args if not isinstance(arg, sp.Number)]
    if len(number) > 1 or any(isinstance(arg, sp.MatrixExpr) for arg in rest):
        return False
    return list(node.args) == [*number, *sorted(rest, key=_compared)]


def complement(factor: sp.Basic) -> bool:
    """Whether a factor is s - 1 for a scalar s that is no whole number: it reads better as -(1 - s)."""
    if not isinstance(factor, sp.Add) or len(factor.args) != 2 or factor.args[0] != -1:
        return False
    return isinstance(factor.args[1], sp.Symbol) and not factor.args[1].is_integer


def turned(tree: t.Expression) -> t.Expression:
    """Return 1 - s for s - 1."""
    symbol = cast("t.Symbol", next(iter(tree.children())))  # what is subtracted comes last
    return t.Add((t.Number(Fraction(1)), t.Multiply((MINUS_ONE, symbol))))


# -- in reading order ---


class _Tie:
    """A tree in a sort key, written out only where everything before it is equal: that takes long."""

    def __init__(self, tree: t.Expression) -> None:
        self.tree = tree

    @cached_property
    def text(self) -> str:
        return str(self.tree)

    def __lt__(self, other: _Tie) -> bool:
        return self.text < other.text


def terms_in_order(terms: Sequence[t.Expression]) -> list[t.Expression]:
    """Return the terms of a sum: positive ones first, then by the legend: y before W z, lam before 1 - lam."""

    def place(term: t.Expression) -> tuple[object, ...]:
        names = list(_names(term))
        ranks = _ranks(names)
        negative = _is_negative(term)
        return negative, not ranks and not negative, ranks, names, _Tie(term)

    return sorted(terms, key=place)


def scalars_in_order(factors: Sequence[t.Expression]) -> list[t.Expression]:
    """Return scalar factors: numbers, letters and shares 1 - s, sums, then what matrices are in."""
    return sorted(factors, key=_place) if len(factors) > 1 else list(factors)


@lru_cache(maxsize=1 << 10)
def _place(factor: t.Expression) -> tuple[object, ...]:
    base = factor.base if isinstance(factor, t.Power) else factor
    tensorial = any(isinstance(node, t.Symbol) and len(node.axes) == 2 for node in factor.walk())
    number = all(isinstance(node, t.Number | t.Power | t.Add | t.Multiply | t.Quotient) for node in factor.walk())
    is_sum = isinstance(base, t.Add)
    return (
        not number,
        tensorial,
        isinstance(base, t.Add) and not _is_share(base),
        _ranks(_names(factor)),
        is_sum,
        _Tie(factor),
    )


def _is_share(tree: t.Add) -> bool:
    """Whether a sum is 1 - s for a scalar s."""
    one, *others = tree.terms
    if one != t.Number(Fraction(1)) or len(others) != 1:
        return False
    match others[0]:
        case t.Multiply(factors=(number, t.Symbol())):
            return number == MINUS_ONE
    return False


def _is_negative(term: t.Expression) -> bool:
    first = term.factors[0] if isinstance(term, t.Multiply) else term
    return isinstance(first, t.Number) and first.value < 0


def _names(tree: t.Expression) -> Iterator[str]:
    """Run through the names in a term in the order of its factors, matrices first; shapes do not count."""
    if isinstance(tree, t.Multiply):
        scalars = [factor for factor in tree.factors if factor.shape == t.SCALAR]
        for factor in (*tree.matrices, *scalars):
            yield from _names(factor)
        return
    for part in tree.parts:
        if isinstance(part, str):
            yield part
        for inside in part if isinstance(part, tuple) else (part,):
            if isinstance(inside, t.Expression):
                yield from _names(inside)
            elif isinstance(tree, t.Entry):
                yield str(inside)


def _ranks(names: Iterable[str]) -> list[int]:
    ranks = _rank()
    return [ranks.get(name, len(ranks)) for name in names]


@cache
def _rank() -> dict[str, int]:
    return {entry.name: place for place, entry in enumerate(legend())}


# -- products ---


def multiplied(factors: Sequence[t.Expression]) -> t.Expression:
    """Return a product, one factor as it is, no factor as 1."""
    if not factors:
        return t.Number(Fraction(1))
    return factors[0] if len(factors) == 1 else t.Multiply(tuple(factors))


def scaled(
    number: Fraction, above: Sequence[t.Expression], below: Sequence[t.Expression], matrices: Sequence[t.Expression]
) -> t.Expression:
    """Return a product as the field writes it: sign, number, scalars over a denominator, matrices."""
    positive, sign = abs(number), [MINUS_ONE] if number < 0 else []
    if not above and not below:  # a number, and matrices
        if not matrices:
            return t.Number(number)
        return multiplied([*([] if number == 1 else [t.Number(number)]), *matrices])
    if not below and positive.denominator == 1:
        return multiplied([*([] if number == 1 else [t.Number(number)]), *above, *matrices])
    numerator = [*([] if positive.numerator == 1 else [t.Number(Fraction(positive.numerator))]), *above]
    denominator = [*([] if positive.denominator == 1 else [t.Number(Fraction(positive.denominator))]), *below]
    fraction = t.Quotient(multiplied(numerator), multiplied(denominator))
    return multiplied([*sign, fraction, *matrices])
