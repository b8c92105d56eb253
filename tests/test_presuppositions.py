"""What a statement takes for granted holds at each witness, also where it cancels, and proves nothing where it fails"""

from __future__ import annotations

import pytest
import sympy as sp

from symmix import Equivalence, Fails, Identity, Positivity, Setting, Theorem, Vanishing, theorem
from symmix.errors import NotationError, StatementError, SymmixError
from symmix.language import At, ForAll, Gradient, Jacobian, expectation, inverse, quotient
from symmix.statements import Statement
from symmix.theorems import Outcome
from symmix.verdict import Proved

n, p, m_ = sp.symbols("n p m_", integer=True, positive=True)
A, X = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("X", n, n)
u, v, w = (sp.MatrixSymbol(name, n, 1) for name in "uvw")
z, th, J = sp.MatrixSymbol("z", n, 1), sp.MatrixSymbol("theta", p, 1), sp.MatrixSymbol("J", n, p)
K = sp.MatrixSymbol("K", p, n)
lam, m, m2, s, x, c = sp.symbols("lam m m2 s x c", real=True)
f, g = sp.symbols("f g", integer=True)
B, ZERO = inverse(A), sp.ZeroMatrix(n, 1)


def proved(claim: Statement, **setting: object) -> Outcome:
    @theorem(answers="a question")
    def stated() -> Theorem:
        """Something is so."""
        return Theorem(claim=claim, near_misses={"no": Identity(u, 2 * u)}, **setting)  # type: ignore[arg-type]

    return stated.prove()


CANCELLED = [
    v + B * (u + w) - B * u - B * w,
    v + At(sp.Trace(u.T * B * u) * w, {u: ZERO}),
    v + Gradient(sp.Trace(B) + sp.Trace(X.T * X) / 2, X) * w - X * w,
    v + expectation(x * B * u, x, {1: sp.Integer(0)}),
]


@pytest.mark.parametrize("expression", CANCELLED, ids=str)
def test_an_inverse_that_cancels_is_assumed_to_exist(expression: sp.Basic) -> None:
    """Where A v = 0 and A has an inverse, v = 0: at A = 0 nothing is said."""
    assert Vanishing([expression], where=[A * v]).decide(Setting()).word != "refuted"
    assert Fails(Vanishing([expression], where=[A * v])).decide(Setting()).word != "proved"
    assert Vanishing([v], where=[A * v]).decide(Setting()).word == "refuted"


@pytest.mark.parametrize("definition", [B * u, quotient(u, s)], ids=["an inverse", "a quotient"])
def test_what_a_definition_takes_for_granted_is_so_throughout(definition: sp.Basic) -> None:
    for hypothesis in (A * v, s * v):
        uses = hypothesis.has(A) == definition.has(A)
        word = Vanishing([v], where=[hypothesis]).decide(Setting({w: definition})).word
        assert (word == "refuted") is not uses


@pytest.mark.parametrize(
    ("claim", "setting"),
    [
        (
            Identity(
                inverse(sp.ZeroMatrix(n, n)) * (u + w),
                inverse(sp.ZeroMatrix(n, n)) * u + inverse(sp.ZeroMatrix(n, n)) * w,
            ),
            {},
        ),
        (Identity(X * (u + w), X * u + X * w), {"definitions": {A: inverse(sp.ZeroMatrix(n, n))}}),
        (Positivity(x, {x: (0, sp.oo)}), {"conditions": [x < 0]}),
        (Positivity(sp.Symbol("q", integer=True), {sp.Symbol("q", integer=True): (0, 1)}), {}),
        (Identity(X * (u + w), X * u + X * w), {"conditions": [s > 1, s < 0]}),
    ],
    ids=["no inverse", "none in a definition", "an empty range", "no whole number", "contradiction"],
)
def test_what_holds_of_nothing_makes_no_theorem(claim: Statement, setting: dict[str, object]) -> None:
    found = proved(claim, **setting)
    verdict = found.claims[""]
    assert isinstance(verdict, Proved)
    assert not verdict.met
    assert "perhaps of nothing" in getattr(found.verdict, "missing", "")


