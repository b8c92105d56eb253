"""Single functions of the kernel replaced by lies: what it then takes for proved, the exact checker rejects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from symmix import Identity, Positivity, Theorem, Vanishing, checker, meaning, theorem
from symmix.deciding import consequence, frame, positivity
from symmix.kernel.cofactors import Cofactors
from symmix.kernel.distributions import ScalarMoments
from symmix.kernel.positivity import PositiveForm
from symmix.kernel.questions import Condition
from symmix.kernel.scalars import Polynomial
from symmix.language import Gradient, expectation
from symmix.terms import nodes as t
from symmix.verdict import Proved, Undecided

n = sp.Symbol("n", integer=True, positive=True)
x, y, z = (sp.MatrixSymbol(name, n, 1) for name in "xyz")
s, m1, m2, r = sp.symbols("s m1 m2 r", real=True)
tau = sp.Symbol("tau", positive=True)
TRUE = {"scaling distributes": Identity(s * (x + y), s * x + s * y)}
FALSE = {"a sign": Identity(x + y, x - y)}
DRAWN = {1: m1, 2: m2}
Lie = Callable[[pytest.MonkeyPatch], None]


def lying(kind: type, read: Callable[[Callable[..., Any], Any, Any], Any]) -> Lie:
    """Return a lie about what nodes of a kind mean."""
    honest = meaning._MEANINGS[kind]
    return lambda patch: patch.setitem(meaning._MEANINGS, kind, lambda *parts: read(honest, *parts))


def forgets_a_term(honest: Any, reader: Any, node: Any) -> Any:
    return honest(reader, t.Add(node.terms[:2]))


def doubles(honest: Any, reader: Any, node: Any) -> Any:
    found = honest(reader, node)
    return replace(found, expression=found.expression * 2)


def squares_the_mean(honest: Any, reader: Any, node: Any) -> Any:
    first, *_ = node.moments
    squared = t.Moment(2, first.indices, t.Multiply((first.value, first.value)))
    return honest(reader, replace(node, moments=(first, squared)))


def takes_any_hypothesis(patch: pytest.MonkeyPatch) -> None:
    """The cofactors of a hypothesis are handed out as those of whatever was asked for."""
    honest: Any = vars(consequence)["find_cofactors"]

    def find(goal: Any, hypotheses: Any, units: Any) -> Any:
        found = honest(hypotheses[0].expression if hypotheses else goal, hypotheses, units)
        return found and replace(found, goal=goal)

    patch.setattr(consequence, "find_cofactors", find)

    def no_witness(question: Any, **rest: Any) -> Any:
        wanted = question.hypotheses and any(goal.tensors for goal in question.goals)
        return None if wanted else search(question, **rest)

    search: Any = vars(frame)["find_witness"]
    patch.setattr(Cofactors, "multiplied_out", lambda self: self.goal)
    patch.setattr(frame, "find_witness", no_witness)


def misses_a_hypothesis(patch: pytest.MonkeyPatch) -> None:
    honest: Any = vars(frame)["find_witness"]

    def without(question: Any, **rest: Any) -> Any:
        return honest(replace(question, hypotheses=()), **rest)

    patch.setattr(frame, "find_witness", without)


def takes_any_sign(patch: pytest.MonkeyPatch) -> None:
    def form(polynomial: Polynomial, _: object) -> PositiveForm:
        terms = [(powers, abs(c)) for powers, c in polynomial.terms.items()]
        return PositiveForm(polynomial, Polynomial(terms), 0)

    patch.setattr(positivity, "find_positive_form", form)


def always(owner: type, name: str) -> Lie:
    return lambda patch: patch.setattr(owner, name, lambda *_: True)


CLAIMS: dict[str, tuple[Lie, Any]] = {
    "a sum forgets a term": (lying(t.Add, forgets_a_term), Identity(x + y + z, x + y)),
    "a derivative is doubled": (lying(t.Gradient, doubles), Identity(Gradient((x.T * x)[0, 0], x), 4 * x)),
    "a trace is doubled": (lying(t.Trace, doubles), Identity(sp.Trace(x * y.T), 2 * (y.T * x)[0, 0])),
    "E r^2 is (E r)^2": (lying(t.Expectation, squares_the_mean), Identity(expectation(r**2, r, DRAWN), m1**2)),
    "cofactors that do not multiply out": (takes_any_hypothesis, Vanishing([y], where=[x])),
    "a positive form of something else": (takes_any_sign, Positivity(s - 1, {s: (0, sp.oo)})),
}
NEAR_MISSES: dict[str, tuple[Lie, Any]] = {
    "a witness misses a hypothesis": (misses_a_hypothesis, Vanishing([s], where=[s * (s**2 + 1)])),
    "a witness misses a condition": (always(Condition, "holds"), Identity(tau, sp.Integer(1), where=[tau**2 - 1])),
    "a witness has moments that none has": (
        always(ScalarMoments, "realizable"),
        Identity(expectation(r, r, DRAWN), sp.Integer(0), where=[expectation(r**2, r, DRAWN)]),
    ),
}


def proved(claim: Any, near_misses: Any) -> Any:
    """Return the outcome of a theorem."""

    @theorem(answers="a question")
    def small() -> Theorem:
        """State something."""
        return Theorem(claim=claim, near_misses=near_misses)

    return small.prove()


def test_without_a_lie_there_is_a_proof_that_is_accepted() -> None:
    outcome = proved(TRUE, FALSE)
    assert isinstance(outcome.verdict, Proved)
    assert not outcome.disagreement
    assert checker.check(outcome.certified).accepted


@pytest.mark.parametrize("name", [*CLAIMS, *NEAR_MISSES])
def test_what_a_lie_proves_is_rejected(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lie, stated = CLAIMS.get(name) or NEAR_MISSES[name]
    claim, misses = ({"false": stated}, FALSE) if name in CLAIMS else (TRUE, {"true": stated})
    assert not proved(claim, misses).certified  # an honest kernel finds no proof
    lie(monkeypatch)
    outcome = proved(claim, misses)
    report = checker.check(outcome.certified)
    assert not report.accepted
    assert sum(not result.accepted for result in report.results) == 1
    assert outcome.disagreement == report.reason
    assert isinstance(outcome.verdict, Undecided)
