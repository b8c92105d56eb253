"""Identities, and expressions that vanish where others do."""

from __future__ import annotations

from symmix.deciding.frame import Frame
from symmix.deciding.witnesses import described
from symmix.kernel.cofactors import Hypothesis
from symmix.search.cofactors import find_cofactors
from symmix.terms import statements as s
from symmix.terms.nodes import Expression as Tree
from symmix.verdict import Membership, NormalForm, Refuted, Undecided, Verdict, all_of

NO_COFACTORS = "cofactors: the hypotheses do not rewrite it to zero, and no point was found at which it fails"
Sides = dict[str, Tree]


def decide_identity(statement: s.Identity, frame: Frame) -> Verdict:
    """Compare normal forms; under hypotheses, find cofactors of the difference."""
    sides = {"left": statement.left, "right": statement.right}
    hypotheses = frame.hypotheses(statement.where)
    if frame.goal(statement.left, statement.right).is_zero:
        return frame.proved(NormalForm(frame.array(statement.left)), statement, hypotheses)
    return _follows(sides, hypotheses, statement, frame)


def decide_vanishing(statement: s.Vanishing, frame: Frame) -> Verdict:
    """Find cofactors of each expression, or a point where the hypotheses hold and it does not vanish."""
    hypotheses = frame.hypotheses(statement.where)
    return all_of([_follows({"value": e}, hypotheses, statement, frame) for e in statement.expressions])


def _follows(
    sides: Sides, hypotheses: tuple[Hypothesis, ...], statement: s.Identity | s.Vanishing, frame: Frame
) -> Verdict:
    """Decide whether the difference of the sides (or the only one) vanishes where the hypotheses hold."""
    goal = frame.goal(*sides.values())
    relations = frame.relations(statement)
    found = find_cofactors(goal, (*hypotheses, *relations.values()), frame.units(statement))
    if found is not None:
        evidence = Membership(tuple(sides.values()), statement.where, found, tuple(relations))
        return frame.proved(evidence, statement, hypotheses)
    model = frame.find([goal], hypotheses, statement)
    return Refuted(described(frame, model, sides)) if model is not None else Undecided(NO_COFACTORS)
