"""The oracle: SymPy with explicit components in the place of every symbol, and the same points for the kernel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix.components import occurring
from symmix.components.cells import Cells
from symmix.components.evaluation import Evaluation
from symmix.kernel.arrays import COLUMN, ROW, Array, tensor
from symmix.kernel.points import Model, evaluate
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
        value = Evaluation(values, self.definitions).of(expression)
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
        reciprocals = {name: 1 / Fraction(plain.scalar(q)) for name, q in meaning.reciprocals.items()}
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


def _exact(value: Any) -> Any:
    """Return a number as SymPy's polynomials take it, a matrix or array of them likewise; expressions stay."""
    if isinstance(value, sp.MatrixBase):
        return Cells([[_exact(x) for x in row] for row in value.tolist()])
    if isinstance(value, Mapping):
        return {place: _exact(x) for place, x in value.items()}
    number = sp.S(value)
    return sp.QQ(int(number.p), int(number.q)) if isinstance(number, sp.Rational) else number


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


def assert_same_value(setting: Setting, expression: sp.Basic, point: Point) -> None:
    """Compare SymPy's explicit value of an expression with the kernel's."""
    assert point.decided(setting, expression) == point.explicit(expression)
