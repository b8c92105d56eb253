"""A name has one meaning, nothing is captured, and what is bound stays bound."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix import Identity, Setting, text
from symmix.errors import DimensionError, NotationError, StatementError, SymmixError, UnsupportedError
from symmix.language import Entries, ForAll, Reader, expectation, read
from symmix.notation import E, LegendMatrix, LegendSymbol, W, h, k, lam, m, n, z, zp
from symmix.terms import nodes as t
from symmix.terms import statements as s

i, j = sp.symbols("i j", integer=True)
plain = sp.Symbol("i")
u, v = sp.MatrixSymbol("u", k, 1), sp.MatrixSymbol("v", k, 1)
P = sp.MatrixSymbol("P", k, k)
total = sp.Sum(u[i, 0], (i, 0, k - 1))


def refused(reading: Callable[[Reader], object], error: type[SymmixError], match: str) -> None:
    with pytest.raises(error, match=match):
        reading(Reader())


def unreadable(expression: sp.Basic, error: type[SymmixError], match: str) -> None:
    refused(lambda reader: reader.expression(expression), error, match)


# -- two symbols of one name ---


@pytest.mark.parametrize(
    "other",
    [
        sp.Symbol("x", positive=True),
        sp.Symbol("x", real=True, integer=True),
        sp.Dummy("x", real=True),
        sp.MatrixSymbol("x", k, 1)[i, 0],
        LegendSymbol("x", real=True),
        sp.Trace(sp.MatrixSymbol("x", k, k)),
    ],
    ids=["positive", "whole", "a dummy", "an entry", "the legend's", "a trace"],
)
def test_two_symbols_of_one_name_do_not_go_together(other: sp.Expr) -> None:
    known = sp.Symbol("x", real=True)
    refused(lambda reader: reader.expression(known + other), NotationError, "one meaning for the name 'x'")
    refused(lambda reader: (reader.expression(other), reader.expression(known)), NotationError, "one meaning")


def test_two_shapes_of_one_name_do_not_go_together() -> None:
    refused(lambda reader: reader.expression(u + sp.MatrixSymbol("u", k, k) * v), NotationError, "'u'")
    cube = ArraySymbol("u", (k, k, k))
    refused(lambda reader: reader.expression(total + cube[i, i, i]), NotationError, "'u'")


def test_dummies_of_one_name_are_two() -> None:
    first, second = sp.Dummy("x", real=True), sp.Dummy("x", real=True)
    refused(lambda reader: reader.expression(first - second), NotationError, "one meaning for the name 'x'")


@pytest.mark.parametrize("name", ["a + b", "", "1x", "x y", "lambda\N{GREEK SMALL LETTER LAMDA}", "_x", "x!", "0", ":"])
def test_a_name_is_of_the_alphabet(name: str) -> None:
    refused(lambda reader: reader.expression(sp.Symbol(name, real=True)), NotationError, "ASCII letter")
    refused(lambda reader: reader.expression(sp.MatrixSymbol(name, k, 1)), NotationError, "ASCII letter")
    index = sp.Symbol(name, integer=True)
    refused(lambda reader: reader.expression(sp.Sum(u[index, 0], (index, 0, k - 1))), NotationError, "ASCII letter")


# -- the legend's symbols ---


def test_a_namesake_of_the_legends_is_another_symbol() -> None:
    assert sp.Symbol("lam", real=True) != lam
    assert sp.MatrixSymbol("W", k, h) != W
    refused(lambda reader: reader.expression(lam + sp.Symbol("lam", real=True)), NotationError, "of symmix.notation")
    refused(lambda reader: reader.expression(z + sp.MatrixSymbol("z", h, 1)), NotationError, "of symmix.notation")


def test_sympy_rebuilds_the_legends_symbols_as_the_legends() -> None:
    assert W.func(*W.args) == W.doit() == W.T.T == W
    assert type(W.subs(k, n)) is LegendMatrix
    assert W[i, j].subs(i, j) == W[j, j]
    assert (W * z).subs(z, zp) == W * zp
    assert (lam * W).xreplace({lam: sp.S.Half}) == W / 2
    assert sp.Trace(E.T * E).doit().has(E)
    assert type(sp.sympify(lam)) is LegendSymbol


def conditions(expression: sp.Basic) -> tuple[s.Condition, ...]:
    reader = Reader()
    return reader.finished((), (), [reader.expression(expression)]).conditions


def test_what_the_legend_assumes_it_assumes_of_its_own_symbol() -> None:
    one, zero, symbol = read(1), read(0), t.Symbol("lam")
    assert conditions(lam * u) == (s.Condition(symbol, ">=", zero), s.Condition(symbol, "<=", one))
    assert conditions(sp.Symbol("lam", real=True) * u) == ()
    assert {c.left for c in conditions(m * u)} >= {t.Symbol("m")}
    assert any("m2" in str(condition) for condition in conditions(m * u))


# -- what is bound ---


def test_a_bound_index_gives_way_to_what_has_its_name() -> None:
    def bound(reader: Reader) -> list[str]:
        tree = reader.expression(total)
        return [index.name for index in tree.indices] if isinstance(tree, t.Total) else []

    assert bound(Reader()) == ["i"]
    assert bound(Reader({i: k})) == ["i1"]
    symbol = Reader()
    symbol.expression(sp.MatrixSymbol("i", k, 1))
    assert bound(symbol) == ["i1"]
    size = Reader()
    size.expression(sp.Identity(plain))
    assert bound(size) == ["i1"]
    later = Reader()
    later.survey([sp.Symbol("i1", real=True) * v[i, 0]])
    assert bound(later) == ["i2"]


def test_sums_inside_of_each_other_have_indices_of_their_own() -> None:
    tree = sp.Sum(u[i, 0] * sp.Sum(v[i, 0], (i, 0, k - 1)), (i, 0, k - 1))
    assert text(tree) == "sum_{i<k} u[i] (sum_{i1<k} v[i1])"


def test_the_same_sum_is_the_same_tree_wherever_it_is_read() -> None:
    reader = Reader({i: k})
    assert reader.expression(total) == reader.expression(2 * total).factors[1]  # type: ignore[attr-defined]


def test_one_symbol_free_and_bound_is_two_things() -> None:
    """The sum does not reach the i outside of it."""
    assert text(total * u[i, 0]) == "u[i] (sum_{i1<k} u[i1])"


def test_a_sum_over_another_symbol_of_that_name_is_refused() -> None:
    for body in (u[plain, 0], sp.Sum(P[plain, j], (j, 0, k - 1)), plain * u[i, 0]):
        unreadable(sp.Sum(body, (i, 0, k - 1)), NotationError, "'i'")


def test_a_moment_captures_nothing() -> None:
    """The slot called i is not the sum's i, which a moment cannot mention at all."""
    inside = expectation(u[i, 0], v, {1: sp.Lambda((plain,), u[plain, 0])})
    assert "i1" not in str(read(inside))
    outer = sp.Sum(expectation(u[j, 0], v, {1: sp.Lambda((plain,), u[j, 0])}), (j, 0, k - 1))
    refused(lambda reader: reader.expression(outer), NotationError, "indices of its own in a moment")
    summed = sp.Sum(expectation(u[i, 0] * v[i, 0], v, {1: sp.Lambda((plain,), v[i, 0])}), (i, 0, k - 1))
    refused(lambda reader: reader.expression(summed), NotationError, "'i'")


