"""Expectations: what holds for all moments, and witnesses whose moments some distribution has."""

from __future__ import annotations

import pytest

from symmix.errors import StatementError
from symmix.terms import nodes as t
from symmix.terms import statements as s
from tests.deciding_cases import (
    ONE,
    TWO,
    ZERO,
    above,
    between,
    decided,
    lam,
    mean,
    minus,
    mu,
    norm,
    number,
    p,
    product,
    proved,
    q,
    undecided,
    witness,
    x,
    z,
)

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


def test_a_random_scalar_that_is_also_free_has_a_value_of_its_own() -> None:
    found = witness(s.Identity(mean(lam, p), lam))
    assert found.scalars["lam"] != found.scalars["p"]


def test_moments_that_no_distribution_has_are_refused() -> None:
    with pytest.raises(StatementError, match="moments that some distribution has") as caught:
        decided(s.Identity(mean(t.Power(minus(lam, ONE), 2), ONE, ZERO), number(-1)))
    assert caught.value.arrived == "E lam^1 = 1, E lam^2 = 0"
    with pytest.raises(StatementError, match="moments that some distribution has"):
        decided(s.Identity(mean(lam, TWO), p), conditions=(above(lam, "<=", ONE),))
    with pytest.raises(StatementError, match="moments that some distribution has"):
        decided(s.Positivity(mean(lam, TWO, ONE)))
    second = t.Expectation(t.Power(lam, 2), lam, (t.Moment(2, (), number(3)),))
    with pytest.raises(StatementError, match="moments that some distribution has"):  # lam^2 < 2, and 3 on average
        decided(s.Identity(second, p), conditions=(above(minus(TWO, t.Power(lam, 2))),))
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
