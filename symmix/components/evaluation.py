"""Explicit components in the place of every symbol: sums and products entry by entry, derivatives by SymPy.

Numbers are SymPy's rationals. A derivative puts unknowns, generators of one of SymPy's polynomial rings, in the place
of the components that it is taken by, lets what depends on these move by the declared Jacobian, and asks SymPy for the
derivative of each component at the point; where an inverse depends on the unknowns, they are rational functions. An
expectation multiplies out in unknowns for the random entries and puts the moments in the place of their products.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import permutations, product
from operator import add
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.polys.fields import FracElement
from sympy.polys.rings import PolyElement, PolyRing
from sympy.tensor.array.expressions import ArrayElement, ArraySymbol

from symmix.components.cells import Cells, total
from symmix.components.numbers import (
    Rows,
    Undefined,
    derivative_by,
    divided,
    exact,
    fractions_of,
    inverted,
    lifted_to,
    power,
    product_of,
)
from symmix.errors import StatementError
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

_NONE: Mapping[sp.Basic, int] = {}


class Components:
    """Values of symbols at one point, and what expressions are there.

    Parameters
    ----------
    values
        By symbol: whole numbers for sizes, positions from 0 for sample indices, rational numbers for scalars, rows of
        them for matrices, and rational numbers by position for arrays.
    definitions
        What defined symbols stand for.
    """

    def __init__(self, values: Mapping[sp.Basic, Any], definitions: Mapping[sp.Basic, sp.Basic]) -> None:
        self._inside = Evaluation({symbol: exact(value) for symbol, value in values.items()}, definitions)

    def rows(self, expression: sp.Basic, indices: Mapping[sp.Basic, int] = _NONE) -> Rows:
        """Return the value of an expression; a scalar is 1 x 1. ``indices`` are those that a ForAll binds.

        Raises
        ------
        Undefined
            If something is divided by zero.
        """
        return fractions_of(self._inside.of(sp.S(expression), dict(indices)))

    def replaced(self, expression: sp.Basic, values: Mapping[sp.Basic, sp.Basic]) -> Rows:
        """Return the value of an expression where some symbols have other values."""
        other = {symbol: self._inside.of(sp.S(value)) for symbol, value in values.items()}
        return fractions_of(self._inside.having(other).of(sp.S(expression)))


def occurring(expressions: Iterable[sp.Basic], definitions: Mapping[sp.Basic, sp.Basic]) -> list[sp.Basic]:
    """Return the undefined scalars, matrices and arrays that the expressions are made of, by way of definitions."""
    found: set[sp.Basic] = set()
    waiting = [sp.S(expression) for expression in expressions]
    while waiting:
        expression = waiting.pop()
        arrays = expression.atoms(ArraySymbol)
        names = {s for s in expression.free_symbols if isinstance(s, sp.Symbol)} - {s.args[0] for s in arrays}
        new = (names | arrays | expression.atoms(sp.MatrixSymbol)) - found
        found |= new
        waiting += [sp.S(definitions[s]) for s in new if s in definitions]
    return sorted(found - definitions.keys(), key=str)


class Evaluation:
    """What each node is, with values for the symbols: numbers, or polynomials in unknowns from further out."""

    def __init__(
        self, values: Mapping[sp.Basic, Any], definitions: Mapping[sp.Basic, sp.Basic], ring: PolyRing | None = None
    ) -> None:
        self.values, self.definitions, self.ring = values, definitions, ring
        self.known: dict[sp.Basic, Any] = {}

    def of(self, node: sp.Basic, indices: Mapping[sp.Basic, int] = _NONE) -> Any:
        """Return the value of a node; ``indices`` are the positions of those that are bound around it."""
        if node in indices:
            return indices[node]
        if isinstance(node, sp.Symbol | sp.MatrixSymbol):
            return self._symbol(node)
        if isinstance(node, sp.Rational):
            return sp.QQ(int(node.p), int(node.q))
        rule = _RULES.get(type(node))
        if rule is not None:
            return rule(self, node, indices)
        operation = _OPERATIONS.get(node.func)
        if operation is None:
            raise StatementError("an expression of the language", f"{type(node).__name__}", "see symmix.language")
        return operation(*(self.of(arg, indices) for arg in node.args))

    def _symbol(self, symbol: sp.Basic) -> Any:
        if symbol not in self.definitions:
            return self.values[symbol]
        if symbol not in self.known:
            self.known[symbol] = self.of(sp.S(self.definitions[symbol]))
        return self.known[symbol]

    def _shape(self, node: sp.MatrixExpr) -> tuple[int, int]:
        rows, columns = (int(self.of(sp.S(size))) for size in node.shape)
        return rows, columns

    def _position(self, parts: Iterable[sp.Basic], indices: Mapping[sp.Basic, int]) -> tuple[int, ...]:
        return tuple(int(self.of(sp.S(part), indices)) for part in parts)

    # -- entries ---

    def sum(self, node: sp.Sum, indices: Mapping[sp.Basic, int]) -> Any:
        """Add up; an index is where it stands along its axis, whether it is counted from 0 or from 1."""
        limits = list(reversed(node.limits))  # the outermost first
        first = {symbol: low for symbol, low, _ in limits}
        for symbol, low, high in limits:
            for other in first.keys() & (low.free_symbols | high.free_symbols):  # one beyond the other, of one axis
                first[symbol] = first[other] = first[other] if other in low.free_symbols else low

        def added(left: Sequence[Any], places: Mapping[sp.Basic, int]) -> Any:
            if not left:
                return self.of(node.function, {**indices, **places})
            (symbol, low, high), *more = left
            counted = {other: place + int(first[other]) for other, place in places.items()}
            span = range(int(self.of(low, counted)), int(self.of(high, counted)) + 1)
            return total(added(more, {**places, symbol: v - int(first[symbol])}) for v in span)

        return added(limits, {})

    def applied(self, node: Any, indices: Mapping[sp.Basic, int]) -> Any:
        """Return a value of a function, which is affine here: the point has its derivative and its value at 0."""
        slope, offset = (self.values[sp.Symbol(name)] for name in (f"d{node.function}/dx", f"{node.function}(0)"))
        moved = product_of(slope, self.of(node.argument, indices))
        if isinstance(moved, Cells) and not isinstance(offset, Cells):
            moved = moved.trace()  # of one row and one column
        return total((moved, offset))

    def by_entries(self, node: Any, indices: Mapping[sp.Basic, int]) -> Cells:
        """Return a matrix given by its entries."""
        (i, j), body = node.lamda.variables, node.lamda.expr
        return Cells.of(self._shape(node), lambda r, c: self.of(body, {**indices, i: r, j: c}))

    def constant(self, node: sp.MatrixExpr, _: Mapping[sp.Basic, int]) -> Cells:
        """Return the identity, ones or zeros."""
        entry = {sp.ZeroMatrix: lambda *_: 0, sp.OneMatrix: lambda *_: 1, sp.Identity: lambda i, j: i == j}
        return Cells.of(self._shape(node), lambda i, j: sp.QQ(int(entry[type(node)](i, j))))

    def entry(self, node: MatrixElement, indices: Mapping[sp.Basic, int]) -> Any:
        """Return an entry of a matrix."""
        i, j = self._position((node.i, node.j), indices)
        return self.of(node.parent, indices).rows[i][j]

    def array_entry(self, node: ArrayElement, indices: Mapping[sp.Basic, int]) -> Any:
        """Return an entry of an array."""
        return self.values[node.name][self._position(node.indices, indices)]

    def slice(self, node: MatrixSlice, indices: Mapping[sp.Basic, int]) -> Cells:
        """Return a part of a matrix."""
        rows, columns = (slice(*self._position(part[:2], indices)) for part in (node.rowslice, node.colslice))
        return Cells([row[columns] for row in self.of(node.parent, indices).rows[rows]])

    def delta(self, node: sp.KroneckerDelta, indices: Mapping[sp.Basic, int]) -> Any:
        """Return whether two indices agree."""
        first, second = (self.of(arg, indices) for arg in node.args[:2])
        return sp.QQ(int(first == second))

    def at(self, node: At, indices: Mapping[sp.Basic, int]) -> Any:
        """Return a value at other values of some symbols."""
        return self.having({s: self.of(v, indices) for s, v in node.values.items()}).of(node.matrix, indices)

    # -- unknowns ---

    def having(self, changed: Mapping[sp.Basic, Any]) -> Evaluation:
        """Return the evaluation in which some symbols have other values."""
        return Evaluation({**self.values, **changed}, self.definitions, self.ring)

    def _with_unknowns(self, count: int) -> tuple[Evaluation, list[Any]]:
        """Return the same values with room for unknowns, and the unknowns: the last generators of the ring."""
        outer = self.ring.symbols if self.ring else ()
        ring = PolyRing((*outer, *(sp.Symbol(f"t{len(outer) + i}") for i in range(count))), sp.QQ)
        lifted = {symbol: lifted_to(value, ring) for symbol, value in self.values.items()}
        return Evaluation(lifted, self.definitions, ring), list(ring.gens[-count:])

    def _at_zero(self, value: Any, count: int) -> Any:
        """Return a value where the last unknowns are zero, with those from further out."""
        if isinstance(value, FracElement):
            below = self._at_zero(value.denom, count)
            return divided(self._at_zero(value.numer, count), below)
        if not isinstance(value, PolyElement):
            return value
        if self.ring is None:
            return value.coeff(1)
        kept = {powers[:-count]: c for powers, c in value.terms() if not any(powers[-count:])}
        return self.ring.from_dict(kept)

    def derivative(self, node: Gradient, indices: Mapping[sp.Basic, int]) -> Cells:
        """Let SymPy differentiate each component by each component.

        All at once where everything is a polynomial; rational functions have one unknown at a time.
        """
        rows, columns = self._shape(node.wrt)
        places = list(product(range(rows), range(columns)))
        at_once = [[place] for place in places] if self._inverts(node) else [places]
        found = [self._slopes(node, group, (rows, columns), indices) for group in at_once]
        slopes = [[x for part in parts for x in part] for parts in zip(*found, strict=True)]
        if isinstance(node, Jacobian):
            return Cells(slopes)
        return Cells.of((rows, columns), lambda i, j: slopes[0][i * columns + j])

    def rate(self, node: ScalarGradient, indices: Mapping[sp.Basic, int]) -> Any:
        """Let SymPy differentiate by a scalar."""
        inner, (step,) = self._with_unknowns(1)
        moved = {node.wrt: inner._symbol(node.wrt) + step}
        for symbol, slope in node.jacobians.items():
            moved[symbol] = inner._symbol(symbol) + product_of(step, inner.of(slope))
        value = inner.having(moved).of(node.differentiated, indices)
        (entry,) = value.entries if isinstance(value, Cells) else [value]
        return self._at_zero(derivative_by(entry, step), 1)

    def _inverts(self, node: sp.Basic) -> bool:
        """Whether an inverse stands in an expression, definitions unfolded."""
        waiting, seen = [node], {node}
        while waiting:
            expression = waiting.pop()
            if expression.has(KeptInverse):
                return True
            symbols = expression.atoms(sp.Symbol, sp.MatrixSymbol)
            new = {sp.S(self.definitions[s]) for s in symbols if s in self.definitions} - seen
            seen |= new
            waiting += new
        return False

    def _slopes(
        self,
        node: Gradient,
        places: Sequence[tuple[int, int]],
        shape: tuple[int, int],
        indices: Mapping[sp.Basic, int],
    ) -> list[list[Any]]:
        """Return the derivatives of each component by the components at some places."""
        inner, unknowns = self._with_unknowns(len(places))
        named = dict(zip(places, unknowns, strict=True))
        steps = Cells.of(shape, lambda i, j: named.get((i, j), sp.QQ(0)))
        moved = {node.wrt: inner._symbol(node.wrt) + steps}
        for symbol, slope in node.jacobians.items():
            shift = _shift(inner.values[slope], steps) if isinstance(slope, ArraySymbol) else inner.of(slope) * steps
            moved[symbol] = inner._symbol(symbol) + shift
        value = inner.having(moved).of(node.differentiated, indices)
        components = value.entries if isinstance(value, Cells) else [value]
        return [[self._at_zero(derivative_by(x, by), len(unknowns)) for by in unknowns] for x in components]

    def expectation(self, node: Any, indices: Mapping[sp.Basic, int]) -> Any:
        """Put moments in the place of products of random entries."""
        random = node.random
        shape = () if isinstance(random, sp.Symbol) else self._shape(random)
        places = list(product(*(range(size) for size in shape)))
        inner, unknowns = self._with_unknowns(len(places))
        drawn = unknowns[0] if not shape else Cells.of(shape, lambda i, j: unknowns[i * shape[1] + j])
        axes = [axis for axis, size in enumerate(getattr(random, "shape", ())) if size != 1]
        known: dict[tuple[int, ...], Any] = {(0,) * len(places): sp.QQ(1)}

        def moment(powers: tuple[int, ...]) -> Any:
            if powers not in known:
                chosen = [place for place, power in zip(places, powers, strict=True) for _ in range(power)]
                known[powers] = self._moment(node, chosen, axes, indices)
            return known[powers]

        def mean(entry: Any) -> Any:
            return total(front * moment(powers) for powers, front in self._parts(entry, len(places)))

        value = inner.having({random: drawn}).of(node.averaged, indices)
        return value.map(mean) if isinstance(value, Cells) else mean(value)

    def _moment(
        self, node: Any, chosen: Sequence[tuple[int, ...]], axes: Sequence[int], indices: Mapping[sp.Basic, int]
    ) -> Any:
        stated = node.moments[len(chosen)]
        if not isinstance(stated, sp.Lambda):
            return self.of(stated, indices)
        positions = [[place[axis] for place in order for axis in axes] for order in permutations(chosen)]
        values = [
            self.of(stated.expr, {**indices, **dict(zip(stated.variables, position, strict=True))})
            for position in positions
        ]
        if any(value != values[0] for value in values):
            raise Undefined("moments of a product, whose factors may be exchanged", "others", "check the moments")
        return values[0]

    def _parts(self, value: Any, count: int) -> Iterator[tuple[tuple[int, ...], Any]]:
        """Run through the powers of the last unknowns, with what stands before them."""
        if isinstance(value, FracElement):
            raise StatementError("a polynomial in the random symbol", "a quotient", "see symmix.terms")
        if not isinstance(value, PolyElement):
            yield (0,) * count, value
            return
        for powers, coefficient in value.terms():
            front = self.ring.term_new(powers[:-count], coefficient) if self.ring else coefficient
            yield powers[-count:], front


def _shift(array: Mapping[tuple[int, ...], Any], steps: Cells) -> Cells:
    """Return an array with three axes, contracted with a column."""
    rows, columns = (1 + max(place[axis] for place in array) for axis in (0, 1))
    return Cells.of((rows, columns), lambda i, j: total(array[i, j, t] * step for t, step in enumerate(steps.entries)))


_RULES: Mapping[type, Callable[[Evaluation, Any, Mapping[sp.Basic, int]], Any]] = {
    sp.Sum: Evaluation.sum,
    sp.FunctionMatrix: Evaluation.by_entries,
    Entries: Evaluation.by_entries,
    sp.Identity: Evaluation.constant,
    sp.ZeroMatrix: Evaluation.constant,
    sp.OneMatrix: Evaluation.constant,
    MatrixElement: Evaluation.entry,
    ArrayElement: Evaluation.array_entry,
    MatrixSlice: Evaluation.slice,
    sp.KroneckerDelta: Evaluation.delta,
    ScalarGradient: Evaluation.rate,
    Gradient: Evaluation.derivative,
    Jacobian: Evaluation.derivative,
    At: Evaluation.at,
    ScalarExpectation: Evaluation.expectation,
    MatrixExpectation: Evaluation.expectation,
    ScalarValue: Evaluation.applied,
    MatrixValue: Evaluation.applied,
}

_OPERATIONS: Mapping[type, Callable[..., Any]] = {
    sp.Add: lambda *terms: total(terms),
    sp.Mul: product_of,
    sp.Pow: power,
    ScalarQuotient: divided,
    MatrixQuotient: lambda above, below: above.map(lambda x: divided(x, below)),
    KeptInverse: inverted,
    sp.Trace: lambda matrix: matrix.trace(),
    sp.MatAdd: lambda *terms: reduce(add, terms),
    sp.MatMul: product_of,
    sp.MatPow: lambda base, exponent: base.power(int(exponent)),
    sp.Transpose: lambda matrix: matrix.T,
    sp.HadamardProduct: lambda *factors: reduce(Cells.entrywise, factors),
    sp.HadamardPower: lambda base, exponent: base.map(lambda x: power(x, exponent)),
    DiagMatrix: Cells.spread,
    DiagonalOf: Cells.diagonal,
    DiagonalMatrix: lambda matrix: matrix.diagonal().spread(),
}