def test_an_index_is_used_as_an_index() -> None:
    refused(lambda reader: reader.expression(sp.Sum(i * u[i, 0], (i, 0, k - 1))), UnsupportedError, "inside square")
    refused(lambda reader: reader.expression(i * u[i, 0]), NotationError, "one meaning")
    refused(lambda reader: reader.expression(lam * u[lam, 0]), NotationError, "one meaning")
    refused(lambda reader: reader.expression(sp.Trace(sp.Identity(i)) * u[i, 0]), NotationError, "one meaning")


def test_an_index_can_be_a_whole_number() -> None:
    for wrong in (sp.Symbol("q", negative=True), sp.Symbol("q", integer=False), sp.Symbol("q", imaginary=True)):
        summed = sp.Sum(lam, (wrong, 0, k - 1))
        unreadable(summed, NotationError, "from 0 on")


def test_an_index_that_is_never_zero_counts_from_one() -> None:
    """SymPy takes KroneckerDelta(i, 0) to be 0 for a positive i, which is wrong where i begins at 0."""
    q = sp.Symbol("q", integer=True, positive=True)
    assert read(sp.Sum(u[q, 0], (q, 1, k)))
    unreadable(sp.Sum(u[q, 0], (q, 0, k - 1)), NotationError, "a whole number from 0 on")
    unreadable(u[q, 0], NotationError, "a whole number from 0 on")


