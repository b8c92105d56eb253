"""Inequalities and minima: sums of squares that are found, in several dresses, and points where they fail.

What is proved is evaluated at random points as well, and a false inequality beside each true one is refuted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
import sympy as sp

from symmix import Minimum, Nonnegative, Positivity, Setting, squared_norm
from symmix.deciding.signs import Signs
from symmix.errors import SymmixError
from symmix.kernel.questions import Condition
from symmix.kernel.scalars import Polynomial
from symmix.theorems import Theorem, theorem
from symmix.verdict import Proved, Refuted, Undecided
from tests.oracle import Point
from tests.slow import slow_but

n, d, k, p, h = sp.symbols("n d k p h", integer=True, positive=True)
lam, t, u1, u2 = sp.symbols("lam t u1 u2", real=True)
mu, kappa, a = sp.symbols("mu kappa a", positive=True)
X, V = sp.MatrixSymbol("X", n, d), sp.MatrixSymbol("V", n, d)
v, w, best = (sp.MatrixSymbol(name, d, 1) for name in ("v", "w", "best"))
y, E = sp.MatrixSymbol("y", n, 1), sp.MatrixSymbol("E_", n, k)
G, C, Y = sp.MatrixSymbol("G", k, n), sp.MatrixSymbol("C", n, p), sp.MatrixSymbol("Y_", k, n)
W, Z = sp.MatrixSymbol("W", k, h), sp.MatrixSymbol("Z", h, n)
H = sp.MatrixSymbol("H", d, d)
SYMBOLS = (X, V, v, w, y, E, G, C, Y, W, Z, H)
tr, unit, ones = sp.Trace, sp.Identity, sp.OneMatrix(n, 1)
IN_UNIT = [lam >= 0, lam <= 1]


@dataclass(frozen=True)
class Bound:
    """A scalar that is never negative, and one that sometimes is."""

    scalar: sp.Basic
    false: sp.Basic
    where: Sequence[sp.Basic] = ()
    conditions: Sequence[sp.Basic] = ()


target = Y + (kappa / a) * G
factored = a / 2 * tr((target - W * Z).T * (target - W * Z)) + kappa / 2 * (tr(W.T * W) + tr(Z.T * Z))
least = kappa * tr(G.T * Y) + kappa**2 / (2 * a) * tr(G.T * G)
BOUNDS = {
    "a Gram form": Bound(tr(v.T * X.T * X * v), -tr(v.T * X.T * X * v)),
    "with ridge": Bound(
        tr(v.T * (X.T * X + mu * unit(d)) * v), tr(v.T * (X.T * X - mu * unit(d)) * v)
    ),
    "a residual": Bound(squared_norm(X * w - y), squared_norm(X * w - y) - squared_norm(y)),
    "a variance": Bound(
        tr(E.T * E) / n - squared_norm(E.T * ones) / n**2, tr(E.T * E) / n - squared_norm(E.T * ones) / n
    ),
    "Cauchy and Schwarz": Bound(
        squared_norm(v) * squared_norm(w) - tr(v.T * w) ** 2, squared_norm(v) * squared_norm(w) - 2 * tr(v.T * w) ** 2
    ),
    "a matrix on a vector": Bound(
        tr(X.T * X) * squared_norm(v) - squared_norm(X * v), tr(X.T * X) * squared_norm(v) - 2 * squared_norm(X * v)
    ),
    "Cauchy and Schwarz, of matrices": Bound(
        tr(X.T * X) * tr(V.T * V) - tr(X.T * V) ** 2, tr(X.T * X) * tr(V.T * V) - 2 * tr(X.T * V) ** 2
    ),
    "a trace": Bound(d * tr(H.T * H) - tr(H) ** 2, d * tr(H.T * H) - 2 * tr(H) ** 2),
    "a trace of squares": Bound(
        tr(X.T * X) ** 2 - tr(X.T * X * X.T * X), tr(X.T * X) ** 2 - 2 * tr(X.T * X * X.T * X)
    ),
    "Jensen": Bound(
        lam * squared_norm(v) + (1 - lam) * squared_norm(w) - squared_norm(lam * v + (1 - lam) * w),
        lam * squared_norm(v) + (1 - lam) * squared_norm(w) - 2 * squared_norm(lam * v + (1 - lam) * w),
        conditions=IN_UNIT,
    ),
    "Young": Bound(
        mu * squared_norm(v) / 2 + squared_norm(w) / (2 * mu) - tr(v.T * w),
        mu * squared_norm(v) / 2 + squared_norm(w) / (3 * mu) - tr(v.T * w),
    ),
    "Bessel": Bound(
        squared_norm(y) - squared_norm(V.T * y), squared_norm(y) - 2 * squared_norm(V.T * y), [V.T * V - unit(d)]
    ),
    "soft-thresholding": Bound(
        factored - least, factored - 2 * least - 1, [G.T * G + C * C.T - unit(n)]
    ),
    "a quadratic form of scalars": Bound(u1**2 + u2**2 - u1 * u2, u1**2 + u2**2 - 3 * u1 * u2),
    "a square of a polynomial": Bound(t**4 - 2 * t**2 + 1, t**4 - 2 * t**2),
    "the mixing strength": Bound(sp.Rational(1, 2) - 2 * lam * (1 - lam), sp.Rational(1, 3) - 2 * lam * (1 - lam)),
}  # fmt: skip


@pytest.mark.parametrize("name", BOUNDS)
def test_a_bound_is_a_sum_of_squares_and_its_near_miss_fails(name: str) -> None:
    bound = BOUNDS[name]
    setting = Setting(conditions=bound.conditions)
    verdict = Nonnegative(bound.scalar, where=bound.where).decide(setting)
    assert isinstance(verdict, Proved), verdict
    assert verdict.met
    assert isinstance(Nonnegative(bound.false, where=bound.where).decide(setting), Refuted)


def exchanged(bound: Bound, symbols: Mapping[sp.Basic, sp.Basic]) -> Bound:
    scalar, false = (f.xreplace(symbols) for f in (bound.scalar, bound.false))
    return replace(bound, scalar=scalar, false=false, where=[h.xreplace(symbols) for h in bound.where])


def renamed(bound: Bound) -> Bound:
    return exchanged(bound, {s: sp.MatrixSymbol(f"z{s.name}", *s.shape) for s in SYMBOLS})


def transposed(bound: Bound) -> Bound:
    return exchanged(bound, {s: sp.MatrixSymbol(s.name, *reversed(s.shape)).T for s in SYMBOLS})


def rescaled(bound: Bound) -> Bound:
    some = sp.Rational(5, 3)
    return replace(bound, scalar=some * bound.scalar, false=7 * bound.false, where=[-3 * h for h in bound.where])


def in_a_product(bound: Bound) -> Bound:
    left = {rows: sp.MatrixSymbol(f"L{rows}", rows, rows) for rows in (n, d, k)}
    return exchanged(bound, {s: left[s.shape[0]] * s for s in (X, v, w, y, E, H)})


def swapped(bound: Bound) -> Bound:
    return exchanged(bound, {v: w, w: v, X: V, V: X, u1: u2, u2: u1})


@pytest.mark.parametrize(
    "dress",
    slow_but([transposed, swapped], [renamed, transposed, rescaled, in_a_product, swapped]),
    ids=lambda f: f.__name__,
)
@pytest.mark.parametrize("name", BOUNDS)
def test_it_holds_in_every_dress_and_its_near_miss_fails(name: str, dress: Callable[[Bound], Bound]) -> None:
    bound = dress(BOUNDS[name])
    setting = Setting(conditions=bound.conditions)
    assert isinstance(Nonnegative(bound.scalar, where=bound.where).decide(setting), Proved)
    assert isinstance(Nonnegative(bound.false, where=bound.where).decide(setting), Refuted)


@pytest.mark.parametrize("name", BOUNDS)
def test_the_second_checker_decides_it_anew(name: str) -> None:
    bound = BOUNDS[name]

    @theorem(answers="is it bounded?")
    def is_bounded() -> Theorem:
        """It is."""
        return Theorem(
            claim=Nonnegative(bound.scalar, where=bound.where),
            near_misses={"less": Nonnegative(bound.false, where=bound.where)},
            conditions=bound.conditions,
        )

    outcome = is_bounded.prove()
    assert outcome.disagreement == ""
    assert isinstance(outcome.verdict, Proved)


# -- minima ---

LOSS = squared_norm(X * w - y) / 2
MINIMA: Mapping[str, tuple[sp.Basic, Sequence[sp.Basic]]] = {
    "least squares": (LOSS, [X.T * (X * best - y)]),
    "ridge": (LOSS + mu * squared_norm(w) / 2, [X.T * (X * best - y) + mu * best]),
    "without data": (squared_norm(w), [best]),
}


@pytest.mark.parametrize("name", MINIMA)
def test_a_stationary_point_is_a_minimum(name: str) -> None:
    loss, where = MINIMA[name]
    assert isinstance(Minimum(loss, at={w: best}, where=where).decide(Setting()), Proved)
    assert isinstance(Minimum(loss, at={w: best}).decide(Setting()), Refuted)
    assert isinstance(Minimum(-loss, at={w: best}, where=where).decide(Setting()), Refuted)


# -- strict ---


@pytest.mark.parametrize(
    ("scalar", "word"),
    [
        (squared_norm(v) + 1, "proved"),
        (squared_norm(v), "refuted"),
        (squared_norm(v) - 1, "refuted"),
        (u1**2 + u2**2 - u1 * u2 + 1, "proved"),
        (u1**2 + u2**2 - 2 * u1 * u2 + 1, "proved"),
        (u1**2 + u2**2 - 2 * u1 * u2, "refuted"),
        (t**4 - 2 * t**2 + 2, "proved"),
    ],
    ids=str,
)
def test_strictly_positive_is_more(scalar: sp.Basic, word: str) -> None:
    everywhere = dict.fromkeys(scalar.atoms(sp.Symbol) & {u1, u2, t}, (-sp.oo, sp.oo))
    assert Positivity(scalar, everywhere).decide(Setting()).word == word


# -- what a user shows, and what is refused ---


def test_squares_may_be_given() -> None:
    scalar = 2 * squared_norm(v) + 2 * squared_norm(w) - squared_norm(v + w)
    assert isinstance(Nonnegative(scalar, squares=[v - w]).decide(Setting()), Proved)
    assert not isinstance(Nonnegative(scalar, squares=[v + w]).decide(Setting()), Proved)
    assert isinstance(Nonnegative(-scalar, squares=[v - w]).decide(Setting()), Refuted)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Nonnegative(v),
        lambda: Nonnegative(X.T * X),
        lambda: Minimum(squared_norm(v), at={}),
        lambda: Minimum(squared_norm(v), at={v: y}),
        lambda: Minimum(squared_norm(v), at=[v]),  # type: ignore[arg-type]
        lambda: Positivity(t, {t: (1, 0)}),
    ],
)
def test_what_is_no_inequality_is_refused(build: Callable[[], Positivity | Minimum]) -> None:
    with pytest.raises(SymmixError, match="required: "):
        build().decide(Setting())


# -- at random points ---

SIZES = {n: 3, d: 2, k: 2, p: 2, h: 1}


@pytest.mark.parametrize("name", [name for name, bound in BOUNDS.items() if not bound.where])
def test_a_bound_holds_at_random_points_by_sympy(name: str) -> None:
    bound = BOUNDS[name]
    for seed in range(12):
        point = Point.drawn(SIZES, bound.scalar, bound.false, seed=seed)
        scalars = {s: abs(x) if s in (mu, kappa, a) else x for s, x in point.scalars.items()}
        if bound.conditions:
            scalars = {s: abs(x) / (1 + abs(x)) for s, x in scalars.items()}
        assert replace(point, scalars=scalars).explicit(bound.scalar)[0] >= 0


# -- the gate of signs ---

LAM, N, Q = (Polynomial.variable(name) for name in ("lam", "n", "q"))
SIGNS = Signs((Condition(LAM, ">="), Condition(1 - LAM, ">="), Condition(Q - 1, ">")), frozenset({"n"}))


@pytest.mark.parametrize(
    ("polynomial", "strict", "known"),
    [
        (LAM, False, True),
        (LAM, True, False),
        (LAM - LAM * LAM, False, True),
        (1 - LAM, False, True),
        (LAM - 1, False, False),
        (N, True, True),
        (N + 1, True, True),
        (N - 1, False, False),
        (Q - 1, True, True),
        (Q, True, False),  # it is positive, but nothing shows it
        (Q * Q, False, True),
        (Q * Q, True, False),
        (-LAM, False, False),
        (LAM * Q, False, False),
        (Polynomial.constant(Fraction(-1, 2)), False, False),
        (Polynomial.constant(Fraction(1, 2)), True, True),
    ],
    ids=str,
)
def test_signs_are_known_from_conditions_alone(polynomial: Polynomial, strict: bool, known: bool) -> None:  # noqa: FBT001
    assert (SIGNS.factored(polynomial, strict=strict) is not None) is known


def test_a_forged_scale_is_not_accepted() -> None:
    assert not SIGNS.holds(((LAM - 1, 1),), strict=False)
    assert not SIGNS.holds(((LAM, -1),), strict=False)
    assert not SIGNS.holds(((Polynomial.variable("lam", -1), 2),), strict=False)  # lam may be zero
    assert SIGNS.holds(((LAM - 1, 2),), strict=False)
    assert not SIGNS.holds(((LAM - 1, 2),), strict=True)


def test_a_verdict_that_is_open_says_what_helps() -> None:
    motzkin = t**4 * u1**2 + t**2 * u1**4 - 3 * t**2 * u1**2 + 1  # never negative, and no sum of squares
    verdict = Nonnegative(motzkin).decide(Setting())
    assert isinstance(verdict, Undecided)
    assert "squares=[...]" in verdict.missing
