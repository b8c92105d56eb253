"""SymPy nodes for derivatives, which SymPy cannot be trusted with: of matrix expressions they may be silently zero."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from symmix.errors import DimensionError, UnsupportedError
from symmix.language.inert import InertMatrix, InertScalar, expression_of, pairs_of, shape_of, shown


class _Derived:
    """What derivatives share."""

    args: tuple[Any, ...]

    @property
    def differentiated(self) -> sp.Basic:
        """What is differentiated."""
        return self.args[0]

    @property
    def wrt(self) -> sp.MatrixSymbol | sp.Symbol:
        """What is differentiated by."""
        return self.args[1]

    @property
    def jacobians(self) -> dict[sp.Basic, sp.Basic]:
        """The symbols that depend on ``wrt``, with their derivatives."""
        return dict(self.args[2])

    @property
    def constant(self) -> bool:
        """Whether it is meant that nothing depends on ``wrt``."""
        return len(self.args) > 3


class ScalarGradient(_Derived, InertScalar):
    """The derivative of a scalar by a scalar symbol, which :class:`Gradient` makes."""


class Gradient(_Derived, InertMatrix):
    """The gradient of a scalar by a vector or matrix symbol, in the shape of that symbol; prints as ``dL/dz``.

    By a scalar symbol it is the ordinary derivative, ``Gradient(lam**2 * t, lam)``, and a scalar.

    Parameters
    ----------
    scalar
        A scalar or 1 x 1 expression; if it is a defined symbol, its definition is differentiated.
    wrt
        The matrix symbol, or the scalar symbol, to differentiate by.
    jacobians
        Symbols that depend on ``wrt``, columns both, with their Jacobians: ``{z: J}``. All else is held constant.
        By a scalar, matrix symbols and scalar symbols with their derivatives, each of the shape of its symbol.
    constant
        Whether it is meant that nothing depends on ``wrt``: otherwise that is refused.
    """

    def __new__(
        cls,
        scalar: sp.Basic,
        wrt: sp.MatrixSymbol | sp.Symbol,
        jacobians: Mapping[sp.Basic, sp.Basic] | sp.Tuple | None = None,
        constant: bool | sp.Basic = False,  # noqa: FBT001, FBT002 - SymPy rebuilds nodes by position
    ) -> Any:
        """Make the node; SymPy rebuilds nodes from their arguments, where the Jacobians are a Tuple already."""
        if constant not in (True, False):
            raise UnsupportedError("constant=True or False in a derivative", shown(constant), "leave it out")
        by_scalar = isinstance(wrt, sp.Symbol) and not issubclass(cls, Jacobian)
        if not by_scalar and not isinstance(wrt, sp.MatrixSymbol):
            kinds = "declare a MatrixSymbol, or for a gradient a Symbol"
            raise UnsupportedError("a matrix symbol to differentiate by", shown(wrt), kinds)
        of = expression_of(scalar, "an expression to differentiate")
        parts = (of, wrt, pairs_of(jacobians, "Jacobians"), *([sp.true] if constant else []))
        cls._require_shape(of, wrt)
        return ScalarGradient(*parts) if by_scalar else super().__new__(cls, *parts)

    @classmethod
    def _require_shape(cls, of: sp.Basic, wrt: sp.Basic) -> None:
        if shape_of(of) != (1, 1):
            raise DimensionError(
                "a scalar to differentiate",
                f"{shown(of)} of shape {shape_of(of)}, by {wrt}",
                "use a Jacobian for a column; of two columns u, v take the scalar Trace(u.T*v)",
            )

    @property
    def shape(self) -> tuple[sp.Basic, sp.Basic]:
        """The shape of ``wrt``."""
        return shape_of(self.wrt)


class Jacobian(Gradient):
    """The derivative of a column by a column: rows are the components of the first, columns those of the second.

    A Hessian is the Jacobian of a gradient.
    """

    @classmethod
    def _require_shape(cls, of: sp.Basic, wrt: sp.MatrixSymbol) -> None:
        if shape_of(of)[1] != 1 or wrt.shape[1] != 1:
            raise DimensionError(
                "a column to differentiate, by a column",
                f"{shown(of)} of shape {shape_of(of)}, by {wrt} of shape {shape_of(wrt)}",
                "differentiate a k x 1 expression by an h x 1 symbol",
            )

    @property
    def shape(self) -> tuple[sp.Basic, sp.Basic]:
        """Components of what is differentiated by components of ``wrt``."""
        return shape_of(self.differentiated)[0], self.wrt.shape[0]
