"""One statement, decided by the kernel and by the second checker: where they disagree, the defect is ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symmix.certifying import Decided, certificate
from symmix.checker import MAX_WORK, Report, check
from symmix.checking.effort import LINE_WORK, STEP_WORK, too_much
from symmix.deciding import Frame, Hints, Shown, decide
from symmix.errors import SymmixError
from symmix.kernel.points import evaluate
from symmix.metering import TooMuchWork, allowed, spend
from symmix.printing.wording import PERHAPS_OF_NOTHING
from symmix.reading import Because
from symmix.reading.context import Context
from symmix.reading.told import NOTHING_SHOWN
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.documents import require_theorem
from symmix.terms.meanings import Scope
from symmix.terms.wellformed import require_well_formed
from symmix.verdict import Existence, Proved, Refuted, Undecided, Verdict

_TOO_MUCH = "a smaller statement: this one takes more work than is allowed; define parts of it, or check less at once"
_SAYS: Mapping[type[Verdict], str] = {Proved: "proved", Refuted: "refuted"}
_UNMET = f"a point at which the hypotheses hold: it is {PERHAPS_OF_NOTHING}"


def hints_of(because: Because) -> Hints:
    """Return what a text shows of why a statement holds."""
    forth, back = (None if way is None else Shown(*way) for way in (because.left, because.right))
    return Hints(forth, back, because.squares)


@dataclass(frozen=True)
class Judged:
    """A verdict with the frame that it was reached in; ``disagreement`` is what the second checker says against it."""

    verdict: Verdict
    frame: Frame
    disagreement: str = ""

    @property
    def is_proved(self) -> bool:
        """Whether both deciders say so."""
        return isinstance(self.verdict, Proved) and not self.disagreement


def judged(statement: s.Statement, context: Context, because: Because = NOTHING_SHOWN) -> Judged:
    """Decide a statement in a context, with what is shown of why it holds.

    Raises
    ------
    SymmixError
        If it has no meaning there.
    """
    theorem = context.theorem(statement)
    frame = Frame.of(theorem.setting, require_theorem(theorem).names)
    effort = too_much(theorem)
    if effort is not None:
        size = f"up to {effort.terms} terms of {effort.degree} factors"
        return Judged(Undecided(f"a smaller statement: multiplied out, this one has {size}; define parts of it"), frame)
    try:
        with allowed(STEP_WORK):
            spend(LINE_WORK)
            verdict = decide(statement, frame, hints_of(because))
    except TooMuchWork:
        return Judged(Undecided(_TOO_MUCH), frame)
    if isinstance(verdict, Proved) and not verdict.met:
        return Judged(Undecided(_UNMET), frame)
    report = _second(theorem, frame, verdict)
    if report is None or report.accepted:
        return Judged(verdict, frame)
    if report.work >= MAX_WORK:
        return Judged(
            Undecided(f"the second checker, for which this is too much: the first one says {_SAYS[type(verdict)]}"),
            frame,
        )
    return Judged(verdict, frame, report.reason)


def may_hold(left: t.Expression, right: t.Expression, refuted: Judged) -> bool:
    """Whether two sides agree at the point that refutes another pair of sides: if not, there is nothing to prove.

    Raises
    ------
    SymmixError
        If their shapes do not fit.
    """
    witness = refuted.verdict.witness if isinstance(refuted.verdict, Refuted) else None
    frame = refuted.frame
    require_well_formed(right, Scope(frame.names, dict(frame.names.free)))
    goal = frame.goal(left, right)
    if witness is None or goal.is_zero:
        return True
    known = {*witness.model.scalars, *witness.model.sizes, *(tensor.name for tensor in witness.model.entries)}
    if not {*goal.dims, *goal.scalars, *(tensor.name for tensor in goal.tensors)} <= known:
        return True
    return not any(evaluate(goal, witness.model).values())


def _second(theorem: s.Theorem, frame: Frame, verdict: Verdict) -> Report | None:
    """Return what the second checker says; a refutation it gets as the statement that there is a witness."""
    (_, claim), *_ = theorem.claims
    if isinstance(verdict, Refuted) and verdict.witness is not None and not isinstance(claim, s.Fails):
        denied = s.Theorem(theorem.name, theorem.setting, (("", s.Fails(claim)),), (), ())
        theorem, verdict = denied, Proved((Existence(verdict.witness),), (), verdict.witness.model)
    elif not isinstance(verdict, Proved):
        return None
    try:
        return check(certificate(Decided(theorem, frame, [verdict], (), ()), {}))
    except SymmixError as error:
        return Report("", "", accepted=False, reason=error.arrived)
