"""Polynomials in one scalar, on the line that the conditions leave to it: decided completely.

A polynomial is positive on a line exactly when points cut it in pieces on each of which all coefficients are positive,
and it is positive at these points; it is never negative exactly when that holds of what is left of it without a square.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from symmix.kernel.positivity import Interval, positive_form
from symmix.kernel.questions import Condition
from symmix.kernel.scalars import ONE, Polynomial
from symmix.metering import remembered
from symmix.search.pieces import Coefficients, Gap, parted, repeated, split, value, zero
from symmix.verdict import Line, Pieces


def line_of(name: str, conditions: Iterable[Condition], sizes: frozenset[str]) -> Line:
    """Return where conditions let a scalar be, as far as they bound it by numbers; sizes are at least 1.

    Conditions of other kinds are left aside: the line may be longer than what meets them all.
    """
    line = Line(name, Fraction(1), None, low_is_in=True) if name in sizes else Line(name, None, None)
    for condition in conditions:
        p = condition.polynomial
        slope = p.terms.get(((name, 1),))
        constant = p.terms.get((), 0)
        if slope and condition.relation != "!=" and p == Polynomial.variable(name) * slope + constant:
            line = line.cut(Fraction(-constant, slope), above=slope > 0, closed=condition.relation == ">=")
    return line


# -- the gate ---


def holds(shown: Pieces, polynomial: Polynomial, line: Line, *, strict: bool) -> bool:
    """Whether the pieces show that a polynomial is never negative on a line; if ``strict``, that it is positive."""
    ends = [line.low, *shown.points, line.high]
    ordered = all(low is None or high is None or low < high for low, high in pairwise(ends))
    if not ordered or shown.line != line or not polynomial.names <= {line.name}:
        return False
    if shown.square * shown.square * shown.rest != polynomial or polynomial.divisors:
        return False
    if not all(_is_positive_between(shown.rest, line.name, low, high) for low, high in pairwise(ends)):
        return False
    closed = ((line.low, line.low_is_in), (line.high, line.high_is_in))
    met = [*shown.points, *(end for end, is_in in closed if is_in and end is not None)]
    return not strict or (shown.square == ONE and all(shown.rest.value({line.name: x}) > 0 for x in met))


def _is_positive_between(rest: Polynomial, name: str, low: Fraction | None, high: Fraction | None) -> bool:
    if low is None:
        turned = Polynomial((powers, -c if dict(powers).get(name, 0) % 2 else c) for powers, c in rest.terms.items())
        return high is not None and _is_positive_between(turned, name, -high, None)
    return positive_form(rest, {name: Interval(low, high)}, 0) is not None


# -- the search ---


def pieces(polynomial: Polynomial, line: Line, *, strict: bool) -> Pieces | None:
    """Return pieces that show it, or None where there are none."""
    p = _coefficients(polynomial, line.name)
    if strict and repeated_zero(polynomial, line) is not None:
        return None  # there is no end of pieces beside it
    square, rest = ((Fraction(1),), p) if strict else split(p)
    points = parted(rest, line.low, line.high)
    if not isinstance(points, tuple):
        return None
    found = Pieces(line, polynomial, _written(square, line.name), _written(rest, line.name), points)
    return found if holds(found, polynomial, line, strict=strict) else None


def failing(polynomial: Polynomial, line: Line, *, strict: bool) -> Iterator[Fraction]:
    """Run through points at which a polynomial is negative, or if ``strict`` zero; there may be no end of them.

    Of a line on which nothing can be, ends may be among them.
    """
    p = _coefficients(polynomial, line.name)
    closed = ((line.low, line.low_is_in), (line.high, line.high_is_in))
    for end, is_in in closed:
        if is_in and end is not None and (value(p, end) < 0 or (strict and not value(p, end))):
            yield end
    if line.is_empty:
        return
    _, rest = split(p)
    gap = parted(rest, line.low, line.high)
    zeros = [zero(q, line.low, line.high) for q in (repeated(p), rest)] if strict else []
    yield from (x for x in zeros if isinstance(x, Fraction))
    if isinstance(gap, Gap):
        yield from (x for x in gap.points() if value(p, x) < 0)


@remembered(1 << 10)
def never_zero(polynomial: Polynomial, line: Line) -> bool:
    """Whether a polynomial has no zero on a line."""
    return any(pieces(p, line, strict=True) is not None for p in (polynomial, -polynomial))


def repeated_zero(polynomial: Polynomial, line: Line) -> Fraction | Gap | None:
    """Return a repeated zero inside of a line, or between which points one is; a zero without a change of sign is."""
    p = _coefficients(polynomial, line.name)
    return None if line.is_empty else zero(repeated(p), line.low, line.high)


def _coefficients(polynomial: Polynomial, name: str) -> Coefficients:
    """Return the coefficients of a polynomial that is not zero."""
    degrees = {dict(powers).get(name, 0): c for powers, c in polynomial.terms.items()}
    return tuple(Fraction(degrees.get(k, 0)) for k in range(max(degrees) + 1))


def _written(p: Coefficients, name: str) -> Polynomial:
    return Polynomial((((name, k),) if k else (), c) for k, c in enumerate(p))
