"""Every kind of verdict, for every kind of statement, decided from trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from symmix.deciding import Frame, Hints, Shown, decide
from symmix.deciding.decide import require_news
from symmix.deciding.inverses import with_inverses
from symmix.errors import StatementError
from symmix.kernel.arrays import tensor
from symmix.kernel.distributions import ScalarMoments
from symmix.kernel.points import Model
from symmix.kernel.products import Tensor
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.documents import require_setting, require_statement
from symmix.terms.meanings import Names
from symmix.verdict import (
    BothDirections,
    Existence,
    Membership,
    NormalForm,
    Positive,
    Proved,
    Refuted,
    Undecided,
    Verdict,
    Witness,
)

W, A, B = t.Symbol("W", ("k", "h")), t.Symbol("A", ("h", "h")), t.Symbol("B", ("h", "h"))
x, y, z, e = (t.Symbol(name, (size, "1")) for name, size in (("x", "h"), ("y", "k"), ("z", "h"), ("e", "h")))
lam, mu, p, q, r = (t.Symbol(name) for name in ("lam", "mu", "p", "q", "r"))
n, i, j, smp = t.Size("n"), t.Index("i", "h"), t.Index("j", "h"), t.Index("s", "h")


def number(value: int | str) -> t.Number:
    return t.Number(Fraction(value))


ZERO, ONE, TWO = number(0), number(1), number(2)


def product(*factors: t.Expression) -> t.Expression:
    return t.Multiply(factors)


def minus(left: t.Expression, right: t.Expression) -> t.Expression:
    return t.Add((left, product(number(-1), right)))


def norm(u: t.Expression) -> t.Expression:
    return product(t.Transpose(u), u)


def mean(of: t.Expression, *values: t.Expression, random: t.Symbol = lam) -> t.Expectation:
    return t.Expectation(of, random, tuple(t.Moment(d, (), value) for d, value in enumerate(values, 1)))


def above(symbol: t.Expression, sign: Any = ">", value: t.Expression = ZERO) -> s.Condition:
    return s.Condition(symbol, sign, value)


def frame_of(statement: s.Statement, setting: s.Setting | None = None, given: Model | None = None) -> Frame:
    setting = setting or s.Setting()
    names = Names.of([*setting.conditions, statement], setting.indices, setting.definitions)
    require_statement(statement, require_setting(setting, names))
    return Frame.of(setting, names, given)


def decided(statement: s.Statement, given: Model | None = None, hints: Hints | None = None, **parts: Any) -> Verdict:
    return decide(statement, frame_of(statement, s.Setting(**parts), given), hints or Hints())


def proved(statement: s.Statement, **parts: Any) -> Proved:
    verdict = decided(statement, **parts)
    assert isinstance(verdict, Proved), verdict
    return verdict


def witness(statement: s.Statement, **parts: Any) -> Witness:
    verdict = decided(statement, **parts)
    assert isinstance(verdict, Refuted), verdict
    assert verdict.witness is not None
    return verdict.witness


def undecided(statement: s.Statement, **parts: Any) -> str:
    verdict = decided(statement, **parts)
    assert isinstance(verdict, Undecided), verdict
    return verdict.missing


Wx = product(W, x)
Ax = product(A, x)


# -- identities --------------------------------------------------------------------------------------------------------


def test_an_identity_is_proved_by_its_normal_form() -> None:
    verdict = proved(s.Identity(norm(t.Add((x, z))), t.Add((norm(x), product(TWO, t.Transpose(x), z), norm(z)))))
    (evidence,) = verdict.evidence
    assert isinstance(evidence, NormalForm)
    assert not evidence.form.expression.is_zero
    assert verdict.assuming == ()
    assert verdict.met


def test_an_identity_is_refuted_by_a_point_with_both_values() -> None:
    found = witness(s.Identity(product(A, B), product(B, A)))
    assert found.sizes == {"h": 2}
    assert found.entries.keys() == {"A", "B"}
    assert found.values.keys() == {"left", "right"}
    assert found.values["left"] != found.values["right"]
    assert found.at == {}
    assert found.model.entries[tensor("A", ("h", "h"))]


def test_an_identity_of_what_only_one_side_depends_on() -> None:
    found = witness(s.Identity(t.Entry(x, ("s", "0")), lam), indices=(smp,))
    assert found.at.keys() == {"s"}
    assert found.values["left"] != found.values["right"]
    assert found.scalars.keys() == {"lam"}
    same = witness(s.Identity(t.Entry(A, ("s", "s")), t.Entry(x, ("s", "0"))), indices=(smp,))
    place = same.at["s"]
    assert same.entries["A"][place][place] == same.values["left"][0][0]
    assert same.entries["x"][place][0] == same.values["right"][0][0]


def test_an_identity_under_hypotheses_is_proved_by_cofactors() -> None:
    fit = minus(Wx, y)
    verdict = proved(s.Identity(norm(Wx), norm(y), (fit,)))
    (evidence,) = verdict.evidence
    assert isinstance(evidence, Membership)
    assert evidence.way.cofactors.holds
    assert evidence.difference == (norm(Wx), norm(y))
    assert evidence.hypotheses == (fit,)
    assert evidence.relations == ()
    assert verdict.point is not None
    found = witness(s.Identity(norm(Wx), product(TWO, norm(y)), (fit,)))
    assert found.values["left"] != found.values["right"]


def test_a_denominator_is_assumed_not_to_be_zero_and_printed() -> None:
    below = minus(ONE, lam)
    verdict = proved(s.Identity(product(below, t.Quotient(x, below)), x))
    assert verdict.assuming == (below,)
    assert verdict.point is not None
    assert verdict.point.scalars["lam"] != 1
    sized = proved(s.Identity(product(n, t.Quotient(x, product(TWO, n))), t.Quotient(x, TWO)))
    assert sized.assuming == ()
    assert proved(s.Identity(product(n, t.Quotient(lam, n)), lam)).assuming == ()
    twice = proved(s.Identity(t.Quotient(t.Quotient(x, lam), n), t.Quotient(x, product(n, lam))))
    assert twice.assuming == (lam, product(n, lam))
    assert proved(s.Identity(mu, mu_ := t.Add((mu, ZERO))), definitions=((mu, t.Quotient(p, q)),)).assuming == (q,)
    assert mu_
    one_less = proved(s.Identity(t.Quotient(x, minus(n, ONE)), t.Add((ZERO_COLUMN, t.Quotient(x, minus(n, ONE))))))
    assert one_less.assuming == (minus(n, ONE),)
    assert one_less.point is not None
    assert one_less.point.sizes["n"] != 1
    # the witness does not divide by zero, and says nothing of the reciprocal
    found = witness(s.Identity(t.Quotient(x, minus(n, ONE)), x))
    assert found.sizes["n"] > 1
    assert found.scalars == {}


ZERO_COLUMN = t.Zeros("h", "1")


def test_an_inverse_is_assumed_to_exist_and_its_relations_are_known() -> None:
    inverse = t.Inverse(A)
    verdict = proved(s.Identity(product(A, inverse, x), x))
    (evidence,) = verdict.evidence
    assert isinstance(evidence, Membership)
    assert {side for _, side in evidence.relations} == {"left", "right"}
    assert evidence.way.cofactors.holds
    assert verdict.assuming == (inverse,)
    assert verdict.met
    found = witness(s.Identity(product(inverse, x), x))
    assert found.entries.keys() == {"A", "x"}  # the inverse is no symbol of the statement
    assert found.values["left"] != found.values["right"]


# -- hypotheses at the claim's sample, and for all ---------------------------------------------------------------------

e_s = t.Entry(e, ("s", "0"))
Ae_s = t.Entry(product(A, e), ("s", "0"))


def test_a_hypothesis_about_a_sample_is_about_that_sample() -> None:
    """Where e_s = 0, (A e)_s need not vanish; where all e vanish, it does."""
    own = s.Vanishing((Ae_s,), (e_s,))
    found = witness(own, indices=(smp,))
    place = found.at["s"]
    assert found.entries["e"][place][0] == 0
    assert any(row[0] for row in found.entries["e"])
    assert found.values["value"][0][0] == sum(
        a * b[0] for a, b in zip(found.entries["A"][place], found.entries["e"], strict=True)
    )
    everywhere = s.Vanishing((Ae_s,), (s.ForAll((i,), t.Entry(e, ("i", "0"))),))
    assert isinstance(proved(everywhere, indices=(smp,)).evidence[0], Membership)
    assert isinstance(proved(s.Vanishing((Ae_s,), (e,)), indices=(smp,)).evidence[0], Membership)
    product_ = s.Vanishing((product(e_s, lam),), (e_s,))
    assert proved(product_, indices=(smp,)).point is not None
    assert proved(product_, indices=(smp,)).point.at.keys() == {"s"}  # type: ignore[union-attr]


def test_a_hypothesis_for_all_of_what_does_not_depend_on_all() -> None:
    both = s.ForAll((i, j), product(t.Entry(e, ("i", "0")), lam))
    assert decided(s.Vanishing((product(TWO, lam, e),), (both,))).word != "refuted"
    assert decided(s.Vanishing((e,), (both,))).word == "refuted"
    assert proved(s.Vanishing((e,), (s.ForAll((i,), product(t.Entry(e, ("i", "0")), TWO)),))).met


# -- vanishing ---------------------------------------------------------------------------------------------------------


def test_every_expression_has_to_vanish() -> None:
    verdict = proved(s.Vanishing((Ax, product(lam, x)), (x,)))
    assert len(verdict.evidence) == 2
    assert verdict.met
    found = witness(s.Vanishing((Ax, z), (x,)))
    assert found.values.keys() == {"value"}
    undecided(s.Vanishing((x, Ax), (norm(x),)))  # over the reals it follows; no cofactor says so


def test_what_is_divided_by_has_to_be_known_not_to_vanish() -> None:
    statement = s.Vanishing((x,), (product(lam, x),))
    assert witness(statement).scalars == {"lam": 0}
    assert proved(statement, conditions=(above(lam),)).met
    assert proved(statement, conditions=(above(lam, "<"),)).met
    assert proved(statement, conditions=(above(lam, "!="),)).met
    assert witness(statement, conditions=(above(lam, ">="),)).scalars == {"lam": 0}
    assert witness(statement, conditions=(above(lam, "<="),)).scalars == {"lam": 0}
    assert proved(s.Vanishing((x,), (t.Quotient(x, lam),))).met


def test_hypotheses_that_nothing_meets_prove_perhaps_nothing() -> None:
    empty = s.Vanishing((x,), (x, minus(norm(z), number(-1))))
    verdict = proved(empty)
    assert not verdict.met
    assert verdict.point is None


def test_conditions_that_nothing_meets_prove_perhaps_nothing() -> None:
    contradictory = s.Identity(t.Add((x, x)), product(TWO, x))
    assert not proved(contradictory, conditions=(above(lam), above(lam, "<"))).met


def test_a_point_that_is_given_is_tried_first() -> None:
    """The point ``(3/5, 4/5)`` is on the circle; another one is not."""
    circle = s.Identity(product(norm(x), z), z, (minus(norm(x), ONE),))
    X, Z = tensor("x", ("h", "1")), tensor("z", ("h", "1"))
    on: dict[Tensor, dict[tuple[int, ...], Fraction]] = {
        X: {(0,): Fraction(3, 5), (1,): Fraction(4, 5)},
        Z: {(0,): Fraction(7)},
    }
    given = Model({"h": 2}, {}, on)
    assert proved(circle, given=given).point == given
    off = replace(given, entries={**on, X: {(0,): Fraction(3, 5)}})
    other = proved(circle, given=off).point
    assert other is not None
    assert other != off
    at_sample = s.Vanishing((product(e_s, lam),), (e_s,))
    E = tensor("e", ("h", "1"))
    second = Model({"h": 2}, {"lam": Fraction(5)}, {E: {(0,): Fraction(1)}})
    point = proved(at_sample, given=second, indices=(smp,)).point
    assert point == replace(second, at={"s": 1})
    incomplete = Model({}, {}, {})
    assert proved(at_sample, given=incomplete, indices=(smp,)).met


# -- conditions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sign", "allowed"),
    [
        (">", lambda v: v > 2),
        (">=", lambda v: v >= 2),
        ("<", lambda v: v < 2),
        ("<=", lambda v: v <= 2),
        ("!=", lambda v: v != 2),
    ],
)
def test_a_witness_meets_the_conditions(sign: Any, allowed: Any) -> None:
    statement = s.Identity(product(lam, x), x)
    found = witness(statement, conditions=(above(lam, sign, TWO),))
    assert allowed(found.scalars["lam"])
    turned = witness(statement, conditions=(s.Condition(TWO, sign, lam),))
    flip = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "!=": "!="}[sign]
    value = turned.scalars["lam"]
    assert {"<": value < 2, "<=": value <= 2, ">": value > 2, ">=": value >= 2, "!=": value != 2}[flip]


def test_conditions_with_denominators_and_whole_numbers() -> None:
    found = witness(s.Identity(product(lam, x), x), conditions=(above(t.Quotient(ONE, minus(lam, ONE)), ">", ONE),))
    assert 1 < found.scalars["lam"] < 2
    whole = witness(s.Identity(product(lam, x), x), conditions=(above(lam, ">", ONE),), whole=("lam",))
    assert whole.scalars["lam"].denominator == 1
    sized = witness(s.Identity(product(n, x), x), conditions=(above(n, ">", TWO),))
    assert sized.sizes["n"] == 3


def test_a_point_says_what_it_needs_and_defined_symbols_too() -> None:
    rho, vec = t.Symbol("rho"), t.Symbol("v", ("h", "1"))
    definitions = ((rho, product(lam, TWO)), (vec, product(rho, x)), (t.Symbol("w", ("h", "1")), product(mu, z)))
    found = witness(s.Identity(vec, x), definitions=definitions)
    assert found.entries.keys() == {"x", "v"}  # rho is its value, w is of symbols that are open
    assert found.entries["v"] == found.values["left"]
    assert found.scalars.keys() == {"lam"}
    open_sides = witness(s.Identity(product(ZERO, lam, x), t.Add((z, product(ZERO, x)))))
    assert open_sides.entries.keys() == {"z"}


# -- equivalences ------------------------------------------------------------------------------------------------------


def test_an_equivalence_both_ways() -> None:
    verdict = proved(s.Equivalence((x, z), (t.Add((x, z)), minus(x, z))))
    (evidence,) = verdict.evidence
    assert isinstance(evidence, BothDirections)
    assert all(way.holds for way in (*evidence.forward, *evidence.backward))
    assert len(evidence.forward) == len(evidence.backward) == 2
    assert not evidence.squared
    assert verdict.met


def test_an_equivalence_by_the_adjugate_matrix() -> None:
    """``lam x + mu z`` and ``mu x + lam z`` vanish where x and z do, if ``lam^2 != mu^2``."""
    left = (t.Add((product(lam, x), product(mu, z))), t.Add((product(mu, x), product(lam, z))))
    determinant = minus(t.Power(lam, 2), t.Power(mu, 2))
    verdict = proved(s.Equivalence(left, (x, z), (determinant,)))
    (evidence,) = verdict.evidence
    assert isinstance(evidence, BothDirections)
    factor = evidence.factor.expression
    known = frame_of(s.Positivity(determinant)).array(determinant).expression
    assert factor in (known, -known)
    assert all(way.holds for way in evidence.backward)
    found = witness(s.Equivalence(left, (x, z)))
    assert found.scalars["lam"] ** 2 == found.scalars["mu"] ** 2
    assert verdict.point is not None
    three = (product(lam, x), t.Add((x, product(mu, z))))
    assert proved(s.Equivalence(three, (x, z), (lam, mu))).met
    assert witness(s.Equivalence(three, (x, z), (lam,))).scalars["mu"] == 0
    assert witness(s.Equivalence(three, (x, z), (mu,))).scalars["lam"] == 0


def test_an_equivalence_by_the_adjugate_matrix_at_a_sample_and_with_a_square() -> None:
    below, z_s = minus(ONE, lam), t.Entry(z, ("s", "0"))
    square = s.Equivalence((product(below, x), product(below, z)), (x, z), (below,))
    assert proved(square).met
    assert witness(s.Equivalence(square.left, square.right)).scalars == {"lam": 1}
    left = (t.Add((product(lam, e_s), product(mu, z_s))), t.Add((product(mu, e_s), product(lam, z_s))))
    determinant = minus(t.Power(lam, 2), t.Power(mu, 2))
    assert proved(s.Equivalence(left, (e_s, z_s), (determinant,)), indices=(smp,)).met


def test_an_equivalence_is_refuted_where_one_side_vanishes_alone() -> None:
    found = witness(s.Equivalence((Ax,), (x,)))
    assert found.values.keys() == {"value"}
    assert any(v for row in found.entries["x"] for v in row)
    other = witness(s.Equivalence((x,), (Ax,)))
    assert other.entries["x"] == found.entries["x"]
    undecided(s.Equivalence((norm(x),), (x,)))


def test_given_hypotheses_hold_both_ways() -> None:
    assert proved(s.Equivalence((x,), (t.Add((x, z)),), (), (z,))).met
    assert decided(s.Equivalence((x,), (t.Add((x, z)),))).word == "refuted"
    inverse = proved(s.Equivalence((z,), (t.Add((product(A, t.Inverse(A), x), product(number(-1), x), z)),)))
    assert isinstance(inverse.evidence[0], BothDirections)
    assert inverse.evidence[0].relations


def test_what_a_user_shows_is_multiplied_out() -> None:
    """``|x|^2 = 0`` iff ``x = 0``: over the reals the square is as good."""
    marker, other = t.Symbol("m", ("1", "1")), t.Symbol("m", ("h", "1"))
    statement = s.Equivalence((norm(x),), (x,))
    back = Shown((marker,), (marker,))
    verdict = proved(statement, hints=Hints(back=back))
    (evidence,) = verdict.evidence
    assert isinstance(evidence, BothDirections)
    assert evidence.squared
    for wrong in (product(TWO, marker), product(lam, marker), norm(x), product(marker, marker), ZERO):
        undecided(statement, hints=Hints(back=Shown((marker,), (wrong,))))
    forth = Shown((other,), (product(t.Transpose(x), other),))
    assert proved(statement, hints=Hints(forth, back)).met
    undecided(statement, hints=Hints(Shown((other,), (product(t.Transpose(other), other),)), back))
    scaled = s.Equivalence((product(lam, norm(x)),), (x,), (lam,))
    assert proved(scaled, hints=Hints(back=Shown((marker,), (marker,)))).met
    with pytest.raises(StatementError, match="one combination for each of the 1 expressions"):
        decided(statement, hints=Hints(back=Shown((marker,), (marker, marker))))
    with pytest.raises(StatementError, match="a combination over the indices"):
        decided(statement, hints=Hints(back=Shown((marker,), (t.Transpose(x),))))


def test_squares_and_plain_ways_may_stand_side_by_side() -> None:
    marker, plain = t.Symbol("m", ("1", "1")), t.Symbol("u", ("h", "1"))
    back = Hints(back=Shown((marker, plain), (marker, plain)))
    (evidence,) = proved(s.Equivalence((norm(x), z), (x, z)), hints=back).evidence
    assert isinstance(evidence, BothDirections)
    assert [len(way.goal.free) for way in evidence.backward] == [0, 1]
    assert (evidence.squared, evidence.squared_forward) == (True, False)
    (evidence,) = proved(s.Equivalence((x,), (norm(x),)), hints=Hints(forth=Shown((marker,), (marker,)))).evidence
    assert isinstance(evidence, BothDirections)
    assert (evidence.squared, evidence.squared_forward) == (False, True)
    nothing = s.Equivalence((minus(e_s, e_s),), (product(ZERO, e_s),))  # of entries at a sample there are no squares
    (evidence,) = proved(nothing, hints=Hints(Shown((t.Symbol("c"),), (ZERO,))), indices=(smp,)).evidence
    assert isinstance(evidence, BothDirections)
    assert not evidence.squared_forward


def test_what_is_provided_may_be_divided_by_forwards_too() -> None:
    assert proved(s.Equivalence((x,), (product(lam, x),), (lam,))).met
    assert witness(s.Equivalence((x,), (product(lam, x),))).scalars == {"lam": 0}
    zero = (above(lam, ">="), above(lam, "<="))  # no point meets these and what is provided
    assert not proved(s.Equivalence((x,), (product(lam, x),), (lam,)), conditions=zero).met


def test_the_way_forth_is_not_scaled_by_what_is_provided() -> None:
    marker = t.Symbol("m", ("h", "1"))
    statement = s.Equivalence((x,), (product(TWO, x),), (lam,))
    half = product(number("1/2"), marker)
    assert proved(statement, hints=Hints(forth=Shown((marker,), (half,)))).met
    undecided(statement, hints=Hints(forth=Shown((marker,), (product(lam, half),))))


def test_what_a_user_shows_may_use_what_is_given() -> None:
    marker = t.Symbol("m", ("h", "1"))
    statement = s.Equivalence((x,), (t.Add((x, z)),), (), (z,))
    assert proved(statement, hints=Hints(forth=Shown((marker,), (marker,)))).met
    undecided(
        s.Equivalence((norm(x),), (t.Add((x, z)),), (), (norm(z),)),
        hints=Hints(forth=Shown((marker,), (norm(marker),))),
    )


def test_a_scalar_that_is_zero_is_not_provided() -> None:
    with pytest.raises(StatementError, match="scalars that can differ from zero"):
        decided(s.Equivalence((x,), (product(lam, x),), (minus(lam, lam),)))


# -- positivity --------------------------------------------------------------------------------------------------------


def between(symbol: t.Symbol | t.Size, low: int, high: int | None = None) -> s.Range:
    return s.Range(symbol, Fraction(low), None if high is None else Fraction(high))


def test_positivity_is_proved_by_a_form_and_refuted_by_a_point() -> None:
    unit = (between(lam, 0, 1),)
    verdict = proved(s.Positivity(product(lam, minus(ONE, lam)), unit))
    assert isinstance(verdict.evidence[0], Positive)
    assert verdict.met
    found = witness(s.Positivity(minus(lam, t.Quotient(ONE, TWO)), unit))
    assert found.values["value"][0][0] <= 0
    assert 0 < found.scalars["lam"] < 1
    undecided(s.Positivity(minus(lam, mu), unit))
    undecided(s.Positivity(t.Power(minus(lam, t.Quotient(ONE, number(7))), 2), unit))


def test_positivity_below_a_denominator() -> None:
    """``1/(lam - 1)`` is positive above 1, and not below."""
    inverse = t.Quotient(ONE, minus(lam, ONE))
    verdict = proved(s.Positivity(inverse, (between(lam, 1),)))
    assert verdict.assuming == (minus(lam, ONE),)
    found = witness(s.Positivity(inverse, (between(lam, 0, 3),)))
    assert found.scalars["lam"] < 1
    assert found.values["value"][0][0] < 0


def test_sizes_and_whole_numbers_are_whole_at_the_point() -> None:
    """``(n - 1)(n - 2)`` is not positive between 1 and 2, where no size is: at 2 it is 0."""
    found = witness(s.Positivity(product(minus(n, ONE), minus(n, TWO)), (between(n, 0),)))
    assert found.sizes["n"] in (1, 2)
    assert found.scalars == {}
    between_sizes = s.Positivity(
        product(minus(product(TWO, n), ONE), minus(product(TWO, n), number(3))), (between(n, 0),)
    )
    assert witness(between_sizes).sizes["n"] == 1
    whole = s.Positivity(minus(product(TWO, lam), ONE), (between(lam, 0, 1),))
    assert witness(whole).scalars["lam"] <= Fraction(1, 2)
    undecided(whole, whole=("lam",))
    fractional = s.Positivity(minus(n, number("3/2")), (between(n, 1),))
    undecided(fractional)  # at 3/2 only, which is no size


def test_conditions_are_met_at_the_point() -> None:
    statement = s.Positivity(minus(lam, t.Quotient(ONE, TWO)), (between(lam, 0, 1),))
    assert witness(statement, conditions=(above(minus(t.Quotient(ONE, number(3)), lam), ">="),)).scalars[
        "lam"
    ] <= Fraction(1, 3)
    undecided(statement, conditions=(above(minus(lam, number("999/1000")), ">="),))
    other = witness(statement, conditions=(above(mu, ">", TWO),))
    assert other.scalars["mu"] > 2


def test_conditions_that_nothing_meets_leave_positivity_open() -> None:
    statement = s.Positivity(minus(lam, t.Quotient(ONE, TWO)), (between(lam, 0, 1),))
    undecided(statement, conditions=(above(mu), above(mu, "<")))


# -- denials -----------------------------------------------------------------------------------------------------------


def test_a_denial_keeps_the_hints_and_the_proof() -> None:
    marker = t.Symbol("m", ("1", "1"))
    back = Hints(back=Shown((marker,), (marker,)))
    denied = decided(s.Fails(s.Equivalence((norm(x),), (x,))), hints=back)
    assert isinstance(denied, Refuted)
    assert denied.witness is None
    assert isinstance(denied.proof, Proved)


def test_a_denial_is_proved_by_the_witness() -> None:
    verdict = proved(s.Fails(s.Identity(product(A, B), product(B, A))))
    (evidence,) = verdict.evidence
    assert isinstance(evidence, Existence)
    assert verdict.point == evidence.witness.model
    denied = decided(s.Fails(s.Identity(t.Add((x, x)), product(TWO, x))))
    assert isinstance(denied, Refuted)
    assert denied.witness is None
    undecided(s.Fails(s.Vanishing((x,), (norm(x),))))
    undecided(s.Fails(s.Vanishing((x,), (x, minus(norm(z), number(-1))))))  # proved of nothing refutes nothing


# -- expectations ------------------------------------------------------------------------------------------------------


def test_what_is_proved_holds_for_all_moments() -> None:
    assert proved(s.Identity(mean(product(lam, x), p), product(p, x))).met
    variance = s.Identity(mean(t.Power(minus(lam, p), 2), p, q), minus(q, t.Power(p, 2)))
    assert proved(variance).met


def test_a_witness_has_moments_that_some_distribution_has() -> None:
    """``E lam^2 = 0`` makes ``E lam = 0``, which no cofactor says; no point says otherwise."""
    undecided(s.Vanishing((mean(lam, p, q),), (mean(t.Power(lam, 2), p, q),)))
    found = witness(s.Identity(mean(t.Power(lam, 2), p, q), t.Power(p, 2)))
    assert found.scalars["q"] > found.scalars["p"] ** 2
    assert "lam" not in found.scalars


def test_a_random_scalar_keeps_to_its_range() -> None:
    """Within [0, 1] is ``E lam^2 <= E lam``; the conditions are on lam, and ask nothing of the point."""
    unit = (above(lam, ">="), above(lam, "<=", ONE))
    statement = s.Identity(mean(t.Power(lam, 2), p, q), t.Power(p, 2))
    found = witness(statement, conditions=unit)
    assert found.scalars["p"] ** 2 < found.scalars["q"] <= found.scalars["p"] <= 1
    assert found.scalars.keys() == {"p", "q"}
    assert proved(s.Identity(mean(lam, p), t.Add((p, ZERO))), conditions=unit).met
    inside = witness(statement, conditions=(above(lam), above(lam, "<", ONE)))
    assert inside.scalars["p"] ** 2 < inside.scalars["q"] < inside.scalars["p"]
    not_zero = witness(statement, conditions=(above(lam, "!="),))
    assert not_zero.scalars["q"] > not_zero.scalars["p"] ** 2
    bounded = witness(statement, conditions=(*unit, above(mu, ">", lam)))  # lam < mu: a range that depends on mu
    assert bounded.scalars.keys() == {"p", "q", "mu"}


@pytest.mark.parametrize(
    ("conditions", "whole"),
    [
        ((above(lam, "!="),), ("lam",)),
        ((above(product(lam, mu), "!="),), ()),
        ((above(product(lam, minus(ONE, lam)), ">="),), ()),
    ],
)
def test_nothing_is_known_of_some_ranges(conditions: tuple[s.Condition, ...], whole: tuple[str, ...]) -> None:
    undecided(s.Identity(mean(t.Power(lam, 2), p, q), t.Power(p, 2)), conditions=conditions, whole=whole)


def test_a_random_scalar_that_is_also_free_is_not_decided_by_a_point() -> None:
    undecided(s.Identity(mean(lam, p), lam))


def test_moments_that_no_distribution_has_are_refused() -> None:
    with pytest.raises(StatementError, match="moments that some distribution has") as caught:
        decided(s.Identity(mean(t.Power(minus(lam, ONE), 2), ONE, ZERO), number(-1)))
    assert caught.value.arrived == "E lam^1 = 1, E lam^2 = 0"
    with pytest.raises(StatementError, match="moments that some distribution has"):
        decided(s.Identity(mean(lam, TWO), p), conditions=(above(lam, "<=", ONE),))
    with pytest.raises(StatementError, match="moments that some distribution has"):
        decided(s.Positivity(mean(lam, TWO, ONE)))
    positive = (above(lam),)
    for value, conditions in ((ZERO, positive), (number(-1), (above(mu), *positive)), (ONE, (above(lam, "<", ONE),))):
        with pytest.raises(StatementError, match="moments that some distribution has"):
            decided(s.Identity(mean(lam, value), p), conditions=conditions)


def test_moments_that_some_distribution_has_are_taken() -> None:
    positive = (above(lam),)
    for value, conditions in (
        (ZERO, (above(lam, ">="),)),
        (ONE, positive),
        (ZERO, (above(mu),)),
        (ZERO, (above(t.Power(lam, 2)),)),
        (ZERO, (above(t.Add((lam, mu))),)),
    ):
        assert decided(s.Identity(mean(lam, value), t.Add((value, ZERO))), conditions=conditions).word == "proved"


def test_positivity_of_moments_is_refuted_with_possible_ones_only() -> None:
    ranges = (between(p, 0), between(q, 0))
    undecided(s.Positivity(t.Add((mean(t.Power(minus(lam, p), 2), p, q), ONE)), ranges))
    found = witness(s.Positivity(minus(mean(t.Power(minus(lam, p), 2), p, q), t.Quotient(ONE, TWO)), ranges))
    assert found.scalars["q"] >= found.scalars["p"] ** 2


def test_a_random_matrix() -> None:
    first = t.Moment(1, ("i",), t.Entry(z, ("i", "0")))
    square = t.Expectation(norm(x), x, (first, t.Moment(2, ("i", "j"), t.Delta("i", "j"))))
    assert proved(s.Identity(square, t.Size("h"))).met
    found = witness(s.Identity(t.Expectation(t.Transpose(x), x, (first,)), t.Zeros("1", "h")))
    assert found.entries.keys() == {"z"}
    # E x = z, E x x^T = I + z z^T: the trace is not 1
    covered = t.Moment(
        2, ("i", "j"), t.Add((t.Delta("i", "j"), product(t.Entry(z, ("i", "0")), t.Entry(z, ("j", "0")))))
    )
    assert witness(s.Identity(t.Expectation(norm(x), x, (first, covered)), ONE)).entries.keys() == {"z"}
    # E x = z, E x x^T = 0 leaves z = 0 alone
    nothing = t.Moment(2, ("i", "j"), ZERO)
    undecided(s.Vanishing((t.Expectation(x, x, (first, nothing)),)))


# -- what says nothing new ---------------------------------------------------------------------------------------------


def test_a_claim_that_is_its_own_hypothesis_in_normal_form() -> None:
    difference = minus(y, Wx)

    def check(claim: s.Statement, **parts: Any) -> None:
        require_news(claim, frame_of(claim, s.Setting(**parts)))

    for claim in (
        s.Identity(Wx, y, (difference,)),
        s.Identity(Wx, y, (x, minus(Wx, y))),
        s.Vanishing((x, difference), (minus(Wx, y),)),
    ):
        with pytest.raises(StatementError, match="a claim that is not its own hypothesis"):
            check(claim)
    check(s.Identity(Wx, y, (x, y)))
    check(s.Identity(norm(Wx), norm(y), (difference,)))
    check(s.Identity(t.Add((x, x)), product(TWO, x), (minus(x, x),)))
    check(s.Vanishing((e_s,), (s.ForAll((i,), t.Entry(e, ("i", "0"))),)), indices=(smp,))
    check(s.Positivity(lam))
    check(s.Equivalence((x,), (product(TWO, x),)))


def test_a_given_point_at_which_a_condition_divides_by_zero_is_passed_over() -> None:
    statement = s.Identity(t.Add((x, x)), product(TWO, x))
    given = Model({"h": 1}, {"lam": Fraction(0), "mu": Fraction(0)}, {tensor("x", ("h", "1")): {}})
    for below in (lam, minus(lam, mu)):
        found = proved(statement, given=given, conditions=(above(t.Quotient(ONE, below), ">=", number(-1)),))
        assert found.point is not None
        assert found.point != given


# -- inverses ----------------------------------------------------------------------------------------------------------

Table = dict[tuple[int, ...], Fraction]


def table(rows: list[list[int]]) -> Table:
    return {(a, b): Fraction(value) for a, row in enumerate(rows) for b, value in enumerate(row)}


def times(one: Table, other: Table, size: int) -> Table:
    return {
        (a, b): sum((one[a, c] * other[c, b] for c in range(size)), Fraction(0))
        for a in range(size)
        for b in range(size)
    }


def inverted(tree: t.Expression, at: Model) -> list[Table] | None:
    """Return the values of the inverses in an expression at a point, inner ones first."""
    statement = s.Vanishing((tree,))
    frame = frame_of(statement)
    question = frame.question([frame.array(tree).expression], (), statement)
    found = with_inverses(frame.meaning, question, at)
    if found is None:
        return None
    assert replace(found, entries=at.entries) == at
    assert all(found.entries[symbol] == entries for symbol, entries in at.entries.items())
    return [dict(found.entries[symbol]) for symbol in frame.meaning.inverses]


@pytest.mark.parametrize(
    "rows",
    [
        [[5]],
        [[1, 2], [3, 5]],
        [[0, 2], [3, 0]],
        [[0, 2, 1], [1, 1, 0], [3, 0, 1]],
        [[2, 4, 1], [1, 2, 7], [0, 3, 1]],
        [[0, 0, 3], [0, 2, 5], [7, 1, 1]],
        [[2, 1, 0, 3], [4, 2, 1, 0], [0, 5, 1, 1], [1, 1, 1, 1]],
    ],
    ids=str,
)
def test_the_inverse_of_a_matrix_at_a_point(rows: list[list[int]]) -> None:
    size = len(rows)
    found = inverted(t.Inverse(A), Model({"h": size}, {}, {tensor("A", ("h", "h")): table(rows)}))
    assert found is not None
    unit = {(a, b): Fraction(a == b) for a in range(size) for b in range(size)}
    assert times(found[0], table(rows), size) == times(table(rows), found[0], size) == unit


@pytest.mark.parametrize(
    "rows", [[[0]], [[1, 2], [2, 4]], [[0, 1], [0, 1]], [[1, 0, 1], [0, 1, 1], [1, 1, 2]]], ids=str
)
def test_where_there_is_no_inverse_there_is_no_point(rows: list[list[int]]) -> None:
    assert inverted(t.Inverse(A), Model({"h": len(rows)}, {}, {tensor("A", ("h", "h")): table(rows)})) is None


def test_a_given_point_with_an_inverse_is_a_point() -> None:
    statement = s.Identity(product(A, t.Inverse(A), x), x)
    entries: dict[Tensor, Table] = {
        tensor("A", ("h", "h")): table([[1, 2], [3, 5]]),
        tensor("x", ("h", "1")): {(0,): Fraction(7)},
    }
    point = proved(statement, given=Model({"h": 2}, {}, entries)).point
    assert point is not None
    assert {symbol: point.entries[symbol] for symbol in entries} == entries
    singular = {**entries, tensor("A", ("h", "h")): table([[1, 2], [2, 4]])}
    other = proved(statement, given=Model({"h": 2}, {}, singular)).point
    assert other is not None
    assert other.entries[tensor("A", ("h", "h"))] != singular[tensor("A", ("h", "h"))]


def test_inverses_inside_of_inverses_come_first() -> None:
    tree: t.Expression = t.Inverse(A)
    for _ in range(12):
        tree = t.Inverse(t.Add((tree, B)))
    entries = {tensor(name, ("h", "h")): table(rows) for name, rows in (("A", [[2]]), ("B", [[3]]))}
    found = inverted(tree, Model({"h": 1}, {}, entries))
    value, expected = Fraction(1, 2), []
    for _ in range(13):
        expected.append({(0, 0): value})
        value = 1 / (value + 3)
    assert found == expected


def test_what_inverses_satisfy_comes_in_the_order_of_their_names() -> None:
    statement = s.Vanishing(tuple(t.Inverse(t.Symbol(f"A{number}", ("h", "h"))) for number in range(8)))
    names = list(frame_of(statement).relations(statement))
    assert len(names) == 16
    assert names == sorted(names)


def test_the_reciprocal_of_an_entry_at_a_point() -> None:
    c = t.Symbol("c", ("1", "1"))
    for value in (3, -2):
        found = inverted(t.Inverse(c), Model({}, {}, {tensor("c", ("1", "1")): {(): Fraction(value)}}))
        assert found == [{(): Fraction(1, value)}]
    assert inverted(t.Inverse(c), Model({}, {}, {tensor("c", ("1", "1")): {(): Fraction(0)}})) is None


def test_no_inverse_has_a_value_where_a_quotient_has_none() -> None:
    tree = product(t.Quotient(ONE, minus(lam, mu)), t.Inverse(A))
    entries = {tensor("A", ("h", "h")): table([[2]])}
    assert inverted(tree, Model({"h": 1}, {"lam": Fraction(1), "mu": Fraction(1)}, entries)) is None
    assert inverted(tree, Model({"h": 1}, {"lam": Fraction(1), "mu": Fraction(2)}, entries)) == [
        {(0, 0): Fraction(1, 2)}
    ]


# -- the frame ---------------------------------------------------------------------------------------------------------


def test_conditions_are_those_of_denominators_and_of_the_setting_each_once() -> None:
    statement = s.Identity(t.Quotient(x, minus(lam, ONE)), t.Quotient(t.Quotient(z, mu), product(mu, ONE)))
    frame = frame_of(statement, s.Setting(conditions=(above(p, "<", q),)))
    conditions = frame.conditions(statement)
    assert [c.relation for c in conditions] == ["!=", "!=", ">"]
    assert {str(c.polynomial) for c in conditions} == {"-1 + lam", "mu", "-p + q"}
    assert frame.units(statement) == {"mu"}
    numbers = s.Identity(t.Quotient(x, TWO), z)
    assert frame_of(numbers).conditions(numbers) == ()
    assert frame.units(statement, (p,)) == {"mu", "p"}


def test_the_range_of_a_random_scalar_is_what_is_said_of_it_alone() -> None:
    statement = s.Identity(mean(lam, p), q)
    for own, other, strict in ((">", ">=", True), (">=", ">", False), ("!=", ">", True)):
        setting = s.Setting(conditions=(above(lam, own), above(mu, other)))
        (found,) = frame_of(statement, setting).moments(statement)
        assert isinstance(found, ScalarMoments)
        assert found.name == "lam"
        assert [str(bound) for bound in found.bounds] == ([] if own == "!=" else ["lam"])
        assert found.strict is strict
        assert found.whole is False
    (whole,) = frame_of(statement, s.Setting(whole=("lam",))).moments(statement)
    assert isinstance(whole, ScalarMoments)
    assert whole.whole
    assert whole.strict


def test_a_hypothesis_for_all_is_one_over_all_that_it_binds() -> None:
    entry = product(t.Entry(e, ("i", "0")), e_s)
    statement = s.Vanishing((e_s,), (s.ForAll((i, j), entry),))
    frame = frame_of(statement, s.Setting((smp,)))
    (found,) = frame.hypotheses(statement.where)
    assert found.slots == ("i", "j")
    assert found.expression.free == {"i": "h", "j": "h", "s": "h"}
    same = frame.hypothesis(s.ForAll((i, j), product(t.Delta("i", "j"), t.Entry(e, ("i", "0")))))
    assert same.slots == ("i", "j")
    plain = frame.hypothesis(t.Multiply((A, e)))
    assert len(plain.slots) == 1
    assert plain.expression.free.keys() == {*plain.slots}


def test_what_conditions_and_definitions_divide_by_is_presupposed_by_every_statement() -> None:
    statement = s.Vanishing((x,), (x,))
    inverse, quotient = t.Inverse(A), t.Quotient(ONE, q)
    setting = s.Setting((), ((z, product(inverse, x)),), (above(quotient, ">", ONE),))
    frame = frame_of(statement, setting)
    assert list(frame.presupposed(statement)) == [quotient, inverse]
    assert next((str(c.polynomial), c.relation) for c in frame.conditions(statement)) == ("q", "!=")
    assert [side for _, side in frame.relations(statement)] == ["left", "right"]
    assert frame.units(statement) == {"q"}
    both = s.Identity(t.Quotient(x, q), t.Quotient(x, q))
    assert next(iter(frame.presupposed(both))) == t.Quotient(x, q)
    assert len(list(frame.presupposed(both))) == 3


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (above(p, ">", q), ("p - q", ">")),
        (above(p, ">=", q), ("p - q", ">=")),
        (above(p, "<", q), ("-p + q", ">")),
        (above(p, "<=", q), ("-p + q", ">=")),
        (above(p, "!=", q), ("p - q", "!=")),
    ],
)
def test_a_condition_is_one_on_a_sign(condition: s.Condition, expected: tuple[str, str]) -> None:
    statement = s.Vanishing((x,), (x,))
    found = frame_of(statement, s.Setting(conditions=(condition,))).condition(condition)
    assert (str(found.polynomial), found.relation) == expected


def test_a_verdict_that_is_open_says_what_is_missing() -> None:
    denied = undecided(s.Fails(s.Vanishing((x,), (norm(x),))))
    assert denied == "a witness against the statement"
    vanishing = undecided(s.Vanishing((x,), (norm(x),)))
    assert vanishing == "cofactors: the hypotheses do not rewrite it to zero, and no point was found at which it fails"
    positive = undecided(s.Positivity(minus(lam, mu), (between(lam, 0, 1),)))
    assert positive == "a form with positive coefficients, or a point of the range at which it is not positive"
    both = undecided(s.Equivalence((norm(x),), (x,)))
    assert both == "cofactors in one direction, or a point where one side vanishes alone; see forth and back"


def test_statements_have_no_truth_value() -> None:
    verdicts: Mapping[str, Verdict] = {
        "proved": proved(s.Vanishing((Ax,), (x,))),
        "refuted": decided(s.Vanishing((Ax,), (z,))),
    }
    for word, verdict in verdicts.items():
        assert verdict.word == word
        with pytest.raises(StatementError, match="a question that has a truth value"):
            bool(verdict)
