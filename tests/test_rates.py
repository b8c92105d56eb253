"""Gradients by a scalar: what moves with it, each with a slip that is refuted, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sympy as sp

from symmix import Equivalence, Identity, Positivity, Setting, Vanishing, latex, squared_norm
from symmix.errors import DimensionError, StatementError, SymmixError, UnsupportedError
from symmix.language import Gradient, Jacobian, expectation, inverse, quotient
from symmix.notation import lam
from symmix.publish.report import report
from symmix.theorems import Theorem, theorem
from tests.both_deciders import decided_by_both

n, d = sp.symbols("n d", integer=True, positive=True)
s, a, b, q0, q1 = sp.symbols("s a b q0 q1", real=True)
count = sp.Symbol("count", integer=True)
v, w, z, dz, ddz = (sp.MatrixSymbol(name, d, 1) for name in ("v", "w", "z", "dz", "ddz"))
A, B, unit = sp.MatrixSymbol("A", d, d), sp.MatrixSymbol("B", d, d), sp.Identity(d)
x = sp.MatrixSymbol("x", n, 1)
i, j = sp.symbols("i j", integer=True)
norm, tr = squared_norm, sp.Trace
mixed, shifted = (1 - lam) * v + lam * w, A + s * B

# the derivative, what it is, and what it is not
RATES: dict[str, tuple[sp.Basic, sp.Basic, sp.Basic]] = {
    "a power": (Gradient(lam**2 * norm(v), lam), 2 * lam * norm(v), lam * norm(v)),
    "a mixture": (Gradient(norm(mixed) / 2, lam), tr((w - v).T * mixed), tr((w + v).T * mixed)),
    "a temperature": (Gradient(quotient(norm(v), s), s), -norm(v) / s**2, norm(v) / s**2),
    "a denominator": (
        Gradient(quotient(a, 2 * s + 1), s),
        -quotient(2 * a, (2 * s + 1) ** 2),
        -quotient(a, (2 * s + 1) ** 2),
    ),
    "a denominator of denominators": (
        Gradient(quotient(1, 1 + quotient(1, 1 + s)), s),
        quotient(1, (s + 2) ** 2),
        -quotient(1, (s + 2) ** 2),
    ),
    "an entry, summed": (
        Gradient(sp.Sum((x[i, 0] - s) ** 2, (i, 0, n - 1)) / n, s),
        2 * s - sp.Sum(2 * x[i, 0] / n, (i, 0, n - 1)),
        s - sp.Sum(2 * x[i, 0] / n, (i, 0, n - 1)),
    ),
    "an inverse": (
        Gradient(tr(inverse(shifted)), s),
        -tr(inverse(shifted) * B * inverse(shifted)),
        tr(inverse(shifted) * B * inverse(shifted)),
    ),
    "an inverse in an inverse": (
        Gradient(tr(inverse(B + s * inverse(shifted))), s),
        -tr(
            inverse(B + s * inverse(shifted))
            * (inverse(shifted) - s * inverse(shifted) * B * inverse(shifted))
            * inverse(B + s * inverse(shifted))
        ),
        -tr(inverse(B + s * inverse(shifted)) * inverse(shifted) * inverse(B + s * inverse(shifted))),
    ),
    "through a column": (Gradient(norm(z) / 2, s, {z: dz}), tr(z.T * dz), 2 * tr(z.T * dz)),
    "through a column and itself": (
        Gradient(s**2 * norm(z), s, {z: A * z}),
        2 * s * norm(z) + 2 * s**2 * tr(z.T * A * z),
        2 * s**2 * tr(z.T * A * z),
    ),
    "through a matrix": (Gradient(tr(A * A), s, {A: B}), 2 * tr(A * B), 2 * tr(A * B.T)),
    "through a scalar": (Gradient(q0**3 * s, s, {q0: q1}), q0**3 + 3 * q0**2 * s * q1, q0**3 + 3 * q0**2 * s),
    "through a scalar with entries": (
        Gradient(quotient(1, 1 + q0), s, {q0: norm(v)}),
        -norm(v) * quotient(1, (1 + q0) ** 2),
        norm(v) * quotient(1, (1 + q0) ** 2),
    ),
    "through an inverse of what moves": (
        Gradient(tr(inverse(A)), s, {A: B}),
        -tr(inverse(A) * B * inverse(A)),
        -tr(inverse(A) * A * inverse(A)),
    ),
    "twice": (Gradient(Gradient(s**4 * norm(v), s), s), 12 * s**2 * norm(v), 4 * s**2 * norm(v)),
    "twice, of a denominator": (
        Gradient(Gradient(quotient(1, s**2 + 1), s), s),
        quotient(6 * s**2 - 2, (s**2 + 1) ** 3),
        quotient(6 * s**2 + 2, (s**2 + 1) ** 3),
    ),
    "twice, through a column": (
        Gradient(Gradient(norm(z) / 2, s, {z: dz}), s, {z: dz, dz: ddz}),
        norm(dz) + tr(z.T * ddz),
        tr(z.T * ddz),
    ),
    "by a vector, then by a scalar": (
        Gradient(tr(w.T * Gradient(s**2 * norm(v) / 2, v)), s),
        2 * s * tr(w.T * v),
        s * tr(w.T * v),
    ),
    "by two scalars": (
        Gradient(Gradient(a**2 * s**3, s), a) - Gradient(Gradient(a**2 * s**3, a), s),
        sp.S.Zero,
        a * s**2,
    ),
    "of moments": (
        Gradient(expectation(q0**2 * s, q0, {1: s, 2: s**2 + 1}), s),
        3 * s**2 + 1,
        s**2 + 1,
    ),
    "meant to be constant": (Gradient(norm(v), s, constant=True), sp.S.Zero, sp.S.One),
}


@pytest.mark.parametrize("name", RATES)
def test_it_is_what_it_is_and_nothing_else(name: str) -> None:
    derivative, right, wrong = RATES[name]
    decided_by_both(Identity(derivative, right), Identity(derivative, wrong))


def test_definitions_are_unfolded_before() -> None:
    right, wrong = Identity(Gradient(q0, s), 4 * s**3 * norm(v)), Identity(Gradient(q0, s), 2 * s * norm(z))
    decided_by_both(right, wrong, definitions={q0: s**2 * norm(z), z: s * v})


def test_hypotheses_act_after_it() -> None:
    """Where s = 1, the derivative of s^2 is 2, not 0."""
    right, wrong = ([Gradient(s**2, s) - 2], [Gradient(s**2, s)])
    decided_by_both(Vanishing(right, where=[s - 1]), Vanishing(wrong, where=[s - 1]))


def test_a_sample_index_may_stand_in_what_is_differentiated() -> None:
    claim = Identity(Gradient((x[i, 0] - s) ** 2, s), 2 * s - 2 * x[i, 0])
    decided_by_both(claim, Identity(Gradient((x[i, 0] - s) ** 2, s), 2 * s), indices={i: n})


def test_the_best_scale_is_a_critical_point() -> None:
    """|s v - w|^2 is stationary by s exactly where s |v|^2 = v'w."""
    slope = Gradient(norm(s * v - w) / 2, s)
    decided_by_both(Equivalence([slope], [s * norm(v) - tr(v.T * w)]), Equivalence([slope], [s]))


