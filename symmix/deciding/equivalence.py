"""Two systems of equations with the same solutions: cofactors both ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from symmix.deciding.consequence import Known
from symmix.deciding.following import follow
from symmix.deciding.frame import Frame
from symmix.deciding.implication import Hints, Implication, Shown, Ways
from symmix.deciding.witnesses import described
from symmix.errors import StatementError
from symmix.kernel.cofactors import Hypothesis
from symmix.kernel.points import Model
from symmix.kernel.questions import Condition, Question
from symmix.search.combinations import Effort
from symmix.search.witnesses import find_witness
from symmix.terms import statements as s
from symmix.terms.nodes import Expression
from symmix.verdict import BothDirections, Refuted, Undecided, Verdict


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
    standing = (*given, *relations.values())
    known = frame.known(statement, standing, statement.provided, nonzero)

    def to(goals: tuple[Hypothesis, ...], sources: tuple[Hypothesis, ...], *, scaled: bool) -> _Way:
        question = frame.question([g.expression for g in goals], (*sources, *given), statement, nonzero)
        known_there = frame.known(statement, (*sources, *standing), statement.provided, nonzero)
        return _Way(Implication(goals, sources, known, provided, scaled, frame.meaning), known_there, question)

    to_left, to_right = to(left, right, scaled=False), to(right, left, scaled=True)
    forward = to_left.found(hints.forth)
    if isinstance(forward, Model):
        return _refuted(frame, to_left, forward, statement.left)
    backward = to_right.found(hints.back, forward)
    if isinstance(backward, Model):
        return _refuted(frame, to_right, backward, statement.right)
    if isinstance(forward, tuple) and isinstance(backward, tuple):
        return frame.proved(BothDirections(forward, backward, tuple(relations)), statement, given, nonzero)
    tried = ", ".join(str(way) for way in (forward, backward) if isinstance(way, Effort) and way.multiples)
    shown = f"; tried were {tried}" if tried else ""
    return Undecided(f"cofactors in one direction, or a point where one side vanishes alone; see forth and back{shown}")


@dataclass(frozen=True)
class _Way:
    """One direction: what it states, from what it may follow, and at which points it fails."""

    implication: Implication
    known: Known
    question: Question

    def found(self, shown: Shown | None, other: Ways | Effort | None = None) -> Ways | Model | Effort:
        """Return the cofactors: those shown by hand, by the adjugate of the other way's, or searched for."""
        if shown is not None:
            return self.implication.by_hand(shown) or self.fails() or Effort(0, 0, 0)
        turned = self.implication.by_adjugate(other) if isinstance(other, tuple) else None
        return turned or follow(self.implication.goals, self.known, self.fails)

    def fails(self, attempts: int | None = None) -> Model | None:
        """Look for a point at which some goal does not vanish."""
        return find_witness(self.question, attempts=attempts)


def _refuted(frame: Frame, way: _Way, model: Model, expressions: Sequence[Expression]) -> Refuted:
    """Describe the point at the first expression that does not vanish there."""
    pairs = zip(way.implication.goals, expressions, strict=True)
    failing = (e for goal, e in pairs if replace(way.question, goals=(goal.expression,)).answered_by(model))
    return Refuted(described(frame, model, {"value": next(failing, expressions[0])}))
