"""Every objective by every symbol: the gradient is what SymPy's scalar differentiation of explicit components gives."""

from __future__ import annotations

import pytest
import sympy as sp

from symmix import Objective, Setting, gradient, jacobian, squared_norm, substitute
from symmix.errors import StatementError
from symmix.notation import J, Jm, Jp, L, W, b, d, h, k, lam, p, r, theta, x, xp, y, yp, z, zm, zp
from symmix.objectives import OBJECTIVES
from tests.oracle import Point
from tests.slow import slow_but

SIZES = [{k: 2, h: 3, p: 4, d: 5}, {k: 3, h: 2, p: 1, d: 4}]
HEAD = (z, zp, zm, W, b, y, yp)


def components(symbol: sp.MatrixSymbol, sizes: dict[sp.Symbol, int]) -> sp.ImmutableMatrix:
    """Return a matrix of scalar symbols in the shape of a matrix symbol."""
    rows, columns = (int(sp.S(size).subs(sizes)) for size in symbol.shape)
    return sp.ImmutableMatrix(rows, columns, lambda i, j: sp.Symbol(f"{symbol.name}_{i}_{j}"))


def loss(name: str, at: dict[sp.MatrixSymbol, sp.ImmutableMatrix]) -> sp.Expr:
    """Return the objective on explicit components, written from its definition, on scalars."""

    def half_square(target: sp.ImmutableMatrix, features: sp.ImmutableMatrix) -> sp.Expr:
        total = sp.S.Zero
        for a in range(target.rows):
            output = at[b][a, 0] + sum(at[W][a, i] * features[i, 0] for i in range(features.rows))
            total += (target[a, 0] - output) ** 2 / 2
        return total

    target = lam * at[y] + (1 - lam) * at[yp]
    if name == "manifold_mixup":
        return -half_square(target, lam * at[z] + (1 - lam) * at[zp])
    if name == "input_mixup":
        return -half_square(target, at[zm])
    return -half_square(at[y], at[z]) - half_square(at[yp], at[zp])


def explicit(
    expression: sp.Basic, at: dict[sp.MatrixSymbol, sp.ImmutableMatrix], sizes: dict[sp.Symbol, int]
) -> sp.Matrix:
    value = Point(sizes, {lam: lam}, at).explicit(expression)
    return value.applyfunc(sp.expand)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("wrt", HEAD, ids=str)
@pytest.mark.parametrize("name", OBJECTIVES)
def test_by_what_the_objective_is_written_in(name: str, wrt: sp.MatrixSymbol, sizes: dict[sp.Symbol, int]) -> None:
    at = {symbol: components(symbol, sizes) for symbol in HEAD}
    scalar, variable = loss(name, at), at[wrt]
    expected = sp.ImmutableMatrix(*variable.shape, lambda i, j: sp.expand(sp.diff(scalar, variable[i, j])))
    meant = not scalar.has(*variable)  # z~ is in one objective alone
    assert explicit(gradient(OBJECTIVES[name](), wrt, constant=meant), at, sizes) == expected


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("name", slow_but(list(OBJECTIVES)[:1], OBJECTIVES))
def test_by_the_parameters_of_an_explicit_encoder(name: str, sizes: dict[sp.Symbol, int]) -> None:
    """The encoder is a map of degree two in theta and in its input, so its Jacobian differs from point to point."""
    at = {symbol: components(symbol, sizes) for symbol in (*HEAD, theta, x, xp)}

    def encode(inputs: sp.ImmutableMatrix) -> sp.ImmutableMatrix:
        rows, count = range(sizes[h]), range(sizes[p])
        return sp.ImmutableMatrix(
            [
                sum((i + j + 1) * at[theta][j, 0] * inputs[(i + j) % sizes[d], 0] for j in count)
                + (i + 1) * at[theta][i % sizes[p], 0] ** 2 * inputs[0, 0] ** 2
                for i in rows
            ]
        )

    mixed = lam * at[x] + (1 - lam) * at[xp]
    features = {z: encode(at[x]), zp: encode(at[xp]), zm: encode(mixed)}
    scalar = loss(name, {**at, **features})
    expected = sp.ImmutableMatrix([sp.expand(sp.diff(scalar, t)) for t in at[theta]])
    slopes = {slope: features[symbol].jacobian(sp.Matrix(at[theta])) for slope, symbol in ((J, z), (Jp, zp), (Jm, zm))}
    found = gradient(OBJECTIVES[name](), theta)
    assert (
        explicit(found, {**at, **features, **{s: sp.ImmutableMatrix(v) for s, v in slopes.items()}}, sizes) == expected
    )


