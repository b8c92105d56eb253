"""Scalars that are positive, or never negative, and where they are least."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp

from symmix.deciding import Hints
from symmix.errors import StatementError
from symmix.language import Reader
from symmix.language.ranges import bounds_of
from symmix.statements.base import Expressions, Hypotheses, Statement
from symmix.terms import nodes as t
from symmix.terms import statements as s


@dataclass(frozen=True)
class Positivity(Statement):
    """``scalar > 0`` for all values of its symbols in open ranges: ``{lam: (0, 1), a: (0, oo)}``.

    A range may be a SymPy ``Interval.open``, too; ends that belong to it, or depend on other symbols, are conditions.

    The scalar may have entries in it; then it has to be a sum of squares, with coefficients that are not negative,
    where all of ``where`` vanish. ``squares`` shows what is squared, where the search does not find it.
    """

    scalar: sp.Basic
    ranges: Mapping[sp.Symbol, tuple[sp.Basic, sp.Basic]] = field(default_factory=dict)
    where: Hypotheses = ()
    squares: Expressions = ()
    strict: bool = True

    def tree(self, reader: Reader) -> s.Positivity:
        """Return the statement as a tree."""
        if not isinstance(self.ranges, Mapping):
            raise StatementError("ranges by symbol: {lam: (0, 1)}", repr(self.ranges), "give a mapping")
        reader.survey(self)
        ranges = tuple(_range(symbol, bounds, reader) for symbol, bounds in self.ranges.items())
        scalar = reader.expression(self.scalar)
        return s.Positivity(scalar, ranges, reader.hypotheses(self.where), self.strict)

    def hints(self, reader: Reader) -> Hints:
        """Return what is squared."""
        return Hints(squares=reader.expressions(self.squares, "squares"))


def Nonnegative(  # noqa: N802 - a kind of statement, written like the others
    scalar: sp.Basic,
    where: Hypotheses = (),
    squares: Expressions = (),
    ranges: Mapping[sp.Symbol, tuple[sp.Basic, sp.Basic]] | None = None,
) -> Positivity:
    """Return the statement that a scalar is never negative: ``scalar >= 0`` where all of ``where`` vanish.

    >>> from symmix import Setting, squared_norm
    >>> from symmix.notation import e, ep
    >>> Nonnegative(squared_norm(e) + squared_norm(ep) - squared_norm(e - ep) / 2).decide(Setting()).word
    'proved'
    """
    return Positivity(scalar, ranges or {}, where, squares, strict=False)


@dataclass(frozen=True)
class Minimum(Statement):
    """``scalar`` is at least what it is ``at`` other values of some symbols, wherever all of ``where`` vanish.

    ``Minimum(loss, at={w: best}, where=[X.T * (y - X * best)])``: for all w, loss(w) >= loss(best).
    """

    scalar: sp.Basic
    at: Mapping[sp.Basic, sp.Basic]
    where: Hypotheses = ()
    squares: Expressions = ()

    def tree(self, reader: Reader) -> s.Minimum:
        """Return the statement as a tree."""
        if not isinstance(self.at, Mapping) or not self.at:
            raise StatementError("values by symbol: at={w: best}", repr(self.at), "give a mapping")
        reader.survey(self)
        pairs = tuple((_replaced(symbol, reader), reader.expression(value)) for symbol, value in self.at.items())
        return s.Minimum(reader.expression(self.scalar), pairs, reader.hypotheses(self.where))

    def hints(self, reader: Reader) -> Hints:
        """Return what is squared."""
        return Hints(squares=reader.expressions(self.squares, "squares"))


def _replaced(symbol: sp.Basic, reader: Reader) -> t.Symbol:
    found = reader.expression(symbol)
    if not isinstance(found, t.Symbol):
        raise StatementError("symbols that take other values", f"{symbol}", "name the symbols of the scalar")
    return found


def _range(symbol: sp.Basic, bounds: object, reader: Reader) -> s.Range:
    found = reader.expression(symbol) if isinstance(symbol, sp.Symbol) else None
    if not isinstance(found, t.Symbol | t.Size):
        raise StatementError("ranges of scalar symbols", f"one of {symbol!r}", "declare a Symbol")
    return s.Range(found, *bounds_of(bounds))
