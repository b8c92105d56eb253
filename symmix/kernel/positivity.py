"""Positive scalars: a form in which every coefficient is positive.

A polynomial in ``x > low`` is rewritten in ``t = x - low``, one in ``low < x < high`` in ``t = (x - low) / (high - x)``
after multiplying by a power of ``1 + t``; then ``t > 0``, and non-negative coefficients, not all zero, are a proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from symmix.errors import UnsupportedError
from symmix.kernel.scalars import ONE, ZERO, Polynomial


@dataclass(frozen=True)
class Interval:
    """The open interval ``low < x < high``; ``high`` None means no bound."""

    low: Fraction
    high: Fraction | None = None

    def __post_init__(self) -> None:
        if self.high is not None and self.high <= self.low:
            raise UnsupportedError(
                "an interval with points in it", f"{self.low} < x < {self.high}", "give the smaller bound first"
            )

    @property
    def excludes_zero(self) -> bool:
        """Whether 1/x is defined in the interval."""
        return self.low >= 0 or (self.high is not None and self.high <= 0)


@dataclass(frozen=True)
class PositiveForm:
    """``original`` times a positive factor equals ``form``, whose coefficients are positive; ``t`` stands for x."""

    original: Polynomial
    form: Polynomial
    lifted: int


def positive_form(polynomial: Polynomial, ranges: Mapping[str, Interval], lifted: int) -> PositiveForm | None:
    """Return the form that is lifted so many times, if it shows that the polynomial is positive on the open box."""
    if not all(name in ranges and ranges[name].excludes_zero for name in polynomial.divisors):
        return None  # it is not defined everywhere
    form = without_divisors(polynomial)
    for name, interval in ranges.items():
        form = _in_unit_terms(form, name, interval)
    if form.is_zero or not form.names <= ranges.keys():
        return None
    form = form * sum((Polynomial.variable(name) for name in form.names), start=ONE) ** lifted
    return PositiveForm(polynomial, form, lifted) if all(c > 0 for c in form.terms.values()) else None


def without_divisors(polynomial: Polynomial) -> Polynomial:
    """Multiply by even powers of the names, so that no exponent is negative: the sign stays."""
    for name in polynomial.divisors:
        lowest = min(dict(powers).get(name, 0) for powers in polynomial.terms)
        polynomial = polynomial * Polynomial.variable(name, -2 * (lowest // 2))
    return polynomial


def _in_unit_terms(polynomial: Polynomial, name: str, interval: Interval) -> Polynomial:
    t = Polynomial.variable(name)
    degree = max((dict(powers).get(name, 0) for powers in polynomial.terms), default=0)
    total = ZERO
    for powers, c in polynomial.terms.items():
        rest = dict(powers)
        d = rest.pop(name, 0)
        below = ONE if interval.high is None else t + 1
        above = t + interval.low if interval.high is None else t * interval.high + interval.low
        total = total + Polynomial([(tuple(rest.items()), c)]) * above**d * below ** (degree - d)
    return total
