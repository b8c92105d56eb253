"""From trees to SymPy, node by node: what is written stays as it is, nothing is worked out or put in another order.

A statement that did not come from SymPy, but was read from text, has so its SymPy expressions too: those who look at a
theorem by SymPy's components see what its author wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import ArrayElement, ArraySymbol

from symmix.language.derivatives import Gradient, Jacobian
from symmix.language.nodes import At, Entries, ForAll, Function, expectation, inverse, quotient
from symmix.language.reader import Reader
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.meanings import Names
from symmix.terms.names import ONE_SIZE, WHOLE, is_fixed


def symbols_of(names: Names, whole: Iterable[str] = ()) -> dict[str, Any]:
    """Return SymPy's symbols for all names of a theorem: plain ones, of which nothing is assumed but what they are."""
    found: dict[str, Any] = {size: sp.Symbol(size, integer=True, positive=True) for size in sorted(names.sizes)}
    found |= {index: sp.Symbol(index, integer=True) for index in names.free}
    for name, symbol in names.symbols.items():
        axes = [size_in(size, found) for size in symbol.axes]
        if not axes:
            found[name] = sp.Symbol(name, integer=True) if name in set(whole) else sp.Symbol(name, real=True)
        else:
            found[name] = sp.MatrixSymbol(name, *axes) if len(axes) == 2 else ArraySymbol(name, tuple(axes))
    return found


def reader_of(names: Names, whole: Iterable[str] = ()) -> Reader:
    """Return a reader that knows the names of a theorem."""
    symbols = symbols_of(names, whole)
    reader = Reader({symbols[name]: size_in(size, symbols) for name, size in names.free.items()})
    reader.symbols.update(symbols)
    return reader


def size_in(size: str, symbols: Mapping[str, Any]) -> Any:
    """Return a size as SymPy has it."""
    return sp.Integer(int(size)) if is_fixed(size) or size == ONE_SIZE else symbols[size]


class Outward:
    """Writes trees in the given symbols; what has the shape of a scalar becomes one."""

    def __init__(self, symbols: Mapping[str, Any]) -> None:
        self.symbols = dict(symbols)

    def __call__(self, node: t.Expression) -> sp.Basic:
        """Return an expression; a matrix of one row and one column is a scalar."""
        found = _RULES[type(node)](self, node)
        if node.shape == t.SCALAR and isinstance(found, sp.MatrixExpr):
            return MatrixElement(found, sp.S.Zero, sp.S.Zero)
        return found

    def matrix(self, node: t.Expression) -> sp.MatrixExpr:
        """Return an expression as a matrix, also if it is a scalar."""
        if isinstance(node, t.Symbol) and node.axes:
            return self.symbols[node.name]
        found = self(node)
        if isinstance(found, sp.MatrixExpr):
            return found
        return Entries(sp.S.One, sp.S.One, sp.Lambda((sp.Dummy("i"), sp.Dummy("j")), found))

    def hypothesis(self, stated: s.Hypothesis) -> Any:
        """Return what vanishes, at the samples or for all indices, or is said of functions at all arguments."""
        if isinstance(stated, s.Everywhere):
            body = self(stated.body)
            said = body if stated.sign == "=" else sp.Ge(body, 0, evaluate=False)
            return ForAll(tuple(self.symbols[symbol.name] for symbol in stated.symbols), said)
        if not isinstance(stated, s.ForAll):
            return self(stated)
        bound = self.binding(stated.indices)
        pairs = [(bound.symbols[index.name], self.size(index.size)) for index in stated.indices]
        return ForAll(pairs, bound(stated.body))

    def condition(self, stated: s.Condition) -> Any:
        """Return a relation, which SymPy does not decide."""
        return _RELATIONS[stated.sign](self(stated.left), self(stated.right), evaluate=False)

    # -- kinds of nodes ---

    def size(self, size: str) -> Any:
        """Return a size."""
        return size_in(size, self.symbols)

    def binding(self, indices: Iterable[t.Index | None]) -> Outward:
        """Return what writes inside of what binds some indices."""
        return Outward({**self.symbols, **{i.name: sp.Symbol(i.name, integer=True) for i in indices if i is not None}})

    def position(self, index: str) -> Any:
        """Return an index, or a number."""
        return sp.Integer(int(index)) if index.isdigit() else self.symbols[index]

    def multiply(self, node: t.Multiply) -> sp.Basic:
        """Return a product: scalars, times a product of matrices."""
        scalars = [self(factor) for factor in node.factors if factor.shape == t.SCALAR]
        if not node.matrices:
            return sp.Mul(*scalars, evaluate=False)
        matrices = [self.matrix(factor) for factor in node.matrices]
        product = matrices[0] if len(matrices) == 1 else sp.MatMul(*matrices, evaluate=False)
        if node.shape == t.SCALAR:
            return sp.Mul(*scalars, sp.Trace(product), evaluate=False)
        return sp.MatMul(*scalars, product, evaluate=False) if scalars else product

    def add(self, node: t.Add) -> sp.Basic:
        """Return a sum."""
        return (sp.Add if node.shape == t.SCALAR else sp.MatAdd)(*map(self, node.terms), evaluate=False)

    def power(self, node: t.Power) -> sp.Basic:
        """Return a power."""
        kind = sp.Pow if node.shape == t.SCALAR else sp.MatPow
        return kind(self(node.base), sp.Integer(node.exponent), evaluate=False)

    def entry(self, node: t.Entry) -> sp.Basic:
        """Return an entry."""
        positions = [self.position(index) for index in node.indices]
        if isinstance(node.of, t.Symbol) and len(node.of.axes) > 2:
            return ArrayElement(self.symbols[node.of.name], tuple(positions))
        return MatrixElement(self.matrix(node.of), *positions)

    def slice(self, node: t.Slice) -> sp.Basic:
        """Return a row or a column."""
        of = self.matrix(node.of)
        places = zip((node.row, node.column), of.shape, strict=True)
        spans = [(0, size) if i == WHOLE else (self.position(i), self.position(i) + 1) for i, size in places]
        return MatrixSlice(of, *spans)

    def total(self, node: t.Total) -> sp.Basic:
        """Return a sum over indices."""
        inside = self.binding(node.indices)
        limits = [(inside.symbols[index.name], 0, self.size(index.size) - 1) for index in node.indices]
        return sp.Sum(inside(node.body), *limits)

    def by_entries(self, node: t.ByEntries) -> sp.Basic:
        """Return a matrix by its entries."""
        inside = self.binding((node.row, node.column))
        variables = [inside.symbols[i.name] if i else sp.Dummy("i", integer=True) for i in (node.row, node.column)]
        rows, columns = map(self.size, node.shape)
        return Entries(rows, columns, sp.Lambda(tuple(variables), inside(node.body)))

    def derivative(self, node: t.Gradient | t.Jacobian) -> sp.Basic:
        """Return a derivative, with what depends on its variable."""
        jacobians = {self.symbols[of.name]: self.slope(of, value) for of, value in node.jacobians}
        by = self.symbols[node.by.name]
        if isinstance(node, t.Jacobian):
            return Jacobian(self.matrix(node.of), by, jacobians, node.constant)
        return Gradient(self(node.of), by, jacobians, node.constant)

    def slope(self, of: t.Symbol, value: t.Expression) -> sp.Basic:
        """Return a declared derivative: a matrix if it is one of a column, an array by its name."""
        if isinstance(value, t.Symbol) and value.axes:
            return self.symbols[value.name]
        return self.matrix(value) if of.axes else self(value)

    def replaced(self, node: t.At) -> sp.Basic:
        """Return an expression at other values of some symbols."""
        values = {self.symbols[of.name]: self.matrix(v) if of.axes else self(v) for of, v in node.values}
        return At(self.matrix(node.of), values)

    def mean(self, node: t.Expectation) -> sp.Basic:
        """Return an expectation with its moments."""
        moments = {}
        for moment in node.moments:
            bound = {name: sp.Symbol(name, integer=True) for name in moment.indices}
            value = Outward({**self.symbols, **bound})(moment.value)
            moments[moment.degree] = sp.Lambda(tuple(bound.values()), value) if bound else value
        return expectation(self(node.of), self.symbols[node.random.name], moments)

    def value(self, node: t.Apply) -> sp.Basic:
        """Return a value of a function."""
        sizes = (self.size(axes[0]) if axes else 1 for axes in (node.function.source, node.function.target))
        found = self.matrix(node.argument) if node.function.source else self(node.argument)
        return Function(node.function.name, *sizes)(found)

    def unary(self, node: Any, kind: Callable[[sp.MatrixExpr], sp.Basic]) -> sp.Basic:
        """Return what is made of one matrix; of a scalar, itself."""
        return self(node.of) if node.of.shape == t.SCALAR else kind(self.matrix(node.of))


