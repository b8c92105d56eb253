"""Two systems of equations with the same solutions: cofactors both ways."""

from __future__ import annotations

from dataclasses import dataclass

from symmix.deciding.frame import Frame
from symmix.deciding.implication import Implication, Proof, Shown
from symmix.deciding.witnesses import described
from symmix.errors import StatementError
from symmix.kernel.arrays import Array
from symmix.kernel.networks import constant
from symmix.kernel.questions import Condition
from symmix.terms import statements as s
from symmix.verdict import BothDirections, Refuted, Undecided, Verdict


@dataclass(frozen=True)
class Hints:
    """What a user shows of an equivalence: a way to the left side, and one back."""

    forth: Shown | None = None
    back: Shown | None = None


def decide_equivalence(statement: s.Equivalence, frame: Frame, hints: Hints) -> Verdict:
    """Find and check the cofactors both ways, or a point where one side vanishes alone."""
    provided = tuple(frame.meaning.scalar(scalar) for scalar in statement.provided)
    for scalar, value in zip(statement.provided, provided, strict=True):
        if value.is_zero:
            raise StatementError("scalars that can differ from zero", f"{scalar}, which is 0", "leave it out")
    nonzero = [Condition(frame.meaning.same_sign(value), "!=") for value in provided]
    left, right = frame.hypotheses(statement.left), frame.hypotheses(statement.right)
    given = frame.hypotheses(statement.where)
    relations = frame.relations(statement)
    known = (*given, *relations.values())
    units = frame.units(statement, statement.provided)
    from_right = Implication(left, right, known, provided, scaled=False, units=units, meaning=frame.meaning)
    from_left = Implication(right, left, known, provided, scaled=True, units=units, meaning=frame.meaning)
    forward = from_right.by_hand(hints.forth) if hints.forth else from_right.searched()
    backward = from_left.by_hand(hints.back) if hints.back else _backward(from_left, forward)
    if forward is not None and backward is not None:
        factor = Array(constant(backward.factor))
        ways, names = (forward.ways, backward.ways), tuple(relations)
        evidence = BothDirections(*ways, factor, backward.squared, names, forward.squared)
        return frame.proved(evidence, statement, given, nonzero)
    open_ways = [] if backward is not None else [(right, left, statement.right)]
    open_ways += [] if forward is not None else [(left, right, statement.left)]
    for goals, sources, shown in open_ways:
        for goal, expression in zip(goals, shown, strict=True):
            model = frame.find([goal.expression], [*sources, *given], statement, nonzero)
            if model is not None:
                return Refuted(described(frame, model, {"value": expression}))
    return Undecided("cofactors in one direction, or a point where one side vanishes alone; see forth and back")


def _backward(implication: Implication, forward: Proof | None) -> Proof | None:
    found = implication.by_adjugate(forward.ways) if forward is not None else None
    return found or implication.searched()
