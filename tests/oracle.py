"""The oracle: SymPy with explicit matrices in the place of every symbol; it shares no code with the kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import product
from operator import add, mul
from random import Random
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import ArrayElement, ArraySymbol

from symmix.kernel.calculus import Model, evaluate
from symmix.language import Array, At, Entries, Gradient, Jacobian, Language
from symmix.language.array import COLUMN, ROW
from symmix.language.nodes import MatrixExpectation, ScalarExpectation

Sizes = Mapping[sp.Symbol, int]
Table = Mapping[tuple[int, ...], sp.Expr]
_NONE: Mapping[sp.Basic, int] = {}


@dataclass(frozen=True)
class Point:
    """Sizes, scalars, matrices and arrays; ``at`` gives free sample indices their values."""

    sizes: Sizes
    scalars: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    matrices: Mapping[sp.MatrixSymbol, sp.ImmutableMatrix] = field(default_factory=dict)
    at: Mapping[sp.Symbol, int] = field(default_factory=dict)
    arrays: Mapping[ArraySymbol, Table] = field(default_factory=dict)
    definitions: Mapping[sp.Basic, sp.Basic] = field(default_factory=dict)

    @classmethod
    def drawn(
        cls,
        sizes: Sizes,
        *expressions: sp.Basic,
        seed: int = 0,
        at: Sizes | None = None,
        definitions: Mapping[sp.Basic, sp.Basic] | None = None,
    ) -> Point:
        """Return a point for all symbols of the expressions, with small entries; defined symbols follow from others."""
        random = Random(seed)
        definitions = definitions or {}
        symbols = occurring(expressions, definitions)
        at = at or {}
        matrices = {
            s: sp.ImmutableMatrix(*(int(size.subs(sizes)) for size in s.shape), lambda *_: random.randint(-3, 3))
            for s in symbols
            if isinstance(s, sp.MatrixSymbol)
        }
        arrays = {
            s: {place: sp.Integer(random.randint(-3, 3)) for place in _places(s, sizes)}
            for s in symbols
            if isinstance(s, ArraySymbol)
        }
        ratios = [sp.Rational(top, below) for top in (-3, -1, 1, 2, 5) for below in (2, 3, 7)]
        names = [s for s in symbols if isinstance(s, sp.Symbol) and s not in sizes and s not in at]
        return cls(sizes, {s: random.choice(ratios) for s in names}, matrices, at, arrays, definitions)

    def explicit(self, expression: sp.Basic) -> sp.ImmutableMatrix:
        """Return the value of an expression on SymPy's explicit matrices; a scalar as a 1x1 matrix."""
        values = {**self.sizes, **self.scalars, **self.at, **self.matrices, **self.arrays}
        value = _Evaluation(values, self.definitions).of(expression)
        return value if isinstance(value, sp.MatrixBase) else sp.ImmutableMatrix([[value]])

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


