"""How each kind of SymPy node is read, down to its corners."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import ArrayElement, ArraySymbol

from symmix import text
from symmix.errors import DimensionError, NotationError, StatementError, SymmixError, UnsupportedError
from symmix.language import At, Entries, ForAll, Gradient, Reader, expectation, quotient, read
from symmix.language.assumptions import conditions_of
from symmix.language.nodes import OwnIndex
from symmix.notation import h, k, lam, n, p
from symmix.terms import nodes as t

i, j = sp.symbols("i j", integer=True)
x, y, z = sp.symbols("x y z", real=True)
u, v, w = sp.MatrixSymbol("u", k, 1), sp.MatrixSymbol("v", k, 1), sp.MatrixSymbol("w", h, 1)
A, C, E = sp.MatrixSymbol("A", k, h), sp.MatrixSymbol("C", k, k), sp.MatrixSymbol("E", n, k)
THETA = sp.MatrixSymbol("theta", p, 1)
number = t.Number


def unchecked(node: type, *args: object) -> sp.Basic:
    return sp.Basic.__new__(node, *args)


def refusal(expression: object, reader: Reader | None = None) -> SymmixError:
    with pytest.raises(SymmixError) as caught:
        (reader or Reader()).expression(expression)
    assert caught.value.__cause__ is None
    return caught.value


# -- sums, products, powers ---


@pytest.mark.parametrize("kind", [sp.MatAdd, sp.HadamardProduct, sp.MatMul, sp.Add], ids=lambda kind: kind.__name__)
def test_a_sum_or_product_of_one_part_is_that_part(kind: type) -> None:
    part = x if kind is sp.Add else A
    assert read(unchecked(kind, part)) == read(part)


def test_a_power_entry_by_entry_is_a_product_of_so_many_copies() -> None:
    tree = read(sp.HadamardPower(A, 100))
    assert isinstance(tree, t.Hadamard)
    assert len(tree.factors) == 100
    for exponent in (0, -1, 101, sp.Rational(3, 2), n):
        found = refusal(unchecked(sp.HadamardPower, A, sp.S(exponent)))
        assert found.required == "a whole number from 1 to 100 as exponent"


@pytest.mark.parametrize("exponent", [sp.Rational(-1, 2), -n, -x], ids=str)
def test_only_whole_negative_powers_divide(exponent: sp.Expr) -> None:
    """``lam/sqrt(x)`` is not lam."""
    assert refusal(lam * sp.Pow(x, exponent)).required == "a whole number as exponent"


def test_a_product_of_reciprocals_divides_by_all_of_them() -> None:
    written = sp.Mul(1 / y, 1 / x, evaluate=False)
    assert text(written) == "1/(y x)"
    assert text(sp.Mul(z, 1 / y, 1 / x, evaluate=False)) == "z/(y x)"


def test_a_quotient_that_is_kept_keeps_its_numerator_in_a_product() -> None:
    tree = read(2 * z * quotient(x, y))
    assert read(quotient(x, y)) in tree.walk()
    assert not [node for node in tree.walk() if node == t.Quotient(read(1), read(y))]


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ((x - 1) * y, "-(1 - x) y"),
        ((x - 1) * (y - 1), "(x - 1) (y - 1)"),
        ((x - 1) * (y - 1) * (z - 1), "-(1 - x) (1 - y) (1 - z)"),
        ((n - 1) * x, "x (n - 1)"),
    ],
    ids=str,
)
def test_an_odd_number_of_shares_is_turned(expression: sp.Basic, written: str) -> None:
    """``-(1 - x)`` for ``x - 1``, and the sign is that of all of them."""
    assert text(expression) == written


# -- entries and slices ---


def test_the_entry_of_a_number_is_the_number() -> None:
    one = sp.MatrixSymbol("c", 1, 1)
    assert read(one[0, 0]) == read(one) == t.Symbol("c", ("1", "1"))


def test_a_slice_of_everything_and_of_one_entry() -> None:
    everything, row = sp.Tuple(0, n, 1), sp.Tuple(i, i + 1, 1)
    assert read(unchecked(MatrixSlice, E, everything, sp.Tuple(0, k, 1))) == read(E)
    assert read(unchecked(MatrixSlice, E, row, sp.Tuple(j, j + 1, 1))) == read(E[i, j])
    assert read(unchecked(MatrixSlice, E, row, sp.Tuple(0, k, 1))) == read(E[i, :])


@pytest.mark.parametrize(
    "rows",
    [(1, n, 1), (0, n - 1, 1), (0, n, 2), (0, 2, 1), (i, i + 2, 1), (i, i + 1, 2), (i, i + 1, -1)],
    ids=str,
)
def test_a_slice_is_a_whole_axis_or_one_position(rows: tuple[object, ...]) -> None:
    found = refusal(unchecked(MatrixSlice, E, sp.Tuple(*rows), sp.Tuple(0, k, 1)))
    assert found.required == "a whole axis or a single row or column"


def test_entries_are_of_functions_and_arrays() -> None:
    assert type(refusal(unchecked(sp.FunctionMatrix, k, k, lam))) is UnsupportedError
    assert type(refusal(unchecked(ArrayElement, A, sp.Tuple(i, j)))) is UnsupportedError


def test_a_function_of_another_number_of_indices_is_refused() -> None:
    for variables in ((i,), (i, j, sp.Symbol("l", integer=True)), ((i, j),), (i, sp.Wild("w"))):
        found = refusal(unchecked(sp.FunctionMatrix, k, k, sp.Lambda(variables, x)))
        assert found.required == "a Lambda of 2 different indices"


def test_an_index_of_a_sum_or_a_function_is_no_size_and_counts_from_zero() -> None:
    counted = refusal(sp.Sum(sp.Trace(sp.Identity(k)), (k, 0, n - 1)))
    assert counted.required == "one meaning for the name 'k'"
    assert counted.arrived.endswith("as a size, and as an index")
    positive = sp.Symbol("q", integer=True, positive=True)
    found = refusal(Entries(k, h, sp.Lambda((positive, j), A[positive, j])))
    assert found.required == "an index that is a whole number from 0 on"


def test_a_bound_index_may_be_called_like_something_else() -> None:
    """A matrix, a sample index that is declared, a scalar that is read behind an index that does not run."""
    plain, matrix = sp.Symbol("i"), sp.MatrixSymbol("i", k, 1)
    tree = read(sp.Sum(matrix[i, 0], (i, 0, k - 1)))
    assert isinstance(tree, t.Total)
    assert tree.indices == (t.Index("i1", "k"),)
    beside = Reader({i: k}).expression(sp.Sum(u[i, 0] * v[plain, 0], (plain, 0, k - 1)))
    assert isinstance(beside, t.Total)
    assert beside.indices == (t.Index("i1", "k"),)
    reader = Reader()
    reader.expression(Entries(k, 1, sp.Lambda((i, j), u[i, j])))
    assert reader.expression(sp.Symbol("j", real=True)) == t.Symbol("j")


def test_an_index_that_runs_is_none_along_a_size_of_one() -> None:
    found = refusal(sp.Sum(u[i, j], (i, 0, k - 1), (j, 0, k - 1)))
    assert found.required == "the index 0 along an axis of size 1"
    one = refusal(Entries(1, k, sp.Lambda((i, j), sp.KroneckerDelta(i, j))))
    assert one.required == "a Kronecker delta of two indices over the same size"
    assert one.remedy == "sum over its indices, or declare them as sample indices: indices={i: n}"


def test_a_range_of_a_delta_is_a_whole_axis() -> None:
    reader = Reader({i: k, j: k})
    assert reader.expression(sp.KroneckerDelta(i, j, (0, k - 1))) == t.Delta("i", "j")
    for limits in ((1, k - 1), (1, k), (0, k), (0, 3)):
        assert refusal(sp.KroneckerDelta(i, j, limits), reader).required.startswith("a Kronecker delta of two indices")


# -- sums over indices ---


def test_the_outermost_index_of_a_sum_is_the_last_that_sympy_was_given() -> None:
    tree = read(sp.Sum(A[i, j], (i, 0, k - 1), (j, 0, h - 1)))
    assert isinstance(tree, t.Total)
    assert tree.indices == (t.Index("j", "h"), t.Index("i", "k"))


@pytest.mark.parametrize(
    "limit", [(i,), (i, k - 1), (i, 2, k + 1), (i, -1, k - 2), (i, x, k - 1 + x), (i, 0, x + y)], ids=str
)
def test_a_sum_is_over_a_whole_axis_from_zero_or_one(limit: tuple[object, ...]) -> None:
    found = refusal(unchecked(sp.Sum, u[i, 0], sp.Tuple(*limit)))
    assert found.required == "a sum from 0 to n - 1 (or from 1 to n) over a symbolic size n"


def test_an_index_of_ours_says_nothing_of_where_sums_begin() -> None:
    own = OwnIndex("i", integer=True)
    reader = Reader()
    reader.expression(sp.Sum(u[own, 0], (own, 0, k - 1)))
    assert reader.first("k") == 0
    assert reader.expression(sp.Sum(u[j, 0], (j, 1, k)))
    assert reader.first("k") == 1
    assert reader.expression(sp.Symbol("i", real=True) * u)


# -- derivatives, replacements, expectations ---


class Foreign(sp.MatrixSymbol):  # type: ignore[misc]
    """A matrix symbol of which nothing is known."""


other = Foreign("f", k, 1)


@pytest.mark.parametrize(
    ("expression", "required"),
    [
        (Gradient(u.T * u, other), "a symbol to differentiate by"),
        (Gradient(u.T * u, THETA, {other: sp.MatrixSymbol("J", k, p)}), "a symbol that depends"),
        (At(u, {other: v}), "a symbol to replace"),
        (At(u, {k: n}), "a symbol to replace"),
        (expectation(u, other, {1: sp.Lambda((i,), lam)}), "a symbol to average over"),
    ],
    ids=str,
)
def test_what_has_to_be_a_symbol_is_one(expression: sp.Basic, required: str) -> None:
    found = refusal(expression)
    assert found.required == required
    assert found.remedy == "declare a symbol that is no size"


def test_an_array_is_not_averaged_over() -> None:
    cube = ArraySymbol("T", (k, k, k))
    found = refusal(expectation(u, cube, {1: sp.Lambda((i, j), lam)}))
    assert found.required == "a Lambda of 3 indices for the moment of degree 1 of T"
    found = refusal(expectation(u, cube, {1: sp.Lambda((i, j, sp.Symbol("l", integer=True)), lam)}))
    assert found.required == "a random scalar or matrix symbol"
    assert found.remedy == "average over its entries"


def test_the_jacobian_of_a_matrix_is_an_array() -> None:
    cube = ArraySymbol("K", (k, k, p))
    tree = read(Gradient(sp.Trace(C * C), THETA, {C: cube}))
    assert isinstance(tree, t.Gradient)
    assert tree.jacobians == ((t.Symbol("C", ("k", "k")), t.Symbol("K", ("k", "k", "p"))),)


def test_a_value_that_replaces_a_symbol_has_no_indices_of_its_own() -> None:
    found = refusal(At(u, {u: v[i, 0] * v}))
    assert type(found) is NotationError
    assert "in a value that replaces a symbol" in found.required


def test_a_moment_that_is_one_is_said_where_its_degree_is_not_zero() -> None:
    tree = read(expectation(lam * x, x, {0: 1, 1: 1}))
    assert isinstance(tree, t.Expectation)
    assert tree.moments == (t.Moment(1, (), read(1)),)
    with pytest.raises(StatementError, match="a moment of degree 0 of x that is 1"):
        read(expectation(lam * x, x, {0: 2, 1: 1}))


# -- names and assumptions ---


def test_a_number_has_at_most_a_thousand_digits() -> None:
    longest = sp.Integer(10) ** 1000
    assert read(longest - 1)
    assert read(sp.Rational(1, longest - 1))
    for number_ in (longest, -longest, sp.Rational(1, longest)):
        assert refusal(number_).required == "numbers of at most 1000 digits"


def test_what_is_known_of_the_extended_line_is_known_of_a_number() -> None:
    symbol = sp.Symbol("a", extended_positive=False)
    assert read(symbol) == t.Symbol("a")
    assert [condition.sign for condition in conditions_of(symbol)] == ["<="]


@pytest.mark.parametrize("given", [{"commutative": True}, {"real": True}, {"integer": True}], ids=str)
def test_a_size_may_be_known_to_be_an_ordinary_number(given: dict[str, bool]) -> None:
    assert read(sp.Identity(sp.Symbol("s", **given))) == t.Identity("s")


@pytest.mark.parametrize("given", [{"positive": False}, {"commutative": False}, {"real": False}], ids=str)
def test_a_size_is_not_known_to_be_none(given: dict[str, bool]) -> None:
    found = refusal(unchecked(sp.Identity, sp.Symbol("s", **given)))
    assert found.required == "a size that is a positive whole number"


def test_an_index_for_all_counts_from_zero() -> None:
    positive = sp.Symbol("q", integer=True, positive=True)
    with pytest.raises(NotationError, match="a whole number from 0 on"):
        Reader().hypotheses([ForAll(positive, u[positive, 0])])


def test_a_size_is_no_sample_index_later() -> None:
    size = sp.Symbol("q")
    reader = Reader()
    reader.expression(sp.Identity(size))
    found = refusal(u[size, 0], reader)
    assert type(found) is NotationError
    assert found.arrived.endswith("and a size or a scalar")
    assert found.remedy == "rename one of the two"


def test_the_size_of_a_sample_index_is_said_with_the_entry() -> None:
    found = refusal(u[i, 0] * w[i, 0])
    assert type(found) is DimensionError
    assert found.arrived in ("'k' and 'h' in w[i, 0]", "'h' and 'k' in u[i, 0]")


def test_namesakes_are_told_apart() -> None:
    legends, own = lam, sp.Symbol("lam", real=True)
    found = refusal(legends + own)
    assert sorted(found.arrived.split(" and ")) == sorted([f"{sp.srepr(legends)} of symmix.notation", sp.srepr(own)])


def test_what_no_rule_reads_is_told_what_to_write() -> None:
    assert refusal(sp.kronecker_product(C, C)).remedy == "rewrite it in these terms, or declare a symbol for it"
    power = refusal(unchecked(sp.MatPow, C, sp.Integer(-2)))
    assert power.required == "a power that is a whole number, not negative"
    assert power.remedy == "write symmix.language.inverse(A), or declare a matrix B and the hypothesis B*A = I"
