"""What a tree means on explicit components: an evaluator that shares nothing with the kernel.

Numbers are polynomials with exact coefficients. A derivative moves its variable by unknowns whose products vanish, what
depends on it by the Jacobian times these, and reads off what stands with each; an expectation multiplies out in
unknowns for the random entries, and puts the moments in the place of their products.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from itertools import count
from itertools import product as cartesian
from typing import Any

from symmix.terms import nodes as t

Monomial = tuple[tuple[str, int], ...]
_numbers = count()


class UndefinedError(Exception):
    """Something is divided by zero, or a matrix has no inverse."""


@dataclass(frozen=True)
class Poly:
    """A polynomial; products of unknowns of one batch vanish, if its name begins with "e"."""

    terms: Mapping[Monomial, Fraction] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Fraction | int) -> Poly:
        return cls({(): Fraction(value)} if value else {})

    @classmethod
    def unknown(cls, name: str) -> Poly:
        return cls({((name, 1),): Fraction(1)})

    def __add__(self, other: Poly) -> Poly:
        found = dict(self.terms)
        for m, c in other.terms.items():
            found[m] = found.get(m, Fraction(0)) + c
        return Poly({m: c for m, c in found.items() if c})

    def __mul__(self, other: Poly) -> Poly:
        found: dict[Monomial, Fraction] = {}
        for (m, c), (n, d) in cartesian(self.terms.items(), other.terms.items()):
            powers = dict(m)
            for name, power in n:
                powers[name] = powers.get(name, 0) + power
            batches = [name.partition(".")[0] for name, power in powers.items() for _ in range(power) if name[0] == "e"]
            if len(set(batches)) == len(batches):
                key = tuple(sorted(powers.items()))
                found[key] = found.get(key, Fraction(0)) + c * d
        return Poly({m: c for m, c in found.items() if c})

    def __neg__(self) -> Poly:
        return Poly({m: -c for m, c in self.terms.items()})

    def number(self) -> Fraction:
        """Return what does not depend on unknowns."""
        return self.terms.get((), Fraction(0))

    def constant(self) -> Fraction:
        """Return the value of what depends on nothing."""
        if self.terms.keys() - {()}:
            raise AssertionError(f"{self} depends on an unknown")
        return self.number()


ZERO, ONE = Poly.of(0), Poly.of(1)
Rows = list[list[Poly]]


def total(parts: Iterable[Poly]) -> Poly:
    return reduce(lambda a, b: a + b, parts, ZERO)


def unit(size: int) -> Rows:
    return [[ONE if i == j else ZERO for j in range(size)] for i in range(size)]


def times(a: Rows, b: Rows) -> Rows:
    return [[total(x * b[k][j] for k, x in enumerate(row)) for j in range(len(b[0]))] for row in a]


def scaled(c: Poly, a: Rows) -> Rows:
    return [[c * x for x in row] for row in a]


def plus(a: Rows, b: Rows) -> Rows:
    return [[x + y for x, y in zip(p, q, strict=True)] for p, q in zip(a, b, strict=True)]


def transposed(a: Rows) -> Rows:
    return [list(column) for column in zip(*a, strict=True)]


def inverted(a: Rows) -> Rows:
    """Invert the numbers by elimination, and add what the unknowns change, order by order."""
    size = len(a)
    rows = [[*(x.number() for x in row), *(Fraction(int(i == j)) for j in range(size))] for i, row in enumerate(a)]
    for k in range(size):
        lead = next((r for r in range(k, size) if rows[r][k]), None)
        if lead is None:
            raise UndefinedError
        rows[k], rows[lead] = rows[lead], rows[k]
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for r in range(size):
            if r != k:
                rows[r] = [x - rows[r][k] * p for x, p in zip(rows[r], rows[k], strict=True)]
    still = [[Poly.of(x) for x in row[size:]] for row in rows]
    moving = [[x + Poly.of(-x.number()) for x in row] for row in a]
    step = scaled(Poly.of(-1), times(still, moving))
    found, power = still, times(step, still)
    while any(x.terms for row in power for x in row):
        found, power = plus(found, power), times(step, power)
    return found


@dataclass(frozen=True)
class Explicit:
    """Sizes, and the values of symbols: rows of polynomials, arrays as tables; ``at`` are the values of indices."""

    sizes: Mapping[str, int]
    values: Mapping[str, Any]
    definitions: Mapping[t.Symbol, t.Expression] = field(default_factory=dict)
    at: Mapping[str, int] = field(default_factory=dict)

    def size(self, name: str) -> int:
        return 1 if name == "1" else self.sizes[name]

    def only(self, node: t.Expression) -> Poly:
        ((value,),) = self.of(node)
        return value

    def inside(self, indices: Iterable[t.Index]) -> list[Explicit]:
        indices = list(indices)
        spans = cartesian(*(range(self.size(index.size)) for index in indices))
        names = [index.name for index in indices]
        return [replace(self, at={**self.at, **dict(zip(names, place, strict=True))}) for place in spans]

    def position(self, name: str) -> int:
        return int(name) if name.isdigit() else self.at[name]

    def with_values(self, values: Mapping[str, Any]) -> Explicit:
        return replace(self, values={**self.values, **values})

    def of(self, node: t.Expression) -> Rows:
        """Return the value of a well-formed tree."""
        match node:
            case t.Number(value=value):
                return [[Poly.of(value)]]
            case t.Size(name=name):
                return [[Poly.of(self.sizes[name])]]
            case t.Symbol(name=name):
                return self.of(self.definitions[node]) if node in self.definitions else self.values[name]
            case t.Add(terms=parts):
                return reduce(plus, map(self.of, parts))
            case t.Multiply(factors=parts):
                scale = reduce(lambda a, b: a * b, (self.only(f) for f in parts if f.shape == t.SCALAR), ONE)
                matrices = [self.of(f) for f in parts if f.shape != t.SCALAR]
                return scaled(scale, reduce(times, matrices)) if matrices else [[scale]]
            case t.Quotient(numerator=above, denominator=below):
                return scaled(inverted([[self.only(below)]])[0][0], self.of(above))
            case t.Power(base=base, exponent=exponent):
                return reduce(times, [self.of(base)] * exponent, unit(self.size(base.shape[0])))
            case t.Hadamard(factors=parts):
                each: Callable[[Rows, Rows], Rows] = lambda a, b: [  # noqa: E731
                    [x * y for x, y in zip(p, q, strict=True)] for p, q in zip(a, b, strict=True)
                ]
                return reduce(each, map(self.of, parts))
            case t.Transpose(of=of):
                return transposed(self.of(of))
            case t.Trace(of=of):
                return [[total(row[i] for i, row in enumerate(self.of(of)))]]
            case t.Diagonal(of=of):
                return [[row[i]] for i, row in enumerate(self.of(of))]
            case t.DiagonalMatrix(of=of):
                flat = [x for row in self.of(of) for x in row]
                return [[x if i == j else ZERO for j in range(len(flat))] for i, x in enumerate(flat)]
            case t.Inverse(of=of):
                return inverted(self.of(of))
            case t.Identity(size=size):
                return unit(self.size(size))
            case t.Ones(rows=rows, columns=columns) | t.Zeros(rows=rows, columns=columns):
                filled = ONE if isinstance(node, t.Ones) else ZERO
                return [[filled] * self.size(columns) for _ in range(self.size(rows))]
            case t.Delta(first=first, second=second):
                return [[Poly.of(int(self.at[first] == self.at[second]))]]
            case t.Entry(of=t.Symbol(name=name, axes=axes), indices=indices) if len(axes) > 2:
                return [[self.values[name][tuple(map(self.position, indices))]]]
            case t.Entry(of=of, indices=(row, column)):
                return [[self.of(of)[self.position(row)][self.position(column)]]]
            case t.Slice(of=of, row=row, column=column):
                whole = self.of(of)
                kept = whole if row == ":" else [whole[self.position(row)]]
                return kept if column == ":" else [[line[self.position(column)]] for line in kept]
            case t.Total(indices=indices, body=body):
                return [[total(inner.only(body) for inner in self.inside(indices))]]
            case t.ByEntries(row=row, column=column, body=body):
                flat = [inner.only(body) for inner in self.inside(i for i in (row, column) if i)]
                width = self.size(column.size) if column else 1
                return [flat[start : start + width] for start in range(0, len(flat), width)]
            case t.At(of=of, values=values):
                return self.with_values({symbol.name: self.of(value) for symbol, value in values}).of(of)
            case t.Gradient() | t.Jacobian():
                return self.derivative(node)
            case t.Expectation():
                return self.expectation(node)
        raise AssertionError(node)

    def derivative(self, node: t.Derivative) -> Rows:
        rows, columns = map(self.size, node.by.shape)
        batch = f"e{next(_numbers)}"
        steps = [[Poly.unknown(f"{batch}.{i}.{j}") for j in range(columns)] for i in range(rows)]
        moved: dict[str, Any] = {node.by.name: plus(self.values[node.by.name], steps)}
        for symbol, slope in node.jacobians:
            if isinstance(slope, t.Symbol) and len(slope.axes) > 2:
                table, (high, wide) = self.values[slope.name], map(self.size, symbol.axes)
                shift = [
                    [total(table[i, j, s] * steps[s][0] for s in range(rows)) for j in range(wide)] for i in range(high)
                ]
            elif not node.by.axes:
                shift = scaled(steps[0][0], self.of(slope))
            else:
                shift = times(self.of(slope), steps)
            moved[symbol.name] = plus(self.values[symbol.name], shift)
        value = self.with_values(moved).of(node.of)
        if isinstance(node, t.Jacobian):
            return [[_slope(line[0], f"{batch}.{j}.0") for j in range(rows)] for line in value]
        ((scalar,),) = value
        return [[_slope(scalar, f"{batch}.{i}.{j}") for j in range(columns)] for i in range(rows)]

    def expectation(self, node: t.Expectation) -> Rows:
        rows, columns = map(self.size, node.random.shape)
        batch = f"r{next(_numbers)}"
        drawn = [[Poly.unknown(f"{batch}.{i}.{j}") for j in range(columns)] for i in range(rows)]
        kept = [axis for axis, size in enumerate(node.random.axes) if size != "1"]
        stated = {moment.degree: moment for moment in node.moments}

        def moment(places: list[tuple[int, int]]) -> Poly:
            if not places:
                return ONE
            found = stated[len(places)]
            position = [place[axis] for place in places for axis in kept]
            return replace(self, at=dict(zip(found.indices, position, strict=True))).only(found.value)

        def averaged(value: Poly) -> Poly:
            parts = []
            for monomial, c in value.terms.items():
                own = [(name, power) for name, power in monomial if name.startswith(f"{batch}.")]
                rest = tuple(pair for pair in monomial if pair not in own)
                places = [tuple(map(int, name.split(".")[1:])) for name, power in own for _ in range(power)]
                parts.append(Poly({rest: c}) * moment(places))  # type: ignore[arg-type]
            return total(parts)

        value = self.with_values({node.random.name: drawn}).of(node.of)
        return [[averaged(x) for x in row] for row in value]


def _slope(value: Poly, name: str) -> Poly:
    """Return what stands with an unknown."""
    found = {
        tuple(pair for pair in monomial if pair[0] != name): c
        for monomial, c in value.terms.items()
        if (name, 1) in monomial
    }
    return Poly(found)