def test_a_jacobian_that_is_given_replaces_the_objectives_own() -> None:
    K = sp.MatrixSymbol("K", h, p)
    mixup = OBJECTIVES["manifold_mixup"]()
    only_first = gradient(mixup, theta, {z: K})
    assert substitute(only_first, mixup.definitions) == only_first
    whole = Setting().meaning(gradient(mixup, theta))
    assert Setting().meaning(gradient(mixup, theta, {z: J, zp: Jp})).expression == whole.expression
    assert only_first.has(K)
    assert not only_first.has(Jp)


def test_what_is_not_listed_is_constant() -> None:
    fit = squared_norm(y - W * z)
    assert gradient(fit, theta, constant=True) == sp.ZeroMatrix(p, 1)
    assert gradient(OBJECTIVES["erm"](), zm, constant=True) == sp.ZeroMatrix(h, 1)
    both = gradient(fit + squared_norm(theta), theta)
    assert both == 2 * theta


@pytest.mark.parametrize("wrt", [theta, zm], ids=str)
def test_a_derivative_of_what_does_not_depend_on_anything_is_refused(wrt: sp.MatrixSymbol) -> None:
    with pytest.raises(StatementError, match=rf"depends on {wrt} to differentiate, or constant=True") as caught:
        gradient(squared_norm(y - W * z), wrt)
    assert "declare a Jacobian" in str(caught.value)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize(("first", "second"), [(z, z), (z, zp), (z, b), (b, b), (zp, y)], ids=str)
def test_a_hessian_is_the_jacobian_of_a_gradient(
    first: sp.MatrixSymbol, second: sp.MatrixSymbol, sizes: dict[sp.Symbol, int]
) -> None:
    at = {symbol: components(symbol, sizes) for symbol in HEAD}
    scalar = loss("manifold_mixup", at)
    rows, columns = at[first], at[second]
    expected = sp.ImmutableMatrix(
        rows.rows, columns.rows, lambda i, j: sp.expand(sp.diff(scalar, rows[i, 0], columns[j, 0]))
    )
    found = jacobian(gradient(OBJECTIVES["manifold_mixup"](), first), second)
    assert tuple(found.shape) == (first.shape[0], second.shape[0])
    assert explicit(found, at, sizes) == expected


def test_a_jacobian_follows_the_chain_rule() -> None:
    assert jacobian(W * z + b, theta, {z: J}) == W * J
    assert jacobian(z, z) == sp.Identity(h)
    assert jacobian(2 * b, z, constant=True) == sp.ZeroMatrix(k, h)


def test_a_jacobian_by_one_parameter_is_a_column() -> None:
    t, K = sp.MatrixSymbol("t", 1, 1), sp.MatrixSymbol("K", h, 1)
    assert jacobian(W * z, t, {z: K}) == W * K
    assert gradient(squared_norm(z) / 2, t, {z: K}) in (sp.Trace(K.T * z), sp.Trace(z.T * K))


def test_an_objective_of_ones_own() -> None:
    """A weighted loss with a penalty: neither the name nor the form is built in."""
    own = Objective("penalised", {L: -squared_norm(r) / 2 - lam * squared_norm(z), r: y - W * z}, {z: J})
    found, by_hand = gradient(own, z), W.T * (y - W * z) - 2 * lam * z
    assert Setting().meaning(found).expression == Setting().meaning(by_hand).expression
    pulled = Setting().meaning(gradient(own, theta)).expression
    assert pulled == Setting().meaning(J.T * by_hand).expression
    assert own.symbol == L
