"""The exact checker and lies: false statements with every kind of forged evidence, each of which must be rejected."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from symmix import checker
from tests.checker_documents import (
    EQUAL,
    ZERO,
    add,
    at,
    certificate,
    combination,
    equivalence,
    expected,
    identity,
    mul,
    neg,
    num,
    over,
    point,
    power,
    size,
    statement,
    sym,
    term,
    total,
    transposed,
    vanishing,
    verdict,
    ways,
    witness,
)

s, t, lam, m1, m2, q = map(sym, ("s", "t", "lam", "m1", "m2", "q"))
W, A, B, x, y, z, e, P = map(sym, ("W", "A", "B", "x", "y", "z", "e", "P"))
PRIME = 2**61 - 1
n = size("n")
N = total(add(num(1), at(x, "i", "0"), neg(at(x, "i", "0"))), i="n")  # n, in disguise

# -- what the checker before this one accepted, and the kinds behind it ---


@pytest.mark.parametrize("number", [PRIME, 0, 2, PRIME**2])
def test_a_multiplier_does_not_make_two_sides_equal(number: int) -> None:
    assert verdict(identity(s, t), ways(combination(multiplier=[num(number)])))
    assert verdict(identity(power(num(2), 61), num(1)), ways(combination(multiplier=[num(number)])))


@pytest.mark.parametrize("by", [1, -1, PRIME, 0])
def test_minus_one_is_not_positive(by: int) -> None:
    for form, multiplier in itertools.product((num(1), num(-1), num(by), [], ZERO), repeat=2):
        evidence: Any = {"kind": "positive", "form": form, "multiplier": multiplier, "root": num(by)}
        assert verdict(["Positivity", num(-1), [], [], True], evidence)


S_Y = mul(s, y)
SAME = ["Delta", "row", "of row"]
CANCELLED = combination(term(0, over(SAME, s)))


@pytest.mark.parametrize(
    "condition",
    [
        [num(PRIME), ">", ZERO],
        [t, "!=", ZERO],
        [s, ">=", ZERO],
        [size("n"), "!=", num(2)],
        [mul(s, num(0)), "<", num(1)],
    ],
)
def test_a_condition_makes_nothing_else_a_unit(condition: Any) -> None:
    evidence = {**ways(CANCELLED), "met": point({"n": 1}, s="1", y=["0"])}
    assert "not known not to be zero" in verdict(vanishing(y, where=[S_Y]), evidence, conditions=[condition])
    multiplied = {**ways(combination(term(0, SAME), multiplier=[s])), "met": evidence["met"]}
    assert "not known not to be zero" in verdict(vanishing(y, where=[S_Y]), multiplied, conditions=[condition])


@pytest.mark.parametrize(
    "condition", [[s, "!=", ZERO], [mul(s, t), ">", ZERO], [power(s, 3), "<", ZERO], [num(1), ">", add(s, num(1))]]
)
def test_what_a_condition_says_is_not_zero_may_be_divided_by(condition: Any) -> None:
    values: Any = {"s": "-1", "y": ["0"], **({"t": "-1"} if str(t) in str(condition) else {})}
    evidence = {**ways(CANCELLED), "met": point({"n": 1}, **values)}
    assert not verdict(vanishing(y, where=[S_Y]), evidence, conditions=[condition])


@pytest.mark.parametrize(
    "claim",
    [
        identity(over(num(1), n), num("1/2")),
        vanishing(
            mul(*(add(total(add(num(1), at(x, "i", "0"), neg(at(x, "i", "0"))), i="n"), num(-k)) for k in (2, 3, 4)), s)
        ),
        vanishing(mul(n, *(add(n, num(-k)) for k in (1, 2, 3, 4)), at(x, "j", "0"))),
        vanishing(mul(*(add(n, num(-k)) for k in (2, 3, 4)), power(total(at(x, "i", "0"), i="n"), 7))),
        identity(total(num(1), i="n"), num(3)),
        identity(["Trace", ["Identity", "n"]], num(1)),
    ],
)
def test_no_size_is_special(claim: Any) -> None:
    assert verdict(claim, EQUAL, indices=[["j", "n"]] if "j" in str(claim) else [])


def sums(k: int) -> Any:
    return total(power(at(x, "i", "0"), k), i="n")


def elementary(k: int) -> Any:
    """Return Newton's elementary polynomial, by divisions: zero for all x exactly where there are fewer than k."""
    if k == 0:
        return num(1)
    terms = [mul(num((-1) ** (i - 1)), elementary(k - i), sums(i)) for i in range(1, k + 1)]
    return over(add(*terms) if k > 1 else terms[0], num(k))


