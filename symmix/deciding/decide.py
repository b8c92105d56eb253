"""One way to decide any statement."""

from __future__ import annotations

from symmix.deciding.equivalence import decide_equivalence
from symmix.deciding.explicit import Functional
from symmix.deciding.frame import Frame
from symmix.deciding.functions import decide_functional, lowered, restated
from symmix.deciding.identity import decide_identity, decide_vanishing
from symmix.deciding.implication import Hints
from symmix.deciding.positivity import decide_inequality
from symmix.errors import StatementError
from symmix.kernel.distributions import ScalarMoments
from symmix.kernel.scalars import ONE
from symmix.terms import statements as s
from symmix.terms.functions import speaks_of_functions
from symmix.verdict import Existence, Proved, Refuted, Undecided, Verdict

NO_HINTS = Hints()


def decide(statement: s.Statement, frame: Frame, hints: Hints = NO_HINTS) -> Verdict:
    """Return the verdict on a well-formed statement, with its evidence.

    Raises
    ------
    SymmixError
        Where, definitions unfolded, the statement has no meaning: see :mod:`symmix.meaning`.
    """
    if isinstance(statement, Functional) and speaks_of_functions(statement):
        return decide_functional(statement, frame, hints, decide)
    _require_possible_moments(statement, frame)
    match statement:
        case s.Identity():
            return decide_identity(statement, frame)
        case s.Vanishing():
            return decide_vanishing(statement, frame)
        case s.Equivalence():
            return decide_equivalence(statement, frame, hints)
        case s.Positivity() | s.Minimum():
            return decide_inequality(statement, frame, hints)
        case s.Fails(statement=inner):
            return _turned(decide(inner, frame, hints))


def _turned(verdict: Verdict) -> Verdict:
    """Turn a verdict round: the witness is the proof; what was proved of nothing refutes nothing."""
    match verdict:
        case Refuted(witness=witness) if witness is not None:
            return Proved((Existence(witness),), point=witness.model)
        case Proved(met=True) as verdict:
            return Refuted(None, verdict)
    return Undecided("a witness against the statement")


def require_news(claim: s.Statement, frame: Frame) -> None:
    """Refuse a claim that is, in normal form, its own hypothesis."""
    if speaks_of_functions(claim) and isinstance(claim, Functional):
        renamed = restated(claim, frame)
        if renamed is not None:
            raise StatementError("a claim that is not its own hypothesis", f"{renamed}", "claim what follows from it")
        claim, frame = lowered(claim, frame)
    match claim:
        case s.Identity(where=()) | s.Vanishing(where=()):
            return
        case s.Identity(left=left, right=right):
            goals = [frame.goal(left, right)]
        case s.Vanishing(expressions=expressions):
            goals = [frame.goal(expression) for expression in expressions]
        case _:
            return
    for stated in claim.where:
        given = frame.hypothesis(stated).expression
        if any(not goal.is_zero and given in (goal, -goal) for goal in goals):
            raise StatementError("a claim that is not its own hypothesis", f"{stated}", "claim what follows from it")


def _require_possible_moments(statement: s.Statement, frame: Frame) -> None:
    """Refuse moments that no distribution has, where they are numbers."""
    for moments in frame.moments(statement):
        if isinstance(moments, ScalarMoments) and (moments.is_impossible or _has_no_mean(moments, frame)):
            shown = ", ".join(f"E {moments.name}^{d} = {m}" for d, m in moments.moments.items())
            raise StatementError("moments that some distribution has", shown, "check them: E x^2 >= (E x)^2, and so on")


def _has_no_mean(moments: ScalarMoments, frame: Frame) -> bool:
    """Whether something that is positive has a mean, by moments that are numbers, that is not."""
    image = {0: ONE, **moments.moments}
    for condition in map(frame.condition, frame.setting.conditions):
        degrees = {dict(powers).get(moments.name, 0) for powers in condition.polynomial.terms}
        if condition.relation == ">" and degrees <= image.keys():
            mean = condition.polynomial.map_powers(moments.name, image)
            if not mean.names and mean.value({}) <= 0:
                return True
    return False
