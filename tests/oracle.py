"""The oracle: SymPy with explicit matrices in the place of every symbol; it shares no code with the kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from sympy.polys.rings import PolyElement, PolyRing
from sympy.tensor.array.expressions import ArrayElement, ArraySymbol

from symmix.components.cells import Cells, total
from symmix.kernel.arrays import COLUMN, ROW, Array, tensor
from symmix.kernel.points import Model, evaluate
from symmix.language import At, Entries, Gradient, Jacobian
from symmix.language.nodes import MatrixExpectation, MatrixQuotient, ScalarExpectation, ScalarQuotient
from symmix.meaning import Meaning
from symmix.setting import Setting
from symmix.terms.meanings import Names

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
        """Return the value of an expression, worked out entry by entry; a scalar as a 1x1 matrix."""
        given = {**self.sizes, **self.scalars, **self.at, **self.matrices, **self.arrays}
        values = {symbol: _exact(value) for symbol, value in given.items()}
        value = _Evaluation(values, self.definitions).of(expression)
        rows = value.rows if isinstance(value, Cells) else [[value]]
        return sp.ImmutableMatrix([[sp.S(x) for x in row] for row in rows])

    def model(self, setting: Setting, meaning: Meaning) -> Model:
        """Return the same point for the kernel."""
        names = {symbol: name for name, symbol in setting.reader.symbols.items()}
        sizes = {names[s]: size for s, size in self.sizes.items() if s in names}
        scalars = {names[s]: Fraction(int(x.p), int(x.q)) for s, x in self.scalars.items() if s in names}
        entries = {tensor(names[s], _axes(names, s)): _table(s, x) for s, x in self.matrices.items() if s in names}
        entries |= {tensor(names[s], _axes(names, s)): _array(s, x) for s, x in self.arrays.items() if s in names}
        plain = Model(sizes, scalars, entries)
        reciprocals = {name: 1 / plain.scalar(q) for name, q in meaning.reciprocals.items()}
        return Model(sizes, {**scalars, **reciprocals}, entries)

    def decided(self, setting: Setting, expression: sp.Basic) -> sp.ImmutableMatrix:
        """Return the value of an expression, by the kernel."""
        array, meaning = read(setting, expression)
        names = list(array.expression.free)
        at = {name: self.at[symbol] for name, symbol in setting.reader.symbols.items() if symbol in self.at}
        model = self.model(setting, meaning)
        shape = [1 if size is None else model.sizes[size] for size in (array.rows, array.columns)]
        rows = [[sp.S.Zero] * shape[1] for _ in range(shape[0])]
        for position, value in evaluate(array.expression, model).items():
            place = dict(zip(names, position, strict=True))
            if all(place[name] == at[name] for name in place if name not in (ROW, COLUMN)):
                rows[place.get(ROW, 0)][place.get(COLUMN, 0)] = sp.Rational(value.numerator, value.denominator)
        return sp.ImmutableMatrix(rows)


def read(setting: Setting, expression: sp.Basic) -> tuple[Array, Meaning]:
    """Return what an expression means in a setting, and what its reciprocals mean."""
    tree = setting.reader.expression(expression)
    found = setting.tree([tree])
    meaning = Meaning(Names.of([*found.conditions, tree], found.indices, found.definitions))
    return meaning.array(tree), meaning


class _Evaluation:
    """Numbers and explicit matrices in the place of all symbols, by the definition of each node.

    A derivative moves its variable by unknowns, and what depends on it by the Jacobian times these; it is what stands
    with the first powers of the unknowns once SymPy's polynomials have multiplied out. An expectation multiplies out
    in unknowns for the random entries and puts the moments in the place of their products. The values may hold
    unknowns from further out: ``ring`` has them all.
    """

    def __init__(
        self, values: Mapping[sp.Basic, Any], definitions: Mapping[sp.Basic, sp.Basic], ring: PolyRing | None = None
    ) -> None:
        self.values, self.definitions, self.ring = values, definitions, ring
        self.known: dict[sp.Basic, Any] = {}

    def of(self, node: sp.Basic, indices: Mapping[sp.Basic, int] = _NONE) -> Any:
        """Return the value of a node; ``indices`` are those of the sums around it."""
        if node in indices:
            return sp.QQ(indices[node])
        if isinstance(node, sp.Symbol | sp.MatrixSymbol):
            return self._symbol(node)
        if isinstance(node, sp.Rational):
            return sp.QQ(int(node.p), int(node.q))
        if isinstance(node, sp.Sum):
            (symbol, low, high), outer = node.limits[-1], node.limits[:-1]
            body = sp.Sum(node.function, *outer) if outer else node.function
            span = range(int(self.of(low, indices)), int(self.of(high, indices)) + 1)
            return total(self.of(body, {**indices, symbol: v}) for v in span)
        if isinstance(node, sp.FunctionMatrix | Entries):
            (i, j), body = node.lamda.variables, node.lamda.expr
            return Cells.of(self._shape(node), lambda r, c: self.of(body, {**indices, i: r, j: c}))
        if isinstance(node, sp.Identity | sp.ZeroMatrix | sp.OneMatrix):
            entry = {sp.ZeroMatrix: lambda *_: 0, sp.OneMatrix: lambda *_: 1, sp.Identity: lambda i, j: i == j}
            return Cells.of(self._shape(node), lambda i, j: sp.QQ(int(entry[type(node)](i, j))))
        if isinstance(node, MatrixElement):
            i, j = self._position((node.i, node.j), indices)
            return self.of(node.parent, indices).rows[i][j]
        if isinstance(node, ArrayElement):
            return self.values[node.name][self._position(node.indices, indices)]
        if isinstance(node, MatrixSlice):
            rows, columns = (slice(*self._position(part[:2], indices)) for part in (node.rowslice, node.colslice))
            return Cells([row[columns] for row in self.of(node.parent, indices).rows[rows]])
        if isinstance(node, Gradient):
            return self._gradient(node, indices)
        if isinstance(node, At):
            return self._with({s: self.of(v, indices) for s, v in node.values.items()}).of(node.matrix, indices)
        if isinstance(node, ScalarExpectation | MatrixExpectation):
            return self._expectation(node, indices)
        return _OPERATIONS[node.func](*(self.of(arg, indices) for arg in node.args))

    def _symbol(self, symbol: sp.Basic) -> Any:
        if symbol not in self.definitions:
            return self.values[symbol]
        if symbol not in self.known:
            self.known[symbol] = self.of(self.definitions[symbol])
        return self.known[symbol]

    def _shape(self, node: sp.MatrixExpr) -> tuple[int, int]:
        rows, columns = (int(self.of(sp.S(size))) for size in node.shape)
        return rows, columns

    def _position(self, parts: Iterable[sp.Basic], indices: Mapping[sp.Basic, int]) -> tuple[int, ...]:
        return tuple(int(self.of(sp.S(part), indices)) for part in parts)

    def _with(self, changed: Mapping[sp.Basic, Any]) -> _Evaluation:
        return _Evaluation({**self.values, **changed}, self.definitions, self.ring)

    def _with_unknowns(self, count: int) -> tuple[_Evaluation, list[Any]]:
        """Return the same values with room for unknowns, and the unknowns: the last generators of the ring."""
        outer = self.ring.symbols if self.ring else ()
        ring = PolyRing((*outer, *(sp.Dummy() for _ in range(count))), sp.QQ)
        lifted = {symbol: _lifted(value, ring) for symbol, value in self.values.items()}
        return _Evaluation(lifted, self.definitions, ring), list(ring.gens[-count:])

    def _parts(self, value: Any, count: int) -> Iterator[tuple[tuple[int, ...], Any]]:
        """Run through the powers of the last unknowns, with what stands before them."""
        if not isinstance(value, PolyElement):
            yield (0,) * count, value
            return
        for powers, coefficient in value.terms():
            front: Any = coefficient
            if self.ring:
                front = self.ring.term_new(powers[:-count], coefficient)
            yield powers[-count:], front

    def _gradient(self, node: Gradient, indices: Mapping[sp.Basic, int]) -> Cells:
        rows, columns = self._shape(node.wrt)
        inner, unknowns = self._with_unknowns(rows * columns)
        steps = Cells.of((rows, columns), lambda i, j: unknowns[i * columns + j])
        moved = {node.wrt: inner._symbol(node.wrt) + steps}
        for symbol, slope in node.jacobians.items():
            shift = _shift(inner.values[slope], steps) if isinstance(slope, ArraySymbol) else inner.of(slope) * steps
            moved[symbol] = inner._symbol(symbol) + shift
        value = inner._with(moved).of(node.differentiated, indices)
        slopes = []
        for component in value.entries if isinstance(value, Cells) else [value]:
            row = [sp.QQ(0)] * len(unknowns)
            for powers, front in self._parts(component, len(unknowns)):
                if sum(powers) == 1:
                    row[powers.index(1)] += front
            slopes.append(row)
        if isinstance(node, Jacobian):
            return Cells(slopes)
        (row,) = slopes  # a gradient is one of a scalar
        return Cells.of((rows, columns), lambda i, j: row[i * columns + j])

    def _expectation(self, node: Any, indices: Mapping[sp.Basic, int]) -> Any:
        random = node.random
        shape = () if isinstance(random, sp.Symbol) else self._shape(random)
        places = list(product(*(range(size) for size in shape)))
        inner, unknowns = self._with_unknowns(len(places))
        drawn = unknowns[0] if not shape else Cells.of(shape, lambda i, j: unknowns[i * shape[1] + j])
        axes = [axis for axis, size in enumerate(getattr(random, "shape", ())) if size != 1]

        def moment(powers: Sequence[int]) -> Any:
            chosen = [place for place, power in zip(places, powers, strict=True) for _ in range(power)]
            if not chosen:
                return sp.QQ(1)
            stated = node.moments[len(chosen)]
            if not shape:
                return self.of(stated, indices)
            position = [place[axis] for place in chosen for axis in axes]
            return self.of(stated.expr, {**indices, **dict(zip(stated.variables, position, strict=True))})

        def mean(entry: Any) -> Any:
            return total(front * moment(powers) for powers, front in self._parts(entry, len(places)))

        value = inner._with({random: drawn}).of(node.averaged, indices)
        return value.map(mean) if isinstance(value, Cells) else mean(value)


def _exact(value: Any) -> Any:
    """Return a number as SymPy's polynomials take it, a matrix or array of them likewise; expressions stay."""
    if isinstance(value, sp.MatrixBase):
        return Cells([[_exact(x) for x in row] for row in value.tolist()])
    if isinstance(value, Mapping):
        return {place: _exact(x) for place, x in value.items()}
    number = sp.S(value)
    return sp.QQ(int(number.p), int(number.q)) if isinstance(number, sp.Rational) else number