# -- sample indices ---


def test_a_free_index_becomes_a_sample_index() -> None:
    reader = Reader()
    tree = reader.expression(u[i, 0] * P[i, j])
    assert reader.indices == {"i": "k", "j": "k"}
    assert reader.finished((), (), [tree]).indices == (t.Index("i", "k"), t.Index("j", "k"))
    assert reader.finished((), (), [reader.expression(u)]).indices == ()


def test_a_sample_index_has_one_size() -> None:
    refused(lambda reader: reader.expression(u[i, 0] * z[i, 0]), DimensionError, "one size for the index i")
    with pytest.raises(DimensionError, match="one size for the index i"):
        Reader({i: k}).expression(z[i, 0])


@pytest.mark.parametrize("indices", [{"i": k}, {i: "k"}, {u: k}, {i: 30}, {i: k + 1}, [i], i, {i: u}], ids=repr)
def test_sample_indices_are_declared_with_sizes(indices: object) -> None:
    with pytest.raises(SymmixError):
        Reader(indices)  # type: ignore[arg-type]


def test_sums_begin_at_one_number() -> None:
    from_one = sp.Sum(v[i, 0], (i, 1, k))
    refused(lambda reader: reader.expression(total - from_one), NotationError, "sums over k that all begin at")
    refused(lambda reader: (reader.expression(from_one), reader.expression(total)), NotationError, "begin at 1")
    reader = Reader()
    assert reader.expression(from_one + sp.Sum(z[i, 0], (i, 0, h - 1)))


# -- for all samples ---


def test_for_all_binds_its_indices() -> None:
    one, named, sized, both = Reader({i: k}).hypotheses(
        [u[i, 0], ForAll(i, u[i, 0]), ForAll((i, k), u[i, 0]), ForAll((i, j), P[i, j] - P[j, i])]
    )
    assert one == t.Entry(t.Symbol("u", ("k", "1")), ("i", "0"))
    assert named == sized == s.ForAll((t.Index("i1", "k"),), t.Entry(t.Symbol("u", ("k", "1")), ("i1", "0")))
    for several in (both, *Reader().hypotheses([ForAll(((i, k), (j, k)), P[i, j])])):
        assert isinstance(several, s.ForAll)
        assert [index.size for index in several.indices] == ["k", "k"]


@pytest.mark.parametrize("indices", [(), (i, i), "i", 3, u, ((i, k, j),), (i, 0)], ids=repr)
def test_for_all_is_about_different_indices(indices: object) -> None:
    with pytest.raises(SymmixError, match=r"different indices|a size that"):
        Reader().hypotheses([ForAll(indices, u[i, 0])])


def test_for_all_is_about_indices_that_occur() -> None:
    with pytest.raises(DimensionError, match="used along an axis, in ForAll"):
        Reader().hypotheses([ForAll(i, lam)])
    with pytest.raises(DimensionError, match="one size for the index i"):
        Reader().hypotheses([ForAll((i, h), u[i, 0] + z[i, 0])])


# -- sizes ---


