"""Theorems that nobody would like to typeset: long names, long sums, deep fractions and brackets, many hypotheses."""

from __future__ import annotations

from functools import cache

import sympy as sp

from symmix import Derivation, Identity, Theorem, squared_norm, theorem
from symmix.notation import W, b, h, k, lam, z
from symmix.theorems import Outcome

MATRICES = [sp.MatrixSymbol(f"M{number}", k, k) for number in range(1, 13)]
COLUMNS = [sp.MatrixSymbol(f"v{number}", k, 1) for number in range(1, 11)]
SCALARS = sp.symbols("a1:13", real=True)
LONG = sp.symbols("weightofthefirstregularisation weightofthesecondregularising", real=True)
LONG_MATRICES = [
    sp.MatrixSymbol(name, k, k) for name in ("precisionofthevalidationfolds", "covarianceofthetrainingfolds")
]


@theorem(answers="does a sum of twelve matrices fit?", source=("cho2022degeneracy", "our_own_notes"))
def twelve_matrices_commute_under_addition() -> Theorem:
    """A sum of twelve products does not depend on their order."""
    terms = [a * M for a, M in zip(SCALARS, MATRICES, strict=True)]
    whole = sum(terms[1:], terms[0])
    return Theorem(
        claim=Identity(
            (whole).T * COLUMNS[0], sum((term.T * COLUMNS[0] for term in terms[1:]), terms[0].T * COLUMNS[0])
        ),
        near_misses={"one is missing": Identity(whole, whole - terms[3])},
    )


@theorem(answers="does a chain of twelve matrices fit?")
def a_product_of_twelve_matrices_is_linear() -> Theorem:
    """A long product is linear in its last factor."""
    chain, (first, second) = sp.MatMul(*MATRICES), COLUMNS[:2]
    return Theorem(
        claim=Identity(chain * (first + second), chain * first + chain * second),
        near_misses={"one summand": Identity(MATRICES[0] * (first + second), MATRICES[0] * first)},
    )


@theorem(answers="does a continued fraction fit?")
def continued_fractions_can_be_resolved() -> Theorem:
    """A fraction in a fraction in a fraction is a fraction."""
    p, q, r, s, t = SCALARS[:5]
    deep = 1 / (p + 1 / (q + 1 / (r + 1 / s)))
    flat = (q * (r * s + 1) + s) / (p * (q * (r * s + 1) + s) + r * s + 1)
    return Theorem(claim=Identity(t * deep, t * flat), near_misses={"turned over": Identity(t * deep, t / flat)})


@theorem(answers="does a fraction of two long sums fit?")
def a_fraction_of_sums_can_be_expanded() -> Theorem:
    """A fraction of two long sums, times a matrix."""
    above = sum(SCALARS[i] * SCALARS[i + 1] ** 2 for i in range(8))
    below = sum(SCALARS[i] ** 2 for i in range(9)) + 1
    M, v, u = MATRICES[0], COLUMNS[0], COLUMNS[1]
    return Theorem(
        claim=Identity(above / below * M * (v + u), above / below * M * v + above / below * M * u),
        proof=Derivation(above / below * M * (v + u))
        .equals(
            above / below * (M * v + M * u),
            by="the denominator a1^2 + a2^2 + ... + 1 is positive, whatever the weights are",
        )
        .equals(above / below * M * v + above / below * M * u, by="multiply out"),
        near_misses={"without the denominator": Identity(above / below * M * v, above * M * v)},
    )


@theorem(answers="do ten hypotheses fit?")
def ten_hypotheses_make_a_sum_vanish() -> Theorem:
    """Where ten columns vanish, so does every combination of them."""
    whole = sum((a * v for a, v in zip(SCALARS, COLUMNS, strict=False)), W * z)
    return Theorem(
        claim=Identity(whole, W * z, where=COLUMNS),
        near_misses={"all but one": Identity(whole, W * z, where=COLUMNS[1:])},
    )


@theorem(answers="do names of thirty letters fit?")
def names_of_thirty_letters_are_distributive_over_sums_of_names_of_thirty_letters() -> Theorem:
    """Long names distribute as short ones do."""
    first, second = LONG
    P, C = LONG_MATRICES
    return Theorem(
        claim=Identity(
            (first + second) * (P + C) * z_of(C),
            first * P * z_of(C) + first * C * z_of(C) + second * P * z_of(C) + second * C * z_of(C),
        ),
        near_misses={"one cross term forgotten": Identity((first + second) * (P + C), first * P + second * C)},
    )


