"""Factors that conditions keep from being zero: ``(1 + tau) v = 0`` leaves ``v = 0``; near misses have a point."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import sympy as sp

from symmix import Equivalence, Identity, Minimum, Nonnegative, Positivity, Setting, Vanishing
from symmix.errors import UnsupportedError
from symmix.language import quotient
from symmix.printing.text import TextPrinter
from symmix.printing.wording import assumption
from symmix.statements.base import Statement
from symmix.theorems import Theorem, theorem
from symmix.verdict import Pieces, Proved, Refuted, Undecided

n, d = sp.symbols("n d", integer=True, positive=True)
tau, lam, a, b, x = sp.symbols("tau lam a b x", real=True)
v, w = sp.MatrixSymbol("v", n, 1), sp.MatrixSymbol("w", n, 1)
A = sp.MatrixSymbol("A", n, d)
half = sp.Rational(1, 2)
unit = (lam > 0, lam < 1)
Conditions = Sequence[sp.Basic]

KEPT: list[tuple[sp.Expr, Conditions]] = [
    (1 + tau, [tau > 0]),
    (1 + tau, [tau >= 0]),
    (-2 - 3 * tau, [tau >= 0]),
    (1 + lam, unit),
    (2 - lam, unit),
    (tau, [tau > 1]),
    (tau**2 - 2, [tau >= 2]),
    (1 - lam + lam**2, []),
    (1 + a**2 + b**4, []),
    (n + tau, [tau >= 0]),
    (2 * n - 1, []),
    (1 + 1 / tau, [tau > 0]),
    ((2 - lam) * (1 + tau) * (3 + b**2), [tau > 0, lam < 1]),
]
LOST: list[tuple[sp.Expr, Conditions]] = [
    (1 + tau, [tau > -2]),
    (1 - tau, [tau > 0]),
    (tau, [tau >= 0]),
    (2 * lam - 1, unit),
    (tau**2 - 4, [tau >= 2]),
    (1 - lam - 2 * lam**2, []),
    (a**2 + b**4, []),
    (n - tau, [tau > 0]),
    (2 * n - 4, []),
    (1 - 1 / tau, [tau > 0]),
    ((2 - lam) * (1 - tau), [tau > 0, lam < 1]),
]


def as_it_stands(f: sp.Expr) -> Statement:
    return Vanishing([v], where=[f * v])


def transposed(f: sp.Expr) -> Statement:
    return Vanishing([w.T], where=[f * w.T])


def rescaled(f: sp.Expr) -> Statement:
    return Identity(v, 2 * v, where=[-sp.Rational(3, 7) * f * v])


def in_a_product(f: sp.Expr) -> Statement:
    return Identity(v * w.T * A, w * v.T * A, where=[f * (v * w.T - w * v.T)])


def both_ways(f: sp.Expr) -> Statement:
    return Equivalence([f * v], [v])


DRESSES = (as_it_stands, transposed, rescaled, in_a_product, both_ways)


def proved(statement: Statement, conditions: Conditions) -> None:
    """Prove a statement by both deciders, beside something false."""

    def holds() -> Theorem:
        """It holds."""
        return Theorem(claim=statement, near_misses={"other": Identity(v, 3 * v)}, conditions=conditions)

    outcome = theorem(answers="Does it?")(holds).prove()
    (verdict,) = outcome.claims.values()
    assert isinstance(verdict, Proved), verdict
    assert verdict.met
    assert outcome.certified is not None
    assert outcome.disagreement == ""


def refuted(statement: Statement, conditions: Conditions) -> None:
    verdict = statement.decide(Setting(conditions=conditions))
    assert isinstance(verdict, Refuted), verdict
    assert verdict.witness is not None


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("case", KEPT, ids=str)
def test_a_factor_that_conditions_keep_from_zero_is_cancelled(
    case: tuple[sp.Expr, Conditions], dress: Callable[[sp.Expr], Statement]
) -> None:
    proved(dress(case[0]), case[1])


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("case", LOST, ids=str)
def test_a_factor_that_may_be_zero_is_not(
    case: tuple[sp.Expr, Conditions], dress: Callable[[sp.Expr], Statement]
) -> None:
    refuted(dress(case[0]), case[1])


def test_a_factor_is_known_under_a_definition_too() -> None:
    c = sp.Symbol("c", real=True)

    def holds() -> Theorem:
        """It holds."""
        return Theorem(
            claim=Vanishing([v], where=[c * v]),
            near_misses={"zero": Vanishing([v], where=[(c - 1) * v])},
            conditions=[tau >= 0],
            definitions={c: 1 + tau},
        )

    outcome = theorem(answers="Does it?")(holds).prove()
    assert isinstance(outcome.verdict, Proved)
    assert outcome.disagreement == ""


# -- one scalar --------------------------------------------------------------------------------------------------------

oo = sp.oo
SIGNED: list[tuple[Statement, Conditions]] = [
    (Positivity(x**4 - x**2 + 1, {x: (-oo, oo)}), []),
    (Positivity(x**2 - x + half**2 + half**20, {x: (0, 1)}), []),
    (Positivity(1 + x - x**2), [x >= 0, x <= 1]),
    (Positivity(2 * lam * (lam - 1) + half + half**7), unit),
    (Positivity(-(x**3), {x: (-oo, 0)}), []),
    (Positivity((x - 1) ** 3 * (x - 2) ** 2, {x: (2, 3)}), []),
    (Nonnegative((x - 1) ** 3 * (x - 2) ** 2), [x >= 1]),
    (Nonnegative(x + 1 / x - 2), [x > 0]),
    (Nonnegative(x**3 - x), [x >= 1]),
    (Nonnegative(n**2 - n), []),
    (Positivity(2 * n - 1), []),
    (Nonnegative((n - 1) ** 2 * (3 * n - 2)), []),
    (Positivity(1 / (1 + x**2) - half**9, {x: (-2, 2)}), []),
]
TURNED: list[tuple[Statement, Conditions]] = [
    (Positivity(x**4 - 2 * x**2 + 1, {x: (-oo, oo)}), []),
    (Positivity(x**2 - x + half**2, {x: (0, 1)}), []),
    (Positivity(x - x**2), [x >= 0, x <= 1]),
    (Positivity(x**2 - x + half**2 - half**20, {x: (0, 1)}), []),
    (Nonnegative((x - 1) ** 3 * (x - 2) ** 2), [x >= 1 - half**20]),
    (Nonnegative(x + 1 / x - 2 - half**20), [x > 0]),
    (Nonnegative(x**3 - x), [x > 1 - half**20]),
    (Nonnegative(n**2 - 3 * n + 1), []),
    (Nonnegative((7 * x - 3) * (7 * x - 4)), [x > 0]),
    (Positivity((7 * x - 3) ** 2), [x > 0]),
]


@pytest.mark.parametrize("case", SIGNED, ids=lambda case: f"{case[0].scalar}")
def test_a_sign_on_a_line_is_proved_by_both_deciders(case: tuple[Statement, Conditions]) -> None:
    proved(*case)


@pytest.mark.parametrize("case", TURNED, ids=lambda case: f"{case[0].scalar}")
def test_a_sign_that_turns_somewhere_on_a_line_is_refuted(case: tuple[Statement, Conditions]) -> None:
    refuted(*case)


def test_what_stands_against_a_point_leaves_it_undecided() -> None:
    """Between 1 and 2 there is no whole number."""
    assert isinstance(Nonnegative((n - 1) * (n - 2)).decide(Setting()), Undecided)


def test_a_square_is_positive_where_a_condition_keeps_it_from_its_zero() -> None:
    away = [sp.Ne(x, sp.Rational(3, 7))]
    proved(Positivity((7 * x - 3) ** 2, {x: (0, 1)}), away)
    refuted(Positivity((7 * x - 3) ** 2 - sp.Rational(1, 9), {x: (0, 1)}), away)


@pytest.mark.parametrize("scalar", [(x**2 - 2) ** 2, (x**3 - 2) ** 2 * (x**2 + 1), (2 * x**2 - 3) ** 4])
def test_a_zero_that_no_rational_number_hits_is_said(scalar: sp.Expr) -> None:
    """What is false at irrational points alone has no witness; what is said of it depends on nothing that is."""
    verdict = Positivity(scalar, {x: (0, 2)}).decide(Setting())
    assert isinstance(verdict, Undecided)
    assert verdict.missing.startswith("a point of rational numbers: it is 0 at an irrational value of x, between ")
    low, high = (sp.Rational(end) for end in verdict.missing.split("between ")[1].split(" and "))
    assert sp.count_roots(sp.Poly(scalar, x).sqf_part(), low, high) == 1
    assert "irrational" not in str(Positivity(scalar, {x: (0, 1)}).decide(Setting()))
    assert "irrational" not in str(Positivity(scalar, {x: (0, 2)}).decide(Setting(conditions=[x**5 > 40])))
    proved(Nonnegative(scalar), [])


def test_the_least_value_of_one_scalar_is_found_out() -> None:
    verdict = Nonnegative(x**4 - 4 * x + 3).decide(Setting())
    assert isinstance(verdict, Proved)
    assert isinstance(Minimum(sp.Trace(v.T * v), {v: 0 * v}).decide(Setting()), Proved)
    (evidence,) = verdict.evidence
    if isinstance(evidence, Pieces):
        assert evidence.square * evidence.square * evidence.rest == evidence.original


# -- squares added to what vanishes ------------------------------------------------------------------------------------

X = sp.MatrixSymbol("X", n, d)
S = sp.MatrixSymbol("S", n, n)


def norm(column: sp.MatrixExpr) -> sp.Expr:
    return sp.Trace(column.T * column)


REAL: list[tuple[Statement, Conditions]] = [
    (Vanishing([v], where=[(1 + (a - b) ** 2) * v]), []),
    (Vanishing([v], where=[(1 + tau * lam * (1 - lam)) * v]), [tau > 0, *unit]),
    (Vanishing([v], where=[(1 + norm(w)) * v]), []),
    (Vanishing([w, v], where=[norm(w) + 2 * norm(v)]), []),
    (Vanishing([v.T * S], where=[norm(S.T * v) + tau * norm(w)]), [tau >= 0]),
    (Vanishing([v], where=[v + X * X.T * v]), []),
    (Equivalence([v], [tau * v + X * X.T * v]), [tau > 0]),
    (Vanishing([v], where=[v + S * v, S + S.T]), []),
]
UNREAL: list[tuple[Statement, Conditions]] = [
    (Vanishing([v], where=[(a - b) ** 2 * v]), []),
    (Vanishing([v], where=[(1 - 4 * tau * lam * (1 - lam)) * v]), [tau > 0, *unit]),
    (Vanishing([v], where=[(1 - norm(w)) * v]), []),
    (Vanishing([w, v], where=[norm(w) - 2 * norm(v)]), []),
    (Vanishing([w], where=[norm(S.T * v) + tau * norm(w)]), [tau >= 0]),
    (Vanishing([v], where=[v - X * X.T * v]), []),
    (Equivalence([v], [tau * v + X * X.T * v]), [tau >= 0]),
    (Vanishing([v], where=[v + S * v, S - S.T]), []),
]


@pytest.mark.parametrize("case", REAL, ids=lambda case: f"{case[0]}"[:60])
def test_squares_that_are_added_leave_nothing(case: tuple[Statement, Conditions]) -> None:
    proved(*case)


@pytest.mark.parametrize("case", UNREAL, ids=lambda case: f"{case[0]}"[:60])
def test_squares_that_are_taken_away_leave_something(case: tuple[Statement, Conditions]) -> None:
    refuted(*case)


# -- minima over scalars -----------------------------------------------------------------------------------------------

LEAST: list[tuple[Statement, Conditions]] = [
    (Minimum(x**2 - 2 * x, {x: 1}), []),
    (Minimum(x**4 - 4 * x, {x: 1}), []),
    (Minimum(x**3 - 3 * x, {x: 1}), [x >= 0]),
    (Minimum(x + 1 / x, {x: 1}), [x > 0]),
    (Minimum((x - a) ** 2 + (a - b) ** 2, {x: b, a: b}), []),
    (Minimum((x - a) ** 2, {x: a, a: x}), []),
    (Minimum(norm(v - x * w), {x: a}, where=[sp.Trace(w.T * (v - a * w))]), []),
    (Minimum((x * b - a) ** 2 + tau * x**2, {x: lam}, where=[(b**2 + tau) * lam - a * b]), [tau >= 0]),
]
NOT_LEAST: list[tuple[Statement, Conditions]] = [
    (Minimum(x**2 - 2 * x, {x: 2}), []),
    (Minimum(x**4 - 4 * x, {x: -1}), []),
    (Minimum(x**3 - 3 * x, {x: 1}), []),
    (Minimum(x + 1 / x, {x: 2}), [x > 0]),
    (Minimum((x - a) ** 2 - (a - b) ** 2, {x: b, a: b}), []),
    (Minimum((x - 2 * a) ** 2, {x: a, a: x}), []),
    (Minimum(norm(v - x * w), {x: a}, where=[sp.Trace(w.T * (v + a * w))]), []),
    (Minimum((x * b - a) ** 2 + tau * x**2, {x: lam}, where=[(b**2 + tau) * lam - a * b]), [tau >= -4]),
]


@pytest.mark.parametrize("case", LEAST, ids=lambda case: f"{case[0]}"[:60])
def test_a_scalar_is_least_at_a_value(case: tuple[Statement, Conditions]) -> None:
    proved(*case)


@pytest.mark.parametrize("case", NOT_LEAST, ids=lambda case: f"{case[0]}"[:60])
def test_a_scalar_is_not_least_at_another_value(case: tuple[Statement, Conditions]) -> None:
    refuted(*case)


@pytest.mark.parametrize("value", [sp.Trace(v.T * w), 0, a])
def test_values_of_what_is_divided_by_are_numbers_other_than_zero(value: sp.Expr) -> None:
    with pytest.raises(UnsupportedError):
        Minimum(x + 1 / x, {x: value}).decide(Setting(conditions=[x > 0]))


# -- a hypothesis that is a multiple of the goal -----------------------------------------------------------------------

DIVIDED: list[tuple[Statement, Conditions]] = [
    (Vanishing([tau - 1], where=[tau**2 - 1]), [tau > 0]),
    (Vanishing([(tau - 1) * v], where=[tau**2 * v - v]), [tau > 0]),
    (Vanishing([(1 - tau) * v.T * A], where=[3 * (tau**2 - 1) * v.T * A]), [tau > 0]),
    (Vanishing([tau - a], where=[tau**2 - a**2]), [tau > 0, a > 0]),
    (Identity(tau, 2, where=[8 - tau**3]), []),
]
NOT_DIVIDED: list[tuple[Statement, Conditions]] = [
    (Vanishing([tau - 1], where=[tau**2 - 1]), [tau > -2]),
    (Vanishing([(tau - 1) * v], where=[tau**2 * v - v]), [tau >= -1]),
    (Vanishing([(1 - tau) * v.T * A], where=[3 * (tau**2 - 1) * v.T * A]), []),
    (Vanishing([tau - a], where=[tau**2 - a**2]), [tau > 0, a > -1]),
    (Identity(tau, 2, where=[4 - tau**2]), []),
]


@pytest.mark.parametrize("case", DIVIDED, ids=lambda case: f"{case[0]}"[:60])
def test_a_factor_of_a_hypothesis_is_divided_by_where_it_is_never_zero(case: tuple[Statement, Conditions]) -> None:
    proved(*case)


@pytest.mark.parametrize("case", NOT_DIVIDED, ids=lambda case: f"{case[0]}"[:60])
def test_a_factor_of_a_hypothesis_that_may_be_zero_is_not(case: tuple[Statement, Conditions]) -> None:
    refuted(*case)


m, m2 = sp.symbols("m m2", real=True)
MOMENTS: Sequence[sp.Basic] = [m2 >= m**2, m >= m2]


@pytest.mark.parametrize(
    ("below", "conditions", "assumed"),
    [
        (1 + a**2, [], []),
        (3 * (1 + a**2) ** 2, [], []),
        (a * (1 + a**2), [], ["a != 0"]),
        (a, [a > 0], []),
        (a - 1, [a > 1], []),
        (a - 1, [a > 0], ["a != 1"]),
        (1 - 2 * (m - m2), MOMENTS, []),
        (1 - 2 * (m - m2), MOMENTS[1:], ["2 m2 + 1 - 2 m != 0"]),
        (m - m2, MOMENTS, ["m != m2"]),
        (1 - 4 * (m - m2), MOMENTS, ["4 m2 + 1 - 4 m != 0"]),
    ],
)
def test_what_the_conditions_keep_from_vanishing_is_not_assumed(
    below: sp.Expr, conditions: Sequence[sp.Basic], assumed: list[str]
) -> None:
    setting = Setting(conditions=conditions)
    verdict = Vanishing([quotient(1, below) * v], where=[v]).decide(setting)
    assert isinstance(verdict, Proved)
    assert [assumption(tree, TextPrinter()) for tree in verdict.assuming] == assumed
