"""Explicit functions: what refutes a statement about all functions, or shows that its hypotheses can be met.

A function G is affine there, G(x) = (dG/dx) x + G(0), with numbers as coefficients at the point. Put into the
statement, it leaves a statement without functions, which is decided as any other. What is assumed of G for all
arguments is, at the point, a polynomial in the entries of what is bound. An equation has to hold at as many points as
determine a polynomial of its degree; an inequality of degree two is one of a symmetric matrix without negative
eigenvalues.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import chain, combinations, islice, product
from math import comb
from typing import TypeVar

from symmix.deciding.frame import Frame
from symmix.deciding.witnesses import completed
from symmix.kernel.arrays import COLUMN, ROW, Array
from symmix.kernel.distributions import is_positive_semidefinite
from symmix.kernel.networks import Expression
from symmix.kernel.points import Model, evaluate
from symmix.meaning import Meaning
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.functions import bound_in, coefficients, constant, laws_of, linear, rewritten
from symmix.terms.names import ONE_SIZE

MAX_POINTS = 1_000  # at which an equation is looked at
MAX_UNLIKE = 64  # choices of one function for each of several
_FALLBACKS = (1, 0, 2, -1)  # values of scalars that only hypotheses about functions mention
Functional = s.Identity | s.Vanishing | s.Positivity  # what may speak of functions
Tree = TypeVar("Tree", bound=Node)
Slot = tuple[str, tuple[int, ...] | None]  # an entry of a bound matrix, or a bound scalar


@dataclass(frozen=True)
class Affine:
    """Which affine functions are tried: the coefficients of each, as trees of symbols that the search gives values."""

    coefficients: Mapping[t.Function, tuple[t.Expression, t.Expression]]

    def put_into(self, tree: Tree) -> Tree:
        """Return a tree without functions."""

        def change(node: Node) -> Node | None:
            if not isinstance(node, t.Apply):
                return None
            slope, offset = self.coefficients[node.function]
            return t.Add((t.Multiply((slope, rewritten(node.argument, change))), offset))

        found: Tree = rewritten(tree, change)
        return found

    @property
    def symbols(self) -> dict[str, t.Symbol]:
        """The symbols that it brings, besides those of the statement."""
        own = [symbol for f in self.coefficients for symbol in coefficients(f)]
        return {symbol.name: symbol for symbol in own}


def plainly(statement: Functional, instances: Iterable[t.Expression] = ()) -> Functional:
    """Return a statement with instances in the place of what is assumed of functions for all arguments."""
    where = (*(h for h in statement.where if not isinstance(h, s.Everywhere)), *instances)
    return replace(statement, where=where)


def families(functions: Sequence[t.Function], laws: Sequence[s.Everywhere], *, given: bool) -> Iterator[Affine]:
    """Run through what is tried: ``given`` functions, of which nothing is left to be found, or others.

    Given are multiples of those that map by sums or to the same, by numbers, scalars or matrices that the hypotheses
    mention, and 0: the same of all functions, then one of each. Others are constants, such multiples with a constant,
    and all affine functions. Where one of several functions is no such multiple, an affine one is looked for in its
    place.
    """
    bound = bound_in(laws)
    inside = dict.fromkeys(n for law in laws for n in law.body.walk() if isinstance(n, t.Symbol) and n not in bound)
    units = (t.Number(Fraction(1)), t.Number(Fraction(-1)), t.Number(Fraction(0)))
    scales = [*(symbol for symbol in inside if not symbol.axes), *(units if given else units[2:])]
    slopes: list[Callable[[t.Shape], t.Expression | None]] = [partial(_multiple, scale, t.Ones) for scale in scales]
    if given:
        slopes += [partial(_multiple, scale, lambda rows, _: t.Identity(rows)) for scale in scales]
        slopes += [partial(_fitting, symbol) for symbol in inside if symbol.axes]
    else:
        slopes += [lambda _: None]
    tried = []
    alike = ((slope,) * len(functions) for slope in slopes)
    unlike = islice(product(slopes, repeat=len(functions)), MAX_UNLIKE if given else 0)
    for chosen in chain(alike, unlike):
        found = {}
        for f, slope in zip(functions, chosen, strict=True):
            multiple = slope(linear(f).shape)
            offset = _zero(f) if given and multiple is not None else constant(f)
            found[f] = (linear(f) if multiple is None else multiple, offset)
        if found not in tried:
            tried.append(found)
    yield from map(Affine, tried)


def _zero(function: t.Function) -> t.Expression:
    return t.Number(Fraction(0)) if not function.target else t.Zeros(*constant(function).shape)


def _fitting(matrix: t.Symbol, shape: t.Shape) -> t.Expression | None:
    return matrix if matrix.shape == shape else None


def _multiple(scale: t.Expression, unit: Callable[[str, str], t.Expression], shape: t.Shape) -> t.Expression | None:
    """Return a scalar, or a multiple of a matrix of some shape; None where there is none, no identity."""
    if shape == t.SCALAR:
        return scale
    matrix = unit(*shape)
    return t.Multiply((scale, matrix)) if matrix.shape == shape else None


# -- what is assumed for all arguments, at a point ---


def pinned(frame: Frame, statement: s.Statement, affine: Affine, model: Model) -> Model | None:
    """Return a point with numbers for the functions' coefficients, if all that is assumed of them holds there."""
    laws = laws_of(statement)
    bodies = [(law, frame.array(affine.put_into(law.body)).expression) for law in laws]
    bound = {symbol.name for symbol in bound_in(laws)}
    trees = {
        symbol: tree
        for f, pair in affine.coefficients.items()
        for symbol, tree in zip(coefficients(f), pair, strict=True)
    }
    arrays = {symbol: frame.array(tree) for symbol, tree in trees.items()}
    mentioned = [*(body for _, body in bodies), *(array.expression for array in arrays.values())]
    missing = frozenset[str]().union(*(e.scalars for e in mentioned)) - bound - frame.meaning.reciprocals.keys()
    missing -= {*model.scalars, *model.sizes, *frame.names.sizes}
    for values in product(_FALLBACKS, repeat=min(len(missing), 2)):
        chosen = dict(zip(sorted(missing), map(Fraction, values), strict=False))
        whole = completed(frame, replace(model, scalars={**model.scalars, **chosen}), mentioned)
        if all(_holds(law, body, whole) for law, body in bodies):
            named = Meaning(frame.names)
            entries = {named.tensor(x): _table(array, whole) for x, array in arrays.items() if x.axes}
            numbers = {x.name: _table(array, whole)[()] for x, array in arrays.items() if not x.axes}
            scalars = {n: v for n, v in whole.scalars.items() if n not in bound and n not in frame.meaning.reciprocals}
            kept = {tensor: table for tensor, table in whole.entries.items() if tensor.name not in bound}
            return Model(whole.sizes, {**scalars, **numbers}, {**kept, **entries}, model.at)
    return None