def z_of(C: sp.MatrixSymbol) -> sp.MatrixSymbol:
    return sp.MatrixSymbol("gradientofthevalidationlosses", C.shape[1], 1)


@theorem(answers="do brackets in brackets fit?")
def nested_brackets_can_be_multiplied_out() -> Theorem:
    """Horner's scheme for matrices."""
    A, v = MATRICES[0], COLUMNS[0]
    inner = v
    for a, column in zip(SCALARS[:5], COLUMNS[1:6], strict=True):
        inner = column + a * A * inner
    flat = v
    for a, column in zip(SCALARS[:5], COLUMNS[1:6], strict=True):
        flat = sp.expand(column + a * A * flat)
    return Theorem(claim=Identity(inner, flat.doit()), near_misses={"without the last": Identity(inner, inner - v)})


@theorem(answers="does a long norm fit?")
def a_long_norm_does_not_see_the_sign() -> Theorem:
    """The norm of a long residual does not depend on its sign."""
    inside = sum((a * v for a, v in zip(SCALARS, COLUMNS, strict=False)), W * z + b)
    return Theorem(
        claim={
            "of the residual itself, which is a sum of a dozen columns": Identity(
                squared_norm(inside), squared_norm(-inside)
            ),
            "of half of it": Identity(squared_norm(inside / 2), squared_norm(inside) / 4),
        },
        near_misses={"half of it": Identity(squared_norm(inside / 2), squared_norm(inside) / 2)},
    )


@theorem(answers="do parts with names fit?")
def parts_with_names_stay_together() -> Theorem:
    """Two long parts, each with a name of its own."""
    own = sum((a * M * z_k() for a, M in zip(SCALARS[:6], MATRICES, strict=False)), lam * z_k())
    cross = sum((-a * M.T * z_k() for a, M in zip(SCALARS[:5], MATRICES, strict=False)), lam**2 * z_k())
    grouped = sum(
        (a * (M - M.T) * z_k() for a, M in zip(SCALARS[:5], MATRICES, strict=False)),
        SCALARS[5] * MATRICES[5] * z_k() + lam * (1 + lam) * z_k(),
    )
    return Theorem(
        claim=Identity(grouped, own + cross),
        proof=Derivation(grouped).equals(own + cross, by="the order of the terms, which is nobody's business but ours"),
        parts={"what belongs to the sample itself": own, "what comes from all of its partners": cross},
        near_misses={"no cross terms": Identity(own + cross, own)},
    )


def z_k() -> sp.MatrixSymbol:
    return sp.MatrixSymbol("u", k, 1)


@theorem(answers="do wide spellings and long numbers fit?")
def wide_spellings_and_long_numbers() -> Theorem:
    """Numbers of thirty digits, and symbols with LaTeX of their own."""
    D, n, y = sp.MatrixSymbol("D", k, h), sp.Integer(10) ** 30 + 7, sp.MatrixSymbol("y", h, 1)
    return Theorem(
        claim=Identity(n * D * (z + y) + (n + 2) * D * (z - y), (2 * n + 2) * D * z - 2 * D * y),
        spelling={D: r"\mathcal{D}_{\mathrm{training\,and\,validation}}"},
        near_misses={"a number apart": Identity(n * D * z, (n + 1) * D * z)},
    )


@theorem(answers="do many short claims fit?")
def many_claims_in_one_theorem() -> Theorem:
    """One theorem with nine claims."""
    M, v, u = MATRICES[0], COLUMNS[0], COLUMNS[1]
    claims = {
        f"number {n}, a multiple of M1 v1": Identity(n * M * (v + u), n * M * v + n * M * u) for n in range(2, 11)
    }
    return Theorem(claim=claims, near_misses={"no lam": Identity(M * v + lam * M * v, M * v)})


SCRIPTS = [
    twelve_matrices_commute_under_addition,
    a_product_of_twelve_matrices_is_linear,
    continued_fractions_can_be_resolved,
    a_fraction_of_sums_can_be_expanded,
    ten_hypotheses_make_a_sum_vanish,
    names_of_thirty_letters_are_distributive_over_sums_of_names_of_thirty_letters,
    nested_brackets_can_be_multiplied_out,
    a_long_norm_does_not_see_the_sign,
    parts_with_names_stay_together,
    wide_spellings_and_long_numbers,
    many_claims_in_one_theorem,
]


@cache
def outcomes() -> tuple[Outcome, ...]:
    """Return what is decided about each of them."""
    return tuple(script.prove() for script in SCRIPTS)
