"""Points for statements: drawn, solved so that hypotheses hold, or taken from a witness, all without the kernel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from random import Random
from typing import Any

import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix.components import occurring
from symmix.notation import lookup
from symmix.theorems import Theorem
from symmix.verdict import Rows, Witness
from tests.oracle import Point, Sizes

RATIOS = [
    sp.Rational(top, below) for below in (3, 5, 7) for top in range(-2 * below, 2 * below) if top % below
]  # no corner


@dataclass(frozen=True)
class Ground:
    """A theorem at given sizes: draws points at which its conditions, and the legend's, hold."""

    theorem: Theorem
    sizes: Sizes
    known: Sequence[Mapping[sp.Basic, sp.ImmutableMatrix]] = ()  # values that meet what is not affine

    @property
    def definitions(self) -> Mapping[sp.Basic, sp.Basic]:
        return self.theorem.definitions

    def drawn(self, expressions: Iterable[sp.Basic], seed: int = 0, provided: Sequence[sp.Basic] = ()) -> Point:
        """Return a point for all symbols of the expressions; the scalars ``provided`` are not zero there."""
        conditions = list(self.theorem.conditions)
        everything = [*expressions, *provided, *conditions]
        for name in occurring(everything, self.definitions):
            conditions += _domain(name)
        point = Point.drawn(self.sizes, *everything, *conditions, seed=seed, definitions=self.definitions)
        random = Random(seed)
        for _ in range(1000):
            scalars = dict(zip(point.scalars, random.sample(RATIOS, len(point.scalars)), strict=True))
            point = replace(point, scalars=scalars)
            if all(holds(relation, point) for relation in conditions) and not any(
                vanishes(point, [s]) for s in provided
            ):
                return point
        raise AssertionError(f"no scalars satisfy {conditions}")

    def on(
        self,
        hypotheses: Sequence[sp.Basic],
        expressions: Iterable[sp.Basic],
        provided: Sequence[sp.Basic] = (),
        enough: int = 2,
    ) -> Iterator[Point]:
        """Run through points at which the hypotheses hold: each solved for other symbols in which they are affine."""
        expressions = [*expressions, *hypotheses]
        if not hypotheses:
            yield self.drawn(expressions, 1, provided)
            return
        seen: list[frozenset[sp.Basic]] = []
        found = 0
        candidates = [s for s in occurring(hypotheses, self.definitions) if isinstance(s, sp.MatrixSymbol)]
        for seed, lead in enumerate(candidates):
            point = self.drawn(expressions, seed, provided)
            others = sorted(set(candidates) - {lead}, key=lambda s: (lead.shape != s.shape, str(s)))
            unknown = _affine_block(point, hypotheses, [lead, *others])
            if frozenset(unknown) in seen:
                continue
            seen.append(frozenset(unknown))
            solved = _solved(point, hypotheses, unknown, Random(seed))
            if solved is not None:
                yield solved
                found += 1
            if found == enough:
                return
        for values in self.known:
            drawn = self.drawn(expressions, found, provided)
            matrices = {s: values.get(s, x) for s, x in drawn.matrices.items()}
            scalars = {s: values[s][0] if s in values else x for s, x in drawn.scalars.items()}
            known = replace(drawn, matrices=matrices, scalars=scalars)
            if vanishes(known, hypotheses) and not any(vanishes(known, [s]) for s in provided):
                yield known
                found += 1
            if found == enough:
                return

    def at(self, witness: Witness, expressions: Sequence[sp.Basic]) -> Point:
        """Return a witness as a point; what it leaves open, and so says not to matter, is drawn."""
        known: dict[str, Any] = {**witness.sizes, **witness.scalars}
        sizes = {s: int(known[str(s)]) if str(s) in known else 1 for s in self.sizes}
        point = Point.drawn(sizes, *expressions, definitions=self.definitions)
        scalars = {s: _exact(known[str(s)]) if str(s) in known else x for s, x in point.scalars.items()}
        matrices = {s: _matrix(witness, s, x) for s, x in point.matrices.items()}
        arrays = {s: _array(witness, s, x, sizes) for s, x in point.arrays.items()}
        at = {index: witness.at.get(str(index), 0) for index in self.theorem.indices}
        point = replace(point, scalars=scalars, matrices=matrices, arrays=arrays, at=at)
        for symbol in self.definitions:
            if str(symbol) in witness.entries and _is_plain(symbol, self.definitions):
                assert point.explicit(symbol) == rational(witness.entries[str(symbol)]), f"{symbol} at the witness"
        return point


def everywhere(point: Point, theorem: Theorem, expressions: Iterable[sp.Basic]) -> Iterator[Point]:
    """Run through the values of the free sample indices: a statement holds for each of them."""
    names = set().union(*(e.free_symbols for e in expressions))
    free = {index: int(size.subs(point.sizes)) for index, size in theorem.indices.items() if index in names}
    for values in product(*(range(size) for size in free.values())):
        yield replace(point, at=dict(zip(free, values, strict=True)))


