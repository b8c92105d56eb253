"""Why all of some expressions vanish where all of others do: searched, shown by hand, or by the adjugate matrix.

Every way returns cofactors that have been multiplied out and compared; where they come from does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod

import sympy as sp

from symmix.errors import StatementError
from symmix.kernel.calculus import Template, leibniz, substitute
from symmix.kernel.membership import Cofactors, find_cofactors
from symmix.kernel.networks import Expression, delta, ones, zeros
from symmix.kernel.scalars import ONE, ZERO, Polynomial
from symmix.language.array import COLUMN, ROW
from symmix.setting import Setting
from symmix.statements.base import Expressions

Combine = Callable[..., Sequence[sp.Basic]]


@dataclass(frozen=True)
class Proof:
    """Cofactors of ``factor`` times each goal, or times its square."""

    ways: tuple[Cofactors, ...]
    factor: Polynomial = ONE
    squared: bool = False


@dataclass(frozen=True)
class Implication:
    """All ``goals`` vanish where all ``sources`` and all ``given`` do, if no ``provided`` scalar does.

    If ``scaled``, what a user shows equals the product of ``provided`` times each goal.
    """

    goals: tuple[Expression, ...]
    sources: tuple[Expression, ...]
    given: tuple[Expression, ...]
    provided: tuple[Polynomial, ...]
    scaled: bool
    setting: Setting

    @property
    def units(self) -> frozenset[str]:
        """The scalars that may be divided by."""
        return self.setting.units.union(*(q.names for q in self.provided if len(q.terms) == 1))

    def searched(self) -> Proof | None:
        """Let the kernel find cofactors."""
        found = [find_cofactors(goal, (*self.sources, *self.given), self.units) for goal in self.goals]
        ways = tuple(way for way in found if way is not None)
        return Proof(ways) if len(ways) == len(self.goals) else None

    def by_hand(self, shown_sources: Expressions, combine: Combine) -> Proof | None:
        """Check the combinations that a user gives, in symbols that stand for the sources.

        Raises
        ------
        StatementError
            If there is not one combination for each goal.
        """
        markers = [_marker(number, source, self.setting) for number, source in enumerate(shown_sources)]
        combinations = combine(*markers)
        if len(combinations) != len(self.goals):
            raise StatementError(
                f"one combination for each of the {len(self.goals)} expressions that are to vanish",
                f"{len(combinations)} of them",
                "return as many as there are expressions on that side",
            )
        factor = prod(self.provided, start=ONE) if self.scaled else ONE
        ways, squared = [], False
        for combination, goal in zip(combinations, self.goals, strict=True):
            read = self._read(combination)
            target = goal * factor
            if read.free != goal.free:
                if read.free:
                    raise StatementError(
                        f"a combination over the indices {dict(goal.free)} of what is to vanish, or a scalar",
                        f"{combination}, over {dict(read.free)}",
                        "return what equals the factor times that expression, or times its square",
                    )
                target, squared = (goal * goal).sum(*goal.free) * factor, True
            way = self._cofactors(read, markers, target)
            if way is None:
                return None
            ways.append(way)
        return Proof(tuple(ways), factor, squared)

    def _read(self, combination: sp.Basic) -> Expression:
        """Read what a user shows; what that divides by has to be known not to vanish, it is no new assumption."""
        assumed = set(self.setting.language.nonzero)
        expression = self.setting.read(combination).expression
        self.setting.language.nonzero = assumed
        return expression

    def _cofactors(self, combination: Expression, markers: Sequence[sp.Basic], target: Expression) -> Cofactors | None:
        """Read cofactors off a combination of marker symbols; every term must hold one, or it proves nothing."""
        tensors = [self.setting.language.tensor(marker) for marker in markers]
        pairs = list(zip(tensors, self.sources, strict=True))
        if not substitute(combination, [Template(t, _axes(e), zeros(e.free)) for t, e in pairs]).is_zero:
            return None
        factors, all_slots = [], []
        for number, (tensor, source) in enumerate(pairs):
            slots = _slots(source, number)
            slot_of = dict(zip(source.free, slots, strict=True))
            unit = ones()
            for index, dim in zip(_axes(source), tensor.dims, strict=True):
                unit = unit * delta(index, slot_of[index], dim)
            factors.append(leibniz(combination, [Template(tensor, _axes(source), unit)]))
            all_slots.append(slots)
        if any(f.tensors & set(tensors) for f in factors):
            return None
        return self._completed(Cofactors(target, self.sources, tuple(factors), tuple(all_slots), self.units))

    def by_adjugate(self, forward: Sequence[Cofactors]) -> Proof | None:
        """Invert a scalar matrix: the sources are combinations of the goals, with determinant not zero.

        ``forward`` holds the cofactors of the sources in terms of the goals (and of what is given).
        """
        count = range(len(self.goals))
        rows = [[_as_multiple(way.factors[j], way.goal, way.slots[j]) for j in count] for way in forward]
        matrix = [[entry for entry in row if entry is not None] for row in rows]
        if len(forward) != len(self.goals) or any(len(row) != len(self.goals) for row in matrix):
            return None
        adjugate, determinant = _adjugate(matrix)
        if not _is_product(determinant, self.provided):
            return None
        slots = [_slots(source, number) for number, source in enumerate(self.sources)]
        ways = []
        for j, goal in enumerate(self.goals):
            factors = tuple(_identity(goal, s) * adjugate[j][i] for i, s in enumerate(slots))
            way = Cofactors(goal * determinant, self.sources, factors, tuple(slots), self.units)
            ways.append(self._completed(way))
        found = tuple(way for way in ways if way is not None)
        return Proof(found, determinant) if len(found) == len(ways) else None

    def _completed(self, way: Cofactors) -> Cofactors | None:
        """Add what the given hypotheses contribute, and check the whole."""
        rest = way.goal - way.multiplied_out()
        if not rest.is_zero and self.given:
            found = find_cofactors(rest, self.given, self.units)
            if found is None:
                return None
            way = replace(
                way,
                hypotheses=way.hypotheses + found.hypotheses,
                factors=way.factors + found.factors,
                slots=way.slots + found.slots,
            )
        return way if way.holds else None


def _marker(number: int, expression: sp.Basic, setting: Setting) -> sp.Basic:
    """Return a symbol that stands for an expression, of its shape."""
    array = setting.read(expression)
    rows, columns = (
        sp.S.One if size is None else setting.language.symbols[size] for size in (array.rows, array.columns)
    )
    return sp.MatrixSymbol(f"#{number} {rows} x {columns}", rows, columns)


def _axes(expression: Expression) -> tuple[str, ...]:
    """Return the free indices in the order of a matrix symbol's slots."""
    return tuple(index for index in (ROW, COLUMN) if index in expression.free)


