"""Which rule reads which type of SymPy node: what is not listed here is not in the language."""

from __future__ import annotations

from functools import partial

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import ArrayElement

from symmix.language import algebra, calculus, entries
from symmix.language.derivatives import Gradient, Jacobian, ScalarGradient
from symmix.language.nodes import (
    At,
    Entries,
    KeptInverse,
    MatrixExpectation,
    MatrixQuotient,
    MatrixValue,
    ScalarExpectation,
    ScalarQuotient,
    ScalarValue,
)
from symmix.language.symbols import INDICES, MATRICES
from symmix.language.translation import Rules
from symmix.terms import nodes as t

RULES: Rules = {
    **dict.fromkeys(INDICES, algebra.scalar),
    **dict.fromkeys(MATRICES, algebra.matrix),
    **dict.fromkeys((sp.Add, sp.MatAdd), algebra.add),
    **dict.fromkeys((sp.Mul, sp.MatMul), algebra.multiply),
    **dict.fromkeys((sp.Pow, sp.MatPow), algebra.power),
    **dict.fromkeys((ScalarQuotient, MatrixQuotient), algebra.quotient),
    sp.HadamardProduct: algebra.hadamard,
    sp.HadamardPower: algebra.hadamard_power,
    sp.Transpose: partial(algebra.of_one_part, t.Transpose),
    sp.Trace: partial(algebra.of_one_part, t.Trace),
    DiagMatrix: partial(algebra.of_one_part, t.DiagonalMatrix),
    DiagonalOf: partial(algebra.of_one_part, t.Diagonal),
    DiagonalMatrix: algebra.diagonal_part,
    KeptInverse: partial(algebra.of_one_part, t.Inverse),
    sp.Identity: algebra.identity,
    **dict.fromkeys((sp.ZeroMatrix, sp.OneMatrix), algebra.filled),
    **dict.fromkeys((sp.FunctionMatrix, Entries), entries.by_entries),
    MatrixElement: entries.entry,
    ArrayElement: entries.array_entry,
    MatrixSlice: entries.part,
    sp.KroneckerDelta: entries.delta,
    sp.Sum: entries.total,
    **dict.fromkeys((Gradient, ScalarGradient, Jacobian), calculus.derivative),
    **dict.fromkeys((ScalarExpectation, MatrixExpectation), calculus.expectation),
    At: calculus.at,
    **dict.fromkeys((ScalarValue, MatrixValue), calculus.value),
}
