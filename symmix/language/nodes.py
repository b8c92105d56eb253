"""SymPy nodes for what SymPy cannot be trusted with: derivatives, expectations, and what it would cancel.

They keep what is written: SymPy rebuilds a node from its ``args``, and neither works it out nor simplifies it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from symmix.display import Displayed
from symmix.errors import DimensionError, StatementError, UnsupportedError


class _Inert(Displayed):
    """What keeps SymPy's hands off: adding two matrices works their parts out, and turns sums into cases."""

    def doit(self, **_hints: object) -> object:
        """Return the node as it is: the kernel works it out."""
        return self

    def _latex(self, _printer: object) -> str:
        """Return the node's LaTeX for the middle of what SymPy prints itself."""
        return self._repr_latex_().removeprefix(r"$\displaystyle ").removesuffix("$")


class _InertScalar(_Inert, sp.Expr):
    """A scalar that SymPy leaves as it is."""

    is_commutative = True


class _InertMatrix(_Inert, sp.MatrixExpr):
    """A matrix that SymPy leaves as it is; by default of the shape of its first part."""

    @property
    def shape(self) -> tuple[sp.Basic, sp.Basic]:
        """The two sizes."""
        return _shape(self.args[0])

    def _entry(self, i: sp.Expr, j: sp.Expr, **_hints: object) -> MatrixElement:
        """Return an entry as it is, ``Gradient(L, z)[i, 0]``: SymPy asks for it."""
        return MatrixElement(self, i, j)


class Entries(_InertMatrix):
    """A matrix given by its entries: ``Entries(n, k, Lambda((i, a), ...))``; along a size 1 the index is 0."""

    def __new__(cls, rows: sp.Basic, columns: sp.Basic, entry: sp.Lambda) -> Entries:
        """Make the node from its sizes and the function of two indices."""
        sizes = _expression(rows, "a size"), _expression(columns, "a size")
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


class Gradient(_InertMatrix):
    """The gradient of a scalar by a vector or matrix symbol, in the shape of that symbol; prints as ``dL/dz``.

    Parameters
    ----------
    scalar
        A scalar or 1 x 1 expression; if it is a defined symbol, its definition is differentiated.
    wrt
        The matrix symbol to differentiate by.
    jacobians
        Symbols that depend on ``wrt``, columns both, with their Jacobians: ``{z: J}``. All else is held constant.
    constant
        Whether it is meant that nothing depends on ``wrt``: otherwise that is refused.
    """

    def __new__(
        cls,
        scalar: sp.Basic,
        wrt: sp.MatrixSymbol,
        jacobians: Mapping[sp.MatrixSymbol, sp.MatrixExpr] | sp.Tuple | None = None,
        constant: bool | sp.Basic = False,  # noqa: FBT001, FBT002 - SymPy rebuilds nodes by position
    ) -> Gradient:
        """Make the node; SymPy rebuilds nodes from their arguments, where the Jacobians are a Tuple already."""
        if constant not in (True, False):
            raise UnsupportedError("constant=True or False in a derivative", shown(constant), "leave it out")
        if not isinstance(wrt, sp.MatrixSymbol):
            raise UnsupportedError(
                "a matrix symbol to differentiate by", shown(wrt), "declare a MatrixSymbol, 1 x 1 for a scalar"
            )
        of = _expression(scalar, "an expression to differentiate")
        parts = (of, wrt, _pairs(jacobians, "Jacobians"), *([sp.true] if constant else []))
        cls._require_shape(of, wrt)
        return super().__new__(cls, *parts)

    @classmethod
    def _require_shape(cls, of: sp.Basic, wrt: sp.MatrixSymbol) -> None:
        if _shape(of) != (1, 1):
            raise DimensionError(
                "a scalar to differentiate",
                f"{shown(of)} of shape {_shape(of)}, by {wrt}",
                "use a Jacobian for a column; of two columns u, v take the scalar Trace(u.T*v)",
            )

    @property
    def differentiated(self) -> sp.Basic:
        """What is differentiated."""
        return self.args[0]

    @property
    def wrt(self) -> sp.MatrixSymbol:
        """What is differentiated by."""
        return self.args[1]

    @property
    def jacobians(self) -> dict[sp.MatrixSymbol, sp.MatrixExpr]:
        """The symbols that depend on ``wrt``, with their Jacobians."""
        return dict(self.args[2])

    @property
    def constant(self) -> bool:
        """Whether it is meant that nothing depends on ``wrt``."""
        return len(self.args) > 3

    @property
    def shape(self) -> tuple[sp.Basic, sp.Basic]:
        """The shape of ``wrt``."""
        return _shape(self.wrt)


class Jacobian(Gradient):
    """The derivative of a column by a column: rows are the components of the first, columns those of the second.

    A Hessian is the Jacobian of a gradient.
    """

    @classmethod
    def _require_shape(cls, of: sp.Basic, wrt: sp.MatrixSymbol) -> None:
        if _shape(of)[1] != 1 or wrt.shape[1] != 1:
            raise DimensionError(
                "a column to differentiate, by a column",
                f"{shown(of)} of shape {_shape(of)}, by {wrt} of shape {_shape(wrt)}",
                "differentiate a k x 1 expression by an h x 1 symbol",
            )

    @property
    def shape(self) -> tuple[sp.Basic, sp.Basic]:
        """Components of what is differentiated by components of ``wrt``."""
        return _shape(self.differentiated)[0], self.wrt.shape[0]