@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_newtons_elementary_polynomials_are_not_zero(k: int) -> None:
    assert "differ" in verdict(vanishing(elementary(k)), EQUAL)
    least = witness({"n": k}, x=["1"] * k)
    assert not verdict(["Fails", vanishing(elementary(k))], least)
    assert "not false" in verdict(["Fails", vanishing(elementary(k))], witness({"n": k - 1}, x=["1"] * (k - 1)))


@pytest.mark.parametrize("name", ["0", "1", ":", "x", "n", "s", "row", "2i", "\u0456", "", "i\n", "i" * 61, "i j", "="])
def test_an_index_has_a_name_of_its_own(name: str) -> None:
    claim = vanishing(mul(n, add(n, num(-1)), total(at(x, name, "0"), **{name: "n"})))
    indices = [["row", "n"]] if name == "row" else []
    assert verdict(claim, EQUAL, indices=indices)
    assert verdict(claim, witness({"n": 2}, x=["1", "1"]), indices=indices)


# -- expectations and derivatives ---


def test_an_expectation_is_of_polynomials_only() -> None:
    claim = identity(expected(over(num(1), add(lam, num(1))), "lam", m1=m1), over(num(1), add(lam, num(1))))
    assert "divides by it" in verdict(claim, EQUAL)
    hidden = identity(expected(q, "lam", m1=m1), over(m1, add(lam, num(1))))
    definitions = [["q", over(lam, add(lam, num(1)))]]
    assert "divides by it" in verdict(hidden, EQUAL, definitions=definitions)
    assert "degree 3" in verdict(identity(expected(power(lam, 3), "lam", m1=m1), m2), EQUAL)
    assert verdict(identity(expected(s, "lam", m0=num(2)), mul(num(2), s)), EQUAL)


def half_square(of: Any) -> Any:
    return mul(num("1/2"), ["Trace", mul(transposed(of), of)])


def gradient(of: Any, by: str, *jacobians: Any, constant: bool = False) -> Any:
    return ["Gradient", of, sym(by), list(jacobians), constant]


def test_a_derivative_is_not_silently_zero() -> None:
    loss = half_square(add(y, neg(x)))
    zero = ["Zeros", "p", "1"]
    assert "does not depend" in verdict(identity(gradient(loss, "th"), zero), EQUAL)
    assert not verdict(identity(gradient(loss, "th", constant=True), zero), EQUAL)
    once = gradient(loss, "th", ["x", sym("J")])
    twice = ["Jacobian", once, sym("th"), [["x", sym("J")]], False]
    assert "held constant" in verdict(identity(twice, mul(transposed(sym("J")), sym("J"))), EQUAL)
    replaced = gradient(["At", half_square(x), [["x", y]]], "x")
    assert "does not depend" in verdict(identity(replaced, ["Zeros", "n", "1"]), EQUAL)


def test_a_second_derivative_goes_through_the_jacobian_of_the_jacobian() -> None:
    loss, jac = half_square(add(y, neg(x))), [["x", sym("J")], ["J", sym("H")]]
    twice = ["Jacobian", gradient(loss, "th", ["x", sym("J")]), sym("th"), jac, False]
    residual = add(at(x, "i", "0"), neg(at(y, "i", "0")))
    curved = total(mul(residual, at(sym("H"), "i", "f", "g")), i="n")
    whole = add(mul(transposed(sym("J")), sym("J")), ["ByEntries", ["f", "p"], ["g", "p"], curved])
    assert not verdict(identity(twice, whole), EQUAL)
    assert "differ" in verdict(identity(twice, mul(transposed(sym("J")), sym("J"))), EQUAL)


# -- samples ---


def test_a_hypothesis_about_one_sample_says_nothing_of_another() -> None:
    goal = at(mul(A, y), "i", "0")
    whole, every, one = (combination(term(0, at(A, "i", slot))) for slot in ("of row", "of j", "of i"))
    itself = combination(term(0, at(A, "i", "i")))
    own = {"indices": [["i", "n"]]}
    met = {"met": point({"n": 1}, {"i": 0}, y=["0"])}
    assert not verdict(vanishing(goal, where=[y]), {**ways(whole), **met}, **own)
    for_all = ["ForAll", [["j", "n"]], at(y, "j", "0")]
    assert not verdict(vanishing(goal, where=[for_all]), {**ways(every), **met}, **own)
    assert verdict(vanishing(goal, where=[at(y, "i", "0")]), {**ways(one), **met}, **own)
    assert verdict(vanishing(goal, where=[at(y, "i", "0")]), {**ways(every), **met}, **own)
    assert verdict(vanishing(goal, where=[at(y, "i", "0")]), {**ways(itself), **met}, **own)
    false = ["Fails", vanishing(goal, where=[at(y, "i", "0")])]
    assert not verdict(false, witness({"n": 2}, {"i": 0}, A=[["0", "1"], ["0", "0"]], y=["0", "1"]), **own)
    assert verdict(false, witness({"n": 2}, {"i": 1}, A=[["0", "1"], ["0", "0"]], y=["0", "1"]), **own)
    false_for_all = ["Fails", vanishing(goal, where=[for_all])]
    assert verdict(false_for_all, witness({"n": 2}, {"i": 0}, A=[["0", "1"], ["0", "0"]], y=["0", "1"]), **own)


