"""Coefficients: what polynomials have in common, and division without remainder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, lcm

from symmix.kernel.scalars import ONE, Polynomial, Powers
from symmix.plans import Coefficient


def data(polynomial: Polynomial) -> Coefficient:
    """Return a polynomial as plain data, the constant first."""
    return tuple(sorted((powers, Fraction(c)) for powers, c in polynomial.terms.items()))


def split(polynomials: Sequence[Polynomial]) -> tuple[Polynomial, list[Polynomial]]:
    """Return what polynomials have in common, with the sign of the first, and what is left of each.

    >>> lam = Polynomial.variable("lam")
    >>> print(*split([lam * lam * 4, lam * (1 - lam) * 2]))
    2*lam [Polynomial(2*lam), Polynomial(1 - lam)]
    """
    common = _monomial(polynomials)
    rest = [p * _inverse(common) for p in polynomials]
    for factor in _candidates(rest):
        while None not in (divided := [divide(p, factor) for p in rest]):
            common, rest = common * factor, [p for p in divided if p is not None]
    return common, rest


def factors(polynomial: Polynomial) -> list[tuple[Polynomial, int]]:
    """Return factors that are easily found, each with how often it occurs; the first is a single term."""
    lead = _monomial([polynomial])
    rest, found = polynomial * _inverse(lead), [(lead, 1)]
    for factor in [1 - Polynomial.variable(name) for name in sorted(rest.names)]:
        count = 0
        while rest != ONE and (divided := divide(rest, factor)) is not None:
            rest, count = divided, count + 1
        found += [(factor, count)] if count else []
    return found if rest == ONE else [*found, (rest, 1)]


def divide(dividend: Polynomial, divisor: Polynomial) -> Polynomial | None:
    """Return the quotient of two polynomials without negative exponents; None if there is a remainder."""
    names = sorted(dividend.names | divisor.names)

    def order(powers: Powers) -> tuple[int, ...]:
        exponents = dict(powers)
        dense = [exponents.get(name, 0) for name in names]
        return (sum(dense), *dense)

    quotient, lead = Polynomial(), max(divisor.terms, key=order)
    while not dividend.is_zero:
        highest = max(dividend.terms, key=order)
        exponents = {name: dict(highest).get(name, 0) - dict(lead).get(name, 0) for name in names}
        if min(exponents.values(), default=0) < 0:
            return None
        powers = tuple((name, e) for name, e in exponents.items() if e)
        step = Polynomial([(powers, Fraction(dividend.terms[highest], divisor.terms[lead]))])
        quotient, dividend = quotient + step, dividend - step * divisor
    return quotient


def _candidates(polynomials: Sequence[Polynomial]) -> Iterable[Polynomial]:
    names = sorted(set().union(*(p.names for p in polynomials)))
    own = {p * _inverse(_monomial([p])) for p in polynomials}
    return [*(1 - Polynomial.variable(name) for name in names), *sorted(own - {ONE}, key=lambda p: len(p.terms))]


def _monomial(polynomials: Sequence[Polynomial]) -> Polynomial:
    """Return the greatest single term that divides all, with the sign of the first one's first term."""
    numbers = [Fraction(c) for p in polynomials for c in p.terms.values()]
    size = Fraction(gcd(*(c.numerator for c in numbers)), lcm(*(c.denominator for c in numbers)))
    exponents = [dict(powers) for p in polynomials for powers in p.terms]
    names = set().union(*exponents)
    least = {name: min(powers.get(name, 0) for powers in exponents) for name in names}
    sign = 1 if polynomials[0].terms[min(polynomials[0].terms)] > 0 else -1
    return Polynomial([(tuple(sorted((n, e) for n, e in least.items() if e)), sign * size)])


def _inverse(monomial: Polynomial) -> Polynomial:
    found = monomial.reciprocal()
    return ONE if found is None else found
