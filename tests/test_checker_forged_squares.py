"""The exact checker and forged sums of squares: evidence that is nearly right, beside evidence that is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checker_documents import (
    ZERO,
    add,
    at,
    expected,
    mul,
    neg,
    num,
    over,
    point,
    power,
    size,
    sym,
    term,
    total,
    transposed,
    verdict,
)

s, t, q, lam, m1, m2 = map(sym, ("s", "t", "q", "lam", "m1", "m2"))
A, x, y, W = map(sym, ("A", "x", "y", "W"))
n = size("n")
MET = point({"n": 1}, s="0", t="0", q="0", x=["0"], y=["0"])


def nonnegative(scalar: Any, where: Any = (), *, strict: bool = False, ranges: Any = ()) -> Any:
    return ["Positivity", scalar, list(ranges), list(where), strict]


def minimum(scalar: Any, at_: Any, where: Any = ()) -> Any:
    return ["Minimum", scalar, at_, list(where)]


def square(root: Any, *scale: Any, ends: Any = ()) -> Any:
    return {"scale": list(scale), "ends": list(ends), "root": root}


def squares(*given: Any, multiplier: Any = (), terms: Any = (), met: Any = None) -> Any:
    found = {"kind": "squares", "squares": list(given), "multiplier": list(multiplier), "terms": list(terms)}
    return found if met is None else {**found, "met": met}


def norm(column: Any) -> Any:
    return mul(transposed(column), column)


NORM = nonnegative(norm(x))
END = at(x, "end 0", "0")
NOT_KNOWN = "a coefficient of squares is not known not to be negative"
NOT_IT = "the squares and multiples of hypotheses are not the scalar"
NOT_POSITIVE = "nothing is positive in it"
DIVIDES = "the evidence divides by something that is not known not to be zero"


def test_a_norm_is_not_negative() -> None:
    assert not verdict(NORM, squares(square(END, ends=["n"])))
    assert not verdict(NORM, squares(square(END, num("1/2"), ends=["n"]), square(END, num("1/2"), ends=["n"])))
    assert not verdict(nonnegative(power(s, 2)), squares(square(s)))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([], NOT_IT),
        ([square(END, num(2), ends=["n"])], NOT_IT),
        ([square(END, num(2), ends=["n"]), square(END, num(-1), ends=["n"])], NOT_KNOWN),
        ([square(END, num(-1), num(-1), ends=["n"])], ""),  # an even power
        ([square(END, num(-1), num(-1), num(-1), ends=["n"])], NOT_KNOWN),
        ([square(END, ends=["n", "n"])], NOT_IT),
        ([square(END, ends=["k"])], "a size of the document's table"),
        ([square(END)], "an index that is summed over or declared"),
        ([square(x, ends=["n"])], "evidence of this shape"),
        ([square(at(x, "row", "0"), ends=["n"])], "an index that is summed over or declared"),
        ([square(total(at(x, "j", "0"), j="n"))], NOT_IT),
        ([square(total(at(x, "end 0", "0"), **{"end 0": "n"}))], "a name"),
        ([square(END, num(0), ends=["n"])], NOT_IT),
    ],
)
def test_squares_are_those_of_the_scalar(given: Any, why: str) -> None:
    found = verdict(NORM, squares(*given))
    assert why in found
    assert bool(found) is bool(why)


UNKNOWN = nonnegative(mul(s, power(t, 2)))


@pytest.mark.parametrize(
    ("conditions", "fine"),
    [
        ([], False),
        ([[s, ">=", ZERO]], True),
        ([[s, ">", ZERO]], True),
        ([[s, "!=", ZERO]], False),
        ([[s, "<=", ZERO]], False),
        ([[s, ">=", num(-1)]], False),
        ([[ZERO, "<=", s]], True),
        ([[num(2), "<=", mul(num(2), add(s, num(1)))]], True),
        ([[neg(s), ">=", ZERO]], False),
        ([[power(s, 2), ">", ZERO]], False),
        ([[mul(s, t), ">=", ZERO]], False),
        ([[add(s, t), ">=", ZERO]], False),
        ([[power(s, 3), ">=", ZERO]], False),  # it is, but nothing here says so
    ],
)
def test_a_coefficient_is_what_a_condition_says(conditions: Any, fine: bool) -> None:  # noqa: FBT001
    evidence = squares(square(t, s), met=point({}, s="0", t="0") if not conditions else None)
    found = verdict(UNKNOWN, {**evidence, "met": point({}, s="1", t="1")}, conditions=conditions)
    if fine:
        assert not found
    else:
        assert found


@pytest.mark.parametrize(
    ("scale", "conditions", "fine"),
    [
        ([s, t], [[s, ">=", ZERO], [t, ">=", ZERO]], True),
        ([mul(s, t)], [[s, ">=", ZERO], [t, ">=", ZERO]], True),
        ([s, t], [[mul(s, t), ">=", ZERO]], False),
        ([mul(s, t)], [[mul(s, t), ">=", ZERO]], True),
        ([s, t], [[s, ">=", ZERO]], False),
        ([add(s, t)], [[s, ">=", ZERO], [t, ">=", ZERO]], True),
        ([add(s, t)], [[s, ">=", ZERO], [t, "!=", ZERO]], False),
        ([add(s, neg(t))], [[s, ">=", ZERO], [t, ">=", ZERO]], False),
        ([add(s, neg(t))], [[s, ">", t]], True),
        ([add(t, neg(s))], [[s, ">", t]], False),
        ([power(s, 2)], [], True),
        ([power(add(s, neg(t)), 2)], [], False),  # as two equal bases it would do
        ([add(s, neg(t)), add(s, neg(t))], [], True),
        ([add(s, neg(t)), add(t, neg(s))], [], False),  # minus a square
        ([power(s, 3)], [[s, "!=", ZERO]], False),
        ([over(num(1), s)], [[s, "!=", ZERO]], False),
        ([over(num(1), s)], [[s, ">", ZERO]], True),
        ([over(num(1), power(s, 2))], [[s, "!=", ZERO]], True),
        ([over(num(1), power(s, 2))], [], True),  # what the statement itself divides by is not zero
        ([over(num(1), s)], [], False),
        ([add(n, num(-1))], [], False),
        ([n], [], True),
        ([over(num(1), n)], [], True),
        ([add(n, num(-1))], [[n, ">", num(1)]], True),
    ],
)
def test_a_product_of_coefficients_has_a_sign(scale: Any, conditions: Any, fine: bool) -> None:  # noqa: FBT001
    claim = nonnegative(mul(*scale, norm(y)) if scale else norm(y))
    met = point({"n": 2}, s="2", t="1", y=["0", "0"])
    used = str([scale, conditions])
    met = {**met, "scalars": {name: v for name, v in met["scalars"].items() if f"'{name}'" in used}}
    found = verdict(claim, squares(square(at(y, "end 0", "0"), *scale, ends=["n"]), met=met), conditions=conditions)
    assert (not found) is fine, found


@pytest.mark.parametrize("whole", [[], ["s"]])
def test_a_whole_number_above_a_bound_is_no_more_than_that(whole: Any) -> None:
    conditions = [[s, ">", ZERO]]
    evidence = squares(square(num(1), add(s, num(-1))), met=point({}, s="1"))
    assert NOT_KNOWN in verdict(nonnegative(add(s, num(-1))), evidence, conditions=conditions, whole=whole)


# -- strict ---


@pytest.mark.parametrize(
    ("scalar", "given", "why"),
    [
        (add(norm(x), num(1)), [square(END, ends=["n"]), square(num(1))], ""),
        (norm(x), [square(END, ends=["n"])], NOT_POSITIVE),
        (norm(x), [square(END, ends=["n"]), square(num(0))], NOT_POSITIVE),
        (norm(x), [square(END, ends=["n"]), square(num(1), num(0))], NOT_POSITIVE),
        (add(norm(x), power(s, 2)), [square(END, ends=["n"]), square(s)], NOT_POSITIVE),
        (add(norm(x), power(s, 2)), [square(END, ends=["n"]), square(num(1), power(s, 2))], NOT_POSITIVE),
        (add(norm(x), power(s, 2)), [square(END, ends=["n"]), square(num(1), s, s)], NOT_POSITIVE),
        (add(norm(x), n), [square(END, ends=["n"]), square(num(1), ends=["n"])], ""),
        (add(norm(x), num(-1)), [square(END, ends=["n"]), square(num(1), num(-1))], NOT_KNOWN),
    ],
)
def test_something_positive_is_among_the_squares(scalar: Any, given: Any, why: str) -> None:
    found = verdict(nonnegative(scalar, strict=True), squares(*given))
    assert why in found
    assert bool(found) is bool(why)


def test_a_scale_that_may_be_zero_is_not_positive() -> None:
    claim, given = nonnegative(s, strict=True), squares(square(num(1), s), met=point({}, s="1"))
    assert verdict(claim, given, conditions=[[s, ">=", ZERO]])
    assert verdict(claim, given, conditions=[[s, "!=", ZERO]])
    assert verdict(nonnegative(power(s, 2), strict=True), squares(square(num(1), power(s, 2))))
    both = squares(square(num(1), s, s), met=point({}, s="1"))
    assert not verdict(nonnegative(power(s, 2), strict=True), both, conditions=[[s, "!=", ZERO]])


# -- multipliers, roots and terms ---


@pytest.mark.parametrize("multiplier", [num(0), num(-1), s, power(s, 2), add(n, num(-1)), add(power(s, 2), num(0))])
def test_a_multiplier_is_positive(multiplier: Any) -> None:
    """Of s >= 0, the product with s shows nothing."""
    conditions = [[s, ">=", ZERO]] if "'s'" in str(multiplier) else []
    met = point({"n": 1}, s="1", t="1")
    for root in (num(0), t):
        evidence = squares(square(root, multiplier), multiplier=[multiplier], met=met)
        assert verdict(nonnegative(t), evidence, conditions=conditions)
    evidence = squares(multiplier=[multiplier], terms=[term(0, num(1))], met=met)
    assert verdict(nonnegative(t, [mul(multiplier, t)]), evidence, conditions=conditions)


def test_a_root_divides_by_what_is_not_zero_alone() -> None:
    """Where ``s t = 0`` and ``q = 0``, t may be negative: at s = 0."""
    claim = nonnegative(t, [mul(s, t), q])
    terms = [term(0, over(num(1), s)), term(1, neg(over(q, power(s, 2))))]
    evidence = squares(square(over(q, s)), terms=terms, met=point({}, s="0", t="0", q="0"))
    assert DIVIDES in verdict(claim, evidence)
    assert DIVIDES in verdict(claim, squares(terms=terms[:1], met=evidence["met"]))
    there = {**evidence, "met": point({}, s="1", t="0", q="0")}
    assert not verdict(claim, there, conditions=[[s, "!=", ZERO]])  # then t = 0
    other = nonnegative(t, [mul(add(s, neg(q)), t)])
    assert DIVIDES in verdict(other, squares(terms=[term(0, over(num(1), add(s, neg(q))))], met=evidence["met"]))


def test_a_denominator_of_the_scalar_is_cleared_by_an_even_power() -> None:
    below = add(s, neg(t))
    odd = nonnegative(over(num(1), below))
    met = point({}, s="1", t="0")
    assert NOT_KNOWN in verdict(odd, squares(square(num(1)), multiplier=[below], met=met))
    assert NOT_KNOWN in verdict(odd, squares(square(num(1), below), multiplier=[below, below], met=met))
    even = nonnegative(over(num(1), power(below, 2)))
    assert not verdict(even, squares(square(below), multiplier=[power(below, 2)] * 2, met=met))
    assert verdict(even, squares(square(num(1)), multiplier=[power(below, 2)], met=met))  # an odd number of times
    assert NOT_KNOWN in verdict(even, squares(square(num(1), below), multiplier=[below] * 3, met=met))


def test_multiples_are_of_the_hypotheses_of_the_statement() -> None:
    claim = nonnegative(neg(norm(x)), [add(norm(x), neg(norm(y)))])
    evidence = squares(square(at(y, "end 0", "0"), ends=["n"]), terms=[term(0, num(-1))], met=MET)
    assert verdict(claim, evidence)
    for number in (1, -1, True, "0"):
        assert verdict(NORM, squares(square(END, ends=["n"]), terms=[{"of": ["where", number], "factor": ZERO}]))
    for kind in ("other", "claims", "left inverse"):
        assert verdict(NORM, squares(square(END, ends=["n"]), terms=[{"of": [kind, 0], "factor": ZERO}]))
    missing = nonnegative(add(norm(x), s), [s])
    met = point({"n": 1}, s="0", x=["0"])
    assert NOT_IT in verdict(missing, squares(square(END, ends=["n"]), met=met))
    assert not verdict(missing, squares(square(END, ends=["n"]), terms=[term(0, num(1))], met=met))


def test_a_hypothesis_about_one_sample_is_about_no_other() -> None:
    indices = [["i", "n"], ["j", "n"]]
    xi, xj = at(x, "i", "0"), at(x, "j", "0")
    claim = nonnegative(neg(power(xj, 2)), [xi])
    met = point({"n": 1}, {"i": 0, "j": 0}, x=["0"])
    for factor in (neg(xi), neg(xj), neg(at(x, "of i", "0"))):
        assert verdict(claim, squares(terms=[term(0, factor)], met=met), indices=indices)
    whole = nonnegative(neg(norm(x)), [xi])
    for factor in (neg(total(at(x, "k", "0"), k="n")), neg(total(at(x, "j", "0"), j="n")), neg(xi)):
        assert verdict(whole, squares(terms=[term(0, factor)], met=met), indices=indices[:1])
    stated = nonnegative(neg(norm(x)), [["ForAll", [["j", "n"]], xj]])
    fine = squares(terms=[term(0, neg(at(x, "of j", "0")))], met=point({"n": 1}, x=["0"]))
    assert not verdict(stated, fine)


def test_a_square_at_a_sample_is_not_summed_over_it() -> None:
    xi, indices = at(x, "i", "0"), [["i", "n"]]
    assert not verdict(nonnegative(power(xi, 2)), squares(square(xi)), indices=indices)
    assert NOT_IT in verdict(nonnegative(norm(x)), squares(square(xi), square(END, ends=["n"])), indices=indices)
    for captured in (square(xi, ends=["n"]), square(END, ends=["n"]), square(total(at(x, "j", "0"), j="n"))):
        assert verdict(nonnegative(power(xi, 2)), squares(captured), indices=indices)
    sum_of = nonnegative(total(at(x, "j", "0"), j="n"))
    assert verdict(sum_of, squares(square(xi)), indices=indices)
    assert verdict(nonnegative(xi), squares(square(num(1), xi)), indices=indices)  # a scale has no samples


# -- what is random, inverses, ranges ---


def test_the_square_of_a_mean_is_not_the_mean_of_a_square() -> None:
    mean = expected(power(lam, 2), "lam", m1=m1, m2=m2)
    met = point({}, m1="0", m2="1")
    assert verdict(nonnegative(mean), squares(square(m1), met=met))
    assert verdict(nonnegative(mean), squares(square(lam), met=met))
    assert verdict(nonnegative(add(mean, neg(power(m1, 2)))), squares(square(add(lam, neg(m1))), met=met))


def test_a_condition_on_what_is_random_is_none_on_its_mean() -> None:
    mean = expected(lam, "lam", m1=m1)
    met = point({}, m1="1")
    evidence = squares(square(num(1), m1), met=met)
    assert NOT_KNOWN in verdict(nonnegative(mean), evidence, conditions=[[lam, ">=", ZERO]])
    assert not verdict(nonnegative(mean), evidence, conditions=[[lam, ">=", ZERO], [m1, ">=", ZERO]])


def test_an_inverse_that_the_statement_does_not_speak_of_is_not_used() -> None:
    inverse = mul(["Inverse", A], x)
    claim = nonnegative(s, [mul(s, A), x])
    evidence = squares(square(at(inverse, "end 0", "0"), ends=["n"]), met=MET)
    assert "an inverse that the statement does not speak of" in verdict(claim, evidence)


@pytest.mark.parametrize(
    ("ranges", "scale", "fine"),
    [
        ([["s", "0", "1"]], [s], True),
        ([["s", "0", "1"]], [s, add(num(1), neg(s))], True),
        ([["s", "-1", "1"]], [s], False),
        ([["s", None, "1"]], [s], False),
        ([["s", None, "1"]], [add(num(1), neg(s))], True),
        ([["s", "0", None]], [add(num(1), neg(s))], False),
    ],
)
def test_a_range_is_a_condition(ranges: Any, scale: Any, fine: bool) -> None:  # noqa: FBT001
    claim = nonnegative(mul(*scale, power(t, 2)), ranges=ranges)
    evidence = squares(square(t, *scale), met=point({}, s="1/2", t="1"))
    assert (not verdict(claim, evidence)) is fine


def test_a_range_of_another_claim_is_none() -> None:
    first = nonnegative(mul(s, power(t, 2)), ranges=[["s", "0", None]])
    assert not verdict(first, squares(square(t, s), met=point({}, s="1", t="1")))
    assert verdict(nonnegative(mul(s, power(t, 2))), squares(square(t, s), met=point({}, s="1", t="1")))


# -- minima ---

LEAST = minimum(norm(x), [["x", y]], [y])


def test_a_minimum_is_a_bound_by_another_value() -> None:
    terms = [term(0, neg(at(y, "of row", "0")))]
    assert not verdict(LEAST, squares(square(END, ends=["n"]), terms=terms, met=MET_XY))
    assert verdict(LEAST, squares(square(END, ends=["n"]), met=MET_XY))
    assert verdict(LEAST, squares(square(END, ends=["n"]), terms=[term(0, ZERO)], met=MET_XY))
    difference = add(END, neg(at(y, "end 0", "0")))
    assert verdict(minimum(norm(x), [["x", y]]), squares(square(difference, ends=["n"])))


MET_XY = point({"n": 1}, x=["0"], y=["0"])


@pytest.mark.parametrize("met", [None, point({"n": 1}, x=["0"], y=["1"]), point({}), point({"n": 1}, x=["0"])])
def test_a_point_meets_what_is_assumed(met: Any) -> None:
    terms = [term(0, neg(at(y, "of row", "0")))]
    evidence = {**squares(square(END, ends=["n"]), terms=terms), "met": met}
    assert verdict(LEAST, evidence)


def test_hypotheses_that_contradict_each_other_show_nothing() -> None:
    claim = nonnegative(num(-1), [s, add(s, num(-1))])
    evidence = squares(terms=[term(0, num(-1)), term(1, num(1))])
    for met in (None, point({}, s="0"), point({}, s="1")):
        assert verdict(claim, {**evidence, "met": met})


@pytest.mark.parametrize("statement", [NORM, LEAST])
def test_other_evidence_is_none(statement: Any) -> None:
    for kind in ("equal", "combinations", "both_directions", "witness", "positive"):
        assert verdict(statement, {"kind": kind, "met": MET_XY})
    assert verdict(statement, {"kind": "positive", "form": num(1), "multiplier": num(1), "root": num(1)})
    assert verdict(["Vanishing", [mul(W, transposed(W))], []], squares())


# -- one scalar on its line --------------------------------------------------------------------------------------------

ON_LINE = "the polynomial is not of that sign on its line"


def on_line(form: Any, root: Any = ("Number", "1")) -> Any:
    return {"kind": "line", "form": form, "root": [*root], "met": None}


def positive(scalar: Any, *ranges: Any) -> Any:
    return nonnegative(scalar, strict=True, ranges=ranges)


QUARTIC = add(power(s, 4), neg(power(s, 2)), num("1"))
TOUCHING = power(add(power(s, 2), num("-2")), 2)


def test_the_checker_finds_the_zeros_by_itself() -> None:
    assert not verdict(positive(QUARTIC), on_line(QUARTIC))
    assert not verdict(nonnegative(TOUCHING), on_line(TOUCHING))
    assert not verdict(positive(s, ["s", "1/7", None]), on_line(s))
    below = {**on_line(neg(s)), "met": point({}, s="-1")}
    assert not verdict(positive(neg(s), ["s", None, "0"]), below)
    assert not verdict(nonnegative(over(num("1"), s), ranges=[["s", "0", None]]), on_line(s, s))
    assert not verdict(nonnegative(add(n, num("-1"))), on_line(add(n, num("-1"))))


@pytest.mark.parametrize(
    ("statement", "evidence", "why"),
    [
        (positive(TOUCHING), on_line(TOUCHING), ON_LINE),
        (positive(s), on_line(s), ON_LINE),
        (nonnegative(s), on_line(s), ON_LINE),
        (nonnegative(neg(QUARTIC)), on_line(neg(QUARTIC)), ON_LINE),
        (positive(s, ["s", "-1/7", None]), on_line(s), ON_LINE),
        (positive(s, ["s", None, "0"]), on_line(s), ON_LINE),
        (positive(add(n, num("-1"))), on_line(add(n, num("-1"))), ON_LINE),
        (positive(add(power(s, 2), power(t, 2), num("1"))), on_line(add(power(s, 2), power(t, 2), num("1"))), ON_LINE),
        (nonnegative(norm(x)), on_line(norm(x)), ON_LINE),
        (positive(s), on_line(QUARTIC), "the polynomial is not that of the scalar"),
        (positive(QUARTIC), on_line(mul(QUARTIC, power(s, 2)), s), DIVIDES),
        (nonnegative(neg(num("1"))), on_line(num("0"), num("0")), DIVIDES),
        (nonnegative(over(num("1"), s)), on_line(s, s), ON_LINE),
        (["Identity", s, t, []], on_line(s), "evidence for Identity is required, not of the kind 'line'"),
    ],
)
def test_what_turns_its_sign_is_not_taken_for_a_polynomial_that_keeps_it(
    statement: Any, evidence: Any, why: str
) -> None:
    assert verdict(statement, evidence) == f"claim '0': {why}"


# -- squares beside what vanishes --------------------------------------------------------------------------------------

LONG = add(norm(x), norm(y))
VANISHES = ["Vanishing", [x], [LONG]]


def way(*more: Any, squared: bool = True, multiplier: Any = (), terms: Any = ()) -> Any:
    """Return evidence that x vanishes, with squares beside that of x."""
    found = {"squared": squared, "squares": list(more), "multiplier": list(multiplier), "terms": list(terms)}
    return {"kind": "combinations", "ways": [found], "met": point({"n": 1}, x=["0"], y=["0"])}


Y_END = at(y, "end 0", "0")
ONCE = {"of": ["where", 0], "factor": num("1")}


def test_squares_may_stand_beside_what_vanishes() -> None:
    assert not verdict(VANISHES, way(square(Y_END, ends=["n"]), terms=[ONCE]))


@pytest.mark.parametrize(
    ("evidence", "why"),
    [
        (way(square(Y_END, num("-1"), ends=["n"]), terms=[ONCE]), NOT_KNOWN),
        (way(square(Y_END, t, ends=["n"]), terms=[ONCE]), NOT_KNOWN),
        (way(square(Y_END, num("2"), ends=["n"]), terms=[ONCE]), "the combination gives something else"),
        (way(square(Y_END, ends=["n"]), multiplier=[num("-1")], terms=[ONCE]), NOT_KNOWN),
        (way(square(Y_END, ends=["n"]), multiplier=[num("0")], terms=[ONCE]), NOT_KNOWN),
        (way(square(Y_END, ends=["n"]), multiplier=[power(t, 2)], terms=[ONCE]), NOT_KNOWN),
        (way(square(Y_END, ends=["n"]), squared=False, terms=[ONCE]), "the square of what vanishes"),
        (way(square(Y_END, ends=["n"])), "the combination gives something else"),
        (way(terms=[ONCE]), "a combination: a table of squared, multiplier, terms"),
    ],
)  # fmt: skip
def test_squares_beside_what_vanishes_have_to_be_squares(evidence: Any, why: str) -> None:
    assert why in verdict(add_t(VANISHES), evidence)


def add_t(statement: Any) -> Any:
    """Let t occur: it is 0 times a column."""
    kind, goals, where = statement
    return [kind, goals, [*where, mul(num("0"), mul(t, x))]]
