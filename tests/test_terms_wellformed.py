"""Every rule of what is well formed says no, and says why."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import FrozenInstanceError, replace
from fractions import Fraction
from typing import Any

import pytest

from symmix.errors import DimensionError, NotationError, StatementError, SymmixError, UnsupportedError
from symmix.terms import nodes as t
from symmix.terms.base import Node, node
from symmix.terms.meanings import Names, Scope
from symmix.terms.names import MAX_NAME, is_name, is_size, require_name
from symmix.terms.wellformed import MAX_DEPTH, MAX_POWER, require_scalar, require_well_formed

W, A, x, y = t.Symbol("W", ("k", "h")), t.Symbol("A", ("h", "h")), t.Symbol("x", ("h", "1")), t.Symbol("y", ("k", "1"))
T, J, one = t.Symbol("T", ("k", "h", "h")), t.Symbol("J", ("k", "h")), t.Symbol("c", ("1", "1"))
lam, mu = t.Symbol("lam"), t.Symbol("mu")
i, j = t.Index("i", "h"), t.Index("j", "h")
TWO, ZERO = t.Number(Fraction(2)), t.Number(Fraction(0))
trace = t.Trace(A)


def shape(tree: t.Expression, free: dict[str, str] | None = None, definitions: t.Pairs = ()) -> t.Shape:
    indices = [t.Index(name, size) for name, size in (free or {}).items()]
    names = Names.of([tree], indices, definitions)
    return require_well_formed(tree, Scope(names, dict(names.free)))


def moment(degree: int, *indices: str, value: t.Expression = TWO) -> t.Moment:
    return t.Moment(degree, indices, value)


def mean(of: t.Expression, random: t.Symbol, *moments: t.Moment) -> t.Expectation:
    return t.Expectation(of, random, moments)


WELL: list[tuple[t.Expression, t.Shape]] = [
    (TWO, t.SCALAR),
    (t.Size("n"), t.SCALAR),
    (W, ("k", "h")),
    (lam, t.SCALAR),
    (one, t.SCALAR),
    (t.Add((x, t.Multiply((A, x)))), ("h", "1")),
    (t.Add((lam, one, trace)), t.SCALAR),
    (t.Multiply((lam, W, one, A, x)), ("k", "1")),
    (t.Multiply((lam, mu)), t.SCALAR),
    (t.Multiply((t.Transpose(x), x)), t.SCALAR),
    (t.Multiply((x, t.Transpose(y))), ("h", "k")),
    (t.Quotient(W, t.Add((lam, t.Size("n")))), ("k", "h")),
    (t.Quotient(lam, mean(lam, mu, moment(1))), t.SCALAR),
    (t.Power(A, 0), ("h", "h")),
    (t.Power(lam, MAX_POWER), t.SCALAR),
    (t.Hadamard((W, W)), ("k", "h")),
    (t.Transpose(W), ("h", "k")),
    (trace, t.SCALAR),
    (t.Diagonal(A), ("h", "1")),
    (t.DiagonalMatrix(x), ("h", "h")),
    (t.DiagonalMatrix(t.Transpose(x)), ("h", "h")),
    (t.Inverse(A), ("h", "h")),
    (t.Identity("h"), ("h", "h")),
    (t.Ones("k", "1"), ("k", "1")),
    (t.Zeros("1", "k"), ("1", "k")),
    (t.Total((i,), t.Entry(x, ("i", "0"))), t.SCALAR),
    (t.Entry(lam, ("0", "0")), t.SCALAR),
    (t.Total((i, j), t.Delta("i", "j")), t.SCALAR),
    (t.Total((t.Index("a", "k"), i, j), t.Entry(T, ("a", "i", "j"))), t.SCALAR),
    (t.ByEntries(t.Index("a", "k"), i, t.Entry(W, ("a", "i"))), ("k", "h")),
    (t.ByEntries(None, i, t.Entry(x, ("i", "0"))), ("1", "h")),
    (t.ByEntries(i, None, t.Entry(t.Slice(A, "i", ":"), ("0", "i"))), ("h", "1")),
    (t.ByEntries(i, None, t.Entry(t.Slice(A, ":", "i"), ("i", "0"))), ("h", "1")),
    (t.ByEntries(i, None, t.Total((j,), t.Entry(A, ("i", "j")))), ("h", "1")),
    (t.Gradient(t.Multiply((t.Transpose(x), x)), x), ("h", "1")),
    (t.Gradient(trace, A), ("h", "h")),
    (t.Jacobian(t.Multiply((W, x)), x), ("k", "h")),
    (t.Jacobian(y, x, ((y, J),)), ("k", "h")),
    (t.Jacobian(y, x, ((y, J), (J, T))), ("k", "h")),
    (t.Gradient(lam, x, ((one, t.Symbol("Q", ("1", "h"))),), constant=True), ("h", "1")),
    (t.At(t.Multiply((lam, W)), ((lam, t.Add((lam, TWO))),)), ("k", "h")),
    (t.At(W, ((x, t.Multiply((TWO, x))), (y, t.Zeros("k", "1")))), ("k", "h")),
    (mean(t.Power(lam, 2), lam, moment(1), moment(2, value=mu)), t.SCALAR),
    (mean(W, W, moment(1, "a", "b", value=TWO)), ("k", "h")),
    (mean(W, x, moment(2, "a", "b", value=t.Delta("a", "b"))), ("k", "h")),
    (mean(t.Quotient(lam, mu), lam, moment(1)), t.SCALAR),
]


@pytest.mark.parametrize(("tree", "expected"), WELL)
def test_well_formed_trees_have_a_shape(tree: t.Expression, expected: t.Shape) -> None:
    assert shape(tree) == expected == tree.shape


def test_entries_at_sample_indices() -> None:
    assert shape(t.Entry(x, ("s", "0")), {"s": "h"}) == t.SCALAR
    assert shape(t.Slice(W, "s", ":"), {"s": "k"}) == ("1", "h")
    assert shape(t.Slice(W, ":", "s"), {"s": "h"}) == ("k", "1")
    assert shape(t.Slice(x, ":", "0")) == ("h", "1")
    assert shape(t.Delta("s", "r"), {"s": "k", "r": "k"}) == t.SCALAR
    assert shape(t.Total((i,), t.Delta("i", "s")), {"s": "h"}) == t.SCALAR


def deep(count: int) -> t.Expression:
    tree: t.Expression = lam
    for _ in range(count):
        tree = t.Transpose(tree)
    return tree


Q = t.Quotient
ILL: dict[str, tuple[t.Expression, type[SymmixError], str, str]] = {
    "no Fraction": (t.Number(2), UnsupportedError, "an exact rational number", "2"),  # type: ignore[arg-type]
    "a float": (t.Number(0.5), UnsupportedError, "an exact rational number", "0.5"),  # type: ignore[arg-type]
    "an array as a whole": (t.Multiply((TWO, T)), UnsupportedError, "the entries of an array", "T as a whole"),
    "one axis": (t.Symbol("v", ("h",)), UnsupportedError, "the entries of an array", "v as a whole"),
    "a sum of one": (t.Add((x,)), StatementError, "two or more parts", "x"),
    "terms of two shapes": (t.Add((x, y)), DimensionError, "parts of one shape", "x of shape ('h', '1') and y"),
    "the third term": (t.Add((x, x, W)), DimensionError, "parts of one shape", "W of shape ('k', 'h')"),
    "a scalar and a matrix": (t.Add((lam, W)), DimensionError, "parts of one shape", "W of shape"),
    "factors of two shapes": (t.Hadamard((W, A)), DimensionError, "parts of one shape", "A of shape"),
    "a Hadamard product of one": (t.Hadamard((W,)), StatementError, "two or more parts", "W"),
    "a product of one": (t.Multiply((W,)), StatementError, "two or more factors", "W"),
    "a product that does not chain": (t.Multiply((W, y)), DimensionError, "matching inner sizes", "before y of shape"),
    "a later product": (t.Multiply((W, x, lam, y)), DimensionError, "matching inner sizes", "x of shape ('h', '1')"),
    "a matrix below": (Q(lam, W), DimensionError, "a scalar to divide by", "W of shape ('k', 'h')"),
    "entries below": (Q(lam, trace), UnsupportedError, "a scalar built from numbers", "W"),
    "a trace of constants below": (Q(lam, t.Trace(t.Identity("h"))), UnsupportedError, "a scalar built from", "tr("),
    "a 1x1 matrix below": (Q(lam, one), UnsupportedError, "a scalar built from numbers", "c in c"),
    "a power of a rectangle": (t.Power(W, 2), DimensionError, "a square matrix", "W of shape ('k', 'h')"),
    "a negative power": (t.Power(lam, -1), UnsupportedError, "a whole number from 0 to 100", ""),
    "a large power": (t.Power(lam, MAX_POWER + 1), UnsupportedError, "a whole number from 0 to 100", "101"),
    "a half power": (t.Power(lam, Fraction(1, 2)), UnsupportedError, "a whole number", "1/2"),  # type: ignore[arg-type]
    "a true power": (t.Power(lam, exponent=True), UnsupportedError, "a whole number", ""),
    "trace of a rectangle": (t.Trace(W), DimensionError, "a square matrix", "W of shape"),
    "diagonal of a rectangle": (t.Diagonal(W), DimensionError, "a square matrix", "W of shape"),
    "inverse of a rectangle": (t.Inverse(W), DimensionError, "a square matrix", "W of shape"),
    "a rectangle on the diagonal": (t.DiagonalMatrix(W), DimensionError, "a column or a row", "W of shape"),
    "an index from nowhere": (t.Entry(x, ("i", "0")), NotationError, "indices that are summed over", "'i' in "),
    "an index along no axis": (
        t.Total((i,), t.Entry(x, ("i", "i"))),
        DimensionError,
        "the position 0 along an axis of size 1",
        "'i' in ",
    ),
    "0 along an axis": (t.Entry(x, ("0", "0")), NotationError, "indices that are summed over", "'0' in "),
    "an index over another size": (
        t.Total((i,), t.Entry(y, ("i", "0"))),
        DimensionError,
        "one size for the index i",
        "'h' and 'k' in ",
    ),
    "too few indices": (t.Total((i,), t.Entry(A, ("i",))), DimensionError, "2 indices for A", "('i',)"),
    "too few indices of an array": (
        t.Total((i,), t.Entry(T, ("i", "i"))),
        DimensionError,
        "3 indices for T",
        "('i', 'i')",
    ),
    "an array's axes": (
        t.Total((i,), t.Entry(T, ("i", "i", "i"))),
        DimensionError,
        "one size for the index i",
        "'h' and 'k'",
    ),
    "a row of nothing": (t.Slice(W, "i", ":"), NotationError, "indices that are summed over", "'i' in "),
    "a row over columns": (
        t.Total((i,), t.Entry(t.Slice(W, "i", ":"), ("0", "i"))),
        DimensionError,
        "one size",
        "'h' and 'k'",
    ),
    "a column over rows": (
        t.Total((t.Index("a", "k"),), t.Entry(t.Slice(W, ":", "a"), ("a", "0"))),
        DimensionError,
        "one size",
        "'k' and 'h'",
    ),
    "a delta of numbers": (t.Total((i,), t.Delta("i", "0")), DimensionError, "a Kronecker delta of two", "'0' in"),
    "a delta from nowhere": (t.Delta("i", "j"), DimensionError, "a Kronecker delta of two", "'i' in"),
    "a delta of two sizes": (
        t.Total((i, t.Index("a", "k")), t.Delta("i", "a")),
        DimensionError,
        "a Kronecker delta of two",
        "['h', 'k']",
    ),
    "a sum over nothing": (t.Total((), lam), StatementError, "an index to sum over", "lam"),
    "a sum of matrices": (t.Total((i,), x), DimensionError, "a scalar to sum", "x of shape ('h', '1')"),
    "a sum over 1": (
        t.Total((t.Index("i", "1"),), lam),
        DimensionError,
        "an index over a size that is a name",
        "i < 1",
    ),
    "an index inside of itself": (
        t.Total((i,), t.Total((i,), t.Entry(x, ("i", "0")))),
        NotationError,
        "an index that is bound once",
        "'i' inside",
    ),
    "an index twice": (t.Total((i, i), lam), NotationError, "an index that is bound once", "'i' inside"),
    "matrices as entries": (t.ByEntries(i, None, x), DimensionError, "a scalar as entry", "x of shape"),
    "rows of size 1": (t.ByEntries(t.Index("i", "1"), None, lam), DimensionError, "a size that is a name", "i < 1"),
    "row and column one": (t.ByEntries(i, i, lam), NotationError, "an index that is bound once", "'i'"),
    "a Jacobian by a scalar": (t.Jacobian(x, lam), UnsupportedError, "a matrix symbol to differentiate by", "lam in"),
    "a rate of another shape": (t.Gradient(trace, lam, ((y, x),)), DimensionError, "of its shape", "x of shape"),
    "a rate of an array": (t.Gradient(trace, lam, ((T, x),)), DimensionError, "of its shape", "x of shape"),
    "averaged over what it is by": (
        t.Expectation(t.Gradient(lam, lam), lam, (t.Moment(1, (), mu),)),
        UnsupportedError,
        "outside of an expectation",
        "d(lam)/dlam",
    ),
    "by an array": (t.Gradient(lam, T), UnsupportedError, "a matrix symbol to differentiate by", "T in"),
    "a gradient of a column": (t.Gradient(x, x), DimensionError, "a scalar to differentiate", "x of shape"),
    "a Jacobian of a matrix": (t.Jacobian(W, x), DimensionError, "a column to differentiate", "W of shape"),
    "a Jacobian by a matrix": (t.Jacobian(x, W), DimensionError, "a column to differentiate", "by W of shape"),
    "two Jacobians of one": (t.Gradient(trace, x, ((y, J), (y, J))), NotationError, "each symbol once", "y, y in"),
    "a Jacobian of itself": (
        t.Gradient(trace, x, ((x, t.Identity("h")),)),
        StatementError,
        "Jacobians of other symbols",
        "x by itself",
    ),
    "a transposed Jacobian": (
        t.Gradient(trace, x, ((y, t.Transpose(J)),)),
        DimensionError,
        "a Jacobian of y by x of shape ('k', 'h')",
        "('h', 'k')",
    ),
    "a Jacobian by a matrix variable": (t.Gradient(trace, A, ((y, J),)), DimensionError, "by a column", "A ('h', 'h')"),
    "a Jacobian of a scalar": (
        t.Gradient(trace, x, ((lam, J),)),
        DimensionError,
        "a matrix symbol by a column",
        "lam ()",
    ),
    "a Jacobian of a matrix that is one": (
        t.Gradient(trace, x, ((W, J),)),
        DimensionError,
        "of W by x of shape",
        "J of shape",
    ),
    "an array of other axes": (
        t.Gradient(trace, x, ((A, T),)),
        DimensionError,
        "a Jacobian of A by x of shape ('h', 'h', 'h')",
        "('k', 'h', 'h')",
    ),
    "nothing to replace": (t.At(x, ()), StatementError, "symbols to replace", "none in"),
    "replaced twice": (t.At(x, ((x, x), (x, x))), NotationError, "each symbol once", "x, x in"),
    "a value of another shape": (
        t.At(x, ((x, y),)),
        DimensionError,
        "a value of the shape of the matrix symbol x",
        "y of",
    ),
    "a scalar replaced by a column": (
        t.At(x, ((lam, x),)),
        DimensionError,
        "a scalar as value of the scalar lam",
        "x of shape",
    ),
    "a scalar replaced by an entry": (t.At(x, ((lam, trace),)), UnsupportedError, "as value of the scalar lam", "A"),
    "an array replaced": (t.At(x, ((T, lam),)), DimensionError, "of the matrix symbol T", "lam of shape"),
    "a value that uses an index": (
        t.Total((i,), t.Trace(t.At(A, ((A, t.Multiply((t.Entry(x, ("i", "0")), A))),)))),
        NotationError,
        "indices that are summed over",
        "'i' in ",
    ),
    "a random array": (mean(lam, T, moment(1)), UnsupportedError, "a random scalar or matrix symbol", "T"),
    "no moments": (mean(lam, lam), StatementError, "one moment for each degree", "[] in"),
    "a moment twice": (mean(lam, lam, moment(1), moment(1)), StatementError, "one moment for each degree", "[1, 1]"),
    "degree 0": (mean(lam, lam, moment(0)), StatementError, "moments of degree 1 and more", "0"),
    "degree true": (mean(lam, lam, moment(degree=True)), StatementError, "moments of degree 1 and more", "True"),
    "no index for an entry": (mean(x, x, moment(1)), StatementError, "1 indices for the moment of degree 1 of x", "()"),
    "indices of a scalar": (mean(lam, lam, moment(1, "a")), StatementError, "0 indices for the moment", "('a',)"),
    "a matrix's second moment": (
        mean(W, W, moment(2, "a", "b")),
        StatementError,
        "4 indices for the moment of degree 2 of W",
        "('a', 'b')",
    ),
    "a moment over a wrong axis": (
        mean(y, y, moment(1, "a", value=t.Entry(x, ("a", "0")))),
        DimensionError,
        "one size for the index a",
        "'k' and 'h'",
    ),
    "one index for two entries": (mean(x, x, moment(2, "a", "a")), NotationError, "an index that is bound once", "'a'"),
    "a matrix as moment": (mean(x, x, moment(1, "a", value=x)), DimensionError, "a scalar as moment", "x of shape"),
    "a scalar's moment with entries": (
        mean(lam, lam, moment(1, value=trace)),
        UnsupportedError,
        "as moment of the scalar lam",
        "A",
    ),
    "a scalar's moment that is a matrix": (
        mean(lam, lam, moment(1, value=x)),
        DimensionError,
        "a scalar as moment of the scalar lam",
        "x of shape",
    ),
    "a moment of itself": (
        mean(lam, lam, moment(1, value=lam)),
        StatementError,
        "a moment of lam that is free of it",
        "lam in",
    ),
    "a moment that uses an index from outside": (
        t.Total((i,), mean(x_ := t.Entry(x, ("i", "0")), x, moment(1, "a", value=x_))),
        NotationError,
        "indices that are summed over",
        "'i' in ",
    ),
    "divided by what is random": (
        mean(Q(TWO, lam), lam, moment(1)),
        UnsupportedError,
        "a polynomial in the random symbol lam",
        "which divides by it",
    ),
    "an inverse of what is random": (
        mean(t.Inverse(A), A, moment(1, "a", "b")),
        UnsupportedError,
        "a polynomial in the random symbol A",
        "divides by it",
    ),
    "not of the language": (t.Add((lam, "mu")), UnsupportedError, "a node of the language", "'mu' (str)"),  # type: ignore[arg-type]
    "an index as expression": (t.Add((lam, i)), UnsupportedError, "a node of the language", "Index"),  # type: ignore[arg-type]
    "too deep": (deep(MAX_DEPTH + 1), UnsupportedError, f"at most {MAX_DEPTH} nodes inside of each other", "more"),
}


@pytest.mark.parametrize("name", ILL)
def test_refused_with_what_was_required_and_what_arrived(name: str) -> None:
    tree, kind, required, arrived = ILL[name]
    with pytest.raises(SymmixError) as caught:
        shape(tree)
    assert type(caught.value) is kind, caught.value
    assert required in caught.value.required
    if name != "entries below":
        assert arrived in caught.value.arrived
    assert caught.value.remedy


def test_the_deepest_tree_is_well_formed() -> None:
    assert shape(deep(MAX_DEPTH)) == t.SCALAR


WRAPPED: list[Any] = [
    lambda bad: t.Add((x, bad)),
    lambda bad: t.Add((bad, x)),
    lambda bad: t.Multiply((lam, bad)),
    lambda bad: t.Hadamard((x, bad)),
    lambda bad: Q(bad, lam),
    lambda bad: Q(x, t.Add((lam, t.Trace(bad)))),
    lambda bad: t.Power(bad, 2),
    t.Transpose,
    t.Trace,
    t.Diagonal,
    t.DiagonalMatrix,
    t.Inverse,
    lambda bad: t.Entry(bad, ("0", "0")),
    lambda bad: t.Slice(bad, ":", "0"),
    lambda bad: t.Total((i,), bad),
    lambda bad: t.ByEntries(i, None, bad),
    lambda bad: t.Gradient(bad, x),
    lambda bad: t.Jacobian(bad, x),
    lambda bad: t.Gradient(trace, x, ((y, bad),)),
    lambda bad: t.At(bad, ((x, x),)),
    lambda bad: t.At(x, ((x, bad),)),
    lambda bad: mean(bad, lam, moment(1)),
    lambda bad: mean(x, lam, moment(1, value=bad)),
    lambda bad: mean(x, x, moment(1, "a", value=bad)),
]


@pytest.mark.parametrize("place", range(len(WRAPPED)))
def test_what_is_inside_of_a_node_is_looked_at(place: int) -> None:
    with pytest.raises(StatementError, match="two or more factors"):
        shape(WRAPPED[place](t.Multiply((y,))))


def test_what_has_a_definition_is_not_differentiated_averaged_or_replaced() -> None:
    definitions = ((x, t.Multiply((TWO, t.Symbol("u", ("h", "1"))))), (lam, mu))
    for tree in (
        t.Gradient(trace, x, constant=True),
        t.Gradient(trace, y, ((x, t.Transpose(W)),), constant=True),
        t.At(W, ((x, x),)),
        mean(W, x, moment(1, "a")),
        mean(W, lam, moment(1)),
    ):
        with pytest.raises(StatementError, match="undefined symbols to differentiate by"):
            shape(tree, definitions=definitions)
        shape(tree)
    behind = mean(Q(TWO, lam), mu, moment(1))  # lam is mu
    with pytest.raises(UnsupportedError, match="which divides by it"):
        shape(behind, definitions=definitions)
    below = Q(TWO, lam)
    shape(below, definitions=definitions)
    with pytest.raises(UnsupportedError, match="a scalar built from numbers"):
        shape(below, definitions=((lam, trace),))
    with pytest.raises(StatementError, match="a moment of mu that is free of it"):
        shape(mean(W, mu, moment(1, value=lam)), definitions=definitions)


def test_require_scalar() -> None:
    scope = Scope(Names.of([trace, lam]), {})
    require_scalar(t.Add((lam, t.Quotient(t.Size("n"), TWO), t.Power(t.Multiply((lam, lam)), 2))), scope, "here")
    with pytest.raises(DimensionError, match="a scalar here"):
        require_scalar(x, scope, "here")
    with pytest.raises(UnsupportedError, match="built from numbers, scalar symbols and sizes here"):
        require_scalar(t.Add((lam, trace)), scope, "here")


# -- names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a", "W", "lam2", "z_+", "e-", "u~", "z'", "z''", "x_1'", "a" * MAX_NAME])
def test_names(name: str) -> None:
    assert is_name(name)
    assert is_size(name)
    require_name(name, "a symbol")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "1",
        "0",
        ":",
        "1a",
        "_a",
        "a b",
        "a'+",
        "a++",
        "λ",
        "a.",
        "a-b",
        "W[0]",
        "a\n",
        "a" * (MAX_NAME + 1),
        7,
        None,
    ],
)
def test_no_names(name: object) -> None:
    assert not is_name(name)
    assert is_size(name) == (name == "1")
    with pytest.raises(NotationError) as caught:
        require_name(name, "a symbol")
    assert repr(name) == caught.value.arrived
    assert "the name of a symbol: an ASCII letter" in caught.value.required


@pytest.mark.parametrize(
    ("trees", "free", "meanings"),
    [
        ([W, t.Symbol("W", ("h", "k"))], [], "('k', 'h') and ('h', 'k'), as shapes"),
        ([t.Symbol("W"), W], [], "a scalar and ('k', 'h'), as shapes"),
        ([t.Symbol("k"), W], [], "a size and a symbol"),
        ([t.Symbol("n"), t.Size("n")], [], "a size and a symbol"),
        ([t.Symbol("n"), t.Identity("n")], [], "a size and a symbol"),
        ([t.Symbol("n"), t.Ones("n", "1")], [], "a size and a symbol"),
        ([t.Symbol("n"), t.Zeros("1", "n")], [], "a size and a symbol"),
        ([t.Symbol("i"), t.Total((i,), TWO)], [], "a symbol and a bound index"),
        ([t.Symbol("n"), t.Total((t.Index("i", "n"),), TWO)], [], "a size and a symbol"),
        ([lam], [t.Index("lam", "n")], "a symbol and a sample index"),
        ([lam], [t.Index("s", "lam")], "a size and a symbol"),
        ([t.Size("s")], [t.Index("s", "n")], "a size and a sample index"),
        ([t.Total((i,), TWO)], [t.Index("i", "h")], "a sample index and a bound index"),
        ([lam], [t.Index("s", "n"), t.Index("s", "m")], "n and m, as a sample index"),
        ([mean(x, x, moment(1, "lam")), lam], [], "a symbol and a bound index"),
    ],
)
def test_a_name_has_one_meaning(trees: list[t.Expression], free: list[t.Index], meanings: str) -> None:
    with pytest.raises(NotationError, match="one meaning for the name") as caught:
        Names.of(trees, free)
    assert caught.value.arrived == meanings
    assert caught.value.remedy == "rename one of the two"


def test_the_first_of_many_names_with_two_meanings_is_named() -> None:
    names = [f"n{number}" for number in range(10, 99)]
    with pytest.raises(NotationError, match="one meaning for the name 'n10'"):
        Names.of([part for name in names for part in (t.Symbol(name), t.Size(name))])


@pytest.mark.parametrize(
    ("trees", "free", "role"),
    [
        ([t.Symbol("λ")], [], "a symbol"),
        ([t.Symbol("W", ("k", "02"))], [], "a size"),
        ([t.Symbol("W", ("k", "10"))], [], "a size"),
        ([t.Size("2")], [], "a size"),
        ([t.Total((t.Index("0", "n"),), TWO)], [], "an index"),
        ([lam], [t.Index("1", "n")], "an index"),
        ([t.Size("1/2")], [], "a size"),
    ],
)
def test_every_name_is_one(trees: list[t.Expression], free: list[t.Index], role: str) -> None:
    with pytest.raises(NotationError, match=f"the name of {role}:"):
        Names.of(trees, free)


def test_names_of_trees() -> None:
    tree = t.Gradient(t.Multiply((t.Size("n"), t.Total((i,), t.Entry(x, ("i", "0"))))), x, ((y, J), (J, T)))
    names = Names.of([tree], [t.Index("s", "m")], ((lam, mu),))
    assert names.symbols == {"x": x, "y": y, "J": J, "T": T, "lam": lam, "mu": mu}
    assert names.sizes == {"n", "h", "k", "m"}
    assert names.free == {"s": "m"}
    assert names.definitions == {lam: mu}
    assert names.jacobians == {"x": {"J", "T"}}
    assert Names.of([one]).sizes == frozenset()


def test_definitions_are_unfolded_each_once() -> None:
    u, v = t.Symbol("u"), t.Symbol("v")
    names = Names.of([u], (), ((v, t.Size("n")), (u, t.Add((v, v)))))
    assert list(names.unfolded(u)) == [u, t.Add((v, v)), v, v, t.Size("n")]
    assert names.depends(u, "n")
    assert names.depends(u, "v")
    assert not names.depends(v, "u")


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (t.Add((x, t.Multiply((t.Number(Fraction(-1)), t.Transpose(x))))), "(x - x^T)"),
        (t.Add((t.Multiply((t.Number(Fraction(-1)), x)), x)), "(-x + x)"),
        (t.Entry(t.Symbol("z'", ("h", "1")), ("i", "0")), "z'[i,0]"),
        (t.Slice(W, "i", ":"), "W[i,:]"),
        (t.At(x, ((x, y),)), "(x) {x = y}"),
        (t.Gradient(trace, x, ((y, J),)), "d(tr(A))/dx"),
        (t.Total((i, j), lam), "sum_{i < h, j < h} lam"),
        (t.Power(A, 2), "A^2"),
        (t.Moment(1, ("a", "b"), lam), "Moment(1, a, b, lam)"),
    ],
)
def test_errors_name_nodes_in_a_short_way(tree: t.Expression, text: str) -> None:
    assert str(tree) == repr(tree) == text


def test_a_kind_of_node_is_frozen_and_compared_by_its_parts() -> None:
    @node
    class Pair(Node):
        left: str
        right: str

    pair = Pair("a", "b")
    assert pair == Pair("a", "b")
    assert pair != Pair("a", "c")
    assert hash(pair) == hash(Pair("a", "b"))
    assert repr(pair) == "Pair(a, b)"
    assert pair.parts == ("a", "b")
    with pytest.raises(FrozenInstanceError):
        pair.left = "c"  # type: ignore[misc]


def test_parts_are_given_in_their_order_by_name_or_by_default_and_no_others() -> None:
    whole = t.Gradient(x, x, (), constant=False)
    assert whole.parts == (x, x, (), False)
    assert {whole, t.Gradient(x, x), t.Gradient(x, by=x), t.Gradient(constant=False, by=x, of=x)} == {whole}
    assert replace(whole, constant=True) == t.Gradient(x, x, constant=True) != whole
    assert deepcopy(whole) == whole
    made: Any = t.Gradient
    for parts, named in (((), {}), ((x,), {}), ((x, x, (), True, x), {}), ((x, x), {"by": x}), ((x, x), {"name": "x"})):
        with pytest.raises(TypeError, match="Gradient has the parts of, by, jacobians, constant"):
            made(*parts, **named)


def test_nodes_are_compared_by_structure() -> None:
    assert t.Add((x, y)) == t.Add((x, y))
    assert t.Add((x, y)) != t.Hadamard((x, y))
    assert t.Add((x, y)) != t.Add((y, x))
    assert hash(t.Add((x, y))) == hash(t.Add((x, y)))
    assert t.Symbol("x") != "x"
    assert t.Gradient(trace, x) != t.Gradient(trace, x, constant=True)
    assert len({x, t.Symbol("x", ("h", "1")), t.Symbol("x", ("1", "h"))}) == 2
    walked = [str(node) for node in t.Multiply((lam, t.Add((x, y)))).walk()]
    assert walked[1:] == ["lam", walked[2], "x", "y"]
    assert list(t.At(x, ((y, lam),)).children()) == [x, y, lam]


def test_a_number_that_is_a_term_is_no_sign_in_messages() -> None:
    less, a, b = t.Number(Fraction(-1)), t.Symbol("a", ()), t.Symbol("b", ())
    written = {
        t.Add((less, a)): "(-1 + a)",
        t.Add((a, less, b)): "(a + -1 + b)",
        t.Add((less, less, a)): "(-1 + -1 + a)",
        t.Multiply((t.Add((less, a)), b)): "(-1 + a) b",
        t.Add((a, t.Multiply((less, b)))): "(a - b)",
        t.Add((t.Multiply((less, a)), b)): "(-a + b)",
    }
    assert [*map(str, written)] == [*written.values()]
