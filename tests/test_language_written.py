"""How what the kernel knows is written: as a person would, and in nobody's order but SymPy's."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from symmix import Setting
from symmix.language import Reader, inverse
from symmix.language.nodes import KeptInverse, OwnIndex
from symmix.language.order import is_sorted
from symmix.notation import h, k, lam, n
from tests.test_language_round_trip import round_trip

i, j = sp.symbols("i j", integer=True)
x, y = sp.symbols("x y", real=True)
u, v = sp.MatrixSymbol("u", k, 1), sp.MatrixSymbol("v", k, 1)
A, B, C = sp.MatrixSymbol("A", k, h), sp.MatrixSymbol("B", h, k), sp.MatrixSymbol("C", k, k)
one = sp.MatrixSymbol("c", 1, 1)
cubes = sp.Sum(u[i, 0] ** 3, (i, 0, k - 1))


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        (lam - lam**2, "lam*(1 - lam)"),
        ((lam - 1) * (x - 2), "(1 - lam)*(2 - x)"),
        ((lam - 1) ** 3, "-(1 - lam)**3"),
        ((x - 1) * y, "-y*(1 - x)"),
        (x - y, "x - y"),
        ((x - y) * (x + y), "(x - y)*(x + y)"),
        ((x + y) * (x - 1), "-(1 - x)*(x + y)"),
        ((n - 1) * x, "x*(n - 1)"),
        ((n * x - 1) * y, "-y*(1 - n*x)"),
        (n - 1, "n - 1"),
        (n * x - 1, "-(-n*x + 1)"),
        (sp.Rational(2, 3) * x, "2*x/3"),
        (x / (n - 1), "x/(n - 1)"),
    ],
    ids=str,
)
def test_a_coefficient_is_factored_with_shares_as_they_are_read(expression: sp.Basic, written: str) -> None:
    found = round_trip(expression)
    assert found == sp.sympify(written, {str(s.name): s for s in (lam, x, y, n)}) or str(found) == written
    assert not {"lam - 1", "x - 2", "x - 1", "-x + y", "1 - n"} & {str(base) for base in found.atoms(sp.Add)}


@pytest.mark.parametrize(
    "expression",
    [
        A * B,
        A * A.T * u,
        A * B * C,
        C.T * C * C.T,
        u * v.T * C,
        sp.Trace(C),
        sp.Trace(A * B),
        sp.Trace(C * C.T * A * B),
        sp.Trace(C.T * A * B * C) * u,
        sp.OneMatrix(1, k) * C * sp.OneMatrix(k, 1),
        sp.Trace(C) * sp.Trace(A * B) * lam,
        one[0, 0] * A,
    ],
    ids=str,
)
def test_what_forms_chains_is_written_without_indices(expression: sp.Basic) -> None:
    written = round_trip(expression)
    assert not written.has(sp.Sum, sp.FunctionMatrix, sp.Lambda)


def test_the_smallest_chains_are_written_as_they_are() -> None:
    assert round_trip(sp.Trace(C)) == sp.Trace(C)
    assert round_trip(C**2) == sp.MatMul(C, C)
    assert isinstance(round_trip(C**2), sp.MatMul)
    assert round_trip(one[0, 0] * A).has(MatrixElement)
    assert not round_trip(one[0, 0] * A).has(sp.Trace)


def test_the_reciprocal_of_an_entry_is_written_as_an_inverse() -> None:
    for expression in (inverse(one) * u.T, inverse(one)[0, 0] * cubes, cubes * inverse(one + u.T * v)):
        assert round_trip(expression).has(KeptInverse)


def test_a_sum_is_written_in_sympys_order() -> None:
    written = round_trip(v + 2 * u + C * u + A * sp.OneMatrix(h, 1))
    assert isinstance(written, sp.MatAdd)
    assert is_sorted(written)


def test_indices_that_are_written_are_whole_numbers_and_say_nothing_of_where_sums_begin() -> None:
    written = round_trip(cubes * u * v.T + sp.HadamardProduct(C, C))
    indices = written.atoms(sp.Dummy)
    assert {index.name for index in indices} == {"i", "j"}
    assert all(isinstance(index, OwnIndex) and index.is_integer for index in indices)
    reader = Reader()
    reader.expression(written)
    assert reader.expression(sp.Symbol("i", real=True) * u)
    assert reader.expression(sp.Sum(u[i, 0], (i, 1, k)))


def test_what_is_written_at_samples_keeps_them() -> None:
    setting = Setting(indices={i: k, j: k})
    array = setting.meaning(u[i, 0] ** 2 * C[i, j] * sp.KroneckerDelta(i, j))
    assert setting.sympy(array).free_symbols >= {i, j}
