"""SymPy nodes for what SymPy cannot be trusted with: derivatives and expectations, taken by the kernel when read."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from symmix.display import Displayed
from symmix.errors import UnsupportedError


class _Inert(Displayed):
    """What keeps SymPy's hands off: adding two matrices works their parts out, and turns sums into cases."""

    def doit(self, **_hints: object) -> object:
        """Return the node as it is: the kernel works it out."""
        return self

    def _latex(self, _printer: object) -> str:
        """Return the node's LaTeX for the middle of what SymPy prints itself."""
        return self._repr_latex_().removeprefix(r"$\displaystyle ").removesuffix("$")


class Entries(_Inert, sp.MatrixExpr):
    """A matrix given by its entries: ``Entries(n, k, Lambda((i, a), ...))``; along a size 1 the index is 0."""

    def __new__(cls, rows: sp.Basic, columns: sp.Basic, entry: sp.Lambda) -> Entries:
        """Make the node from its sizes and the function of two indices."""
        return super().__new__(cls, sp.S(rows), sp.S(columns), entry)

    @property
    def shape(self) -> tuple[sp.Basic, sp.Basic]:
        """The two sizes."""
        return self.args[0], self.args[1]

    @property
    def lamda(self) -> sp.Lambda:
        """The entry as a function of row and column."""
        return self.args[2]


class Gradient(_Inert, sp.MatrixExpr):
    """The gradient of a scalar by a vector or matrix symbol, in the shape of that symbol; prints as ``dL/dz``.

    Parameters
    ----------
    scalar
        A scalar or 1 x 1 expression; if it is a defined symbol, its definition is differentiated.
    wrt
        The matrix symbol to differentiate by.
    jacobians
        Symbols that depend on ``wrt``, columns both, with their Jacobians: ``{z: J}``.
    """

    def __new__(
        cls,
        scalar: sp.Basic,
        wrt: sp.MatrixSymbol,
        jacobians: Mapping[sp.MatrixSymbol, sp.MatrixExpr] | sp.Tuple | None = None,
    ) -> Gradient:
        """Make the node; SymPy rebuilds nodes from their arguments, where the Jacobians are a Tuple already."""
        pairs = jacobians or sp.Tuple()
        if not isinstance(pairs, sp.Tuple):
            _reject_text(scalar, wrt, *pairs.keys(), *pairs.values())  # Tuple would evaluate it
            pairs = sp.Tuple(*(sp.Tuple(symbol, value) for symbol, value in pairs.items()))
        return super().__new__(cls, scalar, wrt, pairs)

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
    def shape(self) -> tuple[sp.Basic, sp.Basic]:
        """The shape of ``wrt``."""
        return tuple(self.wrt.shape)


class Jacobian(Gradient):
    """The derivative of a column by a column: rows are the components of the first, columns those of the second.

    A Hessian is the Jacobian of a gradient.
    """

    @property
    def shape(self) -> tuple[sp.Basic, sp.Basic]:
        """Components of what is differentiated by components of ``wrt``."""
        return self.differentiated.shape[0], self.wrt.shape[0]


class At(_Inert, sp.MatrixExpr):
    """A matrix with symbols replaced *after* everything in it, derivatives included, has been worked out.

    ``At(dL, {y: s * e})`` is the gradient at other targets: they do not move while L is differentiated.
    """

    def __new__(cls, matrix: sp.MatrixExpr, values: Mapping[sp.Basic, sp.Basic] | sp.Tuple) -> At:
        """Make the node; SymPy rebuilds nodes from their arguments, where the values are a Tuple already."""
        pairs = values
        if not isinstance(pairs, sp.Tuple):
            pairs = sp.Tuple(*(sp.Tuple(symbol, value) for symbol, value in pairs.items()))
        return super().__new__(cls, matrix, pairs)

    @property
    def matrix(self) -> sp.MatrixExpr:
        """What is evaluated."""
        return self.args[0]

    @property
    def values(self) -> dict[sp.MatrixSymbol, sp.MatrixExpr]:
        """The symbols that are replaced, with their values."""
        return dict(self.args[1])

    @property
    def shape(self) -> tuple[sp.Basic, sp.Basic]:
        """The shape of the matrix."""
        return tuple(self.matrix.shape)


class _Mean(_Inert):
    """What scalar and matrix expectations share: the expression, the random symbol, and its moments.

    The moments are pairs: of a scalar ``(power, E lam^power)``, of a matrix ``(degree, Lambda((i, j, k, l, ...),
    value))`` for the expectation of a product of that many entries ``P[i,j] P[k,l] ...``.
    """

    args: tuple[sp.Basic, ...]

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


class ScalarExpectation(_Mean, sp.Expr):
    """The expectation of a scalar."""


class MatrixExpectation(_Mean, sp.MatrixExpr):
    """The expectation of a matrix, entry by entry."""

    @property
    def shape(self) -> tuple[sp.Basic, sp.Basic]:
        """The shape of what is averaged."""
        return tuple(self.averaged.shape)


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
        E P[i,j] P[k,l])}``. Every degree that occurs is needed; a missing one is an error.

    Examples
    --------
    >>> from symmix import substitute
    >>> from symmix.notation import lam, m, m2
    >>> substitute(expectation(lam * (1 - lam), lam, {1: m, 2: m2}), {})
    m - m2
    """
    kind = MatrixExpectation if isinstance(averaged, sp.MatrixExpr) else ScalarExpectation
    pairs = sp.Tuple(*(sp.Tuple(sp.Integer(degree), sp.S(value)) for degree, value in sorted(moments.items())))
    return kind(averaged, random, pairs)


def _reject_text(*parts: object) -> None:
    for part in parts:
        if not isinstance(part, sp.Basic):
            raise UnsupportedError(
                "SymPy expressions in a derivative",
                f"{part!r} ({type(part).__name__})",
                "build it from SymPy symbols; text is never evaluated",
            )
