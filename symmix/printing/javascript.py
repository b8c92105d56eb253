"""Formulas as JavaScript at sizes that are given: a page draws from the statements that were decided.

A tree becomes a matrix of expressions in plain numbers, one for each entry: sums and products are written out, in the
order of the tree. What is drawn is free of derivatives and averages: those were worked out by the theorem.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import product as cartesian
from json import dumps

from symmix.errors import UnsupportedError
from symmix.terms import nodes as t
from symmix.terms.names import ONE_SIZE, ONLY, WHOLE

Cells = list[list[str]]


def javascript(expression: t.Expression, sizes: Mapping[str, int]) -> str:
    """Return a function of the values ``v`` of its symbols, a number or a list of rows for each, to a list of rows.

    >>> w, z = t.Symbol("w", ("1", "h")), t.Symbol("z'", ("h", "1"))
    >>> print(javascript(t.Multiply((t.Symbol("lam"), w, z)), {"h": 2}))
    v => [[(v["lam"] * ((v["w"][0][0] * v["z'"][0][0]) + (v["w"][0][1] * v["z'"][1][0])))]]
    """
    rows = _Walk(sizes, {}).cells(expression)
    return f"v => [{', '.join('[' + ', '.join(row) + ']' for row in rows)}]"


class _Walk:
    """The entries of trees below some indices that are bound."""

    def __init__(self, sizes: Mapping[str, int], at: Mapping[str, int]) -> None:
        self.sizes, self.at = sizes, at

    def cells(self, node: t.Expression) -> Cells:
        """Return a matrix of JavaScript's expressions."""
        match node:
            case t.Number(value=value):
                return [[_number(value)]]
            case t.Size(name=name):
                return [[str(self.sizes[name])]]
            case t.Symbol(name=name, axes=axes):
                return self._symbol(name, axes)
            case t.Identity() | t.Ones() | t.Zeros():
                return self._constant(node)
            case t.Entry() | t.Slice() | t.Total():
                return self._entries(node)
        return self._algebra(node)

    def _algebra(self, node: t.Expression) -> Cells:
        match node:
            case t.Add(terms=parts) | t.Hadamard(factors=parts):
                return reduce(_each("+" if isinstance(node, t.Add) else "*"), map(self.cells, parts))
            case t.Multiply():
                return self._product(node)
            case t.Quotient(numerator=above, denominator=below):
                return [[f"({x} / {self._only(below)})" for x in row] for row in self.cells(above)]
            case t.Power(base=base, exponent=exponent):
                return self._power(base, exponent)
            case t.Transpose(of=of):
                return [list(column) for column in zip(*self.cells(of), strict=True)]
            case t.Trace(of=of):
                return [[_sum([row[place] for place, row in enumerate(self.cells(of))])]]
        raise _unwritten(node)

    def _only(self, node: t.Expression) -> str:
        return self.cells(node)[0][0]

    def _shape(self, node: t.Expression) -> tuple[int, int]:
        rows, columns = (1 if size == ONE_SIZE else self.sizes[size] for size in node.shape)
        return rows, columns

    def _symbol(self, name: str, axes: Sequence[str]) -> Cells:
        if not axes:
            return [[f"v[{dumps(name)}]"]]
        rows, columns = (1 if size == ONE_SIZE else self.sizes[size] for size in axes)
        return [[f"v[{dumps(name)}][{i}][{j}]" for j in range(columns)] for i in range(rows)]

    def _product(self, node: t.Multiply) -> Cells:
        scalars = [self._only(factor) for factor in node.factors if factor.shape == t.SCALAR]
        whole = reduce(_times, map(self.cells, node.matrices)) if node.matrices else [["1"]]
        if not scalars:
            return whole
        scale = " * ".join(scalars)
        if not node.matrices:
            return [[f"({scale})"]]
        return [[f"({scale} * {x})" for x in row] for row in whole]

    def _power(self, base: t.Expression, exponent: int) -> Cells:
        if base.shape != t.SCALAR or exponent < 1:
            raise _unwritten(t.Power(base, exponent))
        return [[f"({' * '.join([self._only(base)] * exponent)})"]]

    def _constant(self, node: t.Identity | t.Ones | t.Zeros) -> Cells:
        rows, columns = self._shape(node)
        if isinstance(node, t.Identity):
            return [[str(int(i == j)) for j in range(columns)] for i in range(rows)]
        return [[str(int(isinstance(node, t.Ones)))] * columns for _ in range(rows)]

    def _entries(self, node: t.Expression) -> Cells:
        match node:
            case t.Entry(of=of, indices=(row, column)):
                return [[self.cells(of)[self._place(row)][self._place(column)]]]
            case t.Slice(of=of, row=row, column=column):
                kept = self.cells(of) if row == WHOLE else [self.cells(of)[self._place(row)]]
                return kept if column == WHOLE else [[line[self._place(column)]] for line in kept]
            case t.Total(indices=indices, body=body):
                ranges = [range(self.sizes[index.size]) for index in indices]
                inner = [
                    _Walk(self.sizes, {**self.at, **dict(zip((i.name for i in indices), places, strict=True))})
                    for places in cartesian(*ranges)
                ]
                return [[_sum([walk.cells(body)[0][0] for walk in inner])]]
        raise _unwritten(node)

    def _place(self, name: str) -> int:
        return 0 if name == ONLY else self.at[name]


def _number(value: Fraction) -> str:
    above, below = value.as_integer_ratio()
    return f"({above} / {below})" if below != 1 else f"({above})" if above < 0 else str(above)


def _unwritten(node: t.Expression) -> UnsupportedError:
    return UnsupportedError("a formula of sums and products", str(node), "draw what a theorem says it equals")


def _sum(terms: Sequence[str]) -> str:
    return terms[0] if len(terms) == 1 else f"({' + '.join(terms)})"


def _each(sign: str) -> Callable[[Cells, Cells], Cells]:
    def joined(one: Cells, other: Cells) -> Cells:
        return [[f"({x} {sign} {y})" for x, y in zip(r, s, strict=True)] for r, s in zip(one, other, strict=True)]

    return joined


def _times(one: Cells, other: Cells) -> Cells:
    columns = list(zip(*other, strict=True))
    return [[_sum([f"({x} * {y})" for x, y in zip(row, column, strict=True)]) for column in columns] for row in one]
