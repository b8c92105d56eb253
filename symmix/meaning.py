"""What a tree means: from the statement tree to sums of products of entries, definitions unfolded, node by node.

The tree is well formed (:mod:`symmix.terms.wellformed`); what is refused here shows only once definitions are unfolded:
a derivative of what does not depend on its variable, a Jacobian differentiated without one of its own, a value for what
an inverse is made of. A quotient becomes a coefficient, where its denominator is no single term by way of a
name for the reciprocal; an inverse becomes a tensor. Both are keyed by what they are of, in normal form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import mul
from typing import Any

from symmix.divisions import Divisions, identity, names_in
from symmix.errors import StatementError, UnsupportedError
from symmix.kernel.arrays import COLUMN, ROW, Array, aligned, axes, dim, tensor
from symmix.kernel.calculus import Template, derivative, scalar_moments, substitute, tensor_moments, with_scalars
from symmix.kernel.distributions import TensorMoments
from symmix.kernel.networks import Expression, constant, delta, entry, ones, total, zeros
from symmix.kernel.products import Tensor
from symmix.kernel.scalars import ONE, ZERO, Polynomial
from symmix.rates import Rates, moving_inverses
from symmix.terms import nodes as t
from symmix.terms.meanings import Names
from symmix.terms.names import WHOLE

_BY_ROW, _BY_COLUMN = "by" + ROW, "by" + COLUMN
Scope = Mapping[str, str]  # index -> size, for everything bound around a node, and the sample indices


class Meaning(Divisions):
    """What the trees of one theorem mean."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names
        self.read: dict[t.Expression, Array] = {}  # trees, and their parts
        self.symbols: dict[t.Symbol, Array] = {}

    def array(self, tree: t.Expression, bound: Scope | None = None) -> Array:
        """Return the normal form of a tree; ``bound`` are the indices around it besides the sample indices."""
        if bound:
            return _Reader(self, {**self.names.free, **bound}).read(tree)
        return _Reader(self, self.names.free).read(tree)

    def scalar(self, tree: t.Expression) -> Polynomial:
        """Return a scalar without entries as a coefficient."""
        return self.array(tree).expression.terms.get((), ZERO)

    def divisor(self, node: t.Quotient) -> Polynomial:
        """Return what a quotient divides by, denominators of its own cleared: it is assumed not to be zero."""
        return self.without_reciprocals(self.scalar(node.denominator))[0]

    def tensor(self, symbol: t.Symbol) -> Tensor:
        """Return the tensor of a symbol, with the symmetry that is said of it."""
        word = self.names.properties.get(symbol.name, "").removeprefix("diagonal")
        return tensor(symbol.name, symbol.axes)._replace(symmetry=word)

    def tensor_moments(self, node: t.Expectation) -> TensorMoments:
        """Return the moments of a random matrix, each over the indices of its entries."""
        reader = _Reader(self, {})
        moments = {moment.degree: reader.moment(node.random, moment) for moment in node.moments}
        return TensorMoments(tensor(node.random.name, node.random.axes), moments)

    def factor(self, array: Array) -> Array:
        """Return a factor as it enters products: multiplied out."""
        return array


def placed(expression: Expression, cut: Mapping[str, str]) -> Expression:
    """Put positions into slots: indices by their names, numbers by unit vectors, the tensors that numbers name."""
    names = {slot: i for slot, i in cut.items() if slot in expression.free and not i.isdigit()}
    for slot, number in cut.items():
        if slot in expression.free and number.isdigit():
            unit = entry(Tensor(number, (expression.free[slot],)), slot)
            expression = (expression * unit).sum(slot)
    return expression.rename(names)


def _chained(arrays: Sequence[Array]) -> Array:
    """Multiply matrices half by half: no product on the way is long before it has to be."""
    half = len(arrays) // 2
    return _chained(arrays[:half]) @ _chained(arrays[half:]) if half else arrays[0]


