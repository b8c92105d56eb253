"""A kernel that lies is found out: whatever it calls proved, the second checker decides anew.

Each gate of the kernel is replaced by one that lets everything pass. Then false statements become "proved", and points
that show nothing become witnesses. A theorem that has a near miss of the catalogue as its claim has to be rejected by
the second checker, whichever lie it rests on.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from sympy import MatrixSymbol

from symmix.cli import main
from symmix.deciding.frame import Frame
from symmix.deciding.squares import Inequality
from symmix.kernel.cofactors import Cofactors, Hypothesis, over_samples
from symmix.kernel.networks import Expression, constant, zeros
from symmix.kernel.points import Model
from symmix.kernel.positivity import PositiveForm
from symmix.kernel.questions import Question
from symmix.kernel.scalars import ONE
from symmix.statements import Fails, Identity, Minimum, Positivity, Vanishing
from symmix.statements.base import Statement
from symmix.theorems import Outcome, Script, Theorem, theorem
from symmix.verdict import Proved, Square, SquareSum
from tests.catalogue import SCRIPTS

Lie = Callable[[pytest.MonkeyPatch], None]


def no_point(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """Nobody finds the point that would refute a false statement before it is lied about."""
    monkeypatch.setattr(f"symmix.deciding.{module}.find_witness", lambda *_, **__: None)


def no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """The normal form forgets every term."""
    no_point(monkeypatch, "layers")

    def goal(frame: Frame, *sides: object) -> Expression:
        return zeros(frame.array(sides[0]).expression.free)  # type: ignore[arg-type]

    monkeypatch.setattr(Frame, "goal", goal)


def no_cofactors(goal: Expression, hypotheses: tuple[Hypothesis, ...], units: frozenset[str]) -> Cofactors:
    """Return zero for each hypothesis, whatever the goal is."""
    given = tuple(hypotheses)
    slots = tuple(tuple(f"s{i}.{slot}" for slot in h.slots) for i, h in enumerate(given))
    factors = tuple(
        zeros(
            {
                **goal.free,
                **h.samples,
                **{name: h.expression.free[slot] for slot, name in zip(h.slots, names, strict=True)},
            }
        )
        for h, names in zip(given, slots, strict=True)
    )
    return Cofactors(goal, given, factors, slots, units)


def any_cofactors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cofactors are not multiplied out: none at all will do."""

    no_point(monkeypatch, "layers")
    for module in ("consequence", "implication"):
        monkeypatch.setattr(f"symmix.deciding.{module}.find_cofactors", no_cofactors)


def any_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every scalar has a form with positive coefficients, and is a sum of no squares, or of 1 if it is positive."""

    def shown(stated: Inequality, _: object) -> SquareSum:
        goal, given = over_samples(stated.goal, stated.known.hypotheses)
        squares = (Square((), constant(1)),) if stated.strict else ()
        return SquareSum(squares, (), no_cofactors(goal, given, stated.known.units))

    no_point(monkeypatch, "positivity")
    monkeypatch.setattr("symmix.deciding.positivity._least", lambda _: None)
    monkeypatch.setattr("symmix.deciding.positivity.find_positive_form", lambda q, _: PositiveForm(q, ONE, 0))
    monkeypatch.setattr(Inequality, "searched", lambda *stated: iter([shown(*stated)]))


def any_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """A witness need not meet anything: zeros, at size 2."""

    def found(question: Question, **_: object) -> Model:
        dims = question.dims.union(*(e.dims for e in question.expressions))
        tensors = frozenset().union(*(e.tensors for e in question.expressions))
        scalars = {name: Fraction(1, 2) for name in question.scalars - dims}
        entries = {t: dict.fromkeys([(0,) * len(t.dims)], Fraction(0)) for t in tensors}
        point = Model(dict.fromkeys(dims, 2), scalars, entries, dict.fromkeys(question.samples, 0))
        return question.completed(point) or point

    for module in ("frame", "equivalence", "layers"):
        monkeypatch.setattr(f"symmix.deciding.{module}.find_witness", found)


def turned_round(script: Script, false: dict[str, Statement], true: dict[str, Statement]) -> Outcome:
    """Decide a theorem with false claims and true near misses, in the setting of a theorem of the catalogue."""
    stated = script.theorem

    @theorem(answers="can a lie pass?")
    def turned() -> Theorem:
        """It cannot."""
        return Theorem(
            claim=false,
            near_misses=true,
            definitions=stated.definitions,
            conditions=stated.conditions,
            indices=stated.indices,
        )

    return turned.prove()


def lies_about(statement: Statement) -> list[Lie]:
    """Return the lies that make a false statement of this kind pass."""
    match statement:
        case Identity(where=where):
            return [no_difference] if not where else [any_cofactors, no_difference]
        case Vanishing():
            return [any_cofactors, no_difference]
        case Positivity() | Minimum():
            return [any_form]
    return []


CASES = [
    pytest.param(script, slip, lie, id=f"{name}-{slip}-{lie.__name__}")
    for name, script in SCRIPTS.items()
    for slip, miss in script.theorem.near_misses.items()
    for lie in lies_about(miss)
]


@pytest.mark.parametrize(("script", "slip", "lie"), CASES)
def test_a_false_claim_that_the_kernel_lets_pass_is_rejected(
    script: Script, slip: str, lie: Lie, monkeypatch: pytest.MonkeyPatch
) -> None:
    false = script.theorem.near_misses[slip]
    any_point(monkeypatch)
    lie(monkeypatch)
    found = turned_round(script, {"false": false}, {"true": Fails(false)})
    assert isinstance(found.claims["false"], Proved)
    assert found.disagreement
    assert found.verdict.word == "undecided"


HOLDING = {
    name: {
        slip: miss
        for slip, miss in script.theorem.near_misses.items()
        if isinstance(miss, Identity) and not miss.where and miss.left.has(MatrixSymbol)
    }
    for name, script in SCRIPTS.items()
}


@pytest.mark.parametrize("name", [name for name, holding in HOLDING.items() if holding])
def test_a_witness_that_shows_nothing_is_rejected(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every point is taken for a witness, near misses are "refuted" at zeros, where most of them hold.

    Nothing else is claimed: what takes more than one look to be proved would be "refuted" there, too, and not checked.
    """
    misses = HOLDING[name]
    any_point(monkeypatch)
    found = turned_round(SCRIPTS[name], {slip: Fails(miss) for slip, miss in misses.items()}, {**misses})
    assert all(isinstance(verdict, Proved) for verdict in found.claims.values())
    assert found.disagreement
    assert found.verdict.word == "undecided"


def test_a_disagreement_is_printed_as_a_defect_with_an_exit_code_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "symmix.certifying.document.point_data", lambda *_: {"sizes": {}, "scalars": {}, "entries": {}, "at": {}}
    )
    assert main(["prove", "-k", "gradient_has_four_terms"]) == 3
    out, err = capsys.readouterr()
    assert "UNDECIDED gradient_has_four_terms" in out
    assert "DEFECT gradient_has_four_terms: kernel: proved; second checker: near miss" in err
