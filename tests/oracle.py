"""The oracle: SymPy with explicit matrices in the place of every symbol; it shares no code with the kernel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from operator import add, mul
from random import Random
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice

from symmix.kernel.calculus import Model, evaluate
from symmix.language import Array, Language
from symmix.language.array import COLUMN, ROW

Sizes = Mapping[sp.Symbol, int]


@dataclass(frozen=True)
class Point:
    """Sizes, scalars and matrices; ``at`` gives free sample indices their values."""

    sizes: Sizes
    scalars: Mapping[sp.Symbol, sp.Rational] = field(default_factory=dict)
    matrices: Mapping[sp.MatrixSymbol, sp.ImmutableMatrix] = field(default_factory=dict)
    at: Mapping[sp.Symbol, int] = field(default_factory=dict)

    @classmethod
    def drawn(cls, sizes: Sizes, *expressions: sp.Basic, seed: int = 0, at: Sizes | None = None) -> Point:
        """Return a point for all symbols of the expressions, with small entries."""
        random = Random(seed)
        symbols = {s for e in expressions for s in e.atoms(sp.MatrixSymbol)}
        free = {s for e in expressions for s in e.free_symbols if isinstance(s, sp.Symbol)}
        at = at or {}
        matrices = {
            s: sp.ImmutableMatrix(*(int(size.subs(sizes)) for size in s.shape), lambda *_: random.randint(-3, 3))
            for s in sorted(symbols, key=str)
        }
        ratios = [sp.Rational(top, below) for top in (-3, -1, 1, 2, 5) for below in (2, 3, 7)]
        names = sorted((s for s in free if s not in sizes and s not in at), key=str)
        return cls(sizes, {s: random.choice(ratios) for s in names}, matrices, at)

    def explicit(self, expression: sp.Basic) -> sp.ImmutableMatrix:
        """Return the value of an expression on SymPy's explicit matrices; a scalar as a 1x1 matrix."""
        value = self._value(expression, {**self.sizes, **self.scalars, **self.at})
        return value if isinstance(value, sp.MatrixBase) else sp.ImmutableMatrix([[value]])

    def _value(self, node: sp.Basic, names: Mapping[sp.Basic, sp.Basic]) -> Any:
        """Return a number or an explicit matrix, by the definition of each node."""
        if isinstance(node, sp.MatrixSymbol):
            return self.matrices[node]
        if isinstance(node, sp.Symbol):
            return sp.S(names[node])
        if isinstance(node, sp.Rational):
            return node
        if isinstance(node, sp.Sum):
            (symbol, low, high), outer = node.limits[-1], node.limits[:-1]
            body = sp.Sum(node.function, *outer) if outer else node.function
            span = range(int(low.subs(self.sizes)), int(high.subs(self.sizes)) + 1)
            return sp.Add(*(self._value(body, {**names, symbol: v}) for v in span))
        if isinstance(node, sp.FunctionMatrix):
            rows, columns = (int(size.subs(self.sizes)) for size in node.shape)
            (i, j), body = node.lamda.variables, node.lamda.expr
            return sp.ImmutableMatrix(rows, columns, lambda r, c: self._value(body, {**names, i: r, j: c}))
        if isinstance(node, sp.Identity | sp.ZeroMatrix | sp.OneMatrix):
            rows, columns = (int(size.subs(self.sizes)) for size in node.shape)
            filled = {sp.ZeroMatrix: sp.zeros, sp.OneMatrix: sp.ones, sp.Identity: sp.eye}[type(node)]
            return sp.ImmutableMatrix(filled(rows, columns))
        if isinstance(node, MatrixElement):
            return self._value(node.parent, names)[int(self._value(node.i, names)), int(self._value(node.j, names))]
        if isinstance(node, MatrixSlice):
            spans = [[int(self._value(at, names)) for at in part[:2]] for part in (node.rowslice, node.colslice)]
            return self._value(node.parent, names)[slice(*spans[0]), slice(*spans[1])]
        return _OPERATIONS[node.func](*(self._value(arg, names) for arg in node.args))

    def model(self, language: Language) -> Model:
        """Return the same point for the kernel."""
        sizes = {str(s.name): size for s, size in self.sizes.items()}
        scalars = {str(s.name): Fraction(int(x.p), int(x.q)) for s, x in self.scalars.items()}
        entries = {language.tensor(s): _table(s, value) for s, value in self.matrices.items()}
        plain = Model(sizes, scalars, entries)
        reciprocals = {name: 1 / plain.scalar(q) for name, q in language.reciprocals.items()}
        return Model(sizes, {**scalars, **reciprocals}, entries)

    def decided(self, language: Language, array: Array) -> sp.ImmutableMatrix:
        """Return the value of an array, by the kernel."""
        names = list(array.expression.free)
        at = {language.index_name(i): value for i, value in self.at.items()}
        shape = [1 if size is None else self.sizes[language.symbols[size]] for size in (array.rows, array.columns)]
        rows = [[sp.S.Zero] * shape[1] for _ in range(shape[0])]
        for position, value in evaluate(array.expression, self.model(language)).items():
            place = dict(zip(names, position, strict=True))
            if all(place[name] == at[name] for name in place if name not in (ROW, COLUMN)):
                rows[place.get(ROW, 0)][place.get(COLUMN, 0)] = sp.Rational(value.numerator, value.denominator)
        return sp.ImmutableMatrix(rows)


def _table(symbol: sp.MatrixSymbol, value: sp.ImmutableMatrix) -> dict[tuple[int, ...], Fraction]:
    table: dict[tuple[int, ...], Fraction] = {}
    for row in range(value.rows):
        for column in range(value.cols):
            place = tuple(at for at, size in zip((row, column), symbol.shape, strict=True) if size != 1)
            table[place] = Fraction(int(value[row, column].p), int(value[row, column].q))
    return table


def _hadamard(*factors: sp.ImmutableMatrix) -> sp.ImmutableMatrix:
    return reduce(lambda a, b: a.multiply_elementwise(b), factors)


def _diagonal_of(matrix: sp.ImmutableMatrix) -> sp.ImmutableMatrix:
    return sp.ImmutableMatrix([matrix[at, at] for at in range(matrix.rows)])


_OPERATIONS: Mapping[type, Callable[..., Any]] = {
    sp.Add: sp.Add,
    sp.Mul: sp.Mul,
    sp.Pow: sp.Pow,
    sp.KroneckerDelta: lambda i, j: sp.Integer(i == j),
    sp.Trace: lambda matrix: matrix.trace(),
    sp.MatAdd: lambda *terms: reduce(add, terms),
    sp.MatMul: lambda *factors: reduce(mul, factors),
    sp.MatPow: lambda base, exponent: base**exponent,
    sp.Transpose: lambda matrix: matrix.T,
    sp.HadamardProduct: _hadamard,
    sp.HadamardPower: lambda base, exponent: base.applyfunc(lambda x: x**exponent),
    DiagMatrix: lambda vector: sp.ImmutableMatrix(sp.diag(*vector)),
    DiagonalOf: _diagonal_of,
    DiagonalMatrix: lambda matrix: sp.ImmutableMatrix(sp.diag(*_diagonal_of(matrix))),
}


def assert_same_value(language: Language, expression: sp.Basic, point: Point) -> None:
    """Compare SymPy's explicit value of an expression with the kernel's."""
    assert point.decided(language, language.read(expression)) == point.explicit(expression)
