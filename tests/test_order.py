"""Products and sums are printed in the order in which people write them, and say what was stated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings

from symmix.deciding.frame import Frame
from symmix.errors import SymmixError
from symmix.language import expectation, read
from symmix.notation import E, P, W, a, c, e, erm_loss, kappa, lam, m, m2, n, variance, z, zm, zp
from symmix.printing.indices import renamed
from symmix.printing.latex import LatexPrinter
from symmix.printing.order import Rank, ordered, rank
from symmix.printing.symbols import PLAIN
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.meanings import Names
from tests.trees import Point, UndefinedError, any_expressions

K = sp.Symbol("K", integer=True, positive=True)
i, j = sp.symbols("i j", integer=True)
norm = sp.Trace((E[i, :] - E[j, :]) * (E[i, :] - E[j, :]).T)
later = sp.MatrixSymbol("z_+", z.shape[0], 1)

WRITTEN: list[tuple[sp.Basic, str]] = [
    (erm_loss * (1 - c), r"(1-c)\mathrm{ERM}"),
    (sp.Mul(erm_loss, 1 - c, evaluate=False), r"(1-c)\mathrm{ERM}"),
    (expectation(lam**2, lam, {1: m, 2: m2}) * a, r"a\,\mathbb{E}_{\lambda}[\lambda^{2}]"),
    (
        sp.Sum(norm * P[i, j], (i, 0, n - 1), (j, 0, n - 1)),
        r"\bm{P}_{i j}\,\lVert \bm{E}_{i,:} - \bm{E}_{j,:}\rVert^{2}",
    ),
    (-2 * (later - 2 * zp + z), r"-2\,(\bm{z} - 2\,\bm{z}' + \bm{z}_{+})"),
    (later - 2 * zp + z, r"\bm{z} - 2\,\bm{z}' + \bm{z}_{+}"),
    (variance * (a + 1) / (2 * a * K + 2), r"\frac{(a + 1)V}{2(aK + 1)}"),
    (2 * (a + 1) * variance / (4 * a + 2), r"\frac{(a + 1)V}{2a + 1}"),
    (2 * m - 2 * m2, r"2(\mu_1 - \mu_2)"),
    (1 - 2 * m + m2, r"1 - 2\mu_1 + \mu_2"),
    (c * n * variance / (2 * n - 2), r"\frac{ncV}{2(n - 1)}"),
    ((lam / 2 - sp.Rational(1, 2)) * W * z, r"-\tfrac{1}{2}(1-\lambda)\,\bm{W}\bm{z}"),
    (lam * (1 - lam), r"\lambda(1-\lambda)"),
    (sp.MatMul(W.T, lam, e, evaluate=False), r"\lambda\,\bm{W}^{\mathsf T}\bm{e}"),
    (kappa / (2 * (1 - c)) * sp.Trace(W.T * W), r"\frac{\kappa}{2(1-c)}\,\operatorname{tr}"),
    (1 - c, "1-c"),
    (-c + 1, "1-c"),
    (n - 1, "n - 1"),
    (2 * W * z - 2 * W * zm, r"2\,\bm{W}\bm{z} - 2\,\bm{W}\bm{\tilde{z}}"),
]


@pytest.mark.parametrize(("expression", "latex"), WRITTEN, ids=[latex for _, latex in WRITTEN])
def test_as_people_write_it(expression: sp.Basic, latex: str) -> None:
    written = LatexPrinter(PLAIN).print(read(expression)).replace(r"\bigl", "").replace(r"\bigr", "")
    written = written.replace(r"\Bigl", "").replace(r"\Bigr", "")
    assert latex in written


def normal_form(tree: t.Expression) -> object:
    return Frame.of(s.Setting(), Names.of([tree])).array(tree)


@settings(max_examples=300)
@given(any_expressions())
def test_the_kernel_finds_no_difference(tree: t.Expression) -> None:
    try:
        expected = normal_form(tree)
    except (SymmixError, ZeroDivisionError):  # what divides by zero means nothing in either order
        return
    assert normal_form(ordered(tree)) == expected


@settings(max_examples=300)
@given(any_expressions())
def test_order_changes_no_value_and_is_final(tree: t.Expression) -> None:
    once = ordered(tree)
    assert ordered(once) == once
    try:
        expected = Point().value(tree)
    except UndefinedError:
        return
    assert Point().value(once) == expected


@settings(max_examples=200)
@given(any_expressions())
def test_factors_stand_by_rank_and_matrices_where_they_stood(tree: t.Expression) -> None:
    for node in ordered(tree).walk():
        if isinstance(node, t.Multiply):
            ranks = [rank(factor) for factor in node.factors]
            assert ranks == sorted(ranks)
            assert all(
                factor.shape == t.SCALAR or kind == Rank.MATRIX
                for factor, kind in zip(node.factors, ranks, strict=True)
            )


# -- bound indices ---


def numbered(part: Any, names: Mapping[str, str]) -> Any:
    """Return a part of a tree with the numbered names that a machine gives to bound indices."""
    match part:
        case t.Symbol() | t.Size() | t.Moment():
            return part
        case t.Index(name=name, size=size):
            return t.Index(names.get(name, name), size)
        case str():
            return names.get(part, part)
        case tuple():
            return tuple(numbered(item, names) for item in part)
        case Node():
            return type(part)(*(numbered(item, names) for item in part.parts))
    return part


@settings(max_examples=200)
@given(any_expressions())
def test_numbered_indices_get_letters_and_no_value_changes(tree: t.Expression) -> None:
    bound = sorted({node.name for node in tree.walk() if isinstance(node, t.Index)})
    made = numbered(tree, {name: f"i_{number}" for number, name in enumerate(bound)})
    shown = renamed(made)
    assert renamed(shown) == shown
    left = [node.name for node in shown.walk() if isinstance(node, t.Index)]
    assert all(re.fullmatch("[a-z]", name) for name in left) or len(bound) > 6
    try:
        expected = Point().value(tree)
    except UndefinedError:
        return
    assert Point().value(shown) == expected


def test_letters_that_stand_for_something_are_left_alone() -> None:
    first, second = t.Index("i_1", "n"), t.Index("i_2", "n")
    column = t.Symbol("j", ("n", "1"))
    inner = t.Total((second,), t.Multiply((t.Entry(column, ("i_2", "0")), t.Entry(column, ("i", "0")))))
    tree = t.Total((first,), t.Multiply((t.Entry(column, ("i_1", "0")), inner)))
    assert [node.name for node in renamed(tree).walk() if isinstance(node, t.Index)] == ["l", "q"]


def test_a_double_sum_over_one_size_is_one_sum_over_i_and_j() -> None:
    entry = t.Entry(t.Symbol("P", ("n", "n")), ("j_1", "i_1"))
    tree = t.Total((t.Index("j_1", "n"),), t.Total((t.Index("i_1", "n"),), entry))
    assert LatexPrinter(PLAIN).print(tree) == r"\sum_{i,j=1}^{n}\,\bm{P}_{j i}"
