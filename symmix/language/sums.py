"""Sums over pairs of different indices, and over ordered pairs, as people write them.

A sum over ``i != j`` is that over all pairs with the weight ``1 - delta``: so it is read and printed, and exact for
every size. A sum over ``i < j`` depends on the order in which samples are numbered, unless its term is the same for
``(i, j)`` and ``(j, i)``: only then it is read, as half of the sum over ``i != j``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import sympy as sp

from symmix.errors import StatementError
from symmix.language.inert import expression_of, shown

Limit = Sequence[sp.Basic | int]


@dataclass(frozen=True)
class Ordered:
    """Two indices of a sum, of which one is always the smaller; both begin at ``first``."""

    outer: sp.Basic
    inner: sp.Basic
    size: sp.Basic
    first: int


def distinct(term: sp.Basic, one: Limit, other: Limit) -> sp.Sum:
    """Return the sum of a term over two different indices, ``sum_{i != j} f(i, j)``.

    Parameters
    ----------
    term
        A scalar.
    one, other
        The indices with their ranges, both the whole of one size: ``(i, 0, n - 1)``, or from 1 to n.

    Examples
    --------
    >>> i, j, n = sp.symbols("i j n", integer=True, positive=True)
    >>> distinct(sp.MatrixSymbol("P", n, n)[i, j], (i, 0, n - 1), (j, 0, n - 1))
    Sum((1 - KroneckerDelta(i, j))*P[i, j], (j, 0, n - 1), (i, 0, n - 1))
    """
    (i, low, high), (j, _, _) = _pair(one, other)
    weight = 1 - sp.KroneckerDelta(i, j)
    return sp.Sum(weight * expression_of(term, "a term to sum"), (j, low, high), (i, low, high))


def ordered(term: sp.Basic, one: Limit, other: Limit) -> sp.Sum:
    """Return the sum of a term over pairs in order, ``sum_{i < j} f(i, j)``, which is read if the term is symmetric.

    Parameters are those of :func:`distinct`.

    >>> i, j, n = sp.symbols("i j n", integer=True, positive=True)
    >>> ordered(sp.MatrixSymbol("P", n, n)[i, j], (i, 0, n - 1), (j, 0, n - 1))
    Sum(P[i, j], (j, i + 1, n - 1), (i, 0, n - 2))
    """
    (i, low, high), (j, _, _) = _pair(one, other)
    return sp.Sum(expression_of(term, "a term to sum"), (j, i + 1, high), (i, low, high - 1))


def _pair(one: Limit, other: Limit) -> tuple[tuple[sp.Basic, ...], tuple[sp.Basic, ...]]:
    """Return two ranges of different indices over one size."""
    try:
        first, second = (tuple(expression_of(part, "a range") for part in limit) for limit in (one, other))
        alike = first[1:] == second[1:] and len(first) == 3 and first[0] != second[0]
    except TypeError:
        alike = False
    if not alike or not isinstance(first[0], sp.Symbol) or not isinstance(second[0], sp.Symbol):
        raise StatementError(
            "two different indices with the same range", f"{shown(one)} and {shown(other)}", "write (i, 0, n - 1)"
        )
    return first, second


def ordered_pairs(limits: Iterable[sp.Tuple]) -> dict[sp.Basic, Ordered]:
    """Return the pairs among the limits of a sum, by their inner indices; whatever else there is, pass by.

    SymPy's first limit is the innermost: one that depends on an index bound further inside means another index.
    """
    whole = [limit for limit in limits if len(limit) == 3 and _is_range(*limit)]
    found = (_ordered(inner, outer) for inner, outer in combinations(whole, 2))
    pairs = {pair.inner: pair for pair in found if pair is not None}
    ends = [index for pair in pairs.values() for index in (pair.inner, pair.outer)]
    return pairs if len(set(ends)) == len(ends) else {}  # three in order are no pairs


def _is_range(index: sp.Basic, low: sp.Basic, high: sp.Basic) -> bool:
    return isinstance(index, sp.Symbol) and isinstance(low, sp.Expr) and isinstance(high, sp.Expr)


def _ordered(inner: sp.Tuple, outer: sp.Tuple) -> Ordered | None:
    """Return the pair of an index with the one that its range depends on: ``i < j < n``, or ``0 <= j < i``."""
    (j, low, high), (i, start, stop) = inner, outer
    if sp.expand(low - i) == 1:
        first, last, short = start, high, sp.expand(high - stop)
    elif sp.expand(i - high) == 1:
        first, last, short = low, stop, sp.expand(start - low)
    else:
        return None
    size = sp.expand(last - first + 1)
    fits = i != j and first in (0, 1) and short in (0, 1) and isinstance(size, sp.Symbol) and size not in (i, j)
    return Ordered(i, j, size, int(first)) if fits else None
