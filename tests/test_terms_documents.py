"""Statements and theorems that state nothing, or too much, are refused; JSON holds a theorem, and nothing else."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symmix.errors import DimensionError, NotationError, StatementError, SymmixError, UnsupportedError
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.codec import SCHEMA, canonical, digest, document, encoded, theorem_of
from symmix.terms.documents import (
    independent_pairs,
    require_news,
    require_setting,
    require_statement,
    require_theorem,
)
from symmix.terms.meanings import Names, names_of, roots_of
from tests.test_terms_wellformed import WELL
from tests.trees import any_expressions

W, x, y = t.Symbol("W", ("k", "h")), t.Symbol("x", ("h", "1")), t.Symbol("y", ("k", "1"))
A, r, u = t.Symbol("A", ("h", "h")), t.Symbol("r", ("k", "1")), t.Symbol("u", ("h", "1"))
lam, mu, nu = t.Symbol("lam"), t.Symbol("mu"), t.Symbol("nu")
n, i = t.Size("n"), t.Index("i", "h")
trace = t.Trace(A)


def number(value: int | str) -> t.Number:
    return t.Number(Fraction(value))


ZERO, ONE = number(0), number(1)
Wx = t.Multiply((W, x))
xi = t.Entry(x, ("i", "0"))
IDENTITY = s.Identity(Wx, y, (t.Add((Wx, t.Multiply((number(-1), y)))),))
TRUE = s.Identity(t.Add((lam, lam)), t.Multiply((number(2), lam)))


def mean(of: t.Expression, random: t.Symbol, *values: t.Expression) -> t.Expectation:
    return t.Expectation(of, random, tuple(t.Moment(d, (), value) for d, value in enumerate(values, 1)))


def check(statement: s.Statement, setting: s.Setting | None = None) -> None:
    setting = setting or s.Setting()
    names = Names.of([*setting.conditions, statement], setting.indices, setting.definitions)
    require_statement(statement, require_setting(setting, names))


GOOD: list[s.Statement] = [
    IDENTITY,
    s.Identity(Wx, y, (s.ForAll((i,), xi),)),
    s.Vanishing((Wx, xi), (x, s.ForAll((t.Index("a", "h"), t.Index("b", "h")), t.Entry(A, ("a", "b"))))),
    s.Equivalence((x,), (Wx,), (lam, n), (y,)),
    s.Equivalence((x, y), (y, x)),
    s.Positivity(t.Quotient(lam, n), (s.Range(lam, Fraction(0), Fraction(1)), s.Range(n, Fraction(1), None))),
    s.Fails(IDENTITY),
]


@pytest.mark.parametrize("statement", GOOD)
def test_statements_that_are_well_formed(statement: s.Statement) -> None:
    free = () if any(node == i for node in statement.walk()) else (i,)
    check(statement, s.Setting(indices=free))


BAD = t.Multiply((x, x))
ILL: list[tuple[s.Statement, type[SymmixError], str]] = [
    (s.Identity(Wx, x), StatementError, "two sides of one shape"),
    (s.Identity(Wx, Wx), StatementError, "two sides that differ"),
    (s.Identity(BAD, x), DimensionError, "matching inner sizes"),
    (s.Identity(x, BAD), DimensionError, "matching inner sizes"),
    (s.Identity(x, u, (BAD,)), DimensionError, "matching inner sizes"),
    (s.Identity(x, u, (s.ForAll((i,), BAD),)), DimensionError, "matching inner sizes"),
    (s.Identity(x, u, (s.ForAll((i, i), xi),)), NotationError, "an index that is bound once"),
    (s.Identity(x, u, (s.ForAll((t.Index("i", "k"),), xi),)), DimensionError, "one size for the index i"),
    (s.Identity(x, u, (xi,)), NotationError, "indices that are summed over, or declared"),
    (s.Vanishing(()), StatementError, "at least one expression in Vanishing"),
    (s.Vanishing((x, BAD)), DimensionError, "matching inner sizes"),
    (s.Vanishing((x,), (BAD,)), DimensionError, "matching inner sizes"),
    (s.Equivalence((), (x,)), StatementError, "at least one expression in Equivalence"),
    (s.Equivalence((x,), ()), StatementError, "at least one expression in Equivalence"),
    (s.Equivalence((BAD,), (x,)), DimensionError, "matching inner sizes"),
    (s.Equivalence((x,), (BAD,)), DimensionError, "matching inner sizes"),
    (s.Equivalence((x,), (x,)), StatementError, "two sides that differ"),
    (s.Equivalence((x,), (u,), (lam, x)), DimensionError, "a scalar that is not zero"),
    (s.Equivalence((x,), (u,), (lam, trace)), UnsupportedError, "a scalar built from numbers"),
    (s.Equivalence((x,), (u,), (), (BAD,)), DimensionError, "matching inner sizes"),
    (s.Positivity(x), DimensionError, "a scalar in an inequality"),
    (s.Minimum(x, ((lam, lam),)), DimensionError, "a scalar in an inequality"),
    (s.Positivity(lam, (), (BAD,)), DimensionError, "matching inner sizes"),
    (s.Positivity(lam, (s.Range(lam, Fraction(1), Fraction(1)),)), StatementError, "a range with points in it"),
    (s.Positivity(lam, (s.Range(lam, Fraction(2), Fraction(1)),)), StatementError, "a range with points in it"),
    (s.Positivity(lam, (s.Range(x, Fraction(0), None),)), StatementError, "ranges of scalar symbols"),
    (
        s.Positivity(lam, (s.Range(lam, Fraction(0), None), s.Range(lam, Fraction(1), None))),
        StatementError,
        "one range for each symbol",
    ),
    (s.Fails(s.Identity(Wx, Wx)), StatementError, "two sides that differ"),
]


@pytest.mark.parametrize(("statement", "kind", "required"), ILL)
def test_statements_that_are_not(statement: s.Statement, kind: type[SymmixError], required: str) -> None:
    with pytest.raises(SymmixError) as caught:
        check(statement)
    assert type(caught.value) is kind
    assert required in caught.value.required


@pytest.mark.parametrize(
    ("statement", "setting", "end"),
    [
        (TRUE, s.Setting(conditions=(s.Condition(x, ">", ZERO),)), " a scalar in a condition"),
        (TRUE, s.Setting(conditions=(s.Condition(ZERO, ">", x),)), " a scalar in a condition"),
        (s.Vanishing(()), s.Setting(), " at least one expression in Vanishing"),
        (s.Equivalence((), (x,)), s.Setting(), " at least one expression in Equivalence"),
        (s.Equivalence((x,), ()), s.Setting(), " at least one expression in Equivalence"),
        (s.Equivalence((x,), (u,), (x,)), s.Setting(), " a scalar that is not zero"),
        (s.Positivity(x), s.Setting(), " a scalar in an inequality"),
        (s.Vanishing((t.Quotient(lam, x),)), s.Setting(), " a scalar to divide by"),
        (s.Vanishing((mean(mu, lam, x),)), s.Setting(), " a scalar as moment of the scalar lam"),
    ],
)
def test_errors_say_what_was_to_be_there(statement: s.Statement, setting: s.Setting, end: str) -> None:
    with pytest.raises(SymmixError) as caught:
        check(statement, setting)
    assert f" {caught.value.required}" == end


# -- settings ----------------------------------------------------------------------------------------------------------


def test_a_range_of_what_has_a_definition_is_refused() -> None:
    statement = s.Positivity(lam, (s.Range(lam, Fraction(0), None),))
    check(statement)
    with pytest.raises(StatementError, match="ranges of scalar symbols without a definition"):
        check(statement, s.Setting(definitions=((lam, mu),)))


SETTINGS: list[tuple[s.Setting, type[SymmixError], str, str]] = [
    (s.Setting(definitions=((r, x),)), DimensionError, "a definition of the shape ('k', '1')", "the definition of r"),
    (s.Setting(definitions=((r, y), (r, Wx))), StatementError, "one definition", "the definition of r"),
    (s.Setting(definitions=((r, t.Add((r, y))),)), StatementError, "not themselves", "the definition of r"),
    (
        s.Setting(definitions=((r, t.Add((y, y))), (y, Wx))),
        StatementError,
        "defined before them",
        "the definition of r",
    ),
    (
        s.Setting(definitions=((t.Symbol("T", ("h", "h", "h")), x),)),
        StatementError,
        "one definition of a scalar",
        "of T",
    ),
    (s.Setting(definitions=((u, BAD),)), DimensionError, "matching inner sizes", "the definition of u"),
    (
        s.Setting((t.Index("i", "h"),), definitions=((lam, xi),)),
        NotationError,
        "indices that are summed over",
        "the definition of lam",
    ),
    (s.Setting(conditions=(s.Condition(lam, "==", ZERO),)), StatementError, "one of ('>'", "the condition lam == 0"),  # type: ignore[arg-type]
    (s.Setting(conditions=(s.Condition(x, ">", ZERO),)), DimensionError, "a scalar in a condition", "the condition"),
    (s.Setting(conditions=(s.Condition(ZERO, ">", trace),)), UnsupportedError, "in a condition", "the condition 0 > "),
    (s.Setting(whole=("x",)), StatementError, "whole numbers among the scalars", ""),
    (s.Setting(whole=("nothing",)), StatementError, "whole numbers among the scalars", ""),
    (s.Setting(definitions=((lam, mu),), whole=("lam",)), StatementError, "whole numbers among the scalars", ""),
]


@pytest.mark.parametrize(("setting", "kind", "required", "place"), SETTINGS)
def test_settings_that_are_not_well_formed(
    setting: s.Setting, kind: type[SymmixError], required: str, place: str
) -> None:
    with pytest.raises(SymmixError) as caught:
        check(s.Vanishing((x,)), setting)
    assert type(caught.value) is kind
    assert required in caught.value.required
    assert place in " ".join(caught.value.places)


def test_the_scope_of_a_setting_has_the_sample_indices() -> None:
    setting = s.Setting(
        (t.Index("i", "h"),),
        ((r, Wx), (y, t.Add((r, r)))),
        tuple(s.Condition(lam, sign, ZERO) for sign in (">", ">=", "<", "<=", "!=")),
        ("lam",),
    )
    names = Names.of([*setting.conditions, xi], setting.indices, setting.definitions)
    scope = require_setting(setting, names)
    assert scope.indices == {"i": "h"}
    assert scope.names is names


# -- theorems ----------------------------------------------------------------------------------------------------------


def theorem(*claims: s.Statement, **parts: Any) -> s.Theorem:
    setting = parts.pop("setting", s.Setting())
    found = s.Theorem("x", setting, tuple((str(k) if k else "", c) for k, c in enumerate(claims)), (), (), ())
    found = replace(found, **parts)
    pairs = independent_pairs(names_of(found), roots_of(found))
    return replace(found, setting=replace(setting, independent=pairs))


def refused(found: s.Theorem) -> tuple[str, str, list[str]]:
    with pytest.raises(SymmixError) as caught:
        require_theorem(found)
    return caught.value.required, caught.value.arrived, caught.value.places


@pytest.mark.parametrize("name", ["row", "column", "i", "rows"])
def test_a_sample_is_not_called_as_certificates_call_axes(name: str) -> None:
    index = t.Index(name, "h")
    entry = t.Entry(x, (name, "0"))
    claim = s.Identity(t.Multiply((lam, entry)), t.Multiply((entry, lam)))
    stated = theorem(claim, setting=s.Setting(indices=(index,)))
    if name in ("i", "rows"):
        assert require_theorem(stated).names.free == {name: "h"}
    else:
        assert refused(stated)[:2] == ("a sample index with another name", name)


def test_a_theorem_names_the_place_of_what_is_wrong() -> None:
    wrong = s.Identity(Wx, x)
    assert require_theorem(theorem(IDENTITY, TRUE)).names.symbols.keys() == {"W", "x", "y", "lam"}
    assert refused(theorem(wrong))[2] == ["the claim"]
    assert refused(theorem(TRUE, wrong))[2] == ["claim '1'"]
    assert refused(theorem(TRUE, near_misses=(("a slip", wrong),)))[2] == ["near miss 'a slip'"]
    step = s.Derivation(TRUE.left, (s.Step(BAD, "why"), s.Step(TRUE.right, "why not")))
    assert refused(theorem(TRUE, proofs=(step,)))[2] == ["step 1 of the proof"]


def test_names_of_near_misses_are_names_of_the_theorem() -> None:
    assert names_of(theorem(TRUE, near_misses=(("a slip", s.Identity(x, u)),))).symbols.keys() == {"lam", "x", "u"}
    taken = s.Identity(t.Symbol("lam", ("h", "1")), u)
    with pytest.raises(NotationError, match="one meaning for the name 'lam'"):
        theorem(TRUE, near_misses=(("a slip", taken),))


def test_names_of_conditions_are_names_of_the_theorem() -> None:
    setting = s.Setting(conditions=(s.Condition(mu, ">", ZERO),))
    assert names_of(theorem(TRUE, setting=setting)).symbols.keys() == {"lam", "mu"}


def test_a_claim_says_something_new() -> None:
    own = s.Vanishing((y, x), (u, x))
    assert refused(theorem(own))[0] == "a claim that is not its own hypothesis"
    assert refused(theorem(own))[2] == ["the claim"]
    require_theorem(theorem(s.Vanishing((y, x), (u, s.ForAll((i,), xi)))))
    first, second = mean(lam, lam, mu, nu), mean(t.Power(lam, 2), lam, mu, nu)
    for claim in (s.Identity(first, mu), s.Identity(mu, first), s.Identity(second, nu), s.Identity(nu, second)):
        assert refused(theorem(claim))[0] == "a claim that is no given moment"
    for claim in (s.Identity(first, nu), s.Identity(second, mu), s.Identity(mean(mu, lam, mu), mu)):
        require_theorem(theorem(claim))
        require_news(claim)
    third = mean(t.Power(mu, 1), lam, nu)
    require_news(s.Identity(third, nu))
    require_theorem(theorem(TRUE, near_misses=(("its own hypothesis", own),)))  # false or not, nobody is misled


def test_a_proof_leads_from_one_side_of_a_claim_to_the_other() -> None:
    middle = t.Add((t.Multiply((ONE, lam)), lam))
    right = s.Derivation(TRUE.left, (s.Step(middle, "a"), s.Step(TRUE.right, "b")))
    require_theorem(theorem(TRUE, IDENTITY, proofs=(right,)))
    back = s.Derivation(TRUE.right, (s.Step(middle, "a"), s.Step(TRUE.left, "b")))
    require_theorem(theorem(IDENTITY, TRUE, proofs=(back,)))
    require_theorem(theorem(s.Vanishing((x,), (u,)), TRUE, proofs=(back,)))
    nowhere = s.Derivation(TRUE.left, (s.Step(middle, "a"),))
    assert "from one side of a claimed identity" in refused(theorem(TRUE, proofs=(nowhere,)))[0]
    assert "from one side of a claimed identity" in refused(theorem(IDENTITY, proofs=(right,)))[0]
    empty = s.Derivation(TRUE.left, ())
    assert refused(theorem(TRUE, proofs=(empty,)))[0] == "a proof with at least one step"
    standing = s.Derivation(TRUE.left, (s.Step(TRUE.left, "a"), s.Step(TRUE.right, "b")))
    assert refused(theorem(TRUE, proofs=(standing,)))[0] == "two sides that differ"


def test_a_step_uses_hypotheses_of_its_claim_alone() -> None:
    given = IDENTITY.where[0]
    proof = s.Derivation(Wx, (s.Step(y, "fit", (given,)),))
    require_theorem(theorem(IDENTITY, proofs=(proof,)))
    other = s.Derivation(Wx, (s.Step(y, "fit", (given, y)),))
    assert refused(theorem(IDENTITY, proofs=(other,)))[0] == "steps that use hypotheses of the claim alone"
    elsewhere = s.Identity(x, u, (y,))
    assert refused(theorem(IDENTITY, elsewhere, proofs=(other,)))[0] == "steps that use hypotheses of the claim alone"


def test_the_equality_of_each_step() -> None:
    chain = s.Derivation(lam, (s.Step(mu, "a"), s.Step(nu, "b", (x,))))
    assert chain.identities() == (s.Identity(lam, mu), s.Identity(mu, nu, (x,)))


def test_symbols_whose_moments_are_free_of_each_other_are_listed() -> None:
    inner, conditional = mean(t.Multiply((lam, mu)), mu, nu), mean(t.Multiply((lam, mu)), mu, lam)
    independent, dependent = mean(inner, lam, nu), mean(conditional, lam, nu)
    assert independent_pairs(Names.of([independent]), [independent]) == (("lam", "mu"),)
    assert independent_pairs(Names.of([dependent]), [dependent]) == ()
    both = [dependent, independent]
    assert independent_pairs(Names.of(both), both) == (("lam", "mu"),)
    assert independent_pairs(Names.of([inner]), [inner]) == ()
    names = Names.of([mean(r_ := t.Symbol("rho"), lam, nu)], (), ((r_, inner),))
    assert independent_pairs(names, [mean(r_, lam, nu)]) == (("lam", "mu"),)
    hidden = Names.of([mean(inner, lam, nu)], (), ((nu, lam),))
    assert independent_pairs(hidden, [mean(inner, lam, nu)]) == ()
    partly = mean(mean(t.Multiply((lam, mu)), mu, nu, lam), lam, nu)  # the second moment is a conditional one
    assert independent_pairs(Names.of([partly]), [partly]) == ()
    twice = mean(mean(lam, lam, nu), lam, nu)
    assert independent_pairs(Names.of([twice]), [twice]) == ()
    inner_ones = [mean(t.Symbol(f"m{number}"), t.Symbol(f"m{number}"), nu) for number in range(10, 30)]
    many = mean(t.Add(tuple(inner_ones)), lam, nu)
    assert independent_pairs(Names.of([many]), [many]) == tuple(("lam", f"m{number}") for number in range(10, 30))
    claim = s.Identity(independent, lam)
    found = theorem(claim)
    require_theorem(found)
    assert found.setting.independent == (("lam", "mu"),)
    for listed in ((), (("mu", "lam"),), (("lam", "mu"), ("lam", "mu"))):
        wrong = replace(found, setting=replace(found.setting, independent=listed))
        assert refused(wrong)[0] == "the independent pairs (('lam', 'mu'),)"


# -- JSON --------------------------------------------------------------------------------------------------------------

WHOLE = s.Theorem(
    "all of it",
    s.Setting(
        (t.Index("i", "h"),),
        ((r, Wx), (nu, t.Quotient(lam, n))),
        (s.Condition(lam, ">=", ZERO), s.Condition(mu, "!=", number("-1/2"))),
        ("mu",),
        (("lam", "mu"),),
    ),
    (
        (
            "",
            s.Identity(t.Gradient(t.Multiply((t.Transpose(r), r)), x, ((y, W),), constant=True), t.Add((x, x)), (xi,)),
        ),
        (
            "v",
            s.Vanishing((t.Jacobian(y, x, constant=True),), (s.ForAll((t.Index("j", "h"),), t.Entry(x, ("j", "0"))),)),
        ),
        ("e", s.Equivalence((x, xi), (Wx,), (lam,), (y,))),
        ("p", s.Positivity(lam, (s.Range(lam, Fraction(0), Fraction(1, 2)), s.Range(n, Fraction(-1), None)))),
        ("f", s.Fails(s.Vanishing((t.Inverse(A), t.Identity("h"), t.Zeros("k", "1"), t.Ones("1", "m"))))),
        ("m", s.Identity(mean(t.Power(lam, 2), lam, mu, ONE), t.Expectation(xi, x, (t.Moment(1, ("a",), mu),)))),
    ),
    (s.Derivation(lam, (s.Step(t.At(t.Trace(A), ((x, u), (u, x))), "words", (x,)),)),),
    (("slip", s.Identity(t.ByEntries(None, t.Index("b", "k"), mu), t.Transpose(t.Slice(W, ":", "i")))),),
    (s.Lemma("name", "statement", "source"),),
)


def test_a_document_is_read_back() -> None:
    data = document(WHOLE)
    assert theorem_of(data) == WHOLE
    text = canonical(data)
    assert theorem_of(json.loads(text)) == WHOLE
    assert canonical(document(theorem_of(json.loads(text)))) == text
    assert digest(data) == digest(json.loads(text))
    assert digest([]) == "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"
    assert canonical({"b": [1, None], "a": "\u00e9"}) == '{"a":"\\u00e9","b":[1,null]}'
    assert text.isascii()
    assert " " not in text.replace("all of it", "").replace("claim 1", "")


def test_every_sign_of_a_condition_is_read_back() -> None:
    conditions = tuple(s.Condition(lam, sign, ZERO) for sign in (">", ">=", "<", "<=", "!="))
    whole = theorem(TRUE, setting=s.Setting(conditions=conditions))
    assert theorem_of(document(whole)) == whole


def test_the_shape_of_a_document() -> None:
    data = document(WHOLE)
    assert data["schema"] == SCHEMA == "symmix-statement/2"
    assert data["theorem"] == "all of it"
    assert data["sizes"] == ["h", "k", "m", "n"]
    assert data["symbols"]["W"] == ["k", "h"]
    assert data["symbols"]["lam"] == []
    assert list(data["symbols"]) == sorted(data["symbols"])
    assert data["indices"] == [["i", "h"]]
    assert data["definitions"][1] == ["nu", ["Quotient", ["Symbol", "lam"], ["Size", "n"]]]
    assert data["conditions"][1] == [["Symbol", "mu"], "!=", ["Number", "-1/2"]]
    assert data["whole"] == ["mu"]
    assert data["independent"] == [["lam", "mu"]]
    assert data["claims"][3][1] == ["Positivity", ["Symbol", "lam"], [["lam", "0", "1/2"], ["n", "-1", None]], [], True]
    assert data["claims"][1][1][2] == [["ForAll", [["j", "h"]], ["Entry", ["Symbol", "x"], ["j", "0"]]]]
    assert data["claims"][0][1][1] == [
        "Gradient",
        ["Multiply", [["Transpose", ["Symbol", "r"]], ["Symbol", "r"]]],
        ["Symbol", "x"],
        [["y", ["Symbol", "W"]]],
        True,
    ]
    assert data["near_misses"][0][1][1] == ["ByEntries", None, ["b", "k"], ["Symbol", "mu"]]
    assert data["proofs"][0][1][0][1:] == ["words", [["Symbol", "x"]]]
    assert data["lemmas"] == [["name", "statement", "source"]]
    assert encoded(t.Multiply((W, x))) == ["Multiply", [["Symbol", "W"], ["Symbol", "x"]]]


@pytest.mark.parametrize("tree", [tree for tree, _ in WELL], ids=str)
def test_every_kind_of_node_is_read_back(tree: t.Expression) -> None:
    found = theorem(s.Vanishing((tree,)))
    assert theorem_of(json.loads(canonical(document(found)))) == found


@st.composite
def theorems(draw: st.DrawFn) -> s.Theorem:
    """Draw a theorem of drawn trees, whether or not it makes sense."""
    trees = draw(st.lists(any_expressions(2), min_size=4, max_size=6))
    one, other, third, fourth = trees[:4]
    text = st.text(st.characters(codec="utf-8"), max_size=5)
    claims: list[s.Statement] = [
        s.Identity(one, other, tuple(trees[4:])),
        s.Vanishing((third, one), (s.ForAll((t.Index("sample", "k"),), fourth),)),
        s.Equivalence((one,), (other, third), (fourth,)),
    ]
    labelled = tuple((draw(text), claim) for claim in claims)
    proof = s.Derivation(one, (s.Step(other, draw(text), (third,)),))
    return s.Theorem(draw(text), s.Setting(), labelled[:2], (proof,), labelled[2:], (s.Lemma(draw(text), "a", "b"),))


@settings(deadline=None, max_examples=60)
@given(theorems())
def test_every_theorem_is_read_back_from_the_same_bytes(found: s.Theorem) -> None:
    text = canonical(document(found))
    again = theorem_of(json.loads(text))
    assert again == found
    assert canonical(document(again)) == text


def _everywhere(data: Any) -> list[tuple[Any, Any]]:
    """Return every place in JSON data, as what holds it and its key."""
    found: list[tuple[Any, Any]] = []
    pairs = list(data.items()) if isinstance(data, dict) else list(enumerate(data)) if isinstance(data, list) else []
    for key, part in pairs:
        found += [(data, key), *_everywhere(part)]
    return found


CORRUPTIONS: dict[str, Callable[[Any], Any]] = {
    "null": lambda _: None,
    "a number": lambda _: 7,
    "a float": lambda _: 0.5,
    "true": lambda part: 1 if part is True else True,
    "other text": lambda _: "no such name",
    "a tree": lambda _: ["Symbol", "lam"],
    "brackets": lambda part: [part],
    "longer": lambda part: [*part, part[0]] if isinstance(part, list) and part else {"a": 1},
    "shorter": lambda part: part[:-1] if isinstance(part, list) and part else {},
    "a table": lambda _: {"a": 1},
}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_what_is_changed_anywhere_is_refused_or_another_theorem(name: str) -> None:
    """Reading raises nothing but our errors, and never gives the old theorem, nor one with other bytes."""
    whole = document(WHOLE)
    refused_ones = 0
    for number in range(len(_everywhere(whole))):
        data = copy.deepcopy(whole)
        holder, key = _everywhere(data)[number]
        holder[key] = CORRUPTIONS[name](holder[key])
        if data == whole and canonical(data) == canonical(whole):
            continue
        try:
            found = theorem_of(data)
        except SymmixError:  # a symbol that is an index too is found by its names
            refused_ones += 1
            continue
        assert found != WHOLE
        assert canonical(document(found)) == canonical(data)
    assert refused_ones > 150


@pytest.mark.parametrize(
    ("tree", "required"),
    [
        (["Number", "2/4"], "a number in lowest terms"),
        (["Number", "1/1"], "a number in lowest terms"),
        (["Number", "-0"], "a number in lowest terms"),
        (["Number", "01"], "a number in lowest terms"),
        (["Number", "+1"], "a number in lowest terms"),
        (["Number", "0.5"], "a number in lowest terms"),
        (["Number", "1e3"], "a number in lowest terms"),
        (["Number", 1], "a number in lowest terms"),
        (["Number"], "1 parts"),
        (["Number", "1", "2"], "1 parts"),
        (["Node"], "a node of the language"),
        (["Expression"], "a node of the language"),
        (["Alike"], "a node of the language: [kind, part, ...]"),
        (["Moment", 1, [], ["Number", "1"]], "a node of the language"),
        ([], "a node of the language"),
        ({}, "a node of the language"),
        ("lam", "a node of the language"),
        (["Symbol", "unknown"], "a symbol of the document's table"),
        (["Symbol", ["k"]], "text"),
        (["Power", ["Symbol", "lam"], "2"], "a whole number"),
        (["Power", ["Symbol", "lam"], True], "a whole number"),
        (["Power", ["Symbol", "lam"], 2.0], "a whole number"),
        (["Gradient", ["Symbol", "lam"], ["Symbol", "x"], [], 1], "true or false"),
        (["Gradient", ["Symbol", "lam"], ["Size", "n"], [], False], "a Symbol"),
        (["Gradient", ["Symbol", "lam"], ["Symbol", "x"], [["x"]], False], "2 parts"),
        (["Add", ["Symbol", "lam"]], "a node of the language"),
        (["Add", "lam"], "a list"),
        (["Entry", ["Symbol", "x"], ["i", 0]], "text"),
        (["Total", [["i"]], ["Symbol", "lam"]], "2 parts"),
        (["Total", ["ij"], ["Symbol", "lam"]], "2 parts"),
        (["ByEntries", None, "b", ["Symbol", "lam"]], "2 parts"),
        (["Expectation", ["Symbol", "lam"], ["Symbol", "lam"], [[1, []]]], "3 parts"),
        (["Expectation", ["Symbol", "lam"], ["Symbol", "lam"], [["1", [], ["Symbol", "mu"]]]], "a whole number"),
    ],
)
def test_trees_that_are_none(tree: Any, required: str) -> None:
    data = document(WHOLE)
    data["claims"][2][1][1][0] = tree
    with pytest.raises(StatementError) as caught:
        theorem_of(data)
    assert required in caught.value.required
    assert len(caught.value.arrived) <= 203


def test_a_table_holds_what_occurs_and_nothing_else() -> None:
    changes: list[Callable[[Any], object]] = [
        lambda data: data["symbols"].update(other=["k", "k"]),
        lambda data: data["sizes"].append("z"),
        lambda data: data["sizes"].reverse(),
        lambda data: data.update(more=1),
        lambda data: data.pop("lemmas"),
        lambda data: data.update(schema="symmix-statement/1"),
        lambda data: data["conditions"][0].__setitem__(1, "=="),
        lambda data: data["independent"].append(["a"]),
        lambda data: data["claims"][3][1][2][0].__setitem__(0, 5),
        lambda data: data["claims"][3][1].__setitem__(0, "Theorem"),
    ]
    for change in changes:
        data = document(WHOLE)
        change(data)
        with pytest.raises(StatementError):
            theorem_of(data)
    for no_document in ([], 7, None, "text", sorted(document(WHOLE))):
        with pytest.raises(StatementError, match="a document with the keys"):
            theorem_of(no_document)
    with pytest.raises(StatementError, match="the schema symmix-statement/2"):
        theorem_of({**document(WHOLE), "schema": "symmix-statement/1"})
    long = document(WHOLE)
    long["theorem"] = ["long"] * 100
    with pytest.raises(StatementError) as caught:
        theorem_of(long)
    assert caught.value.arrived.endswith("...")
    assert len(caught.value.arrived) == 203


def test_nothing_is_differentiated_by_whole_numbers_or_lets_them_move() -> None:
    for moving in (t.Gradient(mu, mu), t.Gradient(lam, lam, ((mu, lam),))):
        stated = theorem(s.Identity(moving, lam))
        require_theorem(stated)
        with pytest.raises(StatementError, match="all values in between"):
            require_theorem(replace(stated, setting=replace(stated.setting, whole=("mu",))))
