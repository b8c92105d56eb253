"""Positive scalars: a form in which every coefficient is positive.

A polynomial in ``x > low`` is rewritten in ``t = x - low``, one in ``low < x < high`` in ``t = (x - low) / (high - x)``
after multiplying by a power of ``1 + t``; then ``t > 0``, and non-negative coefficients, not all zero, are a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product as cartesian

from symmix.errors import UnsupportedError
from symmix.kernel.scalars import ONE, ZERO, Polynomial

_MAX_LIFT = 24  # powers of 1 + t to multiply by before giving up


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

    def sample(self) -> list[Fraction]:
        """Return points to look for a counterexample at, simple ones first."""
        if self.high is None:
            return [self.low + Fraction(n, d) for n, d in ((1, 1), (2, 1), (1, 2), (5, 1), (1, 10), (50, 1), (1, 500))]
        width = self.high - self.low
        shares = ((1, 2), (1, 3), (2, 3), (1, 10), (9, 10), (1, 100), (99, 100), (1, 1000), (999, 1000))
        return [self.low + width * Fraction(n, d) for n, d in shares]


@dataclass(frozen=True)
class PositiveForm:
    """``original`` times a positive factor equals ``form``, whose coefficients are positive; ``t`` stands for x."""

    original: Polynomial
    form: Polynomial
    lifted: int


def find_positive_form(polynomial: Polynomial, ranges: Mapping[str, Interval]) -> PositiveForm | None:
    """Prove that the polynomial is positive on the open box, or return None."""
    if not all(name in ranges and ranges[name].excludes_zero for name in polynomial.divisors):
        return None  # it is not defined everywhere
    if find_nonpositive_point(polynomial, ranges) is not None:
        return None  # and lifting it in vain takes long
    form = _shift_up(polynomial)
    for name, interval in ranges.items():
        form = _in_unit_terms(form, name, interval)
    if form.is_zero or not form.names <= ranges.keys():
        return None
    lift = _one_plus(form, ranges)
    for lifted in range(_MAX_LIFT):
        if all(c > 0 for c in form.terms.values()):
            return PositiveForm(polynomial, form, lifted)
        form = form * lift
    return None


def find_nonpositive_point(
    polynomial: Polynomial,
    ranges: Mapping[str, Interval],
    watched: frozenset[str] = frozenset(),
    allowed: Callable[[Mapping[str, Fraction]], bool] = lambda _: True,
) -> dict[str, Fraction] | None:
    """Return a point of the box at which the polynomial is not positive, or None if none was found.

    ``allowed`` is what else a point has to satisfy, and ``watched`` are the names that this depends on.
    """
    simplest = {name: interval.sample()[0] for name, interval in ranges.items()}
    names = sorted((polynomial.names | watched) & ranges.keys())
    for values in cartesian(*(ranges[name].sample() for name in names)):
        point = simplest | dict(zip(names, values, strict=True))
        defined = polynomial.names <= point.keys() and all(point[name] for name in polynomial.divisors)
        if defined and allowed(point) and polynomial.value(point) <= 0:
            return point
    return None


def _shift_up(polynomial: Polynomial) -> Polynomial:
    """Multiply by even powers of the names, so that no exponent is negative: the sign stays."""
    lowest: dict[str, int] = {}
    for powers in polynomial.terms:
        for name, exponent in powers:
            lowest[name] = min(lowest.get(name, 0), exponent)
    for name, exponent in lowest.items():
        polynomial = polynomial * Polynomial.variable(name, -2 * (exponent // 2))
    return polynomial


def _in_unit_terms(polynomial: Polynomial, name: str, interval: Interval) -> Polynomial:
    t = Polynomial.variable(name)
    if interval.high is None:
        return polynomial.substitute({name: t + interval.low})
    degree = max((dict(powers).get(name, 0) for powers in polynomial.terms), default=0)
    total = ZERO
    for powers, c in polynomial.terms.items():
        rest = dict(powers)
        d = rest.pop(name, 0)
        numerator = (t * interval.high + interval.low) ** d * (t + 1) ** (degree - d)
        total = total + Polynomial([(tuple(sorted(rest.items())), c)]) * numerator
    return total


def _one_plus(form: Polynomial, ranges: Mapping[str, Interval]) -> Polynomial:
    names = [name for name in ranges if name in form.names]
    return sum((Polynomial.variable(name) for name in names), start=ONE)
