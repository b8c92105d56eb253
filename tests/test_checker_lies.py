"""Single functions of the kernel replaced by lies: what it then takes for proved, the exact checker rejects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import Any

import pytest
import sympy as sp

from symmix import Identity, Minimum, Nonnegative, Positivity, Theorem, Vanishing, checker, meaning, rates, theorem
from symmix.certifying import document
from symmix.deciding import components, consequence, frame, positivity, squares
from symmix.deciding.signs import Signs
from symmix.kernel.cofactors import Cofactors
from symmix.kernel.distributions import ScalarMoments
from symmix.kernel.networks import constant, zeros
from symmix.kernel.positivity import PositiveForm
from symmix.kernel.questions import Condition
from symmix.kernel.scalars import ONE, Polynomial
from symmix.language import Gradient, expectation
from symmix.search.squares import Square, Sum
from symmix.search.witnesses import begun
from symmix.terms import nodes as t
from symmix.verdict import Proved, Undecided

n = sp.Symbol("n", integer=True, positive=True)
x, y, z = (sp.MatrixSymbol(name, n, 1) for name in "xyz")
s, m1, m2, r = sp.symbols("s m1 m2 r", real=True)
tau = sp.Symbol("tau", positive=True)
G, tr = sp.MatrixSymbol("G", 2, 2), sp.Trace
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
        terms = [(powers, abs(Fraction(c))) for powers, c in polynomial.terms.items()]
        return PositiveForm(polynomial, Polynomial(terms), 0)

    patch.setattr(positivity, "find_positive_form", form)


def nobody_looks(patch: pytest.MonkeyPatch) -> None:
    """No point is found at which something fails: a lie about proofs comes to its end."""
    search: Any = vars(frame)["find_witness"]

    def found(question: Any, **rest: Any) -> Any:
        if question.fails != "!=" or (question.hypotheses and question.goals != (constant(1),)):
            return None
        return search(question, **rest)

    for module in (frame, positivity):
        patch.setattr(module, "find_witness", found)
    patch.setattr(positivity, "lowest_point", lambda _: None)


def takes_any_coefficient(patch: pytest.MonkeyPatch) -> None:
    nobody_looks(patch)
    patch.setattr(Signs, "holds", lambda *_, **__: True)


def needs_nothing_positive(patch: pytest.MonkeyPatch) -> None:
    nobody_looks(patch)
    patch.setattr(squares, "holds", lambda shown, _: bool(shown.squares))


def leaves_a_rest(patch: pytest.MonkeyPatch) -> None:
    """What is left beside the squares counts as a combination of the hypotheses."""
    nobody_looks(patch)
    patch.setattr(squares, "holds", lambda *_: True)
    honest: Any = vars(consequence)["find_cofactors"]

    def plainly(known: Any, goal: Any) -> Any:
        return replace(honest(zeros({}), known.hypotheses, known.units), goal=goal.expression)

    patch.setattr(consequence.Known, "plainly", plainly)
    patch.setattr(squares, "sum_of_given", lambda goal, _, roots: iter([Sum((Square(ONE, roots[0]),), ONE, goal)]))


def divides_by_anything(patch: pytest.MonkeyPatch) -> None:
    nobody_looks(patch)
    patch.setattr(consequence, "is_nonzero", lambda *_, **__: True)
    patch.setattr(document, "_factored", lambda factor, _: [(factor, 1)])


def finds_no_matrices(patch: pytest.MonkeyPatch) -> None:
    """No point is found at which something of a fixed size fails."""
    search: Any = vars(frame)["find_witness"]

    def found(question: Any, **rest: Any) -> Any:
        fixed = any(dim.isdigit() for e in question.expressions for dim in e.dims)
        return None if fixed else search(question, **rest)

    patch.setattr(frame, "find_witness", found)


def sees_no_component(patch: pytest.MonkeyPatch) -> None:
    """Of no component it is asked whether it vanishes."""
    finds_no_matrices(patch)
    patch.setattr(components, "components", lambda _: iter(()))


def sees_the_first_component(patch: pytest.MonkeyPatch) -> None:
    """What holds at the first place is taken for proved at all."""
    finds_no_matrices(patch)
    honest: Any = components.components
    patch.setattr(components, "components", lambda stated: islice(honest(stated), 1))


def looks_at_the_first_place(patch: pytest.MonkeyPatch) -> None:
    honest: Any = vars(meaning)["placed"]

    def placed(expression: Any, cut: Any) -> Any:
        return honest(expression, {slot: "0" if place.isdigit() else place for slot, place in cut.items()})

    patch.setattr(meaning, "placed", placed)


def doubles_rates(patch: pytest.MonkeyPatch) -> None:
    honest: Any = rates.partial
    patch.setattr(rates, "partial", lambda polynomial, name: honest(polynomial, name) * 2)


def always(owner: type, name: str) -> Lie:
    return lambda patch: patch.setattr(owner, name, lambda *_: True)


CLAIMS: dict[str, tuple[Lie, Any]] = {
    "a sum forgets a term": (lying(t.Add, forgets_a_term), Identity(x + y + z, x + y)),
    "a derivative is doubled": (lying(t.Gradient, doubles), Identity(Gradient((x.T * x)[0, 0], x), 4 * x)),
    "a trace is doubled": (lying(t.Trace, doubles), Identity(sp.Trace(x * y.T), 2 * (y.T * x)[0, 0])),
    "E r^2 is (E r)^2": (lying(t.Expectation, squares_the_mean), Identity(expectation(r**2, r, DRAWN), m1**2)),
    "cofactors that do not multiply out": (takes_any_hypothesis, Vanishing([y], where=[x])),
    "squares with coefficients of any sign": (takes_any_coefficient, Nonnegative(-sp.Trace(x.T * x))),
    "squares with a coefficient of unknown sign": (takes_any_coefficient, Nonnegative((tau - 1) * sp.Trace(x.T * x))),
    "a minimum with coefficients of any sign": (takes_any_coefficient, Minimum(-sp.Trace(x.T * x), {x: y}, [y])),
    "squares of which none is positive": (needs_nothing_positive, Positivity(sp.Trace(x.T * x), {})),
    "squares and a rest": (leaves_a_rest, Nonnegative(sp.Trace(x.T * x) - m1, squares=[x])),
    "a factor between eigenvalues": (divides_by_anything, Vanishing([x], where=[(s - r) * x])),
    "components that nobody looks at": (sees_no_component, Vanishing([G])),
    "the first of all components": (sees_the_first_component, Identity(tr(G) * G, G[0, 0] * G + G[1, 1] * G.T)),
    "another place": (looks_at_the_first_place, Identity(G[0, 1] + G[0, 0], 2 * G[0, 0])),
    "a derivative by a scalar, doubled": (doubles_rates, Identity(Gradient(s**2, s), 4 * s)),
    "a positive form of something else": (takes_any_sign, Positivity(s - 1, {s: (0, sp.oo)})),
}
NEAR_MISSES: dict[str, tuple[Lie, Any]] = {
    "a witness misses a hypothesis": (misses_a_hypothesis, Vanishing([s], where=[s * (s**2 + 1)])),
    "a witness misses a condition": (always(Condition, "holds"), Vanishing([s], where=[tau + 1])),
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
    begun.cache_clear()  # what an honest kernel found is forgotten
    outcome = proved(claim, misses)
    report = checker.check(outcome.certified)
    assert not report.accepted
    assert sum(not result.accepted for result in report.results) == 1
    assert outcome.disagreement == report.reason
    assert isinstance(outcome.verdict, Undecided)