# -- what states nothing ---


def test_what_states_nothing_is_refused() -> None:
    assert "differ is required" in verdict(identity(s, s), EQUAL)
    assert "its own hypothesis" in verdict(vanishing(s, where=[s]), EQUAL)
    assert "given moment" in verdict(identity(expected(lam, "lam", m1=m1), m1), EQUAL)
    assert "given moment" in verdict(identity(m2, expected(power(lam, 2), "lam", m2=m2)), EQUAL)
    assert verdict(equivalence([s], [s]), {"kind": "both_directions", "forward": [], "backward": []})
    assert verdict(vanishing(), EQUAL)
    assert "claims" in checker.check(certificate(statement())).reason


def test_a_claim_whose_hypotheses_are_never_met_is_not_accepted() -> None:
    square = add(power(s, 2), num(1))
    direct = combination(term(0, num(1)))
    claim = vanishing(square, where=[square, t])
    assert verdict(claim, ways(direct))
    follows = vanishing(add(square, t), where=[square, t])
    both = ways(combination(*(term(number, num(1)) for number in (0, 1))))
    assert "no point is known" in verdict(follows, both)
    assert "no point is known" in verdict(follows, {**both, "met": None})
    assert "does not meet" in verdict(follows, {**both, "met": point(s="1", t="0")})
    impossible = {"conditions": [[s, ">", num(1)], [s, "<", ZERO]]}
    assert "does not meet" in verdict(identity(add(s, t), add(t, s)), EQUAL, **impossible)
    assert not verdict(identity(add(s, t), add(t, s)), EQUAL, conditions=[[s, ">", num("1/2")]])
    assert "does not meet" in verdict(identity(add(s, t), add(t, s)), EQUAL, conditions=[[s, ">", num(1)]])
    assert not verdict(identity(add(s, t), add(t, s)), {**EQUAL, "met": point(s="2")}, conditions=[[s, ">", num(1)]])
    assert verdict(["Fails", identity(s, t)], witness(s="2", t="1"), **impossible)
    assert verdict(["Fails", identity(s, t)], witness(t="1"), **impossible)


def test_a_near_miss_that_denies_is_false_only_where_something_is_proved() -> None:
    true, false = identity(add(s, t), add(t, s)), identity(s, t)
    for miss, evidence, fine in (
        (["Fails", true], EQUAL, True),
        (["Fails", false], EQUAL, False),
        (["Fails", false], witness(s="1", t="0"), False),
        (false, witness(s="1", t="0"), True),
        (true, witness(s="1", t="0"), False),
        (true, EQUAL, False),
    ):
        document = statement(identity(mul(s, t), mul(t, s)), near_misses=[miss])
        report = checker.check(certificate(document, EQUAL, near_misses=[evidence]))
        assert report.accepted == fine
    empty = ["Fails", vanishing(t, where=[add(power(s, 2), num(1)), mul(num(2), t)])]
    way = ways(combination(term(1, num("1/2"))))
    document = statement(identity(mul(s, t), mul(t, s)), near_misses=[empty])
    assert "no point is known" in checker.check(certificate(document, EQUAL, near_misses=[way])).reason


# -- cofactors ---


