"""Likely causes of a wrong line: one slip undone at a time. What is named as a cause is a line that is itself proved.

The slips: a sign, a transpose, a factor 2 or 1/2, ``s`` for ``1 - s``, neighbouring factors exchanged, a mean 1/n that
was dropped or put in, a term that is missing, and an expectation that was dropped. The written side is changed at one
node (``s`` and ``1 - s`` also throughout); of several changes that mend it the first counts, and the number of those
that are tried is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, pairwise
from typing import Any

from symmix.errors import SymmixError
from symmix.terms import nodes as t
from symmix.terms.base import Node
from symmix.terms.names import is_fixed

MAX_TRIES = 120
_ONE, _MINUS, _TWO = (t.Number(Fraction(value)) for value in (1, -1, 2))


Means = Mapping[t.Symbol, tuple[t.Moment, ...]]  # of random symbols their moments


@dataclass(frozen=True)
class Mend:
    """A slip, in words, and the side without it."""

    slip: str
    side: t.Expression


def mend(
    side: t.Expression, rest: t.Expression | None, means: Means, proves: Callable[[t.Expression], bool]
) -> Mend | None:
    """Return the first change of a side with which it is proved; ``rest`` is what is missing of it.

    ``means`` are the moments of what it may have to be averaged over.
    """
    tried: set[t.Expression] = {side}
    for found in chain(candidates(side, rest), _averaged(side, means)):
        if found.side in tried:
            continue
        if len(tried) > MAX_TRIES:
            return None
        tried.add(found.side)
        try:
            if proves(found.side):
                return found
        except SymmixError:
            continue  # shapes do not fit: no mend
    return None


def candidates(side: t.Expression, rest: t.Expression | None) -> Iterator[Mend]:
    """Run through the changes of a side, the likeliest first."""
    for kind in (_signs, _transposes, _halves, _complements, _exchanges, _means):
        for node, rebuild in places(side):
            for slip, changed in kind(node):
                yield Mend(slip, rebuild(changed))
    for symbol in _scalars(side):
        yield Mend(f"{symbol} and 1 - {symbol} exchanged", _exchanged(side, symbol))
    for term in _missing(rest) if not _is_zero(side) else ():
        whole = side.terms if isinstance(side, t.Add) else (side,)
        yield Mend("a missing term", t.Add((*whole, term)))


Rebuild = Callable[[t.Expression], t.Expression]
Change = tuple[str, t.Expression]


def places(tree: t.Expression) -> Iterator[tuple[t.Expression, Rebuild]]:
    """Run through the nodes of an expression, each with how the whole looks with another one in its place."""
    yield tree, lambda new: new
    for number, part in enumerate(tree.parts):
        if isinstance(tree, t.Gradient | t.Jacobian | t.Expectation) and number > 0:
            continue  # the symbol, Jacobians and moments are not what was written on the line
        if isinstance(part, t.Expression):
            for node, rebuild in places(part):
                yield node, _outer(tree, number, None, rebuild)
        elif isinstance(part, tuple):
            for place, item in enumerate(part):
                if isinstance(item, t.Expression):
                    for node, rebuild in places(item):
                        yield node, _outer(tree, number, place, rebuild)


def _outer(tree: t.Expression, number: int, place: int | None, rebuild: Rebuild) -> Rebuild:
    def whole(new: t.Expression) -> t.Expression:
        parts: list[Any] = list(tree.parts)
        inner = rebuild(new)
        if place is None:
            parts[number] = inner
        else:
            new_ones = _factors_of_scalar(inner) if isinstance(tree, t.Multiply) else (inner,)
            parts[number] = (*parts[number][:place], *new_ones, *parts[number][place + 1 :])
        return type(tree)(*parts)

    return whole


def _factors_of_scalar(node: t.Expression) -> tuple[t.Expression, ...]:
    """Return the factors of a product of scalars, which needs no brackets inside of another one."""
    if isinstance(node, t.Multiply) and all(factor.shape == t.SCALAR for factor in node.factors):
        return node.factors
    return (node,)


# -- the slips ---


def _signs(node: t.Expression) -> Iterator[Change]:
    """Change the sign of a term, or of all that was written."""
    if isinstance(node, t.Add):
        for place, term in enumerate(node.terms):
            yield "a sign", t.Add((*node.terms[:place], negated(term), *node.terms[place + 1 :]))
        yield "a sign", t.Multiply((_MINUS, node))
    elif isinstance(node, t.Multiply | t.Number | t.Symbol | t.Trace | t.Quotient | t.Transpose):
        yield "a sign", negated(node)


def negated(term: t.Expression) -> t.Expression:
    """Return a term with the other sign."""
    factors = term.factors if isinstance(term, t.Multiply) else (term,)
    first, rest = factors[0], factors[1:]
    if isinstance(first, t.Number):
        if first == _MINUS and rest:
            return rest[0] if len(rest) == 1 else t.Multiply(rest)
        number = t.Number(-first.value)
        return t.Multiply((number, *rest)) if rest else number
    return t.Multiply((_MINUS, *factors))


def _transposes(node: t.Expression) -> Iterator[Change]:
    """Put in a transpose that was forgotten, or leave one out; of the whole of a product, too."""
    if node.shape == t.SCALAR:
        return
    if isinstance(node, t.Transpose):
        yield "a transpose", node.of
    elif isinstance(node, t.Symbol | t.Add | t.Multiply | t.Inverse | t.Gradient):
        yield "a transpose", t.Transpose(node)


def _halves(node: t.Expression) -> Iterator[Change]:
    """Put a factor 2 or 1/2 before a term, or change the exponent of a scalar by one."""
    if isinstance(node, t.Multiply | t.Trace | t.Symbol | t.Quotient | t.Number | t.Add | t.Transpose | t.Power):
        for factor, word in ((Fraction(2), "a factor 2"), (Fraction(1, 2), "a factor 1/2")):
            yield word, scaled(node, factor)


def scaled(node: t.Expression, factor: Fraction) -> t.Expression:
    """Return a number times an expression, in which a number that stands in front is taken into it."""
    factors = node.factors if isinstance(node, t.Multiply) else (node,)
    first, rest = factors[0], factors[1:]
    if not isinstance(first, t.Number):
        return t.Multiply((t.Number(factor), *factors))
    number = t.Number(first.value * factor)
    if number == _ONE and rest:
        return rest[0] if len(rest) == 1 else t.Multiply(rest)
    return t.Multiply((number, *rest)) if rest else number


def _complements(node: t.Expression) -> Iterator[Change]:
    """Write 1 - s for s and s for 1 - s; put in such a factor, or leave it out."""
    if isinstance(node, t.Symbol) and not node.axes:
        yield f"{node} for 1 - {node}", complement(node)
        yield f"a factor 1 - {node}", t.Multiply((node, complement(node)))
    symbol = _complemented(node)
    if symbol is not None:
        yield f"1 - {symbol} for {symbol}", symbol
        yield f"a factor {symbol}", t.Multiply((symbol, node))
    if isinstance(node, t.Power) and node.exponent == 2 and isinstance(node.base, t.Symbol) and not node.base.axes:
        yield f"{node.base} for 1 - {node.base}", t.Multiply((node.base, complement(node.base)))
    if isinstance(node, t.Multiply):
        for place, factor in enumerate(node.factors):
            rest = (*node.factors[:place], *node.factors[place + 1 :])
            if factor.shape == t.SCALAR and (isinstance(factor, t.Symbol) or _complemented(factor)):
                yield f"a factor {factor}", rest[0] if len(rest) == 1 else t.Multiply(rest)


def complement(symbol: t.Expression) -> t.Expression:
    """Return 1 - s."""
    return t.Add((_ONE, t.Multiply((_MINUS, symbol))))


def _complemented(node: t.Expression) -> t.Symbol | None:
    """Return the s of 1 - s."""
    match node:
        case t.Add(terms=(first, t.Multiply(factors=(minus, t.Symbol(axes=()) as symbol)))):
            return symbol if first == _ONE and minus == _MINUS else None
    return None


def _scalars(side: t.Expression) -> list[t.Symbol]:
    """Return the scalars of which 1 - s occurs."""
    nodes = (node for node in side.walk() if isinstance(node, t.Expression))
    return list(dict.fromkeys(symbol for node in nodes if (symbol := _complemented(node)) is not None))


def _exchanged(part: Any, symbol: t.Symbol) -> Any:
    """Write 1 - s for s and s for 1 - s throughout."""
    if isinstance(part, t.Expression) and _complemented(part) == symbol:
        return symbol
    if part == symbol:
        return complement(symbol)
    if isinstance(part, tuple):
        return tuple(_exchanged(item, symbol) for item in part)
    if isinstance(part, Node):
        return type(part)(*(_exchanged(item, symbol) for item in part.parts))
    return part


def _exchanges(node: t.Expression) -> Iterator[Change]:
    """Exchange two matrices of a product that stand next to each other."""
    if not isinstance(node, t.Multiply):
        return
    spots = [place for place, factor in enumerate(node.factors) if factor.shape != t.SCALAR]
    for one, other in pairwise(spots):
        factors = list(node.factors)
        factors[one], factors[other] = factors[other], factors[one]
        yield "factors exchanged", t.Multiply(tuple(factors))


def _means(node: t.Expression) -> Iterator[Change]:
    """Divide by a size that occurs, or leave such a division out."""
    if isinstance(node, t.Quotient) and isinstance(node.denominator, t.Size):
        numerator = node.numerator
        yield f"a mean, 1/{node.denominator}", numerator
    elif isinstance(node, t.Multiply | t.Total | t.Trace):
        for size in _sizes(node):
            yield f"a mean, 1/{size}", t.Multiply((t.Quotient(_ONE, t.Size(size)), node))


def _averaged(side: t.Expression, means: Means) -> Iterator[Mend]:
    """Average the side, or a part of it."""
    for random, moments in means.items():
        for node, rebuild in places(side):
            if node is side or random in node.walk():
                yield Mend(f"a mean, over {random}", rebuild(t.Expectation(node, random, moments)))


def _sizes(node: Node) -> list[str]:
    found: dict[str, None] = {}
    for part in node.walk():
        axes = part.axes if isinstance(part, t.Symbol) else (part.size,) if isinstance(part, t.Index) else ()
        found.update(dict.fromkeys(size for size in axes if size.isidentifier() and not is_fixed(size)))
    return list(found)


def _is_zero(side: t.Expression) -> bool:
    """Whether nothing is written there: of what is not zero, all would be missing."""
    return isinstance(side, t.Zeros) or side == t.Number(Fraction(0))


def _missing(rest: t.Expression | None) -> Iterator[t.Expression]:
    """Run through what may be missing: what is left over, if that is one term."""
    if rest is not None and not isinstance(rest, t.Add):
        yield rest