def test_moments_in_a_condition_are_those_of_a_distribution() -> None:
    ratio = [lam >= 0, lam <= 1]
    claim = Positivity(m2 - m**2 + sp.Rational(1, 100), {m: (0, 1), m2: (0, 1)})
    mean = expectation(lam**2, lam, {1: m, 2: m2})
    assert claim.decide(Setting(conditions=[mean > 0, *ratio])).word != "refuted"
    assert claim.decide(Setting(conditions=ratio)).word == "refuted"


def test_a_random_number_that_is_divided_by_is_not_zero() -> None:
    claim = Vanishing([x], where=[expectation(lam, lam, {1: m}) * x])
    ratio = [lam >= 0, lam <= 1]
    assert claim.decide(Setting(conditions=ratio)).word == "refuted"
    assert claim.decide(Setting({c: m_ / lam}, conditions=ratio)).word != "refuted"
    assert claim.decide(Setting(conditions=[*ratio, sp.Ne(lam, 0)])).word != "refuted"


ones = sp.Trace(sp.MatMul(sp.OneMatrix(1, n), sp.OneMatrix(n, 1)))


@pytest.mark.parametrize(
    "statement",
    [
        Identity(sp.Sum(ones, (n, 1, m_)) + n, n + m_ * n),
        Identity(sp.Sum(sp.Trace(u.T * u), (n, 1, m_)), m_ * sp.Trace(u.T * u)),
        Identity(sp.Sum(sp.Sum(u[f, 0] ** 2, (f, 1, n)), (n, 1, m_)), m_ * sp.Trace(u.T * u)),
        Vanishing([v], where=[ForAll((n, m_), sp.Trace(u.T * u))]),
    ],
    ids=str,
)
def test_a_size_is_no_index(statement: Statement) -> None:
    with pytest.raises(SymmixError):
        statement.decide(Setting())


@pytest.mark.parametrize(
    "second",
    [
        Jacobian(Gradient(sp.Trace(z.T * z) / 2, th, {z: 2 * J}), th, {z: 2 * J}),
        Jacobian(J.T * z, th, {z: sp.MatMul(sp.Identity(n), J, evaluate=False)}),
        Jacobian(Gradient(sp.Trace(z.T * z) / 2, th, {z: K.T}), th, {z: K.T}),
    ],
    ids=str,
)
def test_what_a_jacobian_is_made_of_is_not_held_constant(second: sp.Basic) -> None:
    with pytest.raises(StatementError, match="a Jacobian for everything that depends on theta"):
        Identity(second, sp.ZeroMatrix(p, p)).decide(Setting())


@pytest.mark.parametrize("index", [sp.Symbol("i", even=True), sp.Symbol("i", prime=True), sp.Symbol("i", odd=True)])
def test_an_index_runs_over_all_samples(index: sp.Symbol) -> None:
    with pytest.raises(NotationError, match="an index that is a whole number"):
        Identity(u[index, 0], w[index, 0]).decide(Setting())


def test_a_denominator_of_a_denominator_may_vanish_at_points_that_are_tried() -> None:
    statement = Vanishing([quotient(x * s * (s - 1), 1 + 1 / s)])
    assert statement.decide(Setting()).word == "refuted"


def test_equivalences_take_inverses_for_granted_too() -> None:
    assert Equivalence([v], [A * v], where=[B * (u + w) - B * u - B * w]).decide(Setting()).word != "refuted"
    assert Equivalence([v], [A * v]).decide(Setting()).word == "refuted"
    shown = Equivalence([v], [A * v], where=[B * u - w], forth=lambda y: [B * y])
    assert shown.decide(Setting()).word == "proved"