@pytest.mark.parametrize(
    "way",
    [
        combination(),
        combination(term(0, num(2))),
        combination(term(1, num(1))),
        combination(term(-1, num(1))),
        combination(term(0, num(1), of=["other", 0])),
        combination(term(0, num(1), of=["where", 0, 0])),
        combination(term(0, num(1), of={"where": 0})),
        combination(term(0, num(1), of=["left inverse", s])),
        combination(term(0, num(1), of=["left inverse", sym("A")])),
        combination(term(0, at(y, "of row", "0"))),
        combination(term(0, at(sym("s"), "0", "of row"))),
        combination(term(0, over(num(1), t))),
        combination(term(0, add(num(1), over(add(s, num(-1)), t)))),
        combination(term(0, sym("u"))),
        combination(term(0, ["Zeros", "n", "1"])),
        combination(term(0, num(1), multiplier=[])),
        combination(term(0, num(1)), multiplier=[[]]),
        combination(term(0, num(1)), multiplier=[ZERO]),
        combination(multiplier=[add(s, neg(s))]),
        combination(multiplier=[add(s, num(-1))]),
        combination(multiplier=[ZERO], squared=True),
        combination(multiplier=[over(num(1), add(s, num(-1)))]),
        {**combination(), "squared": 1},
    ],
)
def test_cofactors_have_to_multiply_out(way: Any) -> None:
    claim, met = vanishing(add(s, num(-1)), where=[add(s, num(-1), mul(ZERO, t))]), {"met": point(s="1", t="1")}
    assert not verdict(claim, {**ways(combination(term(0, num(1)))), **met})
    assert verdict(claim, {**ways(way), **met})


def test_a_square_vanishes_where_its_root_does_and_only_for_a_sum_over_all_entries() -> None:
    squares = mul(transposed(x), x)
    met = {"met": point({"n": 1}, x=["0"])}
    squared = {**ways(combination(term(0, num(1)), squared=True)), **met}
    assert not verdict(vanishing(x, where=[squares]), squared)
    assert verdict(vanishing(x, where=[squares]), {**ways(combination(term(0, num(1)))), **met})
    assert verdict(vanishing(x, where=[total(at(x, "i", "0"), i="n")]), squared)


def test_an_index_keeps_its_size() -> None:
    claim = vanishing(e, where=[z, W])
    met = {"met": point({"k": 1, "h": 1}, e=["0"], z=["0"], W=[["0"]])}
    assert "another shape" in verdict(claim, {**ways(combination(term(0, SAME))), **met})
    for between in ("k", "h"):
        summed = total(mul(["Delta", "row", "j"], ["Delta", "j", "of row"]), j=between)
        assert "another shape" in verdict(claim, {**ways(combination(term(0, summed))), **met})
    for places in (("row", "row"), ("of row", "of row"), ("of row", "row")):
        assert "other sizes" in verdict(claim, {**ways(combination(term(0, at(W, *places)))), **met})


def test_slots_are_named_apart() -> None:
    met = {"met": point({"n": 1}, A=[["0"]], x=["0"])}
    claim = vanishing(mul(A, x), where=[A])
    slots: list[Any] = ["of row", "of column", "row", "column", "r", "", 0, None]
    for first, second in itertools.product(slots, repeat=2):
        way = combination(term(0, mul(["Delta", "row", first], at(x, second, "0"))))
        assert bool(verdict(claim, {**ways(way), **met})) != ((first, second) == ("of row", "of column"))
    renamed = total(mul(["Delta", "row", "of row"], at(x, "of column", "0")), **{"of row": "n"})
    assert verdict(claim, {**ways(combination(term(0, renamed))), **met})


@pytest.mark.parametrize(
    "reciprocal",
    [
        over(num(1), s),
        over(s, power(s, 2)),
        over(num(1), over(mul(s, n), n)),
        add(over(num(1), s), num(0)),
        expected(lam, "lam", m1=over(num(1), s)),
        ["Trace", mul(["Identity", "n"], over(over(num(1), s), n))],
        total(over(over(num(1), s), n), i="n"),
    ],
)
def test_a_division_is_seen_wherever_evidence_hides_it(reciprocal: Any) -> None:
    way = {**ways(combination(term(0, mul(reciprocal, SAME)))), "met": point({"n": 1}, s="1", y=["0"])}
    claim = vanishing(add(y, mul(ZERO, lam, y)), where=[S_Y])
    assert "not known not to be zero" in verdict(claim, way)
    assert not verdict(claim, way, conditions=[[s, "!=", ZERO]])


DIVIDES = "not known not to be zero"
S_1, T_1, BOTH = add(s, num(1)), add(t, num(1)), add(mul(s, t), s, t, num(1))  # the last is the product of the others


@pytest.mark.parametrize(
    ("known", "by", "reason"),
    [
        ([S_1, T_1], BOTH, ""),
        ([BOTH], S_1, ""),
        ([BOTH], mul(S_1, T_1, T_1), ""),
        ([S_1], mul(S_1, S_1, add(power(t, 2), num(1))), ""),
        ([S_1], BOTH, DIVIDES),
        ([S_1, T_1], add(BOTH, num(1)), DIVIDES),
        ([BOTH], add(s, t), DIVIDES),
        ([BOTH, num(1)], mul(S_1, add(t, num(2))), DIVIDES),
        ([mul(S_1, power(T_1, 2))], mul(S_1, add(t, num(-1))), DIVIDES),
        ([num(1)], S_1, DIVIDES),
        ([num(1)], add(S_1, mul(num(-1), S_1)), DIVIDES),
    ],
)
def test_what_is_not_zero_has_parts_that_are_not_zero_and_makes_products_that_are_not(
    known: list[Any], by: Any, reason: str
) -> None:
    way = {**ways(combination(term(0, SAME), multiplier=[by])), "met": point({"n": 1}, s="1", t="1", y=["0"])}
    found = verdict(vanishing(y, where=[mul(by, y)]), way, conditions=[[q, "!=", ZERO] for q in known])
    assert found == reason or (reason and reason in found)


