"""SymPy nodes for what SymPy cannot be trusted with: derivatives, expectations, and what it would cancel.

They keep what is written: SymPy rebuilds a node from its ``args``, and neither works it out nor simplifies it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.symbol import Str

from symmix.errors import DimensionError, StatementError, UnsupportedError
from symmix.language.inert import InertMatrix, InertScalar, expression_of, pairs_of, shape_of, shown


class Entries(InertMatrix):
    """A matrix given by its entries: ``Entries(n, k, Lambda((i, a), ...))``; along a size 1 the index is 0."""

    def __new__(cls, rows: sp.Basic, columns: sp.Basic, entry: sp.Lambda) -> Entries:
        """Make the node from its sizes and the function of two indices."""
        sizes = expression_of(rows, "a size"), expression_of(columns, "a size")
        if not isinstance(entry, sp.Lambda) or len(entry.variables) != 2:
            raise UnsupportedError("a Lambda of two indices", shown(entry), "write Lambda((i, j), ...)")
        return super().__new__(cls, *sizes, entry)

    @property
    def shape(self) -> tuple[sp.Basic, sp.Basic]:
        """The two sizes."""
        return self.args[0], self.args[1]

    @property
    def lamda(self) -> sp.Lambda:
        """The entry as a function of row and column."""
        return self.args[2]


class At(InertMatrix):
    """A matrix with symbols replaced *after* everything in it, derivatives included, has been worked out.

    ``At(dL, {y: s * e})`` is the gradient at other targets: they do not move while L is differentiated.
    """

    def __new__(cls, matrix: sp.MatrixExpr, values: Mapping[sp.Basic, sp.Basic] | sp.Tuple) -> At:
        """Make the node; SymPy rebuilds nodes from their arguments, where the values are a Tuple already."""
        return super().__new__(cls, expression_of(matrix, "an expression"), pairs_of(values, "values"))

    @property
    def matrix(self) -> sp.MatrixExpr:
        """What is evaluated."""
        return self.args[0]

    @property
    def values(self) -> dict[sp.MatrixSymbol, sp.MatrixExpr]:
        """The symbols that are replaced, with their values."""
        return dict(self.args[1])


class _Mean:
    """What scalar and matrix expectations share: the expression, the random symbol, and its moments.

    The moments are pairs: of a scalar ``(power, E lam^power)``, of a matrix ``(degree, Lambda((i, j, k, l, ...),
    value))`` for the expectation of a product of that many entries ``P[i,j] P[k,l] ...``.
    """

    args: tuple[Any, ...]

    @property
    def averaged(self) -> sp.Basic:
        """What is averaged."""
        return self.args[0]

    @property
    def random(self) -> sp.Basic:
        """The symbol that is averaged over."""
        return self.args[1]

    @property
    def moments(self) -> dict[int, sp.Basic]:
        """The moments by power or degree; that of degree 0 is 1."""
        return {int(degree): value for degree, value in self.args[2]}


class ScalarExpectation(_Mean, InertScalar):
    """The expectation of a scalar."""


class MatrixExpectation(_Mean, InertMatrix):
    """The expectation of a matrix, entry by entry."""


def expectation(
    averaged: sp.Basic, random: sp.Basic, moments: Mapping[int, sp.Basic]
) -> ScalarExpectation | MatrixExpectation:
    """Return the expectation over a random scalar or matrix symbol, which enters only through its moments.

    Parameters
    ----------
    averaged
        A scalar or matrix that is a polynomial in the random symbol, also by way of definitions.
    random
        A scalar symbol such as ``lam``, or a matrix symbol such as a pairing ``P``.
    moments
        For a scalar ``{1: E lam, 2: E lam^2}``. For a matrix ``{1: Lambda((i, j), E P[i,j]), 2: Lambda((i, j, k, l),
        E P[i,j] P[k,l])}``. Every degree that occurs is needed; a missing one is an error. That of degree 0 is 1.

    Examples
    --------
    >>> from symmix import substitute
    >>> from symmix.notation import lam, m, m2
    >>> substitute(expectation(lam * (1 - lam), lam, {1: m, 2: m2}), {})
    m - m2
    """
    if not isinstance(moments, Mapping):
        raise UnsupportedError("moments by their degree", shown(moments), "write {1: E lam, 2: E lam^2}")
    pairs = []
    for degree, value in moments.items():
        if isinstance(degree, bool) or not isinstance(degree, int | sp.Integer) or int(degree) < 0:
            raise StatementError("whole numbers as degrees of moments", shown(degree), "write {1: E lam, 2: E lam^2}")
        pairs.append((int(degree), expression_of(value, f"the moment of degree {int(degree)}")))
    inside, symbol = expression_of(averaged, "an expression to average"), expression_of(random, "a random symbol")
    kind = MatrixExpectation if isinstance(inside, sp.MatrixExpr) else ScalarExpectation
    ordered = sp.Tuple(*(sp.Tuple(sp.Integer(d), v) for d, v in sorted(pairs)))
    return kind(inside, symbol, ordered)


class OwnIndex(sp.Dummy):
    """An index of a sum that we wrote; such sums say nothing about where a user's sums begin."""