def _lifted(value: Any, ring: PolyRing) -> Any:
    if isinstance(value, Cells):
        return value.map(lambda x: _lifted(x, ring))
    return value.set_ring(ring) if isinstance(value, PolyElement) else value


def _shift(array: Mapping[tuple[int, ...], Any], steps: Cells) -> Cells:
    """Return an array with three axes, contracted with a column."""
    rows, columns = (1 + max(place[axis] for place in array) for axis in (0, 1))
    return Cells.of((rows, columns), lambda i, j: total(array[i, j, t] * step for t, step in enumerate(steps.entries)))


def occurring(expressions: Iterable[sp.Basic], definitions: Mapping[sp.Basic, sp.Basic]) -> list[sp.Basic]:
    """Return the undefined scalars, matrices and arrays that the expressions are made of, by way of definitions."""
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


def _axes(names: Mapping[sp.Basic, str], symbol: Any) -> list[str]:
    return ["1" if size == 1 else names[size] for size in symbol.shape]


def _array(symbol: ArraySymbol, value: Table) -> dict[tuple[int, ...], Fraction]:
    kept = [axis for axis, size in enumerate(symbol.shape) if size != 1]
    return {tuple(place[axis] for axis in kept): Fraction(int(x.p), int(x.q)) for place, x in value.items()}


