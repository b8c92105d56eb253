"""Two systems of equations with the same solutions: cofactors both ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from symmix.errors import StatementError
from symmix.kernel.calculus import Template, leibniz, substitute
from symmix.kernel.membership import Cofactors, find_cofactors
from symmix.kernel.networks import Expression, constant, delta, ones, zeros
from symmix.kernel.scalars import ONE, ZERO, Polynomial
from symmix.kernel.witness import Condition
from symmix.language import Array
from symmix.language.array import COLUMN, ROW
from symmix.setting import Setting
from symmix.statements.base import Expressions, some
from symmix.verdict import BothDirections, Proved, Refuted, Undecided, Verdict


@dataclass(frozen=True)
class _Back:
    ways: tuple[Cofactors, ...]
    factor: Array
    squared: bool


@dataclass(frozen=True)
class Equivalence:
    """``left`` all vanish if and only if ``right`` all vanish, given that ``provided`` (scalars) do not.

    The way from right to left is searched. The way back is found where the left expressions are scalar combinations
    of the right ones (then by the adjugate matrix). Otherwise ``back`` has to show it: it receives one symbol for
    each left expression and returns, for each right expression B, either a combination that equals
    ``factor * B`` (the factor being the product of ``provided``), or a scalar that equals ``factor * |B|^2``.
    ``where`` holds in both directions.
    """

    left: Expressions
    right: Expressions
    provided: Expressions = ()
    back: Callable[..., Sequence[sp.Basic]] | None = None
    where: Expressions = ()

    def decide(self, setting: Setting) -> Verdict:
        """Find and check the cofactors both ways, or a point where one side vanishes alone."""
        setting = setting.for_one_statement()
        for scalar in self.provided:
            if setting.scalar(scalar).is_zero:
                raise StatementError("scalars that can differ from zero", f"{scalar}, which is 0", "leave it out")
        left = setting.hypotheses(some(self.left, "Equivalence"))
        right = setting.hypotheses(some(self.right, "Equivalence"))
        given = setting.hypotheses(self.where)
        forward = [find_cofactors(e, (*right, *given), setting.units) for e in left]
        if all(found is not None for found in forward):
            ways = tuple(found for found in forward if found is not None)
            back = self._by_adjugate(ways, left, right, setting) or self._by_hand(left, right, given, setting)
            if back is not None:
                return Proved((BothDirections(ways, back.ways, back.factor, back.squared),))
        return self._refute(left, right, given, setting)

    def _refute(
        self,
        left: Sequence[Expression],
        right: Sequence[Expression],
        given: Sequence[Expression],
        setting: Setting,
    ) -> Verdict:
        nonzero = [Condition(setting.scalar(s), "!=") for s in self.provided]
        for goals, hypotheses, shown in ((left, right, self.left), (right, left, self.right)):
            for goal, expression in zip(goals, shown, strict=True):
                sides = {"value": expression}
                witness = setting.find_witness([goal], [*hypotheses, *given], sides, nonzero)
                if witness is not None:
                    return Refuted(witness)
        return Undecided("cofactors in one direction, or a point where one side vanishes alone; see the option back")

    def _by_adjugate(
        self,
        forward: Sequence[Cofactors],
        left: Sequence[Expression],
        right: Sequence[Expression],
        setting: Setting,
    ) -> _Back | None:
        rows = [[_as_multiple(f.factors[j], f.goal, f.slots[j]) for j in range(len(right))] for f in forward]
        matrix = [[entry for entry in row if entry is not None] for row in rows]
        if len(left) != len(right) or any(len(row) != len(right) for row in matrix):
            return None
        adjugate, determinant = _adjugate(matrix)
        if not _is_unit(determinant, [setting.scalar(s) for s in self.provided]):
            return None
        ways = []
        for j, goal in enumerate(right):
            slots = [_slots(e, f"left {i}") for i, e in enumerate(left)]
            factors = [_identity(goal, s) * adjugate[j][i] for i, s in enumerate(slots)]
            ways.append(Cofactors(goal * determinant, tuple(left), tuple(factors), tuple(slots)))
        factor = Array(constant(determinant))
        return _Back(tuple(ways), factor, squared=False) if all(way.holds for way in ways) else None

    def _by_hand(
        self,
        left: Sequence[Expression],
        right: Sequence[Expression],
        given: Sequence[Expression],
        setting: Setting,
    ) -> _Back | None:
        if self.back is None:
            tried = [find_cofactors(e, (*left, *given), setting.units) for e in right]
            found = tuple(way for way in tried if way is not None)
            return _Back(found, Array(constant(1)), squared=False) if len(found) == len(right) else None
        markers = [_marker(number, e, setting) for number, e in enumerate(self.left)]
        shown = self.back(*markers)
        if len(shown) != len(right):
            raise StatementError(
                f"one combination for each of the {len(right)} right expressions",
                f"{len(shown)} from the option back",
                "return a sequence as long as right",
            )
        factor = ONE
        for scalar in self.provided:
            factor = factor * setting.scalar(scalar)
        ways, squared = [], False
        for combination, goal in zip(shown, right, strict=True):
            array = setting.read(combination)
            target = goal * factor
            if array.expression.free != goal.free:
                if array.expression.free:
                    raise StatementError(
                        f"a combination of the shape of the right side, free over {dict(goal.free)}, or a scalar",
                        f"{combination} of shape {array.shape} from the option back",
                        "return what equals the factor times the right side, or times its square",
                    )
                target, squared = (goal * goal).sum(*goal.free) * factor, True
            way = _linear_in(array.expression, markers, left, target, setting)
            if way is None or not way.holds:
                return None
            ways.append(way)
        return _Back(tuple(ways), Array(constant(factor)), squared)


# -- the way back ---


def _as_multiple(factor: Expression, goal: Expression, slots: Sequence[str]) -> Polynomial | None:
    """Return q if the cofactor is q times the identity between the goal's indices and the slots."""
    if len(slots) != len(goal.free):
        return None
    if any(factor.free[slot] != dim for slot, dim in zip(slots, goal.free.values(), strict=True)):
        return None
    (product,) = _identity(goal, slots).terms
    if factor.terms.keys() <= {product}:
        return factor.terms.get(product, ZERO)
    return None