def _table(array: Array, at: Model) -> dict[tuple[int, ...], Fraction]:
    """Return the entries of a matrix, by row and column."""
    names = list(array.expression.free)
    order = [names.index(axis) for axis, size in ((ROW, array.rows), (COLUMN, array.columns)) if size is not None]
    found = evaluate(array.expression, at).items()
    return {tuple(place[i] for i in order): value for place, value in found}


def _holds(law: s.Everywhere, body: Expression, at: Model) -> bool:
    """Whether a polynomial in what is bound is zero, or never negative."""
    slots: list[Slot] = []
    for symbol in law.symbols:
        dims = [size for size in symbol.axes if size != ONE_SIZE]
        slots += [(symbol.name, place if symbol.axes else None) for place in at.positions(dims)]
    degree = _degree(body, {symbol.name for symbol in law.symbols})
    if law.sign == "=":
        count = comb(len(slots) + degree, degree)
        return count <= MAX_POINTS and all(not any(_values(body, at, law, p)) for p in _simplex(slots, degree))
    return degree <= 2 and is_positive_semidefinite(_matrix(lambda p: _values(body, at, law, p)[0], slots))


def _degree(body: Expression, bound: set[str]) -> int:
    highest = 0
    for factors, coefficient in body.terms.items():
        own = sum(tensor.name in bound for tensor, _ in factors)
        inside = [sum(e for name, e in powers if name in bound) for powers in coefficient.terms]
        highest = max(highest, own + max(inside, default=0))
    return highest


def _simplex(slots: Sequence[Slot], degree: int) -> Iterator[dict[Slot, int]]:
    """Run through points that determine a polynomial of this degree: whole numbers with at most this sum."""
    if not slots:
        yield {}
        return
    for first in range(degree + 1):
        for rest in _simplex(slots[1:], degree - first):
            yield {slots[0]: first, **rest}


def _values(body: Expression, at: Model, law: s.Everywhere, point: Mapping[Slot, int]) -> list[Fraction]:
    names = {symbol.name for symbol in law.symbols}
    scalars = {name: Fraction(point.get((name, None), 0)) for name in names}
    entries = {
        tensor: {p: Fraction(x) for (name, p), x in point.items() if name == tensor.name and p is not None and x}
        if tensor.name in names
        else table
        for tensor, table in at.entries.items()
    }
    there = Model(at.sizes, {**at.scalars, **scalars}, entries, at.at)
    return list(evaluate(body, there).values())


def _matrix(p: Callable[[Mapping[Slot, int]], Fraction], slots: Sequence[Slot]) -> list[list[Fraction]]:
    """Return the symmetric matrix of a polynomial of degree two, made homogeneous by one more coordinate."""
    zero, up, down = p({}), [p({slot: 1}) for slot in slots], [p({slot: -1}) for slot in slots]
    size = len(slots) + 1
    found = [[Fraction(0)] * size for _ in range(size)]
    found[0][0] = zero
    for i, (a, b) in enumerate(zip(up, down, strict=True), 1):
        found[0][i] = found[i][0] = (a - b) / 4
        found[i][i] = (a + b) / 2 - zero
    for i, j in combinations(range(1, size), 2):
        mixed = p({slots[i - 1]: 1, slots[j - 1]: 1})
        found[i][j] = found[j][i] = (mixed - up[i - 1] - up[j - 1] + zero) / 2
    return found
