"""What SymPy knows of a symbol becomes a condition, or the symbol is refused."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symmix.errors import NotationError, SymmixError, UnsupportedError
from symmix.language import Reader
from symmix.notation import k, m
from symmix.terms import statements as s
from symmix.terms.statements import Setting

u = sp.MatrixSymbol("u", k, 1)


def setting(*expressions: sp.Basic) -> Setting:
    reader = Reader()
    return reader.finished((), (), [reader.expression(expression) for expression in expressions])


def signs(**assumptions: bool) -> list[str]:
    return [str(condition.sign) for condition in setting(sp.Symbol("x", **assumptions)).conditions]


@pytest.mark.parametrize(
    ("assumptions", "expected"),
    [
        ({}, []),
        ({"real": True}, []),
        ({"complex": True, "real": True}, []),
        ({"finite": True}, []),
        ({"rational": True}, []),
        ({"positive": True}, [">"]),
        ({"negative": True}, ["<"]),
        ({"nonnegative": True}, [">="]),
        ({"nonpositive": True}, ["<="]),
        ({"nonzero": True}, ["!="]),
        ({"nonzero": True, "nonnegative": True}, [">"]),
        ({"positive": False}, ["<="]),
        ({"negative": False, "real": True}, [">="]),
        ({"zero": False, "real": True}, ["!="]),
        ({"integer": True}, []),
        ({"integer": True, "nonzero": True}, ["!="]),
        ({"extended_real": True, "real": True}, []),
        ({"extended_positive": True, "real": True}, [">"]),
        ({"extended_negative": True, "real": True}, ["<"]),
        ({"extended_nonnegative": True, "real": True}, [">="]),
        ({"extended_nonpositive": True, "real": True}, ["<="]),
        ({"extended_nonzero": True, "real": True}, ["!="]),
        ({"commutative": True, "hermitian": True}, []),
        ({"algebraic": True, "imaginary": False, "infinite": False}, []),
    ],
    ids=str,
)
def test_an_assumption_is_a_condition(assumptions: dict[str, bool], expected: list[str]) -> None:
    assert signs(**assumptions) == expected
    whole = setting(sp.Symbol("x", **assumptions)).whole
    assert whole == (("x",) if assumptions.get("integer") else ())


@pytest.mark.parametrize(
    ("assumptions", "remedy"),
    [
        ({"commutative": False}, "declare a MatrixSymbol"),
        ({"complex": True}, "declare it with real=True"),
        ({"real": False}, "declare it with real=True"),
        ({"imaginary": True}, "declare it with real=True"),
        ({"infinite": True}, "declare it with real=True"),
        ({"finite": False}, "declare it with real=True"),
        ({"extended_real": True}, "declare it with real=True"),
        ({"extended_positive": True}, "declare it with positive=True"),
        ({"extended_nonzero": True}, "declare it with nonzero=True"),
        ({"extended_negative": True}, "declare it with negative=True"),
        ({"extended_nonnegative": True}, "declare it with nonnegative=True"),
        ({"extended_nonpositive": True}, "declare it with nonpositive=True"),
        ({"even": True}, "leave the others out"),
        ({"even": False}, "leave the others out"),
        ({"odd": True}, "leave the others out"),
        ({"prime": True}, "leave the others out"),
        ({"composite": True}, "leave the others out"),
        ({"irrational": True}, "leave the others out"),
        ({"rational": False, "real": True}, "leave the others out"),
        ({"transcendental": True}, "leave the others out"),
        ({"noninteger": True}, "leave the others out"),
        ({"integer": False, "real": True}, "leave the others out"),
        ({"antihermitian": True}, "leave the others out"),
        ({"zero": True}, "write 0"),
    ],
    ids=str,
)
def test_what_no_condition_says_is_refused(assumptions: dict[str, bool], remedy: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        signs(**assumptions)
    assert remedy in caught.value.remedy
    assert "Symbol('x'" in caught.value.arrived


@pytest.mark.parametrize(
    "fact", ["finite", "rational", "complex", "real", "integer", "positive", "nonzero", "nonnegative"]
)
def test_a_size_may_be_known_to_be_what_whole_numbers_are(fact: str) -> None:
    size = sp.Symbol("q", **{fact: True})
    assert not setting(sp.MatrixSymbol("X", size, size)).conditions


@pytest.mark.parametrize("fact", ["prime", "composite", "even", "odd", "zero", "negative"])
def test_an_index_runs_over_all_whole_numbers(fact: str) -> None:
    index = sp.Symbol("i", integer=True, **{fact: True})
    for first in (0, 1):
        with pytest.raises(NotationError, match=f"a whole number from {first} on"):
            setting(sp.Sum(u[index, 0], (index, first, k - 1 + first)))


FACTS = ("real", "positive", "negative", "nonnegative", "nonpositive", "nonzero", "zero", "integer", "rational")
MORE = ("commutative", "complex", "imaginary", "finite", "even", "odd", "prime", "extended_real", "extended_positive")


@given(st.dictionaries(st.sampled_from(FACTS + MORE), st.booleans(), max_size=3), st.sampled_from([-2, -1, 0, 1, 2]))
def test_the_conditions_say_what_sympy_knows(assumptions: dict[str, Any], value: int) -> None:
    """Each whole number meets the conditions of a symbol exactly if SymPy finds nothing against it."""
    try:
        symbol = sp.Symbol("x", **assumptions)
    except sp.core.facts.InconsistentAssumptions:
        return
    try:
        conditions = setting(symbol).conditions
    except SymmixError:
        return
    if symbol.is_integer and symbol.is_positive:
        return  # which is read as a size
    number = sp.Integer(value)
    known = {fact: getattr(symbol, f"is_{fact}") for fact in FACTS + MORE}
    possible = all(truth is None or getattr(number, f"is_{fact}") == truth for fact, truth in known.items())
    assert possible == all(_holds(condition, value) for condition in conditions)


def _holds(condition: s.Condition, value: int) -> bool:
    return {">": value > 0, ">=": value >= 0, "<": value < 0, "<=": value <= 0, "!=": value != 0}[condition.sign]


def test_conditions_bring_in_what_they_mention() -> None:
    found = setting(m * u)
    assert {"m", "m2"} <= {str(node) for condition in found.conditions for node in condition.walk()}
    assert len(set(found.conditions)) == len(found.conditions)


def test_what_is_known_of_symbols_that_definitions_alone_mention_is_a_condition() -> None:
    x, q = sp.Symbol("x", real=True), sp.Symbol("q", positive=True)
    reader = Reader()
    definitions = reader.definitions({x: q * 2})
    found = reader.finished(definitions, (), [reader.expression(x * u)])
    assert [f"{c.left} {c.sign} {c.right}" for c in found.conditions] == ["q > 0"]


@pytest.mark.parametrize(
    ("relation", "sign"), [(sp.Gt, ">"), (sp.Ge, ">="), (sp.Lt, "<"), (sp.Le, "<="), (sp.Ne, "!=")]
)
def test_every_relation_is_a_condition(relation: type, sign: str) -> None:
    (condition,) = Reader().conditions([relation(sp.Symbol("x", real=True), 2)])
    assert condition.sign == sign


def test_a_condition_that_is_stated_is_stated_once() -> None:
    x = sp.Symbol("x", nonnegative=True)
    reader = Reader()
    bare = sp.GreaterThan(x, 0, evaluate=False)
    stated = reader.conditions([bare])
    assert reader.finished((), stated, [reader.expression(x * u)]).conditions == stated


@pytest.mark.parametrize("pair", list(combinations(["positive", "real", "integer", "nonzero"], 2)), ids=str)
def test_symbols_that_differ_in_their_assumptions_are_two(pair: tuple[str, str]) -> None:
    first, second = (sp.Symbol("x", **{fact: True}) for fact in pair)
    with pytest.raises(SymmixError, match="one meaning for the name 'x'"):
        setting(first * u, second * u)
