"""What the reader keeps in mind between statements, and the words in which it refuses."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from symmix import Identity
from symmix.errors import DimensionError, NotationError, StatementError, SymmixError, UnsupportedError
from symmix.language import ForAll, Reader, Writer, expectation, quotient, read
from symmix.language.standing import stand_in
from symmix.meaning import Meaning
from symmix.notation import h, k, lam, legend, lookup, m, m2, n
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.meanings import Names

i, j = sp.symbols("i j", integer=True)
plain = sp.Symbol("i", real=True)
x, y = sp.symbols("x y", real=True)
u, v, w = sp.MatrixSymbol("u", k, 1), sp.MatrixSymbol("v", k, 1), sp.MatrixSymbol("w", h, 1)
A, C = sp.MatrixSymbol("A", k, h), sp.MatrixSymbol("C", k, k)
total = sp.Sum(u[i, 0], (i, 0, k - 1))
counted = sp.Sum(lam, (i, 0, k - 1))


def unchecked(node: type, *args: sp.Basic) -> sp.Basic:
    """Build a node as SymPy does behind the checks of its constructor."""
    return sp.Basic.__new__(node, *args)


def refusal(reading: Callable[[], object]) -> SymmixError:
    with pytest.raises(SymmixError) as caught:
        reading()
    return caught.value


# -- what is looked at before it is read ---


@pytest.mark.parametrize(
    "reading",
    [
        lambda reader: reader.hypotheses([total * lam, plain * u]),
        lambda reader: reader.hypotheses([ForAll(i, u[i, 0]), plain * u]),
        lambda reader: reader.conditions([sp.Gt(counted, 0), sp.Gt(plain, 0)]),
        lambda reader: reader.condition(sp.Gt(counted, plain)),
        lambda reader: reader.sides(total, plain),
        lambda reader: reader.definitions({y: counted, x: plain}),
        lambda reader: (reader.survey({x: [plain]}), reader.expression(total)),
        lambda reader: (reader.survey({plain: x}), reader.expression(total)),
        lambda reader: (reader.survey((ForAll(i, u[i, 0]), plain * u)), reader.expression(total)),
        lambda reader: (reader.survey(Identity(u, plain * u)), reader.expression(total)),
    ],
)
def test_a_bound_index_gives_way_to_what_is_read_after_it(reading: Callable[[Reader], Any]) -> None:
    """Read alone, the first would take the name i."""
    reader = Reader()
    reading(reader)
    assert reader.expression(plain) == t.Symbol("i")


def test_indices_of_several_hypotheses_may_share_a_name() -> None:
    reader = Reader()
    for found in (
        *reader.hypotheses([ForAll(i, u[i, 0]), ForAll(i, v[i, 0])]),
        *reader.hypotheses([ForAll(i, u[i, 0])]),
    ):
        assert isinstance(found, s.ForAll)
        assert found.indices == (t.Index("i", "k"),)


def test_what_was_read_where_it_was_bound_is_not_what_it_is_outside() -> None:
    reader = Reader()
    reader.hypotheses([ForAll(i, u[i, 0])])
    with pytest.raises(NotationError, match="one meaning for the name 'i'"):
        reader.expression(u[i, 0])


def test_what_was_read_before_the_definitions_is_read_again() -> None:
    node = expectation(x * u, x, {1: lam})
    reader = Reader()
    assert reader.expression(node)
    reader.definitions({x: lam})
    with pytest.raises(SymmixError, match="x"):
        reader.expression(node)


# -- for all ---


def test_the_size_that_is_given_in_for_all_is_the_size_of_the_index() -> None:
    with pytest.raises(DimensionError, match="one size for the index i"):
        Reader().hypotheses([ForAll((i, h), u[i, 0]), w])
    (found,) = Reader().hypotheses([ForAll((i, k), u)])
    assert found == s.ForAll((t.Index("i", "k"),), t.Symbol("u", ("k", "1")))


def test_a_size_is_no_index_of_for_all() -> None:
    with pytest.raises(NotationError, match="an index that is no size"):
        Reader().hypotheses([ForAll(k, sp.MatrixSymbol("B", n, k)[k, j])])


@pytest.mark.parametrize("indices", [((),), (i, ()), ([],), (i, [j, k]), ((i, k), [j, k]), [[i, k], j]], ids=repr)
def test_the_indices_of_for_all_may_stand_in_any_brackets_but_not_be_missing(indices: object) -> None:
    reading = [ForAll(indices, C[i, j])]
    if "()" in repr(indices) or "[]" in repr(indices):
        with pytest.raises(StatementError, match="different indices in ForAll"):
            Reader().hypotheses(reading)
    else:
        (found,) = Reader().hypotheses(reading)
        assert isinstance(found, s.ForAll)
        assert [index.size for index in found.indices] == ["k", "k"]


# -- definitions ---


def test_definitions_of_vectors_and_numbers() -> None:
    a = sp.Symbol("a", positive=True)
    definitions: dict[sp.Basic, Any] = {
        u: C * v,
        a: lam / 2,
        x: sp.Trace(C),
        y: 2,
        sp.Symbol("z", real=True): Fraction(1, 2),
    }
    pairs = dict(Reader().definitions(definitions))
    assert {symbol.name for symbol in pairs} == {"u", "a", "x", "y", "z"}
    assert pairs[t.Symbol("z")] == t.Number(Fraction(1, 2))


def test_a_positive_symbol_is_not_defined_by_entries_in_several_steps() -> None:
    with pytest.raises(StatementError, match="of which nothing else is assumed"):
        Reader().definitions({x: sp.Trace(C), sp.Symbol("a", positive=True): 2 * x})


def test_what_is_used_as_a_size_is_not_defined() -> None:
    reader = Reader()
    size = sp.Symbol("q")
    reader.expression(sp.MatrixSymbol("X", size, 1))
    with pytest.raises(NotationError, match="where it is used as a number too"):
        reader.definitions({size: lam})


@pytest.mark.parametrize("value", ["lam", 0.5, None, [lam]], ids=repr)
def test_what_is_no_definition_is_refused_by_the_name_of_the_symbol(value: object) -> None:
    with pytest.raises(UnsupportedError, match="in: the definition of x"):
        Reader().definitions({x: value})
    with pytest.raises(UnsupportedError, match="definitions by symbol"):
        Reader().definitions(value)


# -- the setting ---


def finished(reader: Reader, *roots: Any, conditions: Any = (), definitions: Any = None) -> s.Setting:
    pairs = reader.definitions(definitions or {})
    trees = [reader.expression(root) for root in roots]
    return reader.finished(pairs, reader.conditions(conditions), trees)


def test_what_is_assumed_of_what_conditions_alone_mention_is_a_condition() -> None:
    positive = sp.Symbol("a", positive=True)
    found = finished(Reader(), conditions=[sp.Ne(x, positive)]).conditions
    a = t.Symbol("a")
    assert found == (s.Condition(t.Symbol("x"), "!=", a), s.Condition(a, ">", t.Number(Fraction(0))))


def test_what_the_legend_assumes_brings_in_what_it_mentions() -> None:
    alone, other = (finished(Reader(), symbol * u).conditions for symbol in (m, m2))
    assert set(alone) == set(other)
    assert len(alone) == 3


def test_symbols_that_the_legend_relates_have_one_domain() -> None:
    """So it is enough to look at the symbols of a statement."""
    for entry in legend():
        for mentioned in (symbol for relation in entry.domain for symbol in relation.free_symbols):
            known = lookup(mentioned.name)
            assert known is not None
            assert known.domain == entry.domain


def test_nothing_is_known_of_a_name_that_was_not_read() -> None:
    assert Reader().finished((), (), [t.Symbol("x")]) == s.Setting()


def test_whole_numbers_come_in_the_order_of_their_names() -> None:
    names = [f"a{number}" for number in range(8)]
    symbols = [sp.Symbol(name, integer=True) for name in reversed(names)]
    assert finished(Reader(), *symbols).whole == tuple(names)


def test_nested_expectations_are_independent_wherever_they_stand() -> None:
    nested = expectation(expectation(x * y, y, {1: lam}), x, {1: lam})
    pair = (("x", "y"),)
    a = sp.Symbol("a", real=True)
    assert finished(Reader(), nested).independent == pair
    assert finished(Reader(), conditions=[sp.Gt(nested, 0)]).independent == pair
    assert finished(Reader(), a, definitions={a: nested}).independent == pair
    assert finished(Reader(), lam).independent == ()


# -- where sums begin ---


def test_what_is_written_is_summed_from_zero_where_nothing_else_is_said() -> None:
    reader = Reader()
    tree = reader.expression(sp.OneMatrix(1, k) * sp.HadamardProduct(u, u, u))
    written = Writer(reader).write(Meaning(Names.of([tree])).array(tree))
    assert isinstance(written, sp.Sum)
    assert [tuple(limit)[1:] for limit in written.limits] == [(0, k - 1)]


# -- the words of a refusal ---


@pytest.mark.parametrize(
    ("expression", "arrived"),
    [
        (unchecked(sp.Trace, sp.MatMul(C + C.T, A)), "(C + C.T)*A of shape ('k', 'h') in Trace((C + C.T)*A)"),
        (sp.Trace(C) * unchecked(sp.Trace, A), "A of shape ('k', 'h') in Trace(A)"),
        (
            unchecked(sp.HadamardProduct, u, sp.Trace(C) * A),
            "u of shape ('k', '1') and Trace(C)*A of shape ('k', 'h'), in HadamardProduct(u, Trace(C)*A)",
        ),
        (unchecked(sp.MatAdd, u, w), "u of shape ('k', '1') and w of shape ('h', '1'), in u + w"),
        (
            unchecked(sp.HadamardProduct, u, sp.Trace(C) * sp.Dummy("a", real=True) * A),
            "u of shape ('k', '1') and (_a*Trace(C))*A of shape ('k', 'h'), in HadamardProduct(u, (_a*Trace(C))*A)",
        ),
    ],
    ids=str,
)
def test_what_is_not_well_formed_is_named_as_it_was_written(expression: sp.Basic, arrived: str) -> None:
    found = refusal(lambda: read(expression))
    assert type(found) is DimensionError
    assert found.arrived == arrived


def test_what_sympy_itself_cannot_print_is_refused_all_the_same() -> None:
    wrong = sp.Add(n, quotient(sp.MatrixSymbol("B", n, n), unchecked(sp.MatMul, n, unchecked(sp.MatAdd, n, n))))
    found = refusal(lambda: read(wrong))
    assert found.__cause__ is None
    assert "cannot be taken apart" not in str(found)


@pytest.mark.parametrize("kind", [sp.MatMul, sp.HadamardProduct], ids=lambda kind: kind.__name__)
def test_what_cannot_be_taken_apart_is_refused(kind: type) -> None:
    found = refusal(lambda: read(unchecked(kind)))
    assert type(found) is UnsupportedError
    assert "cannot be taken apart" in found.arrived


def test_a_list_says_what_it_is_a_list_of() -> None:
    for reading, role in ((Reader().hypotheses, "hypotheses"), (Reader().conditions, "conditions")):
        assert refusal(lambda reading=reading: reading(u)).required == f"a list of expressions ({role})"  # type: ignore[misc]


# -- symbols that stand for hypotheses ---


def test_a_symbol_that_stands_for_something_has_its_axes() -> None:
    reader = Reader()
    reader.expression(C * A * w)
    names = [stand_in(reader, sizes) for sizes in (("k", "1"), ("k", "h"), ("1", "1"), ("k", "h", "h"))]
    assert len(set(names)) == 4
    shapes = [tuple(reader.symbols[name].shape) for name in names]
    assert shapes == [(k, 1), (k, h), (1, 1), (k, h, h)]
    for name, sizes in zip(names, (("k", "1"), ("k", "h"), ("1", "1")), strict=False):
        assert reader.expression(reader.symbols[name]) == t.Symbol(name, sizes)
