"""Exact numbers with infinitesimals and formal random variables: what an expression is evaluated in.

A value is an ``int``, a ``Fraction``, or a ``Series``: a polynomial whose variables are numbered. Negative numbers are
infinitesimals, of which two of one family multiply to zero (so that their coefficients are derivatives, and derivatives
of derivatives use another family); positive numbers are the entries of random symbols, of which moments are taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import count
from typing import Union

Monomial = tuple[int, ...]  # sorted, repeated for powers
FAMILY = 4096  # more components than any symbol has
_numbers = count(1)


class Undefined(Exception):  # noqa: N818 - not an error of anybody: the point is outside the statement's domain
    """The expression has no value at this point: something divides by zero."""


class Meaningless(Exception):  # noqa: N818 - likewise a finding about a statement
    """The expression has no meaning at any point, and has to be refused."""

    def __str__(self) -> str:
        return " ".join(map(str, self.args))


class Series:
    """A polynomial in infinitesimals and random variables that is not a plain number."""

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[Monomial, Fraction | int]) -> None:
        self.terms = terms

    def __add__(self, other: Value) -> Value:
        terms = dict(self.terms)
        for monomial, coefficient in terms_of(other).items():
            terms[monomial] = terms.get(monomial, 0) + coefficient
        return value_of(terms)

    __radd__ = __add__

    def __neg__(self) -> Value:
        return Series({m: -c for m, c in self.terms.items()})

    def __sub__(self, other: Value) -> Value:
        return self + -1 * other

    def __rsub__(self, other: Value) -> Value:
        return -self + other

    def __mul__(self, other: Value) -> Value:
        terms: dict[Monomial, Fraction | int] = {}
        factors = terms_of(other)
        for left, a in self.terms.items():
            for right, b in factors.items():
                monomial = _product(left, right)
                if monomial is not None:
                    terms[monomial] = terms.get(monomial, 0) + a * b
        return value_of(terms)

    __rmul__ = __mul__


Value = Union[int, Fraction, Series]  # noqa: UP007 - a name that is used before the class exists


def terms_of(value: Value) -> Mapping[Monomial, Fraction | int]:
    """Return the terms of any value."""
    if isinstance(value, Series):
        return value.terms
    return {(): value} if value else {}


def value_of(terms: Mapping[Monomial, Fraction | int]) -> Value:
    """Return a plain number where the terms are one."""
    kept = {m: c for m, c in terms.items() if c}
    if not kept:
        return 0
    return kept[()] if len(kept) == 1 and () in kept else Series(kept)


def _product(left: Monomial, right: Monomial) -> Monomial | None:
    if not left or not right:
        return left or right
    families = {-v // FAMILY for v in left if v < 0}
    if families and any(v < 0 and -v // FAMILY in families for v in right):
        return None
    return tuple(sorted((*left, *right)))


def power(value: Value, exponent: int) -> Value:
    """Return a whole power, negative ones included."""
    if exponent < 0:
        return power(reciprocal(value), -exponent)
    result: Value = 1
    for _ in range(exponent):
        result = result * value
    return result


def reciprocal(value: Value) -> Value:
    """Return 1 / value; a denominator that is random has no expectation by moments."""
    terms = terms_of(value)
    constant = terms.get((), 0)
    rest = {m: c for m, c in terms.items() if m}
    if any(all(v > 0 for v in m) for m in rest):
        raise Meaningless("a denominator that depends on a random symbol")
    if not constant:
        raise Undefined
    start = Fraction(1) / constant
    ratio: Value = value_of(rest) * -start
    result: Value = start
    step: Value = start
    while step := step * ratio:
        result = result + step
    return result


def infinitesimals(size: int) -> list[int]:
    """Return the numbers of a new family, of which any two multiply to zero."""
    if size > FAMILY:
        raise ValueError(size)
    family = next(_numbers)
    return [-(family * FAMILY + component) for component in range(size)]


def random_variables(size: int) -> list[int]:
    """Return the numbers of new formal variables."""
    return [next(_numbers) for _ in range(size)]


def variable(number: int) -> Value:
    """Return the variable of that number."""
    return Series({(number,): 1})


def coefficient(value: Value, number: int) -> Value:
    """Return the factor of an infinitesimal."""
    return value_of(
        {tuple(v for v in m if v != number): c for m, c in terms_of(value).items() if number in m},
    )
