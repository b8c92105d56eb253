"""Identities, and expressions that vanish where others do."""

from __future__ import annotations

from symmix.deciding.components import by_components
from symmix.deciding.following import at_first, at_length
from symmix.deciding.frame import Frame
from symmix.deciding.layers import decide_in_layers
from symmix.deciding.witnesses import described
from symmix.kernel.arrays import COLUMN, ROW
from symmix.kernel.cofactors import Hypothesis
from symmix.kernel.points import Model
from symmix.search.combinations import Effort
from symmix.terms import statements as s
from symmix.terms.nodes import Expression as Tree
from symmix.verdict import Components, Finite, Membership, NormalForm, Refuted, Undecided, Verdict, Way, all_of

Sides = dict[str, Tree]


def decide_identity(statement: s.Identity, frame: Frame) -> Verdict:
    """Compare normal forms; under hypotheses, find cofactors of the difference."""
    sides = {"left": statement.left, "right": statement.right}
    layered = decide_in_layers(sides, statement, frame)
    if layered is not None:
        return layered
    hypotheses = frame.hypotheses(statement.where)
    if frame.goal(statement.left, statement.right).is_zero:
        return frame.proved(NormalForm(frame.array(statement.left)), statement, hypotheses)
    return _follows(sides, hypotheses, statement, frame)


def decide_vanishing(statement: s.Vanishing, frame: Frame) -> Verdict:
    """Find cofactors of each expression, or a point where the hypotheses hold and it does not vanish."""
    hypotheses = frame.hypotheses(statement.where)
    found: list[Verdict] = []
    for expression in statement.expressions:
        verdict = decide_in_layers({"value": expression}, statement, frame)
        if verdict is None and any(isinstance(other, Refuted) for other in found):
            frame.array(expression)  # the whole is refuted; what has no meaning is refused all the same
            continue
        found.append(_follows({"value": expression}, hypotheses, statement, frame) if verdict is None else verdict)
    return all_of(found)


def _follows(
    sides: Sides, hypotheses: tuple[Hypothesis, ...], statement: s.Identity | s.Vanishing, frame: Frame
) -> Verdict:
    """Decide whether the difference of the sides (or the only one) vanishes where the hypotheses hold."""
    goal = frame.goal(*sides.values())
    relations = frame.relations(statement)
    known = frame.known(statement, (*hypotheses, *relations.values()))
    whole = Hypothesis(goal, tuple(index for index in (ROW, COLUMN) if index in goal.free))

    def fails(attempts: int | None) -> Model | None:
        return frame.find([goal], hypotheses, statement, attempts=attempts)

    found: list[Way | None] | tuple[Way, ...] | Model | Effort = at_first([whole], known, fails)
    finite = by_components(whole, known) if found == [None] else ""
    if isinstance(finite, Finite):
        components = Components(tuple(sides.values()), statement.where, finite, tuple(relations))
        return frame.proved(components, statement, hypotheses)
    if isinstance(found, list):
        found = at_length([whole], known, fails, found)
    match found:
        case Model():
            return Refuted(described(frame, found, sides))
        case Effort():
            also = f"; and {finite}" if finite else ""
            return Undecided(f"cofactors, and a point at which it fails: tried were {found}{also}")
    (way,) = found
    evidence = Membership(tuple(sides.values()), statement.where, way, tuple(relations))
    return frame.proved(evidence, statement, hypotheses)
