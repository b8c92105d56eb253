"""From SymPy to the kernel, node by node; a node that has no row in the two tables at the end is refused by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import ArrayElement

from symmix.errors import DimensionError, StatementError, UnsupportedError
from symmix.kernel.calculus import substitute
from symmix.kernel.networks import Expression, constant, delta, entry, ones
from symmix.kernel.scalars import Polynomial
from symmix.language.array import COLUMN, ROW, Array, as_coefficient, axes, entrywise, require_square, times
from symmix.language.derivatives import gradient_array, jacobian_array
from symmix.language.expectations import expected
from symmix.language.nodes import At, Entries, Gradient, Jacobian, MatrixExpectation, ScalarExpectation

if TYPE_CHECKING:
    from symmix.language.dictionary import Language


class Reader:
    """Reads one expression; the scope maps the indices of the sums around a node to their sizes."""

    def __init__(self, language: Language, scope: Mapping[str, str]) -> None:
        self.language = language
        self.scope = dict(scope)  # index -> dimension, for the sums and lambdas around the node being read

    def read(self, node: sp.Basic) -> Array:
        """Return the array that a scalar or matrix node stands for."""
        if isinstance(node, sp.MatrixExpr):
            return self._matrix(node)
        if isinstance(node, sp.Expr):
            return Array(self._scalar(node))
        raise _unsupported(node)

    # -- scalars

    def _scalar(self, node: sp.Expr) -> Expression:
        for kind, method in _SCALARS.items():
            if isinstance(node, kind):
                return method(self, node)
        raise _unsupported(node)

    def _number(self, node: sp.Rational) -> Expression:
        return constant(Fraction(int(node.p), int(node.q)))

    def _named(self, node: sp.Symbol) -> Expression:
        if self.language.index_name(node) in self.scope:
            raise UnsupportedError("an index inside square brackets", str(node), "use it as an index only")
        if node in self.language.quantities:
            return entry(self.language.tensor(node))
        self.language.declare(node.name, node)
        return constant(Polynomial.variable(str(node.name)))

    def _total(self, node: sp.Add) -> Expression:
        return reduce(add, self._broadcast([self._scalar(arg) for arg in node.args]))

    def _product(self, node: sp.Mul) -> Expression:
        # a Kronecker delta takes its size from what its indices index, so it is read last
        ordered = sorted(node.args, key=lambda arg: isinstance(arg, sp.KroneckerDelta))
        return reduce(mul, (self._scalar(arg) for arg in ordered))

    def _matrix_entry(self, node: MatrixElement) -> Expression:
        return self._entry(self.read(node.parent), node.i, node.j, node)

    def _broadcast(self, parts: Sequence[Expression]) -> list[Expression]:
        """Let terms that do not depend on a sample index stand beside terms that do."""
        free: dict[str, str] = {}
        for part in parts:
            free.update(part.free)
        missing = [{i: dim for i, dim in free.items() if i not in part.free} for part in parts]
        return [part * ones(**lack) if lack else part for part, lack in zip(parts, missing, strict=True)]

    def _power(self, node: sp.Pow) -> Expression:
        base, exponent = node.args
        if not isinstance(exponent, sp.Integer):
            raise UnsupportedError("a whole number as exponent", str(node), "use whole powers only")
        value = self._scalar(base)
        if exponent < 0:
            value = constant(self.language.reciprocal(as_coefficient(value, node), node))
        return reduce(mul, [value] * abs(int(exponent)), constant(1))

    def _sum(self, node: sp.Sum) -> Expression:
        limits = []
        for symbol, low, high in node.limits:
            dim = self.language.size(sp.expand(high - low + 1), node)
            if low not in (0, 1) or dim is None:
                raise UnsupportedError(
                    "a sum from 0 to n - 1 (or from 1 to n) over a symbolic size n",
                    str(node),
                    "sum over a whole axis; weights can select a part of it",
                )
            limits.append((self.language.index(symbol), dim))
        inner = Reader(self.language, {**self.scope, **dict(limits)})
        body = inner._scalar(node.function)
        for name, dim in limits:
            body = body.sum(name) if name in body.free else body * Polynomial.variable(dim)
        return body

    def _trace(self, node: sp.Trace) -> Expression:
        array = self.read(node.arg)
        require_square(array, node)
        if array.rows is None:
            return array.expression
        return array.expression.rename({COLUMN: ROW}).sum(ROW)

    def _entry(self, array: Array, i: sp.Basic, j: sp.Basic, node: sp.Basic) -> Expression:
        names = {}
        for slot, size, index in ((ROW, array.rows, i), (COLUMN, array.columns, j)):
            if size is None:
                if index != 0:
                    raise DimensionError("the index 0 along an axis of size 1", f"{index} in {node}", "use 0")
            else:
                names[slot] = self._index(index, size, node)
        return array.expression.rename(names)

    def _array_entry(self, node: ArrayElement) -> Expression:
        tensor = self.language.tensor(node.name)
        dims = [self.language.size(size, node) for size in node.name.shape]
        pairs = zip(node.indices, dims, strict=True)
        return entry(tensor, *(self._index(index, dim, node) for index, dim in pairs if dim is not None))

    def _index(self, index: sp.Basic, size: str, node: sp.Basic) -> str:
        if not isinstance(index, sp.Symbol):
            raise UnsupportedError(
                "a symbol as index along a symbolic size",
                f"{index} in {node}",
                "sum over a symbol, or multiply by a unit vector that is a symbol of its own",
            )
        name = self.language.index(index)
        known = self.scope.setdefault(name, size)
        if known != size:
            raise DimensionError(
                f"one size for the index {index}",
                f"{known!r} and {size!r} in {node}",
                "use another index, or check the order of the factors",
            )
        return name

    def _delta(self, node: sp.KroneckerDelta) -> Expression:
        names = [self.language.index_name(arg) for arg in node.args[:2] if isinstance(arg, sp.Symbol)]
        sizes = {self.scope[name] for name in names if name in self.scope}
        if len(names) != 2 or len(sizes) != 1:
            raise DimensionError(
                "a Kronecker delta of two indices over the same size",
                f"{node}, sizes {sorted(sizes) or 'unknown'}",
                "sum over its indices, or declare them as sample indices",
            )
        (dim,) = sizes
        return delta(names[0], names[1], dim)

    # -- matrices

    def _matrix(self, node: sp.MatrixExpr) -> Array:
        for kind, method in _MATRICES.items():
            if isinstance(node, kind):
                return method(self, node)
        raise _unsupported(node)

    def _transpose(self, node: sp.Transpose) -> Array:
        return self.read(node.arg).transposed

    def _filled(self, node: sp.ZeroMatrix | sp.OneMatrix) -> Array:
        rows, columns = (self.language.size(size, node) for size in node.shape)
        value = 0 if isinstance(node, sp.ZeroMatrix) else 1
        return Array(ones(**axes(rows, columns)) * value, rows, columns)

    def _hadamard(self, node: sp.HadamardProduct) -> Array:
        return reduce(lambda a, b: entrywise(a, b, node), (self.read(arg) for arg in node.args))

    def _symbol(self, node: sp.MatrixSymbol) -> Array:
        tensor = self.language.tensor(node)
        rows, columns = (self.language.size(size, node) for size in node.shape)
        return Array(entry(tensor, *axes(rows, columns)), rows, columns)

    def _add(self, node: sp.MatAdd) -> Array:
        arrays = [self.read(arg) for arg in node.args]
        for array, arg in zip(arrays, node.args, strict=True):
            if array.shape != arrays[0].shape:
                raise DimensionError(
                    f"summands of one shape in {node}",
                    f"{node.args[0]} of shape {arrays[0].shape} and {arg} of shape {array.shape}",
                    "transpose one of them, or check the shapes of the symbols",
                )
        total = reduce(add, self._broadcast([a.expression for a in arrays]))
        return Array(total, arrays[0].rows, arrays[0].columns)

    def _multiply(self, node: sp.MatMul) -> Array:
        scale, product = constant(1), None
        for arg in node.args:
            if not isinstance(arg, sp.MatrixExpr):
                scale = scale * self._scalar(arg)
            else:
                array = self.read(arg)
                product = array if product is None else times(product, array, node)
        if product is None:
            raise _unsupported(node)
        return Array(scale * product.expression, product.rows, product.columns)

    def _matrix_power(self, node: sp.MatPow) -> Array:
        base, exponent = node.args
        if not isinstance(exponent, sp.Integer) or exponent < 0:
            raise UnsupportedError(
                "a power that is a whole number, not negative",
                str(node),
                "for an inverse declare a matrix B and the hypothesis B*A = I",
            )
        array = self.read(base)
        require_square(array, node)
        return reduce(lambda a, b: times(a, b, node), [array] * int(exponent), self._identity(sp.Identity(base.rows)))

    def _identity(self, node: sp.Identity) -> Array:
        dim = self.language.size(node.shape[0], node)
        return Array(constant(1) if dim is None else delta(ROW, COLUMN, dim), dim, dim)

    def _hadamard_power(self, node: sp.HadamardPower) -> Array:
        base, exponent = node.args
        if not isinstance(exponent, sp.Integer) or exponent < 1:
            raise UnsupportedError("a positive whole number as exponent", str(node), "use whole powers only")
        return reduce(lambda a, b: entrywise(a, b, node), [self.read(base)] * int(exponent))

    def _diagonal(self, node: sp.MatrixExpr) -> Array:
        array = self.read(node.args[0])
        if isinstance(node, DiagonalOf):  # of a matrix, as a column
            require_square(array, node)
            return Array(array.expression.rename({COLUMN: ROW}), array.rows)
        if isinstance(node, DiagMatrix):  # of a vector
            dim = array.rows or array.columns
            if array.rows and array.columns:
                raise DimensionError(
                    "a vector", f"{node.args[0]} of shape {array.shape} in {node}", "take its diagonal"
                )
            if dim is None:
                return array
            entries = array.expression.rename({COLUMN: ROW})
            return Array(entries * delta(ROW, COLUMN, dim), dim, dim)
        require_square(array, node)  # a matrix with its off-diagonal part removed
        if array.rows is None:
            return array
        return Array(array.expression * delta(ROW, COLUMN, array.rows), array.rows, array.columns)

    def _slice(self, node: MatrixSlice) -> Array:
        """Read one row or column of a matrix, ``E[i, :]`` or ``E[:, j]``."""
        array = self.read(node.parent)
        sizes, names = {}, {}
        slots = ((ROW, array.rows, node.rowslice), (COLUMN, array.columns, node.colslice))
        for (slot, size, (start, stop, step)), full in zip(slots, node.parent.shape, strict=True):
            if start == 0 and stop == full and step == 1:
                sizes[slot] = size
            elif sp.expand(stop - start) == 1 and size is not None:
                names[slot], sizes[slot] = self._index(start, size, node), None
            else:
                raise UnsupportedError("a whole axis or a single row or column", str(node), "slice E[i, :] or E[:, j]")
        return Array(array.expression.rename(names), sizes[ROW], sizes[COLUMN])

    def _gradient(self, node: Gradient) -> Array:
        self._require_free(node)
        inner = self.language.unfolded(self.read(node.differentiated))
        differentiate = jacobian_array if isinstance(node, Jacobian) else gradient_array
        return differentiate(self.language, inner, node.wrt, node.jacobians)

    def _at(self, node: At) -> Array:
        self._require_undefined(node, *node.values)
        inner = self.language.unfolded(self.read(node.matrix))
        values = [self.language.template(symbol, value) for symbol, value in node.values.items()]
        return replace(inner, expression=substitute(inner.expression, values))

    def _expectation(self, node: ScalarExpectation) -> Expression:
        self._require_undefined(node, node.random)
        inner = self.language.unfolded(self.read(node.averaged))
        return expected(self, inner.expression, node.random, node.moments)

    def _matrix_expectation(self, node: MatrixExpectation) -> Array:
        self._require_undefined(node, node.random)
        inner = self.language.unfolded(self.read(node.averaged))
        return replace(inner, expression=expected(self, inner.expression, node.random, node.moments))

    def under(self, dims: Mapping[str, str], body: sp.Expr) -> Expression:
        """Return a scalar over the given indices, also those that it does not depend on."""
        inner = Reader(self.language, {**self.scope, **dims})._scalar(body)
        return inner * ones(**{index: dim for index, dim in dims.items() if index not in inner.free})

    def _require_undefined(self, node: sp.Basic, *symbols: sp.Basic) -> None:
        """Refuse a symbol that is unfolded away before something is done to it: the result would be silently wrong."""
        for symbol in symbols:
            if self.language.defined(symbol):
                raise StatementError(
                    "undefined symbols to differentiate by, to average over, to replace, or to have Jacobians",
                    f"{symbol} in {node}, which has a definition",
                    "use what it is defined with, or leave it undefined",
                )

    def _require_free(self, node: Gradient) -> None:
        """Refuse what would be a silent zero: a variable that is unfolded away, an objective without a definition."""
        self._require_undefined(node, node.wrt, *node.jacobians)
        if node.wrt in node.jacobians:
            raise StatementError("Jacobians of other symbols", f"one of {node.wrt} by itself in {node}", "leave it out")
        scalar = node.differentiated
        scalar = scalar.parent if isinstance(scalar, MatrixElement) else scalar
        known = {node.wrt, *node.jacobians}
        is_symbol = isinstance(scalar, sp.MatrixSymbol | sp.Symbol)
        if is_symbol and scalar not in known and not self.language.defined(scalar):
            raise StatementError(
                "an expression to differentiate, or a symbol with a definition or a Jacobian",
                f"{scalar} in {node}, a symbol with neither",
                "define it, or its derivative is zero for want of anything to depend on",
            )

    def _function(self, node: sp.FunctionMatrix | Entries) -> Array:
        rows, columns = (self.language.size(size, node) for size in node.shape)
        body, scope, names = node.lamda.expr, dict(self.scope), {}
        for symbol, dim, slot in zip(node.lamda.variables, (rows, columns), (ROW, COLUMN), strict=True):
            if dim is None:
                body = body.subs(symbol, 0)
            else:
                name = self.language.index(symbol)
                names[name], scope[name] = slot, dim
        inner = Reader(self.language, scope)._scalar(body)
        lacking = {slot: dim for slot, dim in axes(rows, columns).items() if slot not in names.values()}
        renamed = inner.rename(names)
        lacking |= {slot: dim for slot, dim in axes(rows, columns).items() if slot not in renamed.free}
        return Array(renamed * ones(**lacking), rows, columns)


_REMEDIES: Mapping[type, str] = {
    sp.Inverse: "declare a matrix B and the hypothesis B*A = I",
    sp.Float: "use exact numbers: sympy.Rational(1, 2), not 0.5",
    sp.Function: "declare a symbol for its value and, to differentiate, one for its Jacobian",
    sp.NumberSymbol: "use rationals, or a symbol with the hypotheses that it satisfies",
}


def _unsupported(node: sp.Basic) -> UnsupportedError:
    remedy = next((text for kind, text in _REMEDIES.items() if isinstance(node, kind)), None)
    return UnsupportedError(
        "sums, products and powers of scalars, matrix symbols, transposes, traces, Hadamard products, diagonal"
        " matrices, Kronecker deltas and sums over a symbolic size",
        f"{node} ({type(node).__name__})",
        remedy or "rewrite it in these terms, or declare a symbol for it",
    )


_SCALARS: Mapping[type, Callable[[Reader, Any], Expression]] = {
    sp.Rational: Reader._number,
    sp.Symbol: Reader._named,
    sp.Add: Reader._total,
    sp.Mul: Reader._product,
    sp.Pow: Reader._power,
    sp.Sum: Reader._sum,
    sp.Trace: Reader._trace,
    MatrixElement: Reader._matrix_entry,
    ArrayElement: Reader._array_entry,
    sp.KroneckerDelta: Reader._delta,
    ScalarExpectation: Reader._expectation,
}
_MATRICES: Mapping[type, Callable[[Reader, Any], Array]] = {
    sp.MatrixSymbol: Reader._symbol,
    sp.MatAdd: Reader._add,
    sp.MatMul: Reader._multiply,
    sp.Transpose: Reader._transpose,
    sp.MatPow: Reader._matrix_power,
    sp.Identity: Reader._identity,
    sp.ZeroMatrix: Reader._filled,
    sp.OneMatrix: Reader._filled,
    sp.HadamardProduct: Reader._hadamard,
    sp.HadamardPower: Reader._hadamard_power,
    DiagMatrix: Reader._diagonal,
    DiagonalMatrix: Reader._diagonal,
    DiagonalOf: Reader._diagonal,
    MatrixSlice: Reader._slice,
    sp.FunctionMatrix: Reader._function,
    Entries: Reader._function,
    Gradient: Reader._gradient,
    At: Reader._at,
    MatrixExpectation: Reader._matrix_expectation,
}
