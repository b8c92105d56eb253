"""Reading, writing and reading again keeps the normal form; random expressions also have the value that SymPy gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.tensor.array.expressions import ArrayElement, ArraySymbol

from symmix import Setting
from symmix.kernel.arrays import COLUMN, ROW, Array
from symmix.kernel.networks import Expression
from symmix.kernel.products import Factor, Tensor, delta_factor
from symmix.kernel.scalars import Polynomial
from symmix.language import Reader, Writer, inverse, quotient
from symmix.language.nodes import KeptInverse
from symmix.meaning import Meaning
from symmix.notation import h, k, lam, n
from symmix.terms.meanings import Names
from tests.expressions import any_expressions
from tests.oracle import Point, assert_same_value


def assert_same(one: Array, other: Array, meaning: Meaning) -> None:
    """Compare normal forms; where something is divided by, behind clearing denominators, which decides equality."""
    assert one.shape == other.shape
    assert one == other or meaning.cleared(one.expression - other.expression).is_zero


def round_trip(expression: sp.Basic, indices: Mapping[sp.Symbol, sp.Basic] | None = None) -> sp.Basic:
    """Read, write and read again; return what was written."""
    setting = Setting(indices=indices or {})
    array = setting.meaning(expression)
    written = setting.sympy(array)
    trees = [setting.reader.expression(node) for node in (expression, written)]
    stated = setting.tree(trees)
    meaning = Meaning(Names.of([*stated.conditions, *trees], stated.indices))
    assert_same(meaning.array(trees[0]), meaning.array(trees[1]), meaning)
    anew = Reader(indices or {})  # what is written says it all
    assert anew.expression(written) == trees[1]
    return written


@settings(max_examples=200)
@given(any_expressions())
def test_writing_and_reading_again_keeps_the_normal_form(expression: Any) -> None:
    round_trip(expression)


@settings(max_examples=120)
@given(any_expressions(), st.integers(0, 3))
def test_a_random_expression_has_the_value_that_sympy_gives(expression: Any, seed: int) -> None:
    for sizes in ({k: 2, h: 3, n: 4}, {k: 2, h: 1, n: 3}):
        assert_same_value(Setting(), expression, Point.drawn(sizes, expression, seed=seed))


# -- kernel expressions that no matrix product gives ---

DIMS = ("k", "h")
TENSORS = [
    *(Tensor(f"s{c}", ()) for c in "12"),
    *(Tensor(f"u{d}{c}", (d,)) for d in DIMS for c in "12"),
    *(Tensor(f"M{r}{c}", (r, c)) for r in DIMS for c in DIMS),
]


@st.composite
def products(draw: st.DrawFn, free: dict[str, str]) -> tuple[Polynomial, list[Factor]]:
    """Draw a product: rings, hyperedges, dangling indices, deltas, and free indices in every place."""
    factors = []
    for tensor in draw(st.lists(st.sampled_from(TENSORS), max_size=4)):
        indices: list[str | int] = []
        for dim in tensor.dims:
            choices: list[str | int] = [i for i, d in free.items() if d == dim]
            choices += [DIMS.index(dim) * 3 + number for number in range(3)]
            indices.append(draw(st.sampled_from(choices)))
        factors.append(Factor(tensor, tuple(indices)))
    names = [i for i in free if free[i] == "k"]
    if len(names) == 2 and draw(st.booleans()):
        factors.append(delta_factor(names[0], names[1], "k"))
    scale = Polynomial.constant(draw(st.sampled_from((1, 2, -1, -3))))
    for name, power in draw(
        st.dictionaries(st.sampled_from(("n", "k", "lam")), st.integers(-2, 2), max_size=2)
    ).items():
        scale = scale * Polynomial.variable(name, power)
    if draw(st.booleans()):
        scale = scale * (1 - Polynomial.variable("lam"))
    return scale, factors


@st.composite
def arrays(draw: st.DrawFn) -> Array:
    """Draw an array of any shape."""
    rows, columns = (draw(st.sampled_from((None, *DIMS))) for _ in range(2))
    free = {slot: dim for slot, dim in ((ROW, rows), (COLUMN, columns)) if dim is not None}
    return Array(Expression(free, draw(st.lists(products(free), max_size=3))), rows, columns)


def reader_of_the_tensors() -> Reader:
    reader = Reader()
    sizes = {"k": k, "h": h}
    for name, dims, _ in TENSORS:
        rows, columns = [*(sizes[d] for d in dims), 1, 1][:2]
        reader.expression(sp.MatrixSymbol(name, rows, columns))
    for symbol in (n, k, h, lam):
        reader.expression(symbol)
    return reader


@settings(max_examples=300)
@given(arrays())
def test_what_the_kernel_can_say_can_be_written(array: Array) -> None:
    reader = reader_of_the_tensors()
    tree = reader.expression(Writer(reader).write(array))
    assert Meaning(Names.of([tree])).array(tree) == array


def test_reciprocals_survive() -> None:
    u = sp.MatrixSymbol("u", k, 1)
    for expression in (u / n, u / (n - 1), n * u / (n - 1) ** 2 + u / n**3, u / ((n - 1) * (n + 1))):
        round_trip(expression)


def test_inverses_and_quotients_survive() -> None:
    square, u, s = sp.MatrixSymbol("A", k, k), sp.MatrixSymbol("u", k, 1), sp.Symbol("s", real=True)
    for expression in (
        square * inverse(square),
        inverse(square + square.T) * u,
        sp.Trace(inverse(square)) * u,
        sp.Trace(inverse(inverse(square) + square) * square),
        inverse(square).T * u,
        quotient(u, s) + u / (s + 1),
        sp.HadamardProduct(inverse(square), square),
    ):
        written = round_trip(expression)
        assert written.has(KeptInverse) == expression.has(KeptInverse)


def test_sample_indices_keep_their_symbols() -> None:
    i, j, data = sp.Symbol("i"), sp.Symbol("j"), sp.MatrixSymbol("E", n, k)
    for expression in (data[i, :], data[i, :].T * data[j, :], sp.KroneckerDelta(i, j), data * data[i, :].T):
        assert i in round_trip(expression, {i: n, j: n}).free_symbols


def test_entries_of_arrays_survive() -> None:
    i, j, u = sp.Symbol("i", integer=True), sp.Symbol("j", integer=True), sp.MatrixSymbol("u", k, 1)
    cube = ArraySymbol("T", (k, k, h))
    total = sp.Sum(cube[i, i, j] * u[i, 0], (i, 0, k - 1), (j, 0, h - 1))
    assert round_trip(total).has(ArrayElement)
    assert round_trip(total * u + u).has(ArrayElement)


def test_sums_are_written_as_the_theorem_counts() -> None:
    """A theorem that counts from 1 is not told that it mixes conventions by what was written for it."""
    i, u = sp.Symbol("i", integer=True), sp.MatrixSymbol("u", k, 1)
    written = round_trip(sp.Sum(u[i, 0] ** 3, (i, 1, k)))
    assert [tuple(limit)[1:] for limit in written.limits] == [(1, k)]


def test_zero_and_one_are_written_in_their_shapes() -> None:
    for shape in ((k, h), (k, 1), (1, h)):
        assert round_trip(sp.ZeroMatrix(*shape)) == sp.ZeroMatrix(*shape)
    assert round_trip(sp.ZeroMatrix(1, 1)) == 0
    assert round_trip(sp.OneMatrix(k, 1)) == sp.OneMatrix(k, 1)


def test_a_chain_is_written_as_a_product() -> None:
    u, v, square = sp.MatrixSymbol("u", k, 1), sp.MatrixSymbol("v", h, 1), sp.MatrixSymbol("A", k, h)
    for expression in (
        square * v,
        square.T * u,
        square * square.T * u,
        u * v.T,
        sp.Trace(square * v * u.T) * u,
        u * (square * v).T,
    ):
        written = round_trip(expression)
        assert not written.has(sp.Sum)
        assert not written.has(sp.FunctionMatrix)
