"""Evaluating trees at a point, entry by entry: by the definition of each node, and not by multiplying out.

A derivative takes a small step in each entry of its variable, two of which make zero, and reads off what is in front of
the step; an expectation leaves the entries of its random symbol open and puts moments in their place, which need not be
those of a distribution. It shares no rule with the checker's multiplying out, only the trees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count, pairwise, product
from typing import Any

from symmix.checker import ONE, SCALAR, ZERO, Meter, Node, Shape, Trees, reject

Variable = tuple[int, int, int]  # of a derivative (from 1 on) or an expectation (below 0): row and column
Value = Any  # a rational, or a Taylor polynomial


class Taylor:
    """A polynomial in small steps, of which two of one derivative make zero, and in random entries."""

    def __init__(self, meter: Meter, terms: dict[tuple[Variable, ...], Fraction]) -> None:
        self.meter, self.terms = meter, terms

    @property
    def number(self) -> Fraction:
        """What it is without steps and random entries."""
        return self.terms.get((), ZERO)

    @property
    def variables(self) -> set[Variable]:
        """The steps and random entries in it."""
        return {variable for key, c in self.terms.items() if c for variable in key}

    def _terms_of(self, other: Value) -> dict[tuple[Variable, ...], Fraction]:
        return other.terms if isinstance(other, Taylor) else {(): other}

    def __add__(self, other: Value) -> Taylor:
        total = dict(self.terms)
        for key, c in self._terms_of(other).items():
            total[key] = self.meter.weigh(total.get(key, ZERO) + c)
        self.meter.spend(len(total))
        return Taylor(self.meter, total)

    def __mul__(self, other: Value) -> Taylor:
        total: dict[tuple[Variable, ...], Fraction] = {}
        for p, c in self.terms.items():
            for q, d in self._terms_of(other).items():
                key = tuple(sorted(p + q))
                self.meter.spend(1 + len(key))
                if not any(a[0] == b[0] > 0 for a, b in pairwise(key)):
                    total[key] = self.meter.weigh(total.get(key, ZERO) + c * d)
        return Taylor(self.meter, total)

    __radd__, __rmul__ = __add__, __mul__


def number_at(value: Value) -> Fraction:
    """Return the rational that a value is; a value with steps or random entries is refused."""
    if not isinstance(value, Taylor):
        return Fraction(value)
    return (
        reject("a number is required where something is random, or differentiated by")
        if value.variables
        else value.number
    )


def mentioned(part: Any) -> set[str]:
    """Return the texts that stand in a tree: the names of its indices among them."""
    if isinstance(part, tuple):
        return set[str]().union(*map(mentioned, part))
    return {part} if isinstance(part, str) else set()


Matrix = list[list[Value]]
At = Mapping[str, int]  # values of indices


def placed(name: str, at: At) -> int:
    """Return a position: the value of an index, or a number."""
    return int(name) if name.isdigit() else at[name]


@dataclass
class Surroundings:
    """What symbols stand for while something is evaluated, and what is known there already."""

    values: Mapping[str, Any]
    defined: dict[str, Matrix] = field(default_factory=dict)
    known: dict[tuple[object, ...], Matrix] = field(default_factory=dict)


class Point:
    """Sizes, and values of symbols: a scalar is a 1 x 1 matrix."""

    def __init__(self, trees: Trees, sizes: At, values: Mapping[str, Any]) -> None:
        self.trees, self.meter, self.sizes = trees, trees.meter, {str(n): n for n in range(1, 10)} | dict(sizes)
        self.around = Surroundings(values)
        self._groups = count(1)

    def matrix(self, tree: Node, at: At) -> Matrix:
        """Return the entries of a tree, row by row; ``at`` are the values of the indices around it."""
        return self._inside(self.around, tree, at)

    def scalar(self, tree: Node, at: At) -> Fraction:
        """Return the value of a scalar."""
        return number_at(self.matrix(tree, at)[0][0])

    def length(self, size: str) -> int:
        """Return what a size is."""
        return self.sizes[size] if size in self.sizes else reject(f"the point does not say what the size {size} is")

    def _inside(self, around: Surroundings, tree: Node, at: At) -> Matrix:
        names = self.trees.used(tree)
        for name, value in self.trees.definitions.items():  # each uses earlier ones only
            if name in names and name not in around.defined:
                around.defined[name] = self.value(value, {}, around)
        return self.value(tree, at, around)

    def value(self, tree: Node, at: At, around: Surroundings) -> Matrix:
        """Return the entries of a tree whose definitions are known."""
        self.meter.spend(1)
        key = (id(tree), *sorted((name, at[name]) for name in mentioned(tree) if name in at))
        if key not in around.known:
            around.known[key] = _RULES[tree.kind](self, tree, at, around, *tree.parts)
        return around.known[key]

    def filled(self, shape: Shape, entry: Callable[[int, int], Value]) -> Matrix:
        """Return a matrix by its entries."""
        rows, columns = self.length(shape[0]), self.length(shape[1])
        self.meter.spend(rows * columns)
        return [[entry(i, j) for j in range(columns)] for i in range(rows)]

    def times(self, a: Value, b: Value) -> Value:
        """Return a product."""
        self.meter.spend(1)
        found = a * b
        return found if isinstance(found, Taylor) else self.meter.weigh(found)

    def added(self, values: Iterable[Value]) -> Value:
        """Return a sum."""
        total: Value = ZERO
        for value in values:
            self.meter.spend(1)
            total = total + value
            if not isinstance(total, Taylor):
                self.meter.weigh(total)
        return total

    # -- algebra ---

    def symbol(self, _: Node, __: At, around: Surroundings, name: str) -> Matrix:
        """Look up."""
        found = around.defined if name in self.trees.definitions else around.values
        return found[name] if name in found else reject(f"the point does not say what {name} is")

    def add(self, tree: Node, at: At, around: Surroundings, terms: Sequence[Node]) -> Matrix:
        """Add entry by entry."""
        found = [self.value(term, at, around) for term in terms]
        return self.filled(tree.shape, lambda i, j: self.added(matrix[i][j] for matrix in found))

    def multiply(self, _: Node, at: At, around: Surroundings, factors: Sequence[Node]) -> Matrix:
        """Multiply scalars and chains of matrices."""
        scale, total = Fraction(1), None
        for factor in factors:
            value = self.value(factor, at, around)
            if factor.shape == SCALAR:
                scale = self.times(scale, value[0][0])
            else:
                total = value if total is None else self.chained(total, value)
        return self.scaled(scale, total or [[Fraction(1)]])

    def scaled(self, scale: Value, matrix: Matrix) -> Matrix:
        """Multiply all entries by a scalar."""
        return [[self.times(scale, x) for x in row] for row in matrix]

    def chained(self, a: Matrix, b: Matrix) -> Matrix:
        """Multiply matrices."""
        columns = list(zip(*b, strict=True))
        return [[self.added(map(self.times, row, column)) for column in columns] for row in a]

    def quotient(self, _: Node, at: At, around: Surroundings, above: Node, below: Node) -> Matrix:
        """Divide by a scalar."""
        ((scale,),) = self._inverse_of(self.value(below, at, around))
        return self.scaled(scale, self.value(above, at, around))

    def power(self, tree: Node, at: At, around: Surroundings, base: Node, exponent: int) -> Matrix:
        """Multiply something by itself."""
        value, total = self.value(base, at, around), self.identity(tree)
        while exponent:
            total = self.chained(total, value) if exponent & 1 else total
            exponent >>= 1
            value = self.chained(value, value) if exponent else value
        return total

    def hadamard(self, tree: Node, at: At, around: Surroundings, factors: Sequence[Node]) -> Matrix:
        """Multiply entry by entry."""
        total = self.filled(tree.shape, lambda _i, _j: Fraction(1))
        for factor in factors:
            other = self.value(factor, at, around)
            total = [list(map(self.times, *rows)) for rows in zip(total, other, strict=True)]
        return total

    # -- matrices ---

    def diagonal_matrix(self, tree: Node, at: At, around: Surroundings, of: Node) -> Matrix:
        """Put a column or row on a diagonal."""
        held = [x for row in self.value(of, at, around) for x in row]
        return self.filled(tree.shape, lambda i, j: held[i] if i == j else ZERO)

    def identity(self, tree: Node, *_: object) -> Matrix:
        """Return the identity matrix."""
        return self.filled(tree.shape, lambda i, j: Fraction(i == j))

    def inverse(self, _: Node, at: At, around: Surroundings, of: Node) -> Matrix:
        """Invert the numbers A, B A = I; a small S added to A then changes B by -B S B + B S B S B - ... ."""
        return self._inverse_of(self.value(of, at, around))

    def _inverse_of(self, whole: Matrix) -> Matrix:
        first = self.inverted([[x.number if isinstance(x, Taylor) else x for x in row] for row in whole])
        if any(v[0] < 0 for row in whole for x in row if isinstance(x, Taylor) for v in x.variables):
            reject("an inverse that depends on a random symbol")
        small = [[x + -x.number if isinstance(x, Taylor) else ZERO for x in row] for row in whole]
        against = self.scaled(Fraction(-1), self.chained(first, small))
        total, change = first, self.chained(against, first)
        while any(isinstance(x, Taylor) and x.variables for row in change for x in row):
            total = [[self.added(pair) for pair in zip(*rows, strict=True)] for rows in zip(total, change, strict=True)]
            change = self.chained(against, change)
        return total

    def inverted(self, matrix: Sequence[Sequence[Fraction]]) -> Matrix:
        """Return the inverse of a matrix of numbers, by elimination."""
        size = len(matrix)
        rows = [[*row, *(Fraction(i == j) for j in range(size))] for i, row in enumerate(matrix)]
        for i in range(size):
            found = next((k for k in range(i, size) if rows[k][i]), None)
            if found is None:
                reject("a matrix has no inverse at the point")
            rows[i], rows[found] = rows[found], rows[i]
            rows[i] = [x / rows[i][i] for x in rows[i]]
            for k in range(size):
                if k != i:
                    against = self.scaled(-rows[k][i], [rows[i]])[0]
                    rows[k] = [self.added(pair) for pair in zip(rows[k], against, strict=True)]
        return [row[size:] for row in rows]

    # -- entries ---

    def entry(self, _: Node, at: At, around: Surroundings, of: Node, indices: Sequence[str]) -> Matrix:
        """Return an entry of a matrix or an array."""
        found: Any = self.value(of, at, around)
        for name in indices:
            found = found[placed(name, at)]
        return [[found]]

    def slice(self, _: Node, at: At, around: Surroundings, of: Node, row: str, column: str) -> Matrix:
        """Return a row or a column, or both."""
        rows = self.value(of, at, around)
        if row != ":":
            rows = [rows[placed(row, at)]]
        return rows if column == ":" else [[r[placed(column, at)]] for r in rows]

    def total(self, _: Node, at: At, around: Surroundings, indices: Sequence[tuple[str, str]], body: Node) -> Matrix:
        """Sum over indices."""
        names = [name for name, _ in indices]
        places = product(*(range(self.length(size)) for _, size in indices))
        inner = ({**at, **dict(zip(names, place, strict=True))} for place in places)
        return [[self.added(self.value(body, there, around)[0][0] for there in inner)]]

    def by_entries(self, tree: Node, at: At, around: Surroundings, row: Any, column: Any, body: Node) -> Matrix:
        """Return a matrix given by its entries."""

        def entry(i: int, j: int) -> Value:
            inner = {index[0]: place for index, place in ((row, i), (column, j)) if index}
            return self.value(body, {**at, **inner}, around)[0][0]

        return self.filled(tree.shape, entry)

    # -- derivatives ---

    def gradient(self, tree: Node, at: At, around: Surroundings, *_: object) -> Matrix:
        """Differentiate a scalar by a matrix or a scalar."""
        step, value = self._stepped(tree, at, around)
        return self.filled(tree.shape, lambda i, j: self._in_front_of((step, i, j), value[0][0]))

    def jacobian(self, tree: Node, at: At, around: Surroundings, *_: object) -> Matrix:
        """Differentiate a column by a column."""
        step, value = self._stepped(tree, at, around)
        return self.filled(tree.shape, lambda i, j: self._in_front_of((step, j, 0), value[i][0]))

    def _stepped(self, tree: Node, at: At, around: Surroundings) -> tuple[int, Matrix]:
        """Return what is differentiated, a small step taken in the variable and in all that depends on it."""
        of, by, jacobians, _ = tree.parts
        rows, columns = self.trees.symbols[by] or SCALAR
        step = next(self._groups)
        steps = self.filled((rows, columns), lambda i, j: Taylor(self.meter, {((step, i, j),): Fraction(1)}))
        values: dict[str, Any] = {}
        if by in around.values:  # else nothing that is differentiated may need it
            own = around.values[by]
            values[by] = self.filled((rows, columns), lambda i, j: own[i][j] + steps[i][j])
        for name, slope in jacobians:
            if name not in around.values:
                continue
            table = self.value(slope, at, around)
            array = slope.kind == "Symbol" and len(self.trees.symbols[slope.parts[0]]) > 2
            if not self.trees.symbols[by]:  # each entry moves by an entry
                array, table = True, [[[x] for x in row] for row in table]
            values[name] = [
                [self._moved(x, table[i][j] if array else table[i], steps) for j, x in enumerate(row)]
                for i, row in enumerate(around.values[name])
            ]
        return step, self._inside(Surroundings({**around.values, **values}), of, at)

    def _moved(self, value: Value, slope: Sequence[Value], steps: Matrix) -> Value:
        return self.added([value, *map(self.times, slope, (row[0] for row in steps))])

    def _in_front_of(self, variable: Variable, value: Value) -> Value:
        if not isinstance(value, Taylor):
            return ZERO
        self.meter.spend(len(value.terms))
        found = {tuple([v for v in key if v != variable]): c for key, c in value.terms.items() if variable in key}
        return Taylor(self.meter, found)

    def at(self, _: Node, at: At, around: Surroundings, of: Node, values: Sequence[tuple[str, Node]]) -> Matrix:
        """Evaluate where symbols have other values."""
        inner = {name: self.value(value, {}, around) for name, value in values}
        return self._inside(Surroundings({**around.values, **inner}), of, at)

    # -- expectations ---

    def expectation(
        self, tree: Node, at: At, around: Surroundings, of: Node, random: str, moments: Sequence[Node]
    ) -> Matrix:
        """Leave random entries open, and put moments in the place of their products."""
        axes = self.trees.symbols[random] or SCALAR
        table = {moment.parts[0]: moment.parts[1:] for moment in moments}

        def moment(held: Sequence[tuple[int, int]]) -> Value:
            names, value = table.get(len(held)) or reject(f"the moment of degree {len(held)} of {random} is not given")
            kept = [i for place in held for i, size in zip(place, axes, strict=True) if size != ONE]
            return self.value(value, dict(zip(names, kept, strict=True)), around)[0][0]

        group = -next(self._groups)
        open_ = self.filled((axes[0], axes[1]), lambda i, j: Taylor(self.meter, {((group, i, j),): Fraction(1)}))
        inner = self._inside(Surroundings({**around.values, random: open_}), of, at)

        def averaged(value: Value) -> Value:
            parts = []
            for key, c in value.terms.items() if isinstance(value, Taylor) else ():
                held = [v[1:] for v in key if v[0] == group]
                rest = Taylor(self.meter, {tuple([v for v in key if v[0] != group]): c})
                parts.append(self.times(rest, moment(held)) if held else rest)
            return self.added(parts) if isinstance(value, Taylor) else value

        return self.filled(tree.shape, lambda i, j: averaged(inner[i][j]))


_RULES: Mapping[str, Callable[..., Matrix]] = {
    "Number": lambda _, __, ___, ____, value: [[value]],
    "Size": lambda point, _, __, ___, name: [[Fraction(point.length(name))]],
    "Symbol": Point.symbol,
    "Add": Point.add,
    "Multiply": Point.multiply,
    "Quotient": Point.quotient,
    "Power": Point.power,
    "Hadamard": Point.hadamard,
    "Transpose": lambda point, _, at, around, of: list(map(list, zip(*point.value(of, at, around), strict=True))),
    "Trace": lambda point, _, at, around, of: [[point.added(r[i] for i, r in enumerate(point.value(of, at, around)))]],
    "Diagonal": lambda point, _, at, around, of: [[row[i]] for i, row in enumerate(point.value(of, at, around))],
    "DiagonalMatrix": Point.diagonal_matrix,
    "Inverse": Point.inverse,
    "Identity": Point.identity,
    "Ones": lambda point, tree, *_: point.filled(tree.shape, lambda _i, _j: Fraction(1)),
    "Zeros": lambda point, tree, *_: point.filled(tree.shape, lambda _i, _j: ZERO),
    "Delta": lambda _, __, at, ___, first, second: [[Fraction(at[first] == at[second])]],
    "Entry": Point.entry,
    "Slice": Point.slice,
    "Total": Point.total,
    "ByEntries": Point.by_entries,
    "Gradient": Point.gradient,
    "Jacobian": Point.jacobian,
    "At": Point.at,
    "Expectation": Point.expectation,
}