# -- what SymPy would cancel ---


class _Divided:
    """What scalar and matrix quotients share."""

    args: tuple[Any, ...]

    @property
    def numerator(self) -> sp.Basic:
        """What is divided."""
        return self.args[0]

    @property
    def denominator(self) -> sp.Expr:
        """What it is divided by."""
        return self.args[1]


class ScalarQuotient(_Divided, InertScalar):
    """A scalar over a scalar, nothing cancelled."""


class MatrixQuotient(_Divided, InertMatrix):
    """A matrix over a scalar, nothing cancelled."""


def quotient(numerator: sp.Basic, denominator: sp.Expr) -> ScalarQuotient | MatrixQuotient:
    """Return ``numerator / denominator`` as it is written: the denominator is assumed not to be zero.

    SymPy cancels ``s * (1 / s)`` before anybody can ask whether s is zero.

    >>> from symmix.notation import s
    >>> s / s, quotient(s, s)
    (1, ScalarQuotient(s, s))
    """
    above, below = expression_of(numerator, "a numerator"), expression_of(denominator, "a denominator")
    return (MatrixQuotient if isinstance(above, sp.MatrixExpr) else ScalarQuotient)(above, below)


class KeptInverse(InertMatrix):
    """The inverse of a square matrix, nothing cancelled."""

    def __new__(cls, matrix: sp.MatrixExpr) -> KeptInverse:
        """Make the node."""
        of = expression_of(matrix, "a square matrix")
        rows, columns = shape_of(of)
        if rows != columns:
            raise DimensionError("a square matrix", f"{shown(of)} of shape {(rows, columns)}", "check its factors")
        return super().__new__(cls, of)


def inverse(matrix: sp.MatrixExpr) -> KeptInverse:
    """Return the inverse of a square matrix as it is written: the matrix is assumed to have one.

    SymPy cancels ``A * A.I`` before anybody can ask whether A has an inverse.
    """
    return KeptInverse(matrix)


# -- functions ---


class _Value:
    """What scalar and matrix values of functions share."""

    args: tuple[Any, ...]

    @property
    def function(self) -> str:
        """The name of the function."""
        return str(self.args[0].name)

    @property
    def axes(self) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """What the function maps, and to what: rows and columns, none of a scalar."""
        return tuple(self.args[1]), tuple(self.args[2])

    @property
    def argument(self) -> sp.Basic:
        """Where it is taken."""
        return self.args[3]


class ScalarValue(_Value, InertScalar):
    """A scalar value."""

    is_extended_real = True


class MatrixValue(_Value, InertMatrix):
    """A value that is a column."""

    @property
    def shape(self) -> tuple[sp.Basic, sp.Basic]:
        """Rows, and one column."""
        return self.args[2][0], self.args[2][1]


@dataclass(frozen=True)
class Function:
    """A function of which nothing is known but what hypotheses say: ``G = Function("G", h, k)`` maps h x 1 to k x 1.

    A size that is 1, which is the default, means scalars. ``G(x)`` is its value at an expression. What holds for all
    arguments is a hypothesis: ``ForAll((x, y), squared_norm(G(x) - G(y)) <= L**2 * squared_norm(x - y))``.
    """

    name: str
    source: sp.Basic | int = 1
    target: sp.Basic | int = 1

    def __call__(self, argument: sp.Basic | int) -> ScalarValue | MatrixValue:
        """Return its value; whether the argument has its shape is looked at where it is read."""
        axes = [sp.Tuple() if size == 1 else sp.Tuple(size, 1) for size in (self.source, self.target)]
        kind = ScalarValue if self.target == 1 else MatrixValue
        return kind(Str(self.name), *axes, expression_of(argument, f"an argument of {self.name}"))


# -- what is said for all ---


@dataclass(frozen=True)
class ForAll:
    """A hypothesis about all samples, or about functions at all arguments.

    The expression vanishes for all values of the indices: ``ForAll(i, e[i, 0])`` or ``ForAll((i, j), P[i, j] -
    P[j, i])``; the sizes are those of the axes along which the indices are used. They may be given: ``ForAll((i, n),
    e[i, 0])``. With values of a :class:`Function` in it, what is bound are scalars and matrix symbols that take all
    values: ``ForAll((x, y), f(x + y) - f(x) - f(y))``, or a relation ``a <= b`` between scalars.
    """

    indices: Any
    body: Any
