"""A symbol that a claim averages over, and that stands outside of these averages, too: there it has a value."""

from __future__ import annotations

import json

import pytest
import sympy as sp

from symmix import Fails, Identity, Nonnegative, Setting, Theorem, Vanishing, theorem
from symmix.checker import check
from symmix.language import expectation
from symmix.statements import Statement
from symmix.verdict import Proved, Refuted, Undecided, Verdict

a, b, lam, mu = sp.symbols("a b lam mu", real=True)
HALF = {1: sp.Rational(1, 2), 2: sp.Rational(1, 3)}
MEAN, SQUARE = expectation(lam, lam, HALF), expectation(lam**2, lam, HALF)
UNIT = [lam >= 0, lam <= 1]


def decided(claim: Statement, conditions: list[sp.Basic] | None = None) -> Verdict:
    return claim.decide(Setting(conditions=conditions or []))


@pytest.mark.parametrize(
    "claim",
    [
        Identity(expectation(lam * a, lam, HALF), lam * a),  # the average forgotten on one side
        Vanishing([MEAN - lam]),
        Nonnegative(MEAN * a**2 - lam * a**2),
        Identity(expectation((lam - mu) ** 2, lam, HALF), (lam - mu) ** 2),
    ],
    ids=str,
)
def test_an_average_that_is_forgotten_on_one_side_is_refuted(claim: Statement) -> None:
    for conditions in ([], UNIT):
        assert isinstance(decided(claim, conditions), Refuted)
        assert isinstance(decided(Fails(claim), conditions), Proved)


def test_what_is_averaged_over_has_a_value_elsewhere_on_its_range_alone() -> None:
    assert isinstance(decided(Identity(lam * MEAN, lam / 2)), Proved)
    inside = Nonnegative(lam - lam**2 + a**2 * MEAN)  # for lam in [0, 1]
    assert isinstance(decided(inside), Refuted)
    assert not isinstance(decided(inside, UNIT), Refuted)
    beyond = decided(Nonnegative(lam - MEAN), UNIT)
    assert isinstance(beyond, Refuted)
    assert beyond.witness is not None
    assert 0 <= beyond.witness.scalars["lam"] < sp.Rational(1, 2)
    below = [*UNIT, lam < mu]
    assert not isinstance(decided(Nonnegative(mu - lam + 0 * MEAN + a**2 * MEAN), below), Refuted)


def test_moments_have_to_be_possible_whatever_value_stands_elsewhere() -> None:
    m = sp.Symbol("m", real=True)
    claim = Identity(expectation(lam, lam, {1: m}) + lam, m)
    found = decided(claim, UNIT)
    assert isinstance(found, Refuted)
    assert found.witness is not None
    assert 0 <= found.witness.scalars["m"] <= 1
    impossible = Nonnegative(m - 1 + lam - lam, [])  # no mean in [0, 1] is larger
    assert isinstance(decided(Nonnegative(1 - expectation(lam, lam, {1: m}) + a**2, []), UNIT), Proved | Undecided)
    assert isinstance(decided(impossible, UNIT), Refuted)


@theorem(answers="may a symbol be averaged over and stand elsewhere, too?")
def a_value_times_its_mean() -> Theorem:
    """lam E lam = lam/2."""
    return Theorem(
        claim=Identity(lam * MEAN, lam / 2),
        conditions=UNIT,
        near_misses={
            "the mean forgotten": Identity(lam * MEAN, lam**2),
            "the value forgotten": Identity(lam * MEAN, MEAN**2),
            "the square's": Identity(lam * SQUARE, lam / 2),
        },
    )


def test_both_deciders_and_numbers_agree_on_it() -> None:
    outcome = a_value_times_its_mean.prove()
    assert isinstance(outcome.verdict, Proved), (outcome.verdict, outcome.disagreement)
    certificate = json.loads(outcome.certificate())
    assert check(certificate).accepted
    assert a_value_times_its_mean.confirm().agrees
    spoiled = json.dumps(certificate).replace('"lam": "', '"lam": "7')  # a value outside of the range
    assert spoiled != json.dumps(certificate)
    assert not check(json.loads(spoiled)).accepted


# -- random vectors and matrices ---

n = sp.Symbol("n", integer=True, positive=True)
i, j, k, m = sp.symbols("i j k m", integer=True)
g, v, w = (sp.MatrixSymbol(name, n, 1) for name in "gvw")
G = sp.MatrixSymbol("G", n, n)
ALIKE = sp.KroneckerDelta(i, k)
OF_A_VECTOR = {
    "the second moment alone": {2: sp.Lambda((i, k), ALIKE)},
    "a scale": {2: sp.Lambda((i, k), b**2 * ALIKE)},
    "a scale that may be negative": {2: sp.Lambda((i, k), b * ALIKE)},
    "mean zero": {1: sp.Lambda((i,), 0), 2: sp.Lambda((i, k), ALIKE)},
    "a mean": {1: sp.Lambda((i,), w[i, 0]), 2: sp.Lambda((i, k), ALIKE + w[i, 0] * w[k, 0])},
}


@pytest.mark.parametrize("given", OF_A_VECTOR)
@pytest.mark.parametrize("factor", [2, -1, sp.Rational(1, 2)])
def test_both_deciders_know_the_moments_of_a_random_vector(given: str, factor: sp.Expr) -> None:
    """Wrong claims are refuted at n = 1, where one number is drawn, whose mean may be open."""
    moments = OF_A_VECTOR[given]
    square = expectation(v.T * g * g.T * v, g, moments)
    right = {"a scale": b**2, "a scale that may be negative": b}.get(given, 1) * v.T * v
    right += (v.T * w) * (w.T * v) if given == "a mean" else sp.ZeroMatrix(1, 1)

    @theorem(answers="what a random vector's second moment is")
    def second() -> Theorem:
        """The second moment along v."""
        return Theorem(Identity(square, right), {"a factor": Identity(square, factor * right)})

    found = second.prove()
    assert not found.disagreement
    assert isinstance(found.verdict, Proved)


@pytest.mark.parametrize("scale", [sp.Integer(1), b**2])
def test_both_deciders_know_the_moments_of_a_random_matrix(scale: sp.Expr) -> None:
    moments = {2: sp.Lambda((i, j, k, m), scale * ALIKE * sp.KroneckerDelta(j, m))}
    mean = expectation(v.T * G * w * w.T * G.T * v, G, moments)
    right = scale * (v.T * v) * (w.T * w)

    @theorem(answers="what the second moment of independent entries is")
    def second() -> Theorem:
        """Independent entries of one variance."""
        return Theorem(Identity(mean, right), {"a factor": Identity(mean, 2 * right)})

    found = second.prove()
    assert not found.disagreement
    assert isinstance(found.verdict, Proved)
