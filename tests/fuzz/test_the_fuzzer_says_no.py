"""A check that never says no proves nothing: deciders that lie are caught, in each of the ways in which one can lie."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest
import sympy as sp

from symmix.language import Gradient, Jacobian, expectation
from tests.fuzz.campaign import run
from tests.fuzz.claims import Claim
from tests.fuzz.judge import Answer, judged

n, d = sp.symbols("n d", integer=True, positive=True)
i = sp.Symbol("i", integer=True)
a, b, m1, m2, xi = sp.symbols("a b m1 m2 xi", real=True)
tau = sp.Symbol("tau", positive=True)
A, J = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("J", n, d)
v, w, theta = sp.MatrixSymbol("v", n, 1), sp.MatrixSymbol("w", n, 1), sp.MatrixSymbol("theta", d, 1)
PROVED = Answer("proved")


def identity(left: Any, right: Any, **setting: Any) -> Claim:
    return Claim("by hand", "identity", left, right, **setting)


def complaint(claim: Claim, answer: Answer) -> str:
    return judged(claim, answer, Random(1))


FALSE = {
    "an order": identity(A * A.T, A.T * A),
    "a sign": identity(Gradient(sp.Trace(v.T * A * v), v), A * v - A.T * v),
    "no brackets": Claim("by hand", "vanishing", A * A.T - A.T * A),
    "no brackets, two ways": Claim("by hand", "equivalence", v, w, solutions=(((v, sp.ZeroMatrix(n, 1)),),)),
    "one sample": Claim(
        "by hand", "vanishing", [(A * v)[i, 0]], where=[v[i, 0]], indices={i: n}, solutions=(((v[i, 0], 0),),)
    ),
    "a delta": identity(sp.Sum(sp.KroneckerDelta(i, n), (i, 0, n - 1)), sp.S.One),
    "a range": Claim("by hand", "positivity", a - sp.Rational(1, 2), ranges={a: (0, 1)}),
    "a form": Claim("by hand", "nonnegative", sp.Trace(v.T * A * v)),
    "a form where something holds": Claim(
        "by hand", "nonnegative", sp.Trace(v.T * w), where=[w + A * v], solutions=(((w, -A * v),),)
    ),
    "a minimum": Claim("by hand", "minimum", sp.Trace(v.T * v), [v, w]),
    "a definition": identity(Gradient(sp.Trace(w.T * w), v), 2 * w, definitions={w: A * v}),
    "a condition": Claim(
        "by hand", "vanishing", [v], where=[a * v], conditions=(a >= 0,), solutions=(((a, sp.S.Zero),),)
    ),
    "a capture": identity(
        sp.Sum(
            expectation(w[i, 0] * sp.Trace(sp.OneMatrix(1, n) * v), v, {1: sp.Lambda((i,), w[i, 0])}), (i, 0, n - 1)
        ),
        n * sp.Sum(w[i, 0] ** 2, (i, 0, n - 1)),
    ),
    "namesakes": identity(sp.Symbol("a", real=True), sp.Symbol("a", positive=True)),
}


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_must_not_be_proved(name: str) -> None:
    assert "false at" in complaint(FALSE[name], PROVED)


REFUSED = {
    "a quotient in a mean": identity(expectation(1 / (1 + xi), xi, {1: m1}), 1 / (1 + m1)),
    "a defined quotient in a mean": identity(expectation(b, xi, {1: m1}), b, definitions={b: a / xi}),
    "nothing depends on it": identity(Gradient(sp.Trace(v.T * v), theta), sp.ZeroMatrix(d, 1)),
    "a Jacobian held constant": identity(
        Jacobian(Gradient(sp.Trace(v.T * v) / 2, theta, {v: J}), theta, {v: J}), J.T * J
    ),
    "two bases": identity(sp.Sum(v[i, 0], (i, 1, n)), sp.Sum(v[i, 0], (i, 0, n - 1))),
    "moments of no distribution": identity(
        expectation((xi - 1) ** 2, xi, {1: sp.S.One, 2: sp.S.Zero}), sp.S.NegativeOne
    ),
    "moment 0": identity(expectation(xi + 1, xi, {0: sp.Integer(2), 1: m1}), m1 + 2),
    "no commuting": identity(*(x * y for x, y in [sp.symbols("P Q", commutative=False)] * 2)),
    "a float": identity(a * sp.Float(0.5), a / 2),
    "infinity": identity(sp.Add(a, sp.oo, evaluate=False), sp.oo),
    "a relation": identity(sp.Eq(a, b), sp.Eq(a, b)),
    "text": identity("a", a),
    "an imaginary symbol": identity(sp.Symbol("t", imaginary=True), a),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("word", ["proved", "refuted"])
def test_what_has_no_meaning_must_not_be_decided(name: str, word: str) -> None:
    assert complaint(REFUSED[name], Answer(word))
    assert not complaint(REFUSED[name], Answer("refused"))


def test_a_true_statement_must_not_be_refuted() -> None:
    claim = identity(sp.Trace(A * A.T), sp.Trace(A.T * A))
    entries = {"A": ((Fraction(1), Fraction(2)), (Fraction(0), Fraction(1)))}
    assert "is true" in complaint(claim, Answer("refuted", sizes={"n": 2}, entries=entries))
    assert "is true" in complaint(claim, Answer("refuted"))  # a witness that says nothing


def test_a_witness_meets_assumptions_conditions_hypotheses_and_moments() -> None:
    one, minus = {"tau": Fraction(1)}, {"tau": Fraction(-1)}
    squared = identity(tau, sp.S.One, where=[tau**2 - 1])
    assert "assumes" in complaint(squared, Answer("refuted", scalars=minus))
    assert "is true" in complaint(squared, Answer("refuted", scalars=one))
    assert "hypothesis" in complaint(squared, Answer("refuted", scalars={"tau": Fraction(2)}))
    conditioned = identity(a, sp.S.Zero, conditions=(a < 1,))
    assert "condition" in complaint(conditioned, Answer("refuted", scalars={"a": Fraction(2)}))
    assert not complaint(conditioned, Answer("refuted", scalars={"a": Fraction(1, 2)}))
    mean = Claim(
        "by hand",
        "vanishing",
        [expectation(xi, xi, {1: m1})],
        where=[expectation(xi**2, xi, {1: m1, 2: m2})],
    )
    assert "no distribution" in complaint(mean, Answer("refuted", scalars={"m1": Fraction(1), "m2": Fraction(0)}))


def test_a_witness_reports_what_is_so() -> None:
    claim = identity(a, b)
    true = Answer("refuted", scalars={"a": Fraction(1), "b": Fraction(2)})
    assert not complaint(claim, replace(true, values={"left": ((Fraction(1),),), "right": ((Fraction(2),),)}))
    assert "left side" in complaint(claim, replace(true, values={"left": ((Fraction(3),),)}))
    assert "is true" in complaint(claim, replace(true, scalars={"a": Fraction(2), "b": Fraction(2)}))
    defined = replace(claim, left=sp.Trace(v.T * v), definitions={w: 2 * v}, right=sp.Trace(w.T * v))
    one = ((Fraction(1),),)
    there = Answer("refuted", sizes={"n": 1}, entries={"v": one, "w": ((Fraction(2),),)})
    assert not complaint(defined, there)
    assert "as defined" in complaint(defined, replace(there, entries={"v": one, "w": one}))


def test_a_sample_is_read_off_the_witness() -> None:
    claim = Claim("by hand", "vanishing", [v[i, 0]], indices={i: n})
    there = Answer("refuted", sizes={"n": 2}, entries={"v": ((Fraction(0),), (Fraction(1),))}, at={"i": 1})
    assert not complaint(claim, there)
    assert "is true" in complaint(claim, replace(there, at={"i": 0}))


def test_denials_are_turned_round() -> None:
    true, false = identity(a + b, b + a + 0 * v[0, 0], denied=True), identity(a, b, denied=True)
    assert complaint(true, Answer("proved", scalars={"a": Fraction(1), "b": Fraction(2)}))
    assert not complaint(true, Answer("refuted"))
    assert complaint(false, Answer("refuted"))
    assert not complaint(false, Answer("proved", scalars={"a": Fraction(1), "b": Fraction(2)}))


def test_what_follows_from_a_contradiction_is_perhaps_proved_of_nothing() -> None:
    claim = Claim("by hand", "vanishing", [v], where=[a, a - 1], empty=True)
    assert complaint(claim, PROVED)
    assert not complaint(claim, replace(PROVED, met=False))
    assert complaint(replace(claim, denied=True), Answer("refuted"))


def test_crashes_and_hangs_are_findings_and_refusals_are_not() -> None:
    claim = identity(a, b)
    assert complaint(claim, Answer("crash", detail="TypeError"))
    assert complaint(claim, Answer("late"))
    assert not complaint(claim, Answer("refused"))
    assert not complaint(claim, Answer("undecided"))


@pytest.mark.slow
def test_a_decider_that_always_says_proved_is_caught_by_every_kind() -> None:
    tally = run(lambda _: PROVED, 1100, 5)
    caught = {finding.claim.family for finding in tally.findings}
    assert {family for family, _ in tally.words} - caught <= {"bases"}, "a kind that is never false"
    assert len(tally.findings) > 300


@pytest.mark.slow
def test_a_decider_that_always_says_refuted_is_caught_by_every_kind() -> None:
    tally = run(lambda _: Answer("refuted"), 1100, 6)
    caught = {finding.claim.family for finding in tally.findings}
    assert not {family for family, _ in tally.words} - caught


def test_a_decider_that_always_refuses_is_seen() -> None:
    tally = run(lambda _: Answer("refused"), 200, 7)
    assert not tally.findings
    assert len(tally.refused) > tally.plain * 0.9
