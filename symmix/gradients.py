"""Differentiate objectives: by features, head, bias, and through Jacobians by the encoder's parameters.

The derivative is taken in the kernel, factor by factor, never by ``sympy.diff`` on matrix expressions, which can be
silently zero.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from symmix.language import Gradient, Jacobian
from symmix.objectives import Objective
from symmix.rewriting import substitute

Jacobians = Mapping[sp.Basic, sp.Basic]


def gradient(
    objective: Objective | sp.Expr,
    wrt: sp.MatrixSymbol | sp.Symbol,
    jacobians: Jacobians | None = None,
    *,
    constant: bool = False,
) -> sp.MatrixExpr | sp.Expr:
    """Return the gradient of a scalar by a vector or matrix symbol, in the shape of that symbol, multiplied out.

    By a scalar symbol it is a scalar.

    Parameters
    ----------
    objective
        An objective, or any scalar (1 x 1) expression of the language.
    wrt
        The symbol to differentiate by, k x 1, h x 1, k x h, ..., or a scalar.
    jacobians
        Symbols that depend on ``wrt``: ``{z: J}`` with z of shape h x 1, wrt p x 1, J h x p. An objective brings its
        own for the encoder's parameters. By a scalar each is of the shape of its symbol. All else is held constant.
    constant
        Whether it is meant that nothing depends on ``wrt``: otherwise that is refused.

    Raises
    ------
    DimensionError
        If the objective is no scalar, or a Jacobian has the wrong shape.
    UnsupportedError
        If ``wrt`` is no symbol, or a whole number.
    StatementError
        If nothing depends on ``wrt``: the gradient would be zero for want of a Jacobian.

    Examples
    --------
    >>> from symmix.notation import b, y
    >>> from symmix.objectives import squared_norm
    >>> gradient(squared_norm(y - b) / 2, b)
    b - y
    """
    if isinstance(objective, Objective):
        known = objective.gradient(wrt).jacobians if jacobians is None else jacobians
        return substitute(Gradient(objective.symbol, wrt, known, constant=constant), objective.definitions)
    return substitute(Gradient(objective, wrt, jacobians or {}, constant=constant), {})


def jacobian(
    vector: sp.MatrixExpr, wrt: sp.MatrixSymbol, jacobians: Jacobians | None = None, *, constant: bool = False
) -> sp.MatrixExpr:
    """Return the derivative of a column (k x 1) by a column (h x 1): the k x h matrix d vector[a] / d wrt[i].

    A Hessian is the Jacobian of a gradient. Parameters and errors are those of :func:`gradient`.

    >>> from symmix.notation import W, b, z
    >>> jacobian(W * z + b, z)
    W
    """
    return substitute(Jacobian(vector, wrt, jacobians or {}, constant=constant), {})
