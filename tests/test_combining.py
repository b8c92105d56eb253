"""What follows from hypotheses that have to be combined: each fact in several dresses, each with a near miss.

A fact is decided as it stands, with other names, transposed, with rescaled and reordered hypotheses, and inside of a
larger product; its near miss has to be refuted in the same dress.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
import sympy as sp

from symmix import Equivalence, Identity, Setting, Vanishing
from symmix.checker import check_text
from symmix.theorems import Theorem, theorem
from symmix.verdict import Proved, Refuted
from tests.slow import slow_but

n, d, k = sp.symbols("n d k", integer=True, positive=True)
a, b, mu, lam = sp.symbols("a b mu lam", real=True)
A, B, S, P = (sp.MatrixSymbol(name, n, n) for name in "ABSP")
D, R = sp.MatrixSymbol("D", d, d), sp.MatrixSymbol("R", d, d)
X, U, V, Q = (sp.MatrixSymbol(name, n, size) for name, size in (("X", d), ("U", d), ("V", k), ("Q", k)))
L = sp.MatrixSymbol("L", d, k)
W = sp.MatrixSymbol("W", k, d)
v, w = sp.MatrixSymbol("v", n, 1), sp.MatrixSymbol("w", n, 1)
unit = sp.Identity
ones = sp.OneMatrix(n, 1)
Hypotheses = Sequence[sp.Basic]


@dataclass(frozen=True)
class Fact:
    """``left = right`` where all of ``where`` vanish, and hypotheses under which it fails."""

    left: sp.MatrixExpr
    right: sp.MatrixExpr
    where: Hypotheses
    missing: Hypotheses


push = R * (X.T * X + mu * unit(d)) - unit(d), (X * X.T + mu * unit(n)) * S - unit(n)
FACTS = {
    "symmetric": Fact(v.T * A * A * w, v.T * A.T * A * w, [A - A.T], [A - A * A]),
    "skew": Fact(v.T * A * A * A * v, sp.ZeroMatrix(1, 1), [A + A.T], [A - A.T]),
    "inverses are unique": Fact(B, S, [B * A - unit(n), A * S - unit(n)], [B * A - unit(n)]),
    "the inverse of a symmetric matrix": Fact(B, B.T, [B * A - unit(n), A * B - unit(n), A - A.T], [B * A - unit(n)]),
    "push-through": Fact(R * X.T, X.T * S, push, push[:1]),
    "eigenvectors": Fact(
        (a - b) * v.T * w, sp.ZeroMatrix(1, 1), [A - A.T, A * v - a * v, A * w - b * w], [A * v - a * v, A * w - b * w]
    ),
    "recession": Fact(
        (2 * lam - 1) * v, sp.ZeroMatrix(n, 1), [(1 - lam) * w - lam * v, (1 - lam) * v - lam * w],
        [(1 - lam) * w - lam * v],
    ),
    "Cayley transform": Fact(
        ((unit(n) - A) * B).T * (unit(n) - A) * B, unit(n),
        [A + A.T, (unit(n) + A) * B - unit(n), B * (unit(n) + A) - unit(n)],
        [(unit(n) + A) * B - unit(n), B * (unit(n) + A) - unit(n)],
    ),
    "a projection by one equation": Fact(P, P.T, [P.T * P - P], [P * P - P]),
    "products of frames": Fact((V * W).T * V * W, unit(d), [V.T * V - unit(k), W.T * W - unit(d)], [V.T * V - unit(k)]),
    "Sherman and Morrison": Fact(
        (1 + sp.Trace(w.T * B * v)) * (A + v * w.T) * B - (A + v * w.T) * B * v * w.T * B,
        (1 + sp.Trace(w.T * B * v)) * unit(n), [A * B - unit(n), B * A - unit(n)], [B * v - v],
    ),
    "idempotent by its definition": Fact(
        P * P, P, [P - unit(n) + sp.OneMatrix(n, n) / n], [P - unit(n) + sp.OneMatrix(n, n)]
    ),
    "a circle of scalars": Fact(
        (a * v + b * w).T * (a * v + b * w), unit(1),
        [v.T * v - unit(1), w.T * w - unit(1), v.T * w, (a**2 + b**2 - 1) * unit(1)],
        [v.T * v - unit(1), w.T * w - unit(1), (a**2 + b**2 - 1) * unit(1)],
    ),
}  # fmt: skip


def plain(fact: Fact) -> Fact:
    return fact


def renamed(fact: Fact) -> Fact:
    """Give all symbols names that sort the other way round."""
    symbols = (A, B, S, P, R, X, V, W, v, w)
    names = {s: sp.MatrixSymbol(f"z{ord('z') - ord(s.name)}{s.name}", *s.shape) for s in symbols}
    where, missing = ([e.xreplace(names) for e in given] for given in (fact.where, fact.missing))
    return Fact(fact.left.xreplace(names), fact.right.xreplace(names), where, missing)


def transposed(fact: Fact) -> Fact:
    return Fact(fact.left.T, fact.right.T, fact.where, fact.missing)


def rescaled(fact: Fact) -> Fact:
    """Multiply hypotheses by numbers, and turn their order round."""
    scales = [sp.Rational(3, 7), -2, sp.Rational(-5, 3), 4]
    where, missing = (
        [scale * e for scale, e in zip(scales, given, strict=False)][::-1] for given in (fact.where, fact.missing)
    )
    return Fact(fact.left, fact.right, where, missing)


def inside(fact: Fact) -> Fact:
    """Put the sides into a larger product."""
    rows, columns = fact.left.shape
    left = sp.MatrixSymbol("before", 1, rows)
    right = sp.MatrixSymbol("behind", columns, 1)
    return Fact(left * fact.left * right, left * fact.right * right, fact.where, fact.missing)


DRESSES = (plain, renamed, transposed, rescaled, inside)


@pytest.mark.parametrize("dress", slow_but([plain, inside], DRESSES), ids=lambda dress: dress.__name__)
@pytest.mark.parametrize("name", FACTS)
def test_a_fact_is_proved_in_every_dress_and_its_near_miss_refuted(name: str, dress: Callable[[Fact], Fact]) -> None:
    fact = dress(FACTS[name])
    verdict = Identity(fact.left, fact.right, where=fact.where).decide(Setting())
    assert isinstance(verdict, Proved), verdict
    assert verdict.met
    assert isinstance(Identity(fact.left, fact.right, where=fact.missing).decide(Setting()), Refuted)


@pytest.mark.parametrize("name", FACTS)
def test_the_second_checker_decides_it_anew(name: str) -> None:
    fact = FACTS[name]

    @theorem(answers="does it follow?")
    def follows() -> Theorem:
        """It does."""
        return Theorem(
            claim=Identity(fact.left, fact.right, where=fact.where),
            near_misses={"less": Identity(fact.left, fact.right, where=fact.missing)},
        )

    outcome = follows.prove()
    assert outcome.disagreement == ""
    assert isinstance(outcome.verdict, Proved)
    assert check_text(outcome.certificate()).accepted


def test_a_scalar_that_is_not_zero_is_divided_by() -> None:
    where = [A - A.T, A * v - a * v, A * w - b * w]
    assert isinstance(Vanishing([v.T * w], where=where).decide(Setting(conditions=[sp.Ne(a, b)])), Proved)
    assert isinstance(Vanishing([v.T * w], where=where).decide(Setting()), Refuted)  # where a = b


# -- real facts ---


@pytest.mark.parametrize(
    ("expression", "where"),
    [
        (X, [sp.Trace(X.T * X)]),
        (X * D, [D.T * X.T * X * D]),
        (X, [sp.Trace(X.T * X) + sp.Trace(U.T * U), U]),
        (v.T * w, [v.T * w * w.T * v]),
    ],
    ids=str,
)
def test_squares_vanish_where_their_sum_does(expression: sp.MatrixExpr, where: Hypotheses) -> None:
    assert isinstance(Vanishing([expression], where=where).decide(Setting()), Proved)


def test_the_columns_of_a_square_matrix_are_orthonormal_where_its_rows_are() -> None:
    assert isinstance(Identity(P * P.T, unit(n), where=[P.T * P - unit(n)]).decide(Setting()), Proved)
    assert isinstance(Identity(P * P.T, unit(n), where=[P.T * P - P]).decide(Setting()), Refuted)


def test_the_kernel_of_a_gram_matrix() -> None:
    u = sp.MatrixSymbol("u", d, 1)
    assert isinstance(Equivalence([X.T * X * u], [X * u]).decide(Setting()), Proved)
    assert isinstance(Equivalence([X.T * X * u], [u]).decide(Setting()), Refuted)


# -- witnesses under nonlinear hypotheses ---

FALSE = {
    "orthonormal columns are not rows": (V * V.T, unit(n), [V.T * V - unit(k)]),
    "nilpotent is not zero": (A, sp.ZeroMatrix(n, n), [A * A]),
    "orthogonal is not symmetric": (A, A.T, [A.T * A - unit(n)]),
    "two frames": (V * V.T, Q * Q.T, [V.T * V - unit(k), Q.T * Q - unit(k)]),
    "idempotent is not symmetric": (P, P.T, [P * P - P]),
    "a projection is not the identity": (P, unit(n), [P * P - P, P - P.T]),
    "two parts of one": (L, sp.ZeroMatrix(d, k), [X.T * X + L * L.T - unit(d)]),
    "a zero product has factors": (B * A, sp.ZeroMatrix(n, n), [A * B]),
    "rows that sum to one, not columns": (ones.T * P, ones.T, [P * ones - ones]),
    "a cube root of one": (A, unit(n), [A * A * A - unit(n)]),
    "symmetric matrices do not commute": (A * B, B * A, [A - A.T, B - B.T]),
    "orthogonal matrices do not commute": (A * B, B * A, [A.T * A - unit(n), B.T * B - unit(n)]),
    "normal is not symmetric": (A, A.T, [A * A.T - A.T * A]),
    "unit vectors differ": (v, w, [v.T * v - unit(1), w.T * w - unit(1)]),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE)
def test_what_does_not_follow_has_a_witness(name: str) -> None:
    left, right, where = FALSE[name]
    verdict = Identity(left, right, where=where).decide(Setting())
    assert isinstance(verdict, Refuted), verdict
    assert verdict.witness is not None


@pytest.mark.parametrize("length", [1, 7, 12, 40])
def test_chains_of_definitions_are_followed(length: int) -> None:
    states = [sp.MatrixSymbol(f"x{i}", n, 1) for i in range(length + 1)]
    maps = [sp.MatrixSymbol(f"M{i}", n, n) for i in range(length)]
    where = [states[i + 1] - maps[i] * states[i] for i in range(length)]
    product = states[0]
    for factor in maps:
        product = factor * product
    proved = Identity(states[-1], product, where=where).decide(Setting())
    assert isinstance(proved, Proved)
    assert proved.met
    assert isinstance(Identity(states[-1], 2 * product, where=where).decide(Setting()), Refuted)


def test_what_was_tried_is_said() -> None:
    verdict = Identity(sp.Trace(A), 0, where=[A * A, B * A]).decide(Setting())  # true: its eigenvalues are zero
    assert verdict.word == "undecided"
    assert "multiples of the hypotheses, up to degree" in str(verdict)
