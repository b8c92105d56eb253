"""Scalars that are positive in a range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import sympy as sp

from symmix.errors import StatementError
from symmix.kernel.calculus import Model
from symmix.kernel.positivity import Interval, find_nonpositive_point, find_positive_form
from symmix.kernel.scalars import ZERO, Polynomial
from symmix.setting import Setting
from symmix.verdict import Positive, Proved, Refuted, Undecided, Verdict


@dataclass(frozen=True)
class Positivity:
    """``scalar > 0`` for all values of its symbols in open ranges: ``{lam: (0, 1), a: (0, oo)}``."""

    scalar: sp.Basic
    ranges: Mapping[sp.Symbol, tuple[sp.Basic, sp.Basic]] = field(default_factory=dict)

    def decide(self, setting: Setting) -> Verdict:
        """Rewrite the scalar with positive coefficients only, or find a point at which it is not positive."""
        expression = setting.read(self.scalar).expression
        if expression.free or any(expression.terms.keys() - {()}):
            raise StatementError("a scalar without tensor entries", str(self.scalar), "state it for scalars only")
        polynomial = _times_square_denominators(expression.terms.get((), ZERO), setting)
        ranges = {setting.language.index_name(s): _interval(bounds) for s, bounds in self.ranges.items()}
        form = find_positive_form(polynomial, ranges)
        if form is not None:
            return Proved((Positive(form),))
        point = find_nonpositive_point(polynomial, ranges)
        if point is not None:
            return Refuted(setting.describe(Model({}, point), {"value": self.scalar}))
        return Undecided("a form with positive coefficients, or a point of the range at which it is not positive")


def _times_square_denominators(polynomial: Polynomial, setting: Setting) -> Polynomial:
    """Clear denominators by even powers, which keep the sign."""
    for name, denominator in setting.language.reciprocals.items():
        highest = max((dict(p).get(name, 0) for p in polynomial.terms), default=0)
        even = highest + highest % 2
        polynomial = polynomial.map_powers(name, {d: denominator ** (even - d) for d in range(highest + 1)})
    return polynomial


def _interval(bounds: tuple[sp.Basic, sp.Basic]) -> Interval:
    low, high = (sp.S(bound) for bound in bounds)
    if not isinstance(low, sp.Rational) or not (isinstance(high, sp.Rational) or high == sp.oo):
        raise StatementError("a range from a rational to a rational or oo", f"{bounds}", "give exact bounds")
    upper = None if high == sp.oo else Fraction(int(high.p), int(high.q))
    return Interval(Fraction(int(low.p), int(low.q)), upper)