class At(_InertMatrix):
    """A matrix with symbols replaced *after* everything in it, derivatives included, has been worked out.

    ``At(dL, {y: s * e})`` is the gradient at other targets: they do not move while L is differentiated.
    """

    def __new__(cls, matrix: sp.MatrixExpr, values: Mapping[sp.Basic, sp.Basic] | sp.Tuple) -> At:
        """Make the node; SymPy rebuilds nodes from their arguments, where the values are a Tuple already."""
        return super().__new__(cls, _expression(matrix, "an expression"), _pairs(values, "values"))

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


class ScalarExpectation(_Mean, _InertScalar):
    """The expectation of a scalar."""


class MatrixExpectation(_Mean, _InertMatrix):
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
        pairs.append((int(degree), _expression(value, f"the moment of degree {int(degree)}")))
    inside, symbol = _expression(averaged, "an expression to average"), _expression(random, "a random symbol")
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


class ScalarQuotient(_Divided, _InertScalar):
    """A scalar over a scalar, nothing cancelled."""


class MatrixQuotient(_Divided, _InertMatrix):
    """A matrix over a scalar, nothing cancelled."""


def quotient(numerator: sp.Basic, denominator: sp.Expr) -> ScalarQuotient | MatrixQuotient:
    """Return ``numerator / denominator`` as it is written: the denominator is assumed not to be zero.

    SymPy cancels ``s * (1 / s)`` before anybody can ask whether s is zero.

    >>> from symmix.notation import s
    >>> s / s, quotient(s, s)
    (1, ScalarQuotient(s, s))
    """
    above, below = _expression(numerator, "a numerator"), _expression(denominator, "a denominator")
    return (MatrixQuotient if isinstance(above, sp.MatrixExpr) else ScalarQuotient)(above, below)


class KeptInverse(_InertMatrix):
    """The inverse of a square matrix, nothing cancelled."""

    def __new__(cls, matrix: sp.MatrixExpr) -> KeptInverse:
        """Make the node."""
        of = _expression(matrix, "a square matrix")
        rows, columns = _shape(of)
        if rows != columns:
            raise DimensionError("a square matrix", f"{shown(of)} of shape {(rows, columns)}", "check its factors")
        return super().__new__(cls, of)


def inverse(matrix: sp.MatrixExpr) -> KeptInverse:
    """Return the inverse of a square matrix as it is written: the matrix is assumed to have one.

    SymPy cancels ``A * A.I`` before anybody can ask whether A has an inverse.
    """
    return KeptInverse(matrix)


# -- what is said for all samples ---


@dataclass(frozen=True)
class ForAll:
    """A hypothesis about all samples: the expression vanishes for all values of the indices.

    ``ForAll(i, e[i, 0])`` or ``ForAll((i, j), P[i, j] - P[j, i])``; the sizes are those of the axes along which the
    indices are used. They may be given: ``ForAll((i, n), e[i, 0])``.
    """

    indices: Any
    body: Any


# -- what arrives ---


def shown(thing: object, limit: int = 300) -> str:
    """Return something as a user would see it, for an error; whatever it is, this does not fail."""
    try:
        text = str(thing) if isinstance(thing, sp.Basic | sp.MatrixBase) else repr(thing)
    except Exception:  # noqa: BLE001 - the thing is foreign, and this is what tells of it
        text = "something that cannot be printed"
    return f"{text[:limit]}{'...' if len(text) > limit else ''}"


def with_kind(thing: object) -> str:
    """Return something as a user would see it, with what it is."""
    return f"{shown(thing)} ({type(thing).__name__})"


def _shape(of: sp.Basic) -> tuple[sp.Basic, sp.Basic]:
    """Return the shape of a matrix; a scalar is 1 x 1."""
    return tuple(of.shape) if isinstance(of, sp.MatrixExpr) else (sp.S.One, sp.S.One)


def _expression(thing: object, role: str) -> sp.Basic:
    """Return a SymPy expression or an exact number; nothing is parsed, nothing is rounded."""
    if isinstance(thing, sp.Expr | sp.MatrixExpr | sp.Lambda | sp.tensor.array.expressions.ArraySymbol):
        return thing
    if isinstance(thing, int | Fraction) and not isinstance(thing, bool):
        return sp.Rational(thing.numerator, thing.denominator)
    raise UnsupportedError(
        role, with_kind(thing), "build it from SymPy symbols and exact numbers; text is never evaluated"
    )


def _pairs(given: object, role: str) -> sp.Tuple:
    """Return a mapping as pairs; of pairs already, themselves."""
    if given is None:
        return sp.Tuple()
    if isinstance(given, sp.Tuple) and all(isinstance(pair, sp.Tuple) and len(pair) == 2 for pair in given):
        return given
    if not isinstance(given, Mapping):
        raise UnsupportedError(f"{role} by symbol", shown(given), "write {z: J}")
    return sp.Tuple(*(sp.Tuple(_expression(symbol, role), _expression(value, role)) for symbol, value in given.items()))
