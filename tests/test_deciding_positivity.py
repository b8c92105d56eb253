"""Positivity in a range, and denials."""

from __future__ import annotations

from fractions import Fraction

from symmix.deciding import Hints, Shown
from symmix.kernel.points import Model
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.verdict import (
    Existence,
    Pieces,
    Positive,
    Proved,
    Refuted,
)
from tests.deciding_cases import (
    ONE,
    TWO,
    A,
    B,
    above,
    between,
    decided,
    lam,
    minus,
    mu,
    n,
    norm,
    number,
    open_statement,
    product,
    proved,
    undecided,
    witness,
    x,
    z,
)

# -- positivity --------------------------------------------------------------------------------------------------------


def test_positivity_is_proved_by_a_form_and_refuted_by_a_point() -> None:
    unit = (between(lam, 0, 1),)
    verdict = proved(s.Positivity(product(lam, minus(ONE, lam)), unit))
    assert isinstance(verdict.evidence[0], Positive)
    assert verdict.met
    found = witness(s.Positivity(minus(lam, t.Quotient(ONE, TWO)), unit))
    assert found.values["value"][0][0] <= 0
    assert 0 < found.scalars["lam"] < 1
    assert witness(s.Positivity(minus(lam, mu), unit)).scalars.keys() == {"lam", "mu"}
    touching = t.Power(minus(lam, t.Quotient(ONE, number(7))), 2)
    assert witness(s.Positivity(touching, unit)).scalars["lam"] == Fraction(1, 7)
    assert isinstance(proved(s.Positivity(touching, unit, strict=False)).evidence[0], Pieces)
    undecided(
        s.Positivity(t.Power(minus(product(lam, lam), t.Quotient(ONE, TWO)), 2), unit)
    )  # zero where it is no point


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
    narrow = proved(statement, conditions=(above(minus(lam, number("999/1000")), ">="),))
    assert narrow.point is not None
    assert Fraction(999, 1000) <= narrow.point.scalars["lam"] < 1
    other = witness(statement, conditions=(above(mu, ">", TWO),))
    assert other.scalars["mu"] > 2


def test_conditions_that_nothing_meets_leave_positivity_open() -> None:
    statement = s.Positivity(minus(lam, t.Quotient(ONE, TWO)), (between(lam, 0, 1),))
    undecided(statement, conditions=(above(mu), above(mu, "<")))


def test_the_point_of_a_proof_is_inside_of_the_range() -> None:
    for high, inside, outside in ((3, ("2",), ("1", "3", "0", "7/2")), (None, ("2", "7/2"), ("1", "0"))):
        statement = s.Positivity(product(lam, t.Add((lam, mu))), (between(lam, 1, high), between(mu, 0)))
        for value in (*inside, *outside):
            given = Model({}, {"lam": Fraction(value), "mu": Fraction(1)})
            assert (proved(statement, given=given).point == given) is (value in inside)


def test_the_point_has_what_stands_beside_the_range() -> None:
    statement = s.Positivity(minus(lam, TWO), (between(lam, 0, 3),))
    found = witness(statement, conditions=(above(n, ">", TWO), above(mu, ">", TWO)))
    assert found.sizes["n"] > 2
    assert found.scalars["mu"] > 2
    sized = witness(s.Positivity(minus(lam, n), (between(n, 0), between(lam, 0, 3))), conditions=(above(mu),))
    assert sized.values["value"][0][0] == sized.scalars["lam"] - sized.sizes["n"]


def test_the_point_has_the_sizes_and_whole_numbers_of_the_range() -> None:
    found = witness(s.Positivity(minus(TWO, n), (between(n, 0),)))
    assert found.sizes["n"] >= 2
    assert found.values["value"][0][0] <= 0
    statement = s.Positivity(minus(lam, t.Quotient(ONE, TWO)), (between(lam, 0, 1), between(mu, 0, 3)))
    assert witness(statement, whole=("mu",)).scalars["mu"] in (1, 2)


def test_a_condition_that_no_draw_meets_is_met_in_the_range() -> None:
    value = number("99/100")
    statement = s.Positivity(minus(lam, number("995/1000")), (between(lam, 0, 1),))
    found = witness(statement, conditions=(above(lam, ">=", value), above(lam, "<=", value)))
    assert found.scalars["lam"] == Fraction(99, 100)


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
    undecided(s.Fails(open_statement()))
    undecided(s.Fails(s.Vanishing((x,), (x, minus(norm(z), number(-1))))))  # proved of nothing refutes nothing