@dataclass(frozen=True)
class _Reader:
    """Reads the nodes in one scope."""

    meaning: Meaning
    scope: Scope

    def read(self, node: t.Expression) -> Array:
        """Return what a node means; below no bound index it is the same wherever it stands."""
        if self.scope is not self.meaning.names.free or isinstance(node, t.Symbol | t.Number | t.Size):
            return _MEANINGS[type(node)](self, node)
        known = self.meaning.read
        if node not in known:
            known[node] = _MEANINGS[type(node)](self, node)
        return known[node]

    def inside(self, indices: Mapping[str, str]) -> _Reader:
        """Return the reader of what stands below indices that are bound."""
        return replace(self, scope={**self.scope, **indices})

    def over(self, indices: Mapping[str, str], body: t.Expression) -> Expression:
        """Return a scalar over the given indices, also over those that it does not depend on."""
        inner = self.inside(indices).read(body).expression
        lacking = {i: size for i, size in indices.items() if i not in inner.free}
        return inner * ones(**lacking) if lacking else inner

    # -- algebra ---

    def number(self, node: t.Number) -> Array:
        return Array(constant(node.value))

    def named(self, node: t.Size) -> Array:
        return Array(constant(Polynomial.variable(node.name)))

    def symbol(self, node: t.Symbol) -> Array:
        known = self.meaning.symbols
        if node not in known:  # it means the same in every scope
            known[node] = self._symbol(node)
        return known[node]

    def _symbol(self, node: t.Symbol) -> Array:
        if node in self.meaning.names.definitions:
            return self.meaning.array(self.meaning.names.definitions[node])
        if not node.axes:
            return Array(constant(Polynomial.variable(node.name)))
        own, (rows, columns) = self.meaning.tensor(node), map(dim, node.axes)
        if self.meaning.names.properties.get(node.name) == "diagonal":
            return Array(entry(own, ROW, ROW) * identity(rows).expression, rows, columns)
        return Array(entry(own, *axes(rows, columns)), rows, columns)

    def add(self, node: t.Add) -> Array:
        parts = [self.read(term) for term in node.terms]
        return replace(parts[0], expression=total(aligned([part.expression for part in parts])))

    def multiply(self, node: t.Multiply) -> Array:
        parts = [self.meaning.factor(self.read(factor)) for factor in node.factors]
        scalars = [part.expression for part in parts if part.shape == t.SCALAR]
        plain = [e.terms.get((), ZERO) for e in scalars if not e.free and e.terms.keys() <= {()}]
        others = (e for e in scalars if e.free or not e.terms.keys() <= {()})
        scale = reduce(mul, others, constant(reduce(mul, plain, ONE)))
        matrices = [part for part in parts if part.shape != t.SCALAR]
        if not matrices:
            return Array(scale)
        product = _chained(matrices)
        return replace(product, expression=scale * product.expression)

    def quotient(self, node: t.Quotient) -> Array:
        above, below = self.read(node.numerator), self.read(node.denominator).expression.terms.get((), ZERO)
        return replace(above, expression=above.expression * self.meaning.reciprocal(below, node))

    def power(self, node: t.Power) -> Array:
        base = self.meaning.factor(self.read(node.base))
        return _chained([base] * node.exponent) if node.exponent else identity(base.rows)

    def hadamard(self, node: t.Hadamard) -> Array:
        parts = [self.meaning.factor(self.read(factor)) for factor in node.factors]
        return replace(parts[0], expression=reduce(mul, (part.expression for part in parts)))

    # -- matrices ---

    def transpose(self, node: t.Transpose) -> Array:
        return self.read(node.of).transposed

    def trace(self, node: t.Trace) -> Array:
        array = self.read(node.of)
        return Array(array.expression if array.rows is None else array.expression.rename({COLUMN: ROW}).sum(ROW))

    def diagonal(self, node: t.Diagonal) -> Array:
        array = self.read(node.of)
        return Array(array.expression.rename({COLUMN: ROW}), array.rows)

    def diagonal_matrix(self, node: t.DiagonalMatrix) -> Array:
        array = self.read(node.of)
        unit = identity(array.rows or array.columns)
        return replace(unit, expression=array.expression.rename({COLUMN: ROW}) * unit.expression)

    def inverse(self, node: t.Inverse) -> Array:
        array = self.read(node.of)
        if set(array.expression.free) - {ROW, COLUMN}:
            raise UnsupportedError("an inverse of one matrix", f"{node}, one for each sample", "name it by a symbol")
        return self.meaning.inverse(array)

    def identity(self, node: t.Identity) -> Array:
        return identity(dim(node.size))

    def filled(self, node: t.Ones | t.Zeros) -> Array:
        rows, columns = map(dim, node.shape)
        free = axes(rows, columns)
        return Array(ones(**free) if isinstance(node, t.Ones) else zeros(free), rows, columns)

    # -- entries ---

    def delta(self, node: t.Delta) -> Array:
        return Array(delta(node.first, node.second, self.scope[node.first]))

    def entry(self, node: t.Entry) -> Array:
        if isinstance(node.of, t.Symbol) and len(node.of.axes) > 2:
            cut = {f"slot {place}": i for place, i in enumerate(node.indices) if node.of.axes[place] != "1"}
            return Array(placed(entry(self.meaning.tensor(node.of), *cut), cut))
        return Array(placed(self.read(node.of).expression, dict(zip((ROW, COLUMN), node.indices, strict=True))))

    def slice(self, node: t.Slice) -> Array:
        array = self.read(node.of)
        cut = {slot: i for slot, i in ((ROW, node.row), (COLUMN, node.column)) if i != WHOLE}
        return Array(placed(array.expression, cut), *map(dim, node.shape))

    def total(self, node: t.Total) -> Array:
        indices = {index.name: index.size for index in node.indices}
        return Array(self.over(indices, node.body).sum(*indices))

    def by_entries(self, node: t.ByEntries) -> Array:
        slots = {ROW: node.row, COLUMN: node.column}
        bound = {index.name: index.size for index in slots.values() if index is not None}
        names = {index.name: slot for slot, index in slots.items() if index is not None}
        return Array(self.over(bound, node.body).rename(names), *map(dim, node.shape))

    # -- calculus ---

    def derivative(self, node: t.Derivative) -> Array:
        inner = self.read(node.of)
        self._require_all_declared(node, inner.expression)
        if not node.by.axes:
            return replace(inner, expression=self._rates(node).of(inner.expression))
        by, (rows, columns) = tensor(node.by.name, node.by.axes), map(dim, node.by.axes)
        slots = [slot for slot, size in ((_BY_ROW, rows), (_BY_COLUMN, columns)) if size is not None]
        templates = [self._jacobian(symbol, value) for symbol, value in node.jacobians]

        def moved(expression: Expression) -> Expression:
            return derivative(expression, by, slots, [*templates, *moving_inverses(expression, self.meaning, moved)])

        for symbol, of in self.meaning.sums.items():  # each is made of earlier ones
            slope = moved(of.expression)
            templates += [] if slope.is_zero else [Template(symbol, tuple(axes(of.rows, of.columns)), slope)]
        raw = moved(inner.expression)
        if isinstance(node, t.Jacobian):
            return Array(raw.rename({_BY_ROW: COLUMN}), inner.rows, rows)
        return Array(raw.rename({_BY_ROW: ROW, _BY_COLUMN: COLUMN}), rows, columns)

    def _jacobian(self, symbol: t.Symbol, value: t.Expression) -> Template:
        slots = tuple(axes(*map(dim, symbol.axes)))
        if isinstance(value, t.Symbol) and len(value.axes) > 2:
            free = dict(zip((ROW, COLUMN, _BY_ROW), value.axes, strict=True))
            indices = [slot for slot, size in free.items() if size != "1"]
            return Template(tensor(symbol.name, symbol.axes), slots, entry(self.meaning.tensor(value), *indices))
        body = self.read(value).expression.rename({COLUMN: _BY_ROW})
        return Template(tensor(symbol.name, symbol.axes), slots, body)

    def _rates(self, node: t.Derivative) -> Rates:
        """Return how everything moves with a scalar: at one rate for all samples."""
        scalars, tensors = {node.by.name: constant(1)}, []
        for symbol, value in node.jacobians:
            rate = self.read(value).expression
            if set(rate.free) - {ROW, COLUMN}:
                raise UnsupportedError(
                    "derivatives by a scalar that are free of sample indices",
                    f"d{symbol}/d{node.by} = {value}",
                    "declare that of the whole vector or matrix",
                )
            if symbol.axes:
                slots = tuple(axes(*map(dim, symbol.axes)))
                tensors.append(Template(tensor(symbol.name, symbol.axes), slots, rate))
            else:
                scalars[symbol.name] = rate
        return Rates(scalars, tuple(tensors), self.meaning)

    def _require_all_declared(self, node: t.Derivative, expression: Expression) -> None:
        """Refuse what would be silently zero: nothing depends on the variable, or what does is not declared to."""
        inside = names_in(expression) | self.meaning.hidden_in(expression)
        moving = {node.by.name, *(symbol.name for symbol, _ in node.jacobians)}
        if not node.constant and not inside & moving:
            raise StatementError(
                f"something that depends on {node.by} to differentiate, or constant=True",
                f"{node.of}, in which, definitions unfolded, neither it nor anything with a declared Jacobian occurs",
                "declare a Jacobian for what depends on it: Gradient(scalar, by, {symbol: its Jacobian})",
            )
        names = self.meaning.names
        inner_ones = (part for part in names.unfolded(node.of) if isinstance(part, t.Gradient | t.Jacobian))
        pairs = [pair for part in (node, *inner_ones) if part.by == node.by for pair in part.jacobians]
        # what depends on the variable here or further inside, and what its Jacobians are made of
        nested = {
            part.name
            for pair in pairs
            for side in pair
            for part in names.unfolded(side)
            if isinstance(part, t.Symbol) and (part.axes or not node.by.axes)
        }
        depends = nested | names.jacobians.get(node.by.name, frozenset())
        forgotten = sorted((inside - moving) & depends)
        if forgotten:
            raise StatementError(
                f"a Jacobian for everything that depends on {node.by}, itself a Jacobian or not",
                f"none for {', '.join(forgotten)} in {node}",
                "declare its Jacobian too, for a Jacobian an array with three axes: it is not constant",
            )

    def at(self, node: t.At) -> Array:
        inner, read = self.read(node.of), {symbol: self.read(value).expression for symbol, value in node.values}
        scalars = {x.name: e.terms.get((), ZERO) for x, e in read.items() if not x.axes}
        found = [(x, e) for x, e in read.items() if x.axes]
        tensors = [Template(self.meaning.tensor(x), tuple(axes(*map(dim, x.axes))), e) for x, e in found]
        divisors = {x for x in inner.expression.divisors if x not in scalars or scalars[x].names or scalars[x].is_zero}
        fixed = self.meaning.hidden_in(inner.expression) | divisors  # what is divided by has numbers as values alone
        for name in sorted(fixed & {symbol.name for symbol in read}):
            raise UnsupportedError("values of symbols outside of inverses", f"{name} in {node}", "invert the value")
        return replace(inner, expression=substitute(with_scalars(inner.expression, scalars), tensors))

    def expectation(self, node: t.Expectation) -> Array:
        inner, random = self.read(node.of), node.random
        if not random.axes:
            image = {0: ONE, **{moment.degree: self.meaning.scalar(moment.value) for moment in node.moments}}
            return replace(inner, expression=scalar_moments(inner.expression, random.name, image))
        found = self.meaning.tensor_moments(node)
        return replace(inner, expression=tensor_moments(inner.expression, found.tensor, found.moments))

    def moment(self, random: t.Symbol, moment: t.Moment) -> tuple[tuple[str, ...], Expression]:
        """Return the moment of a matrix: its indices, and what it is over them."""
        sizes = [size for size in random.axes if size != "1"] * moment.degree
        return moment.indices, self.over(dict(zip(moment.indices, sizes, strict=True)), moment.value)


_MEANINGS: Mapping[type, Callable[[_Reader, Any], Array]] = {
    t.Number: _Reader.number,
    t.Size: _Reader.named,
    t.Symbol: _Reader.symbol,
    t.Add: _Reader.add,
    t.Multiply: _Reader.multiply,
    t.Quotient: _Reader.quotient,
    t.Power: _Reader.power,
    t.Hadamard: _Reader.hadamard,
    t.Transpose: _Reader.transpose,
    t.Trace: _Reader.trace,
    t.Diagonal: _Reader.diagonal,
    t.DiagonalMatrix: _Reader.diagonal_matrix,
    t.Inverse: _Reader.inverse,
    t.Identity: _Reader.identity,
    t.Ones: _Reader.filled,
    t.Zeros: _Reader.filled,
    t.Delta: _Reader.delta,
    t.Entry: _Reader.entry,
    t.Slice: _Reader.slice,
    t.Total: _Reader.total,
    t.ByEntries: _Reader.by_entries,
    t.Gradient: _Reader.derivative,
    t.Jacobian: _Reader.derivative,
    t.At: _Reader.at,
    t.Expectation: _Reader.expectation,
}
