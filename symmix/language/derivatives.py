"""Gradients and Jacobians, taken in the kernel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix.errors import DimensionError
from symmix.kernel import calculus
from symmix.kernel.calculus import Template
from symmix.kernel.networks import entry
from symmix.language.array import COLUMN, ROW, Array

if TYPE_CHECKING:
    from symmix.language.dictionary import Language

_BY_ROW, _BY_COLUMN = "by" + ROW, "by" + COLUMN
Jacobians = Mapping[sp.MatrixSymbol, sp.Basic]


def gradient_array(language: Language, scalar: Array, wrt: sp.MatrixSymbol, jacobians: Jacobians) -> Array:
    """Return the gradient of a scalar in the shape of ``wrt``; every other symbol but the declared ones is constant."""
    if scalar.shape != ("1", "1"):
        raise DimensionError(
            "a scalar to differentiate",
            f"an expression of shape {scalar.shape}",
            "use a Jacobian for a column; of two columns u, v take the scalar Trace(u.T*v)",
        )
    variable = language.tensor(wrt)
    rows, columns = (language.size(size, wrt) for size in wrt.shape)
    by = [index for index, dim in ((_BY_ROW, rows), (_BY_COLUMN, columns)) if dim is not None]
    templates = [_template(language, symbol, value, wrt) for symbol, value in jacobians.items()]
    raw = calculus.derivative(scalar.expression, variable, by, templates)
    return Array(raw.rename({_BY_ROW: ROW, _BY_COLUMN: COLUMN}), rows, columns)


def jacobian_array(language: Language, column: Array, wrt: sp.MatrixSymbol, jacobians: Jacobians) -> Array:
    """Return the derivative of a column by a column."""
    if column.columns is not None or wrt.shape[1] != 1:
        raise DimensionError(
            "a column to differentiate, by a column",
            f"shape {column.shape} by {wrt} of shape {tuple(wrt.shape)}",
            "differentiate a k x 1 expression by an h x 1 symbol",
        )
    variable, size = language.tensor(wrt), language.size(wrt.shape[0], wrt)
    templates = [_template(language, symbol, value, wrt) for symbol, value in jacobians.items()]
    by = [] if size is None else [_BY_ROW]
    raw = calculus.derivative(column.expression, variable, by, templates)
    return Array(raw.rename({_BY_ROW: COLUMN}), column.rows, size)


def _template(language: Language, symbol: sp.MatrixSymbol, value: sp.MatrixExpr, wrt: sp.MatrixSymbol) -> Template:
    if isinstance(value, ArraySymbol):
        return _array_template(language, symbol, value, wrt)
    array, tensor = language.read(value), language.tensor(symbol)
    expected = (language.size(symbol.shape[0], symbol), language.size(wrt.shape[0], wrt))
    if symbol.shape[1] != 1 or wrt.shape[1] != 1:
        raise DimensionError(
            "a Jacobian of a column by a column",
            f"{symbol} of shape {tuple(symbol.shape)} by {wrt} of shape {tuple(wrt.shape)}",
            "differentiate by a column of parameters",
        )
    if (array.rows, array.columns) != expected:
        raise DimensionError(
            f"a Jacobian of {symbol} by {wrt} of shape {tuple(size or '1' for size in expected)}",
            f"{value} of shape {array.shape}",
            "rows are the components of the dependent symbol, columns those of the variable",
        )
    return Template(tensor, () if expected[0] is None else (ROW,), array.expression.rename({COLUMN: _BY_ROW}))


def _array_template(language: Language, symbol: sp.MatrixSymbol, value: ArraySymbol, wrt: sp.MatrixSymbol) -> Template:
    """Read the Jacobian of a matrix (a row a sample) by a column, an array with three axes."""
    if tuple(value.shape) != (*symbol.shape, wrt.shape[0]) or wrt.shape[1] != 1:
        raise DimensionError(
            f"a Jacobian of {symbol} by the column {wrt} of shape {(*symbol.shape, wrt.shape[0])}",
            f"{value} of shape {tuple(value.shape)}",
            "its axes are those of the dependent symbol, then that of the variable",
        )
    return Template(language.tensor(symbol), (ROW, COLUMN), entry(language.tensor(value), ROW, COLUMN, _BY_ROW))
