"""The evaluator against SymPy's own explicit matrices and derivatives, and against moments worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest
import sympy as sp

from symmix.language import At, Entries, Gradient, Jacobian, expectation, inverse, quotient
from tests.fuzz.algebra import Meaningless, Undefined
from tests.fuzz.components import Index, Scope, inverted, matrix, scalar
from tests.fuzz.evaluator import moment

n, d = sp.symbols("n d", integer=True, positive=True)
i, j = sp.symbols("i j", integer=True)
a, xi, m1, m2 = sp.symbols("a xi m1 m2", real=True)
A, B, v, w = (
    sp.MatrixSymbol(name, *shape) for name, shape in (("A", (n, d)), ("B", (d, d)), ("v", (d, 1)), ("w", (d, 1)))
)
SIZES = {n: 3, d: 2}


def point(seed: int = 0) -> Scope:
    random = Random(seed)
    values: dict[sp.Basic, Any] = {**SIZES, a: Fraction(2, 3), xi: 5, m1: Fraction(1, 2), m2: 3}
    for symbol in (A, B, v, w):
        rows, columns = (int(length.subs(SIZES)) for length in symbol.shape)
        values[symbol] = [[random.randint(-4, 4) for _ in range(columns)] for _ in range(rows)]
    return Scope(values)


def explicit(expression: Any, scope: Scope) -> list[list[Any]]:
    """Evaluate by SymPy: explicit symbols, its own matrix algebra, then numbers."""
    tensors = {s: sp.MatrixSymbol(s.name, *(length.subs(SIZES) for length in s.shape)) for s in (A, B, v, w)}
    made = expression.subs(tensors).subs(SIZES).doit().as_explicit()
    numbers = {t[r, c]: scope.of(s)[r][c] for s, t in tensors.items() for r in range(t.rows) for c in range(t.cols)}
    made = made.subs({**numbers, a: sp.Rational(2, 3)})
    return [[Fraction(int(x.p), int(x.q)) for x in made.row(r)] for r in range(made.rows)]


@pytest.mark.parametrize(
    "expression",
    [A * B * v, A.T * A - a * B, (A * B).T, sp.HadamardProduct(v, B * w), B**2 * v, sp.MatMul(2, sp.Transpose(v), B)],
)
def test_products_agree_with_sympy(expression: Any) -> None:
    for seed in range(5):
        assert matrix(expression, point(seed)) == explicit(expression, point(seed))


def test_gradients_agree_with_sympy_on_explicit_components() -> None:
    scope = point(3)
    columns = sp.symbols("x0 x1")
    loss = sp.Trace(v.T * B * v) ** 2 / (1 + sp.Trace(v.T * v))
    x = sp.Matrix(columns)
    square = sp.Matrix(scope.of(B))
    plain = (x.T * square * x)[0] ** 2 / (1 + (x.T * x)[0])
    at = {columns[r]: scope.of(v)[r][0] for r in range(2)}
    gradient = [[sp.diff(plain, c).subs(at)] for c in columns]
    hessian = [[sp.diff(plain, r, c).subs(at) for c in columns] for r in columns]
    assert [[sp.Rational(str(x)) for x in row] for row in matrix(Gradient(loss, v), scope)] == gradient
    second = matrix(Jacobian(Gradient(loss, v), v), scope)
    assert [[sp.Rational(str(x)) for x in row] for row in second] == hessian


def test_definitions_are_unfolded_first_and_replacements_come_after() -> None:
    scope = point()
    defined = Scope(scope.values, definitions={w: 3 * v})
    loss = sp.Trace(w.T * w) / 2
    assert matrix(Gradient(loss, v), defined) == matrix(9 * v, scope)
    assert matrix(At(Gradient(sp.Trace(v.T * w), v), {w: v}), scope) == matrix(v, scope)
    assert matrix(Gradient(sp.Trace(v.T * v), v), scope) == matrix(2 * v, scope)


def test_declared_jacobians_are_followed() -> None:
    scope = point()
    assert matrix(Gradient(sp.Trace(w.T * w) / 2, v, {w: B}), scope) == matrix(B.T * w, scope)


def test_expectations_take_moments_of_what_is_polynomial() -> None:
    scope = point()
    means = {1: m1, 2: m2}
    assert scalar(expectation(a * xi**2 - xi + 4, xi, means), scope) == Fraction(2, 3) * 3 - Fraction(1, 2) + 4
    assert scalar(xi * expectation(xi, xi, means), scope) == Fraction(5, 2)
    assert matrix(expectation(Gradient(xi * sp.Trace(v.T * v), v), xi, means), scope) == matrix(2 * m1 * v, scope)
    with pytest.raises(Meaningless):
        scalar(expectation(1 / (1 + xi), xi, means), scope)
    with pytest.raises(Meaningless):
        scalar(expectation(xi**3, xi, means), scope)


def test_expectations_over_a_matrix_take_its_entries_apart() -> None:
    second = sp.Lambda((i, j), sp.KroneckerDelta(i, j))
    node = expectation(sp.Trace(v.T * B * v), v, {2: second})
    assert scalar(node, point()) == scalar(sp.Trace(B), point())
    crooked = expectation(sp.Trace(v.T * v), v, {2: sp.Lambda((i, j), w[i, 0])})
    with pytest.raises(Undefined):
        moment(crooked, [(0, 0), (1, 0)], point())


def test_sums_deltas_and_entries_mean_what_they_say() -> None:
    scope = point()
    entries = Entries(d, d, sp.Lambda((i, j), sp.KroneckerDelta(i, j) * v[i, 0]))
    assert matrix(entries, scope) == matrix(sp.DiagMatrix(v), scope)
    assert scalar(sp.Sum(v[i, 0], (i, 1, d)), scope) == scalar(sp.Sum(v[i, 0], (i, 0, d - 1)), scope)
    assert scalar(sp.Sum(sp.KroneckerDelta(i, d), (i, 0, d - 1)), scope) == 0
    assert scalar(sp.Sum(v[i, 0] * sp.Sum(w[i, 0], (i, 0, d - 1)), (i, 0, d - 1)), scope) == scalar(
        sp.Sum(v[i, 0], (i, 0, d - 1)), scope
    ) * scalar(sp.Sum(w[j, 0], (j, 0, d - 1)), scope)
    sample = Scope(scope.values, {i: Index(1)}, {i: Index(1)})
    assert matrix(A[:, i], sample) == [[row[1]] for row in scope.of(A)]


def test_inverses_and_quotients_are_exact() -> None:
    assert inverted([[2, 1], [1, 1]]) == [[1, -1], [-1, 2]]
    with pytest.raises(Undefined):
        inverted([[1, 2], [2, 4]])
    with pytest.raises(Undefined):
        scalar(1 / (a - m1), Scope({a: 1, m1: 1}))
    with pytest.raises(Undefined):
        scalar(quotient(a, a), Scope({a: 0}))
    scope = point(4)
    assert matrix(inverse(B) * B, scope) == [[1, 0], [0, 1]]
    by_hand = matrix(-1 * (inverse(B) * inverse(B)).T, scope)
    assert matrix(Gradient(sp.Trace(inverse(B)), B), scope) == by_hand
