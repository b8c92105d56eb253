"""Values that keep small steps and random entries open."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from .reading import Meter, reject

Variable = tuple[int, int, int]  # of a derivative (from 1 on) or an expectation (below 0): row and column
Value = Any  # a rational, or a Taylor polynomial
ZERO = Fraction(0)


class Taylor:
    """A polynomial in small steps, of which two of one derivative make zero, and in random entries."""

    def __init__(self, meter: Meter, terms: dict[tuple[Variable, ...], Fraction]) -> None:
        self.meter, self.terms = meter, terms

    @property
    def number(self) -> Fraction:
        """What it is without steps and random entries."""
        return self.terms.get((), ZERO)

    @property
    def variables(self) -> set[Variable]:
        """The steps and random entries in it."""
        return {variable for key, c in self.terms.items() if c for variable in key}

    def _terms_of(self, other: Value) -> dict[tuple[Variable, ...], Fraction]:
        return other.terms if isinstance(other, Taylor) else {(): other}

    def __add__(self, other: Value) -> Taylor:
        total = dict(self.terms)
        for key, c in self._terms_of(other).items():
            total[key] = self.meter.weigh(total.get(key, ZERO) + c)
        self.meter.spend(len(total))
        return Taylor(self.meter, total)

    def __mul__(self, other: Value) -> Taylor:
        total: dict[tuple[Variable, ...], Fraction] = {}
        for p, c in self.terms.items():
            for q, d in self._terms_of(other).items():
                key = tuple(sorted(p + q))
                self.meter.spend(1 + len(key))
                if not any(a[0] == b[0] > 0 for a, b in pairwise(key)):
                    total[key] = self.meter.weigh(total.get(key, ZERO) + c * d)
        return Taylor(self.meter, total)

    __radd__, __rmul__ = __add__, __mul__


def number_at(value: Value) -> Fraction:
    """Return the rational that a value is; a value with steps or random entries is refused."""
    if not isinstance(value, Taylor):
        return Fraction(value)
    return (
        reject("a number is required where something is random, or differentiated by")
        if value.variables
        else value.number
    )
