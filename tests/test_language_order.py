"""The order in which sums and products are read: the field's where SymPy sorted, the user's where it did not."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.tensor.array.expressions import ArrayElement, ArraySymbol

from symmix import text
from symmix.language import Reader, inverse, quotient, read
from symmix.meaning import Meaning
from symmix.notation import E, L, W, b, c, e, ep, erm_loss, h, k, kappa, lam, m, mu, n, s, t, variance, y, yp, z, zp
from symmix.terms.meanings import Names
from tests.expressions import any_expressions

A = sp.MatrixSymbol("A", k, k)
narrow, wide = sp.MatrixSymbol("v", h, 1), sp.MatrixSymbol("w", n, 1)


def unevaluated(node: type, *args: sp.Basic) -> sp.Basic:
    return node(*args, evaluate=False)


SORTED = [
    (y - W * z, "y - W z"),
    (y - W * z - b, "y - W z - b"),
    (1 - lam, "1 - lam"),
    (lam * (1 - lam), "lam (1 - lam)"),
    (lam * y + (1 - lam) * yp, "lam y + (1 - lam) y'"),
    (lam * e + (1 - lam) * ep, "lam e + (1 - lam) e'"),
    (lam * W.T * (lam * e + (1 - lam) * ep), "lam W^T (lam e + (1 - lam) e')"),
    (-(1 - lam) * yp, "-(1 - lam) y'"),
    (lam * y - (1 - lam) * yp, "lam y - (1 - lam) y'"),
    ((1 - c) * erm_loss, "(1 - c) ERM"),
    (erm_loss - c / 2 * variance, "ERM - c V/2"),
    (2 * lam * (1 - lam) * W.T, "2 lam (1 - lam) W^T"),
    (y / n, "1/n y"),
    (y / 2, "1/2 y"),
    (-y / 2, "-1/2 y"),
    (lam * y / 2, "lam/2 y"),
    (lam / n, "lam/n"),
    (lam * kappa / (2 * n), "lam kappa/(2 n)"),
    (sp.Rational(-3, 2) * lam, "-3 lam/2"),
    (sp.Trace(E.T * E) / (2 * n), "tr(E^T E)/(2 n)"),
    (1 / n - 1 / (n - 1), "1/n - 1/(n - 1)"),
    (lam**2 + lam - 1, "lam + lam^2 - 1"),
    (kappa * (1 - lam) * (s + t), "(1 - lam) kappa (s + t)"),
    (n - 1, "n - 1"),
    ((lam - 1) ** 2, "(lam - 1)^2"),
    ((lam - 1) * (mu - 1), "(lam - 1) (mu - 1)"),
    ((n - 1) * y, "(n - 1) y"),
    (kappa * (1 - lam - mu), "kappa (1 - lam - mu)"),
    (sp.MatrixSymbol("P", k, h) * narrow + sp.MatrixSymbol("Q", k, n) * wide, "P v + Q w"),
    (sp.MatrixSymbol("P", k, n) * wide + sp.MatrixSymbol("Q", k, h) * narrow, "P w + Q v"),
]


@pytest.mark.parametrize(("expression", "expected"), SORTED, ids=[shown for _, shown in SORTED])
def test_where_sympy_sorted_the_field_orders(expression: sp.Basic, expected: str) -> None:
    assert text(expression) == expected


p, q, r = sp.symbols("p q r", real=True)
a0, a1 = sp.symbols("A0 A1", real=True)
i, j = sp.symbols("i j", integer=True)
B, u, v = sp.MatrixSymbol("B", k, k), sp.MatrixSymbol("u", k, 1), sp.MatrixSymbol("v", k, 1)
cube = ArrayElement(ArraySymbol("T", (k, k, k)), (i, i, i))

NAMELESS = [  # by letters that the legend does not know
    (r * (p * q - 1), "r (p q - 1)"),
    (r * (p + q - 1), "r (p + q - 1)"),
    (r * (p**2 - 1), "r (p^2 - 1)"),
    (r * (p - 1), "-(1 - p) r"),
    (r * (n - 1), "r (n - 1)"),
    (r * (p - 2), "r (p - 2)"),
    (p + 1, "p + 1"),
    (p - 1, "p - 1"),
    (1 - p, "1 - p"),
    (-p - 1, "-1 - p"),
    (q + 2 - p, "q + 2 - p"),
    (q - 2 - p, "q - 2 - p"),
    (u[i, 0] + 1, "u[i] + 1"),
    (p * q - p, "p q - p"),
    (p - p * q, "p - p q"),
    ((1 - p) * (p + q) * q, "(1 - p) q (p + q)"),
    ((1 - p) * q * (q + 3), "(1 - p) q (q + 3)"),
    ((1 - p) ** 2 * q, "(1 - p)^2 q"),
    ((1 - p) ** 2 * (p + q), "(1 - p)^2 (p + q)"),
    ((p + q) ** 2 * q, "q (p + q)^2"),
    ((1 + p) * q, "q (p + 1)"),
    ((2 - p) * q, "q (2 - p)"),
    ((1 - 2 * p) * q, "q (1 - 2 p)"),
    ((1 - p * q) * q, "q (1 - p q)"),
    ((1 - p - q) * q, "q (1 - p - q)"),
    ((p - q) * q, "q (p - q)"),
    (sp.Trace(B) * p * (p + q), "p (p + q) tr(B)"),
    (sp.Trace(B) * (1 - p), "(1 - p) tr(B)"),
    (sp.Trace(B) * (sp.Trace(A) + 1), "tr(B) (tr(A) + 1)"),
    (3 * p * (1 - p) * (p + 1) * (q + 1) * sp.Trace(B), "3 p (1 - p) (p + 1) (q + 1) tr(B)"),
    (u[i, 0] * sp.Trace(B) * q, "q tr(B) u[i]"),
    (u[i, 0] * p * (p + q), "p (p + q) u[i]"),
    (cube * (p + q), "T[i,i,i] (p + q)"),
    (cube * sp.Trace(B), "T[i,i,i] tr(B)"),
    (unevaluated(sp.Mul, 2, p + q), "2 (p + q)"),
    (unevaluated(sp.Add, 2, 3, p), "2 + 3 + p"),
    (unevaluated(sp.Mul, unevaluated(sp.Add, 2, 3), p), "(2 + 3) p"),
    (unevaluated(sp.Mul, 0, p), "0 p"),
    (unevaluated(sp.Mul, -1, -1, p), "(-1) (-1) p"),
    (sp.S.Zero, "0"),
    (sp.Rational(-1, 2), "-1/2"),
    (B - A, "B - A"),
    (u * v.T - p * B, "u v^T - p B"),
    (q * A + p * B, "p B + q A"),
    (p * sp.Trace(B) * A + B, "B + p tr(B) A"),
    (sp.Trace(A) * B + sp.Trace(B) * A, "tr(B) A + tr(A) B"),
    (u[i, 0] + u[j, 0], "u[i] + u[j]"),
    (u[j, 0] * v[i, 0] + u[i, 0] * v[j, 0], "u[i] v[j] + v[i] u[j]"),
    (p + sp.Sum(u[i, 0], (i, 0, k - 1)), "p + sum_{i<k} u[i]"),
    (q * (p - 1) * u, "-(1 - p) q u"),
    (q / ((p - 1) * r), "q/(r (p - 1))"),
    (-u / p, "-1/p u"),
    (n * lam * (n + 1) / 2, "n lam (n + 1)/2"),
    (lam * (1 - n), "lam (1 - n)"),
    ((1 - p**2) * q, "q (1 - p^2)"),
    ((1 - p) * (1 - p * q) * q, "(1 - p) q (1 - p q)"),
    (unevaluated(sp.Mul, p, unevaluated(sp.Add, 2, 3)), "(2 + 3) p"),
    (2 * p + q, "2 p + q"),
    (p / 2 + q, "p/2 + q"),
    (A / 2 + B, "1/2 A + B"),
    (unevaluated(sp.Add, q, unevaluated(sp.Mul, 0, p)), "0 p + q"),
    (a0 * B * B.T + a0 * a1 * B.T * B, "A0 B B^T + A0 A1 B^T B"),
    (sp.MatrixSymbol("Q1", k, h) * narrow + sp.MatrixSymbol("Q2", k, n) * wide, "Q1 v + Q2 w"),
    (sp.MatrixSymbol("Q1", k, n) * wide + sp.MatrixSymbol("Q2", k, h) * narrow, "Q1 w + Q2 v"),
    (unevaluated(sp.Mul, 0, p, unevaluated(sp.Pow, q, -1)), "0 p/q"),
    (sp.Basic.__new__(sp.Mul, sp.S(5)), "5"),
    # matrices among scalars are never taken to be sorted
    (sp.Basic.__new__(sp.Mul, B, p), "B p"),
    (sp.Basic.__new__(sp.Mul, p, B), "p B"),
    (sp.Basic.__new__(sp.Mul, B, sp.Trace(A)), "B tr(A)"),
    (sp.Basic.__new__(sp.Add, -A, B), "-A + B"),
    (sp.Basic.__new__(sp.Add, B, -A), "B - A"),
]


@pytest.mark.parametrize(("expression", "expected"), NAMELESS, ids=[shown for _, shown in NAMELESS])
def test_letters_come_before_shares_before_sums_before_what_matrices_are_in(
    expression: sp.Basic, expected: str
) -> None:
    assert text(expression) == expected


CHOSEN = [
    (unevaluated(sp.Add, lam, -1), "lam - 1"),
    (unevaluated(sp.Add, -lam, 1), "-lam + 1"),
    (unevaluated(sp.MatAdd, y, -W * z), "y - W z"),
    (unevaluated(sp.Mul, mu, lam), "mu lam"),
    (unevaluated(sp.Mul, lam, 2, mu), "lam (2) mu"),
    (unevaluated(sp.MatMul, A, lam, A), "A lam A"),
    (unevaluated(sp.Mul, mu, lam, unevaluated(sp.Pow, n, -1)), "mu lam/n"),
    (unevaluated(sp.Mul, unevaluated(sp.Pow, n, -1), mu, lam), "1/n mu lam"),
    (unevaluated(sp.MatMul, A, unevaluated(sp.MatAdd, A, sp.Identity(k))), "A (A + I_k)"),
    (unevaluated(sp.MatMul, unevaluated(sp.Mul, mu, lam), A), "(mu lam) A"),
    (unevaluated(sp.Mul, 2, 3, lam), "2 (3) lam"),
    (unevaluated(sp.Mul, mu, unevaluated(sp.Mul, -1, lam)), "mu (-lam)"),
    (unevaluated(sp.Mul, unevaluated(sp.Mul, -1, lam), mu), "(-lam) mu"),
    (unevaluated(sp.Mul, mu, unevaluated(sp.Pow, lam, 0)), "mu lam^0"),
]


@pytest.mark.parametrize(("expression", "expected"), CHOSEN, ids=[shown for _, shown in CHOSEN])
def test_where_it_did_not_the_written_order_is_kept(expression: sp.Basic, expected: str) -> None:
    assert text(expression) == expected


def test_matrices_are_never_moved() -> None:
    for product in (A * A.T * A, A.T * W * z * z.T * W.T, z.T * W.T * y * y.T):
        tree = read(product)
        assert [text(factor) for factor in product.args] == text(product).split(" ")
        assert tree.shape == tuple(str(size) for size in product.shape)


def test_reading_does_not_depend_on_how_it_was_typed() -> None:
    assert read(y - W * z) == read(-W * z + y)
    assert read(lam * mu * A) == read(mu * A * lam)
    assert read(s * t + L) == read(L + t * s)
    assert read(m * sp.Trace(A) * h) == read(h * m * sp.Trace(A))


def test_what_is_divided_and_inverted_by_name_is_kept() -> None:
    assert text(quotient(s, s)) == "s/s"
    assert text(quotient(s * y, s)) == "s y/s"
    assert text(A * inverse(A)) == "A A^-1"
    assert text(inverse(A) * A - sp.Identity(k)) == "A^-1 A - I_k"
    assert text(inverse(A) * inverse(A)) == "(A^-1)^2"
    assert text(inverse(A).T) == "(A^-1)^T"
    assert quotient(s, s).subs(s, t) == quotient(t, t)
    assert inverse(A).subs(k, n).func is inverse(A).func
    assert inverse(A).doit() == inverse(A)


def test_a_first_power_entry_by_entry_is_no_product() -> None:
    assert read(sp.HadamardPower(y, sp.S.One)) == read(y)
    assert text(sp.HadamardPower(y, sp.Integer(2))) == text(sp.HadamardProduct(y, y, evaluate=False))


def test_zp_is_after_z() -> None:
    assert text(z + zp) == "z + z'"
    assert text(zp - z) == "z' - z"


def shuffled(node: sp.Basic, draw: st.DrawFn) -> sp.Basic:
    """Return an expression with the commuting arguments of its sums and products in another order, unevaluated."""
    if not node.args or isinstance(node, sp.MatrixSymbol | sp.Lambda | sp.Tuple | sp.Rational):
        return node
    args = [shuffled(arg, draw) for arg in node.args]
    if type(node) in (sp.Add, sp.Mul, sp.MatAdd):  # MatMul is a Mul
        return node.func(*draw(st.permutations(args)), evaluate=False)
    if isinstance(node, sp.MatMul):
        scalars = [arg for arg in args if not isinstance(arg, sp.MatrixExpr)]
        for scalar in scalars:
            args.remove(scalar)
            args.insert(draw(st.integers(0, len(args))), scalar)
        return sp.MatMul(*args, evaluate=False)
    return node


@settings(max_examples=150, deadline=None)
@given(any_expressions(), st.data())
def test_the_order_changes_nothing(expression: Any, data: st.DataObject) -> None:
    other = data.draw(st.composite(lambda draw: shuffled(expression, draw))())
    left, right = Reader().sides(expression, other)
    meaning = Meaning(Names.of([left, right]))
    assert meaning.cleared(meaning.array(left).expression - meaning.array(right).expression).is_zero
