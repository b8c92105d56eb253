"""What SymPy's own nodes mean at explicit small sizes, with exact rationals: written from the definitions alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import ArrayElement

from symmix.language import Entries
from tests.fuzz.algebra import (
    Meaningless,
    Series,
    Undefined,
    Value,
    power,
    reciprocal,
    terms_of,
)

Matrix = list[list[Value]]
Array3 = dict[tuple[int, ...], Value]


@dataclass(frozen=True)
class Index:
    """Where a bound index stands: its position from 0, and the base it is counted from."""

    position: int
    base: int = 0


@dataclass(frozen=True)
class Scope:
    """The values of symbols and of indices at one point, and what defined symbols stand for."""

    values: Mapping[sp.Basic, Any]  # sizes and scalars: a Value; matrices: a Matrix; arrays: an Array3
    indices: Mapping[sp.Symbol, Index] = field(default_factory=dict)
    samples: Mapping[sp.Symbol, Index] = field(default_factory=dict)  # those outside of all definitions
    definitions: Mapping[sp.Basic, sp.Basic] = field(default_factory=dict)

    def having(self, values: Mapping[sp.Basic, Any]) -> Scope:
        """Return the scope in which these symbols have these values."""
        return replace(self, values={**self.values, **values})

    def bound(self, indices: Mapping[sp.Symbol, Index]) -> Scope:
        """Return the scope of a sum's or a Lambda's body."""
        return replace(self, indices={**self.indices, **indices})

    def of(self, symbol: sp.Basic) -> Any:  # a Value, a Matrix or an Array3
        """Return the value of a symbol; a defined one is unfolded, outside of all sums."""
        if symbol in self.definitions:
            inner = replace(self, indices=self.samples)
            value = matrix(self.definitions[symbol], inner)
            return value if isinstance(symbol, sp.MatrixSymbol) else only(value)
        if symbol not in self.values:
            raise Meaningless(f"nothing is known of {symbol}")
        return self.values[symbol]


def matrix(node: sp.Basic, scope: Scope) -> Matrix:
    """Return the entries of a matrix expression; a scalar is 1 x 1."""
    if not isinstance(node, sp.MatrixExpr | sp.MatrixBase):
        return [[scalar(node, scope)]]
    for kind, method in MATRICES.items():
        if isinstance(node, kind):
            return method(node, scope)
    raise Meaningless(f"{type(node).__name__} is not in the language")


def scalar(node: sp.Basic, scope: Scope) -> Value:
    """Return the value of a scalar expression, or the only entry of a 1 x 1 matrix."""
    if isinstance(node, sp.MatrixExpr | sp.MatrixBase):
        return only(matrix(node, scope))
    for kind, method in SCALARS.items():
        if isinstance(node, kind):
            return method(node, scope)
    raise Meaningless(f"{type(node).__name__} is not in the language")


def size(node: sp.Basic, scope: Scope) -> int:
    """Return a size as a whole number."""
    value = scalar(node, scope)
    if isinstance(value, Series) or value < 0 or value != int(value):
        raise Meaningless(f"{node} is not a size")
    return int(value)


def whole(node: sp.Basic, scope: Scope) -> int:
    """Return a whole number, which may be negative."""
    value = scalar(node, scope)
    if isinstance(value, Series) or value != int(value):
        raise Meaningless(f"{node} is no whole number")
    return int(value)


def only(entries: Matrix) -> Value:
    """Return the entry of a 1 x 1 matrix."""
    if len(entries) != 1 or len(entries[0]) != 1:
        raise Meaningless("a matrix where a scalar belongs")
    return entries[0][0]


# -- scalars -----------------------------------------------------------------------------------------------------------


def _number(node: Any, _: Scope) -> Value:
    return int(node.p) if node.q == 1 else Fraction(int(node.p), int(node.q))


def _symbol(node: sp.Symbol, scope: Scope) -> Value:
    if node in scope.indices:
        index = scope.indices[node]
        return index.position + index.base
    value: Value = scope.of(node)
    return value


def _add(node: sp.Basic, scope: Scope) -> Value:
    total: Value = 0
    for arg in node.args:
        total = total + scalar(arg, scope)
    return total


def _mul(node: sp.Basic, scope: Scope) -> Value:
    result: Value = 1
    for arg in node.args:
        result = result * scalar(arg, scope)
    return result


def _pow(node: sp.Basic, scope: Scope) -> Value:
    exponent = scalar(node.args[1], scope)
    if isinstance(exponent, Series) or exponent != int(exponent):
        raise Meaningless(f"the exponent of {node}")
    return power(scalar(node.args[0], scope), int(exponent))


def _sum(node: sp.Basic, scope: Scope) -> Value:
    """Add up, from the outermost index inwards; indices of which one bounds the other are counted from one base."""
    limits = list(reversed(node.limits))
    base = {symbol: low for symbol, low, _ in limits}
    for symbol, low, high in limits:
        for other in base.keys() & (low.free_symbols | high.free_symbols):
            base[symbol] = base[other] = base[other] if other in low.free_symbols else low

    def added(left: Sequence[Any], inner: Scope) -> Value:
        if not left:
            return scalar(node.function, inner)
        (symbol, low, high), *more = left
        first, start = size(base[symbol], inner), size(low, inner)
        total: Value = 0
        for value in range(start, start + max(0, whole(high + 1 - low, inner))):
            total = total + added(more, inner.bound({symbol: Index(value - first, first)}))
        return total

    return added(limits, scope)


def _trace(node: sp.Basic, scope: Scope) -> Value:
    entries = matrix(node.args[0], scope)
    require(len(entries) == len(entries[0]), "the trace of a matrix that is not square")
    total: Value = 0
    for number, row in enumerate(entries):
        total = total + row[number]
    return total


def _position(node: sp.Basic, scope: Scope) -> int:
    if node in scope.indices:
        return scope.indices[node].position
    value = scalar(node, scope)
    based = any(scope.indices[s].base for s in node.free_symbols if s in scope.indices)
    require(not isinstance(value, Series) and value == int(value), "the index", node)
    return int(value) - based  # type: ignore[arg-type]


def _element(node: Any, scope: Scope) -> Value:
    parent = scope.of(node.parent) if isinstance(node.parent, sp.MatrixSymbol) else matrix(node.parent, scope)
    row, column = _position(node.i, scope), _position(node.j, scope)
    require(0 <= row < len(parent) and 0 <= column < len(parent[0]), "an index of", node, "out of its range")
    value: Value = parent[row][column]
    return value


def _array_element(node: Any, scope: Scope) -> Value:
    entries = scope.of(node.name)
    value: Value = entries[tuple(_position(index, scope) for index in node.indices)]
    return value


def _delta(node: sp.Basic, scope: Scope) -> Value:
    left, right = scalar(node.args[0], scope), scalar(node.args[1], scope)
    require(not isinstance(left, Series) and not isinstance(right, Series), "a delta of what is not a number")
    if len(node.args) > 2:
        low, high = (scalar(bound, scope) for bound in node.args[2])
        return int(left == right and low <= left <= high)  # type: ignore[operator]
    return int(left == right)


def require(condition: object, *message: object) -> None:
    """Give up on a statement without a meaning; the message is written out only then, SymPy is slow at it."""
    if not condition:
        raise Meaningless(*message)


# -- matrices ----------------------------------------------------------------------------------------------------------


def _matrix_symbol(node: sp.Basic, scope: Scope) -> Matrix:
    entries: Matrix = scope.of(node)
    return entries


def _explicit(node: Any, scope: Scope) -> Matrix:
    return [[scalar(node[r, c], scope) for c in range(node.cols)] for r in range(node.rows)]


def entrywise(combine: Callable[[Value, Value], Value], left: Matrix, right: Matrix) -> Matrix:
    """Combine two matrices of one shape, entry by entry."""
    require((len(left), len(left[0])) == (len(right), len(right[0])), "two shapes where there has to be one")
    return [[combine(a, b) for a, b in zip(*rows, strict=True)] for rows in zip(left, right, strict=True)]


def times(left: Matrix, right: Matrix) -> Matrix:
    """Multiply two matrices."""
    require(len(left[0]) == len(right), "a product of matrices whose sizes do not match")
    columns = list(zip(*right, strict=True))
    return [[_dot(row, column) for column in columns] for row in left]


def _dot(row: Sequence[Value], column: Sequence[Value]) -> Value:
    total: Value = 0
    for a, b in zip(row, column, strict=True):
        if a and b:
            total = total + a * b
    return total


def _mat_add(node: sp.Basic, scope: Scope) -> Matrix:
    total = matrix(node.args[0], scope)
    for arg in node.args[1:]:
        total = entrywise(lambda a, b: a + b, total, matrix(arg, scope))
    return total


def _mat_mul(node: sp.Basic, scope: Scope) -> Matrix:
    scale: Value = 1
    result: Matrix | None = None
    for arg in node.args:
        if isinstance(arg, sp.MatrixExpr | sp.MatrixBase):
            factor = matrix(arg, scope)
            result = factor if result is None else times(result, factor)
        else:
            scale = scale * scalar(arg, scope)
    return [[scale * entry for entry in row] for row in result or [[1]]]


def _hadamard(node: sp.Basic, scope: Scope) -> Matrix:
    result = matrix(node.args[0], scope)
    for arg in node.args[1:]:
        result = entrywise(lambda a, b: a * b, result, matrix(arg, scope))
    return result


def _hadamard_power(node: sp.Basic, scope: Scope) -> Matrix:
    exponent = size(node.args[1], scope)
    return [[power(entry, exponent) for entry in row] for row in matrix(node.args[0], scope)]


def _transpose(node: sp.Basic, scope: Scope) -> Matrix:
    return [list(column) for column in zip(*matrix(node.args[0], scope), strict=True)]


def _filled(entry: Callable[[int, int], Value]) -> Callable[[Any, Scope], Matrix]:
    def fill(node: Any, scope: Scope) -> Matrix:
        rows, columns = (size(s, scope) for s in node.shape)
        return [[entry(r, c) for c in range(columns)] for r in range(rows)]

    return fill


def _mat_pow(node: sp.Basic, scope: Scope) -> Matrix:
    base = matrix(node.args[0], scope)
    exponent = scalar(node.args[1], scope) if len(node.args) > 1 else -1
    require(len(base) == len(base[0]), "a power of a matrix that is not square")
    require(not isinstance(exponent, Series) and exponent == int(exponent), "a power that is no whole number")
    factor = base if exponent >= 0 else inverted(base)  # type: ignore[operator]
    result: Matrix = [[int(r == c) for c in range(len(base))] for r in range(len(base))]
    for _ in range(abs(int(exponent))):  # type: ignore[arg-type]
        result = times(result, factor)
    return result


def inverted(entries: Matrix) -> Matrix:
    """Return the inverse by elimination; a singular matrix has none."""
    number = len(entries)
    rows = [[*row, *(int(r == c) for c in range(number))] for r, row in enumerate(entries)]
    for column in range(number):
        pivot = next((r for r in range(column, number) if terms_of(rows[r][column]).get((), 0)), None)
        if pivot is None:
            raise Undefined
        rows[column], rows[pivot] = rows[pivot], rows[column]
        scale = reciprocal(rows[column][column])
        rows[column] = [scale * entry for entry in rows[column]]
        for r in range(number):
            if r != column and (factor := rows[r][column]):
                rows[r] = [a + -1 * factor * b for a, b in zip(rows[r], rows[column], strict=True)]
    return [row[number:] for row in rows]


def _diagonal(node: sp.Basic, scope: Scope) -> Matrix:
    entries = matrix(node.args[0], scope)
    if isinstance(node, DiagonalOf):
        return [[row[r]] for r, row in enumerate(entries)]
    if isinstance(node, DiagonalMatrix):
        return [[entry if r == c else 0 for c, entry in enumerate(row)] for r, row in enumerate(entries)]
    vector = [entry for row in entries for entry in row]
    return [[entry if r == c else 0 for c in range(len(vector))] for r, entry in enumerate(vector)]


def _slice(node: Any, scope: Scope) -> Matrix:
    entries = matrix(node.parent, scope)
    picked = []
    for (start, stop, step), axis in zip((node.rowslice, node.colslice), (len(entries), len(entries[0])), strict=True):
        low = _position(start, scope)
        high = low + size(stop - start, scope)
        require(low >= 0 and high <= axis, "a slice of", node, "out of its range")
        picked.append(range(low, high, int(step)))
    return [[entries[r][c] for c in picked[1]] for r in picked[0]]


def _function(node: Any, scope: Scope) -> Matrix:
    rows, columns = (size(s, scope) for s in node.shape)
    row, column = node.lamda.variables
    return [
        [scalar(node.lamda.expr, scope.bound({row: Index(r), column: Index(c)})) for c in range(columns)]
        for r in range(rows)
    ]


# two tables, to which the operators add their rows
SCALARS: dict[type, Callable[[Any, Scope], Value]] = {
    sp.Rational: _number,
    sp.Symbol: _symbol,
    sp.Add: _add,
    sp.Mul: _mul,
    sp.Pow: _pow,
    sp.Sum: _sum,
    sp.Trace: _trace,
    MatrixElement: _element,
    ArrayElement: _array_element,
    sp.KroneckerDelta: _delta,
}
MATRICES: dict[type, Callable[[Any, Scope], Matrix]] = {
    sp.MatrixBase: _explicit,
    sp.MatrixSymbol: _matrix_symbol,
    sp.MatAdd: _mat_add,
    sp.MatMul: _mat_mul,
    sp.Transpose: _transpose,
    sp.MatPow: _mat_pow,
    sp.Identity: _filled(lambda r, c: int(r == c)),
    sp.ZeroMatrix: _filled(lambda _r, _c: 0),
    sp.OneMatrix: _filled(lambda _r, _c: 1),
    sp.HadamardProduct: _hadamard,
    sp.HadamardPower: _hadamard_power,
    DiagMatrix: _diagonal,
    DiagonalMatrix: _diagonal,
    DiagonalOf: _diagonal,
    MatrixSlice: _slice,
    sp.FunctionMatrix: _function,
    Entries: _function,
}