def _slots(expression: Expression, label: str) -> tuple[str, ...]:
    return tuple(f"{label}.{index}" for index in expression.free)


def _identity(goal: Expression, slots: Sequence[str]) -> Expression:
    unit = ones()
    for (index, dim), slot in zip(goal.free.items(), slots, strict=True):
        unit = unit * delta(index, slot, dim)
    return unit


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


def _is_unit(determinant: Polynomial, provided: Sequence[Polynomial]) -> bool:
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


def _marker(number: int, expression: sp.Basic, setting: Setting) -> sp.Basic:
    array = setting.read(expression)
    rows, columns = (
        sp.S.One if size is None else setting.language.symbols[size] for size in (array.rows, array.columns)
    )
    return sp.MatrixSymbol(f"left {number}", rows, columns)


def _linear_in(
    combination: Expression,
    markers: Sequence[sp.Basic],
    left: Sequence[Expression],
    target: Expression,
    setting: Setting,
) -> Cofactors | None:
    """Read cofactors off a combination of marker symbols; every term must hold one, or it proves nothing."""
    tensors = [setting.language.tensor(marker) for marker in markers]
    nothing = [
        Template(t, e_slots, zeros(e.free)) for t, e, e_slots in zip(tensors, left, map(_axes, left), strict=True)
    ]
    if not substitute(combination, nothing).is_zero:
        return None
    factors, slots = [], []
    for number, (tensor, expression) in enumerate(zip(tensors, left, strict=True)):
        names = _slots(expression, f"left {number}")
        unit = ones()
        for index, name, dim in zip(_axes(expression), names, tensor.dims, strict=True):
            unit = unit * delta(index, name, dim)
        factors.append(leibniz(combination, [Template(tensor, _axes(expression), unit)]))
        slots.append(names)
    if any(f.tensors & set(tensors) for f in factors):
        return None
    return Cofactors(target, tuple(left), tuple(factors), tuple(slots))


def _axes(expression: Expression) -> tuple[str, ...]:
    """Return the free indices in the order of a matrix symbol's slots."""
    return tuple(index for index in (ROW, COLUMN) if index in expression.free)
