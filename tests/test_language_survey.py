"""The first look at an expression: what is free in it, which sizes it has, and whether it is small enough."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy.core.symbol import Str
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import ArrayElement, ArraySymbol

from symmix.errors import DimensionError, NotationError, UnsupportedError
from symmix.language import Entries, ForAll, Reader, expectation, read
from symmix.language.survey import MAX_DEPTH, MAX_NODES, Survey
from symmix.notation import h, k, lam, n
from symmix.terms import nodes as t
from symmix.terms import statements as s

i, j = sp.symbols("i j", integer=True)
u, A = sp.MatrixSymbol("u", k, 1), sp.MatrixSymbol("A", k, h)
T = ArraySymbol("T", (n, n, k))
x = sp.Symbol("x", real=True)


def unchecked(node: type, *args: object) -> sp.Basic:
    return sp.Basic.__new__(node, *args)


@pytest.mark.parametrize(
    ("expression", "free", "sizes"),
    [
        (A, {A, k, h}, {k, h}),
        (T, {T, n, k}, {n, k}),
        (lam * u[i, 0], {lam, u, k, i}, {k}),
        (sp.Sum(u[i, 0] * u[j, 0], (i, 0, k - 1)), {u, k, j}, {k}),
        (sp.Sum(lam, (i, 0, n - 1)), {lam, n}, {n}),
        (sp.Sum(lam, (i, 1, n)), {lam, n}, {n}),
        (sp.Sum(lam, (i, 0, n - 1), (j, 0, h - 1)), {lam, n, h}, {n, h}),
        (unchecked(sp.Sum, lam, sp.Tuple(i)), {lam}, set()),
        (sp.Identity(n), {n}, {n}),
        (sp.ZeroMatrix(n, k), {n, k}, {n, k}),
        (sp.OneMatrix(n, k), {n, k}, {n, k}),
        (sp.FunctionMatrix(n, k, sp.Lambda((i, j), x)), {n, k, x}, {n, k}),
        (Entries(n, k, sp.Lambda((i, j), x)), {n, k, x}, {n, k}),
        (sp.Lambda((i,), u[i, 0] + x), {u, k, x}, {k}),
    ],
    ids=lambda value: "sizes" if isinstance(value, set) else str(value),  # the order of a set is another each time
)
def test_what_is_free_and_what_is_a_size(expression: sp.Basic, free: set[sp.Basic], sizes: set[sp.Basic]) -> None:
    survey = Survey()
    assert survey.free(expression) == free
    assert survey.sizes == sizes


def test_how_deep_and_how_large_an_expression_may_be() -> None:
    assert (MAX_DEPTH, MAX_NODES) == (120, 50_000)
    deep: sp.Basic = u
    for _ in range(MAX_DEPTH - 1):
        deep = unchecked(sp.MatAdd, deep)
    assert Survey().free(deep) == {u, k}
    wide: sp.Basic = u
    for _ in range(MAX_DEPTH - 1):
        wide = unchecked(sp.MatAdd, wide, u, u)
    assert Survey().free(wide) == {u, k}
    with pytest.raises(UnsupportedError, match="one of 121 nodes, 121 inside of each other"):
        Survey().free(unchecked(sp.MatAdd, deep))
    assert Survey().free(unchecked(sp.MatAdd, *[u] * (MAX_NODES - 1))) == {u, k}
    with pytest.raises(UnsupportedError, match="one of 50001 nodes, 2 inside of each other"):
        Survey().free(unchecked(sp.MatAdd, *[u] * MAX_NODES))


@pytest.mark.parametrize(
    "wrong",
    [
        unchecked(ArraySymbol, Str("T"), A),
        unchecked(ArrayElement, T, A),
        unchecked(sp.Sum, lam, A),
        unchecked(sp.Sum, lam, sp.Tuple(i, 0, n - 1), A),
        unchecked(MatrixSlice, A, A, sp.Tuple(0, 1, 1)),
        unchecked(MatrixSlice, A, sp.Tuple(0, 1, 1), A),
    ],
    ids=range(6),
)
def test_a_matrix_where_a_tuple_belongs_is_refused_before_anybody_iterates_over_it(wrong: sp.Basic) -> None:
    with pytest.raises(UnsupportedError) as caught:
        read(wrong)
    assert caught.value.arrived == f"a malformed {type(wrong).__name__}"


def test_a_number_of_python_among_the_parts_is_read() -> None:
    assert read(unchecked(sp.MatMul, 3, u)) == read(3 * u)


@pytest.mark.parametrize("indices", [(i, j), ((i, k), (j, h)), [[i, k], [j, h]], sp.Tuple(i, j)], ids=str)
def test_indices_that_are_bound_together_keep_their_names(indices: object) -> None:
    (found,) = Reader().hypotheses([ForAll(indices, A[i, j])])
    assert isinstance(found, s.ForAll)
    assert found.indices == (t.Index("i", "k"), t.Index("j", "h"))


# -- symbols that are to be averaged over, and sizes ---


def test_a_whole_number_can_be_random_and_a_size_can_not() -> None:
    whole = sp.Symbol("N", integer=True, positive=True)
    tree = read(expectation(whole * x, whole, {1: lam}))
    assert isinstance(tree, t.Expectation)
    assert tree.random == t.Symbol("N")
    for reader, size in ((Reader(), k), (Reader({i: whole}), whole)):
        with pytest.raises(UnsupportedError) as caught:
            reader.expression(expectation(size * sp.Trace(sp.OneMatrix(k, k)), size, {1: lam}))
        assert caught.value.required == "a symbol to average over"
        assert caught.value.remedy == "declare a symbol that is no size"


def test_a_name_outside_of_the_alphabet_is_refused_as_what_it_names() -> None:
    letter = sp.Symbol("\u03bb", real=True)
    for expression, role in (
        (sp.MatrixSymbol("X", sp.Symbol("\u03bb"), 1), "a size"),
        (sp.MatrixSymbol("\u03bb", k, 1), "a symbol"),
        (expectation(letter, letter, {1: lam}), "a symbol"),
        (u[sp.Symbol("\u03bb", integer=True), 0], "an index"),
    ):
        with pytest.raises(NotationError, match=f"the name of {role}:"):
            read(expression)


def test_one_is_a_size_where_it_is_exact() -> None:
    for size in (1, sp.S.One):
        with pytest.raises(DimensionError):
            Reader({i: size}).expression(u[i, 0])
    with pytest.raises(UnsupportedError, match="a size that is a symbol, or a number from 1 to 9"):
        Reader({i: 1.0})
