"""What a tree is at a point: an array, by the definition of each node.

The two last axes of every value are rows and columns (those of a symbol with more axes are its own). Axes before them,
of which there are none at first, are cases: a derivative puts all steps that it takes on one more axis, an expectation
all whole numbers at which it looks, and each node is evaluated once for all of them. What does not depend on the case
has no such axis, or one of length 1: arrays are combined as NumPy broadcasts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import product
from types import MappingProxyType
from typing import Any

import numpy as np

from symmix.errors import SymmixError
from symmix.evaluation.numbers import EXACT, Numbers, by_entry, filled, single
from symmix.evaluation.points import Point
from symmix.numeric.arrays import Array
from symmix.numeric.rational import degree_along, mean_by_moments
from symmix.terms import nodes as t
from symmix.terms.functions import coefficients
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
        self.differentiating, self.depth = False, 0
        self._defined: dict[str, Array] = {}
        self._known: dict[object, Array] = {}

    def value(self, tree: t.Expression, at: At = _NOWHERE) -> Array:
        """Return the entries of a tree, rows by columns; ``at`` are the positions of indices bound around it."""
        return _RULES[type(tree)](self, tree, at)

    def having(self, values: Mapping[str, Array], *, deeper: int = 0, differentiating: bool = False) -> Evaluation:
        """Return the evaluation in which some symbols have other values; ``deeper`` axes of cases come first."""
        found = Evaluation.__new__(Evaluation)
        found.point, found.definitions, found.numbers, found.functions = (
            self.point, self.definitions, self.numbers, self.functions,
        )  # fmt: skip
        found.values, found._defined, found._known = {**self.values, **values}, {}, {}
        found.differentiating, found.depth = self.differentiating or differentiating, self.depth + deeper
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
        return single(self.numbers.of(node.value))

    def size(self, node: t.Size, _: At) -> Array:
        """Return a size as a number."""
        return single(self.numbers.of(self.point.length(node.name)))

    def _shape(self, sizes: Iterable[str]) -> tuple[int, int]:
        rows, columns = map(self.point.length, sizes)
        return rows, columns

    def _position(self, name: str, at: At) -> int:
        return int(name) if name.isdigit() else at[name] if name in at else self.point.at[name]

    def _inside(self, indices: Sequence[t.Index], at: At) -> Iterator[At]:
        names = [index.name for index in indices]
        for places in product(*(range(self.point.length(index.size)) for index in indices)):
            yield {**at, **dict(zip(names, places, strict=True))}

    def applied(self, node: t.Apply, at: At) -> Array:
        """Return a value of a function, which is affine here: the point has its coefficients."""
        slope, offset = (self.values[symbol.name] for symbol in coefficients(node.function))
        return np.asarray(np.matmul(slope, self.value(node.argument, at)) + offset)

    # -- algebra ---

    def add(self, node: t.Add, at: At) -> Array:
        """Add."""
        return reduce(np.add, (self.value(term, at) for term in node.terms))

    def multiply(self, node: t.Multiply, at: At) -> Array:
        """Multiply scalars, and matrices in their order."""
        scalars: list[Array] = []
        matrices: list[Array] = []
        for factor in node.factors:
            (scalars if factor.shape == t.SCALAR else matrices).append(self.value(factor, at))
        return reduce(np.multiply, [*scalars, reduce(np.matmul, matrices)] if matrices else scalars)

    def quotient(self, node: t.Quotient, at: At) -> Array:
        """Divide by a scalar."""
        below = by_entry(self.numbers.reciprocal, self.value(node.denominator, at))
        return np.asarray(np.multiply(below, self.value(node.numerator, at)))

    def power(self, node: t.Power, at: At) -> Array:
        """Multiply by itself."""
        base = self.value(node.base, at)
        return reduce(np.matmul, [base] * node.exponent, _unit(base.shape[-1]))

    def hadamard(self, node: t.Hadamard, at: At) -> Array:
        """Multiply entry by entry."""
        return reduce(np.multiply, (self.value(factor, at) for factor in node.factors))

    def transpose(self, node: t.Transpose, at: At) -> Array:
        """Exchange rows and columns."""
        return turned(self.value(node.of, at))

    def trace(self, node: t.Trace, at: At) -> Array:
        """Add up the diagonal."""
        return np.asarray(np.sum(self.diagonal(node, at), axis=-2, keepdims=True))

    def diagonal(self, node: t.Diagonal | t.Trace, at: At) -> Array:
        """Return the diagonal as a column."""
        return np.asarray(np.diagonal(self.value(node.of, at), axis1=-2, axis2=-1)[..., np.newaxis])

    def diagonal_matrix(self, node: t.DiagonalMatrix, at: At) -> Array:
        """Put a row or column on a diagonal."""
        value = self.value(node.of, at)
        column = value if value.shape[-1] == 1 else turned(value)
        return np.asarray(column * _unit(column.shape[-2]))

    def inverse(self, node: t.Inverse, at: At) -> Array:
        """Return the matrix B with A B = I."""
        matrices = self.value(node.of, at)
        found = np.empty_like(matrices)
        for case in np.ndindex(*matrices.shape[:-2]):
            found[case] = self.numbers.inverse(matrices[case])
        return found

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
        return single(int(self._position(node.first, at) == self._position(node.second, at)))

    def entry(self, node: t.Entry, at: At) -> Array:
        """Return an entry of a matrix or of an array."""
        place = tuple(self._position(index, at) for index in node.indices)
        return np.asarray(self.value(node.of, at)[(..., *place, np.newaxis, np.newaxis)])

    def slice(self, node: t.Slice, at: At) -> Array:
        """Return a row or a column."""
        whole = self.value(node.of, at)
        if node.row != WHOLE:
            row = self._position(node.row, at)
            whole = whole[..., row : row + 1, :]
        if node.column != WHOLE:
            column = self._position(node.column, at)
            whole = whole[..., column : column + 1]
        return whole

    def total(self, node: t.Total, at: At) -> Array:
        """Add up over indices."""
        return reduce(np.add, (self.value(node.body, inner) for inner in self._inside(node.indices, at)))

    def by_entries(self, node: t.ByEntries, at: At) -> Array:
        """Return a matrix by its entries."""
        found = [self.value(node.body, inner) for inner in self._inside([i for i in (node.row, node.column) if i], at)]
        entries = np.concatenate(np.broadcast_arrays(*found), axis=-1)
        return entries.reshape(*entries.shape[:-2], *self._shape(node.shape))

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
        shape = self._shape(node.by.shape)
        slopes = [(symbol, *self._slope(slope, node.by, at)) for symbol, slope in node.jacobians]

        def moved(steps: Array) -> Array:
            steps = self._aside(steps)
            values = {node.by.name: self.symbol(node.by) + steps}
            for symbol, slope, shift in slopes:
                values[symbol.name] = self.symbol(symbol) + shift(slope, steps)
            found = self.having(values, deeper=1, differentiating=True).value(node.of, at)
            return self._by_case(found, len(steps))

        found = self.numbers.slopes(moved, shape)  # axes of what moves, of cases, of the value
        if isinstance(node, t.Jacobian):
            return np.moveaxis(found[:, 0, ..., 0], 0, -1)
        return np.moveaxis(found[..., 0, 0], (0, 1), (-2, -1))

    def _aside(self, stacked: Array) -> Array:
        """Put the cases along the leading axis of an array before those that there are already."""
        return stacked.reshape(len(stacked), *[1] * self.depth, *stacked.shape[1:])

    def _by_case(self, value: Array, cases: int) -> Array:
        """Return a value with a leading axis for cases that are one deeper, whether or not it depends on them."""
        whole = value.reshape(*[1] * (self.depth + 3 - value.ndim), *value.shape)
        return np.broadcast_to(whole, (cases, *whole.shape[1:]))

    def _slope(self, slope: t.Expression, by: t.Symbol, at: At) -> tuple[Array, Callable[[Array, Array], Array]]:
        """Return a declared Jacobian, and what makes of it and of steps how far something moves."""
        if isinstance(slope, t.Symbol) and len(slope.axes) > 2:
            return self.values[slope.name], _along_an_array
        return self.value(slope, at), np.matmul if by.axes else np.multiply

    def at(self, node: t.At, at: At) -> Array:
        """Return a value at other values of some symbols."""
        return self.having({symbol.name: self.value(value, at) for symbol, value in node.values}).value(node.of, at)

    def expectation(self, node: t.Expectation, at: At) -> Array:
        """Return what the moments make of the values on whole numbers."""
        shape = self._shape(node.random.shape)
        stated = {moment.degree: moment for moment in node.moments}
        kept = [axis for axis, size in enumerate(node.random.axes) if size != t.SCALAR[0]]

        def drawn(values: Array) -> Array:
            random = self._aside(self.numbers.array(values))
            return self._by_case(self.having({node.random.name: random}, deeper=1).value(node.of, at), len(values))

        def moment(places: Sequence[tuple[int, ...]]) -> Any:
            if not places:
                return 1
            found = stated[len(places)]
            position = [place[axis] for place in places for axis in kept]
            return self.value(found.value, {**at, **dict(zip(found.indices, position, strict=True))})

        degree = max(stated, default=0)
        if node.random.axes and self.numbers is EXACT:  # of a matrix, the points are many: not more than it takes
            degree = min(degree, degree_along(drawn, shape))
        return mean_by_moments(drawn, shape, degree, moment, self.numbers.of)


def turned(value: Array) -> Array:
    """Exchange rows and columns."""
    return np.swapaxes(value, -2, -1)


def _unit(size: int) -> Array:
    return filled((size, size), lambda i, j: int(i == j))


def _along_an_array(slope: Array, steps: Array) -> Array:
    """Contract the last of three axes with a column."""
    rows, columns, count = slope.shape[-3:]
    flat = np.matmul(slope.reshape(*slope.shape[:-3], rows * columns, count), steps)
    return np.asarray(flat.reshape(*flat.shape[:-2], rows, columns))


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
    t.Apply: Evaluation.applied,
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
