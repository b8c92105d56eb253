"""What to write instead of what the language does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symmix.errors import StatementError, SymmixError, UnsupportedError
from symmix.language.inert import DERIVATIVE, with_kind

_LANGUAGE = (
    "sums, products and powers of scalars, matrix symbols, transposes, traces, Hadamard products, diagonal matrices,"
    " Kronecker deltas and sums over a symbolic size"
)
_KEEP = "write symmix.language.inverse(A), or declare a matrix B and the hypothesis B*A = I"
_REMEDIES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (sp.Inverse, _KEEP),
    (sp.Float, "use exact numbers: sympy.Rational(1, 2), not 0.5"),
    ((sp.core.numbers.Infinity, sp.core.numbers.NegativeInfinity), "state what holds for every finite value"),
    ((sp.core.numbers.ComplexInfinity, sp.core.numbers.NaN), "something was divided by zero: correct it"),
    (sp.core.numbers.ImaginaryUnit, "all numbers are real here: write real and imaginary parts as symbols"),
    (sp.Derivative, DERIVATIVE),
    (sp.Integral, "work the integral out, or use symmix.language.expectation with its moments"),
    ((sp.Limit, sp.Product), "state what holds for every size, or declare a symbol for the value"),
    (sp.Indexed, "declare MatrixSymbol('x', n, 1) and write x[i, 0]"),
    (sp.IndexedBase, "declare MatrixSymbol('x', n, 1) and write x[i, 0]"),
    (sp.Piecewise, "state each case by itself, with its conditions"),
    ((sp.Abs, sp.Max, sp.Min), "state each case by itself, with its conditions; squares need no bars"),
    ((sp.Adjoint, sp.conjugate), "all numbers are real here: write A.T"),
    (sp.MatrixBase, "declare MatrixSymbol('A', n, k): what is proved for every size holds for yours"),
    (sp.NDimArray, "declare a MatrixSymbol, or an ArraySymbol and its entries"),
    (sp.BlockMatrix, "write the blocks' products out, each block a symbol"),
    (sp.Determinant, "declare a symbol for its value, and state what that satisfies as a hypothesis"),
    (sp.Function, "declare a symbol for its value and, to differentiate, one for its Jacobian"),
    (sp.NumberSymbol, "use rationals, or a symbol with the hypotheses that it satisfies"),
    (sp.Wild, "declare a Symbol"),
    (Relational, "an equation is Identity(left, right), or left - right among hypotheses; an inequality a condition"),
    (Boolean, "SymPy or Python decided it already: write the difference of the two sides, or drop assumptions"),
)


def unsupported(node: object) -> SymmixError:
    """Return the error for something that is not in the language."""
    if isinstance(node, bool):
        return StatementError(
            "an expression",
            f"{node!r}: Python's == compares two expressions by their form",
            "write left - right for a hypothesis, Identity(left, right) for a claim",
        )
    if isinstance(node, str | bytes):
        return UnsupportedError("a SymPy expression", with_kind(node), "build it from symbols; text is never evaluated")
    if isinstance(node, float | complex):
        return UnsupportedError(
            "an exact number", with_kind(node), "use sympy.Rational(1, 2) or Fraction(1, 2), not 0.5"
        )
    if isinstance(node, list | tuple | set | frozenset | dict | sp.Tuple):
        return UnsupportedError("one expression", with_kind(node), "leave the brackets out, or state one for each")
    if not isinstance(node, sp.Basic | sp.MatrixBase):
        return UnsupportedError(
            "a SymPy expression",
            with_kind(node),
            "declare symbols: what is proved for all values holds for your numbers",
        )
    remedy = next((text for kind, text in _REMEDIES if isinstance(node, kind)), None)
    return UnsupportedError(
        _LANGUAGE, with_kind(node), remedy or "rewrite it in these terms, or declare a symbol for it"
    )


def inverse_refused(node: sp.Basic) -> UnsupportedError:
    """Return the error for a negative power of a matrix."""
    return UnsupportedError("a power that is a whole number, not negative", with_kind(node), _KEEP)


def sequence(things: object, role: str) -> tuple[object, ...]:
    """Return a list or tuple as a tuple; ``role`` says what it is a sequence of."""
    if isinstance(things, list | tuple | sp.Tuple):
        return tuple(things)
    remedy = "write a list"
    if isinstance(things, sp.Basic | sp.MatrixBase | int | float) and not isinstance(things, bool):
        remedy = "put brackets around it"  # a matrix expression looks iterable, and gives nothing
    elif isinstance(things, bool):
        remedy = "Python's == compares by form: write [left - right]"
    elif isinstance(things, Iterator):
        remedy = "write list(...): an iterator can be read once only"
    elif isinstance(things, Mapping | set | frozenset):
        remedy = "write a list: its order is what is printed"
    elif isinstance(things, str | bytes):
        remedy = "build it from symbols; text is never evaluated"
    raise StatementError(f"a list of expressions ({role})", with_kind(things), remedy)