def test_a_size_is_a_number_too() -> None:
    assert Reader().sides(n, sp.Trace(sp.Identity(n))) == (t.Size("n"), t.Trace(t.Identity("n")))
    assert read(sp.Symbol("N", integer=True, positive=True)) == t.Size("N")
    assert read(sp.Symbol("N", integer=True)) == t.Symbol("N")


@pytest.mark.parametrize("given", [{}, {"real": True}, {"integer": True}, {"positive": True}], ids=str)
def test_a_size_that_is_a_scalar_too_is_a_positive_whole_number(given: dict[str, bool]) -> None:
    size = sp.Symbol("s", **given)
    reading = [size * sp.MatrixSymbol("x", size, 1), size + sp.Trace(sp.Identity(size))]
    for expression in reading:
        unreadable(expression, NotationError, "integer=True, positive=True")
    refused(
        lambda reader: reader.sides(size, sp.Trace(sp.Identity(size))), NotationError, "integer=True, positive=True"
    )
    assert read(sp.MatrixSymbol("x", size, 1)).shape == ("s", "1")


@pytest.mark.parametrize("given", [{"even": True, "integer": True}, {"prime": True}], ids=str)
def test_a_size_is_any_positive_whole_number(given: dict[str, bool]) -> None:
    refused(lambda reader: reader.expression(sp.Identity(sp.Symbol("s", **given))), NotationError, "positive whole")


def test_along_a_size_of_one_the_index_is_zero() -> None:
    column = Entries(k, 1, sp.Lambda((i, j), u[i, j]))
    assert read(column) == t.ByEntries(t.Index("i", "k"), None, t.Entry(t.Symbol("u", ("k", "1")), ("i", "0")))
    refused(lambda reader: reader.expression(u[i, j]), DimensionError, "index 0 along an axis of size 1")
    square = Entries(k, 1, sp.Lambda((i, j), P[i, j]))
    refused(lambda reader: reader.expression(square), DimensionError, "one size for the index j")


# -- definitions ---


def test_definitions_stand_in_the_order_of_their_use() -> None:
    a, b, c = (sp.Symbol(name, real=True) for name in "abc")
    pairs = Reader().definitions({c: a + b, b: a**2, a: lam})
    assert [symbol.name for symbol, _ in pairs] == ["a", "b", "c"]


@pytest.mark.parametrize("given", [{"integer": True}, {"integer": True, "negative": True}], ids=str)
def test_a_defined_symbol_is_what_it_is_defined_as(given: dict[str, bool]) -> None:
    with pytest.raises(StatementError, match="declare it with real=True"):
        Reader().definitions({sp.Symbol("a", **given): lam / 2})
    with pytest.raises(StatementError, match="declare it with real=True"):
        Reader().definitions({sp.Symbol("a", positive=True): sp.Trace(P)})


def test_the_statements_of_a_theorem_are_looked_at_before_they_are_read() -> None:
    setting = Setting()
    statement = Identity(sp.Symbol("i", real=True) * u, total * u)
    tree = statement.tree(setting.reader)
    assert "i1 < k" in str(tree.right)


# -- what is known of a name already ---


def test_a_scalar_is_no_size_later() -> None:
    q = sp.Symbol("q")
    matrix = sp.MatrixSymbol("X", q, q)
    refused(lambda reader: (reader.expression(q * lam), reader.expression(matrix)), NotationError, "one meaning")
    refused(lambda reader: (reader.expression(matrix), reader.expression(q * lam)), NotationError, "as a number too")
    with pytest.raises(NotationError, match="where it is used as a number too"):
        Reader({i: q}).expression(q * lam)


def test_a_namesake_of_a_sample_index_is_none() -> None:
    with pytest.raises(DimensionError, match="a Kronecker delta of two indices"):
        Reader({i: k, j: k}).expression(sp.KroneckerDelta(plain, j))
    assert Reader({i: k, j: k}).expression(sp.KroneckerDelta(i, j)) == t.Delta("i", "j")