def test_an_increasing_ratio() -> None:
    """The strength a/(2a + 1) grows with a."""
    rate, falling = Gradient(quotient(a, 2 * a + 1), a), Gradient(quotient(a, a**2 + 1), a)
    decided_by_both(Positivity(rate, {a: (0, sp.oo)}), Positivity(falling, {a: (0, sp.oo)}))


# -- what is refused ---

REFUSED: dict[str, tuple[Callable[[], sp.Basic], type[SymmixError], str]] = {
    "a size": (lambda: Gradient(n * s, n), UnsupportedError, "a whole number"),
    "a whole number": (lambda: Gradient(count**2, count), UnsupportedError, "take a difference"),
    "of a whole number": (lambda: Gradient(count * s, s, {count: a}), UnsupportedError, "take a difference"),
    "a vector": (lambda: Gradient(s * v, s), DimensionError, "a scalar to differentiate"),
    "a Jacobian": (lambda: Jacobian(s * v, s), UnsupportedError, "for a gradient a Symbol"),
    "an expression": (lambda: Gradient(s**2, 2 * s), UnsupportedError, "declare a MatrixSymbol"),
    "nothing depends on it": (lambda: Gradient(norm(v), s), StatementError, "or constant=True"),
    "a derivative of another shape": (lambda: Gradient(norm(z), s, {z: dz.T}), DimensionError, "of its shape"),
    "a scalar for a column": (lambda: Gradient(norm(z), s, {z: a}), DimensionError, "of its shape"),
    "itself": (lambda: Gradient(s**2, s, {s: a}), StatementError, "leave it out"),
    "what depends is forgotten": (
        lambda: Gradient(Gradient(norm(z) / 2, s, {z: dz}), s, {z: dz}),
        StatementError,
        "declare its Jacobian too",
    ),
    "a scalar that depends is forgotten": (
        lambda: Gradient(Gradient(q0**2, s, {q0: q1}), s, {q0: q1}),
        StatementError,
        "declare its Jacobian too",
    ),
    "averaged over the same": (
        lambda: expectation(Gradient(q0**2, q0), q0, {1: a, 2: b}),
        UnsupportedError,
        "outside of an expectation",
    ),
    "averaged out": (lambda: Gradient(expectation(q0**2, q0, {2: b}), q0), StatementError, "or constant=True"),
    "SymPy's own": (lambda: sp.Derivative(sp.Function("f")(s), s), UnsupportedError, "Gradient(f, x)"),
    "a rate for each sample": (
        lambda: Gradient(q0 * s, s, {q0: x[i, 0]}), UnsupportedError, "free of sample indices",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_the_remedy(name: str) -> None:
    build, kind, words = REFUSED[name]
    with pytest.raises(kind, match="required") as caught:
        Identity(build(), a + b).decide(Setting(indices={i: n}))
    assert words in str(caught.value)


def test_a_defined_symbol_is_refused() -> None:
    with pytest.raises(StatementError, match="which has a definition"):
        Identity(Gradient(s**2, s), 2 * s).decide(Setting(definitions={s: a * b}))


def test_sympy_does_not_differentiate_ours() -> None:
    with pytest.raises(UnsupportedError, match=r"symmix\.language\.Gradient"):
        sp.diff(Gradient(s**2 * a, s), a)


# -- how it is shown ---


@theorem(answers="what moves the mixing ratio?")
def the_ratio_moves() -> Theorem:
    """The gradient by the ratio."""
    return Theorem(
        claim=Identity(Gradient(norm(mixed) / 2, lam), tr((w - v).T * mixed)),
        near_misses={"sign": Identity(Gradient(norm(mixed) / 2, lam), tr((v - w).T * mixed))},
    )


def test_it_is_shown_as_a_partial_derivative() -> None:
    outcome = the_ratio_moves.prove()
    assert ")/dlam = " in report(outcome)
    assert latex(Gradient(norm(mixed) / 2, lam)).startswith(r"\partial_{\lambda}\Bigl(")
