"""Hypothesis strategies: random well-formed trees of any shape, and their values at a point of small sizes.

Every kind of node is drawn, with brackets and signs where no person would put them: sums in sums, products in
products, quotients of quotients, negative numbers everywhere.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from itertools import product as cartesian
from typing import Any

from hypothesis import strategies as st

from symmix.errors import UnsupportedError
from symmix.terms import nodes as t
from symmix.terms.base import Node
from symmix.terms.meanings import Names, Scope
from symmix.terms.wellformed import require_well_formed

SIZES = ("1", "k", "h")
INDICES = ("a", "b", "f", "g", "u", "v")  # with its size behind it; each is bound once on the way to a node
LAM, MU, RHO = t.Symbol("lam"), t.Symbol("mu"), t.Symbol("rho")
ARRAY = t.Symbol("T", ("k", "h", "h"))
AT = defaultdict(lambda: 2, {"k": 2, "h": 3, "n": 4})  # the size of each axis
VALUES = ("-3", "-2", "-1/2", "1/3", "2", "5/2", "3")
Bound = tuple[t.Index, ...]


def number(value: int | str | Fraction) -> t.Number:
    return t.Number(Fraction(value))


def symbol(letter: str, rows: str, columns: str) -> t.Symbol:
    """Return a symbol whose name tells its shape."""
    return t.Symbol(f"{letter}_{rows}_{columns}", (rows, columns))


@st.composite
def numbers(draw: st.DrawFn) -> t.Number:
    return draw(st.sampled_from([number(v) for v in (-3, -1, "-1/2", 0, "1/2", "2/3", 1, 2, 7)]))


@st.composite
def coefficients(draw: st.DrawFn, depth: int) -> t.Expression:
    """Draw a scalar without entries, which may be divided by."""
    kinds = ["add", "multiply", "quotient", "power"] if depth else []
    match draw(st.sampled_from(["number", "symbol", "size", *kinds])):
        case "number":
            return draw(numbers())
        case "symbol":
            return draw(st.sampled_from([LAM, MU]))
        case "size":
            return t.Size(draw(st.sampled_from(["k", "h", "n"])))
        case "quotient":
            return t.Quotient(draw(coefficients(depth - 1)), draw(coefficients(depth - 1)))
        case "power":
            return t.Power(draw(coefficients(depth - 1)), draw(st.integers(0, 3)))
        case kind:
            parts = draw(st.lists(coefficients(depth - 1), min_size=2, max_size=3))
            return t.Add(tuple(parts)) if kind == "add" else t.Multiply(tuple(parts))


@st.composite
def scalars(draw: st.DrawFn, depth: int = 3, bound: Bound = ()) -> t.Expression:
    """Draw a scalar of any kind."""
    inner = ["trace", "total", "entry", "chain", "delta", "mean", "array", "one"] if depth else ["coefficient"]
    kind = draw(st.sampled_from(["coefficient", "shaped", *inner]))
    match kind:
        case "trace":
            size = draw(st.sampled_from(SIZES))
            return t.Trace(draw(expressions(size, size, depth - 1, bound)))
        case "total" if len(bound) < len(INDICES) - 1:
            more = _fresh(draw, bound, draw(st.integers(1, 2)))
            return t.Total(more, draw(scalars(depth - 1, (*bound, *more))))
        case "entry":
            return draw(_entry(depth, bound))
        case "chain":
            size = draw(st.sampled_from(SIZES[1:]))
            row = draw(expressions("1", size, depth - 1, bound))
            column = _transposed(row) if draw(st.booleans()) else draw(expressions(size, "1", depth - 1, bound))
            return t.Multiply((*draw(st.lists(coefficients(1), max_size=2)), row, column))
        case "delta" if _over(bound, "k"):
            return t.Delta(*(draw(st.sampled_from(_over(bound, "k"))) for _ in range(2)))
        case "mean":
            of = t.Multiply((RHO, draw(scalars(depth - 1, bound))))
            return t.Expectation(of, RHO, (t.Moment(1, (), LAM), t.Moment(2, (), MU)))
        case "array" if _over(bound, "k") and _over(bound, "h"):
            names = [draw(st.sampled_from(_over(bound, size))) for size in ARRAY.axes]
            return t.Entry(ARRAY, tuple(names))
        case "one":
            return draw(st.sampled_from([t.Identity("1"), t.Ones("1", "1"), t.Zeros("1", "1"), symbol("A", "1", "1")]))
        case "shaped" if depth:
            return draw(expressions("1", "1", depth, bound))
    return draw(coefficients(min(depth, 2)))


@st.composite
def expressions(draw: st.DrawFn, rows: str, columns: str, depth: int = 3, bound: Bound = ()) -> t.Expression:
    """Draw a matrix of the given shape; a scalar too."""
    if (rows, columns) == t.SCALAR and draw(st.booleans()):
        return draw(scalars(depth, bound))
    if depth == 0:
        return draw(_leaves(rows, columns))
    kinds = ["leaf", "add", "multiply", "multiply", "scaled", "quotient", "hadamard", "transpose", "at", "mean"]
    kinds += ["by entries"] if len(bound) < len(INDICES) - 1 else []
    kinds += ["power", "inverse", "diagonal matrix"] if rows == columns else []
    kinds += ["diagonal", "gradient"] if columns == "1" else []
    match draw(st.sampled_from(kinds)):
        case "add":
            return t.Add(tuple(draw(st.lists(expressions(rows, columns, depth - 1, bound), min_size=2, max_size=3))))
        case "hadamard":
            return t.Hadamard(tuple(draw(expressions(rows, columns, depth - 1, bound)) for _ in range(2)))
        case "multiply":
            middle = [rows, *draw(st.lists(st.sampled_from(SIZES), min_size=1, max_size=2)), columns]
            chain = [draw(expressions(r, c, depth - 1, bound)) for r, c in pairwise(middle)]
            return t.Multiply(tuple(chain))
        case "scaled":
            scale = draw(st.lists(st.one_of(numbers(), scalars(depth - 1, bound)), min_size=1, max_size=2))
            return t.Multiply((*scale, draw(expressions(rows, columns, depth - 1, bound))))
        case "quotient":
            return t.Quotient(draw(expressions(rows, columns, depth - 1, bound)), draw(coefficients(depth - 1)))
        case "transpose":
            return t.Transpose(draw(expressions(columns, rows, depth - 1, bound)))
        case "power":
            return t.Power(draw(expressions(rows, columns, depth - 1, bound)), draw(st.integers(0, 3)))
        case "inverse":
            return t.Inverse(draw(expressions(rows, columns, depth - 1, bound)))
        case "diagonal":
            return t.Diagonal(draw(expressions(rows, rows, depth - 1, bound)))
        case "diagonal matrix":
            r, c = draw(st.sampled_from([(rows, "1"), ("1", rows)]))
            return t.DiagonalMatrix(draw(expressions(r, c, depth - 1, bound)))
        case "gradient":
            return draw(_derivatives(rows, depth, bound))
        case "at":
            value = draw(expressions("k", "1", depth - 1))
            return t.At(draw(expressions(rows, columns, depth - 1, bound)), ((symbol("A", "k", "1"), value),))
        case "mean":
            of = t.Multiply((RHO, draw(expressions(rows, columns, depth - 1, bound))))
            return t.Expectation(of, RHO, (t.Moment(1, (), LAM), t.Moment(2, (), MU)))
        case "by entries":
            row, column = (None if size == "1" else size for size in (rows, columns))
            more = iter(_named(bound, [size for size in (row, column) if size]))
            first, second = (next(more) if size else None for size in (row, column))
            inner = (*bound, *(index for index in (first, second) if index))
            return t.ByEntries(first, second, draw(scalars(depth - 1, inner)))
    return draw(_leaves(rows, columns))


def any_expressions(depth: int = 3) -> st.SearchStrategy[t.Expression]:
    """Draw a well-formed tree of any shape."""
    sizes = st.sampled_from(SIZES)
    return st.tuples(sizes, sizes).flatmap(lambda shape: expressions(shape[0], shape[1], depth)).filter(_is_well_formed)


def _is_well_formed(tree: t.Expression) -> bool:
    """Whether a tree is well formed: all are that are drawn, unless an average is divided by in another one."""
    try:
        require_well_formed(tree, Scope(Names.of([tree]), {}))
    except UnsupportedError as error:
        assert "which divides by it" in error.arrived  # noqa: PT017 - nothing else may be wrong
        return False
    return True


def without_constants(tree: t.Expression) -> t.Expression:
    """Return a tree with symbols for identity, zero and all-ones matrices: on a terminal those have no size."""
    return _mapped(tree)  # type: ignore[no-any-return]


def _mapped(part: Any) -> Any:
    if isinstance(part, t.Identity | t.Ones | t.Zeros):
        return symbol("D", *part.shape)
    if isinstance(part, tuple):
        return tuple(map(_mapped, part))
    return type(part)(*map(_mapped, part.parts)) if isinstance(part, Node) else part


@st.composite
def _leaves(draw: st.DrawFn, rows: str, columns: str) -> t.Expression:
    special: list[t.Expression] = [t.Ones(rows, columns), t.Zeros(rows, columns)]
    special += [t.Identity(rows)] if rows == columns else []
    named: list[t.Expression] = [symbol(letter, rows, columns) for letter in "ABC"]
    return draw(st.sampled_from([*named, *named, *special]))


@st.composite
def _entry(draw: st.DrawFn, depth: int, bound: Bound) -> t.Expression:
    shape = tuple(draw(st.sampled_from(["1", *{index.size for index in bound}])) for _ in range(2))
    names = tuple("0" if size == "1" else draw(st.sampled_from(_over(bound, size))) for size in shape)
    of = draw(expressions(shape[0], shape[1], depth - 1, bound))
    if draw(st.booleans()):
        return t.Entry(of, names)
    row = t.Slice(of, names[0], ":")
    return t.Entry(row, ("0", names[1]))


@st.composite
def _derivatives(draw: st.DrawFn, rows: str, depth: int, bound: Bound) -> t.Expression:
    by = symbol(draw(st.sampled_from("AB")), rows, "1")
    if rows == "1" and draw(st.booleans()):
        return t.Gradient(draw(scalars(depth - 1, bound)), t.Symbol("lam"), constant=True)
    if rows == "1" or draw(st.booleans()):  # on a terminal a Jacobian of a scalar looks like a gradient
        return t.Gradient(draw(scalars(depth - 1, bound)), by, constant=True)
    of = draw(expressions(rows, "1", depth - 1, bound))
    column = symbol("C", "h", "1")
    return t.Multiply((t.Jacobian(of, column, constant=True), draw(expressions("h", "1", depth - 1, bound))))


def _over(bound: Bound, size: str) -> list[str]:
    return [index.name for index in bound if index.size == size]


def _named(bound: Bound, sizes: list[str]) -> Bound:
    free = [letter for letter in INDICES if letter not in {index.name[0] for index in bound}]
    return tuple(t.Index(letter + size, size) for letter, size in zip(free, sizes, strict=False))


def _fresh(draw: st.DrawFn, bound: Bound, count: int) -> Bound:
    return _named(bound, [draw(st.sampled_from(SIZES[1:])) for _ in range(count)])


def _transposed(node: t.Expression) -> t.Expression:
    return node.of if isinstance(node, t.Transpose) else t.Transpose(node)


# -- values ---

Matrix = tuple[tuple[Fraction, ...], ...]


class UndefinedError(Exception):
    """Something is divided by zero."""


class Point:
    """Values of all symbols, by name, and of the trees over them.

    What the walk cannot work out (derivatives, inverses, expectations, replacements) is some function of the values of
    its parts, the same for equal parts.
    """

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    @classmethod
    def of(cls, tree: t.Expression) -> Point:
        """Return the first point at which no denominator of a tree is zero."""
        for seed in range(100):
            try:
                cls(seed).value(tree)
            except UndefinedError:
                continue
            return cls(seed)
        raise UndefinedError

    def value(self, tree: t.Expression, at: Mapping[str, int] | None = None) -> Matrix:
        """Return the value of a well-formed tree."""
        return _Walk(self, dict(at or {})).value(tree)

    def drawn(self, key: object, rows: int, columns: int) -> Matrix:
        """Return entries that depend on the key alone."""
        source = random.Random(f"{self.seed} {key}")
        return tuple(tuple(Fraction(source.choice(VALUES)) for _ in range(columns)) for _ in range(rows))


class _Walk:
    """The values below some indices that are bound."""

    def __init__(self, point: Point, at: dict[str, int]) -> None:
        self.point, self.at = point, at

    def value(self, node: t.Expression) -> Matrix:
        rows, columns = (1 if size == "1" else AT[size] for size in node.shape)
        match node:
            case t.Number(value=value):
                return ((value,),)
            case t.Size(name=name):
                return ((Fraction(AT[name]),),)
            case t.Symbol(name=name):
                return self.point.drawn(name, rows, columns)
            case t.Add(terms=terms):
                return reduce(_added, map(self.value, terms))
            case t.Multiply(factors=factors):
                scale = reduce(lambda x, y: x * y, (self.only(f) for f in factors if f.shape == t.SCALAR), Fraction(1))
                return _scaled(scale, reduce(_times, map(self.value, node.matrices)) if node.matrices else _unit(1))
            case t.Quotient(numerator=above, denominator=below):
                if self.only(below) == 0:
                    raise UndefinedError
                return _scaled(1 / self.only(below), self.value(above))
            case t.Power(base=base, exponent=exponent):
                return reduce(_times, [self.value(base)] * exponent, _unit(rows))
            case t.Hadamard(factors=factors):
                return reduce(lambda x, y: _each(lambda p, q: p * q, x, y), map(self.value, factors))
            case t.Transpose(of=of):
                return tuple(zip(*self.value(of), strict=True))
            case t.Trace(of=of):
                return ((sum((row[i] for i, row in enumerate(self.value(of))), Fraction(0)),),)
            case t.Diagonal(of=of):
                return tuple((row[i],) for i, row in enumerate(self.value(of)))
            case t.DiagonalMatrix(of=of):
                flat = [x for row in self.value(of) for x in row]
                return tuple(tuple(x if i == j else Fraction(0) for j in range(rows)) for i, x in enumerate(flat))
            case t.Identity():
                return _unit(rows)
            case t.Ones() | t.Zeros():
                return ((Fraction(isinstance(node, t.Ones)),) * columns,) * rows
            case t.Apply(function=function, argument=argument):
                return self.point.drawn(("value", function.name, self.value(argument)), rows, columns)
            case t.Delta(first=first, second=second):
                return ((Fraction(self.at[first] == self.at[second]),),)
            case t.Entry(of=t.Symbol(name=name, axes=axes), indices=indices) if len(axes) > 2:
                return self.point.drawn((name, [self.at[i] for i in indices]), 1, 1)
            case t.Entry(of=of, indices=(row, column)):
                return ((self.value(of)[self.at.get(row, 0)][self.at.get(column, 0)],),)
            case t.Slice(of=of, row=row, column=column):
                whole = self.value(of)
                kept = whole if row == ":" else (whole[self.at.get(row, 0)],)
                return kept if column == ":" else tuple((line[self.at.get(column, 0)],) for line in kept)
            case t.Total(indices=indices, body=body):
                return reduce(_added, (inner.value(body) for inner in self.over(indices)), ((Fraction(0),),))
            case t.ByEntries(row=row, column=column, body=body):
                values = [inner.only(body) for inner in self.over([i for i in (row, column) if i])]
                return tuple(tuple(values[r * columns : (r + 1) * columns]) for r in range(rows))
            case t.Gradient(of=of, by=by) | t.Jacobian(of=of, by=by):
                return self.point.drawn((type(node).__name__, by.name, self.value(of)), rows, columns)
            case t.Inverse(of=of) if of.shape == t.SCALAR:
                return self.value(t.Quotient(t.Number(Fraction(1)), of))
            case t.Inverse(of=of):
                return self.point.drawn(("inverse", self.value(of)), rows, columns)
            case t.At(of=of, values=values):
                replaced = [(s.name, _Walk(self.point, {}).value(v)) for s, v in values]
                return self.point.drawn(("at", self.value(of), replaced), rows, columns)
            case t.Expectation(of=of, random=symbol):
                return self.point.drawn(("mean", self.value(of), symbol.name), rows, columns)
        raise NotImplementedError(node)

    def only(self, node: t.Expression) -> Fraction:
        return self.value(node)[0][0]

    def over(self, indices: tuple[t.Index, ...] | list[t.Index]) -> Iterator[_Walk]:
        for places in cartesian(*(range(AT[index.size]) for index in indices)):
            yield _Walk(self.point, {**self.at, **{i.name: p for i, p in zip(indices, places, strict=True)}})


def _each(function: object, one: Matrix, other: Matrix) -> Matrix:
    return tuple(
        tuple(function(x, y) for x, y in zip(r, s, strict=True))  # type: ignore[operator]
        for r, s in zip(one, other, strict=True)
    )


def _added(one: Matrix, other: Matrix) -> Matrix:
    return _each(lambda x, y: x + y, one, other)


def _scaled(scale: Fraction, matrix: Matrix) -> Matrix:
    return tuple(tuple(scale * x for x in row) for row in matrix)


def _times(one: Matrix, other: Matrix) -> Matrix:
    columns = list(zip(*other, strict=True))
    return tuple(
        tuple(sum((x * y for x, y in zip(row, column, strict=True)), Fraction(0)) for column in columns) for row in one
    )


def _unit(size: int) -> Matrix:
    return tuple(tuple(Fraction(i == j) for j in range(size)) for i in range(size))
