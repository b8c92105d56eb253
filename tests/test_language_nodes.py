"""Our own nodes survive what SymPy does to expressions, and refuse nonsense at once."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from symmix import squared_norm
from symmix.errors import DimensionError, StatementError, SymmixError, UnsupportedError
from symmix.language import At, Entries, Gradient, Jacobian, expectation, inverse, quotient, read
from symmix.language.inert import shown
from symmix.language.nodes import MatrixExpectation, MatrixQuotient, ScalarExpectation, ScalarQuotient
from symmix.notation import J, W, b, k, lam, m, m2, n, p, s, theta, y, z, zp
from symmix.terms import nodes as t

i, j = sp.symbols("i j", integer=True)
A, u = sp.MatrixSymbol("A", k, k), sp.MatrixSymbol("u", k, 1)
loss = squared_norm(y - W * z)

NODES = {
    "gradient": Gradient(loss, z),
    "gradient through a Jacobian": Gradient(loss, theta, {z: J}),
    "constant gradient": Gradient(loss, theta, constant=True),
    "constant gradient with a Jacobian": Gradient(loss, theta, {zp: J}, constant=True),
    "jacobian": Jacobian(W * z, z),
    "constant jacobian": Jacobian(b, z, constant=True),
    "replaced": At(Gradient(loss, z), {y: W * z}),
    "entries": Entries(k, n, sp.Lambda((i, j), u[i, 0])),
    "scalar expectation": expectation(lam * (1 - lam), lam, {1: m, 2: m2}),
    "matrix expectation": expectation(lam * u, lam, {1: m}),
    "expectation over a vector": expectation(A * u, u, {1: sp.Lambda((i,), y[i, 0])}),
    "quotient": quotient(s, s + 1),
    "matrix quotient": quotient(s * u, s),
    "inverse": inverse(A + A.T),
}


WRONG: tuple[Any, ...] = ([m], {"1": m})  # what no type checker would let pass


@pytest.mark.parametrize("node", NODES.values(), ids=NODES.keys())
def test_a_node_survives_sympy(node: sp.Basic) -> None:
    assert node.func(*node.args) == node
    assert node.doit() == node
    assert node.xreplace({}) == node
    assert node.subs(sp.Symbol("other"), 1) == node
    assert pickle.loads(pickle.dumps(node)) == node  # noqa: S301 - what was just written
    assert read(2 * node) == read(node + node)
    if isinstance(node, sp.MatrixExpr):
        assert node == node.T.T
        assert (node - node).shape == node.shape == tuple(map(sp.S, node.shape))
    else:
        assert node.is_commutative


def test_what_is_replaced_inside_is_replaced() -> None:
    assert Gradient(loss, theta, {z: J}, constant=True).subs(lam, s).constant
    assert Gradient(lam * loss, z).subs(lam, s) == Gradient(s * loss, z)
    assert expectation(lam * s, lam, {1: m}).subs(s, 2) == expectation(2 * lam, lam, {1: m})
    assert quotient(s, lam).subs(lam, 1) == quotient(s, sp.S.One)


@pytest.mark.parametrize("constant", [True, False])
def test_that_a_derivative_is_meant_to_be_constant_is_read(constant: bool) -> None:  # noqa: FBT001 - a case
    for node in (Gradient(loss, z, constant=constant), Jacobian(W * z, z, constant=constant)):
        tree = read(node.func(*node.args))
        assert isinstance(tree, t.Gradient | t.Jacobian)
        assert tree.constant is constant


@pytest.mark.parametrize(
    ("build", "error", "match"),
    [
        (lambda: Gradient(loss, W * z), UnsupportedError, "a matrix symbol to differentiate by"),
        (lambda: Jacobian(y, lam), UnsupportedError, "for a gradient a Symbol"),
        (lambda: Gradient("loss", z), UnsupportedError, "text is never evaluated"),
        (lambda: Gradient(loss, z, {"z": J}), UnsupportedError, "text is never evaluated"),
        (lambda: Gradient(loss, z, [J]), UnsupportedError, "write {z: J}"),
        (lambda: Gradient(loss, z, {}, "yes"), UnsupportedError, "constant=True or False"),
        (lambda: Gradient(y, z), DimensionError, "a scalar to differentiate"),
        (lambda: Gradient(0.5, z), UnsupportedError, "exact numbers"),
        (lambda: Jacobian(lam, W), DimensionError, "a column to differentiate"),
        (lambda: Jacobian(A, z), DimensionError, "a column to differentiate"),
        (lambda: At(loss, "y"), UnsupportedError, "values by symbol"),
        (lambda: Entries(k, k, lam), UnsupportedError, "a Lambda of two indices"),
        (lambda: Entries("k", k, sp.Lambda((i, j), lam)), UnsupportedError, "a size"),
        (lambda: expectation(lam, lam, WRONG[0]), UnsupportedError, "moments by their degree"),
        (lambda: expectation(lam, lam, {-1: m}), StatementError, "whole numbers as degrees"),
        (lambda: expectation(lam, lam, WRONG[1]), StatementError, "whole numbers as degrees"),
        (lambda: expectation(lam, lam, {True: m}), StatementError, "whole numbers as degrees"),
        (lambda: expectation(lam, lam, {1: "m"}), UnsupportedError, "the moment of degree 1"),
        (lambda: expectation("lam", lam, {1: m}), UnsupportedError, "text is never evaluated"),
        (lambda: expectation(lam, "lam", {1: m}), UnsupportedError, "text is never evaluated"),
        (lambda: quotient(1, 0.5), UnsupportedError, "a denominator"),
        (lambda: inverse(W), DimensionError, "a square matrix"),
        (lambda: inverse("A"), UnsupportedError, "a square matrix"),
    ],
)
def test_nonsense_is_refused_where_it_is_built(
    build: Callable[[], object], error: type[SymmixError], match: str
) -> None:
    with pytest.raises(error, match=match):
        build()


def test_a_moment_of_degree_zero_goes_without_saying() -> None:
    with_it, without = (read(expectation(lam, lam, moments)) for moments in ({0: 1, 1: m}, {1: m}))
    assert with_it == without
    assert p in Gradient(loss, theta, constant=True).shape


# -- what they are ---


def test_a_node_is_what_it_was_made_of() -> None:
    half = Fraction(1, 2)
    assert type(expectation(lam, lam, {1: m})) is ScalarExpectation
    assert type(expectation(lam * u, lam, {1: m})) is MatrixExpectation
    assert type(quotient(half, s)) is ScalarQuotient
    assert type(quotient(u, s)) is MatrixQuotient
    assert quotient(half, s).numerator == sp.S.Half
    mean = expectation(s * lam, lam, {2: m2, 1: m})
    assert (mean.averaged, mean.random, list(mean.moments.items())) == (s * lam, lam, [(1, m), (2, m2)])
    assert Jacobian(W * z, z).shape == W.shape
    assert Gradient(loss, theta, {z: J}).jacobians == {z: J}
    assert At(u, {y: z, lam: s}).values == {y: z, lam: s}
    assert Gradient(u.T * u, u).shape == (k, 1)
    assert Gradient(loss, z, {}) == Gradient(loss, z, None) == Gradient(loss, z, sp.Tuple())
    assert not Gradient(loss, z, {}, sp.false).constant


def test_entries_of_a_node_are_kept() -> None:
    node = Gradient(loss, z)
    assert node[i, 0] == MatrixElement(node, i, 0)
    assert At(u, {y: z})[i, 0].args[0] == At(u, {y: z})


@pytest.mark.parametrize("node", NODES.values(), ids=NODES.keys())
def test_sympy_prints_a_node_in_the_middle_of_an_expression(node: Any) -> None:
    assert node._repr_latex_() == rf"$\displaystyle {sp.latex(node)}$"
    assert "?" not in sp.latex(node)


class Unprintable:
    """What fails when it is printed."""

    def __repr__(self) -> str:
        raise ValueError


def test_whatever_arrives_can_be_shown() -> None:
    assert shown("u") == "'u'"
    assert shown(u) == "u"
    assert shown("u" * 400) == "'" + "u" * 299 + "..."
    assert shown("u" * 298) == repr("u" * 298)
    assert shown(Unprintable()) == "something that cannot be printed"


@pytest.mark.parametrize(
    ("build", "required"),
    [
        (lambda: Entries("k", k, sp.Lambda((i, j), lam)), "a size"),
        (lambda: Entries(k, "k", sp.Lambda((i, j), lam)), "a size"),
        (lambda: Entries(k, k, sp.Lambda((i,), lam)), "a Lambda of two indices"),
        (lambda: Gradient("loss", z), "an expression to differentiate"),
        (lambda: Gradient(loss, z, [z]), "Jacobians by symbol"),
        (lambda: Gradient(loss, z, sp.Tuple(z, J)), "Jacobians by symbol"),
        (lambda: Gradient(loss, z, sp.Tuple(sp.Tuple(z))), "Jacobians by symbol"),
        (lambda: Gradient(loss, z, sp.Tuple(sp.ImmutableMatrix([[s], [s]]))), "Jacobians by symbol"),
        (lambda: At("loss", {}), "an expression"),
        (lambda: At(u, [u]), "values by symbol"),
        (lambda: expectation("lam", lam, {1: m}), "an expression to average"),
        (lambda: expectation(lam, "lam", {1: m}), "a random symbol"),
        (lambda: quotient("1", s), "a numerator"),
        (lambda: quotient(1, "s"), "a denominator"),
        (lambda: quotient(1, sp.true), "a denominator"),
        (lambda: quotient(1, denominator=True), "a denominator"),
        (lambda: inverse("A"), "a square matrix"),
    ],
)
def test_what_is_refused_where_it_is_built_is_told_what_belongs_there(
    build: Callable[[], object], required: str
) -> None:
    with pytest.raises(SymmixError) as caught:
        build()
    assert caught.value.required == required