def _slots(expression: Expression, number: int) -> tuple[str, ...]:
    return tuple(f"#{number}.{index}" for index in expression.free)


def _identity(goal: Expression, slots: Sequence[str]) -> Expression:
    unit = ones()
    for (index, dim), slot in zip(goal.free.items(), slots, strict=True):
        unit = unit * delta(index, slot, dim)
    return unit


def _as_multiple(factor: Expression, goal: Expression, slots: Sequence[str]) -> Polynomial | None:
    """Return q if the cofactor is q times the identity between the goal's indices and the slots."""
    if len(slots) != len(goal.free):
        return None
    if any(factor.free[slot] != dim for slot, dim in zip(slots, goal.free.values(), strict=True)):
        return None
    (product,) = _identity(goal, slots).terms
    return factor.terms.get(product, ZERO) if factor.terms.keys() <= {product} else None


# -- scalar matrices ---


def _adjugate(matrix: Sequence[Sequence[Polynomial]]) -> tuple[list[list[Polynomial]], Polynomial]:
    size = range(len(matrix))
    minors = [[_determinant(_without(matrix, i, j)) * (-1) ** (i + j) for j in size] for i in size]
    return [[minors[i][j] for i in size] for j in size], _determinant(matrix)


def _without(matrix: Sequence[Sequence[Polynomial]], row: int, column: int) -> list[list[Polynomial]]:
    return [[q for j, q in enumerate(line) if j != column] for i, line in enumerate(matrix) if i != row]


def _determinant(matrix: Sequence[Sequence[Polynomial]]) -> Polynomial:
    if not matrix:
        return ONE
    total = ZERO
    for column, value in enumerate(matrix[0]):
        total = total + value * _determinant(_without(matrix, 0, column)) * (-1) ** column
    return total


def _is_product(determinant: Polynomial, provided: Sequence[Polynomial]) -> bool:
    """Whether the determinant is, up to a non-zero number, a product of what is provided not to vanish."""
    candidates = [ONE]
    for q in provided:
        candidates = [c * q**power for c in candidates for power in range(3)]
    for candidate in candidates:
        for powers, coefficient in list(candidate.terms.items())[:1]:
            scale = determinant.terms.get(powers, Fraction(0)) / coefficient
            if scale and candidate * scale == determinant:
                return True
    return False
