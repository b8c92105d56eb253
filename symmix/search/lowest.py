"""Proposes where a quadratic polynomial is least, or negative: squares are completed, one variable at a time."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from symmix.kernel.scalars import ZERO, Polynomial

Point = dict[str, Fraction]


def lowest_point(polynomial: Polynomial) -> Point | None:
    """Return a point at which the polynomial is least or negative; None if its degree is not one or two.

    If there is a point at which it is negative, it is so at this one.
    """
    degrees = {sum(e for _, e in powers) for powers in polynomial.terms}
    if not degrees <= {0, 1, 2} or polynomial.divisors or not polynomial.names:
        return None
    return _lowest(polynomial)


def _lowest(p: Polynomial) -> Point:
    if not p.names:
        return {}
    name = min(p.names)
    others = dict.fromkeys(p.names - {name}, Fraction(0))
    squared, linear, rest = (_part(p, name, degree) for degree in (2, 1, 0))
    a = Fraction(squared.value({}))
    if a > 0:
        point = {**others, **_lowest(rest - linear * linear * (1 / (4 * a)))}
        return {**point, name: -linear.value(point) / (2 * a)}
    if a < 0:
        heights = [abs(Fraction(part.value(others))) for part in (linear, rest)]
        return {**others, name: 1 + sum(heights) / -a}
    point = others if linear.value(others) else {**others, min(linear.names): Fraction(1)}
    return {**point, name: -(rest.value(point) + 1) / Fraction(linear.value(point))}


def _part(p: Polynomial, name: str, degree: int) -> Polynomial:
    """Return the coefficient of a power of a variable."""
    total = ZERO
    for powers, c in p.terms.items():
        exponents: Mapping[str, int] = dict(powers)
        if exponents.get(name, 0) == degree:
            total = total + Polynomial([(tuple(item for item in powers if item[0] != name), c)])
    return total