def holds(relation: sp.Rel, point: Point) -> bool:
    """Say whether a relation between scalars holds at a point."""
    left, right = (point.explicit(side)[0] for side in (relation.lhs, relation.rhs))
    return bool(relation.func(left, right))


def rational(rows: Rows) -> sp.ImmutableMatrix:
    """Return the fractions of a witness as SymPy's."""
    return sp.ImmutableMatrix([[_exact(x) for x in row] for row in rows])


def vanishes(point: Point, expressions: Iterable[sp.Basic]) -> bool:
    """Say whether all expressions are exactly zero at a point."""
    return not any(any(point.explicit(expression)) for expression in expressions)


def _exact(x: Any) -> sp.Rational:
    return sp.Rational(x.numerator, x.denominator)


def _domain(scalar: sp.Basic) -> tuple[sp.Basic, ...]:
    entry = lookup(str(scalar))
    return entry.domain if entry is not None and entry.symbol == scalar else ()


def _is_plain(symbol: sp.Basic, definitions: Mapping[sp.Basic, sp.Basic]) -> bool:
    return isinstance(symbol, sp.MatrixSymbol | sp.Symbol) and symbol in definitions


def _matrix(witness: Witness, symbol: sp.MatrixSymbol, otherwise: sp.ImmutableMatrix) -> sp.ImmutableMatrix:
    if str(symbol) not in witness.entries:
        return otherwise
    value = rational(witness.entries[str(symbol)])
    if symbol.shape[0] == 1 and value.shape != otherwise.shape:
        value = value.T  # a tensor of one axis is told as a column
    assert value.shape == otherwise.shape, symbol
    return value


def _array(witness: Witness, symbol: ArraySymbol, otherwise: Any, sizes: Sizes) -> Any:
    name = str(symbol)
    if name not in witness.entries:
        return otherwise
    rows = witness.entries[name]
    shape = [int(sp.S(size).subs(sizes)) for size in symbol.shape]
    table = {}
    for place in otherwise:
        column = 0
        for size, index in zip(shape[1:], place[1:], strict=True):
            column = column * size + index
        table[place] = _exact(rows[place[0]][column])
    return table


def _moved(point: Point, block: Sequence[sp.MatrixSymbol], by: Sequence[int], times: int = 1) -> Point:
    """Return the point with the entries of some symbols, one after the other, moved by multiples of whole numbers."""
    steps, matrices = list(by), dict(point.matrices)
    for symbol in block:
        rows, columns = matrices[symbol].shape
        taken, steps = steps[: rows * columns], steps[rows * columns :]
        matrices[symbol] += times * sp.ImmutableMatrix(rows, columns, taken)
    return replace(point, matrices=matrices)


def _size(point: Point, block: Sequence[sp.MatrixSymbol]) -> int:
    return sum(len(point.matrices[s]) for s in block)


def _values(point: Point, expressions: Iterable[sp.Basic]) -> sp.Matrix:
    return sp.Matrix([x for expression in expressions for x in point.explicit(expression)])


def _affine_block(
    point: Point, hypotheses: Sequence[sp.Basic], candidates: Sequence[sp.MatrixSymbol]
) -> list[sp.MatrixSymbol]:
    """Return symbols in which, together, every hypothesis is affine: second differences along a line are zero.

    A line where that is so by chance does no harm: what is solved for is checked.
    """
    random = Random(len(candidates))
    at = _values(point, hypotheses)
    block: list[sp.MatrixSymbol] = []
    for symbol in candidates:
        if _size(point, block) > len(at):
            break
        line = [random.randint(1, 9) for _ in range(_size(point, [*block, symbol]))]
        first, second = (_values(_moved(point, [*block, symbol], line, times), hypotheses) for times in (1, 2))
        if second - 2 * first + at == sp.zeros(*at.shape):
            block.append(symbol)
    return block


def _solved(
    point: Point, hypotheses: Sequence[sp.Basic], unknown: Sequence[sp.MatrixSymbol], random: Random
) -> Point | None:
    """Return the point with the unknown symbols changed so that the hypotheses hold, or None if they cannot."""
    count = _size(point, unknown)
    at = _values(point, hypotheses)
    units = [[int(i == j) for j in range(count)] for i in range(count)]
    slopes = [_values(_moved(point, unknown, unit), hypotheses) - at for unit in units]
    if not slopes:
        return None
    names = sp.symbols(f"x:{count}")
    solutions = sp.linsolve((sp.Matrix.hstack(*slopes), -at), *names)
    if solutions == sp.S.EmptySet:
        return None
    (solution,) = solutions
    free = {x: random.choice([-2, -1, 1, 2, 3]) for x in names}
    result = _moved(point, unknown, [x.subs(free) for x in solution])
    return result if vanishes(result, hypotheses) else None