class _Evaluation:
    """Numbers and explicit matrices in the place of all symbols, by the definition of each node.

    A derivative moves its variable by unknowns, and what depends on it by the Jacobian times these, and is SymPy's
    scalar derivative by the unknowns at zero. An expectation multiplies out in unknowns for the random entries and
    puts the moments in the place of their products. The values may hold unknowns from further out.
    """

    def __init__(self, values: Mapping[sp.Basic, Any], definitions: Mapping[sp.Basic, sp.Basic]) -> None:
        self.values, self.definitions = values, definitions
        self.known: dict[sp.Basic, Any] = {}

    def of(self, node: sp.Basic, indices: Mapping[sp.Basic, int] = _NONE) -> Any:
        """Return the value of a node; ``indices`` are those of the sums around it."""
        if node in indices:
            return sp.Integer(indices[node])
        if isinstance(node, sp.Symbol | sp.MatrixSymbol):
            return self._symbol(node)
        if isinstance(node, sp.Rational):
            return node
        if isinstance(node, sp.Sum):
            (symbol, low, high), outer = node.limits[-1], node.limits[:-1]
            body = sp.Sum(node.function, *outer) if outer else node.function
            span = range(int(self.of(low, indices)), int(self.of(high, indices)) + 1)
            return sp.Add(*(self.of(body, {**indices, symbol: v}) for v in span))
        if isinstance(node, sp.FunctionMatrix | Entries):
            (i, j), body = node.lamda.variables, node.lamda.expr
            return sp.ImmutableMatrix(*self._shape(node), lambda r, c: self.of(body, {**indices, i: r, j: c}))
        if isinstance(node, sp.Identity | sp.ZeroMatrix | sp.OneMatrix):
            filled = {sp.ZeroMatrix: sp.zeros, sp.OneMatrix: sp.ones, sp.Identity: sp.eye}[type(node)]
            return sp.ImmutableMatrix(filled(*self._shape(node)))
        if isinstance(node, MatrixElement):
            return self.of(node.parent, indices)[self._position((node.i, node.j), indices)]
        if isinstance(node, ArrayElement):
            return self.values[node.name][self._position(node.indices, indices)]
        if isinstance(node, MatrixSlice):
            spans = [slice(*self._position(part[:2], indices)) for part in (node.rowslice, node.colslice)]
            return self.of(node.parent, indices)[spans[0], spans[1]]
        if isinstance(node, Gradient):
            return self._gradient(node, indices)
        if isinstance(node, At):
            return self._with({s: self.of(v, indices) for s, v in node.values.items()}).of(node.matrix, indices)
        if isinstance(node, ScalarExpectation | MatrixExpectation):
            return self._expectation(node, indices)
        return _OPERATIONS[node.func](*(self.of(arg, indices) for arg in node.args))

    def _symbol(self, symbol: sp.Basic) -> Any:
        if symbol not in self.definitions:
            return sp.S(self.values[symbol])
        if symbol not in self.known:
            self.known[symbol] = self.of(self.definitions[symbol])
        return self.known[symbol]

    def _shape(self, node: sp.MatrixExpr) -> tuple[int, ...]:
        return tuple(int(self.of(sp.S(size))) for size in node.shape)

    def _position(self, parts: Iterable[sp.Basic], indices: Mapping[sp.Basic, int]) -> tuple[int, ...]:
        return tuple(int(self.of(sp.S(part), indices)) for part in parts)

    def _with(self, changed: Mapping[sp.Basic, Any]) -> _Evaluation:
        return _Evaluation({**self.values, **changed}, self.definitions)

    def _gradient(self, node: Gradient, indices: Mapping[sp.Basic, int]) -> sp.ImmutableMatrix:
        rows, columns = self._shape(node.wrt)
        steps = sp.ImmutableMatrix(rows, columns, lambda *_: sp.Dummy("d"))
        moved = {node.wrt: self._symbol(node.wrt) + steps}
        for symbol, slope in node.jacobians.items():
            if isinstance(slope, ArraySymbol):
                entries = self.values[slope]
                shift = sp.ImmutableMatrix(
                    *self._shape(symbol), lambda r, c, e=entries: sum(e[r, c, t] * steps[t, 0] for t in range(rows))
                )
            else:
                shift = self.of(slope, indices) * steps
            moved[symbol] = self._symbol(symbol) + shift
        value = self._with(moved).of(node.differentiated, indices)
        components = list(value) if isinstance(value, sp.MatrixBase) else [value]
        at_zero = dict.fromkeys(steps, 0)
        slopes = [[sp.diff(component, step).subs(at_zero) for step in steps] for component in components]
        if isinstance(node, Jacobian):
            return sp.ImmutableMatrix(slopes)
        (row,) = slopes  # a gradient is one of a scalar
        return sp.ImmutableMatrix(rows, columns, row)

    def _expectation(self, node: Any, indices: Mapping[sp.Basic, int]) -> Any:
        random = node.random
        if isinstance(random, sp.Symbol):
            unknown = sp.Dummy("random")
            places: dict[sp.Basic, tuple[int, ...]] = {unknown: ()}
            value = self._with({random: unknown}).of(node.averaged, indices)
        else:
            rows, columns = self._shape(random)
            unknowns = sp.ImmutableMatrix(rows, columns, lambda *_: sp.Dummy("random"))
            sizes = [axis for axis, size in enumerate(random.shape) if size != 1]
            places = {
                unknowns[r, c]: tuple((r, c)[axis] for axis in sizes) for r in range(rows) for c in range(columns)
            }
            value = self._with({random: unknowns}).of(node.averaged, indices)

        def moment(powers: Sequence[int]) -> Any:
            drawn = [place for place, power in zip(places.values(), powers, strict=True) for _ in range(power)]
            if not drawn:
                return sp.S.One
            stated = node.moments[len(drawn)]
            if not isinstance(stated, sp.Lambda):
                return self.of(stated, indices)
            position = [at for place in drawn for at in place]
            return self.of(stated.expr, {**indices, **dict(zip(stated.variables, position, strict=True))})

        def mean(entry: sp.Expr) -> sp.Expr:
            return sp.Add(*(c * moment(powers) for powers, c in sp.Poly(entry, *places).terms()))

        return value.applyfunc(mean) if isinstance(value, sp.MatrixBase) else mean(value)


def occurring(expressions: Iterable[sp.Basic], definitions: Mapping[sp.Basic, sp.Basic]) -> list[sp.Basic]:
    """Return the undefined symbols (scalars, matrices, arrays) that the expressions are made of, by way of definitions."""
    found: set[sp.Basic] = set()
    waiting = list(expressions)
    while waiting:
        expression = waiting.pop()
        arrays = expression.atoms(ArraySymbol)
        names = {s for s in expression.free_symbols if isinstance(s, sp.Symbol)} - {s.args[0] for s in arrays}
        new = (names | arrays | expression.atoms(sp.MatrixSymbol)) - found
        found |= new
        waiting += [definitions[s] for s in new if s in definitions]
    return sorted(found - definitions.keys(), key=str)


def _places(symbol: ArraySymbol, sizes: Sizes) -> Iterable[tuple[int, ...]]:
    return product(*(range(int(sp.S(size).subs(sizes))) for size in symbol.shape))


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
