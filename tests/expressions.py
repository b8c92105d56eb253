"""Hypothesis strategies: random SymPy expressions of the language, of any shape."""

from __future__ import annotations

from typing import Any

import sympy as sp
from hypothesis import assume
from hypothesis import strategies as st
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf

from symmix.notation import h, k, lam, n

Size = Any  # a SymPy symbol or 1
SIZES = (sp.S.One, k, h)
mu = sp.Symbol("mu", real=True)
a, b = sp.symbols("a b", integer=True)


def symbol(letter: str, rows: Size, columns: Size) -> sp.MatrixSymbol:
    """Return a symbol whose name tells its shape."""
    return sp.MatrixSymbol(f"{letter}_{rows}_{columns}", rows, columns)


@st.composite
def matrices(draw: st.DrawFn, rows: Size, columns: Size, depth: int = 2) -> Any:
    """Draw a matrix expression of the given shape."""
    leaves = ["symbol", "symbol", "symbol", "special"]
    inner = ["sum", "product", "product", "transpose", "scaled", "hadamard", "power", "diagonal", "function"]
    kind = draw(st.sampled_from(leaves if depth == 0 else [*leaves, *inner]))

    def sub(r: Size, c: Size) -> Any:
        return draw(matrices(r, c, depth - 1))

    match kind:
        case "sum":
            return sub(rows, columns) + sub(rows, columns)
        case "product":
            middle = draw(st.sampled_from(SIZES))
            return sub(rows, middle) * sub(middle, columns)
        case "transpose":
            return sub(columns, rows).T
        case "scaled":
            return draw(scalars(depth - 1)) * sub(rows, columns)
        case "hadamard" if (rows, columns) != (1, 1):
            return sp.HadamardProduct(sub(rows, columns), sub(rows, columns))
        case "power" if rows == columns != 1:
            return sub(rows, rows) ** draw(st.integers(0, 2))
        case "diagonal" if rows == columns != 1:
            return draw(st.sampled_from((DiagMatrix(sub(rows, sp.S.One)), DiagonalMatrix(sub(rows, rows)))))
        case "diagonal" if columns == 1 and rows != 1:
            return DiagonalOf(sub(rows, rows))
        case "function" if columns != 1 != rows:
            left, right = symbol("F", rows, columns), symbol("u", rows, sp.S.One)
            return sp.FunctionMatrix(rows, columns, sp.Lambda((a, b), left[a, b] * right[a, 0] + draw(scalars(0))))
        case "special":
            special = [sp.OneMatrix(rows, columns), sp.ZeroMatrix(rows, columns)]
            return draw(st.sampled_from([*special, sp.Identity(rows)] if rows == columns else special))
    return symbol(draw(st.sampled_from("AB")), rows, columns)


@st.composite
def scalars(draw: st.DrawFn, depth: int = 2) -> Any:
    """Draw a scalar expression."""
    leaves = ["rational", "name", "name", "reciprocal"]
    inner = ["sum", "product", "power", "trace", "entry", "total"]
    kind = draw(st.sampled_from(leaves if depth <= 0 else [*leaves, *inner]))
    size = draw(st.sampled_from((k, h)))
    match kind:
        case "rational":
            return sp.Rational(draw(st.integers(-3, 3)), draw(st.integers(1, 3)))
        case "reciprocal":
            return 1 / draw(st.sampled_from((n, n + 1, n * k, lam + 2, (n + 1) * (k + 1))))
        case "sum":
            return draw(scalars(depth - 1)) + draw(scalars(depth - 1))
        case "product":
            return draw(scalars(depth - 1)) * draw(scalars(depth - 1))
        case "power":
            return draw(scalars(depth - 1)) ** draw(st.integers(0, 3))
        case "trace":
            return sp.Trace(draw(matrices(size, size, depth - 1)))
        case "entry":
            entry = draw(matrices(sp.S.One, sp.S.One, depth - 1))[0, 0]
            assume(all(low != high for each in entry.atoms(sp.Sum) for _, low, high in each.limits))  # an axis of 1
            return entry
        case "total":
            u, v, square = symbol("u", size, sp.S.One), symbol("v", size, sp.S.One), symbol("C", size, size)
            bodies = [u[a, 0] ** 3 + lam, square[a, b] ** 2 * u[a, 0], square[a, a] * v[a, 0], square[a, b] + v[b, 0]]
            bodies += [sp.KroneckerDelta(a, b) * u[a, 0] * v[b, 0] - square[a, b] * square[b, a], sp.S.One * mu]
            body = draw(st.sampled_from(bodies))
            return sp.Sum(body, (a, 0, size - 1), (b, 0, size - 1))
    return draw(st.sampled_from((lam, 1 - lam, mu, k, n)))


@st.composite
def any_expressions(draw: st.DrawFn, depth: int = 2) -> Any:
    """Draw a scalar or a matrix of any shape; SymPy may evaluate a sum with a Kronecker delta to cases: not those."""
    if draw(st.booleans()):
        drawn = draw(scalars(depth))
    else:
        drawn = draw(matrices(draw(st.sampled_from(SIZES)), draw(st.sampled_from(SIZES)), depth))
    assume(not drawn.has(sp.Piecewise))
    return drawn
