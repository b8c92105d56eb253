"""Ranges of scalars, as they arrive: two exact bounds, or an open interval of SymPy."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from symmix.errors import StatementError

Bounds = tuple[Fraction | None, Fraction | None]
_EXACT = "a range from a rational to a rational or oo"


def bounds_of(given: object) -> Bounds:
    """Return the bounds of an open range; infinity is None.

    Raises
    ------
    StatementError
        If a bound is not exact or belongs to the range, or nothing is in it.
    """
    pair = _ends(given) if isinstance(given, sp.Interval) else given
    if not isinstance(pair, tuple | list | sp.Tuple) or len(pair) != 2:
        raise StatementError(_EXACT, f"{given}", "give exact bounds: (0, 1)")
    low, high = (_exact(bound, given, end) for bound, end in zip(pair, (-sp.oo, sp.oo), strict=True))
    if low is not None and high is not None and not low < high:
        raise StatementError("a range with points in it", f"{given}", "give the lower bound first")
    return low, high


def _ends(interval: sp.Interval) -> tuple[sp.Basic, sp.Basic]:
    if not (interval.left_open and interval.right_open):
        closed = "an end that belongs to it is a condition: conditions=[x >= 0]"
        raise StatementError("an open range", f"{interval}", f"write Interval.open; {closed}")
    return interval.start, interval.end


def _exact(bound: object, given: object, infinity: sp.Basic) -> Fraction | None:
    """Return a whole number, a fraction or a SymPy rational; None for infinity; nothing else is interpreted."""
    if bound == infinity:
        return None
    if isinstance(bound, sp.Rational):
        return Fraction(int(bound.p), int(bound.q))
    if isinstance(bound, int | Fraction) and not isinstance(bound, bool):
        return Fraction(bound)
    raise StatementError(_EXACT, f"{given}", "give exact bounds; one in other symbols is a condition: a*b < 2")