def _table(symbol: sp.MatrixSymbol, value: sp.ImmutableMatrix) -> dict[tuple[int, ...], Fraction]:
    table: dict[tuple[int, ...], Fraction] = {}
    for row in range(value.rows):
        for column in range(value.cols):
            place = tuple(at for at, size in zip((row, column), symbol.shape, strict=True) if size != 1)
            table[place] = Fraction(int(value[row, column].p), int(value[row, column].q))
    return table


def _product(*factors: Any) -> Any:
    """Multiply scalars and matrices."""
    scale, matrices = sp.QQ(1), []
    for factor in factors:
        if isinstance(factor, Cells):
            matrices.append(factor)
        else:
            scale = scale * factor
    return reduce(mul, matrices).map(lambda x: scale * x) if matrices else scale


def _power(base: Any, exponent: Any) -> Any:
    whole = int(exponent)
    return base**whole if whole >= 0 else 1 / base**-whole


_OPERATIONS: Mapping[type, Callable[..., Any]] = {
    sp.Add: lambda *terms: total(terms),
    sp.Mul: _product,
    sp.Pow: _power,
    ScalarQuotient: lambda above, below: above / below,
    MatrixQuotient: lambda above, below: above.map(lambda x: x / below),
    sp.KroneckerDelta: lambda i, j: sp.QQ(int(i == j)),
    sp.Trace: lambda matrix: matrix.trace(),
    sp.MatAdd: lambda *terms: reduce(add, terms),
    sp.MatMul: _product,
    sp.MatPow: lambda base, exponent: base.power(int(exponent)),
    sp.Transpose: lambda matrix: matrix.T,
    sp.HadamardProduct: lambda *factors: reduce(Cells.entrywise, factors),
    sp.HadamardPower: lambda base, exponent: base.map(lambda x: _power(x, exponent)),
    DiagMatrix: Cells.spread,
    DiagonalOf: Cells.diagonal,
    DiagonalMatrix: lambda matrix: matrix.diagonal().spread(),
}


def assert_same_value(setting: Setting, expression: sp.Basic, point: Point) -> None:
    """Compare SymPy's explicit value of an expression with the kernel's."""
    assert point.decided(setting, expression) == point.explicit(expression)
