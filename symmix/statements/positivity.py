"""Scalars that are positive in a range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import sympy as sp

from symmix.errors import StatementError
from symmix.language import Reader
from symmix.statements.base import Statement
from symmix.terms import nodes as t
from symmix.terms import statements as s


@dataclass(frozen=True)
class Positivity(Statement):
    """``scalar > 0`` for all values of its symbols in open ranges: ``{lam: (0, 1), a: (0, oo)}``."""

    scalar: sp.Basic
    ranges: Mapping[sp.Symbol, tuple[sp.Basic, sp.Basic]] = field(default_factory=dict)

    def tree(self, reader: Reader) -> s.Positivity:
        """Return the statement as a tree."""
        if not isinstance(self.ranges, Mapping):
            raise StatementError("ranges by symbol: {lam: (0, 1)}", repr(self.ranges), "give a mapping")
        ranges = tuple(_range(symbol, bounds, reader) for symbol, bounds in self.ranges.items())
        return s.Positivity(reader.expression(self.scalar), ranges)


def _range(symbol: sp.Basic, bounds: object, reader: Reader) -> s.Range:
    found = reader.expression(symbol) if isinstance(symbol, sp.Symbol) else None
    if not isinstance(found, t.Symbol | t.Size):
        raise StatementError("ranges of scalar symbols", f"one of {symbol!r}", "declare a Symbol")
    if not isinstance(bounds, tuple | list | sp.Tuple) or len(bounds) != 2:
        raise StatementError("a range from a rational to a rational or oo", f"{bounds}", "give exact bounds: (0, 1)")
    low, high = (_exact(bound, bounds) for bound in bounds)
    if low is None or (high is not None and not low < high):
        raise StatementError("a range with points in it", f"{bounds}", "give the lower bound first")
    return s.Range(found, low, high)


def _exact(bound: object, bounds: object) -> Fraction | None:
    """Return a whole number, a fraction or a SymPy rational; None for infinity; nothing else is interpreted."""
    if bound is sp.oo:
        return None
    if isinstance(bound, sp.Rational):
        return Fraction(int(bound.p), int(bound.q))
    if isinstance(bound, int | Fraction) and not isinstance(bound, bool):
        return Fraction(bound)
    raise StatementError("a range from a rational to a rational or oo", f"{bounds}", "give exact bounds")