_RELATIONS: Mapping[str, Any] = {">": sp.Gt, ">=": sp.Ge, "<": sp.Lt, "<=": sp.Le, "!=": sp.Ne}

_RULES: Mapping[type, Callable[[Outward, Any], Any]] = {
    t.Number: lambda _, x: sp.Rational(x.value.numerator, x.value.denominator),
    t.Size: lambda out, x: out.symbols[x.name],
    t.Symbol: lambda out, x: out.symbols[x.name],
    t.Add: Outward.add,
    t.Multiply: Outward.multiply,
    t.Quotient: lambda out, x: quotient(out(x.numerator), out(x.denominator)),
    t.Power: Outward.power,
    t.Hadamard: lambda out, x: (
        sp.Mul(*map(out, x.factors), evaluate=False)
        if x.shape == t.SCALAR
        else sp.HadamardProduct(*map(out, x.factors))
    ),
    t.Transpose: lambda out, x: out.unary(x, sp.Transpose),
    t.Trace: lambda out, x: out.unary(x, sp.Trace),
    t.Diagonal: lambda out, x: out.unary(x, DiagonalOf),
    t.DiagonalMatrix: lambda out, x: out.unary(x, DiagMatrix),
    t.Inverse: lambda out, x: quotient(sp.S.One, out(x.of)) if x.shape == t.SCALAR else inverse(out(x.of)),
    t.Identity: lambda out, x: sp.S.One if x.shape == t.SCALAR else sp.Identity(out.size(x.size)),
    t.Ones: lambda out, x: sp.S.One if x.shape == t.SCALAR else sp.OneMatrix(*map(out.size, x.shape)),
    t.Zeros: lambda out, x: sp.S.Zero if x.shape == t.SCALAR else sp.ZeroMatrix(*map(out.size, x.shape)),
    t.Delta: lambda out, x: sp.KroneckerDelta(out.position(x.first), out.position(x.second)),
    t.Entry: Outward.entry,
    t.Slice: Outward.slice,
    t.Total: Outward.total,
    t.ByEntries: Outward.by_entries,
    t.Gradient: Outward.derivative,
    t.Jacobian: Outward.derivative,
    t.At: Outward.replaced,
    t.Expectation: Outward.mean,
    t.Apply: Outward.value,
}
