"""Identities and what vanishes, proved or refuted, under hypotheses and conditions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from symmix.kernel.arrays import tensor
from symmix.kernel.points import Model
from symmix.kernel.products import Tensor
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.verdict import (
    Membership,
    NormalForm,
)
from tests.deciding_cases import (
    ONE,
    TWO,
    ZERO,
    ZERO_COLUMN,
    A,
    Ae_s,
    Ax,
    B,
    Wx,
    above,
    decided,
    e,
    e_s,
    i,
    j,
    lam,
    minus,
    mu,
    n,
    norm,
    number,
    p,
    product,
    proved,
    q,
    smp,
    undecided,
    witness,
    x,
    y,
    z,
)

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
    assert twice.assuming == (lam,)  # n is a size
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