def test_inverses_are_used_where_they_are_spoken_of() -> None:
    inverse = ["Inverse", A]
    claim = identity(mul(A, inverse), ["Identity", "n"])
    own = mul(SAME, ["Delta", "column", "of column"])
    for side, fine in (("right", True), ("left", False), ("both", False)):
        way = combination(term(0, own, of=[f"{side} inverse", A]))
        assert bool(verdict(claim, ways(way))) != fine
    elsewhere = vanishing(["Identity", "n"], where=[["Zeros", "n", "n"], mul(ZERO, A)])
    way = combination(term(0, own, of=["left inverse", A]))
    spoken = combination(term(0, mul(own, ["Trace", inverse])))
    for found in (way, spoken):
        assert "does not speak of" in verdict(elsewhere, {**ways(found), "met": point({"n": 1}, A=[["1"]])})
    assert verdict(
        vanishing(["Identity", "n"], where=[mul(["Zeros", "n", "n"], inverse)]),
        {**ways(way), "met": point({"n": 1}, A=[["0"]])},
    )


def test_an_inverse_moves_with_its_matrix() -> None:
    """The derivative of tr (B A^-1) by A is -(A^-1 B A^-1)^T."""
    inverse = ["Inverse", A]
    moved = gradient(["Trace", mul(B, inverse)], "A")
    right = neg(transposed(mul(inverse, B, inverse)))
    assert not verdict(identity(moved, right), EQUAL)
    assert "differ" in verdict(identity(moved, transposed(mul(inverse, B, inverse))), EQUAL)
    assert "does not depend" in verdict(identity(gradient(["Trace", mul(B, inverse)], "x"), x), EQUAL)
    two: dict[str, Any] = {"A": [["1", "1"], ["0", "2"]], "B": [["0", "1"], ["1", "3"]]}
    assert "not false" in verdict(["Fails", identity(moved, right)], witness({"n": 2}, **two))
    assert not verdict(["Fails", identity(moved, neg(right))], witness({"n": 2}, **two))
    assert not verdict(identity(["At", inverse, [["A", B]]], ["Inverse", add(B, ["Zeros", "n", "n"])]), EQUAL)


def test_a_form_is_positive_in_its_range_only() -> None:
    half = {"kind": "positive", "form": s, "multiplier": num(1), "root": num(1)}
    assert not verdict(["Positivity", s, [["s", "0", None]], [], True], half)
    assert not verdict(["Positivity", add(s, num(1)), [["s", "-1", None]], [], True], half)
    assert verdict(["Positivity", s, [["s", "-1", None]], [], True], half)
    assert verdict(["Positivity", s, [], [], True], half)
    assert verdict(["Positivity", mul(s, t), [["s", "0", None]], [], True], {**half, "form": mul(s, t)})
    # s (1 - s) on (0, 1), t = s / (1 - s): s (1 - s) (1 + t)^2 = t
    bounded = {**half, "multiplier": power(add(num(1), s), 2), "met": point(s="1/2")}
    assert "does not meet" in verdict(
        ["Positivity", mul(s, add(num(1), neg(s))), [["s", "0", "1"]], [], True], {**bounded, "met": None}
    )
    assert not verdict(["Positivity", mul(s, add(num(1), neg(s))), [["s", "0", "1"]], [], True], bounded)
    assert verdict(["Positivity", mul(s, add(num(1), neg(s))), [["s", "0", "2"]], [], True], bounded)
    assert verdict(["Positivity", neg(s), [["s", "0", None]], [], True], {**half, "root": s})
    assert verdict(["Positivity", neg(s), [["s", "0", None]], [], True], {**half, "multiplier": num(-1)})
    assert verdict(["Positivity", neg(s), [["s", "0", None]], [], True], {**half, "form": neg(s)})
    assert verdict(["Positivity", neg(s), [["s", "0", None]], [], True], {**half, "form": ZERO, "multiplier": ZERO})
    assert verdict(["Positivity", s, [["s", "1", "0"]], [], True], half)
