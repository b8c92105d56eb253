"""Proposes how often to lift a positive form, and points at which a scalar is not positive."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product as cartesian

from symmix.kernel.positivity import Interval, PositiveForm, positive_form
from symmix.kernel.scalars import Polynomial

_MAX_LIFT = 24  # powers of 1 + t to multiply by before giving up


def find_positive_form(polynomial: Polynomial, ranges: Mapping[str, Interval]) -> PositiveForm | None:
    """Prove that the polynomial is positive on the open box, or return None."""
    if find_nonpositive_point(polynomial, ranges) is not None:
        return None  # and lifting it in vain takes long
    forms = (positive_form(polynomial, ranges, lifted) for lifted in range(_MAX_LIFT))
    return next((form for form in forms if form is not None), None)


def find_nonpositive_point(
    polynomial: Polynomial,
    ranges: Mapping[str, Interval],
    watched: frozenset[str] = frozenset(),
    allowed: Callable[[Mapping[str, Fraction]], bool] = lambda _: True,
) -> dict[str, Fraction] | None:
    """Return a point of the box at which the polynomial is not positive, or None if none was found.

    ``allowed`` is what else a point has to satisfy, and ``watched`` are the names that this depends on.
    """
    simplest = {name: _sample(interval)[0] for name, interval in ranges.items()}
    names = sorted((polynomial.names | watched) & ranges.keys())
    for values in cartesian(*(_sample(ranges[name]) for name in names)):
        point = simplest | dict(zip(names, values, strict=True))
        defined = polynomial.names <= point.keys() and all(point[name] for name in polynomial.divisors)
        if defined and allowed(point) and polynomial.value(point) <= 0:
            return point
    return None


def _sample(interval: Interval) -> list[Fraction]:
    """Return points to look for a counterexample at, simple ones first."""
    if interval.high is None:
        shifts = ((1, 1), (2, 1), (1, 2), (5, 1), (1, 10), (50, 1), (1, 500))
        return [interval.low + Fraction(n, d) for n, d in shifts]
    width = interval.high - interval.low
    shares = ((1, 2), (1, 3), (2, 3), (1, 10), (9, 10), (1, 100), (99, 100), (1, 1000), (999, 1000))
    return [interval.low + width * Fraction(n, d) for n, d in shares]
