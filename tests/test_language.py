"""Every kind of node is read as what it means: compared with SymPy's value on explicit matrices."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.tensor.array.expressions import ArrayElement, ArraySymbol

from symmix import Setting
from symmix.kernel.arrays import COLUMN, ROW, Array, tensor
from symmix.kernel.networks import entry
from symmix.notation import h, k, lam, n
from tests.oracle import Point, assert_same_value, read

A, B = sp.MatrixSymbol("A", k, h), sp.MatrixSymbol("B", h, k)
C, D = sp.MatrixSymbol("C", k, k), sp.MatrixSymbol("D", k, k)
E, F = sp.MatrixSymbol("E", n, k), sp.MatrixSymbol("F", n, k)
P = sp.MatrixSymbol("P", n, n)
u, v, w = sp.MatrixSymbol("u", k, 1), sp.MatrixSymbol("v", k, 1), sp.MatrixSymbol("w", h, 1)
row = sp.MatrixSymbol("q", 1, k)
one = sp.MatrixSymbol("m", 1, 1)
mu = sp.Symbol("mu")
i, j, t = sp.symbols("i j t", integer=True)

SIZES = [{k: 2, h: 3, n: 4}, {k: 3, h: 1, n: 2}]

NODES: dict[str, sp.Basic] = {
    "matrix symbol": A,
    "column symbol": u,
    "row symbol": row,
    "1x1 symbol": one,
    "sum": A + B.T,
    "sum with a row": row + u.T,
    "product": A * B * C,
    "outer product": u * w.T,
    "transpose of a product": (A * B).T,
    "scalar multiple": lam * (1 - mu) * A,
    "rational multiple": sp.Rational(2, 3) * A - A / 7,
    "negative sum": -(u + v),
    "trace": sp.Trace(A * B * C),
    "trace of a sum": sp.Trace(C.T + D) ** 2,
    "trace in a matrix": sp.Trace(C) * A,
    "1x1 product as a scalar": (u.T * C * v)[0, 0] * A,
    "1x1 symbol as a scalar": one[0, 0] * A,
    "1x1 matrix times a row": u.T * v * row,
    "1x1 sum": one + u.T * v,
    "1x1 power": one**3 + one**0,
    "scalar symbol": lam,
    "size as a scalar": n * A / k,
    "rational": sp.Rational(-7, 3),
    "zero": sp.S.Zero,
    "scalar sum": lam + mu - 2,
    "scalar product": lam * mu * (1 - lam),
    "scalar power": (lam + mu) ** 3,
    "reciprocal of a size": A / n,
    "reciprocal of a sum": A / (n + 1) + A / (n + 1) ** 2,
    "reciprocal of a reciprocal": lam / (1 + 1 / (n + 1)),
    "Hadamard product": sp.HadamardProduct(A, B.T, A),
    "Hadamard product of columns": sp.HadamardProduct(u, C * v),
    "Hadamard power": sp.HadamardPower(A, 3),
    "diagonal matrix of a column": DiagMatrix(u) * A,
    "diagonal matrix of a row": DiagMatrix(row) * A,
    "diagonal matrix of a product": DiagMatrix(C * u),
    "diagonal matrix of 1x1": DiagMatrix(one),
    "diagonal of a matrix": DiagonalOf(C),
    "diagonal of a product": DiagonalOf(A * B),
    "diagonal part of a matrix": DiagonalMatrix(C * D),
    "matrix power": C**3,
    "matrix power zero": C**0 + D,
    "identity": sp.Identity(k) + C,
    "identity 1x1": sp.Identity(1) + one,
    "ones": sp.OneMatrix(k, h) + A,
    "ones column and row": sp.OneMatrix(1, k) * u,
    "zero matrix": sp.ZeroMatrix(k, h) + A,
    "zero alone": sp.ZeroMatrix(k, h),
    "ones alone": sp.OneMatrix(k, 1),
    "sum of entries": sp.Sum(u[i, 0], (i, 0, k - 1)),
    "sum of products of entries": sp.Sum(A[i, j] * B[j, i], (i, 0, k - 1), (j, 0, h - 1)),
    "sum of cubes of entries": sp.Sum(u[i, 0] ** 3, (i, 0, k - 1)),
    "sum over a diagonal": sp.Sum(C[i, i] * u[i, 0], (i, 0, k - 1)),
    "sum with a constant": sp.Sum(lam, (i, 0, n - 1)),
    "sum with a constant term": sp.Sum(u[i, 0] + lam, (i, 0, k - 1)),
    "sum in a sum": sp.Sum(u[i, 0] * sp.Sum(v[j, 0] + u[i, 0], (j, 0, k - 1)), (i, 0, k - 1)),
    "sum that shadows an index": sp.Sum(u[i, 0] * sp.Sum(v[i, 0], (i, 0, k - 1)), (i, 0, k - 1)),
    "product of sums": sp.Sum(u[i, 0], (i, 0, k - 1)) * sp.Sum(v[i, 0], (i, 0, k - 1)),
    "power of a sum": sp.Sum(u[i, 0], (i, 0, k - 1)) ** 2,
    "weighted pairs": sp.Sum(P[i, j] * E[i, t] * F[j, t], (t, 0, k - 1), (i, 0, n - 1), (j, 0, n - 1)) / n,
    "entries of a product": sp.Sum((E * C)[i, j] * F[i, j], (i, 0, n - 1), (j, 0, k - 1)),
    "entries of a transpose": sp.Sum(A.T[i, j] * B[i, j], (i, 0, h - 1), (j, 0, k - 1)),
    "Kronecker delta": sp.Sum(sp.KroneckerDelta(i, j) * u[i, 0] * v[j, 0], (i, 0, k - 1), (j, 0, k - 1)),
    "Kronecker delta alone": sp.Sum(sp.KroneckerDelta(i, j), (i, 0, n - 1), (j, 0, n - 1)),
    "distinct pairs": sp.Sum((1 - sp.KroneckerDelta(i, j)) * u[i, 0] * v[j, 0], (i, 0, k - 1), (j, 0, k - 1)),
    "row slices": sp.Sum((E[i, :] * C * F[i, :].T)[0, 0], (i, 0, n - 1)),
    "function matrix": sp.FunctionMatrix(k, h, sp.Lambda((i, j), A[i, j] * u[i, 0] + lam)),
    "function matrix transposed": sp.FunctionMatrix(k, h, sp.Lambda((i, j), B[j, i])),
    "function column": sp.FunctionMatrix(k, 1, sp.Lambda((i, j), C[i, i] * u[i, 0])),
    "function row": sp.FunctionMatrix(1, k, sp.Lambda((i, j), u[j, 0] + row[0, j])),
    "function matrix of one index": sp.FunctionMatrix(k, h, sp.Lambda((i, j), u[i, 0])),
    "function matrix of none": sp.FunctionMatrix(k, h, sp.Lambda((i, j), lam)),
    "function matrix with a delta": sp.FunctionMatrix(k, k, sp.Lambda((i, j), sp.KroneckerDelta(i, j) * u[j, 0])),
    "function matrix with a sum": sp.FunctionMatrix(k, k, sp.Lambda((i, j), sp.Sum(A[i, t] * B[t, j], (t, 0, h - 1)))),
}


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("expression", NODES.values(), ids=NODES.keys())
def test_a_node_is_read_as_what_it_means(expression: sp.Basic, sizes: dict[sp.Symbol, int]) -> None:
    for seed in range(2):
        assert_same_value(Setting(), expression, Point.drawn(sizes, expression, seed=seed))


SAMPLED: dict[str, sp.Basic] = {
    "entry": sp.Sum(E[i, j] ** 2, (j, 0, k - 1)),
    "row": E[i, :] * C,
    "column": P[:, i],
    "rows side by side": E[i, :].T * F[t, :],
    "beside a constant": sp.Sum(E[i, j] * u[j, 0], (j, 0, k - 1)) + lam,
    "scaled matrix": P[i, t] * C,
    "delta": sp.KroneckerDelta(i, t) * lam + P[i, i],
    "column minus constant column": E[i, :].T - u,
}


@pytest.mark.parametrize("expression", SAMPLED.values(), ids=SAMPLED.keys())
def test_sample_indices_are_free(expression: sp.Basic) -> None:
    for first, second in ((0, 0), (1, 3)):
        point = Point.drawn(SIZES[0], expression, at={i: first, t: second})
        assert_same_value(Setting(indices={i: n, t: n}), expression, point)


def array(expression: sp.Basic, setting: Setting | None = None) -> Array:
    return read(setting or Setting(), expression)[0]


def test_a_sum_may_start_at_one() -> None:
    """Samples are numbered from 0 or from 1; either way the sum runs over all of them."""
    zero, from_one = (sp.Sum(u[i, 0] * v[i, 0], limits) for limits in ((i, 0, k - 1), (i, 1, k)))
    assert array(zero) == array(from_one)


def test_elements_of_arrays_are_read() -> None:
    cube = ArraySymbol("T", (k, n, n))
    found = array(sp.Sum(ArrayElement(cube, (i, j, j)) * u[i, 0], (i, 0, k - 1), (j, 0, n - 1)))
    by_hand = entry(tensor("T", ("k", "n", "n")), "a", "b", "b") * entry(tensor("u", ("k", "1")), "a")
    assert found == Array(by_hand.sum("a", "b"))


def test_a_size_of_one_is_no_axis() -> None:
    assert array(one).expression.free == {}
    assert array(u).expression.free == {ROW: "k"}
    assert array(row).expression.free == {COLUMN: "k"}
    assert array(A).expression.free == {ROW: "k", COLUMN: "h"}
    assert [array(x).shape for x in (one, u, row, A)] == [("1", "1"), ("k", "1"), ("1", "k"), ("k", "h")]
    assert array(u).transposed.transposed == array(u)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (sp.Trace(A * B), sp.Trace(B * A)),
        (sp.Trace(C.T), sp.Trace(C)),
        (sp.Trace(u * v.T), (v.T * u)[0, 0]),
        ((C + D) ** 2, C * C + C * D + D * C + D * D),
        (sp.HadamardProduct(u, v), DiagMatrix(u) * v),
        (DiagonalOf(C), sp.HadamardProduct(C, sp.Identity(k)) * sp.OneMatrix(k, 1)),
        (sp.Trace(C * C * D), sp.Trace(D.T * C.T * C.T)),
        (sp.OneMatrix(1, k) * sp.OneMatrix(k, 1), k * sp.Identity(1)),
        (sp.Trace(sp.Identity(k)), k),
        (sp.Sum(u[i, 0] * v[i, 0], (i, 0, k - 1)), sp.Trace(u * v.T)),
    ],
)
def test_what_sympy_does_not_see_as_equal_has_one_normal_form(left: sp.Basic, right: sp.Basic) -> None:
    assert array(left).expression == array(right).expression
    assert left != right


def test_matrices_do_not_commute() -> None:
    assert array(C * D) != array(D * C)
    assert array(sp.Trace(C * C * D * D)) != array(sp.Trace(C * D * C * D))
    assert array(u * v.T) != array(v * u.T)
