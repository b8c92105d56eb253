"""Scalars that are positive in a range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import sympy as sp

from symmix.errors import StatementError
from symmix.kernel.calculus import Model
from symmix.kernel.networks import constant
from symmix.kernel.positivity import Interval, find_nonpositive_point, find_positive_form
from symmix.kernel.scalars import ZERO, Polynomial
from symmix.setting import Setting
from symmix.verdict import Positive, Refuted, Undecided, Verdict


@dataclass(frozen=True)
class Positivity:
    """``scalar > 0`` for all values of its symbols in open ranges: ``{lam: (0, 1), a: (0, oo)}``."""

    scalar: sp.Basic
    ranges: Mapping[sp.Symbol, tuple[sp.Basic, sp.Basic]] = field(default_factory=dict)

    def decide(self, setting: Setting) -> Verdict:
        """Rewrite the scalar with positive coefficients only, or find a point at which it is not positive."""
        setting = setting.for_one_statement()
        expression = setting.read(self.scalar).expression
        if expression.free or any(expression.terms.keys() - {()}):
            raise StatementError("a scalar without tensor entries", str(self.scalar), "state it for scalars only")
        polynomial = setting.language.same_sign(expression.terms.get((), ZERO))
        ranges = {_name(s, setting): _interval(bounds) for s, bounds in self.ranges.items()}
        form = find_positive_form(polynomial, ranges)
        if form is not None:
            return setting.proved(Positive(form))
        point = self._point(polynomial, ranges, setting)
        if point is not None:
            return Refuted(setting.describe(Model({}, point), {"value": self.scalar}))
        return Undecided("a form with positive coefficients, or a point of the range at which it is not positive")

    def _point(
        self, polynomial: Polynomial, ranges: Mapping[str, Interval], setting: Setting
    ) -> dict[str, Fraction] | None:
        """Return a point of the range at which the scalar has a value, the conditions hold, and it is not positive."""
        whole = {_name(symbol, setting) for symbol in self.ranges if symbol.is_integer}
        mentioned = ranges.keys() | polynomial.names  # conditions on other scalars alone do not matter here
        conditions = [c for c in setting.scalar_conditions([constant(polynomial)]) if c.names & mentioned]
        watched = whole.union(*(c.names for c in conditions))
        if not watched <= ranges.keys():
            return None

        def allowed(point: Mapping[str, Fraction]) -> bool:
            there = all(point[name].denominator == 1 for name in whole)
            return there and all(c.holds(Model({}, point)) for c in conditions)

        return find_nonpositive_point(polynomial, ranges, frozenset(watched), allowed)


def _name(symbol: sp.Basic, setting: Setting) -> str:
    if not isinstance(symbol, sp.Symbol):
        raise StatementError("ranges of scalar symbols", f"one of {symbol!r}", "declare a Symbol")
    setting.language.declare(str(symbol.name), symbol)
    return str(symbol.name)


def _interval(bounds: tuple[sp.Basic, sp.Basic]) -> Interval:
    low, high = (bound if isinstance(bound, sp.Basic) else _exact(bound) for bound in bounds)
    if not isinstance(low, sp.Rational) or not (isinstance(high, sp.Rational) or high == sp.oo):
        raise StatementError("a range from a rational to a rational or oo", f"{bounds}", "give exact bounds")
    if not low < high:
        raise StatementError("a range with points in it", f"{bounds}", "give the lower bound first")
    upper = None if high == sp.oo else Fraction(int(high.p), int(high.q))
    return Interval(Fraction(int(low.p), int(low.q)), upper)


def _exact(bound: object) -> sp.Basic | None:
    """Return a whole number or a fraction as SymPy's; nothing else is interpreted."""
    return sp.Rational(bound.numerator, bound.denominator) if isinstance(bound, int | Fraction) else None
