"""Symmetric, skew and diagonal matrices, and arrays: declared, stated as hypotheses, or by definition.

The three mean the same; the kernel takes the least form over the orders of the slots, the second checker means.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product as cartesian
from random import Random
from typing import Any

import pytest
import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix import Equivalence, Identity, Nonnegative, Setting, Vanishing
from symmix.checker import check, digest
from symmix.errors import StatementError, SymmixError, UnsupportedError
from symmix.kernel.networks import Expression
from symmix.kernel.points import Model, evaluate, projected
from symmix.kernel.products import Factor, Tensor, turns
from symmix.kernel.scalars import ONE
from symmix.language import Gradient, expectation, inverse
from symmix.publish.report import report
from symmix.statements.base import Statement
from symmix.terms import nodes as t
from symmix.terms.codec import document, theorem_of
from symmix.theorems import Outcome, Theorem, theorem
from symmix.verdict import Proved, Refuted

n = sp.Symbol("n", integer=True, positive=True)
a, b = sp.symbols("a b", real=True)
A, B, S, D, C = (sp.MatrixSymbol(name, n, n) for name in "ABSDC")
u, v = sp.MatrixSymbol("u", n, 1), sp.MatrixSymbol("v", n, 1)
T = ArraySymbol("T", (n, n, n))
i, j, k = sp.symbols("i j k", integer=True)
unit = sp.Identity(n)
tr = sp.Trace
ALL = {A: "symmetric", B: "symmetric", S: "skew", D: "diagonal"}
NOTHING: Mapping[sp.Basic, str] = {}

# what is so, and what is not so although it looks it
TRUE: dict[str, Statement] = {
    "a matrix is its transpose": Identity(A * v, A.T * v),
    "the order of a trace": Identity(tr(A * B * C), tr(C.T * B * A)),
    "skew": Identity(S * v, -S.T * v),
    "a skew form is zero": Vanishing([tr(v.T * S * v)]),
    "symmetric against skew": Vanishing([tr(A * S)]),
    "an odd power of a skew matrix": Vanishing([tr(S * S * S)]),
    "a symmetric matrix between skew ones": Identity(S * A * S, (S * A * S).T),
    "a product is turned round": Identity((A * B * S).T, -S * B * A),
    "diagonal": Identity(D * C * D, (D * C.T * D).T),
    "inverses": Identity(inverse(A), inverse(A).T),
    "eigenvectors": Vanishing([(a - b) * tr(u.T * v)], where=[A * u - a * u, A * v - b * v]),
    "projections": Vanishing([A * (unit - A) * v], where=[A * A - A]),
    "no square is zero": Vanishing([A], where=[tr(A * A)]),
    "a skew matrix has no real eigenvalue": Equivalence([v + S * v], [v]),
    "a square is not negative": Nonnegative(tr(A * A)),
    "a skew square is not positive": Nonnegative(-tr(S * S)),
}
FALSE: dict[str, Statement] = {
    "a matrix without a property": Identity(C * v, C.T * v),
    "the other order of a trace": Identity(tr(A * C * S), tr(A * S * C)),
    "skew, without the sign": Identity(S * v, S.T * v),
    "a symmetric form is not zero": Vanishing([tr(v.T * A * v)]),
    "symmetric against any": Vanishing([tr(A * C)]),
    "an even power of a skew matrix": Vanishing([tr(S * S)]),
    "a skew matrix between symmetric ones": Identity(A * S * A, (A * S * A).T),
    "a product is not turned round": Identity((A * B * S).T, S * A * B),
    "diagonal matrices commute with others": Identity(D * C, C * D),
    "inverses of any": Identity(inverse(C), inverse(C).T),
    "eigenvectors of any": Vanishing([(a - b) * tr(u.T * v)], where=[C * u - a * u, C * v - b * v]),
    "powers": Vanishing([A * (unit - A) * v], where=[A * A * A - A]),
    "some square is zero": Vanishing([C], where=[tr(C * C)]),
    "a symmetric matrix has a real eigenvalue": Equivalence([v + A * v], [v]),
    "a form may be negative": Nonnegative(tr(v.T * A * v)),
    "a skew square is not negative": Nonnegative(tr(S * S)),
}


def outcome_of(statement: Statement, properties: Mapping[sp.Basic, str], **parts: Any) -> Outcome:
    def stated() -> Theorem:
        """It holds."""
        return Theorem(claim=statement, near_misses={"other": Identity(u, 2 * u)}, properties=properties, **parts)

    return theorem(answers="Does it?")(stated).prove()


def mentioned(statement: Statement) -> Mapping[sp.Basic, str]:
    """Return the properties of what occurs in a statement."""
    tree = statement.tree(Setting().reader)
    names = {node.name for node in tree.walk() if isinstance(node, t.Symbol)}
    return {symbol: word for symbol, word in ALL.items() if symbol.name in names}


@pytest.mark.parametrize("name", TRUE)
def test_what_follows_from_declared_properties_is_proved_twice(name: str) -> None:
    outcome = outcome_of(TRUE[name], mentioned(TRUE[name]))
    assert isinstance(outcome.verdict, Proved), outcome.claims
    assert outcome.disagreement == ""
    assert outcome.certified is not None
    again = theorem_of(json.loads(json.dumps(outcome.certified["statement"])))
    assert again == outcome.document
    assert document(again) == outcome.certified["statement"]


@pytest.mark.parametrize("name", FALSE)
def test_what_does_not_follow_is_refuted_by_matrices_with_the_properties(name: str) -> None:
    verdict = FALSE[name].decide(Setting(properties=mentioned(FALSE[name])))
    assert isinstance(verdict, Refuted), verdict
    assert verdict.witness is not None
    for symbol, word in mentioned(FALSE[name]).items():
        rows = verdict.witness.entries.get(symbol.name, ())
        turned = [list(column) for column in zip(*rows, strict=True)]
        sign = -1 if word == "skew" else 1
        assert [list(row) for row in rows] == [[sign * x for x in row] for row in turned]
        assert word != "diagonal" or all(not x for r, row in enumerate(rows) for c, x in enumerate(row) if r != c)


@pytest.mark.parametrize("name", FALSE)
def test_a_near_miss_is_certified(name: str) -> None:
    """The witness is one for the second checker, too."""

    def stated() -> Theorem:
        """It holds."""
        return Theorem(
            claim=Identity(A * v, A.T * v),
            near_misses={"": FALSE[name]},
            properties={A: "symmetric", **mentioned(FALSE[name])},
        )

    outcome = theorem(answers="Does it?")(stated).prove()
    assert isinstance(outcome.verdict, Proved), outcome.near_misses
    assert outcome.disagreement == ""


# -- dresses -----------------------------------------------------------------------------------------------------------


def renamed(e: sp.Basic) -> sp.Basic:
    return e.xreplace({s: sp.MatrixSymbol(f"z{ord('z') - ord(s.name)}", n, n) for s in (A, B, S, D, C)})


def rescaled(e: sp.Basic) -> sp.Basic:
    return sp.Rational(-3, 7) * e


def in_a_product(e: sp.Basic) -> sp.Basic:
    return C.T * e * C


def transposed(e: sp.Basic) -> sp.Basic:
    return sp.Transpose(e)


PAIRS = {
    "anticommutator": (A * B + B * A, (A * B + B * A).T, True),
    "commutator": (A * B - B * A, (A * B - B * A).T, False),
    "powers": (A * S * S * A, (A * S * S * A).T, True),
    "odd powers": (A * S * A, (A * S * A).T, False),
    "diagonal": (D * A * D, D.T * A.T * D, True),
    "diagonal and skew": (D * S * D, D.T * S.T * D, False),
}


@pytest.mark.parametrize("dress", [renamed, rescaled, in_a_product, transposed])
@pytest.mark.parametrize("name", PAIRS)
def test_a_fact_and_a_near_miss_in_other_dresses(name: str, dress: Callable[[sp.Basic], sp.Basic]) -> None:
    left, right, holds = PAIRS[name]
    properties = {renamed(s) if dress is renamed else s: word for s, word in ALL.items()}
    verdict = Identity(dress(left), dress(right)).decide(Setting(properties=properties))
    assert isinstance(verdict, Proved if holds else Refuted), verdict


@pytest.mark.parametrize("name", PAIRS)
def test_a_property_means_the_same_as_a_hypothesis_and_a_definition(name: str) -> None:
    left, right, holds = PAIRS[name]
    wanted = Proved if holds else Refuted
    w = sp.MatrixSymbol("w", n, 1)
    hypotheses = {A: A - A.T, B: B - B.T, S: S + S.T}
    if not left.has(D):
        said = Identity(left, right, where=[h for s, h in hypotheses.items() if left.has(s)])
        assert isinstance(said.decide(Setting()), wanted)
    E, F, G = (sp.MatrixSymbol(x, n, n) for x in "EFG")
    meant = {A: E + E.T, B: F + F.T, S: G - G.T, D: sp.DiagMatrix(w)}
    defined = {s: e for s, e in meant.items() if left.has(s)}
    assert isinstance(Identity(left, right).decide(Setting(definitions=defined)), wanted)


# -- arrays ------------------------------------------------------------------------------------------------------------


def contracted(*order: sp.Symbol, matrix: sp.MatrixSymbol = C) -> sp.Expr:
    ends = ((i, 0, n - 1), (j, 0, n - 1), (k, 0, n - 1))
    return sp.Sum(T[order] * v[i, 0] * matrix[j, k], *ends)


def test_arrays_are_turned_in_all_ways() -> None:
    for order in ((j, k, i), (k, i, j), (i, k, j)):
        same = outcome_of(Identity(contracted(i, j, k), contracted(*order)), {T: "symmetric"})
        assert isinstance(same.verdict, Proved)
        assert same.disagreement == ""
    even = outcome_of(Identity(contracted(i, j, k), contracted(j, k, i)), {T: "skew"})
    assert isinstance(even.verdict, Proved)
    odd = Identity(contracted(i, j, k), contracted(i, k, j))
    assert isinstance(odd.decide(Setting(properties={T: "skew"})), Refuted)
    assert isinstance(odd.decide(Setting()), Refuted)
    gone = outcome_of(Vanishing([contracted(i, j, k, matrix=A)]), {T: "skew", A: "symmetric"})
    assert isinstance(gone.verdict, Proved)
    assert gone.disagreement == ""


# -- the normal form, by brute force -----------------------------------------------------------------------------------

TENSORS = [
    Tensor("A", ("n", "n"), "symmetric"),
    Tensor("S", ("n", "n"), "skew"),
    Tensor("B", ("n", "n")),
    Tensor("T", ("n", "n", "n"), "symmetric"),
    Tensor("K", ("n", "n", "n"), "skew"),
    Tensor("M", ("m", "n", "n"), "skew"),
    Tensor("v", ("n",)),
]


def summed_up(
    factors: list[Factor], tables: Mapping[Tensor, Mapping[tuple[int, ...], Fraction]], size: int
) -> Fraction:
    """Evaluate a product without free indices from what a sum is."""
    names = sorted({index for f in factors for index in f.indices}, key=str)
    total = Fraction(0)
    for values in cartesian(range(size), repeat=len(names)):
        at = dict(zip(names, values, strict=True))
        term = Fraction(1)
        for f in factors:
            term *= tables[f.tensor].get(tuple(at[index] for index in f.indices), Fraction(0))
        total += term
    return total


@pytest.mark.parametrize("seed", range(40))
def test_the_normal_form_is_sound_and_does_not_depend_on_the_writing(seed: int) -> None:
    random = Random(seed)
    for _ in range(3):
        chosen = [random.choice(TENSORS) for _ in range(random.randint(1, 4))]
        count = random.randint(1, 3)
        factors = [
            Factor(x, tuple(random.randrange(count) + (10 if dim == "m" else 0) for dim in x.dims)) for x in chosen
        ]
        first = Expression({}, [(ONE, factors)])
        order, sign, again = random.sample(range(20), 20), 1, []
        for f in random.sample(factors, len(factors)):
            turn, own = random.choice(turns(f.tensor))
            sign *= own
            again.append(Factor(f.tensor, tuple(order[int(f.indices[slot])] for slot in turn)))
        assert Expression({}, [(ONE * sign, again)]) == first
        vanishes = True
        for size in (1, 2, 3):
            drawn = {
                x: {at: Fraction(random.randint(-5, 5)) for at in cartesian(range(size), repeat=len(x.dims))}
                for x in TENSORS
            }
            value = summed_up(factors, {x: projected(x, table) for x, table in drawn.items()}, size)
            assert evaluate(first, Model({"n": size, "m": size}, {}, drawn))[()] == value
            vanishes &= not value
        assert vanishes or not first.is_zero


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "parts", "why"),
    [
        (Identity(Gradient(tr(A * C), A), C), {"properties": {A: "symmetric"}}, r"A = B \+ B\.T"),
        (Identity(A * v, v), {"properties": {A: "symmetric"}, "definitions": {A: B + B.T}}, "has a definition|has one"),
        (Identity(A * v, v), {"properties": {A: "hermitian"}}, "symmetric or skew or diagonal"),
        (Identity(A * v, v), {"properties": {v: "symmetric"}}, "a square matrix"),
        (Identity(A * v, v), {"properties": {a: "symmetric"}}, "symmetric or skew or diagonal"),
        (Identity(A * v, v), {"properties": [A]}, "give a mapping"),
        (Identity(contracted(i, j, k), a), {"properties": {T: "diagonal"}}, "a square matrix"),
        (Identity(expectation(A * v, A, {1: C}), C), {"properties": {A: "symmetric"}}, "."),
    ],
)
def test_what_a_property_cannot_be_said_of_is_refused(statement: Statement, parts: dict[str, Any], why: str) -> None:
    with pytest.raises(SymmixError, match=why):
        statement.decide(Setting(**parts))


def test_a_point_has_the_properties() -> None:
    statement = Vanishing([A * v], where=[A * A - A, A * v])
    fine = Setting(properties={A: "symmetric"}, point={n: 2, A: [[1, 0], [0, 0]], v: [[0], [1]]})
    assert isinstance(statement.decide(fine), Proved)
    skewed = Setting(properties={A: "symmetric"}, point={n: 2, A: [[1, 1], [0, 0]], v: [[0], [0]]})
    with pytest.raises(StatementError, match="a point with the properties"):
        statement.decide(skewed)


# -- forged ------------------------------------------------------------------------------------------------------------


def forged(certified: Any, change: Callable[[Any], object]) -> str:
    data = json.loads(json.dumps(certified))
    change(data)
    data["digest"] = digest(data["statement"])
    return check(data).reason


def unchanged(data: Any) -> None:
    """Forge nothing."""
    del data


def test_a_property_that_is_not_there_proves_nothing() -> None:
    certified = outcome_of(Vanishing([tr(v.T * S * v)]), {S: "skew"}).certified
    assert forged(certified, unchanged) == ""
    assert forged(certified, lambda data: data["statement"].pop("properties"))
    others: list[Any] = [
        [["S", "symmetric"]],
        [],
        [["S", "skew"], ["S", "skew"]],
        [["v", "skew"]],
        [["S", "skew"], ["S", "symmetric"]],
        [["S", "hermitian"]],
        [["X", "skew"]],
        [["S", "skew", "skew"]],
        "skew",
    ]
    for other in others:
        said = {"properties": other}
        assert forged(certified, lambda data, said=said: data["statement"].update(said)), other  # type: ignore[misc]


def test_a_witness_without_the_property_refutes_nothing() -> None:
    def stated() -> Theorem:
        """It holds."""
        return Theorem(
            claim=Identity(A * v, A.T * v),
            near_misses={"": Vanishing([tr(A * A * A)])},
            properties={A: "symmetric"},
        )

    certified = theorem(answers="Does it?")(stated).prove().certified

    def entries(rows: list[list[str]]) -> Callable[[Any], None]:
        def change(data: Any) -> None:
            data["evidence"]["near_misses"][0].update(sizes={"n": 2}, entries={"A": rows})

        return change

    assert forged(certified, entries([["1", "0"], ["0", "1"]])) == ""
    assert "not symmetric" in forged(certified, entries([["1", "1"], ["0", "1"]]))
    assert "is required" in forged(certified, entries([["1", "1"], ["1"]]))


def test_a_derivative_by_what_has_a_property_is_rejected_by_the_checker_too() -> None:
    certified = outcome_of(Identity(Gradient(tr(v.T * C * v), C), v * v.T), {}).certified
    assert forged(certified, unchanged) == ""
    assert "without a definition or property" in forged(
        certified, lambda data: data["statement"].update(properties=[["C", "symmetric"]])
    )
    with pytest.raises(UnsupportedError):
        Identity(Gradient(tr(v.T * C * v), C), v * v.T).decide(Setting(properties={C: "symmetric"}))


def test_properties_are_printed_with_what_is_stated() -> None:
    outcome = outcome_of(TRUE["symmetric against skew"], {A: "symmetric", S: "skew"})
    assert "given     A symmetric, S skew" in report(outcome)
    assert outcome.certified is not None
    assert outcome.certified["statement"]["properties"] == [["A", "symmetric"], ["S", "skew"]]


def test_numbers_confirm_what_has_properties() -> None:
    """Points that are drawn have the properties, too."""
    names = ("symmetric against skew", "diagonal", "a skew matrix has no real eigenvalue")
    claims = {name: TRUE[name] for name in names}

    def stated() -> Theorem:
        """They hold."""
        miss = FALSE["the other order of a trace"]
        return Theorem(claim=claims, near_misses={"": miss}, properties={A: "symmetric", S: "skew", D: "diagonal"})

    confirmation = theorem(answers="Do they?")(stated).confirm()
    assert confirmation.agrees, confirmation


# -- fixed sizes -------------------------------------------------------------------------------------------------------

A2, S2, D2, C2 = (sp.MatrixSymbol(f"{name}2", 2, 2) for name in "ASDC")
w2 = sp.MatrixSymbol("w2", 2, 1)
OF_SIZE_2 = {A2: "symmetric", S2: "skew", D2: "diagonal"}
ids = sp.Identity(2)


@pytest.mark.parametrize(
    ("statement", "holds"),
    [
        (Identity(A2[0, 1], A2[1, 0]), True),
        (Identity(C2[0, 1], C2[1, 0]), False),
        (Vanishing([S2[0, 0], D2[0, 1]]), True),
        (Vanishing([A2[0, 0]]), False),
        (Identity(S2 * S2, -(S2[0, 1] ** 2) * ids), True),
        (Identity(S2 * S2, S2[0, 1] ** 2 * ids), False),
        (Identity(A2 * A2, tr(A2) * A2 - (A2[0, 0] * A2[1, 1] - A2[0, 1] ** 2) * ids), True),
        (Identity(C2 * C2, tr(C2) * C2 - (C2[0, 0] * C2[1, 1] - C2[0, 1] ** 2) * ids), False),
        (Identity(D2 * S2 * D2, D2[0, 0] * D2[1, 1] * S2), True),
        (Vanishing([w2], where=[w2 + S2 * w2]), True),
        (Vanishing([w2], where=[w2 + A2 * w2]), False),
    ],
)
def test_components_have_the_properties(statement: Statement, holds: bool) -> None:  # noqa: FBT001
    names = {node.name for node in statement.tree(Setting().reader).walk() if isinstance(node, t.Symbol)}
    said = {symbol: word for symbol, word in OF_SIZE_2.items() if symbol.name in names}
    if holds:
        outcome = outcome_of(statement, said)
        assert isinstance(outcome.verdict, Proved), outcome.claims
        assert outcome.disagreement == ""
    else:
        assert isinstance(statement.decide(Setting(properties=said)), Refuted)