def test_a_dummy_keeps_its_name_where_it_has_one() -> None:
    for name, expected in (("t", "t"), ("_t1", "t1"), ("x.y", "xy"), ("12", "i"), ("", "i")):
        dummy = sp.Dummy(name, integer=True)
        tree = read(sp.Sum(u[dummy, 0], (dummy, 0, k - 1)))
        assert isinstance(tree, t.Total)
        assert tree.indices == (t.Index(expected, "k"),)


def test_a_name_that_is_none_is_said_to_be_that_of_a_symbol() -> None:
    unreadable(sp.Symbol("\u03bb") * u, NotationError, "the name of a symbol:")


def test_a_delta_over_a_whole_axis() -> None:
    ranged = sp.KroneckerDelta(i, j, (0, k - 1))
    tree = read(sp.Sum(ranged, (i, 0, k - 1), (j, 0, k - 1)))
    assert isinstance(tree, t.Total)
    assert tree.body in (t.Delta("i", "j"), t.Delta("j", "i"))


def test_moments_are_functions_of_as_many_indices_as_an_entry_has() -> None:
    x = sp.Symbol("x", real=True)
    wrong = "a Lambda of {} indices for the moment of degree {} of {}"
    unreadable(expectation(x, x, {0: sp.Integer(2)}), StatementError, "a moment of degree 0 of x that is 1")
    unreadable(expectation(x, x, {1: sp.Lambda(i, lam)}), StatementError, wrong.format(0, 1, "x"))
    unreadable(expectation(u, u, {1: lam}), StatementError, wrong.format(1, 1, "u"))
    unreadable(expectation(u, u, {2: sp.Lambda(i, lam)}), StatementError, wrong.format(2, 2, "u"))
    unreadable(expectation(u, u, {1: sp.Lambda((i, j), lam)}), StatementError, wrong.format(1, 1, "u"))


def test_a_delta_is_of_indices_with_entries_to_tell_apart() -> None:
    x = sp.Symbol("x", real=True)
    reader = Reader({i: k, j: k})
    with pytest.raises(DimensionError, match="a Kronecker delta of two indices") as caught:
        reader.expression(expectation(x, x, {1: sp.KroneckerDelta(i, j)}))
    assert caught.value.remedy == "sum over its indices, or declare them as sample indices: indices={i: n}"
    unreadable(Entries(1, k, sp.Lambda((i, j), sp.KroneckerDelta(i, j))), DimensionError, "a Kronecker delta of two")


def test_an_index_with_a_name_that_is_none_is_refused() -> None:
    letter = sp.Symbol("\u03bb", integer=True)
    unreadable(sp.Sum(u[letter, 0], (letter, 0, k - 1)), NotationError, "the name of an index:")


def test_a_survey_passes_by_what_holds_no_expression() -> None:
    reader = Reader()
    reader.survey(Identity, Reader, None, 3, "text", {"key": Identity(u, v)})
    assert reader.expression(u) == t.Symbol("u", ("k", "1"))


def test_a_list_is_looked_at_as_a_whole_before_it_is_read() -> None:
    trees = Reader().expressions([total * lam, plain * u], "a role")
    assert [isinstance(tree, t.Expression) for tree in trees] == [True, True]
    assert t.Symbol("i") in trees[1].walk()
    assert all(node.name != "i" for node in trees[0].walk() if isinstance(node, t.Index))


def test_what_is_not_well_formed_is_named_whatever_indices_stand_beside_it() -> None:
    bad = sp.Basic.__new__(sp.Trace, sp.MatrixSymbol("B", k, h))
    for expression in (u[i, 0] * bad, sp.Sum(u[i, 0] * v[j, 0] * bad, (i, 0, k - 1))):
        with pytest.raises(DimensionError, match="a square matrix"):
            Reader({j: k}).expression(expression)


def test_what_is_not_in_the_language_is_told_what_is() -> None:
    with pytest.raises(UnsupportedError) as caught:
        read(sp.exp(lam))
    assert caught.value.required.startswith("sums, products and powers of scalars,")
    assert caught.value.required.endswith(" Kronecker deltas and sums over a symbolic size")
