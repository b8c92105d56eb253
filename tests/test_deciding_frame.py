"""What a theorem takes for granted, claims that say nothing new, and verdicts that are open."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from symmix.deciding.decide import require_news
from symmix.errors import StatementError
from symmix.kernel.arrays import tensor
from symmix.kernel.distributions import ScalarMoments
from symmix.kernel.points import Model
from symmix.kernel.products import Tensor
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.verdict import (
    Verdict,
)
from tests.deciding_cases import (
    ONE,
    OPEN,
    TWO,
    A,
    Ax,
    Wx,
    above,
    between,
    decided,
    e,
    e_s,
    frame_of,
    i,
    j,
    lam,
    mean,
    minus,
    mu,
    norm,
    number,
    open_statement,
    p,
    product,
    proved,
    q,
    smp,
    undecided,
    x,
    y,
    z,
)

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
    unit = s.Setting(conditions=(above(lam, ">="), above(lam, "<", ONE)))
    assert frame_of(statement, unit).moments(statement)[0].strict  # type: ignore[union-attr]
    (whole,) = frame_of(statement, s.Setting(whole=("lam",))).moments(statement)
    assert isinstance(whole, ScalarMoments)
    assert whole.whole
    assert whole.strict


def test_what_is_said_of_a_random_scalar_is_no_condition_on_a_point() -> None:
    """Unless it relates the scalar to others by ``!=``: what that leaves of its range depends on them."""
    first = t.Moment(1, ("i",), t.Entry(z, ("i", "0")))
    statement = s.Identity(product(mean(lam, p), t.Expectation(x, x, (first,))), z)
    related = product(lam, mu)
    conditions = (above(lam), above(lam, "!=", ONE), above(mu, ">", lam), above(related, "!="), above(mu))
    frame = frame_of(statement, s.Setting(conditions=conditions))
    asked = frame.question([], (), statement).conditions
    assert [(str(c.polynomial), c.relation) for c in asked] == [("lam*mu", "!="), ("mu", ">")]


def test_the_point_of_an_identity_meets_its_hypotheses() -> None:
    statement = s.Identity(t.Add((x, x)), product(TWO, x), (minus(x, z),))
    for value, taken in ((2, True), (3, False)):
        tables: dict[Tensor, dict[tuple[int, ...], Fraction]] = {
            tensor("x", ("h", "1")): {(0,): Fraction(2)},
            tensor("z", ("h", "1")): {(0,): Fraction(value)},
        }
        given = Model({"h": 1}, {}, tables)
        assert (proved(statement, given=given).point == given) is taken


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
    denied = undecided(s.Fails(open_statement()))
    assert denied == "a witness against the statement"
    vanishing = undecided(open_statement())
    assert vanishing.startswith("cofactors, and a point at which it fails: tried were ")
    assert " multiples of the hypotheses, up to degree " in vanishing
    square = t.Power(minus(product(lam, lam), t.Quotient(ONE, TWO)), 2)  # zero where it is no point
    positive = undecided(s.Positivity(square, (between(lam, 0, 1),)))
    assert positive == "a point of rational numbers: it is 0 at an irrational value of lam, between 9/16 and 7/8"
    both = undecided(s.Equivalence(OPEN, OPEN[1:]))
    assert both.startswith("cofactors in one direction, or a point where one side vanishes alone; see forth and back; ")


def test_statements_have_no_truth_value() -> None:
    verdicts: Mapping[str, Verdict] = {
        "proved": proved(s.Vanishing((Ax,), (x,))),
        "refuted": decided(s.Vanishing((Ax,), (z,))),
    }
    for word, verdict in verdicts.items():
        assert verdict.word == word
        with pytest.raises(StatementError, match="a question that has a truth value"):
            bool(verdict)
