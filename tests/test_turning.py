"""A square matrix with an inverse on one side has it on the other: found, checked twice, and said; nothing else is.

Each fact is decided in several dresses, and its near miss, of matrices that are not square or in another order, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from operator import matmul
from random import Random
from typing import Any

import pytest
import sympy as sp

from symmix import Equivalence, Identity, Proved, Refuted, Setting, Theorem, Vanishing, theorem
from symmix.checker import check_text
from symmix.deciding.turning import holds, turned_in
from symmix.kernel.arrays import ROW
from symmix.kernel.networks import constant
from symmix.kernel.scalars import Polynomial
from symmix.publish import paper, web
from symmix.publish.coq import printed
from symmix.publish.coq.theory import theory
from symmix.publish.report import report
from symmix.verdict import Turned, Undecided
from tests.both_deciders import decided_by_both
from tests.checker_documents import add, at, combination, identity, mul, neg, point, verdict, ways
from tests.slow import slow_but

n, d = sp.symbols("n d", integer=True, positive=True)
A, B, C, D, X = (sp.MatrixSymbol(name, n, n) for name in "ABCDX")
v, w = (sp.MatrixSymbol(name, n, 1) for name in "vw")
V, U = sp.MatrixSymbol("V", n, d), sp.MatrixSymbol("U", d, n)
mu = sp.Symbol("mu", real=True)
unit, smaller = sp.Identity(n), sp.Identity(d)


SAID = "square matrices that are inverse to each other on one side are so on the other"


@dataclass(frozen=True)
class Fact:
    left: Any
    right: Any
    where: list[Any]
    wrong: Any  # instead of the right side


FACTS = {
    "a left inverse": Fact(A * B, unit, [B * A - unit], 2 * unit),
    "three factors, turned": Fact(C * A * B, unit, [A * B * C - unit], A * C * B),
    "three factors, turned twice": Fact(B * C * A, unit, [A * B * C - unit], B * A * C),
    "a sum as a factor": Fact((A.T * A + mu * unit) * B, unit, [B * (A.T * A + mu * unit) - unit], 2 * B),
    "a sum as the other factor": Fact(B * (A + C), unit, [(A + C) * B - unit], B * (A - C)),
    "sums as both factors": Fact((B + D) * (A - C), unit, [(A - C) * (B + D) - unit], (A - C) * (B - D)),
    "the identity in both": Fact((B + unit) * (A + unit), unit, [A * B + A + B], 2 * unit),
    "a factor with a coefficient": Fact(
        (2 * B + 3 * C) * (A + mu * D), unit, [(A + mu * D) * (2 * B + 3 * C) - unit], 0 * unit
    ),
    "a multiple": Fact(A * B, 3 * unit, [B * A - 3 * unit], unit),
    "what is cancelled on the other side": Fact(C, D, [A * B - unit, B * C - B * D], D + C),
    "a kernel": Fact(v, 0 * v, [A * B - unit, A * v], w),
}


def exchanged(fact: Fact, symbols: dict[Any, Any]) -> Fact:
    left, right, wrong = (side.xreplace(symbols) for side in (fact.left, fact.right, fact.wrong))
    return Fact(left, right, [h.xreplace(symbols) for h in fact.where], wrong)


def plain(fact: Fact) -> Fact:
    return fact


def renamed(fact: Fact) -> Fact:
    new = {s: sp.MatrixSymbol(f"{chr(ord('Z') - k)}{k}", *s.shape) for k, s in enumerate((A, B, C, D, v))}
    return exchanged(fact, new)


def transposed(fact: Fact) -> Fact:
    return Fact(fact.left.T, fact.right.T, [h.T for h in fact.where], fact.wrong.T)


def rescaled(fact: Fact) -> Fact:
    return Fact(2 * fact.left, 2 * fact.right, [-7 * h for h in fact.where], 2 * fact.wrong)


def inside(fact: Fact) -> Fact:
    return Fact(X * fact.left, X * fact.right, fact.where, X * fact.wrong)


def swapped(fact: Fact) -> Fact:
    return exchanged(fact, {A: B, B: A, C: D, D: C})


@pytest.mark.parametrize(
    "dress",
    slow_but([plain, swapped], [plain, renamed, transposed, rescaled, inside, swapped]),
    ids=lambda f: f.__name__,
)
@pytest.mark.parametrize("name", FACTS)
def test_a_fact_is_proved_in_every_dress_and_a_slip_refuted(name: str, dress: Callable[[Fact], Fact]) -> None:
    fact = dress(FACTS[name])
    verdict = Identity(fact.left, fact.right, where=fact.where).decide(Setting())
    assert isinstance(verdict, Proved), verdict
    assert verdict.met
    assert isinstance(Identity(fact.left, fact.wrong, where=fact.where).decide(Setting()), Refuted)


@pytest.mark.parametrize("name", FACTS)
def test_both_deciders_say_so(name: str) -> None:
    fact = FACTS[name]
    decided_by_both(Identity(fact.left, fact.right, fact.where), Identity(fact.left, fact.wrong, fact.where))


FALSE = {
    "a matrix with more rows than columns": Identity(V * U, unit, [U * V - smaller]),
    "a factor that may be zero": Identity(A * B, mu * unit, [B * A - mu * unit]),
    "without the identity": Identity(A * B, 0 * unit, [B * A]),
    "another order": Identity(A * C * B, unit, [A * B * C - unit]),
    "a product of a vector": Vanishing([v * w.T - unit], [w.T * v - sp.Identity(1)]),
}


@pytest.mark.parametrize("name", FALSE)
def test_what_looks_alike_is_refuted(name: str) -> None:
    assert isinstance(FALSE[name].decide(Setting()), Refuted)


def test_a_factor_that_is_not_zero_is_a_condition() -> None:
    slip, stated = FALSE["a factor that may be zero"], {"conditions": [sp.Ne(mu, 0)]}
    decided_by_both(slip, Identity(A * B, 2 * mu * unit, [B * A - mu * unit]), **stated)


def turned_of(statement: Identity) -> tuple[Turned, Any]:
    setting = Setting()
    tree = statement.tree(setting.reader)
    frame = setting.frame(tree)
    known = frame.known(tree, frame.hypotheses(tree.where))
    return turned_in(known)[0], known


EITHER = {
    "inverse on one side": Equivalence([A * B - unit], [B * A - unit]),
    "beside another hypothesis": Equivalence([C * A * B - unit], [A * B * C - unit], where=[D * D - D]),
    "two at once": Equivalence([A * B - unit, A * C - unit], [B * A - unit, C * A - unit]),
    "a sum": Equivalence([(A + mu * unit) * B - unit], [B * A + mu * B - unit]),
}
NEITHER = {
    "inverse on one side": Equivalence([V * U - unit], [U * V - smaller]),
    "beside another hypothesis": Equivalence([C * B * A - unit], [A * B * C - unit], where=[D * D - D]),
    "two at once": Equivalence([A * B - unit, A * C - unit], [B * A - unit, C * A - 2 * unit]),
    "a sum": Equivalence([(A + mu * unit) * B - unit], [B * A + mu * A - unit]),
}


@pytest.mark.parametrize("name", EITHER)
def test_equivalences_are_decided_by_both(name: str) -> None:
    outcome, _ = decided_by_both(EITHER[name], NEITHER[name])
    assert SAID in report(outcome)


FORGED: dict[str, Callable[[Turned], Turned]] = {
    "another factor": lambda t: replace(t, factor=t.factor * 2),
    "no factor": lambda t: replace(t, factor=Polynomial()),
    "another product": lambda t: replace(t, left=t.left * 2),
    "in the order of the goal": lambda t: replace(t, left=t.right, right=t.left),
    "no matrix": lambda t: replace(t, left=constant(1), right=constant(1)),
    "over other indices": lambda t: replace(t, left=t.left.rename({ROW: "i"}), right=t.right.rename({ROW: "i"})),
    "a division by what may be zero": lambda t: replace(
        t, left=t.left * Polynomial.variable("mu"), right=t.right * Polynomial.variable("mu", -1)
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_the_gate_says_no(name: str) -> None:
    turned, known = turned_of(Identity(A * B + mu * A, unit + mu * A, [B * A - unit]))
    assert holds(turned, known)
    assert not holds(FORGED[name](turned), known)


def test_nothing_is_turned_of_a_hypothesis_about_one_sample() -> None:
    i = sp.Symbol("i", integer=True)
    setting = Setting(indices={i: n})
    tree = Identity(A * B, unit, [v[i, 0] * (B * A - unit)]).tree(setting.reader)
    frame = setting.frame(tree)
    assert turned_in(frame.known(tree, frame.hypotheses(tree.where))) == ()


def certificate() -> Any:
    outcome, _ = decided_by_both(Identity(A * B, unit, [B * A - unit]), Identity(A * B, 2 * unit, [B * A - unit]))
    return json.loads(json.dumps(outcome.certified))


def the_turned(document: Any) -> Any:
    (term,) = document["evidence"]["claims"][0]["ways"][0]["terms"]
    assert term["of"][0] == "turned"
    return term["of"][1]


LIES: dict[str, Callable[[Any], None]] = {
    "the other order": lambda t: t.update(left=t["right"], right=t["left"]),
    "another hypothesis": lambda t: t.update(of=["where", 1]),
    "what is turned already": lambda t: t.update(of=["turned", dict(t)]),
    "another factor": lambda t: t.update(factor=[["Number", "2"]]),
    "zero as a factor": lambda t: t.update(factor=[["Number", "0"]], multiplier=[["Number", "0"]]),
    "a scalar": lambda t: t.update(left=["Number", "1"]),
    "a factor that may be zero": lambda t: t.update(factor=[["Entry", ["Symbol", "A"], ["row", "column"]]]),
    "nothing": lambda t: t.clear(),
}


@pytest.mark.parametrize("name", LIES)
def test_the_second_checker_accepts_no_other_product(name: str) -> None:
    document = certificate()
    assert check_text(json.dumps(document)).accepted
    LIES[name](the_turned(document))
    assert not check_text(json.dumps(document)).accepted


def said_of(left: str, right: str, inner: str, outer: str) -> str:
    """Return why the checker rejects ``left right = I`` where ``right left = I``, by turning that round."""
    parts = [["Symbol", right], ["Symbol", left]]
    stated = add(mul(*parts), neg(["Identity", inner]))
    matrices = {"left": at(parts[0], "row", "column"), "right": at(parts[1], "row", "column")}
    which = ["turned", {"of": ["where", 0], "multiplier": [], "factor": [], **matrices}]
    same = mul(["Delta", "row", "of row"], ["Delta", "column", "of column"])
    values: Any = {left: [["1"]], right: [["1"]]}
    met = point(dict.fromkeys((inner, outer), 1), **values)
    evidence = {**ways(combination({"of": which, "factor": same})), "met": met}
    return verdict(identity(mul(*parts[::-1]), ["Identity", outer], where=[stated]), evidence)


def test_the_second_checker_turns_no_product_of_other_shapes() -> None:
    assert said_of("A", "B", "n", "n") == ""
    assert "axes of other sizes" in said_of("V", "W", "k", "h")  # h x k, and k x h


def test_it_is_said_where_the_theorem_is_printed() -> None:
    @theorem(answers="has a matrix with a left inverse a right one?")
    def inverse_on_both_sides() -> Theorem:
        """A square matrix with a left inverse has it on the right, too."""
        where = [B * A - unit]
        return Theorem(claim=Identity(A * B, unit, where), near_misses={"twice": Identity(A * B, 2 * unit, where)})

    outcome = inverse_on_both_sides.prove()
    pages = web.files([outcome], {"": [inverse_on_both_sides.id]})
    note = paper.files([outcome], {"": [inverse_on_both_sides.id]})
    assert f"{SAID}: where B A - I_n vanishes, so does A B - I_n" in report(outcome)
    for files in (pages, note):
        assert any(SAID[1:] in content for content in files.values())
    assert theory(outcome.document).claims  # the statement can be printed,
    assert "square matrices" in printed(outcome).outside[""]  # but no tactic proves it


@pytest.mark.parametrize("seed", range(5))
def test_what_is_proved_of_products_holds_at_random_matrices(seed: int) -> None:
    """A word of matrices that is I in one order: any other order that is proved holds where SymPy inverts the last."""
    random = Random(seed)
    letters = [A, B, C, D][: random.randint(2, 4)]
    word = [random.choice([letter, letter.T]) for letter in letters]
    turn = random.randrange(1, len(word))
    orders = [[*word[turn:], *word[:turn]], random.sample(word, len(word))]
    for order in orders:
        verdict = Identity(sp.MatMul(*order), unit, where=[sp.MatMul(*word) - unit]).decide(Setting())
        values = {x: sp.Matrix(2, 2, [random.randint(-3, 3) for _ in range(4)]) for x in letters[:-1]}
        before = reduce(matmul, (value_of(x, values) for x in word[:-1]))
        if before.det():
            last = before.inv()
            values[letters[-1]] = last if word[-1] == letters[-1] else last.T
            holds_there = reduce(matmul, (value_of(x, values) for x in order)) == sp.eye(2)
            assert holds_there or isinstance(verdict, Refuted | Undecided)
        assert order != orders[0] or isinstance(verdict, Proved)


def value_of(letter: Any, values: dict[Any, Any]) -> Any:
    return values[letter] if letter in values else values[letter.T].T
