"""SymPy nodes for what SymPy cannot be trusted with: derivatives that are taken by the kernel when they are read."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from symmix.errors import UnsupportedError


class Gradient(sp.MatrixExpr):
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


def _reject_text(*parts: object) -> None:
    for part in parts:
        if not isinstance(part, sp.Basic):
            raise UnsupportedError(
                "SymPy expressions in a derivative",
                f"{part!r} ({type(part).__name__})",
                "build it from SymPy symbols; text is never evaluated",
            )
