"""What a tree is at a point: an array, by the definition of each node."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import product
from types import MappingProxyType
from typing import Any

import numpy as np

from symmix.errors import SymmixError
from symmix.evaluation.numbers import EXACT, Numbers, filled, scaled
from symmix.evaluation.points import Point
from symmix.numeric.arrays import Array
from symmix.numeric.rational import degree_along, mean_by_moments
from symmix.terms import nodes as t
from symmix.terms.names import WHOLE

At = Mapping[str, int]
Function = Callable[["Evaluation", At], Array]
_NOWHERE: At = MappingProxyType({})
_NO_FUNCTIONS: Mapping[str, Function] = MappingProxyType({})


class Incomparable(SymmixError):  # noqa: N818 - what numbers cannot tell is no mistake of anybody's
    """Something that these numbers cannot tell."""


class Evaluation:
    """Evaluates the trees of one theorem at one point.

    Parameters
    ----------
    point
        Where.
    definitions
        What defined symbols stand for.
    numbers
        `EXACT`, compared with ``==``, or `ROUNDED`, compared within bounds.
    functions
        What defined symbols are, by name, in somebody else's words: they take the place of the definitions.
    """

    def __init__(
        self,
        point: Point,
        definitions: Mapping[t.Symbol, t.Expression],
        numbers: Numbers = EXACT,
        functions: Mapping[str, Function] = _NO_FUNCTIONS,
    ) -> None:
        self.point, self.definitions, self.numbers, self.functions = point, definitions, numbers, functions
        self.values: dict[str, Array] = {name: numbers.array(value) for name, value in point.values.items()}
        self.differentiating = False
        self._defined: dict[str, Array] = {}
        self._known: dict[object, Array] = {}

    def value(self, tree: t.Expression, at: At = _NOWHERE) -> Array:
        """Return the entries of a tree, rows by columns; ``at`` are the positions of indices bound around it."""
        return _RULES[type(tree)](self, tree, at)

    def only(self, tree: t.Expression, at: At) -> Any:
        """Return the value of a scalar."""
        return self.value(tree, at)[0, 0]

    def having(self, values: Mapping[str, Array], *, differentiating: bool = False) -> Evaluation:
        """Return the evaluation in which some symbols have other values."""
        found = Evaluation.__new__(Evaluation)
        found.point, found.definitions, found.numbers, found.functions = (
            self.point, self.definitions, self.numbers, self.functions,
        )  # fmt: skip
        found.values, found._defined, found._known = {**self.values, **values}, {}, {}
        found.differentiating = self.differentiating or differentiating
        return found

    # -- names ---

    def symbol(self, node: t.Symbol, _: At = _NOWHERE) -> Array:
        """Look up."""
        if node not in self.definitions:
            return self.values[node.name]
        if node.name not in self._defined:
            given = self.functions.get(node.name)
            found = self.value(self.definitions[node]) if given is None else given(self, _NOWHERE)
            self._defined[node.name] = found
        return self._defined[node.name]

    def number(self, node: t.Number, _: At) -> Array:
        """Return a number as a matrix of one entry."""
        return _single(self.numbers.of(node.value))

    def size(self, node: t.Size, _: At) -> Array:
        """Return a size as a number."""
        return _single(self.numbers.of(self.point.length(node.name)))

    def _shape(self, sizes: Iterable[str]) -> tuple[int, int]:
        rows, columns = map(self.point.length, sizes)
        return rows, columns

    def _position(self, name: str, at: At) -> int:
        return int(name) if name.isdigit() else at[name] if name in at else self.point.at[name]

    def _inside(self, indices: Sequence[t.Index], at: At) -> Iterator[At]:
        names = [index.name for index in indices]
        for places in product(*(range(self.point.length(index.size)) for index in indices)):
            yield {**at, **dict(zip(names, places, strict=True))}

    # -- algebra ---

    def add(self, node: t.Add, at: At) -> Array:
        """Add."""
        return reduce(np.add, (self.value(term, at) for term in node.terms))

    def multiply(self, node: t.Multiply, at: At) -> Array:
        """Multiply scalars, and matrices in their order."""
        scale: Any = 1
        matrices = []
        for factor in node.factors:
            value = self.value(factor, at)
            if factor.shape == t.SCALAR:
                scale = scale * value[0, 0]
            else:
                matrices.append(value)
        return scaled(scale, reduce(np.matmul, matrices)) if matrices else _single(scale)

    def quotient(self, node: t.Quotient, at: At) -> Array:
        """Divide by a scalar."""
        return scaled(self.numbers.reciprocal(self.only(node.denominator, at)), self.value(node.numerator, at))

    def power(self, node: t.Power, at: At) -> Array:
        """Multiply by itself."""
        base = self.value(node.base, at)
        return reduce(np.matmul, [base] * node.exponent, _unit(len(base)))

    def hadamard(self, node: t.Hadamard, at: At) -> Array:
        """Multiply entry by entry."""
        return reduce(np.multiply, (self.value(factor, at) for factor in node.factors))

    def transpose(self, node: t.Transpose, at: At) -> Array:
        """Exchange rows and columns."""
        return self.value(node.of, at).T

    def trace(self, node: t.Trace, at: At) -> Array:
        """Add up the diagonal."""
        return _single(sum(np.diagonal(self.value(node.of, at)).tolist()))

    def diagonal(self, node: t.Diagonal, at: At) -> Array:
        """Return the diagonal as a column."""
        return np.diagonal(self.value(node.of, at)).reshape(-1, 1)

    def diagonal_matrix(self, node: t.DiagonalMatrix, at: At) -> Array:
        """Put a row or column on a diagonal."""
        entries = self.value(node.of, at).ravel()
        return filled((len(entries), len(entries)), lambda i, j: entries[i] if i == j else 0)

    def inverse(self, node: t.Inverse, at: At) -> Array:
        """Return the matrix B with A B = I."""
        return self.numbers.inverse(self.value(node.of, at))

    def identity(self, node: t.Identity, _: At) -> Array:
        """Return the identity."""
        return _unit(self.point.length(node.size))

    def ones(self, node: t.Ones, _: At) -> Array:
        """Return ones."""
        return filled(self._shape(node.shape), lambda *_: 1)

    def zeros(self, node: t.Zeros, _: At) -> Array:
        """Return zeros."""
        return filled(self._shape(node.shape), lambda *_: 0)

    # -- entries ---

    def delta(self, node: t.Delta, at: At) -> Array:
        """Return whether two indices agree."""
        return _single(int(self._position(node.first, at) == self._position(node.second, at)))

    def entry(self, node: t.Entry, at: At) -> Array:
        """Return an entry of a matrix or of an array."""
        place = tuple(self._position(index, at) for index in node.indices)
        return _single(self.value(node.of, at)[place])

    def slice(self, node: t.Slice, at: At) -> Array:
        """Return a row or a column."""
        whole = self.value(node.of, at)
        if node.row != WHOLE:
            row = self._position(node.row, at)
            whole = whole[row : row + 1]
        if node.column != WHOLE:
            column = self._position(node.column, at)
            whole = whole[:, column : column + 1]
        return whole

    def total(self, node: t.Total, at: At) -> Array:
        """Add up over indices."""
        return _single(sum(self.only(node.body, inner) for inner in self._inside(node.indices, at)))

    def by_entries(self, node: t.ByEntries, at: At) -> Array:
        """Return a matrix by its entries."""
        found = [self.only(node.body, inner) for inner in self._inside([i for i in (node.row, node.column) if i], at)]
        rows, columns = self._shape(node.shape)
        return filled((rows, columns), lambda i, j: found[i * columns + j])

    # -- calculus ---

    def derivative(self, node: t.Derivative, at: At) -> Array:
        """Take differences of what is differentiated, or complex steps."""
        key = (node, tuple(at.items()))
        if key not in self._known:
            self._known[key] = self._differentiated(node, at)
        return self._known[key]

    def _differentiated(self, node: t.Derivative, at: At) -> Array:
        if self.differentiating and self.numbers is not EXACT:
            raise Incomparable(
                "polynomials, where one is differentiated twice",
                f"{node}",
                "complex steps take no second derivatives",
            )
        shape, shift = self._shape(node.by.shape), _shift if node.by.axes else _moved_at_once
        slopes = [(symbol, self._slope(slope, at)) for symbol, slope in node.jacobians]

        def moved(steps: Array) -> Array:
            values = {node.by.name: self.symbol(node.by) + steps}
            for symbol, slope in slopes:
                values[symbol.name] = self.symbol(symbol) + shift(slope, steps)
            return self.having(values, differentiating=True).value(node.of, at)

        found = self.numbers.slopes(moved, shape)
        return found[:, 0, :, 0].T if isinstance(node, t.Jacobian) else found[:, :, 0, 0]

    def _slope(self, slope: t.Expression, at: At) -> Array:
        if isinstance(slope, t.Symbol) and len(slope.axes) > 2:
            return self.values[slope.name]
        return self.value(slope, at)

    def at(self, node: t.At, at: At) -> Array:
        """Return a value at other values of some symbols."""
        return self.having({symbol.name: self.value(value, at) for symbol, value in node.values}).value(node.of, at)

    def expectation(self, node: t.Expectation, at: At) -> Array:
        """Return what the moments make of the values on whole numbers."""
        shape = self._shape(node.random.shape)
        stated = {moment.degree: moment for moment in node.moments}
        kept = [axis for axis, size in enumerate(node.random.axes) if size != t.SCALAR[0]]

        def drawn(values: Array) -> Array:
            return self.having({node.random.name: self.numbers.array(values)}).value(node.of, at)

        def moment(places: Sequence[tuple[int, ...]]) -> Any:
            if not places:
                return 1
            found = stated[len(places)]
            position = [place[axis] for place in places for axis in kept]
            return self.only(found.value, {**at, **dict(zip(found.indices, position, strict=True))})

        degree = max(stated, default=0)
        if node.random.axes and self.numbers is EXACT:  # of a matrix, the points are many: not more than it takes
            degree = min(degree, degree_along(drawn, shape))
        return mean_by_moments(drawn, shape, degree, moment, self.numbers.of)


def _single(value: Any) -> Array:
    found = np.empty((1, 1), dtype=object)
    found[0, 0] = value
    return found


def _unit(size: int) -> Array:
    return filled((size, size), lambda i, j: int(i == j))


def _moved_at_once(slope: Array, steps: Array) -> Array:
    """Return how far something moves that depends on a scalar."""
    return scaled(steps[0, 0], slope)


def _shift(slope: Array, steps: Array) -> Array:
    """Return how far something moves that depends on a column by its Jacobian."""
    if slope.ndim == 2:
        return np.asarray(slope @ steps, dtype=object)
    rows, columns, count = slope.shape
    return filled((rows, columns), lambda i, j: sum(slope[i, j, s] * steps[s, 0] for s in range(count)))


_RULES: Mapping[type, Callable[[Evaluation, Any, At], Array]] = {
    t.Symbol: Evaluation.symbol,
    t.Number: Evaluation.number,
    t.Size: Evaluation.size,
    t.Add: Evaluation.add,
    t.Multiply: Evaluation.multiply,
    t.Quotient: Evaluation.quotient,
    t.Power: Evaluation.power,
    t.Hadamard: Evaluation.hadamard,
    t.Transpose: Evaluation.transpose,
    t.Trace: Evaluation.trace,
    t.Diagonal: Evaluation.diagonal,
    t.DiagonalMatrix: Evaluation.diagonal_matrix,
    t.Inverse: Evaluation.inverse,
    t.Identity: Evaluation.identity,
    t.Ones: Evaluation.ones,
    t.Zeros: Evaluation.zeros,
    t.Delta: Evaluation.delta,
    t.Entry: Evaluation.entry,
    t.Slice: Evaluation.slice,
    t.Total: Evaluation.total,
    t.ByEntries: Evaluation.by_entries,
    t.Gradient: Evaluation.derivative,
    t.Jacobian: Evaluation.derivative,
    t.At: Evaluation.at,
    t.Expectation: Evaluation.expectation,
}
